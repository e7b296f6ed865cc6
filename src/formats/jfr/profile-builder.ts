import type { ChunkStackTable } from "./chunk-stacks.ts";
import { fieldOf, threadFieldOf } from "./event-filter.ts";
import type { Chunk, EventField, EventSink, EventType } from "./events.ts";
import type { ProfileRule } from "./profile-rules.ts";
import type { ReferenceChains } from "./reference-chain.ts";
import { SampleColumns } from "./sample-columns.ts";
import { chunkTexts, TextInterner } from "./text-interner.ts";

/** A chunk, and how its indexes become the recording's. */
export interface ChunkParts {
  readonly chunk: Chunk;
  readonly stacks: ChunkStackTable;
  threadOf(index: number): number;
  readonly references: ReferenceChains;
  /** What times are counted from. */
  readonly originSeconds: number;
}

/** The samples of one profile while a recording is read. Weights of interval rules are numbers of intervals until the end. */
export class ProfileBuilder {
  readonly rule: ProfileRule;
  readonly columns: SampleColumns;
  readonly labels = new TextInterner();
  samplesWithoutStack = 0;
  truncatedStacks = 0;

  constructor(rule: ProfileRule, maxRows: number) {
    this.rule = rule;
    this.columns = new SampleColumns(maxRows);
  }

  /** Takes the events of a type in a chunk. */
  sinkOf(type: EventType, parts: ChunkParts): EventSink {
    const { columns } = this;
    const { stacks, threadOf, originSeconds } = parts;
    const stackSlot = fieldOf(type, "stackTrace")!.slot;
    const threadSlot = threadFieldOf(type)?.slot;
    const startSlot = fieldOf(type, "startTime")?.slot;
    const { weightSlot, timesSlot, isCounted } = weightSlots(type, this.rule);
    const labelOf = this.#labeller(type, parts);
    return (slots) => {
      const stackIndex = slots[stackSlot]!;
      const stack = stacks.stackOf(stackIndex);
      const leaf = stacks.leafOf(stackIndex);
      if (stack < 0) this.samplesWithoutStack++;
      if (leaf < 0) this.truncatedStacks++;
      const thread = threadSlot === undefined ? -1 : threadOf(slots[threadSlot]!);
      const line = leaf < 0 ? -1 - leaf : leaf;
      columns.addKey(stack, thread, line, labelOf(slots));
      const seconds = startSlot === undefined ? 0 : slots[startSlot]! - originSeconds;
      // Not by closures: a number with a fraction that one returns costs an allocation.
      const times = factorAt(slots, timesSlot);
      columns.addValues(factorAt(slots, weightSlot) * times, isCounted ? times : 1, Math.max(0, seconds));
    };
  }

  #labeller(type: EventType, parts: ChunkParts): (slots: Float64Array) => number {
    const fields = this.rule.labels.map((path) => fieldOf(type, path)).filter((field) => field !== undefined);
    const readers = fields.map((field) => ({ slot: field.slot, labelOf: this.#labelReader(field, parts) }));
    const [first, second] = readers;
    if (first === undefined) return () => -1;
    if (second === undefined) return (slots) => first.labelOf(slots[first.slot]!);
    return (slots) => {
      for (const { slot, labelOf } of readers) {
        const label = labelOf(slots[slot]!);
        if (label >= 0) return label;
      }
      return -1;
    };
  }

  #labelReader(field: EventField, parts: ChunkParts): (index: number) => number {
    if (field.poolType === "jdk.types.OldObject") {
      return (index) => this.labels.indexOf(parts.references.classOf(index));
    }
    const labelOf = chunkTexts(parts.chunk, field, this.labels);
    // A host that is not known is an empty text: the address says more.
    return (index) => {
      const label = labelOf(index);
      return label >= 0 && this.labels.texts[label] === "" ? -1 : label;
    };
  }
}

/** Where an event says what it weighs, and for how many it stands; −1 where it does not, so that it is one. */
function weightSlots(type: EventType, { weight }: ProfileRule) {
  if (weight.of === "count") return { weightSlot: -1, timesSlot: -1, isCounted: false };
  const timesSlot = weight.times === undefined ? -1 : (fieldOf(type, weight.times)?.slot ?? -1);
  if (weight.of === "interval") return { weightSlot: -1, timesSlot, isCounted: true };
  return { weightSlot: fieldOf(type, weight.field)!.slot, timesSlot, isCounted: false };
}

/** 1 where there is no slot; “not available” and “forever” weigh nothing. */
function factorAt(slots: Float64Array, slot: number): number {
  if (slot < 0) return 1;
  const value = slots[slot]!;
  return Number.isFinite(value) ? value : 0;
}
