import fc from "fast-check";
import { expect, test } from "vitest";
import { clockSpan } from "../../analyzers/clock-span.ts";
import { timeline } from "../../analyzers/timeline.ts";
import { wholePercents } from "../../analyzers/whole-percents.ts";
import { type DrawnEvent, drawnRecording } from "../drawn-recording.ts";

const options = { top: 5, showValues: false };

/** Four handlers are well for a minute, but for eight seconds in which all wait for one that syncs under a lock. */
function drawnBurst() {
  const events: DrawnEvent[] = [0, 1, 2, 3].map((handler) => ({
    startTime: 20,
    duration: 8,
    eventThread: `handler-${handler}`,
    monitorClass: "a.Store",
    stackTrace: "a.Main.run;a.Store.put",
  }));
  const drawn = drawnRecording({
    durationSeconds: 60,
    startMillis: Date.UTC(2026, 0, 2, 12, 3, 0),
    tables: {
      "jdk.JavaMonitorEnter": events.map((event) => ({ ...event, ownerThread: "flusher" })),
      "jdk.FileForce": [
        { startTime: 20, duration: 6, eventThread: "flusher", path: "/data/wal/1.log", stackTrace: "a.Wal.flush" },
      ],
      "jdk.GCPhasePause": [{ startTime: 26, duration: 2, name: "GC Pause" }],
    },
  });
  const columns = drawn.recording.tables.get("jdk.JavaMonitorEnter")!.columns as Map<string, never>;
  columns.set("previousOwner", columns.get("ownerThread")!);
  return drawn;
}

test("the worst window is told with its time, its threads and what their time went to", () => {
  const [finding] = timeline.analyze(drawnBurst(), options).findings;
  expect(finding).toMatchObject({
    rule: "timeline/slow-window",
    severity: "warning",
    title:
      "12:03:20–28 UTC: 5 threads lost 100 % of their time: 75 % fsync on /data/wal by `Wal.flush`, 25 % garbage collection",
  });
  expect(finding!.evidence.slice(0, 2).map(({ label, value }) => `${label} ${value}`)).toEqual([
    "75 % fsync on /data/wal by `Wal.flush`, 30.0 s, 80 % of it waiting for the lock of the one who did it",
    "25 % garbage collection, 10.0 s",
  ]);
  expect(finding!.advice).toMatch(/^Take that work out of the lock/);
});

test("the section has a series per cause and windows whose shares add up to one", () => {
  const [section] = timeline.analyze(drawnBurst(), options).sections;
  const data = section!.data as {
    binSeconds: number;
    series: Record<string, number[]>;
    windows: { causes: { share: number }[] }[];
  };
  expect(data.binSeconds).toBe(1);
  expect(Object.keys(data.series)).toEqual(["gc", "fsync", "monitor"]);
  expect(data.series.monitor!.slice(19, 29)).toEqual([0, 4, 4, 4, 4, 4, 4, 4, 4, 0]);
  expect(data.windows[0]!.causes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
});

test("a thread that stands still all along is information, and a quiet recording has no window", () => {
  const steady = drawnRecording({
    durationSeconds: 60,
    tables: {
      "jdk.SocketRead": Array.from({ length: 120 }, (_, i) => ({
        startTime: i / 2,
        duration: 0.45,
        eventThread: "caller",
        host: "db",
        port: 5432,
        stackTrace: "a.Client.ask",
      })),
    },
  });
  expect(timeline.analyze(steady, options).findings).toMatchObject([
    {
      severity: "info",
      title: expect.stringContaining(
        "All along: 1 thread lost 90 % of their time: 90 % waiting for the network on db:5432",
      ),
    },
  ]);
  expect(timeline.analyze(drawnRecording({}), options).findings).toEqual([]);
});

test("whole percents of any shares of one whole add up to 100 and are off by less than one", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 12 }), (parts) => {
      const whole = parts.reduce((sum, part) => sum + part, 0);
      const percents = wholePercents(parts.map((part) => part / whole));
      expect(percents.reduce((sum, percent) => sum + percent, 0)).toBe(100);
      for (const [i, percent] of percents.entries())
        expect(Math.abs(percent - (100 * parts[i]!) / whole)).toBeLessThan(1);
    }),
    { seed: 7, numRuns: 200 },
  );
});

test("spans of the clock are short where they can be", () => {
  const start = Date.UTC(2026, 0, 2, 12, 3, 0);
  expect(clockSpan(start, { fromSeconds: 10, toSeconds: 20 })).toBe("12:03:10–20 UTC");
  expect(clockSpan(start, { fromSeconds: 10, toSeconds: 130 })).toBe("12:03:10–12:05:10 UTC");
  expect(clockSpan(start, { fromSeconds: 10.25, toSeconds: 11.5 })).toBe("12:03:10.3–11.5 UTC");
});
