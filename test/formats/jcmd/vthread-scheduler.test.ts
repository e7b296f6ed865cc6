import { expect, test } from "vitest";
import { parseVthreadScheduler } from "../../../src/formats/jcmd/vthread-scheduler.ts";
import { codeCache25, vthreadScheduler25 } from "./replies.ts";

test("the scheduler is a pool of carriers (real, JDK 25)", () => {
  expect(parseVthreadScheduler(vthreadScheduler25)).toEqual({
    parallelism: 2,
    carriers: 1,
    active: 1,
    running: 0,
    queued: 0,
    submissions: 0,
    steals: 2,
  });
});

test("a scheduler of another kind, or a cut reply, tells nothing; a reply to another command is refused", () => {
  expect(parseVthreadScheduler("com.example.Scheduler@1\n")).toBeUndefined();
  expect(parseVthreadScheduler(vthreadScheduler25.slice(0, 80))).toBeUndefined();
  expect(parseVthreadScheduler("")).toBeUndefined();
  expect(() => parseVthreadScheduler(codeCache25)).toThrow("got Compiler.codecache");
});
