/** Threads that wait for each other for ever, each for the next one and the last for the first. */
export interface Deadlock {
  readonly threads: readonly DeadlockedThread[];
}

export interface DeadlockedThread {
  readonly name: string;
  /** What it waits for; undefined where the text was cut before it. */
  readonly waitsFor: DeadlockedLock | undefined;
  /** Name of the thread that holds it; undefined where the JVM does not know. */
  readonly heldBy: string | undefined;
}

export interface DeadlockedLock {
  /** `synchronized`, a `java.util.concurrent` lock, or a monitor of JVMTI. */
  readonly kind: "monitor" | "ownable synchronizer" | "raw monitor";
  /** Of the object: the same as in the threads' stacks; undefined of a raw monitor. */
  readonly address: string | undefined;
  readonly className: string | undefined;
}

type Draft<T> = { -readonly [field in keyof T]: T[field] };

/** Reads the part below `Found one Java-level deadlock:`, line by line. */
export class DeadlockSection {
  readonly #threads: Draft<DeadlockedThread>[] = [];

  get deadlock(): Deadlock {
    return { threads: this.#threads };
  }

  add(line: string): void {
    if (line.startsWith('"') && line.endsWith('":')) {
      this.#threads.push({ name: line.slice(1, -2), waitsFor: undefined, heldBy: undefined });
      return;
    }
    const thread = this.#threads.at(-1);
    if (!thread) return;
    const waiting = /^ {2}(waiting (?:to (?:re-)?lock|for)) /.exec(line);
    if (waiting) thread.waitsFor = lockOf(line);
    const holder = line.indexOf('which is held by "');
    if (holder >= 0 && line.endsWith('"')) thread.heldBy = line.slice(holder + 'which is held by "'.length, -1);
  }
}

/** `waiting to lock monitor 0x… (object 0x…, a java.lang.Object),`, `waiting for ownable synchronizer 0x…, (a java.util…),` */
function lockOf(line: string): DeadlockedLock {
  if (line.includes("raw monitor")) return { kind: "raw monitor", address: undefined, className: undefined };
  const kind = line.includes("ownable synchronizer") ? "ownable synchronizer" : "monitor";
  const object = kind === "monitor" ? /\(object (0x[0-9a-f]+), a ([^,)]+)/ : /(0x[0-9a-f]+), \(a ([^,)]+)/;
  const parts = object.exec(line);
  return { kind, address: parts?.[1], className: parts?.[2] };
}
