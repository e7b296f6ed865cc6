import { describe, expect, test } from "vitest";
import { parseAgentFile } from "../../src/cli/agent-file.ts";
import { defaultAgentSettings } from "../../src/cli/agent-settings.ts";

describe("the agent's configuration file", () => {
  test("may be empty", () => {
    expect(parseAgentFile("", "jprof.yaml")).toEqual(defaultAgentSettings);
  });

  test("changes what it names, and nothing else", () => {
    const settings = parseAgentFile("pollSeconds: 5\nlimits:\n  targets: 3\n", "jprof.yaml");
    expect(settings).toEqual({
      ...defaultAgentSettings,
      pollSeconds: 5,
      limits: { ...defaultAgentSettings.limits, targets: 3 },
    });
  });

  test.each([
    ["pollSeconds: soon", "jprof.yaml:1: pollSeconds: "],
    ["policy: observe\nlimits:\n  target: 3\n", 'jprof.yaml:3: limits: Unrecognized key: "target"'],
    ["services:\n  - match: kafka.Kafka\n    jolokia:\n      url: here\n", "jprof.yaml:4: services.0.jolokia.url: "],
    [
      "web:\n  users:\n    ann: secret\n",
      "jprof.yaml:3: web.users.ann: expected the SHA-256 of a password, 64 hex digits",
    ],
    ["listen: 9464", "jprof.yaml:1: listen: "],
    ["a: [1\nb: 2", "jprof.yaml:2: "],
    ["- 1", "jprof.yaml:1: the file: "],
  ])("%j is refused with its line and path", (text, message) => {
    expect(() => parseAgentFile(text, "jprof.yaml")).toThrow(message);
  });

  test("may be JSON", () => {
    expect(parseAgentFile('{"policy": "diagnose"}', "jprof.json").policy).toBe("diagnose");
  });
});
