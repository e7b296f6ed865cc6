import type { Analyzer } from "../src/model/analyzer.ts";
import { formatDuration } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import type { Section, Table } from "../src/model/section.ts";
import { callSitesOf } from "./call-sites.ts";
import { limitsEvidence } from "./capture-limits.ts";
import { shortFrameName } from "./frame-names.ts";
import { slowFiles, slowSockets } from "./io-latency.ts";
import { smallTransfers, syncStorms } from "./io-patterns.ts";
import { figuresOf, folderOf, type StallGroup, stallGroupsOf } from "./stall-groups.ts";
import { type StallKind, stallEvents } from "./stall-kinds.ts";
import { type Stalls, stallsOf } from "./stalls.ts";
import { hotThresholds } from "./thresholds-hot.ts";

const ioKinds: readonly StallKind[] = ["fsync", "file-read", "file-write", "socket-read", "socket-write"];

/** Files, syncs and sockets: what is slow, what is done too often, what is done in too small pieces. */
export const io: Analyzer<"recording"> = {
  name: "io",
  description: "slow files and peers, storms of fsync, tiny reads and writes; per path, host and folder",
  needs: ["recording"],
  analyze({ recording }, options) {
    const stalls = stallsOf(recording);
    const groups = stallGroupsOf(recording, stalls, callSitesOf(recording.stacks), ioKinds);
    const findings = [
      ...syncStorms(recording, groups),
      ...slowFiles(recording, groups),
      ...slowSockets(recording, groups),
      ...smallTransfers(recording, stalls, groups),
    ];
    return { findings, sections: groups.length === 0 ? [] : [sectionOf(recording, stalls, groups, options.top)] };
  },
};

function sectionOf(recording: RecordingEvidence, stalls: Stalls, groups: readonly StallGroup[], top: number): Section {
  const [limits] = limitsEvidence(
    recording,
    ioKinds.flatMap((kind) => stallEvents[kind]),
  );
  const note = limits === undefined ? undefined : `not in these numbers: ${limits.value}`;
  return {
    name: "io",
    title: "Files and sockets",
    data: {
      notRecorded: limits?.value ?? null,
      operations: groups.slice(0, hotThresholds.rows.groups).map((group) => jsonOf(stalls, group)),
    },
    tables: [groupTable(groups, top, note), folderTable(stalls, groups, top)],
    blocks: [],
    shownByDefault: false,
  };
}

function jsonOf(stalls: Stalls, { kind, subject, site, rows, figures }: StallGroup): unknown {
  return {
    operation: kind,
    subject,
    site,
    count: figures.count,
    bytes: sumOf(rows.map((row) => stalls.bytes[row]!)),
    totalSeconds: figures.totalSeconds,
    p50Seconds: figures.p50Seconds,
    p99Seconds: figures.p99Seconds,
    maxSeconds: figures.maxSeconds,
    threads: figures.threads.length,
    share: figures.share,
  };
}

/** Of the numbers that are there. */
function sumOf(values: readonly number[]): number | null {
  const known = values.filter((value) => value >= 0);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

function groupTable(groups: readonly StallGroup[], top: number, note: string | undefined): Table {
  return {
    title: "By path or peer, and site",
    columns: [
      { title: "operation", kind: "text" },
      { title: "path or peer", kind: "text" },
      { title: "site", kind: "text" },
      { title: "count", kind: "count" },
      { title: "total", kind: "seconds" },
      { title: "p50", kind: "text" },
      { title: "p99", kind: "text" },
    ],
    rows: groups
      .slice(0, top)
      .map(({ kind, subject, site, figures }) => [
        kind,
        subject,
        shortFrameName(site),
        figures.count,
        figures.totalSeconds,
        formatDuration(figures.p50Seconds),
        formatDuration(figures.p99Seconds),
      ]),
    omittedRows: Math.max(0, groups.length - top),
    ...(note === undefined ? {} : { note }),
  };
}

/** All that goes to one folder goes to one volume. */
function folderTable(stalls: Stalls, groups: readonly StallGroup[], top: number): Table {
  const folders = [
    ...Map.groupBy(
      groups.filter(({ subject }) => subject.startsWith("/")),
      ({ subject }) => folderOf(subject),
    ),
  ]
    .map(([folder, members]) => ({
      folder,
      syncs: figuresOf(stalls, rowsOf(members, "fsync")),
      reads: secondsOf(members, "file-read"),
      writes: secondsOf(members, "file-write"),
    }))
    .sort((a, b) => totalOf(b) - totalOf(a) || (a.folder < b.folder ? -1 : 1));
  return {
    title: "By folder",
    columns: [
      { title: "folder", kind: "text" },
      { title: "reading", kind: "seconds" },
      { title: "writing", kind: "seconds" },
      { title: "syncing", kind: "seconds" },
      { title: "syncs", kind: "count" },
      { title: "sync p99", kind: "text" },
    ],
    rows: folders
      .slice(0, top)
      .map(({ folder, reads, writes, syncs }) => [
        folder,
        reads,
        writes,
        syncs.totalSeconds,
        syncs.count,
        syncs.count === 0 ? null : formatDuration(syncs.p99Seconds),
      ]),
    omittedRows: Math.max(0, folders.length - top),
  };
}

interface FolderTotals {
  readonly syncs: { readonly totalSeconds: number };
  readonly reads: number;
  readonly writes: number;
}

function totalOf({ syncs, reads, writes }: FolderTotals): number {
  return syncs.totalSeconds + reads + writes;
}

function rowsOf(groups: readonly StallGroup[], wanted: StallKind): readonly number[] {
  return groups.filter(({ kind }) => kind === wanted).flatMap(({ rows }) => rows);
}

function secondsOf(groups: readonly StallGroup[], wanted: StallKind): number {
  return groups.reduce((sum, { kind, figures }) => sum + (kind === wanted ? figures.totalSeconds : 0), 0);
}
