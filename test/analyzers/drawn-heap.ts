import { retainedOfGroupings } from "../../src/graph/class-retained.ts";
import { buildDominators } from "../../src/graph/dominators.ts";
import { measureReachability } from "../../src/graph/reachability.ts";
import type { FieldDeclaration, HeapClass, StaticField, ValueType } from "../../src/model/heap-classes.ts";
import type {
  HeapEvidence,
  HeapFile,
  HeapRoot,
  HeapThread,
  RootKind,
  StackFrame,
} from "../../src/model/heap-evidence.ts";
import type { HeapGraph, Strength } from "../../src/model/heap-graph.ts";
import { lastEdgeBit, strengths } from "../../src/model/heap-graph.ts";
import type { EdgeLabel, HeapObject, HeapObjects } from "../../src/model/heap-objects.ts";

/** An object of the drawing; its ordinal is the order in which it was drawn. */
export interface Drawn {
  readonly ordinal: number;
}

/** What a field can be drawn with. */
export type DrawnValue = Drawn | null | number | bigint | boolean;

interface Shape {
  readonly className: string;
  readonly fields: Record<string, DrawnValue>;
  readonly elements?: readonly (Drawn | null)[];
  readonly content?: Uint8Array;
  readonly length?: number;
  readonly text?: string;
  readonly bytes: number;
}

interface DrawnClass {
  readonly index: number;
  readonly name: string;
  readonly fields: Map<string, ValueType>;
  readonly statics: StaticField[];
  object?: Drawn;
  loader: number;
  superclass?: string;
}

/** Draws a heap object by object and computes its evidence with the real graph functions. Sizes: 16 bytes and 8 per field or reference. */
export class HeapDrawing {
  readonly #shapes: Shape[] = [{ className: "", fields: {}, bytes: 0 }];
  readonly #classes = new Map<string, DrawnClass>();
  readonly #roots: HeapRoot[] = [];
  readonly #threads: HeapThread[] = [];
  readonly #weak: { from: number; to: number; strength: Strength }[] = [];
  /** How often contents were asked for: every call may cost a pass over the file. */
  readonly calls = { read: 0, labels: 0, strings: 0 };

  /** An instance with its fields. */
  object(
    className: string,
    fields: Record<string, DrawnValue> = {},
    bytes = 16 + 8 * Object.keys(fields).length,
  ): Drawn {
    const declared = this.#classNamed(className).fields;
    for (const [name, value] of Object.entries(fields)) declared.set(name, typeOf(value));
    return this.#add({ className, fields: { ...fields }, bytes });
  }

  /** An array of references: `Foo[]`. */
  array(className: string, elements: readonly (Drawn | null)[]): Drawn {
    return this.#add({
      className,
      fields: {},
      elements: [...elements],
      length: elements.length,
      bytes: 16 + 8 * elements.length,
    });
  }

  /** A byte[] of zeros. */
  bytes(length: number): Drawn {
    return this.#add({
      className: "byte[]",
      fields: {},
      content: new Uint8Array(0),
      length,
      bytes: 16 + 8 * Math.ceil(length / 8),
    });
  }

  string(text: string): Drawn {
    return this.#add({ className: "java.lang.String", fields: {}, text, bytes: 24 });
  }

  /** Sets a field after both ends were drawn. */
  set(holder: Drawn, name: string, value: DrawnValue): void {
    const { className, fields } = this.#shapes[holder.ordinal]!;
    this.#classNamed(className).fields.set(name, typeOf(value));
    fields[name] = value;
  }

  /** The java.lang.Class object, a root as the boot loader's classes are. */
  classObject(className: string): Drawn {
    const drawn = this.#classNamed(className);
    if (drawn.object === undefined) {
      drawn.object = this.object("java.lang.Class");
      this.root(drawn.object, "stickyClass");
    }
    return drawn.object;
  }

  extend(className: string, superclass: string): void {
    this.#classNamed(superclass);
    this.#classNamed(className).superclass = superclass;
  }

  staticField(className: string, name: string, value: DrawnValue): void {
    this.classObject(className);
    this.#classNamed(className).statics.push({ name, type: typeOf(value), value: plain(value) });
  }

  root(object: Drawn, kind: RootKind): void {
    this.#roots.push({ kind, ordinal: object.ordinal, threadSerial: 0, frame: -1 });
  }

  /** A live thread of JDK 17's shape; `locals` by depth of their frame. */
  thread(
    name: string,
    frames: readonly StackFrame[] = [],
    locals: readonly { object: Drawn; frame: number }[] = [],
  ): Drawn {
    const thread = this.object("java.lang.Thread", {
      name: this.string(name),
      daemon: true,
      priority: 5,
      threadStatus: 5,
    });
    const serial = this.#threads.length + 1;
    this.#roots.push({ kind: "threadObject", ordinal: thread.ordinal, threadSerial: serial, frame: -1 });
    this.#threads.push({
      serial,
      ordinal: thread.ordinal,
      frames,
      locals: locals.map(({ object, frame }) => ({ ordinal: object.ordinal, frame })),
    });
    return thread;
  }

  /** A reference that does not keep its referent alive. */
  weak(from: Drawn, to: Drawn, strength: Strength): void {
    this.#weak.push({ from: from.ordinal, to: to.ordinal, strength });
  }

  evidence(file: Partial<HeapFile> = {}): HeapEvidence {
    const classes = this.#heapClasses();
    const graph = this.#graph();
    const dominators = buildDominators(graph);
    const census = { instances: new Float64Array(classes.length), shallowBytes: new Float64Array(classes.length) };
    for (let ordinal = 1; ordinal <= graph.objectCount; ordinal++) {
      census.instances[graph.classOf[ordinal]!]!++;
      census.shallowBytes[graph.classOf[ordinal]!]! += this.#shapes[ordinal]!.bytes;
    }
    const groupOfClass = Int32Array.from(classes, ({ index }) => index);
    const bytesOfClass = retainedOfGroupings(graph, dominators, [{ groupOfClass, groupCount: classes.length }])[0]!;
    return {
      file: {
        name: "drawn.hprof",
        fileBytes: 1000,
        format: "JAVA PROFILE 1.0.2",
        idBytes: 8,
        takenAtMillis: 0,
        dump: 1,
        dumps: 1,
        losses: [],
        ...file,
      },
      sizing: {
        method: "assumed",
        headerBytes: 16,
        referenceBytes: 8,
        alignmentBytes: 8,
        confidence: 0,
        classesAgreeing: 0,
        classesCompared: 0,
      },
      classes,
      census,
      graph,
      dominators,
      reachability: measureReachability(graph, classes.length, dominators),
      classRetained: { bytesOfClass, bytesOfLoader: new Map([[0, dominators.retainedUnits[0]! * 8]]) },
      roots: this.#roots,
      threads: this.#threads,
      objects: this.#objects(classes),
    };
  }

  #add(shape: Shape): Drawn {
    this.#classNamed(shape.className);
    return { ordinal: this.#shapes.push(shape) - 1 };
  }

  #classNamed(name: string): DrawnClass {
    const known = this.#classes.get(name);
    if (known !== undefined) return known;
    const drawn = { index: this.#classes.size, name, fields: new Map(), statics: [], loader: 0 };
    this.#classes.set(name, drawn);
    return drawn;
  }

  #heapClasses(): HeapClass[] {
    return [...this.#classes.values()].map(({ index, name, fields, statics, object, loader, superclass }) => ({
      index,
      name,
      kind: !name.endsWith("[]") ? "instance" : /^[a-z]+\[\]$/.test(name) ? "primitiveArray" : "objectArray",
      ordinal: object?.ordinal ?? 0,
      superclass: superclass === undefined ? -1 : this.#classNamed(superclass).index,
      loader,
      fields: [...fields].map(([fieldName, type]): FieldDeclaration => ({ name: fieldName, type })),
      statics,
      instanceBytes: 16,
      missing: false,
      filler: false,
    }));
  }

  #targetsOf(ordinal: number): number[] {
    const { fields, elements } = this.#shapes[ordinal]!;
    const ownClass = [...this.#classes.values()].find(({ object }) => object?.ordinal === ordinal);
    const statics = ownClass?.statics.filter(({ type }) => type === "object").map(({ value }) => Number(value)) ?? [];
    const locals =
      this.#threads.find((thread) => thread.ordinal === ordinal)?.locals.map((local) => local.ordinal) ?? [];
    const values = [...Object.values(fields), ...(elements ?? [])].map((value) => (isDrawn(value) ? value.ordinal : 0));
    return [...statics, ...values, ...locals].filter((target) => target > 0);
  }

  #graph(): HeapGraph {
    const objectCount = this.#shapes.length - 1;
    const targets = this.#shapes.map((_, ordinal) => (ordinal === 0 ? [] : this.#targetsOf(ordinal)));
    const edgeCount = targets.reduce((sum, each) => sum + each.length, 0);
    const firstEdge = new Int32Array(new SharedArrayBuffer(4 * (objectCount + 1)));
    const edgeTo = new Int32Array(new SharedArrayBuffer(4 * (edgeCount + 1)));
    const classOf = new Uint16Array(new SharedArrayBuffer(2 * (objectCount + 1)));
    const shallowUnits = new Uint16Array(new SharedArrayBuffer(2 * (objectCount + 1)));
    const large: { ordinal: number; bytes: number }[] = [];
    let edge = 1;
    targets.forEach((own, ordinal) => {
      if (ordinal === 0) return;
      const { className, bytes } = this.#shapes[ordinal]!;
      classOf[ordinal] = this.#classNamed(className).index;
      shallowUnits[ordinal] = Math.min(0xffff, bytes / 8);
      if (bytes / 8 >= 0xffff) large.push({ ordinal, bytes });
      if (own.length === 0) return;
      firstEdge[ordinal] = edge;
      edgeTo.set(own, edge);
      edge += own.length;
      edgeTo[edge - 1]! |= lastEdgeBit;
    });
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
      roots: Int32Array.from(new Set(this.#roots.map(({ ordinal }) => ordinal))).sort(),
      weakEdges: {
        from: Int32Array.from(this.#weak, ({ from }) => from),
        to: Int32Array.from(this.#weak, ({ to }) => to),
        strength: Uint8Array.from(this.#weak, ({ strength }) => strengths.indexOf(strength)),
      },
    };
  }

  #objects(classes: readonly HeapClass[]): HeapObjects {
    return {
      read: (ordinals) => {
        this.calls.read++;
        return Array.from(ordinals, (ordinal) => this.#read(ordinal, classes));
      },
      labels: (from, to) => {
        this.calls.labels++;
        return Array.from(from, (holder, i) => this.#label(holder, to[i]!, classes));
      },
      strings: (ordinals, maxChars) => {
        this.calls.strings++;
        return Array.from(ordinals, (ordinal) => this.#shapes[ordinal]?.text?.slice(0, maxChars));
      },
      idOf: (ordinal) => `0x${(ordinal * 16).toString(16)}`,
    };
  }

  #read(ordinal: number, classes: readonly HeapClass[]): HeapObject | undefined {
    const shape = this.#shapes[ordinal];
    if (shape === undefined || ordinal === 0) return undefined;
    const classIndex = this.#classNamed(shape.className).index;
    const declared = classes[classIndex]!.fields;
    const fields = declared.map((field) => ({
      ...field,
      declaredBy: classIndex,
      value: plain(shape.fields[field.name] ?? null),
    }));
    return {
      ordinal,
      classIndex,
      fields,
      ...(shape.length === undefined ? {} : { length: shape.length }),
      ...(shape.elements === undefined
        ? {}
        : { references: Int32Array.from(shape.elements, (element) => element?.ordinal ?? 0) }),
      ...(shape.content === undefined ? {} : { bytes: shape.content }),
    };
  }

  #label(from: number, to: number, classes: readonly HeapClass[]): EdgeLabel {
    const staticField = classes
      .find(({ ordinal }) => ordinal === from)
      ?.statics.find(({ type, value }) => type === "object" && value === to);
    if (staticField !== undefined) return { kind: "static", text: staticField.name };
    const { fields, elements } = this.#shapes[from]!;
    const field = Object.entries(fields).find(([, value]) => isDrawn(value) && value.ordinal === to);
    if (field !== undefined) return { kind: "field", text: field[0] };
    const index = elements?.findIndex((element) => element?.ordinal === to) ?? -1;
    if (index >= 0) return { kind: "element", text: `[${index}]` };
    const thread = this.#threads.find(({ ordinal }) => ordinal === from);
    const local = thread?.locals.find(({ ordinal }) => ordinal === to);
    const frame = local === undefined ? undefined : thread?.frames[local.frame];
    if (frame !== undefined)
      return { kind: "local", text: `${frame.className}.${frame.method}(${frame.source}:${frame.line})` };
    return { kind: "other", text: "<unknown>" };
  }
}

function isDrawn(value: DrawnValue): value is Drawn {
  return typeof value === "object" && value !== null;
}

function plain(value: DrawnValue): number | bigint | boolean {
  return value === null ? 0 : isDrawn(value) ? value.ordinal : value;
}

function typeOf(value: DrawnValue): ValueType {
  if (value === null || isDrawn(value)) return "object";
  return typeof value === "bigint" ? "long" : typeof value === "boolean" ? "boolean" : "int";
}

/** A frame as a Java stack has it. */
export function frame(className: string, method: string, line: number): StackFrame {
  return { className, method, source: `${className.split(".").at(-1)}.java`, line };
}

/** What users ask for when they ask for nothing. */
export const plainOptions = { top: 10, showValues: false };
