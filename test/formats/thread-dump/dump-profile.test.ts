import { expect, test } from "vitest";
import { profileOfDumps } from "../../../src/formats/thread-dump/dump-profile.ts";
import { dumpsOf } from "./read-dumps.ts";
import { jdk17 } from "./samples.ts";

test("a series of dumps is a wall profile with one sample per thread and dump", () => {
  const series = `${jdk17}${jdk17.replace("03:04:05", "03:04:15")}`;
  const { profiles, threads, durationSeconds, startMillis } = profileOfDumps(dumpsOf(series));
  const [profile] = profiles;
  expect(profile).toMatchObject({ kind: "wall", event: "thread-dump", unit: "count" });
  expect([durationSeconds, startMillis]).toEqual([10, Date.UTC(2026, 0, 2, 3, 4, 5)]);
  expect(threads.map(({ name, pool }) => [name, pool])).toEqual([
    ["main", "main"],
    ["worker-1", "worker-*"],
    ["Common-Cleaner", "Common-Cleaner"],
  ]);
  const { stackFrame, stackCaller, frameNames } = profile!.stacks;
  const namesOf = (stack: number): string[] =>
    stack < 0 ? [] : [...namesOf(stackCaller[stack]!), frameNames[stackFrame[stack]!]!];
  const samples = [...profile!.sampleStack].map((stack, index) => [
    namesOf(stack).join(";"),
    threads[profile!.sampleThread![index]!]?.name,
    profile!.sampleSeconds![index],
    profile!.sampleWeight[index],
  ]);
  expect(samples[1]).toEqual([
    "demo.Main$$Lambda.run;demo.Wal.sync;sun.nio.ch.FileDispatcherImpl.force0",
    "worker-1",
    0,
    1,
  ]);
  expect(samples.slice(3).map(([stack]) => stack)).toEqual(samples.slice(0, 3).map(([stack]) => stack));
  expect([...stackCaller].every((caller, stack) => caller < stack)).toBe(true);
  expect(new Set([...profile!.sampleStack]).size).toBe(3);
});
