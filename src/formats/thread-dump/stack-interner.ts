import type { DumpedStackFrame } from "../../model/thread-dump.ts";
import type { StackFrame } from "../jcmd/stack-frame.ts";

/** Frames of one stack beyond this are dropped, from the root's end; the JVM prints no more than 1024 unless told to. */
const deepestStack = 4096;
/** Distinct stacks hold at most so many references to frames together; what comes after has no frames. */
const mostReferences = 8_000_000;

/** One array for all threads whose stacks are equal, so that equal stacks are compared by identity. */
export class StackInterner {
  readonly #frameIndex = new Map<string, number>();
  readonly #frames: DumpedStackFrame[] = [];
  readonly #stacks = new Map<string, readonly DumpedStackFrame[]>([["", []]]);
  #references = 0;

  /** As a parser gives it. */
  stackOf(frames: readonly StackFrame[]): readonly DumpedStackFrame[] {
    return this.#stackOf(
      frames
        .slice(0, deepestStack)
        .map(({ method, file, line, isNative }) =>
          this.#indexOf({ name: stableName(method), source: file || undefined, line: line ?? 0, isNative }),
        ),
    );
  }

  /** Of another file. */
  stackOfDumped(frames: readonly DumpedStackFrame[]): readonly DumpedStackFrame[] {
    return this.#stackOf(frames.map((frame) => this.#indexOf(frame)));
  }

  #stackOf(indexes: readonly number[]): readonly DumpedStackFrame[] {
    const key = indexes.join(",");
    const known = this.#stacks.get(key);
    if (known) return known;
    this.#references += indexes.length;
    if (this.#references > mostReferences) return this.#stacks.get("")!;
    const stack = indexes.map((index) => this.#frames[index]!);
    this.#stacks.set(key, stack);
    return stack;
  }

  #indexOf(frame: DumpedStackFrame): number {
    const { name, source, line, isNative } = frame;
    const key = `${name}\n${source}\n${line}\n${isNative}`;
    const known = this.#frameIndex.get(key);
    if (known !== undefined) return known;
    const index = this.#frames.length;
    this.#frames.push(frame);
    this.#frameIndex.set(key, index);
    return index;
  }
}

/** Hidden classes without the number that differs from run to run: `Foo$$Lambda/0x0000000091041660.run`, `Foo$$Lambda$12/877.run`. */
function stableName(method: string): string {
  return method.includes("$$Lambda") ? method.replace(/\$\$Lambda(?:\$\d+)?\/(?:0x)?[0-9a-f]+/, "$$$$Lambda") : method;
}
