import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memorySource } from "../../../src/bytes/byte-source.ts";
import { jemallocFormat } from "../../../src/formats/jemalloc/format.ts";
import { readNativeHeap } from "../../../src/formats/jemalloc/read-native-heap.ts";
import { scaleOf } from "../../../src/formats/jemalloc/sampling.ts";
import { FormatError } from "../../../src/model/errors.ts";
import { dumpOf, profileOf, total } from "./read-dump.ts";

const threaded = `heap_v2/1024
  t*: 3: 3000 [0: 0]
  t1: 2: 2000 [0: 0] C2 CompilerThre
  t2: 1: 1000 [0: 0] main
@ 0x1001 0x2001 0x3001
  t*: 2: 2000 [4: 4000]
  t1: 1: 1000 [0: 0]
  t2: 1: 1000 [0: 0]
@ 0x1001 0x4001
  t*: 1: 1000 [0: 0]
  t2: 1: 1000 [0: 0]

MAPPED_LIBRARIES:
00001000-00002000 r-xp 00000000 08:01 11 /none/libone.so
00002000-00005000 r-xp 00000000 08:01 12 /none/libtwo.so
7f0000000000-7f0000001000 rwxp 00000000 00:00 0
`;

const older = `heap profile:    2:     2048 [    4:     8192] @ heap_v2/1024
     1:     1024 [     2:     4096] @ 0x00001001 0x00002001
     1:     1024 [     2:     4096] @ 0x00001001 0x00003001

MAPPED_LIBRARIES:
00001000-00002000 r-xp 00000000 08:01 11 /none/libtcmalloc.so.4
`;

const symbolized = `--- symbol
binary=/bin/service
0x0000000000001000 malloc
0x0000000000002000 outer--inner
0x0000000000003000 main
---
--- heap
${threaded}`;

describe("a jemalloc profile", () => {
  test("has a row for every stack and every thread, and names of threads", () => {
    const { rows, threadNames, firstAddress, stackAddress, addresses, mappings, isCut } = profileOf(threaded);
    expect([...rows.thread]).toEqual([-1, 1, 2, -1, 2]);
    expect([...rows.inuseBytes]).toEqual([2000, 1000, 1000, 1000, 1000]);
    expect([...rows.allocated!.bytes]).toEqual([4000, 0, 0, 0, 0]);
    expect([...threadNames]).toEqual([
      [1, "C2 CompilerThre"],
      [2, "main"],
    ]);
    expect([...firstAddress]).toEqual([0, 3, 5]);
    expect([...stackAddress].map((number) => addresses[number])).toEqual([0x1001, 0x2001, 0x3001, 0x1001, 0x4001]);
    expect(mappings).toHaveLength(3);
    expect(isCut).toBe(false);
  });

  test("weighs each stack by its own mean size, and not the whole by the whole's", () => {
    const scale = 1 / (1 - Math.exp(-1000 / 1024));
    const { evidence, profiles } = dumpOf(threaded);
    expect(total(evidence.dumps[0]!.inuseBytes)).toBeCloseTo(3000 * scale, 6);
    expect(total(evidence.dumps[0]!.inuseObjects)).toBeCloseTo(3 * scale, 9);
    expect(total(evidence.dumps[0]!.allocBytes)).toBeCloseTo(4000 * scale, 6);
    expect(profiles.profiles.map(({ event }) => event)).toEqual([
      "inuse_space",
      "inuse_objects",
      "alloc_space",
      "alloc_objects",
    ]);
    expect(total(profiles.profiles[0]!.sampleWeight)).toBeCloseTo(3000 * scale, 6);
    expect(profiles.threads.map(({ name }) => name)).toEqual(["C2 CompilerThre", "main"]);
    expect(evidence.pools.map(({ pool }) => pool)).toEqual(["main", "C2 CompilerThre"]);
  });

  test("has frames of the file's own symbols, without the allocator, inlined functions apart", () => {
    const { evidence } = dumpOf(symbolized);
    expect(evidence.stacks.frameNames).toContain("inner");
    expect(evidence.stacks.frameNames).not.toContain("malloc");
    const { stackFrame, stackCaller, frameNames } = evidence.stacks;
    const leaf = stackFrame.findIndex((frame) => frameNames[frame] === "inner");
    expect(frameNames[stackFrame[stackCaller[leaf]!]!]).toBe("outer");
  });

  test("without binaries has places in libraries, which are the same in the next run", () => {
    const names = dumpOf(threaded).evidence.stacks.frameNames;
    expect([...names].sort()).toEqual(["libone.so+0x0", "libtwo.so+0x0", "libtwo.so+0x1000", "libtwo.so+0x2000"]);
  });
});

test("older profiles and tcmalloc's are read, each by its own rule of sampling", () => {
  const { evidence } = dumpOf(older);
  expect(evidence.allocator).toBe("tcmalloc");
  expect(total(evidence.dumps[0]!.inuseBytes)).toBeCloseTo(2048 / (1 - Math.exp(-1)), 6);
  const uniform = dumpOf(older.replace("heap_v2/1024", "heap/4096"));
  expect(total(uniform.evidence.dumps[0]!.inuseBytes)).toBeCloseTo(4096, 6);
  const whole = dumpOf(older.replace("heap_v2/1024", "heapprofile"));
  expect(total(whole.evidence.dumps[0]!.inuseBytes)).toBe(2048);
  expect(whole.evidence.periodBytes).toBeUndefined();
});

test("an estimate is never below what was seen, and nothing is nothing", () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.nat(1e9), fc.integer({ min: 1, max: 1 << 24 }), (objects, bytes, periodBytes) => {
      for (const method of ["poisson", "uniform", "none"] as const) {
        expect(scaleOf(objects, bytes, { method, periodBytes })).toBeGreaterThanOrEqual(1);
      }
    }),
    { seed: 1, numRuns: 500 },
  );
  expect(scaleOf(0, 0, { method: "poisson", periodBytes: 512 })).toBe(1);
});

describe("damaged profiles", () => {
  const samples = [threaded, older, symbolized];

  test("are read up to any byte, or refused with a reason", () => {
    for (const text of samples) {
      for (let length = 0; length <= text.length; length += 3) expectReadOrRefused(Buffer.from(text.slice(0, length)));
    }
  });

  test("of random bytes do no harm", () => {
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.nat(), fc.uint8Array({ maxLength: 40 }), (text, at, bytes) => {
        const buffer = Buffer.from(text);
        buffer.set(bytes.subarray(0, Math.max(0, buffer.length - (at % buffer.length))), at % buffer.length);
        expectReadOrRefused(buffer);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  test("without their end say so", () => {
    expect(dumpOf(threaded.slice(0, 250)).evidence.notes.join()).toContain("cut off");
  });
});

function expectReadOrRefused(bytes: Uint8Array): void {
  try {
    const { evidence } = readNativeHeap(memorySource("a.heap", bytes));
    expect(total(evidence.dumps[0]!.inuseBytes)).toBeGreaterThanOrEqual(0);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
  }
}

test("profiles are known by their first line", () => {
  for (const text of [threaded, older, symbolized]) expect(jemallocFormat.sniff(Buffer.from(text), "x")).toBe(true);
  for (const text of ["heap", "heap profile", "--- symbol", '{"heap_v2/1":1}']) {
    expect(jemallocFormat.sniff(Buffer.from(text), "je.1.0.i0.heap"), text).toBe(false);
  }
});
