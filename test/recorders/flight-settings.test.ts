import { describe, expect, test } from "vitest";
import { recordQuestions } from "../../src/model/recorder.ts";
import { flightSettings } from "../../src/recorders/flight-settings.ts";

const base = { questions: ["io"], javaMajor: 25, withPrivate: false } as const;

/** The settings of one event as a `.jfc` has them; undefined where it is not named. */
function settingsOf(text: string, event: string): Record<string, string> | undefined {
  const element = new RegExp(`<event name="${event}">(.*)</event>`).exec(text)?.[1];
  if (element === undefined) return undefined;
  return Object.fromEntries(
    [...element.matchAll(/<setting name="(\w+)">([^<]*)</g)].map(([, key, value]) => [key, value]),
  );
}

describe("settings of the flight recorder", () => {
  test("a question about I/O records every operation, without threshold or throttle", () => {
    const text = flightSettings(base);
    for (const event of ["jdk.FileRead", "jdk.FileWrite", "jdk.SocketRead", "jdk.SocketWrite"]) {
      expect(settingsOf(text, event)).toEqual({
        enabled: "true",
        stackTrace: "true",
        threshold: "0 ms",
        throttle: "off",
      });
    }
    expect(settingsOf(text, "jdk.FileForce")?.threshold).toBe("0 ms");
    expect(settingsOf(text, "jdk.ExecutionSample")).toBeUndefined();
  });

  test("a JVM is not given settings that came after it", () => {
    const old = flightSettings({ ...base, questions: ["io", "cpu", "alloc"], javaMajor: 11 });
    expect(settingsOf(old, "jdk.FileRead")).not.toHaveProperty("throttle");
    expect(settingsOf(old, "jdk.CPUTimeSample")).toBeUndefined();
    expect(settingsOf(old, "jdk.ObjectAllocationSample")).toBeUndefined();
    expect(settingsOf(old, "jdk.ObjectAllocationInNewTLAB")?.enabled).toBe("true");
  });

  test("environment, properties and other processes are recorded only when asked for", () => {
    const names = ["jdk.InitialEnvironmentVariable", "jdk.InitialSystemProperty", "jdk.SystemProcess"];
    const usual = flightSettings({ ...base, questions: recordQuestions });
    for (const name of names) expect(settingsOf(usual, name)).toBeUndefined();
    const asked = flightSettings({ ...base, withPrivate: true });
    for (const name of names) expect(settingsOf(asked, name)?.enabled).toBe("true");
  });

  test("every recording tells its settings and what was lost", () => {
    const text = flightSettings({ ...base, questions: ["gc"] });
    expect(settingsOf(text, "jdk.ActiveSetting")?.enabled).toBe("true");
    expect(settingsOf(text, "jdk.DataLoss")?.enabled).toBe("true");
  });
});
