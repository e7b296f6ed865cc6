import type { AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import { formatCount } from "../src/model/format-number.ts";
import type { Block, Section } from "../src/model/section.ts";
import type { DumpedStackFrame, ThreadDumpSnapshot } from "../src/model/thread-dump.ts";
import { longFrame } from "./dump-frames.ts";
import { openName, threadLabel } from "./dump-labels.ts";
import { countsOf, listOf } from "./dump-wording.ts";
import { threadLimits } from "./thresholds-threads.ts";

/** Equal stacks told once, with how many threads have them. */
export const threadStacks: Analyzer<"threadDumps"> = {
  name: "thread-stacks",
  description: "stacks of the last dump, equal ones folded",
  needs: ["threadDumps"],
  analyze({ threadDumps: { dumps } }, options) {
    const last = dumps.at(-1);
    return { findings: [], sections: last ? [sectionOf(last, options)] : [] };
  },
};

interface FoldedStack {
  readonly frames: readonly DumpedStackFrame[];
  count: number;
  virtualCount: number;
  readonly states: Map<string, number>;
  readonly pools: Map<string, number>;
  readonly names: string[];
}

function foldedOf({ threads, folded }: ThreadDumpSnapshot, options: AnalysisOptions): readonly FoldedStack[] {
  const stacks = new Map<readonly DumpedStackFrame[], FoldedStack>();
  const add = (row: Pick<(typeof folded)[number], "frames" | "pool" | "state" | "isVirtual" | "count">) => {
    const stack = stacks.get(row.frames) ?? emptyStack(row.frames);
    stacks.set(row.frames, stack);
    stack.count += row.count;
    if (row.isVirtual) stack.virtualCount += row.count;
    stack.states.set(row.state, (stack.states.get(row.state) ?? 0) + row.count);
    stack.pools.set(row.pool, (stack.pools.get(row.pool) ?? 0) + row.count);
    return stack;
  };
  for (const thread of threads.filter(({ isInternal }) => !isInternal)) {
    const stack = add({ ...thread, count: 1 });
    if (stack.names.length < threadLimits.rows.names) stack.names.push(threadLabel(thread, options));
  }
  for (const each of folded) add(each);
  return [...stacks.values()].sort((a, b) => b.count - a.count || compare(keyOf(a), keyOf(b)));
}

function emptyStack(frames: readonly DumpedStackFrame[]): FoldedStack {
  return { frames, count: 0, virtualCount: 0, states: new Map(), pools: new Map(), names: [] };
}

function keyOf({ frames, names }: FoldedStack): string {
  return `${frames[0]?.name ?? ""} ${names[0] ?? ""}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sectionOf(dump: ThreadDumpSnapshot, options: AnalysisOptions): Section {
  const stacks = foldedOf(dump, options);
  const shown = stacks.slice(0, threadLimits.rows.stacks);
  return {
    name: "stacks",
    title: "Stacks",
    data: {
      stacks: shown.map(({ frames, count, virtualCount, states, pools, names }) => ({
        threads: count,
        virtualThreads: virtualCount,
        states: Object.fromEntries(states),
        pools: [...pools].slice(0, 20).map(([pool, threads]) => ({ pool: openName(pool), threads })),
        names,
        frames: frames.slice(0, threadLimits.rows.frames).map(longFrame),
        omittedFrames: Math.max(0, frames.length - threadLimits.rows.frames),
      })),
      omittedStacks: stacks.length - shown.length,
    },
    tables: [],
    blocks: [
      ...shown.slice(0, options.top).map(blockOf),
      ...(stacks.length > options.top
        ? [{ title: `and ${formatCount(stacks.length - options.top)} other stacks`, lines: [] }]
        : []),
    ],
    shownByDefault: false,
  };
}

function blockOf({ frames, count, states, pools, names }: FoldedStack): Block {
  const byState = [...states]
    .map(([state, each]) => (states.size === 1 ? state : `${state} ×${formatCount(each)}`))
    .join(", ");
  const who =
    count <= 3
      ? names.join(", ")
      : listOf(
          countsOf([...pools.keys()]).map(([pool]) => openName(pool)),
          3,
        );
  const most = threadLimits.rows.shownFrames;
  return {
    title: `${formatCount(count)} × ${byState}: ${who}`,
    lines: [
      ...(frames.length === 0 ? ["(no frames)"] : frames.slice(0, most).map((frame) => `at ${longFrame(frame)}`)),
      ...(frames.length > most ? [`… ${formatCount(frames.length - most)} more`] : []),
    ],
  };
}
