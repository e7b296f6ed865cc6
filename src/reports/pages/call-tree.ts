import { noStack, StackBuilder } from "../../bytes/stack-builder.ts";
import { sumsByCaller } from "../../stacks/stack-totals.ts";
import type { PageData } from "./page-data.ts";
import type { SelectedStacks } from "./selected-stacks.ts";

/** Calls from the root down, or from the leaf up; all of them, or only what a frame calls or is called by. */
export interface TreeView {
  readonly direction: "callees" | "callers";
  /** A frame that the tree begins with. */
  readonly focus?: number | undefined;
  readonly isGrouped: boolean;
}

/** Nodes as columns, parents before children; there is no node for the root. */
export interface PageTree {
  readonly nodeCount: number;
  /** Frame; from the number of frames on: the group, the unknown one first. */
  readonly frame: Int32Array;
  /** −1 below the root. */
  readonly parent: Int32Array;
  readonly totalAfter: Float64Array;
  readonly totalBefore: Float64Array;
  readonly selfAfter: Float64Array;
  readonly selfBefore: Float64Array;
  /** Stacks that the node stands for because they were too small, 0 for an ordinary node. */
  readonly merged: Int32Array;
  /** Stacks whose further callers were left out, since the tree had grown too large. */
  readonly shortened: number;
}

/** Size beyond which a tree of callers no longer grows: the lightest stacks are entered with their leaf alone. */
const mostNodes = 1_000_000;

/** Builds the tree of the selected stacks. */
export function buildTree(data: PageData, selected: SelectedStacks, view: TreeView): PageTree {
  const trie = new StackBuilder();
  const nodeOfEntry =
    view.direction === "callees" ? calleeNodes(data, selected, view, trie) : callerNodes(data, selected, view, trie);
  const { stackFrame, stackCaller } = trie.table();
  const merged = new Int32Array(trie.stackCount);
  const selfAfter = new Float64Array(trie.stackCount);
  const selfBefore = new Float64Array(trie.stackCount);
  for (let entry = 0; entry < selected.entries; entry++) {
    const node = nodeOfEntry.node[entry]!;
    if (node === noStack) continue;
    selfAfter[node]! += selected.after[entry]!;
    selfBefore[node]! += selected.before[entry]!;
  }
  for (const [node, stacks] of nodeOfEntry.merged) merged[node] = stacks;
  return {
    nodeCount: trie.stackCount,
    frame: stackFrame,
    parent: stackCaller,
    totalAfter: sumsByCaller(stackCaller, selfAfter),
    totalBefore: sumsByCaller(stackCaller, selfBefore),
    selfAfter,
    selfBefore,
    merged,
    shortened: nodeOfEntry.shortened,
  };
}

interface EntryNodes {
  /** Node at which each entry ends; −1: not in the tree. */
  readonly node: Int32Array;
  readonly merged: ReadonlyMap<number, number>;
  readonly shortened: number;
}

/** Every stack is entered once per group, below the node of its caller; the frame in focus comes first. */
function calleeNodes(data: PageData, selected: SelectedStacks, view: TreeView, trie: StackBuilder): EntryNodes {
  const { stackFrame, stackCaller, mergedStacks, header } = data;
  const isInside = view.focus === undefined ? undefined : stacksBelow(data, view.focus);
  const nodeOf = new Int32Array(stackFrame.length);
  const enteredFor = new Int32Array(stackFrame.length).fill(notEntered);
  const path: number[] = [];
  const merged = new Map<number, number>();
  const node = new Int32Array(selected.entries).fill(noStack);
  for (let entry = 0; entry < selected.entries; entry++) {
    const leaf = selected.stack[entry]!;
    if (isInside?.[leaf] === 0) continue;
    const group = selected.group[entry]!;
    const isNew = (stack: number) => stack >= 0 && enteredFor[stack] !== group && isInside?.[stack] !== 0;
    let stack = leaf;
    for (; isNew(stack); stack = stackCaller[stack]!) path.push(stack);
    const isEntered = stack >= 0 && isInside?.[stack] !== 0;
    let at = isEntered ? nodeOf[stack]! : groupNode(trie, view, header.frames.length + group + 1);
    for (let next = path.pop(); next !== undefined; next = path.pop()) {
      at = trie.call(at, stackFrame[next]!);
      enteredFor[next] = group;
      nodeOf[next] = at;
      if (mergedStacks[next]! > 0) merged.set(at, (merged.get(at) ?? 0) + mergedStacks[next]!);
    }
    node[entry] = at;
  }
  return { node, merged, shortened: 0 };
}

/** No group has this number. */
const notEntered = -2;

function groupNode(trie: StackBuilder, { isGrouped }: TreeView, groupFrame: number): number {
  return isGrouped ? trie.call(noStack, groupFrame) : noStack;
}

/** 1 for stacks that have the frame. */
function stacksBelow(data: PageData, frame: number): Uint8Array {
  return Uint8Array.from(innermostCalls(data, frame), (stack) => Number(stack !== noStack));
}

/** Every entry is walked from its leaf, or from the innermost call of the frame in focus, to its root. */
function callerNodes(data: PageData, selected: SelectedStacks, view: TreeView, trie: StackBuilder): EntryNodes {
  const { stackFrame, stackCaller, mergedStacks, header } = data;
  const start = view.focus === undefined ? undefined : innermostCalls(data, view.focus);
  const merged = new Map<number, number>();
  const node = new Int32Array(selected.entries).fill(noStack);
  let shortened = 0;
  for (const entry of heaviestFirst(selected)) {
    const leaf = selected.stack[entry]!;
    let stack = start?.[leaf] ?? leaf;
    if (stack === noStack) continue;
    let at = groupNode(trie, view, header.frames.length + selected.group[entry]! + 1);
    do {
      at = trie.call(at, stackFrame[stack]!);
      if (mergedStacks[stack]! > 0) merged.set(at, (merged.get(at) ?? 0) + mergedStacks[stack]!);
      stack = stackCaller[stack]!;
    } while (stack >= 0 && trie.stackCount < mostNodes);
    if (stack >= 0) shortened++;
    node[entry] = at;
  }
  return { node, merged, shortened };
}

/** Nearest stack to the leaf, the stack itself included, whose frame is `frame`; −1 where there is none. */
function innermostCalls({ stackFrame, stackCaller }: PageData, frame: number): Int32Array {
  const innermost = new Int32Array(stackFrame.length);
  for (let stack = 0; stack < innermost.length; stack++) {
    const caller = stackCaller[stack]!;
    innermost[stack] = stackFrame[stack] === frame ? stack : caller < 0 ? noStack : innermost[caller]!;
  }
  return innermost;
}

function heaviestFirst({ entries, after, before }: SelectedStacks): Int32Array {
  const order = Int32Array.from({ length: entries }, (_, entry) => entry);
  return order.sort((a, b) => after[b]! + before[b]! - after[a]! - before[a]! || a - b);
}
