import { describe, expect, test } from "vitest";
import { threadBlocking } from "../../analyzers/thread-blocking.ts";
import { threadDeadlocks } from "../../analyzers/thread-deadlocks.ts";
import { analysisBy, threadDumpsOf, times, toldBy } from "../thread-dump-of.ts";

const monitor = (id: string) => `<${id}> (a demo.Store)`;
const lock = (id: string) => `<${id}> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)`;
const park = "jdk.internal.misc.Unsafe.park(java.base@25/Native Method)";

const left = {
  name: "left",
  state: "WAITING (parking)",
  at: [park, `- parking to wait for  ${lock("0xb0")}`, "demo.Bank.move(Bank.java:9)", `- locked ${monitor("0xa0")}`],
};
const right = {
  name: "right",
  state: "BLOCKED (on object monitor)",
  at: ["demo.Bank.check(Bank.java:20)", `- waiting to lock ${monitor("0xa0")}`],
  owns: [lock("0xb0")],
};
const waiter = {
  name: "request",
  state: "BLOCKED (on object monitor)",
  at: ["demo.Store.put(Store.java:3)", `- waiting to lock ${monitor("0xa0")}`],
};
const syncing = {
  name: "wal-writer",
  at: [
    "sun.nio.ch.UnixFileDispatcherImpl.force0(java.base@25/Native Method)",
    "demo.Wal.sync(Wal.java:50)",
    `- locked ${monitor("0xa0")}`,
  ],
};

describe("deadlocks", () => {
  test("of a monitor and a lock are found in the stacks, with those that wait behind", () => {
    const { findings } = analysisBy(threadDeadlocks, threadDumpsOf([left, right, ...times(3, waiter)]));
    expect(findings.map(({ severity, title }) => [severity, title])).toEqual([
      ["critical", "Deadlock: `left` and `right` wait for each other for ever; 3 other threads wait behind them"],
    ]);
    expect(findings[0]?.evidence.map(({ value }) => value)).toEqual([
      "`left` waits for `ReentrantLock`, which `right` has, at Bank.move(Bank.java:9)",
      "`right` waits for the monitor of `Store`, which `left` has, at Bank.check(Bank.java:20)",
      "in the stacks; the JVM does not report it",
    ]);
    expect(findings[0]?.key).toBe("threads/deadlock:left@demo.Bank.move+right@demo.Bank.check");
  });

  test("of static initialisers are found, although every thread is RUNNABLE", () => {
    const initialising = (mine: string, other: string) => ({
      name: mine,
      at: [
        `demo.${mine}.<clinit>(${mine}.java:2)`,
        `- waiting on the Class initialization monitor for demo.${other}`,
        "demo.Main.run(Main.java:3)",
      ],
    });
    expect(
      toldBy(threadDeadlocks, threadDumpsOf([initialising("First", "Second"), initialising("Second", "First")])),
    ).toEqual(["critical Deadlock: `First` and `Second` wait for each other for ever"]);
  });

  test("a circle of any length is one, and a chain is none", () => {
    const circle = (size: number, isClosed: boolean) =>
      Array.from({ length: size }, (_, index) => ({
        name: `t${index}`,
        state: "BLOCKED (on object monitor)",
        at: [
          "demo.A.b(A.java:1)",
          ...(index < size - 1 || isClosed ? [`- waiting to lock ${monitor(`0xc${(index + 1) % size}`)}`] : []),
          `- locked ${monitor(`0xc${index}`)}`,
        ],
      }));
    for (const size of [2, 3, 9]) {
      expect(toldBy(threadDeadlocks, threadDumpsOf(circle(size, true))).length).toBe(1);
      expect(toldBy(threadDeadlocks, threadDumpsOf(circle(size, false)))).toEqual([]);
    }
  });

  test("a thread that waits to be notified does not have the monitor that its stack names as locked", () => {
    const notified = {
      name: "a",
      state: "WAITING",
      at: [
        "java.lang.Object.wait0(java.base@25/Native Method)",
        `- waiting on ${monitor("0xa0")}`,
        "demo.Q.take(Q.java:1)",
        `- locked ${monitor("0xa0")}`,
      ],
    };
    const dumps = threadDumpsOf([notified, notified, waiter, waiter]);
    expect(toldBy(threadDeadlocks, dumps)).toEqual([]);
    expect(toldBy(threadBlocking, dumps)).toEqual([]);
  });
});

describe("threads behind a holder", () => {
  test("are told with what the holder does", () => {
    const { findings, dataOf } = analysisBy(threadBlocking, threadDumpsOf([syncing, ...times(7, waiter)]));
    expect(findings.map(({ severity, title }) => [severity, title])).toEqual([
      [
        "warning",
        "7 threads wait behind `wal-writer`, which has the monitor of `Store` and waits for the disk (fsync) in Wal.sync(Wal.java:50)",
      ],
    ]);
    expect(dataOf("lockTree")).toMatchObject({
      roots: [{ thread: "wal-writer", behind: 7, waiters: Array(7).fill({ behind: 0, waitsFor: "demo.Store" }) }],
    });
  });

  test("few are by chance, unless the same holder keeps them in three dumps", () => {
    const few = [syncing, ...times(2, waiter)];
    expect(toldBy(threadBlocking, threadDumpsOf(few))).toEqual([]);
    expect(toldBy(threadBlocking, threadDumpsOf(few, few, few))).toHaveLength(1);
    const elsewhere = { ...syncing, at: ["demo.Wal.write(Wal.java:60)", `- locked ${monitor("0xa0")}`] };
    expect(toldBy(threadBlocking, threadDumpsOf(few, [elsewhere, ...times(2, waiter)], few))).toEqual([]);
  });

  test("many behind one that does not move are critical", () => {
    const many = [syncing, ...times(10, waiter)];
    expect(toldBy(threadBlocking, threadDumpsOf(many, many, many))[0]).toMatch(/^critical 10 threads wait behind/);
  });

  test("a chain counts to its root", () => {
    const middle = {
      name: "middle",
      state: "BLOCKED (on object monitor)",
      at: ["demo.M.n(M.java:1)", `- waiting to lock ${monitor("0xa0")}`, `- locked ${monitor("0xd0")}`],
    };
    const behindMiddle = { ...waiter, name: "far", at: ["demo.F.g(F.java:1)", `- waiting to lock ${monitor("0xd0")}`] };
    const { findings, sections } = analysisBy(
      threadBlocking,
      threadDumpsOf([syncing, middle, ...times(6, behindMiddle)]),
    );
    expect(findings[0]?.title).toMatch(/^7 threads wait behind `wal-writer`/);
    expect(sections[0]?.blocks).toEqual([
      {
        title: "wal-writer waits for the disk (fsync) in Wal.sync(Wal.java:50)",
        lines: [
          "└─ middle waits for the monitor of Store in M.n(M.java:1)",
          "   └─ 6 × far-* wait for the monitor of Store in F.g(F.java:1)",
        ],
      },
    ]);
  });

  test("where the dump does not tell the owner, that is said", () => {
    const parked = {
      name: "request",
      state: "WAITING (parking)",
      at: [park, `- parking to wait for  ${lock("0xb0")}`, "demo.Store.put(Store.java:3)"],
    };
    expect(toldBy(threadBlocking, threadDumpsOf(times(5, parked)))).toEqual([
      "warning 5 threads wait for one `ReentrantLock` in Store.put(Store.java:3); the dump does not tell who has it",
    ]);
    expect(toldBy(threadBlocking, threadDumpsOf(times(4, parked)))).toEqual([]);
  });
});
