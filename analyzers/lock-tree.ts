import { formatCount } from "../src/model/format-number.ts";
import type { Section } from "../src/model/section.ts";
import type { ThreadOfDump } from "../src/model/thread-dump.ts";
import { activityOf, activityWords } from "./dump-activity.ts";
import { longFrame, shortFrame, topOwnFrame } from "./dump-frames.ts";
import { lockWords, type NameOptions, openName, threadLabel } from "./dump-labels.ts";
import { behind, type LockGraph } from "./dump-locks.ts";
import { threadLimits } from "./thresholds-threads.ts";

/** Threads that have locks others wait for, as trees. */
export function lockTreeSection(graph: LockGraph, options: NameOptions): Section {
  const firstOfCircle = new Set(graph.circles.map((circle) => mostBehind(graph, circle)));
  const roots = [...graph.waitersOf.keys()]
    .filter((thread) => firstOfCircle.has(thread) || (graph.waits.get(thread)?.holder ?? -1) < 0)
    .map((thread) => ({ thread, behind: behind(graph, thread).length }))
    .sort((a, b) => b.behind - a.behind || a.thread - b.thread);
  const shown = roots.slice(0, threadLimits.rows.trees);
  return {
    name: "lockTree",
    title: "Who waits for whom",
    data: {
      roots: shown.map(({ thread }) => nodeOf(graph, thread, { path: new Set(), options })),
      omittedRoots: roots.length - shown.length,
    },
    tables: [],
    blocks: shown.slice(0, 5).map(({ thread }) => ({
      title: headOf(graph, thread, options),
      lines: treeLines(graph, thread, { options, path: new Set([thread]), indent: "" }),
    })),
    shownByDefault: roots.some(({ behind: count }) => count >= 2),
  };
}

function mostBehind(graph: LockGraph, circle: readonly number[]): number {
  const waiting = (thread: number) => graph.waitersOf.get(thread)?.length ?? 0;
  return circle.reduce((most, thread) => (waiting(thread) > waiting(most) ? thread : most), circle[0] ?? -1);
}

interface TreeNode {
  readonly thread: string;
  readonly javaId: number | null;
  readonly state: string;
  readonly waitsFor: string | null;
  readonly behind: number;
  readonly stack: readonly string[];
  readonly waiters: readonly TreeNode[];
}

function nodeOf(
  graph: LockGraph,
  index: number,
  { path, options }: { readonly path: ReadonlySet<number>; readonly options: NameOptions },
): TreeNode {
  const thread = graph.dump.threads[index]!;
  const inner = new Set([...path, index]);
  const waiters = (graph.waitersOf.get(index) ?? []).filter((waiter) => !inner.has(waiter));
  const isDeep = path.size >= deepest;
  return {
    thread: threadLabel(thread, options),
    javaId: thread.javaId ?? null,
    state: thread.state,
    waitsFor: graph.waits.get(index)?.lock.className ?? null,
    behind: behind(graph, index).length,
    stack: thread.frames.slice(0, threadLimits.rows.shownFrames).map(longFrame),
    waiters: isDeep
      ? []
      : waiters.slice(0, threadLimits.rows.branches).map((waiter) => nodeOf(graph, waiter, { path: inner, options })),
  };
}

/** A chain of threads is cut here; `behind` counts all. */
const deepest = 12;

function headOf(graph: LockGraph, index: number, options: NameOptions): string {
  const thread = graph.dump.threads[index]!;
  const isInCircle = graph.circles.some((circle) => circle.includes(index));
  return `${threadLabel(thread, options)} ${doing(thread)}${isInCircle ? ": a deadlock" : ""}`;
}

function doing(thread: ThreadOfDump): string {
  const frame = topOwnFrame(thread.frames);
  return `${activityWords[activityOf(thread)]}${frame ? ` in ${shortFrame(frame)}` : ""}`;
}

interface TreeContext {
  readonly options: NameOptions;
  readonly path: ReadonlySet<number>;
  readonly indent: string;
}

/** Waiters that hold up none are told together by pool and place. */
function treeLines(graph: LockGraph, index: number, context: TreeContext): readonly string[] {
  const { options, path, indent } = context;
  const waiters = graph.waitersOf.get(index) ?? [];
  const holders = waiters.filter((waiter) => graph.waitersOf.has(waiter));
  const leaves = waiters.filter((waiter) => !graph.waitersOf.has(waiter));
  const lines = [
    ...holders.map((waiter) => ({
      text: `${threadLabel(graph.dump.threads[waiter]!, options)}${wanting(graph, waiter)}${path.has(waiter) ? " (see above: a circle)" : ""}`,
      below: path.has(waiter) || path.size >= deepest ? undefined : waiter,
    })),
    ...leavesByPlace(graph, leaves).map((text) => ({ text, below: undefined })),
  ];
  const shown = lines.slice(0, 12);
  const more = lines.length - shown.length;
  return [
    ...shown.flatMap(({ text, below }, at) => {
      const isLast = at === shown.length - 1 && more === 0;
      const deeper = `${indent}${isLast ? "   " : "│  "}`;
      const inner =
        below === undefined
          ? []
          : treeLines(graph, below, { options, path: new Set([...path, below]), indent: deeper });
      return [`${indent}${isLast ? "└─ " : "├─ "}${text}`, ...inner];
    }),
    ...(more > 0 ? [`${indent}└─ and ${formatCount(more)} more`] : []),
  ];
}

function wanting(graph: LockGraph, waiter: number): string {
  const frame = topOwnFrame(graph.dump.threads[waiter]!.frames);
  const wait = graph.waits.get(waiter);
  const lock = wait ? lockWords(wait.lock).replaceAll("`", "") : "?";
  return ` waits for ${lock}${frame ? ` in ${shortFrame(frame)}` : ""}`;
}

function leavesByPlace(graph: LockGraph, leaves: readonly number[]): readonly string[] {
  const groups = Map.groupBy(leaves, (leaf) => `${openName(graph.dump.threads[leaf]!.pool)}${wanting(graph, leaf)}`);
  return [...groups]
    .sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))
    .map(([text, { length }]) =>
      length === 1 ? text : `${formatCount(length)} × ${text.replace(" waits for ", " wait for ")}`,
    );
}
