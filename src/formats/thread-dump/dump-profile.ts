import { frameKinds, type Profile, type ProfileSet, type ProfileThread, type StackTable } from "../../model/profile.ts";
import type { DumpedStackFrame, ThreadDumpEvidence } from "../../model/thread-dump.ts";

/** Dumps as a coarse profile of wall time: every thread with a stack is one sample in every dump. */
export function profileOfDumps({ dumps }: ThreadDumpEvidence): ProfileSet {
  const samples = new Samples();
  const start = dumps[0]?.takenAtSeconds;
  for (const dump of dumps) {
    const seconds = start === undefined || dump.takenAtSeconds === undefined ? 0 : dump.takenAtSeconds - start;
    for (const { frames, name, pool, javaId, osId, isVirtual } of dump.threads) {
      samples.add(frames, { seconds, count: 1, thread: { name, pool, javaId, osId, isVirtual } });
    }
    for (const { frames, pool, isVirtual, count } of dump.folded) {
      samples.add(frames, {
        seconds,
        count,
        thread: { name: pool, pool, javaId: undefined, osId: undefined, isVirtual },
      });
    }
  }
  const last = dumps.at(-1)?.takenAtSeconds;
  return {
    profiles: [samples.profile(dumps.length)],
    threads: samples.threads,
    startMillis: start === undefined ? undefined : start * 1000,
    durationSeconds: start === undefined || last === undefined ? undefined : last - start,
  };
}

interface Sample {
  readonly seconds: number;
  readonly count: number;
  readonly thread: ProfileThread;
}

/** Samples as columns; a thread's last frame and the stack below it are numbered when they are first seen. */
class Samples {
  readonly threads: ProfileThread[] = [];
  readonly #threadIndex = new Map<string, number>();
  readonly #stackIndex = new Map<readonly DumpedStackFrame[], number>();
  readonly #table = new StackColumns();
  readonly #stack: number[] = [];
  readonly #count: number[] = [];
  readonly #seconds: number[] = [];
  readonly #thread: number[] = [];
  readonly #line: number[] = [];

  /** The JVM's own threads have no stack and are none of it. */
  add(frames: readonly DumpedStackFrame[], { seconds, count, thread }: Sample): void {
    const [leaf] = frames;
    if (!leaf) return;
    const stack = this.#stackIndex.get(frames) ?? this.#table.stackOf(frames);
    this.#stackIndex.set(frames, stack);
    this.#stack.push(stack);
    this.#count.push(count);
    this.#seconds.push(seconds);
    this.#thread.push(this.#indexOf(thread));
    this.#line.push(leaf.line);
  }

  #indexOf(thread: ProfileThread): number {
    const key = `${thread.javaId ?? thread.osId} ${thread.name}`;
    const known = this.#threadIndex.get(key);
    if (known !== undefined) return known;
    this.#threadIndex.set(key, this.threads.length);
    return this.threads.push(thread) - 1;
  }

  profile(dumps: number): Profile {
    return {
      kind: "wall",
      event: "thread-dump",
      unit: "count",
      stacks: this.#table.table(),
      sampleStack: Int32Array.from(this.#stack),
      sampleWeight: Float64Array.from(this.#count),
      sampleCount: Float64Array.from(this.#count),
      sampleSeconds: Float64Array.from(this.#seconds),
      sampleThread: Int32Array.from(this.#thread),
      sampleLine: Int32Array.from(this.#line),
      confidence: {
        samplesWithoutStack: 0,
        truncatedStacks: 0,
        notes: [`one sample per thread and dump, ${dumps} in all: what threads wait in counts as much as what they do`],
      },
    };
  }
}

const javaKind = frameKinds.indexOf("java");
const nativeKind = frameKinds.indexOf("native");

/** Stacks as a tree; a stack's caller is numbered before it. */
class StackColumns {
  readonly #names: string[] = [];
  readonly #kinds: number[] = [];
  readonly #frameIndex = new Map<string, number>();
  readonly #children = new Map<number, Map<number, number>>();
  readonly #frames: number[] = [];
  readonly #callers: number[] = [];

  stackOf(leafFirst: readonly DumpedStackFrame[]): number {
    return leafFirst.reduceRight((caller, frame) => this.#child(caller, this.#frameOf(frame)), -1);
  }

  table(): StackTable {
    return {
      frameNames: this.#names,
      frameKindOf: Uint8Array.from(this.#kinds),
      stackFrame: Int32Array.from(this.#frames),
      stackCaller: Int32Array.from(this.#callers),
    };
  }

  #child(caller: number, frame: number): number {
    const children = this.#children.get(caller) ?? new Map<number, number>();
    this.#children.set(caller, children);
    const known = children.get(frame);
    if (known !== undefined) return known;
    this.#callers.push(caller);
    const stack = this.#frames.push(frame) - 1;
    children.set(frame, stack);
    return stack;
  }

  #frameOf({ name, isNative }: DumpedStackFrame): number {
    const kind = isNative ? nativeKind : javaKind;
    const key = `${kind} ${name}`;
    const known = this.#frameIndex.get(key);
    if (known !== undefined) return known;
    this.#kinds.push(kind);
    this.#frameIndex.set(key, this.#names.length);
    return this.#names.push(name) - 1;
  }
}
