import { type Deadlock, DeadlockSection } from "./deadlock.ts";
import { countAfter } from "./quantity.ts";
import { expectReplyOf, linesOf } from "./reply.ts";
import type { ThreadHeader } from "./thread-header.ts";
import { type DumpedThread, ThreadLines } from "./thread-lines.ts";

export type { Deadlock } from "./deadlock.ts";
export type { DumpedThread } from "./thread-lines.ts";

/** What `Thread.print` or `jstack` prints. */
export interface ThreadDump {
  /** In the JVM's own time zone, which it does not tell: `2026-11-25 03:44:35`. */
  readonly takenAt: string | undefined;
  /** `OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode, sharing)` */
  readonly vm: string | undefined;
  /** Threads that may run Java code: those with a priority. */
  readonly javaThreads: readonly DumpedThread[];
  /** The JVM's own: of the collector, `VM Thread`. */
  readonly vmThreads: readonly DumpedThread[];
  readonly deadlocks: readonly Deadlock[];
  readonly jniGlobalRefs: number | undefined;
  readonly jniWeakRefs: number | undefined;
  /** Lines that are none of a dump's: something is misread, or a name holds a line feed. */
  readonly unknownLines: number;
}

/** The reply to `Thread.print`, with or without `-l` and `-e`, JDK 8 to 25. */
export function parseThreadPrint(text: string): ThreadDump {
  const lines = linesOf(text);
  expectReplyOf("Thread.print", lines);
  const deadlocksAt = lines.indexOf("Found one Java-level deadlock:");
  const head = deadlocksAt < 0 ? lines : lines.slice(0, deadlocksAt);
  const { threads, unknownLines } = threadsOf(head);
  const refs = head.find((line) => line.startsWith("JNI global ref")) ?? "";
  const vm = head.find((line) => line.startsWith("Full thread dump "));
  return {
    takenAt: head.slice(0, 3).find((line) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(line)),
    vm: vm?.slice("Full thread dump ".length).replace(/:$/, ""),
    javaThreads: threads.filter(isJava),
    vmThreads: threads.filter((thread) => !isJava(thread)),
    deadlocks: deadlocksOf(lines.slice(head.length)),
    jniGlobalRefs: countAfter(refs, "refs: ") ?? countAfter(refs, "references: "),
    jniWeakRefs: countAfter(refs, "weak refs: "),
    unknownLines,
  };
}

function isJava({ priority, javaId }: ThreadHeader): boolean {
  return priority !== undefined || javaId !== undefined;
}

function threadsOf(lines: readonly string[]): {
  readonly threads: readonly DumpedThread[];
  readonly unknownLines: number;
} {
  const threads: DumpedThread[] = [];
  const reader = new ThreadLines((thread) => threads.push(thread));
  const unknownLines = lines.filter((line) => !reader.add(line)).length;
  reader.end();
  return { threads, unknownLines };
}

function deadlocksOf(lines: readonly string[]): readonly Deadlock[] {
  const sections: DeadlockSection[] = [];
  let isInside = false;
  for (const line of lines) {
    if (line === "Found one Java-level deadlock:") {
      sections.push(new DeadlockSection());
      isInside = true;
    } else if (line.startsWith("Java stack information for ")) {
      isInside = false;
    } else if (isInside) {
      sections.at(-1)!.add(line);
    }
  }
  return sections.map(({ deadlock }) => deadlock);
}
