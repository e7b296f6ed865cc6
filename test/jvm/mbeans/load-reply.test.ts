import { expect, test } from "vitest";
import { loadFailureOf } from "../../../src/jvm/mbeans/load-reply.ts";

const jar = "/tmp/jolokia.jar";

test.each([
  ["JDK 8", { status: 0, text: "0\n" }],
  ["JDK 9 and later", { status: 0, text: "return code: 0\n" }],
])("the agent is loaded, says %s", (_, reply) => {
  expect(loadFailureOf(reply, jar)).toBeUndefined();
});

test.each([
  [
    "JDK 17 without such an agent",
    { status: 0, text: "return code: 100\n" },
    "failed",
    /finds no agent there: .*container/,
  ],
  ["JDK 8 without such an agent", { status: 0, text: "100\n" }, "failed", /finds no agent there/],
  ["a class path that cannot grow", { status: 0, text: "return code: 101\n" }, "failed", /class path/],
  ["an agent that throws", { status: 0, text: "return code: 102\n" }, "failed", /threw an exception/],
  [
    "JDK 25 with -XX:-EnableDynamicAgentLoading",
    { status: 0, text: "Dynamic agent loading is not enabled. Use -XX:+EnableDynamicAgentLoading\n" },
    "denied",
    /started with -XX:-EnableDynamicAgentLoading/,
  ],
  [
    "JDK 17 with -XX:-EnableDynamicAgentLoading",
    { status: -1, text: "Dynamic agent loading is not enabled.\n" },
    "denied",
    /started with -XX:-EnableDynamicAgentLoading/,
  ],
  [
    "no library",
    { status: 0, text: "instrument was not loaded.\n" },
    "failed",
    /status 0: instrument was not loaded\./,
  ],
  ["no text", { status: -1, text: "" }, "failed", /status -1: no reason/],
])("%s is a failure", (_, reply, code, reason) => {
  expect(loadFailureOf(reply, jar)).toEqual({ ok: false, code, reason: expect.stringMatching(reason) });
});
