import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseVmEvents } from "../../../src/formats/jcmd/vm-events.ts";
import { FormatError } from "../../../src/model/errors.ts";

/** JDK 25, Serial, shortened. */
const jdk25 = `4711:
Compilation events (1 events):
Event: 0.010 Thread 0x00007f0000000001    1       3       java.lang.Object::<init> (1 bytes)

GC Heap Usage History (2 events):
Event: 2.247 {heap Before GC invocations=13 (full 1):
 DefNew     total 19648K, used 17472K [0x00000000fc000000, 0x00000000fd550000, 0x00000000fd550000)
  eden space 17472K, 100% used [0x00000000fc000000, 0x00000000fd110000, 0x00000000fd110000)
  from space 2176K,   0% used [0x00000000fd110000, 0x00000000fd110000, 0x00000000fd330000)
  to   space 2176K,   0% used [0x00000000fd330000, 0x00000000fd330000, 0x00000000fd550000)
 Tenured    total 43712K, used 24571K [0x00000000fd550000, 0x0000000100000000, 0x0000000100000000)
  the  space 43712K,  56% used [0x00000000fd550000, 0x00000000fed4ec40, 0x0000000100000000)
}
Event: 2.248 {heap After GC invocations=14 (full 1):
 DefNew     total 19648K, used 2176K [0x00000000fc000000, 0x00000000fd550000, 0x00000000fd550000)
  eden space 17472K,   0% used [0x00000000fc000000, 0x00000000fc000000, 0x00000000fd110000)
  from space 2176K, 100% used [0x00000000fd330000, 0x00000000fd550000, 0x00000000fd550000)
  to   space 2176K,   0% used [0x00000000fd110000, 0x00000000fd110000, 0x00000000fd330000)
 Tenured    total 43712K, used 25402K [0x00000000fd550000, 0x0000000100000000, 0x0000000100000000)
  the  space 43712K,  58% used [0x00000000fd550000, 0x00000000fee1e840, 0x0000000100000000)
}

VM Operations (5 events):
Event: 2.100 Executing safepoint VM operation: Cleanup done
Event: 2.247 Executing safepoint VM operation: SerialCollectForAllocation (Allocation Failure)
Event: 2.248 Executing safepoint VM operation: SerialCollectForAllocation (Allocation Failure) done
Event: 2.300 Executing non-safepoint VM operation: HandshakeAllThreads (ZMarkFlushStacks)
Event: 2.300 Executing non-safepoint VM operation: HandshakeAllThreads (ZMarkFlushStacks) done
Event: 2.400 Executing safepoint VM operation: SerialGCCollect (System.gc())

Events (0 events):
No events
`;

describe("the reply to VM.events", () => {
  test("tells the heap before and after collections", () => {
    const { heapHistory } = parseVmEvents(jdk25);
    expect(
      heapHistory.map(({ seconds, when, collections, fullCollections, heap }) => {
        return [seconds, when, collections, fullCollections, heap.usedBytes];
      }),
    ).toEqual([
      [2.247, "before", 13, 1, (17472 + 24571) * 1024],
      [2.248, "after", 14, 1, (2176 + 25402) * 1024],
    ]);
  });

  test("tells operations of the VM thread, with their cause, also one that is under way, but none without its beginning", () => {
    expect(parseVmEvents(jdk25).operations).toEqual([
      {
        name: "SerialCollectForAllocation",
        cause: "Allocation Failure",
        isSafepoint: true,
        startSeconds: 2.247,
        endSeconds: 2.248,
      },
      {
        name: "HandshakeAllThreads",
        cause: "ZMarkFlushStacks",
        isSafepoint: false,
        startSeconds: 2.3,
        endSeconds: 2.3,
      },
      { name: "SerialGCCollect", cause: "System.gc()", isSafepoint: true, startSeconds: 2.4, endSeconds: undefined },
    ]);
  });

  test("of JDK 17 does not tell causes, nor whether the program was stopped", () => {
    const text = [
      "VM Operations (2 events):",
      "Event: 1.000 Executing VM operation: Shenandoah Init Marking",
      "Event: 1.001 Executing VM operation: Shenandoah Init Marking done",
      "",
    ].join("\n");
    expect(parseVmEvents(text)).toEqual({
      heapHistory: [],
      operations: [
        {
          name: "Shenandoah Init Marking",
          cause: undefined,
          isSafepoint: undefined,
          startSeconds: 1,
          endSeconds: 1.001,
        },
      ],
    });
  });

  test("is refused when it is something else", () => {
    for (const text of ["", "java.lang.IllegalArgumentException: Unknown diagnostic command\n", '{"name": 1}']) {
      expect(() => parseVmEvents(text)).toThrow(FormatError);
    }
  });

  test("is read or refused when it is cut off at any byte", () => {
    for (let length = 0; length < jdk25.length; length++) readOrRefuse(jdk25.slice(0, length));
  });

  test("is read or refused when its lines are mixed and damaged", () => {
    const lines = jdk25.split("\n");
    const line = fc.oneof(fc.constantFrom(...lines), fc.string({ maxLength: 60 }));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (mixed) => readOrRefuse(mixed.join("\n"))),
      { seed: 1, numRuns: 500 },
    );
  });
});

function readOrRefuse(text: string): void {
  try {
    const { heapHistory, operations } = parseVmEvents(text);
    for (const { startSeconds } of operations) expect(startSeconds).toBeGreaterThanOrEqual(0);
    for (const { collections } of heapHistory) expect(collections).toBeGreaterThanOrEqual(0);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
  }
}
