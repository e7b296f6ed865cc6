import type { FrameKind } from "../../model/profile.ts";
import type { Chunk, ChunkStack, ConstantPool } from "./events.ts";
import { lastingName } from "./frame-names.ts";
import type { KnownStacks } from "./known-stacks.ts";
import type { StackInterner } from "./stack-interner.ts";

/** Frame types of async-profiler; every other type runs a Java method. */
const nativeKinds: ReadonlyMap<string, FrameKind> = new Map([
  ["Native", "native"],
  ["C++", "cpp"],
  ["Kernel", "kernel"],
]);

/** No Java method has this descriptor: with it, async-profiler marks symbols of native code. */
const symbolDescriptor = "()L;";

const notYet = -2;

/** Turns a chunk's stacks into stacks of the whole recording, each only when it is first met. */
export class ChunkStackTable {
  readonly #chunk: Chunk;
  readonly #interner: StackInterner;
  readonly #knownStacks: KnownStacks;
  /** By index: the recording's stack, and its leaf's line with the sign of a stack that was cut. */
  readonly #known: Int32Array;
  /** By method and frame type: a method of a chunk has few types. */
  readonly #frameOfMethod: Int32Array;
  readonly #typeCount: number;
  readonly #methods: MethodNames;

  /** Frames of the stack at hand, leaf first. */
  #frames = new Int32Array(256);

  constructor(chunk: Chunk, interner: StackInterner, knownStacks: KnownStacks) {
    this.#chunk = chunk;
    this.#interner = interner;
    this.#knownStacks = knownStacks;
    this.#known = new Int32Array(2 * chunk.stacks.count).fill(notYet);
    this.#typeCount = (chunk.pool("jdk.types.FrameType")?.count ?? 0) + 1;
    const methodCount = (chunk.pool("jdk.types.Method")?.count ?? 0) + 1;
    this.#frameOfMethod = new Int32Array(methodCount * this.#typeCount).fill(notYet);
    this.#methods = new MethodNames(chunk);
  }

  /** The recording's stack; −1 for none, for one that is not in the file, and for one without frames. */
  stackOf(index: number): number {
    if (!(index >= 0)) return -1;
    const stack = this.#known[2 * index];
    if (stack === undefined) return -1;
    return stack === notYet ? this.#learn(index) : stack;
  }

  /** Of an index that `stackOf` was asked for: the line that the leaf frame was at, 0 unknown; below 0 (−1 − line) where the JVM cut the stack. */
  leafOf(index: number): number {
    return index >= 0 ? (this.#known[2 * index + 1] ?? 0) : 0;
  }

  #learn(index: number): number {
    const read = this.#chunk.stacks.read(index);
    const line = read.count > 0 ? Math.max(0, read.line[0]!) : 0;
    const stack = this.#intern(read);
    this.#known[2 * index] = stack;
    this.#known[2 * index + 1] = read.isTruncated ? -1 - line : line;
    return stack;
  }

  #intern({ count, method, type }: ChunkStack): number {
    const frames = this.#frames.length >= count ? this.#frames : new Int32Array(2 * count);
    this.#frames = frames;
    const frameOfMethod = this.#frameOfMethod;
    const typeCount = this.#typeCount;
    let low = count;
    let high = ~count;
    for (let depth = 0; depth < count; depth++) {
      const place = (Math.max(method[depth]!, -1) + 1) * typeCount + Math.max(type[depth]!, -1) + 1;
      const known = frameOfMethod[place]!;
      const frame = known === notYet ? this.#frameOf(place, method[depth]!, type[depth]!) : known;
      frames[depth] = frame;
      low = Math.imul(low ^ frame ^ (low >>> 15), 0x9e3779b1);
      high = Math.imul(high ^ (frame + 1) ^ (high >>> 13), 0x85ebca77);
    }
    low ^= low >>> 16;
    const known = this.#knownStacks.find(low, high);
    if (known >= 0) return known;
    let stack = -1;
    for (let depth = count - 1; depth >= 0; depth--) stack = this.#interner.stackOf(stack, frames[depth]!);
    if (count > 0) this.#knownStacks.add(low, high, stack);
    return stack;
  }

  #frameOf(place: number, method: number, type: number): number {
    const frame = this.#addFrame(method, type);
    this.#frameOfMethod[place] = frame;
    return frame;
  }

  #addFrame(method: number, type: number): number {
    const kind = nativeKinds.get(this.#chunk.constant("jdk.types.FrameType", type) ?? "");
    const symbol = kind === undefined ? undefined : this.#methods.symbolOf(method);
    if (kind !== undefined && symbol !== undefined) return this.#interner.frameOf(symbol, kind);
    const name = this.#chunk.constant("jdk.types.Method", method);
    if (name === undefined) return this.#interner.frameOf("[unknown]", "other");
    return this.#interner.frameOf(lastingName(name), "java");
  }
}

/** What the methods of a chunk are called that are symbols of native code. */
class MethodNames {
  readonly #chunk: Chunk;
  readonly #pool: ConstantPool | undefined;
  readonly #nameSlot: number;
  readonly #descriptorSlot: number;

  constructor(chunk: Chunk) {
    this.#chunk = chunk;
    this.#pool = chunk.pool("jdk.types.Method");
    const slotOf = (path: string) => this.#pool?.type.fields.find((field) => field.path === path)?.slot ?? -1;
    this.#nameSlot = slotOf("name");
    this.#descriptorSlot = slotOf("descriptor");
  }

  /** The symbol; undefined for methods of Java, native ones too. */
  symbolOf(method: number): string | undefined {
    if (this.#pool === undefined || method < 0 || this.#nameSlot < 0 || this.#descriptorSlot < 0) return undefined;
    const descriptor = this.#chunk.constant("jdk.types.Symbol", this.#pool.value(method, this.#descriptorSlot));
    if (descriptor !== symbolDescriptor) return undefined;
    return this.#chunk.constant("jdk.types.Symbol", this.#pool.value(method, this.#nameSlot));
  }
}
