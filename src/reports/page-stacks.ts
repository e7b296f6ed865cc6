import { noStack, StackBuilder } from "../bytes/stack-builder.ts";
import type { Profile, StackTable } from "../model/profile.ts";
import { alignedFrameName } from "../stacks/aligned-names.ts";
import { addStacks } from "../stacks/merge.ts";
import { sumsByCaller } from "../stacks/stack-totals.ts";
import { type WireFrameKind, wireFrameKinds } from "./pages/wire.ts";

/** Profiles over one table, in which every sample has a stack. */
export interface PageStacks {
  readonly table: StackTable;
  /** Stack by sample, by profile. */
  readonly sampleStacks: ReadonlyMap<Profile, Int32Array>;
}

/** One table for all profiles of a page; in a comparison, generated names that differ from run to run are one. */
export function unifyStacks(profiles: readonly Profile[], isComparison: boolean): PageStacks {
  const builder = new StackBuilder();
  const tables = [...new Set(profiles.map(({ stacks }) => stacks))];
  const numbers = new Map(
    tables.map((table) => [table, addStacks(builder, table, isComparison ? alignedFrameName : undefined)]),
  );
  const sampleStacks = new Map(
    profiles.map((profile) => {
      const numberOf = numbers.get(profile.stacks)!;
      const hasGaps = profile.sampleStack.includes(noStack);
      const unknown = hasGaps ? builder.call(noStack, builder.frame("(no stack recorded)", "other")) : noStack;
      return [profile, profile.sampleStack.map((stack) => numberOf[stack] ?? unknown)];
    }),
  );
  return { table: builder.table(), sampleStacks };
}

/** The greatest share that each stack has of any profile, by weight or by events; 0: nothing uses it. */
export function greatestShares({ table, sampleStacks }: PageStacks): Float64Array {
  const shares = new Float64Array(table.stackCaller.length);
  for (const [{ sampleWeight, sampleCount }, sampleStack] of sampleStacks) {
    for (const column of [sampleWeight, sampleCount]) {
      const self = new Float64Array(shares.length);
      let whole = 0;
      for (let sample = 0; sample < sampleStack.length; sample++) {
        const weight = Math.abs(column[sample]!);
        self[sampleStack[sample]!]! += weight;
        whole += weight;
      }
      const totals = sumsByCaller(table.stackCaller, self);
      for (let stack = 0; stack < shares.length; stack++) {
        shares[stack] = Math.max(shares[stack]!, whole > 0 ? totals[stack]! / whole : 0);
      }
    }
  }
  return shares;
}

/** The stacks that go into a page. */
export interface KeptStacks {
  readonly frameNames: readonly string[];
  /** Index into `wireFrameKinds`, by frame. */
  readonly frameKinds: readonly number[];
  readonly stackFrame: readonly number[];
  readonly stackCaller: readonly number[];
  /** Stacks that were merged into this one, by stack; 0 for those that are stacks themselves. */
  readonly mergedStacks: readonly number[];
  /** Number in the page, by stack of the table: its own, or that of the stack that it was merged into; −1 unused. */
  readonly keptAs: Int32Array;
  /** Number in the page, by frame of the table; −1 where no stack that was kept has it. */
  readonly frameAs: Int32Array;
}

/** Keeps stacks of at least `cutShare` of some profile; the others become one “… smaller” below the caller that was kept. */
export function keepStacks(table: StackTable, shares: Float64Array, cutShare: number): KeptStacks {
  const frames = new FrameList(table);
  const stackFrame: number[] = [];
  const stackCaller: number[] = [];
  const mergedStacks: number[] = [];
  const mergedBelow = new Map<number, number>();
  const keptAs = new Int32Array(shares.length).fill(noStack);
  const add = (frame: number, caller: number): number => {
    stackCaller.push(caller);
    mergedStacks.push(0);
    return stackFrame.push(frame) - 1;
  };
  for (let stack = 0; stack < shares.length; stack++) {
    const share = shares[stack]!;
    if (share === 0) continue;
    const callerOfTable = table.stackCaller[stack]!;
    const caller = callerOfTable < 0 ? noStack : keptAs[callerOfTable]!;
    if (share >= cutShare) {
      keptAs[stack] = add(frames.frame(table.stackFrame[stack]!), caller);
      continue;
    }
    const isBelowMerged = caller >= 0 && mergedStacks[caller]! > 0;
    const merged = isBelowMerged ? caller : (mergedBelow.get(caller) ?? add(frames.merged(), caller));
    if (!isBelowMerged) mergedBelow.set(caller, merged);
    mergedStacks[merged]!++;
    keptAs[stack] = merged;
  }
  return { ...frames.columns(), stackFrame, stackCaller, mergedStacks, keptAs };
}

/** Numbers the frames that are used, in the order of their use. */
class FrameList {
  readonly #table: StackTable;
  readonly #names: string[] = [];
  readonly #kinds: number[] = [];
  readonly #frameAs: Int32Array;
  #merged = -1;

  constructor(table: StackTable) {
    this.#table = table;
    this.#frameAs = new Int32Array(table.frameNames.length).fill(-1);
  }

  frame(frame: number): number {
    if (this.#frameAs[frame]! < 0) {
      this.#frameAs[frame] = this.#names.length;
      this.#names.push(this.#table.frameNames[frame]!);
      this.#kinds.push(this.#table.frameKindOf[frame]!);
    }
    return this.#frameAs[frame]!;
  }

  merged(): number {
    if (this.#merged < 0) {
      this.#merged = this.#names.push("… smaller") - 1;
      this.#kinds.push(wireFrameKinds.indexOf("merged" satisfies WireFrameKind));
    }
    return this.#merged;
  }

  columns() {
    return { frameNames: this.#names, frameKinds: this.#kinds, frameAs: this.#frameAs };
  }
}
