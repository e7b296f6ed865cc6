import type { HeapGraph, Strength } from "../../src/model/heap-graph.ts";
import { lastEdgeBit, strengths } from "../../src/model/heap-graph.ts";

/** A heap in plain arrays, index 0 = the super-root: easy to draw, to generate and to check by brute force. */
export interface PlainHeap {
  /** `targets[ordinal]`, in order; `targets[0]` are the roots. */
  readonly targets: readonly (readonly number[])[];
  /** By ordinal; 16 where left out. */
  readonly bytes?: readonly number[];
  /** By ordinal; 0 where left out. */
  readonly classes?: readonly number[];
  readonly weak?: readonly { readonly from: number; readonly to: number; readonly strength: Strength }[];
}

export interface DrawnGraph {
  readonly graph: HeapGraph;
  readonly heap: PlainHeap;
  /** Class index of each class name that was drawn, in order of appearance; objects without one are of class "Object". */
  readonly classNames: readonly string[];
  ordinalOf(name: string): number;
  nameOf(ordinal: number): string;
}

/**
 * Draws a heap: `root → a → b(64); root → c:Node ~soft~> d`. An object is `name`, `name:Class`, `name(bytes)` or `name:Class(bytes)` where it
 * appears first; ordinals follow the order of appearance; `root` is the super-root. Statements end with `;` or a new line.
 */
export function drawnGraph(strings: TemplateStringsArray): DrawnGraph {
  const names = ["root"];
  const bytes = [0];
  const classNames = ["Object"];
  const classes = [0];
  const targets: number[][] = [[]];
  const weak: { from: number; to: number; strength: Strength }[] = [];

  const objectOf = (drawn: string): number => {
    const match = /^([\w.$[\]]+?)(?::([\w.$[\]]+))?(?:\((\d+)\))?$/.exec(drawn);
    if (!match) throw new Error(`expected name:Class(bytes), got "${drawn}"`);
    const [, name, className, size] = match;
    if (Number(size ?? 16) % 8 !== 0) throw new Error(`expected a multiple of 8 bytes, got "${drawn}"`);
    let ordinal = names.indexOf(name!);
    if (ordinal < 0) {
      ordinal = names.push(name!) - 1;
      targets.push([]);
      bytes.push(Number(size ?? 16));
      classes.push(0);
    }
    if (className) classes[ordinal] = indexIn(classNames, className);
    return ordinal;
  };

  for (const statement of strings.raw.join("").split(/[;\n]/)) {
    const parts = statement.trim().split(/\s+/).filter(Boolean);
    if (parts.length === 0) continue;
    let from = objectOf(parts[0]!);
    for (let i = 1; i + 1 < parts.length; i += 2) {
      const to = objectOf(parts[i + 1]!);
      const strength = strengths.find((each) => parts[i] === `~${each}~>`);
      if (strength) weak.push({ from, to, strength });
      else if (parts[i] === "→") targets[from]!.push(to);
      else throw new Error(`expected → or ~soft~>, got "${parts[i]}"`);
      from = to;
    }
  }
  const heap = { targets, bytes, classes, weak };
  return {
    graph: graphOf(heap),
    heap,
    classNames,
    ordinalOf(name) {
      const ordinal = names.indexOf(name);
      if (ordinal < 0) throw new Error(`no object "${name}" was drawn`);
      return ordinal;
    },
    nameOf: (ordinal) => names[ordinal] ?? String(ordinal),
  };
}

/** Position of a name, which is added if it is new. */
function indexIn(names: string[], name: string): number {
  const known = names.indexOf(name);
  return known < 0 ? names.push(name) - 1 : known;
}

/** The columns of a plain heap. Edges lie as the reader may leave them: last object first, with a hole between objects. */
export function graphOf(heap: PlainHeap): HeapGraph {
  const objectCount = heap.targets.length - 1;
  const edgeCount = heap.targets.reduce((sum, each, ordinal) => sum + (ordinal === 0 ? 0 : each.length), 0);
  const firstEdge = new Int32Array(new SharedArrayBuffer(4 * (objectCount + 1)));
  const edgeTo = new Int32Array(new SharedArrayBuffer(4 * (edgeCount + objectCount + 2)));
  const classOf = new Uint16Array(new SharedArrayBuffer(2 * (objectCount + 1)));
  const shallowUnits = new Uint16Array(new SharedArrayBuffer(2 * (objectCount + 1)));
  const large: { ordinal: number; bytes: number }[] = [];
  let edge = 1;
  for (let ordinal = objectCount; ordinal >= 1; ordinal--) {
    const targets = heap.targets[ordinal]!;
    if (targets.length > 0) {
      firstEdge[ordinal] = edge;
      edgeTo.set(targets, edge);
      edge += targets.length;
      edgeTo[edge - 1]! |= lastEdgeBit;
      edge++;
    }
    classOf[ordinal] = heap.classes?.[ordinal] ?? 0;
    const units = (heap.bytes?.[ordinal] ?? 16) / 8;
    shallowUnits[ordinal] = Math.min(units, 0xffff);
    if (units >= 0xffff) large.unshift({ ordinal, bytes: units * 8 });
  }
  return {
    objectCount,
    firstEdge,
    edgeTo,
    edgeCount,
    classOf,
    shallowUnits,
    largeObjects: {
      ordinals: Int32Array.from(large, (each) => each.ordinal),
      bytes: Float64Array.from(large, (each) => each.bytes),
    },
    roots: Int32Array.from(new Set(heap.targets[0])).sort(),
    weakEdges: {
      from: Int32Array.from(heap.weak ?? [], (each) => each.from),
      to: Int32Array.from(heap.weak ?? [], (each) => each.to),
      strength: Uint8Array.from(heap.weak ?? [], (each) => strengths.indexOf(each.strength)),
    },
  };
}
