import { expect, test } from "vitest";
import { parseThreadPrint } from "../../../src/formats/jcmd/thread-print.ts";
import { threadPrint25 } from "./thread-replies.ts";

test("deadlocks name who waits for what and who holds it, of monitors and of locks", () => {
  expect(parseThreadPrint(threadPrint25).deadlocks).toEqual([
    {
      threads: [
        {
          name: "monitor-1",
          waitsFor: { kind: "monitor", address: "0x00000000fc019090", className: "java.lang.Object" },
          heldBy: "monitor-2",
        },
        {
          name: "monitor-2",
          waitsFor: { kind: "monitor", address: "0x00000000fc019080", className: "java.lang.Object" },
          heldBy: "monitor-1",
        },
      ],
    },
    {
      threads: ["lock-1", "lock-2"].map((name) => ({
        name,
        waitsFor: {
          kind: "ownable synchronizer",
          address: name === "lock-1" ? "0x00000000fc0191d8" : "0x00000000fc0191a8",
          className: "java.util.concurrent.locks.ReentrantLock$NonfairSync",
        },
        heldBy: name === "lock-1" ? "lock-2" : "lock-1",
      })),
    },
  ]);
});

test("a deadlock may be in JNI, or with a thread that is not known (drawn after the source of JDK 8 to 25)", () => {
  const text = `Full thread dump X:

Found one Java-level deadlock:
=============================
"a":
  waiting to lock monitor 0x00007f1c0801a1a0 (object 0x00000000fc019090, a java.lang.Class),
  in JNI, which is held by "b"
"b":
  waiting to lock monitor 0x00007f1c0801a1b0 (JVMTI raw monitor),
  which is held by "c"
"c":
  waiting to lock monitor 0x00007f1c0801a1c0 (object 0x00000000fc019091, a java.lang.Object),
  which is held by UNKNOWN_owner_addr=0x00007f1c0801ffff

Java stack information for the threads listed above:
===================================================
"a":
\tat A.b(C.java:1)

Found 1 deadlock.
`.replace("(JVMTI", "raw monitor (JVMTI");
  expect(parseThreadPrint(text).deadlocks).toEqual([
    {
      threads: [
        {
          name: "a",
          waitsFor: { kind: "monitor", address: "0x00000000fc019090", className: "java.lang.Class" },
          heldBy: "b",
        },
        {
          name: "b",
          waitsFor: { kind: "raw monitor", address: undefined, className: undefined },
          heldBy: "c",
        },
        {
          name: "c",
          waitsFor: { kind: "monitor", address: "0x00000000fc019091", className: "java.lang.Object" },
          heldBy: undefined,
        },
      ],
    },
  ]);
});
