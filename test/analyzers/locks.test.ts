import { expect, test } from "vitest";
import { locks } from "../../analyzers/locks.ts";
import { poolSaturation } from "../../analyzers/pool-saturation.ts";
import { type DrawnEvent, drawnRecording } from "../drawn-recording.ts";

const options = { top: 5, showValues: false };
const take =
  "java.lang.Thread.run;java.util.concurrent.ThreadPoolExecutor.getTask;java.util.concurrent.LinkedBlockingQueue.take;java.util.concurrent.locks.LockSupport.park";

/** Eight workers that wait one after another, each for what seven others take. */
function waits(stack: string, more: DrawnEvent): DrawnEvent[] {
  return Array.from({ length: 80 }, (_, i) => ({
    startTime: i / 8,
    duration: 0.7,
    eventThread: `worker-${i % 8}`,
    stackTrace: stack,
    ...more,
  }));
}

test("idle workers are accused of nothing, however long they park", () => {
  const parks = waits(take, {
    duration: 60,
    parkedClass: "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject",
  });
  const { recording } = drawnRecording({ tables: { "jdk.ThreadPark": parks } });
  expect(locks.analyze({ recording }, options).findings).toEqual([]);
});

test("a lock that most wait for most of the time is a convoy, of monitors and of java.util.concurrent alike", () => {
  const { recording } = drawnRecording({
    durationSeconds: 10,
    tables: {
      "jdk.JavaMonitorEnter": waits("a.Main.run;a.Store.put", { monitorClass: "a.Store", previousOwner: null }),
      "jdk.ThreadPark": waits("a.Main.run;a.Log.append;java.util.concurrent.locks.ReentrantLock.lock", {
        parkedClass: "java.util.concurrent.locks.ReentrantLock$NonfairSync",
      }),
    },
    settings: { "jdk.JavaMonitorEnter#threshold": "10 ms" },
  });
  const { findings } = locks.analyze({ recording }, options);
  expect(findings.map(({ rule, severity, title }) => [rule, severity, title])).toEqual([
    [
      "lock/convoy",
      "critical",
      "8 threads queue for the monitor of `Store` in `Store.put`: 70 % of their time, up to 6 at once",
    ],
    [
      "lock/convoy",
      "critical",
      "8 threads queue for a `ReentrantLock` in `Log.append`: 70 % of their time, up to 6 at once",
    ],
  ]);
  expect(findings[0]!.evidence.at(-1)).toMatchObject({ value: "JavaMonitorEnter shorter than 10 ms" });
});

test("the holder is found at the head of the queue, with what it does there", () => {
  const { recording } = drawnRecording({
    durationSeconds: 10,
    tables: {
      // Each waiter's predecessor waited itself, and all of them for the flusher.
      "jdk.JavaMonitorEnter": Array.from({ length: 10 }, (_, i) => ({
        startTime: 1,
        duration: 5 + i / 100,
        eventThread: `worker-${i}`,
        previousOwner: i === 0 ? "flusher" : `worker-${i - 1}`,
        monitorClass: "a.Store",
        stackTrace: "a.Main.run;a.Store.put",
      })).map(({ previousOwner, ...event }) => ({ ...event, previousOwnerThread: previousOwner })),
      "jdk.FileForce": [
        { startTime: 1, duration: 5, eventThread: "flusher", path: "/data/wal/0017.log", stackTrace: "a.Store.flush" },
      ],
    },
  });
  rename(recording, "previousOwnerThread", "previousOwner");
  const [finding] = locks.analyze({ recording }, options).findings;
  expect(finding!.evidence.find(({ label }) => label === "held by")!.value).toBe(
    "`flusher`, fsync on /data/wal/*.log during 99.1 % of the waiting",
  );
  expect(finding!.advice).toMatch(/^Move that out of the lock/);
});

/** The drawing tells threads by the end of a field's name, which this one has not. */
function rename(recording: ReturnType<typeof drawnRecording>["recording"], from: string, to: string): void {
  const columns = recording.tables.get("jdk.JavaMonitorEnter")!.columns as Map<string, never>;
  columns.set(to, columns.get(from)!);
}

test("one rare or short wait is nothing", () => {
  const { recording } = drawnRecording({
    tables: {
      "jdk.JavaMonitorEnter": waits("a.Main.run;a.Store.put", { monitorClass: "a.Store", duration: 0.01 }).slice(0, 20),
    },
  });
  expect(locks.analyze({ recording }, options).findings).toEqual([]);
});

test("producers that wait for room point to the pool behind the queue; a semaphore that one thread sleeps on does not", () => {
  const put = waits("a.Main.run;a.Queue.add;java.util.concurrent.ArrayBlockingQueue.put", {
    parkedClass: "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject",
  });
  const signal = Array.from({ length: 100 }, (_, i) => ({
    startTime: i / 10,
    duration: 0.1,
    eventThread: "syncer",
    stackTrace: "a.Syncer.run;java.util.concurrent.Semaphore.acquire",
    parkedClass: "java.util.concurrent.Semaphore$NonfairSync",
  }));
  const flushes = Array.from({ length: 10 }, (_, i) => ({
    startTime: i,
    duration: 0.95,
    eventThread: "flusher-1",
    path: "/data/1",
    stackTrace: "a.Queue.drain;a.Table.sync",
  }));
  const { recording, profiles } = drawnRecording({
    durationSeconds: 10,
    tables: { "jdk.ThreadPark": [...put, ...signal], "jdk.FileForce": flushes },
  });
  const { findings } = poolSaturation.analyze({ recording, profiles }, options);
  expect(findings.map(({ title }) => title)).toEqual([
    "Pool `flusher-*` has no idle thread, and 8 threads wait 70 % of the time for room in the queue of `Queue.add`",
  ]);
});
