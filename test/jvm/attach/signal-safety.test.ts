import { describe, expect, test } from "vitest";
import { parseStatus } from "../../../src/formats/proc/status.ts";
import { type SignalQuestion, whyNotSignal } from "../../../src/jvm/attach/signal-safety.ts";

const caught = "0000000181005ccf";

describe("SIGQUIT", () => {
  test("is sent to a HotSpot JVM that catches it and is old enough", () => {
    expect(whyNotSignal(question({}))).toBeUndefined();
  });

  test("is not sent to what would end, ignore it, or print its threads", () => {
    const cases: Record<string, Partial<SignalQuestion>> = {
      "another VM": { kind: "openj9" },
      "a native image": { kind: "native-image" },
      "not caught": { status: statusOf("0000000000000000") },
      "caught, but not signal 3": { status: statusOf("0000000181005ccb") },
      ignored: { status: statusOf(caught, "0000000000000004") },
      young: { ageMillis: 2999 },
      "without attach": { options: ["-XX:+DisableAttachMechanism"] },
      "without attach in the end": { options: ["-XX:-DisableAttachMechanism", "-XX:+DisableAttachMechanism"] },
      "without attach, by its own word": { canAttach: false },
      "without signals": { options: ["-Xrs"] },
      "with reduced signals": { options: ["-XX:+ReduceSignalUsage"] },
    };
    const reasons = Object.entries(cases).map(([name, change]) => [name, whyNotSignal(question(change))?.code]);
    expect(Object.fromEntries(reasons)).toEqual({
      "another VM": "absent",
      "a native image": "absent",
      "not caught": "absent",
      "caught, but not signal 3": "absent",
      ignored: "absent",
      young: "failed",
      "without attach": "absent",
      "without attach in the end": "absent",
      "without attach, by its own word": "absent",
      "without signals": "absent",
      "with reduced signals": "absent",
    });
  });

  test("is sent where the last switch allows attaching", () => {
    const options = ["-XX:+DisableAttachMechanism", "-XX:-DisableAttachMechanism"];
    expect(whyNotSignal(question({ options, canAttach: true }))).toBeUndefined();
  });
});

function question(change: Partial<SignalQuestion>): SignalQuestion {
  return {
    kind: "hotspot",
    status: statusOf(caught),
    ageMillis: 10_000,
    minAgeMillis: 3000,
    options: ["-Xmx1g"],
    canAttach: undefined,
    ...change,
  };
}

function statusOf(caughtSignals: string, ignoredSignals = "0000000000000000") {
  return parseStatus(`Name:\tjava\nTgid:\t7\nSigIgn:\t${ignoredSignals}\nSigCgt:\t${caughtSignals}\n`);
}
