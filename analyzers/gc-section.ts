import type { Analyzer } from "../src/model/analyzer.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import type { Section } from "../src/model/section.ts";
import {
  type Collection,
  collectionsOf,
  collectorNameOf,
  maxHeapOf,
  pauseFigures,
  pausesOf,
} from "./gc-collections.ts";
import { headroomOf } from "./gc-headroom.ts";
import { historyOfRecording } from "./gc-recorded-history.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

/** What the recording tells of its collections, by cause. */
export const gcSection: Analyzer<"recording"> = {
  name: "gc-section",
  description: "collections by collector and cause, and the lengths of their pauses",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: [], sections: sectionsOf(recording) }),
};

interface CauseRow {
  readonly collector: string;
  readonly cause: string;
  readonly collections: number;
  readonly pauseSeconds: number;
  readonly longestSeconds: number;
  readonly full: number;
}

function sectionsOf(recording: RecordingEvidence): Section[] {
  const collections = collectionsOf(recording);
  const pauses = pausesOf(recording);
  if (collections.length === 0 && pauses.length === 0) return [];
  const causes = causesOf(collections, longestByCollection(recording));
  const listed = causes.slice(0, jvmThresholds.rows);
  const figures = pauseFigures(pauses);
  const headroom = headroomOf(historyOfRecording(recording));
  return [
    {
      name: "gc",
      title: "Collections",
      data: {
        collector: collectorNameOf(recording) ?? null,
        runtimeSeconds: recording.durationSeconds,
        collections: collections.length,
        fullCollections: collections.filter(({ isFull }) => isFull).length,
        pauses: figures.count,
        pauseSeconds: { total: figures.total, max: figures.max, p50: figures.p50, p99: figures.p99 },
        maxHeapBytes: maxHeapOf(recording) ?? null,
        liveBytes: headroom?.liveBytes ?? null,
        causes: listed,
      },
      tables: [
        {
          title: "Collections by cause",
          columns: [
            { title: "collector", kind: "text" },
            { title: "cause", kind: "text" },
            { title: "collections", kind: "count" },
            { title: "paused", kind: "seconds" },
            { title: "longest", kind: "seconds" },
          ],
          rows: listed.map((row) => [row.collector, row.cause, row.collections, row.pauseSeconds, row.longestSeconds]),
          omittedRows: causes.length - listed.length,
        },
      ],
      blocks: [],
      shownByDefault: true,
    },
  ];
}

function longestByCollection(recording: RecordingEvidence): ReadonlyMap<number, number> {
  const longest = new Map<number, number>();
  for (const { gcId, seconds } of pausesOf(recording)) longest.set(gcId, Math.max(longest.get(gcId) ?? 0, seconds));
  return longest;
}

function causesOf(collections: readonly Collection[], longest: ReadonlyMap<number, number>): CauseRow[] {
  const rows = new Map<string, CauseRow>();
  for (const { gcId, name, cause, pauseSeconds, isFull } of collections) {
    const key = `${name}\t${cause}`;
    const row = rows.get(key);
    rows.set(key, {
      collector: name,
      cause,
      collections: (row?.collections ?? 0) + 1,
      pauseSeconds: (row?.pauseSeconds ?? 0) + pauseSeconds,
      longestSeconds: Math.max(row?.longestSeconds ?? 0, longest.get(gcId) ?? 0),
      full: (row?.full ?? 0) + (isFull ? 1 : 0),
    });
  }
  return [...rows.values()].sort((a, b) => b.pauseSeconds - a.pauseSeconds || b.collections - a.collections);
}
