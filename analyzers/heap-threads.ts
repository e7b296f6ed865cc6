import type { AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatBytes, formatCount, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { HeapEvidence, HeapThread, StackFrame } from "../src/model/heap-evidence.ts";
import type { Section } from "../src/model/section.ts";
import type { Bytes } from "../src/model/units.ts";
import { isPlatformClass, outerNameOf } from "./class-names.ts";
import { classOf, reachableBytesOf, retainedBytesOf } from "./heap-lookup.ts";
import { outOfMemory, placeKeyOf } from "./out-of-memory.ts";
import { formatFrame, formatShortFrame, readThreadFacts, type ThreadFacts } from "./thread-facts.ts";
import { thresholds } from "./thresholds.ts";

/** One live thread. */
export interface ThreadRow {
  readonly thread: HeapThread;
  readonly facts: ThreadFacts;
  readonly retainedBytes: Bytes;
}

/** The threads of the dump: their stacks, their locals and what they retain. */
export const heapThreads: Analyzer<"heap"> = {
  name: "heap-threads",
  description: "threads with stack, locals and retained bytes; which one ran out of memory",
  needs: ["heap"],
  analyze({ heap }, options) {
    const rows = rowsOf(heap, options);
    const findings = [...outOfMemory(heap, rows), ...tooMany(rows), ...bigLocals(heap, rows)];
    return { findings, sections: [sectionOf(heap, rows, options)] };
  },
};

function rowsOf(heap: HeapEvidence, options: AnalysisOptions): ThreadRow[] {
  const threads = heap.threads.filter(({ ordinal }) => ordinal > 0);
  const facts = readThreadFacts(
    heap,
    threads.map(({ ordinal }) => ordinal),
    options,
  );
  return threads
    .map((thread) => ({
      thread,
      facts: facts.get(thread.ordinal)!,
      retainedBytes: retainedBytesOf(heap, thread.ordinal),
    }))
    .sort(
      (a, b) =>
        b.retainedBytes - a.retainedBytes ||
        compareText(a.facts.name, b.facts.name) ||
        a.thread.serial - b.thread.serial,
    );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function tooMany(rows: readonly ThreadRow[]): Finding[] {
  if (rows.length < thresholds.threads.count) return [];
  const pools = poolsOf(rows);
  const [biggest] = pools;
  if (biggest === undefined) return [];
  return [
    {
      rule: "heap/too-many-threads",
      key: "heap/too-many-threads",
      severity: "warning",
      score: Math.min(100, Math.round(rows.length / 100)),
      title: `${formatCount(rows.length)} threads, ${formatCount(biggest.threads)} of them \`${biggest.pool}\``,
      impact: { value: rows.length, unit: "count" },
      evidence: pools.slice(0, 4).map(
        ({ pool, threads, topFrame }): FindingEvidence => ({
          label: pool,
          value: `${formatNumberOf(threads, "thread")}, most at ${topFrame}`,
          unit: "text",
          source: "sections.threads",
        }),
      ),
      advice: `Bound the pool that makes \`${biggest.pool}\`: each thread costs a stack of up to -Xss outside the heap, and thousands point to threads that are started per request or never ended.`,
      docs: "rules/heap-too-many-threads.md",
    },
  ];
}

/** What a thread holds through a local variable; what it holds through its fields is the suspects' matter. */
function bigLocals(heap: HeapEvidence, rows: readonly ThreadRow[]): Finding[] {
  const limits = thresholds.threads;
  const reachableBytes = reachableBytesOf(heap);
  return rows.flatMap((row) => {
    const local = biggestLocal(heap, row);
    if (local === undefined) return [];
    const retainedBytes = retainedBytesOf(heap, local.ordinal);
    const share = retainedBytes / reachableBytes;
    if (retainedBytes < limits.retainedBytes || share < limits.retainedShare) return [];
    const frame = row.thread.frames[local.frame];
    const place = frame === undefined ? "a local variable" : `a local in ${formatShortFrame(frame)}`;
    return [
      {
        rule: "heap/thread-retains",
        key: `heap/thread-retains:${row.facts.pool}:${placeKeyOf(frame)}`,
        severity: "info" as const,
        score: Math.round(100 * share),
        title: `Thread \`${row.facts.name}\` holds a \`${outerNameOf(classOf(heap, local.ordinal).name)}\` of ${formatBytes(retainedBytes)}, ${formatPercent(share)} of the heap, in ${place}`,
        impact: { value: retainedBytes, unit: "bytes" as const },
        evidence: stackEvidence(row.thread),
        advice: `It is freed when that frame returns. If that is too late, hold less of it at a time there; the thread stands at ${topOwnFrame(row.thread)}.`,
        docs: "rules/heap-thread-retains.md",
      },
    ];
  });
}

/** Of the objects that frames hold and nothing else does. */
function biggestLocal(heap: HeapEvidence, { thread }: ThreadRow) {
  const held = thread.locals.filter(
    ({ ordinal }) => ordinal > 0 && heap.dominators.dominatorOf[ordinal] === thread.ordinal,
  );
  return held.sort(
    (a, b) => retainedBytesOf(heap, b.ordinal) - retainedBytesOf(heap, a.ordinal) || a.ordinal - b.ordinal,
  )[0];
}

function stackEvidence({ frames }: HeapThread): FindingEvidence[] {
  return frames.slice(0, 4).map((frame, i) => ({
    label: i === 0 ? "at" : "",
    value: formatFrame(frame),
    unit: "text",
    source: "sections.threads",
  }));
}

/** The topmost frame that is not the JDK's, in short; else the JDK's own that says more of a waiting thread than `Unsafe.park`. */
function topOwnFrame({ frames }: HeapThread): string {
  const isParking = ({ className, method }: StackFrame) =>
    /^(jdk\.internal\.misc\.|sun\.misc\.|java\.util\.concurrent\.locks\.)/.test(className) || method.startsWith("wait");
  const frame =
    frames.find(({ className }) => !isPlatformClass(className)) ?? frames.find((each) => !isParking(each)) ?? frames[0];
  return frame === undefined ? "no frames" : formatShortFrame(frame);
}

interface Pool {
  readonly pool: string;
  readonly threads: number;
  readonly retainedBytes: Bytes;
  readonly topFrame: string;
}

function poolsOf(rows: readonly ThreadRow[]): Pool[] {
  const pools = Map.groupBy(rows, ({ facts }) => facts.pool);
  return [...pools]
    .map(([pool, members]) => ({
      pool,
      threads: members.length,
      retainedBytes: members.reduce((bytes, row) => bytes + row.retainedBytes, 0),
      topFrame: mostFrequent(members.map(({ thread }) => topOwnFrame(thread))),
    }))
    .sort((a, b) => b.threads - a.threads || b.retainedBytes - a.retainedBytes || compareText(a.pool, b.pool));
}

function mostFrequent(texts: readonly string[]): string {
  const counts = [...Map.groupBy(texts, (text) => text)].sort(
    (a, b) => b[1].length - a[1].length || compareText(a[0], b[0]),
  );
  return counts[0]?.[0] ?? "";
}

function sectionOf(heap: HeapEvidence, rows: readonly ThreadRow[], options: AnalysisOptions): Section {
  const pools = poolsOf(rows).sort((a, b) => b.retainedBytes - a.retainedBytes || compareText(a.pool, b.pool));
  const virtual = heap.classes
    .filter(({ name }) => name === "java.lang.VirtualThread")
    .reduce((count, { index }) => count + (heap.census.instances[index] ?? 0), 0);
  return {
    name: "threads",
    title: "Threads",
    data: rows.slice(0, thresholds.rows.threads).map((row) => jsonOf(heap, row)),
    tables: [
      {
        title: `${formatNumberOf(rows.length, "thread")} by pool`,
        columns: [
          { title: "pool", kind: "text" },
          { title: "threads", kind: "count" },
          { title: "retained", kind: "bytes" },
          { title: "at", kind: "text" },
        ],
        rows: pools
          .slice(0, options.top)
          .map(({ pool, threads, retainedBytes, topFrame }) => [pool, threads, retainedBytes, topFrame]),
        omittedRows: Math.max(0, pools.length - options.top),
        ...(virtual > 0 ? { note: `and ${formatNumberOf(virtual, "virtual thread object")}` } : {}),
      },
    ],
    blocks: [],
    shownByDefault: false,
  };
}

function jsonOf(heap: HeapEvidence, { thread, facts, retainedBytes }: ThreadRow): unknown {
  return {
    name: facts.name,
    className: classOf(heap, thread.ordinal).name,
    objectId: heap.objects.idOf(thread.ordinal),
    state: facts.state ?? null,
    daemon: facts.daemon ?? null,
    priority: facts.priority ?? null,
    retainedBytes,
    localsCount: thread.locals.length,
    stack: thread.frames.slice(0, thresholds.rows.frames).map(formatFrame),
  };
}
