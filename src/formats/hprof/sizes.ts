import { type AddressIndex, gapAfter } from "../../bytes/address-index.ts";
import type { ClassKind, FieldDeclaration, ValueType } from "../../model/heap-classes.ts";
import type { Sizing } from "../../model/heap-evidence.ts";
import { alignUp, emptyLayout, fieldBytes, type Layout, type LayoutRules, layOut } from "./field-layout.ts";
import { type Gap, learnAlignment, mostFrequent, noGap, sampledGaps, smallestGaps } from "./gaps.ts";
import { type ClassCounts, lengthClasses } from "./index-ranges.ts";

/** What sizes are computed from: a class's own fields and its place in the hierarchy. */
export interface SizedClass {
  readonly name: string;
  readonly kind: ClassKind;
  readonly superclass: number;
  readonly fields: readonly FieldDeclaration[];
  /** Types of its real static fields (not the VM's `<…>` entries). */
  readonly staticTypes: readonly ValueType[];
  /** Types of everything that the dump lists as static. */
  readonly dumpedStaticTypes: readonly ValueType[];
  /** Address of its class object; 0 when the dump has none. */
  readonly classObjectAddress: number;
}

/** Shallow sizes of everything in a heap. */
export interface HeapSizes {
  readonly sizing: Sizing;
  /** By class index; 0 for arrays. */
  readonly instanceBytes: Float64Array;
  /** By class index: the size of its class object. */
  readonly classObjectBytes: Float64Array;
  /** Array header up to the first element, for elements of up to 4 bytes and for 8-byte elements. */
  readonly arrayBaseBytes: number;
  readonly wideArrayBaseBytes: number;
}

export interface SizeInput {
  readonly classes: readonly SizedClass[];
  readonly counts: ClassCounts;
  readonly addresses: AddressIndex;
  readonly idBytes: 4 | 8;
  readonly classClass: number;
}

/** A class takes part in the vote for the layout if it has a sample; this many of them are enough. */
const votingClasses = 1500;
/** A size that is larger than the layout rules say is believed of any class when all its samples, at least this many, agree. */
const agreeingGaps = 4;
/** Room that the VM may add to an object of a class that is known for it: two cache line pairs and some fields. */
const mostHiddenBytes = 512;
/** The same for its subclasses, on top of what was learned of the class itself. */
const mostHiddenBytesOfSubclass = 64;
/** HotSpot keeps a subclass's fields this far from `@Contended` ones of its superclass, at every level (`-XX:ContendedPaddingWidth`). */
const contendedPaddingBytes = 128;
/** Rules that fewer classes agree with are no better than a guess. */
const leastConfidence = 0.5;

/** The size of an array of `length` elements of `elementBytes` each. */
export function arrayBytes(sizes: HeapSizes, length: number, elementBytes: number): number {
  const base = elementBytes === 8 ? sizes.wideArrayBaseBytes : sizes.arrayBaseBytes;
  return alignUp(base + length * elementBytes, sizes.sizing.alignmentBytes);
}

/**
 * Learns header, reference size, alignment and field packing from the gaps between neighbouring addresses: a gap is never
 * smaller than the object before it, and in a compacted heap it equals it. Rules that predict most classes' smallest gaps
 * are taken; a class whose gaps agree with each other but not with the rules (fields that the VM injects, @Contended) has the gap.
 */
export function learnSizes(input: SizeInput): HeapSizes {
  const found = smallestGaps(input);
  const alignmentBytes = learnAlignment(input);
  const elected = electRules(input, found, alignmentBytes);
  const isLearned = elected.compared > 0 && elected.agreeing / elected.compared >= leastConfidence;
  const rules = isLearned ? elected.rules : candidates(input.idBytes)[0]!;
  const { agreeing, compared } = isLearned ? elected : { agreeing: 0, compared: 0 };
  const gaps = isLearned ? found : found.map(() => noGap);
  const base = isLearned ? learnArrayBase(input, rules, alignmentBytes) : arrayBaseOf(rules, input.idBytes);
  const instanceBytes = instanceSizes(input, rules, gaps, alignmentBytes);
  const classObjects = classObjectSizes(input, rules, alignmentBytes, isLearned);
  instanceBytes[input.classClass] = classObjects.base;
  return {
    sizing: {
      method: isLearned ? "gaps" : "assumed",
      headerBytes: rules.headerBytes,
      referenceBytes: rules.referenceBytes,
      alignmentBytes,
      confidence: compared === 0 ? 0 : agreeing / compared,
      classesAgreeing: agreeing,
      classesCompared: compared,
    },
    instanceBytes,
    classObjectBytes: classObjects.sizes,
    arrayBaseBytes: base,
    wideArrayBaseBytes: alignUp(base, 8),
  };
}

/** Sum of the sizes of all arrays of a class, exact, from the lengths counted modulo `lengthClasses`. */
export function totalArrayBytes(sizes: HeapSizes, counts: ClassCounts, index: number, elementBytes: number): number {
  const { alignmentBytes } = sizes.sizing;
  const base = elementBytes === 8 ? sizes.wideArrayBaseBytes : sizes.arrayBaseBytes;
  let total = counts.elements[index]! * elementBytes;
  for (let rest = 0; rest < lengthClasses; rest++) {
    const arrays = counts.lengths[index * lengthClasses + rest]!;
    if (arrays === 0) continue;
    const unpadded = base + rest * elementBytes;
    total += arrays * (base + alignUp(unpadded, alignmentBytes) - unpadded);
  }
  return total;
}

/** Candidate rules in the order of preference when votes are equal. */
function candidates(idBytes: 4 | 8): LayoutRules[] {
  const shapes =
    idBytes === 4
      ? [[8, 4]]
      : [
          [12, 4],
          [16, 8],
          [8, 4],
          [12, 8],
          [8, 8],
          [16, 4],
        ];
  return shapes.flatMap(([headerBytes, referenceBytes]) =>
    (["modern", "legacy"] as const).map((generation) => ({
      headerBytes: headerBytes!,
      referenceBytes: referenceBytes!,
      generation,
    })),
  );
}

function electRules(input: SizeInput, gaps: readonly Gap[], alignment: number) {
  const voters = gaps.flatMap(({ bytes }, index) =>
    bytes > 0 && input.classes[index]!.fields.length > 0 ? [index] : [],
  );
  const step = Math.max(1, Math.ceil(voters.length / votingClasses));
  const sample = voters.filter((_, i) => i % step === 0);
  let elected: { rules: LayoutRules; agreeing: number } | undefined;
  for (const rules of candidates(input.idBytes)) {
    const layoutOf = layouts(input.classes, rules);
    const agreeing = sample.filter(
      (index) => alignUp(layoutOf(index).endBytes, alignment) === gaps[index]!.bytes,
    ).length;
    // Rules that make an object larger than the gap behind it are impossible, however many classes they suit.
    const impossible = sample.filter(
      (index) => alignUp(layoutOf(index).endBytes, alignment) > gaps[index]!.bytes,
    ).length;
    const score = agreeing - impossible;
    if (elected === undefined || score > elected.agreeing) elected = { rules, agreeing: score };
  }
  const rules = elected!.rules;
  const layoutOf = layouts(input.classes, rules);
  const agreeing = sample.filter((index) => alignUp(layoutOf(index).endBytes, alignment) === gaps[index]!.bytes).length;
  return { rules, agreeing, compared: sample.length };
}

/** Layouts by class index, computed once each. */
function layouts(classes: readonly SizedClass[], rules: LayoutRules): (index: number) => Layout {
  const known: (Layout | undefined)[] = [];
  const none = emptyLayout(rules);
  const layoutOf = (index: number): Layout => (index < 0 ? none : (known[index] ?? none));
  return (wanted) => {
    for (const index of unknownLine(classes, wanted, (index) => known[index] !== undefined)) {
      const { superclass, fields } = classes[index]!;
      known[index] = layOut(
        rules,
        layoutOf(superclass),
        fields.map(({ type }) => type),
      );
    }
    return layoutOf(wanted);
  };
}

/** A class and its superclasses up to the first known one, topmost first; a damaged hierarchy that closes on itself is cut there. */
export function unknownLine(
  classes: readonly SizedClass[],
  index: number,
  isKnown: (index: number) => boolean,
): number[] {
  const line = new Set<number>();
  for (let at = index; at >= 0 && !line.has(at) && !isKnown(at); at = classes[at]!.superclass) line.add(at);
  return [...line].reverse();
}

/** Array headers by vote of all sampled arrays: the base whose padded sizes equal most gaps. */
function learnArrayBase(input: SizeInput, rules: LayoutRules, alignment: number): number {
  const likely = arrayBaseOf(rules, input.idBytes);
  const votes = new Map<number, number>([likely, 12, 16, 20, 24].map((base) => [base, 0]));
  input.classes.forEach(({ kind, name }, index) => {
    if (kind === "instance") return;
    const elementBytes = kind === "objectArray" ? rules.referenceBytes : elementBytesOf(name);
    if (elementBytes === 8) return;
    for (const { gap, length } of sampledGaps(input.counts, input.addresses, index)) {
      for (const base of votes.keys()) {
        if (alignUp(base + length * elementBytes, alignment) === gap) votes.set(base, votes.get(base)! + 1);
      }
    }
  });
  return [...votes].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

function arrayBaseOf({ headerBytes, referenceBytes }: LayoutRules, idBytes: number): number {
  if (idBytes === 4) return 12;
  return headerBytes === 16 && referenceBytes === 8 ? 24 : headerBytes + 4;
}

/** Bytes per element by the source name of a primitive array's class. */
export function elementBytesOf(arrayName: string): number {
  return fieldBytes(arrayName.slice(0, arrayName.indexOf("[")) as ValueType, 8);
}

/**
 * Classes to which the VM adds fields that no dump shows, or room around fields (`@Contended`), in some JDK. Their gaps are
 * believed where they exceed the rules; other classes' gaps are larger because of a hole behind the object.
 */
const vmLaidOut: ReadonlySet<string> = new Set([
  "java.lang.ClassLoader",
  "java.lang.InternalError",
  "java.lang.Module",
  "java.lang.StackFrameInfo",
  "java.lang.Thread",
  "java.lang.VirtualThread",
  "java.lang.invoke.CallSite",
  "java.lang.invoke.MemberName",
  "java.lang.invoke.MethodHandleNatives$CallSiteContext",
  "java.lang.invoke.ResolvedMethodName",
  "java.util.concurrent.ConcurrentHashMap$CounterCell",
  "java.util.concurrent.Exchanger$Node",
  "java.util.concurrent.ForkJoinPool",
  "java.util.concurrent.ForkJoinPool$WorkQueue",
  "java.util.concurrent.SubmissionPublisher$BufferedSubscription",
  "java.util.concurrent.atomic.Striped64$Cell",
]);

/** Sizes by the rules, corrected where gaps say otherwise; what a class has beyond the rules, its subclasses have too. */
function instanceSizes(input: SizeInput, rules: LayoutRules, gaps: readonly Gap[], alignment: number): Float64Array {
  const layoutOf = layouts(input.classes, rules);
  const sizes = new Float64Array(input.classes.length);
  const extra = new Float64Array(input.classes.length).fill(-1);
  /** Superclasses up to one that the VM lays out; −1: there is none. */
  const levelsBelow = new Int32Array(input.classes.length).fill(-1);
  const fix = (index: number): void => {
    const { superclass, name } = input.classes[index]!;
    const inherited = superclass < 0 ? 0 : Math.max(0, extra[superclass]!);
    const modelled = layoutOf(index).endBytes;
    const expected = alignUp(modelled + inherited, alignment);
    const isKnown = vmLaidOut.has(name);
    const above = superclass < 0 ? -1 : levelsBelow[superclass]!;
    levelsBelow[index] = isKnown ? 0 : above < 0 ? -1 : above + 1;
    const believed = believedGap(gaps[index]!, expected, (extraBytes) => isHidden(extraBytes, levelsBelow[index]!));
    sizes[index] = Math.max(alignUp(rules.headerBytes, alignment), believed ?? expected);
    extra[index] = believed === undefined ? inherited : Math.max(0, believed - alignUp(modelled, alignment));
  };
  input.classes.forEach(({ kind }, index) => {
    if (kind === "instance") unknownLine(input.classes, index, (at) => extra[at]! >= 0).forEach(fix);
  });
  return sizes;
}

/** The gap where it is the size: it cannot be smaller than the object, and is believed to be larger for hidden bytes or when many agree. */
function believedGap(
  { bytes, times, samples }: Gap,
  expected: number,
  isHiddenSize: (bytes: number) => boolean,
): number | undefined {
  if (bytes === 0 || bytes === expected) return undefined;
  if (bytes < expected || isHiddenSize(bytes - expected)) return bytes;
  const isUnanimous = samples >= agreeingGaps && times === samples;
  return isUnanimous && bytes - expected <= 8 ? bytes : undefined;
}

/** Whether the VM may have hidden so much in an object: any field and padding in its own classes; below them some fields, and padding once per further level. */
function isHidden(bytes: number, levelsBelow: number): boolean {
  if (levelsBelow <= 0) return levelsBelow === 0 && bytes <= mostHiddenBytes;
  return (
    bytes <= contendedPaddingBytes * (levelsBelow - 1) + mostHiddenBytesOfSubclass &&
    bytes % contendedPaddingBytes <= mostHiddenBytesOfSubclass
  );
}

/**
 * A class object is an instance of java.lang.Class with the class's static fields behind it (in JDK ≤ 6 without them).
 * The instance part is what most gaps leave when the statics are taken off.
 */
function classObjectSizes(input: SizeInput, rules: LayoutRules, alignment: number, isLearned: boolean) {
  const statics = input.classes.map(({ staticTypes }) => alignUp(layOutStatics(rules, staticTypes), 8));
  const gaps = input.classes.map(({ classObjectAddress }) =>
    classObjectAddress === 0 || !isLearned ? 0 : gapAfter(input.addresses, classObjectAddress),
  );
  const inside = mostFrequent(gaps.flatMap((gap, i) => (gap > statics[i]! ? [gap - statics[i]!] : [])));
  const outside = mostFrequent(gaps.filter((gap) => gap > 0));
  const holdsStatics = inside.times >= outside.times;
  const base =
    (holdsStatics ? inside.bytes : outside.bytes) || layouts(input.classes, rules)(input.classClass).endBytes;
  const sizes = Float64Array.from(statics, (own, i) => {
    const expected = alignUp(base + (holdsStatics ? own : 0), alignment);
    return gaps[i]! >= base && gaps[i]! < expected ? gaps[i]! : expected;
  });
  return { base: alignUp(base, alignment), sizes };
}

/** References first, then primitives from the largest to the smallest, each aligned to its size; holes stay. */
function layOutStatics(rules: LayoutRules, types: readonly ValueType[]): number {
  const primitives = types.filter((type) => type !== "object").map((type) => fieldBytes(type, rules.referenceBytes));
  const references = (types.length - primitives.length) * rules.referenceBytes;
  return primitives.sort((a, b) => b - a).reduce((end, size) => alignUp(end, size) + size, references);
}
