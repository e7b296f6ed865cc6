import { formatCount } from "../src/model/format-number.ts";
import type { HeapClass } from "../src/model/heap-classes.ts";
import type { HeapEvidence, RootKind } from "../src/model/heap-evidence.ts";
import { shallowBytesOf } from "../src/model/heap-graph.ts";
import type { EdgeLabel } from "../src/model/heap-objects.ts";
import { isPlatformClass, outerNameOf, simpleNameOf, stableNameOf } from "./class-names.ts";
import { classOf, readObjects } from "./heap-lookup.ts";

/** A literal path of strong references: why each object holds the next. `labels[i]` leads from `ordinals[i]` to `ordinals[i + 1]`. */
export interface LabelledPath {
  readonly ordinals: ArrayLike<number>;
  readonly labels: readonly EdgeLabel[];
}

/** What paths are written with. */
export interface PathNaming {
  readonly heap: HeapEvidence;
  /** Which class a java.lang.Class object stands for. */
  readonly classByOrdinal: ReadonlyMap<number, string>;
  readonly rootKinds: ReadonlyMap<number, RootKind>;
  readonly threadNames: ReadonlyMap<number, string>;
  /** As text: exact, or with ≈ where only the size tells. */
  readonly arrayLengths: ReadonlyMap<number, string>;
}

/** The lookups of one heap; thread names and array lengths come from reads that the caller batches. */
export function pathNamingOf(
  heap: HeapEvidence,
  threadNames: ReadonlyMap<number, string>,
  arrayLengths: ReadonlyMap<number, string>,
): PathNaming {
  const classByOrdinal = new Map(
    heap.classes.flatMap(({ ordinal, name }) => (ordinal > 0 ? [[ordinal, name] as const] : [])),
  );
  const rootKinds = new Map(heap.roots.map(({ ordinal, kind }) => [ordinal, kind] as const));
  return { heap, classByOrdinal, rootKinds, threadNames, arrayLengths };
}

/** `static Leaky.CACHE → HashMap.table → Node[4,194,304][17]`; long paths keep both ends, runs of one step are counted. */
export function joinSteps(steps: readonly string[]): string {
  const runs: string[] = [];
  for (let i = 0; i < steps.length; ) {
    let end = i + 1;
    while (steps[end] === steps[i]) end++;
    runs.push(end - i > 1 ? `${steps[i]} ×${end - i}` : steps[i]!);
    i = end;
  }
  const shortened = runs.length <= 14 ? runs : [...runs.slice(0, 5), `… ${runs.length - 12} more …`, ...runs.slice(-7)];
  return shortened.join(" → ");
}

/** The steps from where the path gets telling: the last static field in it, else the root. */
export function stepsOf(naming: PathNaming, path: LabelledPath): string[] {
  const { ordinals, labels } = path;
  const start = Math.max(
    0,
    labels.findLastIndex(({ kind }) => kind === "static"),
  );
  const isStatic = labels[start]?.kind === "static";
  const steps = isStatic ? [] : [formatRoot(naming, ordinals[0]!)];
  for (let i = start; i < labels.length; i++) {
    if (i === 0 && naming.threadNames.has(ordinals[0]!) && labels[0]!.kind === "local")
      steps.push(formatLocal(labels[0]!));
    else steps.push(formatStep(naming, ordinals[i]!, labels[i]!));
  }
  return steps;
}

/** One reference as people name it: `HashMap.table`, `Node[16][3]`, `static Leaky.CACHE`. */
export function formatStep(naming: PathNaming, holder: number, label: EdgeLabel): string {
  const { name } = classOf(naming.heap, holder);
  switch (label.kind) {
    case "static":
      return `static ${outerNameOf(naming.classByOrdinal.get(holder) ?? name)}.${label.text}`;
    case "field":
      return `${simpleNameOf(name)}.${label.text}`;
    case "element":
      return naming.arrayLengths.has(holder)
        ? `${formatArray(naming, holder)}${label.text}`
        : `${simpleNameOf(name).replace(/\[\]$/, "")}${label.text}`;
    case "local":
      return formatLocal(label);
    case "class":
      return `class of ${formatObject(naming, holder)}`;
    case "loader":
      return `loader of ${formatObject(naming, holder)}`;
    case "superclass":
      return `superclass of ${formatObject(naming, holder)}`;
    case "other":
      return formatObject(naming, holder);
    default:
      return label.kind satisfies never;
  }
}

function formatLocal({ text }: EdgeLabel): string {
  return text.includes("(") ? `local in ${withoutPackage(text)}` : "local variable";
}

/** `Foo.bar(Foo.java:17)` for `org.foo.Foo.bar(Foo.java:17)`. */
function withoutPackage(frame: string): string {
  const call = frame.indexOf("(");
  const parts = frame.slice(0, call).split(".");
  return `${parts.slice(-2).join(".")}${frame.slice(call)}`;
}

function formatArray(naming: PathNaming, ordinal: number): string {
  const simple = simpleNameOf(classOf(naming.heap, ordinal).name);
  const length = naming.arrayLengths.get(ordinal);
  return length === undefined || !simple.endsWith("[]") ? simple : `${simple.slice(0, -1)}${length}]`;
}

/** An object by its class; arrays with their length; class objects by the class they stand for. */
export function formatObject(naming: PathNaming, ordinal: number): string {
  const represented = naming.classByOrdinal.get(ordinal);
  return represented === undefined ? formatArray(naming, ordinal) : `class ${outerNameOf(represented)}`;
}

const rootNames: Readonly<Record<RootKind, string>> = {
  unknown: "root",
  jniGlobal: "JNI global",
  jniLocal: "JNI local",
  javaFrame: "local variable",
  nativeStack: "native stack",
  stickyClass: "system",
  threadBlock: "thread block",
  monitorUsed: "monitor",
  threadObject: "thread",
  other: "VM root",
};

/** Why the first object of a path is alive, with its name. */
export function formatRoot(naming: PathNaming, ordinal: number): string {
  const thread = naming.threadNames.get(ordinal);
  if (thread !== undefined) return `thread "${thread}"`;
  const kind = naming.rootKinds.get(ordinal) ?? "unknown";
  return `${rootNames[kind]} ${formatObject(naming, ordinal)}`;
}

/** The reference to name when someone asks who holds it: the last one that a class outside the JDK makes. */
export interface Holder {
  /** `Leaky.CACHE`, with the outer class, stable from run to run. */
  readonly name: string;
  /** `static` or an instance's field or a local, or what a thread holds through a ThreadLocal. */
  readonly kind: EdgeLabel["kind"] | "root" | "threadLocal";
  /** Index in the path of the object that it refers to. */
  readonly heldIndex: number;
}

/** Who holds the end of the path, in the program's own terms. */
export function holderOf(naming: PathNaming, path: LabelledPath): Holder {
  const { ordinals, labels } = path;
  const isNamed = ({ kind }: EdgeLabel) => kind === "static" || kind === "field" || kind === "local";
  const own = labels.findLastIndex((label, i) => isNamed(label) && isOwn(naming, ordinals[i]!, label));
  const entry = labels.findLastIndex((label, i) => isThreadLocalValue(naming, ordinals[i]!, label));
  if (entry > own)
    return { name: threadLocalName(naming, ordinals[entry]!), kind: "threadLocal", heldIndex: entry + 1 };
  const named = own >= 0 ? own : labels.findLastIndex(({ kind }) => kind === "static" || kind === "local");
  if (named < 0) return { name: formatRoot(naming, ordinals[0]!), kind: "root", heldIndex: 0 };
  const label = labels[named]!;
  const className = naming.classByOrdinal.get(ordinals[named]!) ?? classOf(naming.heap, ordinals[named]!).name;
  const name = label.kind === "local" ? formatLocal(label) : `${outerNameOf(className)}.${label.text}`;
  return { name, kind: label.kind, heldIndex: named + 1 };
}

function isOwn(naming: PathNaming, holder: number, label: EdgeLabel): boolean {
  if (label.kind === "local") return !isPlatformClass(label.text);
  if (label.kind === "static") return !isPlatformClass(naming.classByOrdinal.get(holder) ?? "java.lang.Class");
  return !isPlatformClass(declarerOf(naming.heap, holder, label.text));
}

/** The class that declares the field: `HashMap` for the table of a program's own subclass of it. */
function declarerOf(heap: HeapEvidence, holder: number, field: string): string {
  const own = classOf(heap, holder);
  for (let each: HeapClass | undefined = own; each !== undefined; each = heap.classes[each.superclass]) {
    if (each.fields.some(({ name }) => name === field)) return each.name;
  }
  return own.name;
}

function isThreadLocalValue(naming: PathNaming, holder: number, { kind, text }: EdgeLabel): boolean {
  const { name } = classOf(naming.heap, holder);
  return kind === "field" && text === "value" && name === "java.lang.ThreadLocal$ThreadLocalMap$Entry";
}

/** By the static field that holds the ThreadLocal, to which the entry refers weakly; else by its class. */
function threadLocalName({ heap }: PathNaming, entry: number): string {
  const { from, to } = heap.graph.weakEdges;
  const local = to[from.indexOf(entry)] ?? 0;
  for (const { name, statics } of heap.classes) {
    const field = statics.find(({ type, value }) => local > 0 && type === "object" && value === local);
    if (field !== undefined) return `${outerNameOf(name)}.${field.name}`;
  }
  return outerNameOf(local > 0 ? classOf(heap, local).name : "java.lang.ThreadLocal");
}

/** The path for programs: every object from the root on, with the reference that leads to the next. */
export function pathData(naming: PathNaming, { ordinals, labels }: LabelledPath): unknown[] {
  return Array.from(ordinals, (ordinal, i) => ({
    className: stableNameOf(naming.classByOrdinal.get(ordinal) ?? classOf(naming.heap, ordinal).name),
    isClass: naming.classByOrdinal.has(ordinal),
    objectId: naming.heap.objects.idOf(ordinal),
    ...(i === 0 ? { root: formatRoot(naming, ordinal) } : {}),
    ...(labels[i] === undefined
      ? {}
      : { reference: { kind: labels[i].kind, name: labels[i].text, text: formatStep(naming, ordinal, labels[i]) } }),
  }));
}

const readableBytes = 2 ** 20;

/** Lengths of the arrays among the objects; of the small ones by reading them, of big ones, whose elements would be read too, by their size. */
export function readArrayLengths(heap: HeapEvidence, ordinals: readonly number[]): Map<number, string> {
  const arrays = [...new Set(ordinals)].filter((ordinal) => classOf(heap, ordinal).kind !== "instance");
  const small = arrays.filter((ordinal) => shallowBytesOf(heap.graph, ordinal) <= readableBytes);
  const read = readObjects(heap, small);
  return new Map(
    arrays.flatMap((ordinal) => {
      const length = read.get(ordinal)?.length;
      if (length !== undefined) return [[ordinal, formatCount(length)] as const];
      return classOf(heap, ordinal).kind === "objectArray" ? [[ordinal, lengthBySize(heap, ordinal)] as const] : [];
    }),
  );
}

/** Padding hides whether the last element is there; the tables of hash maps are powers of two. */
function lengthBySize(heap: HeapEvidence, ordinal: number): string {
  const { referenceBytes, alignmentBytes } = heap.sizing;
  const length = mostElementsOf(heap, ordinal);
  const isExact = referenceBytes >= alignmentBytes || Number.isInteger(Math.log2(length));
  return `${isExact ? "" : "≈"}${formatCount(length)}`;
}

/** How many references fit into the array: its length, or with compressed references sometimes one more. */
export function mostElementsOf({ graph, sizing }: HeapEvidence, ordinal: number): number {
  const { headerBytes, referenceBytes } = sizing;
  const base = Math.ceil((headerBytes + 4) / referenceBytes) * referenceBytes;
  return Math.floor((shallowBytesOf(graph, ordinal) - base) / referenceBytes);
}
