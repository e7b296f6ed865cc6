import { expect, test } from "vitest";
import { io } from "../../analyzers/io.ts";
import { type DrawnEvent, drawnRecording } from "../drawn-recording.ts";

const options = { top: 5, showValues: false };

function findingsOf(tables: Readonly<Record<string, readonly DrawnEvent[]>>, settings: Record<string, string> = {}) {
  const { recording } = drawnRecording({ durationSeconds: 10, tables, settings });
  return io.analyze({ recording }, options).findings;
}

function many(count: number, eventOf: (i: number) => DrawnEvent): DrawnEvent[] {
  return Array.from({ length: count }, (_, i) => ({
    startTime: (10 * i) / count,
    stackTrace: "a.Main.run;a.Wal.append",
    ...eventOf(i),
  }));
}

test("a sync per record is a storm, whatever the segment's number, and its writes are not told of again", () => {
  const findings = findingsOf({
    "jdk.FileForce": many(4000, (i) => ({
      duration: 0.005,
      eventThread: `handler-${i % 4}`,
      path: `/data/wal/${i % 50}.log`,
    })),
    "jdk.FileWrite": many(4000, (i) => ({
      duration: 1e-5,
      bytesWritten: 100,
      eventThread: `handler-${i % 4}`,
      path: `/data/wal/${i % 50}.log`,
    })),
  });
  expect(findings.map(({ rule, severity, title }) => [rule, severity, title])).toEqual([
    ["io/fsync-storm", "critical", "`Wal.append` syncs /data/wal/*.log 400/s: 50 % of the time of 4 threads"],
  ]);
});

test("one thread that syncs now and then is nothing", () => {
  expect(
    findingsOf({ "jdk.FileForce": many(20, () => ({ duration: 0.01, eventThread: "syncer", path: "/data/1" })) }),
  ).toEqual([]);
});

test("four bytes at a time are told with their rate, which is a lower bound under a throttle", () => {
  const reads = many(21_000, () => ({ duration: 1e-6, bytesRead: 4, eventThread: "scanner", path: "/data/a.idx" }));
  const titleWith = (settings: Record<string, string>) => findingsOf({ "jdk.FileRead": reads }, settings)[0]!.title;
  expect(titleWith({})).toBe("`Wal.append` reads /data/a.idx 4 B at a time, 2,100/s");
  expect(titleWith({ "jdk.FileRead#throttle": "300/s" })).toBe(
    "`Wal.append` reads /data/a.idx 4 B at a time, at least 2,100/s",
  );
});

test("a server's wait for the next request is idleness; a peer that lets threads wait is told, with what was not recorded", () => {
  const requests = many(20, (i) => ({ duration: 4, eventThread: `http-${i}`, host: "10.0.0.7", port: 40_000 + i }));
  const answers = many(60, (i) => ({ duration: 0.3, eventThread: `caller-${i % 3}`, host: "db", port: 5432 }));
  const findings = findingsOf(
    { "jdk.SocketRead": [...requests, ...answers] },
    { "jdk.SocketRead#threshold": "20 ms", "jdk.SocketRead#throttle": "off" },
  );
  expect(findings.map(({ title }) => title)).toEqual([
    "db:5432 let `Wal.append` wait 300 ms per answer, 60 % of the time of 3 threads",
  ]);
  expect(findings[0]!.evidence.at(-1)).toMatchObject({ label: "not in it", value: "SocketRead shorter than 20 ms" });
});

test("a single write of five seconds is a warning, p99 of few is not told", () => {
  const findings = findingsOf({
    "jdk.FileWrite": [{ startTime: 1, duration: 5, eventThread: "a", path: "/mnt/x", stackTrace: "a.B.c" }],
    "jdk.FileRead": many(6, () => ({ duration: 0.12, eventThread: "r", path: "/mnt/y" })),
  });
  expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([["io/slow-file", "warning"]]);
});
