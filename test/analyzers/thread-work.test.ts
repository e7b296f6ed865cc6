import { describe, expect, test } from "vitest";
import { threadCounts } from "../../analyzers/thread-counts.ts";
import { threadCpu } from "../../analyzers/thread-cpu.ts";
import { threadEventLoops } from "../../analyzers/thread-event-loops.ts";
import { threadOverview } from "../../analyzers/thread-overview.ts";
import { threadPools } from "../../analyzers/thread-pools.ts";
import { threadStacks } from "../../analyzers/thread-stacks.ts";
import { threadStuck } from "../../analyzers/thread-stuck.ts";
import { threadVirtual } from "../../analyzers/thread-virtual.ts";
import { dumpsOf } from "../formats/thread-dump/read-dumps.ts";
import { json25 } from "../formats/thread-dump/samples.ts";
import { analysisBy, type DrawnThread, threadDumpsOf, times, toldBy } from "../thread-dump-of.ts";

const park = "jdk.internal.misc.Unsafe.park(java.base@25/Native Method)";
const worker = [
  "java.util.concurrent.ThreadPoolExecutor.runWorker(java.base@25/ThreadPoolExecutor.java:1)",
  "java.lang.Thread.run(java.base@25/Thread.java:1)",
];
const borrowing: DrawnThread = {
  name: "http-exec",
  state: "TIMED_WAITING (parking)",
  at: [
    park,
    "com.zaxxer.hikari.util.ConcurrentBag.borrow(ConcurrentBag.java:151)",
    "com.zaxxer.hikari.pool.HikariPool.getConnection(HikariPool.java:162)",
    "demo.Orders.find(Orders.java:30)",
    ...worker,
  ],
};
const idle: DrawnThread = {
  name: "http-exec",
  state: "WAITING (parking)",
  at: [park, "java.util.concurrent.ThreadPoolExecutor.getTask(java.base@25/ThreadPoolExecutor.java:1)", ...worker],
};
const consuming: DrawnThread = {
  name: "consumer",
  state: "WAITING (parking)",
  at: [
    park,
    "java.util.concurrent.LinkedBlockingQueue.take(java.base@25/LinkedBlockingQueue.java:1)",
    "demo.Consumer.run(Consumer.java:9)",
    ...worker,
  ],
};
const socket: DrawnThread = {
  name: "caller",
  at: [
    "sun.nio.ch.Net.poll(java.base@25/Native Method)",
    "sun.nio.ch.NioSocketImpl.park(java.base@25/NioSocketImpl.java:1)",
    "sun.nio.ch.NioSocketImpl.implRead(java.base@25/NioSocketImpl.java:1)",
    "sun.net.www.http.HttpClient.parseHTTP(java.base@25/HttpClient.java:1)",
    "demo.Client.get(Client.java:5)",
    ...worker,
  ],
};

describe("pools", () => {
  test("whose threads all wait for a connection are exhausted; with one idle thread they are not", () => {
    expect(toldBy(threadPools, threadDumpsOf(times(8, borrowing)))).toEqual([
      "warning All 8 threads of `http-exec-*` wait for a connection of the pool in ConcurrentBag.borrow(ConcurrentBag.java:151): none is left for work",
    ]);
    expect(toldBy(threadPools, threadDumpsOf([...times(8, borrowing), { ...idle, name: "http-exec-8" }]))).toEqual([]);
    const full = times(8, borrowing);
    expect(toldBy(threadPools, threadDumpsOf(full, full, full))[0]).toMatch(/^critical/);
  });

  test("that wait for HTTP replies are exhausted too", () => {
    expect(toldBy(threadPools, threadDumpsOf(times(6, socket)))[0]).toContain("wait for an HTTP reply");
  });

  test("that wait for work are not, whoever runs them", () => {
    expect(toldBy(threadPools, threadDumpsOf([...times(20, idle), ...times(20, consuming)]))).toEqual([]);
  });

  test("are listed with states and processor time, without the JVM's own threads", () => {
    const { dataOf } = analysisBy(
      threadPools,
      threadDumpsOf([...times(3, { ...socket, cpu: 500 }), ...times(2, idle), { name: "Finalizer" }]),
    );
    expect(dataOf("threadPools")).toEqual({
      pools: [
        { pool: "caller-*", threads: 3, busy: 3, states: { RUNNABLE: 3 }, cpuSeconds: 1.5, mostAt: "Client.get" },
        {
          pool: "http-exec-*",
          threads: 2,
          busy: 0,
          states: { WAITING: 2 },
          cpuSeconds: 0.002,
          mostAt: "idle: ThreadPoolExecutor.getTask",
        },
      ],
      omittedPools: 0,
    });
  });
});

describe("a series", () => {
  const syncing = {
    name: "flusher",
    at: ["sun.nio.ch.FileDispatcherImpl.force0(java.base@25/Native Method)", "demo.Wal.sync(Wal.java:50)"],
  };

  test("tells who has not moved, from three dumps on", () => {
    expect(toldBy(threadStuck, threadDumpsOf([syncing], [syncing]))).toEqual([]);
    expect(toldBy(threadStuck, threadDumpsOf([syncing], [syncing], [syncing]))).toEqual([
      "warning Thread `flusher` has not moved for 10 s (3 dumps): it waits for the disk (fsync) in Wal.sync(Wal.java:50)",
    ]);
    const moving = (line: number) => ({ ...syncing, at: [syncing.at[0]!, `demo.Wal.sync(Wal.java:${line})`] });
    expect(toldBy(threadStuck, threadDumpsOf([moving(1)], [moving(2)], [moving(3)]))).toEqual([]);
  });

  test("tells one that came back to its place from one that never left", () => {
    const busy = [0, 400, 800].map((cpu) => [{ ...syncing, cpu }]);
    expect(toldBy(threadStuck, threadDumpsOf(...busy))).toEqual([
      "info Thread `flusher` came back to one place in all 3 dumps: it waits for the disk (fsync) in Wal.sync(Wal.java:50)",
    ]);
  });

  test("accuses no thread that waits for work", () => {
    const all = [
      idle,
      consuming,
      { name: "main", state: "WAITING (parking)", at: [park, "demo.Main.main(Main.java:3)"] },
    ];
    expect(toldBy(threadStuck, threadDumpsOf(all, all, all))).toEqual([]);
  });

  test("tells a thread that runs in one place from one that only works much", () => {
    const spinning = (cpu: number, method = "demo.Poll.spin(Poll.java:7)") => [
      { name: "poller", cpu, at: [method, "java.lang.Thread.run(java.base@25/Thread.java:1)"] },
    ];
    expect(toldBy(threadCpu, threadDumpsOf(spinning(0), spinning(4_900), spinning(9_800)))).toEqual([
      "warning Thread `poller` ran in Poll.spin in all 3 dumps, with 98 % of a processor for 10 s: a busy loop, or one long computation",
    ]);
    expect(
      toldBy(threadCpu, threadDumpsOf(spinning(0), spinning(3_000, "demo.B.c(B.java:1)"), spinning(6_000))),
    ).toEqual(["info Thread `poller` used 60 % of a processor for 10 s, last in Poll.spin(Poll.java:7)"]);
    expect(
      toldBy(threadCpu, threadDumpsOf(spinning(0), spinning(1_000, "demo.B.c(B.java:1)"), spinning(2_000))),
    ).toEqual([]);
  });

  test("tells pools that grow", () => {
    const sizes = [40, 80, 130].map((count) => times(count, idle));
    expect(toldBy(threadCounts, threadDumpsOf(...sizes))).toEqual([
      "warning Threads of `http-exec-*` grew from 40 to 130 in 10 s",
    ]);
    expect(toldBy(threadCounts, threadDumpsOf(sizes[0]!, sizes[2]!, sizes[1]!))).toEqual([]);
  });

  test("counts every dump", () => {
    const { dataOf } = analysisBy(threadOverview, threadDumpsOf([idle], [idle, socket]));
    expect(dataOf("threadDump")).toMatchObject({
      dumps: [{ threads: 1 }, { threads: 2, states: { RUNNABLE: 1, WAITING: 1 } }],
      threads: [
        { name: "caller", activity: "socket read", unmovedDumps: 1, seriesCpuSeconds: null },
        { name: "http-exec", isIdle: true, unmovedDumps: 2, seriesCpuSeconds: 0 },
      ],
    });
  });
});

test("a dump that was cut says so", () => {
  const cut = dumpsOf(json25.slice(0, json25.indexOf('"holder"')));
  expect(toldBy(threadCounts, cut)).toEqual([
    "warning Not all of the dumps could be read: the file ends inside the dump",
  ]);
});

test("a thousand threads are very many", () => {
  expect(toldBy(threadCounts, threadDumpsOf(times(1_000, idle)))).toEqual([
    "warning 1,000 platform threads, 1,000 of them `http-exec-*`",
  ]);
  expect(toldBy(threadCounts, threadDumpsOf(times(999, idle)))).toEqual([]);
});

test("an event loop that waits for a lock is told, one in its selector is not", () => {
  const loop = "io.netty.channel.nio.NioEventLoop.run(NioEventLoop.java:569)";
  const blocked = {
    name: "nioEventLoopGroup-2",
    state: "BLOCKED (on object monitor)",
    at: ["demo.Cache.get(Cache.java:4)", "- waiting to lock <0xa0> (a demo.Cache)", loop],
  };
  const waiting = {
    name: "nioEventLoopGroup-2",
    at: [
      "sun.nio.ch.EPoll.wait(java.base@25/Native Method)",
      "sun.nio.ch.EPollSelectorImpl.doSelect(java.base@25/EPollSelectorImpl.java:1)",
      loop,
    ],
  };
  expect(
    toldBy(threadEventLoops, threadDumpsOf([...times(3, waiting), { ...blocked, name: "nioEventLoopGroup-2-7" }])),
  ).toEqual(["warning Event loop `nioEventLoopGroup-2-7` waits for a monitor in Cache.get(Cache.java:4)"]);
  expect(toldBy(threadEventLoops, threadDumpsOf(times(4, waiting)))).toEqual([]);
});

test("a virtual thread that keeps its carrier is told", () => {
  expect(toldBy(threadVirtual, dumpsOf(json25))).toEqual([
    "info A virtual thread waits without giving its carrier back",
  ]);
});

test("equal stacks are told once, with names and counts", () => {
  const { dataOf } = analysisBy(threadStacks, threadDumpsOf([...times(20, idle), socket]));
  expect(dataOf("stacks")).toMatchObject({
    stacks: [
      {
        threads: 20,
        states: { WAITING: 20 },
        pools: [{ pool: "http-exec-*", threads: 20 }],
        names: expect.objectContaining({ length: 8 }),
      },
      { threads: 1, names: ["caller"] },
    ],
  });
});

test("names keep the numbers that tell threads apart, and nothing of a person or a request", () => {
  const names = [
    "pool-3-thread-12",
    "RMI TCP Connection(3)-10.1.2.3",
    "GET /login?user=alice",
    "job-123e4567-e89b-12d3-a456-426614174000",
    "smtp bob@example.org",
  ];
  const { dataOf } = analysisBy(
    threadStacks,
    threadDumpsOf(names.map((name, index) => ({ name, at: [`demo.A.b(A.java:${index + 1})`] }))),
  );
  const shown = (
    dataOf("stacks") as { readonly stacks: readonly { readonly names: readonly string[] }[] }
  ).stacks.flatMap((stack) => stack.names);
  expect([...shown].sort()).toEqual([
    "GET /login?user=#",
    "RMI TCP Connection(3)-#",
    "job-#",
    "pool-3-thread-12",
    "smtp #",
  ]);
});
