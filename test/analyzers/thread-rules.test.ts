import { expect, test } from "vitest";
import { allocation } from "../../analyzers/allocation.ts";
import { bigAllocations } from "../../analyzers/big-allocations.ts";
import { eventLoops } from "../../analyzers/event-loops.ts";
import { exceptions } from "../../analyzers/exceptions.ts";
import { pinnedThreads } from "../../analyzers/pinned-threads.ts";
import { isEventLoop } from "../../analyzers/thread-roles.ts";
import { drawnRecording } from "../drawn-recording.ts";

const options = { top: 5, showValues: false };
const times = (count: number) => Array.from({ length: count }, (_, i) => i);

test("event loops are known by their names, workers are not among them", () => {
  const loops = [
    "nioEventLoopGroup-2-*",
    "vert.x-eventloop-thread-*",
    "data-plane-kafka-network-thread-1-PLAINTEXT-*",
    "shop-akka.actor.default-dispatcher-*",
  ];
  expect(loops.filter(isEventLoop)).toEqual(loops);
  expect(["worker-*", "pool-1-thread-*", "data-plane-kafka-request-handler-*"].filter(isEventLoop)).toEqual([]);
});

test("a loop that sleeps is blocked; a loop that reads a channel or waits for events is not", () => {
  const on = { eventThread: "epollEventLoopGroup-1-1" };
  const { recording } = drawnRecording({
    durationSeconds: 10,
    tables: {
      "jdk.ThreadSleep": times(20).map((i) => ({
        ...on,
        startTime: i / 2,
        duration: 0.2,
        stackTrace: "a.Handler.read;java.lang.Thread.sleep",
      })),
      "jdk.SocketRead": times(20).map((i) => ({
        ...on,
        startTime: i / 2 + 0.2,
        duration: 0.2,
        host: "h",
        port: 80,
        stackTrace: "a.Handler.read;sun.nio.ch.SocketChannelImpl.read",
      })),
      "jdk.ThreadPark": times(20).map((i) => ({
        ...on,
        startTime: i / 2 + 0.4,
        duration: 0.1,
        stackTrace: "a.Loop.run;java.util.concurrent.ForkJoinPool.awaitWork",
      })),
    },
  });
  expect(eventLoops.analyze({ recording }, options).findings).toMatchObject([
    {
      severity: "critical",
      title: "Event loop `epollEventLoopGroup-1-*` is blocked 40 % of the time: `Handler.read`, sleeping",
    },
  ]);
});

test("pinned threads are told with the JVM's reason, and the advice follows it", () => {
  const pinned = (reason: string | null) =>
    drawnRecording({
      durationSeconds: 10,
      tables: {
        "jdk.VirtualThreadPinned": times(10).map((i) => ({
          startTime: i,
          duration: 0.5,
          eventThread: "",
          stackTrace: "a.Dao.load;java.lang.Thread.sleep",
          pinnedReason: reason,
        })),
      },
    });
  const [native] = pinnedThreads.analyze(pinned("Native or VM frame on stack"), options).findings;
  expect(native).toMatchObject({
    severity: "warning",
    title: "Virtual threads block 10 times while pinned to their carrier in `Dao.load`, 5.0 s in all",
  });
  expect(native!.advice).toMatch(/^Take the blocking call out of native code/);
  expect(pinnedThreads.analyze(pinned(null), options).findings[0]!.advice).toMatch(/^Replace `synchronized`/);
});

test("exceptions as control flow are told by class and site, without their message", () => {
  const { recording, profiles } = drawnRecording({
    durationSeconds: 10,
    tables: {
      "jdk.ExceptionStatistics": [
        { startTime: 0, throwables: 100 },
        { startTime: 10, throwables: 80_100 },
      ],
    },
    profiles: [
      {
        kind: "exceptions",
        event: "jdk.JavaExceptionThrow",
        unit: "count",
        samples: [
          {
            stack: "a.Parser.number;java.lang.Integer.parseInt",
            weight: 900,
            count: 900,
            label: "java.lang.NumberFormatException",
          },
          { stack: "a.Main.go", weight: 5_000, count: 5_000, label: "java.lang.NoSuchMethodError" },
        ],
      },
    ],
  });
  expect(exceptions.analyze({ recording, profiles }, options).findings).toMatchObject([
    { severity: "warning", title: "8,000/s exceptions are thrown, most `NumberFormatException` in `Parser.number`" },
  ]);
});

test("an OutOfMemoryError is critical, errors by which the JDK links methods are nothing", () => {
  const thrown = (label: string) =>
    drawnRecording({
      profiles: [
        {
          kind: "exceptions",
          event: "jdk.JavaErrorThrow",
          unit: "count",
          samples: [{ stack: "a.B.c", weight: 1, label }],
        },
      ],
    });
  expect(exceptions.analyze(thrown("java.lang.OutOfMemoryError"), options).findings).toMatchObject([
    { severity: "critical" },
  ]);
  expect(exceptions.analyze(thrown("java.lang.NoSuchMethodError"), options).findings).toEqual([]);
});

test("boxes and big sites are told by bytes a second; big objects by half a region", () => {
  const gib = 2 ** 30;
  const { recording, profiles } = drawnRecording({
    durationSeconds: 10,
    tables: { "jdk.UnsignedLongFlag": [{ startTime: 0, name: "G1HeapRegionSize", value: 4 * 2 ** 20 }] },
    profiles: [
      {
        kind: "alloc",
        event: "jdk.ObjectAllocationSample",
        unit: "bytes",
        samples: [
          { stack: "a.Stats.sum;java.lang.Long.valueOf", weight: 4 * gib, count: 400, label: "java.lang.Long" },
          { stack: "a.Pages.copy", weight: 6 * gib, count: 600, label: "byte[]" },
        ],
      },
      {
        kind: "alloc",
        event: "jdk.ObjectAllocationOutsideTLAB",
        unit: "bytes",
        samples: [{ stack: "a.Pages.copy", weight: 100 * 2 ** 21, count: 100, label: "byte[]" }],
      },
    ],
  });
  expect(allocation.analyze({ profiles }, options).findings.map(({ title }) => title)).toEqual([
    "Boxed numbers are 40 % of all allocation, 410 MiB/s, most `Long` of `Stats.sum`",
    "`Pages.copy` allocates 614 MiB/s, 60 % of all, mostly `byte[]`",
  ]);
  expect(bigAllocations.analyze({ recording, profiles }, options).findings).toMatchObject([
    { rule: "alloc/humongous-size", title: "`Pages.copy` allocates `byte[]` of up to 2.00 MiB, 10/s: humongous in G1" },
  ]);
});
