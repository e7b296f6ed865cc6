import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseIo } from "../../../src/formats/proc/io.ts";
import { parseLimits } from "../../../src/formats/proc/limits.ts";
import { parseSchedstat } from "../../../src/formats/proc/schedstat.ts";
import { parseSmapsRollup } from "../../../src/formats/proc/smaps-rollup.ts";
import { parseStat } from "../../../src/formats/proc/stat.ts";
import { parseStatus } from "../../../src/formats/proc/status.ts";
import { formatThreadSums, parseThreadSums } from "../../../src/formats/proc/thread-sums.ts";
import { corpusFile, hasCorpus, noCorpus } from "../../corpus.ts";
import { readFixtureTree } from "./fixture-tree.ts";

const kibibyte = 1024;

describe("status", () => {
  test("a JVM in a container has a pid in each namespace, and sizes in bytes", () => {
    expect(parseStatus(containerStatus)).toEqual({
      name: "java",
      state: "S",
      tgid: 4711,
      namespacePids: [4711, 42, 1],
      uids: [1000, 1001, 1002, 1003],
      gids: [100, 101, 102, 103],
      caughtSignals: 0x2000000181005ccfn,
      ignoredSignals: 4n,
      threads: 35,
      residentBytes: 452908 * kibibyte,
      residentPeakBytes: 460000 * kibibyte,
      residentAnonymousBytes: 176164 * kibibyte,
      residentFileBytes: 24802 * kibibyte,
      residentShmemBytes: 250288 * kibibyte,
      virtualBytes: 17_000_000 * kibibyte,
      swapBytes: 12 * kibibyte,
      hugetlbBytes: 2048 * kibibyte,
      voluntarySwitches: 7,
      involuntarySwitches: 3,
      allowedCpus: 5,
      noNewPrivileges: true,
      seccomp: 2,
    });
  });

  test("a zombie has no memory, and an old kernel no namespaces", () => {
    const status = parseStatus("Name:\tjava\nState:\tZ (zombie)\nTgid:\t7\n");
    expect(status).toMatchObject({ state: "Z", namespacePids: [7], uids: [], caughtSignals: 0n });
    expect(status).toMatchObject({ residentBytes: undefined, threads: undefined, allowedCpus: undefined });
  });

  test("the kernel's escapes in a name are undone", () => {
    expect(parseStatus("Name:\ta\\nb\\\\c: d\nTgid:\t7\n").name).toBe("a\nb\\c: d");
  });

  test("a text without name and process is refused", () => {
    expect(() => parseStatus("4711 (java) S 1")).toThrow('expected the lines "Name:" and "Tgid:"');
    expect(() => parseStatus("")).toThrow("expected");
  });
});

describe("stat", () => {
  test("a command may hold spaces and parentheses", () => {
    const { pid, command, state, startTicks } = parseStat(`7 (a) S (b c) R ${"0 ".repeat(18)}99 1 2\n`);
    expect({ pid, command, state, startTicks }).toEqual({ pid: 7, command: "a) S (b c", state: "R", startTicks: 99 });
  });

  test("a kernel that tells no block delay leaves it undefined", () => {
    expect(parseStat(`7 (java) S ${"1 ".repeat(20)}2`).blockDelayTicks).toBeUndefined();
  });

  test.each([["java"], ["7 java S"], ["(java) S 1"], ["x (java) S 1"], ["7 (java) 5 1"], ["7 (java) S 1 2 3"]])(
    "%j is refused",
    (text) => {
      expect(() => parseStat(text)).toThrow("expected");
    },
  );
});

test("the mappings of smaps sum up to what smaps_rollup says", () => {
  const rollup = parseSmapsRollup(
    "0-1 r-xp 00 00:00 0\nRss:  8 kB\nAnonymous: 4 kB\nRss: 12 kB\nAnonymous:  0 kB\nSwap: 1 kB\n",
  );
  expect(rollup).toMatchObject({ residentBytes: 20 * kibibyte, anonymousBytes: 4 * kibibyte, swapBytes: kibibyte });
  expect(rollup).toMatchObject({ fileHugeBytes: undefined, privateBytes: undefined, hugetlbBytes: undefined });
});

test("sums of threads are read as they were written", () => {
  for (const waitingSeconds of [undefined, 0, 1e-9, 12.5]) {
    const sums = { voluntarySwitches: 2 ** 40, involuntarySwitches: 0, waitingSeconds };
    expect(parseThreadSums(formatThreadSums(sums))).toEqual(sums);
  }
});

describe.skipIf(!hasCorpus)(`files of another machine${noCorpus}`, () => {
  const files = hasCorpus ? readFixtureTree(corpusFile("procfs", "procfs_fixtures.ttar")) : new Map<string, string>();
  const file = (name: string) => files.get(`fixtures/proc/${name}`) ?? "";

  test("are read", () => {
    expect(parseStat(file("26231/stat"))).toEqual({
      pid: 26231,
      command: "vim",
      state: "R",
      parentPid: 5392,
      minorFaults: 32533,
      majorFaults: 26,
      userTicks: 1677,
      systemTicks: 44,
      threads: 1,
      startTicks: 82375,
      virtualBytes: 56274944,
      blockDelayTicks: 31,
    });
    expect(parseStatus(file("26231/status"))).toMatchObject({ name: "prometheus", tgid: 26231, threads: 1 });
    expect(parseIo(file("26231/io"))).toEqual({
      readCallBytes: 750339,
      writeCallBytes: 818609,
      readBytes: 1024,
      writtenBytes: 2048,
      cancelledBytes: -1024,
    });
    expect(parseLimits(file("26231/limits")).get("Max open files")).toEqual({ soft: 2048, hard: 4096 });
    expect(parseLimits(file("26231/limits")).get("Max cpu time")?.soft).toBe(Number.POSITIVE_INFINITY);
    expect(parseLimits(file("26231/limits")).size).toBe(16);
    expect(parseSchedstat(file("26231/schedstat"))).toEqual({
      runningNanos: 411605849,
      waitingNanos: 93680043,
      timeslices: 79,
    });
    expect(parseSmapsRollup(file("26231/smaps_rollup"))).toMatchObject({
      residentBytes: 29948 * kibibyte,
      anonymousBytes: 20756 * kibibyte,
      swapBytes: 1940 * kibibyte,
      privateBytes: (15548 + 14396) * kibibyte,
    });
  });

  test("of the JVMs of real services are read", () => {
    for (const service of ["kafka-4.1-jdk25-zgc", "cassandra-5.0-jdk17-g1"]) {
      const text = (name: string) => readFileSync(corpusFile("services", service, name), "utf8");
      const { residentBytes = 0 } = parseStatus(text("status.txt"));
      const rollup = parseSmapsRollup(text("smaps_rollup.txt"));
      expect(Math.abs(rollup.residentBytes / residentBytes - 1)).toBeLessThan(0.1);
    }
  });
});

const containerStatus = `Name:	java
Umask:	0022
State:	S (sleeping)
Tgid:	4711
Pid:	4711
Uid:	1000	1001	1002	1003
Gid:	100	101	102	103
NSpid:	4711	42	1
VmSize:	17000000 kB
VmHWM:	  460000 kB
VmRSS:	  452908 kB
RssAnon:	  176164 kB
RssFile:	   24802 kB
RssShmem:	  250288 kB
VmSwap:	      12 kB
HugetlbPages:	    2048 kB
Threads:	35
SigIgn:	0000000000000004
SigCgt:	2000000181005ccf
NoNewPrivs:	1
Seccomp:	2
Cpus_allowed_list:	0-2,8,10
voluntary_ctxt_switches:	7
nonvoluntary_ctxt_switches:	3
`;
