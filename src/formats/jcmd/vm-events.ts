import { FormatError } from "../../model/errors.ts";
import { type GcHeapUse, gcHeapHistoryOf } from "./gc-heap-history.ts";
import { linesOf } from "./reply.ts";

/** One operation of the VM thread, such as a collection. Times have three decimals. */
export interface VmOperation {
  /** `G1CollectForAllocation`, `Shenandoah Init Marking`. */
  readonly name: string;
  /** Why a collection was made, which JDK 25 tells. */
  readonly cause: string | undefined;
  /** Whether the program was stopped for it; undefined before JDK 25, which does not tell. */
  readonly isSafepoint: boolean | undefined;
  /** Since the JVM began. */
  readonly startSeconds: number;
  /** Undefined while it is under way. */
  readonly endSeconds: number | undefined;
}

/** What `VM.events` tells of collections: the last ones of each kind, as many as the JVM keeps (20 lines, or 250 with ZGC and Shenandoah). */
export interface VmEvents {
  readonly heapHistory: readonly GcHeapUse[];
  readonly operations: readonly VmOperation[];
}

/** The reply to `VM.events`, of all its logs or of one. Throws FormatError when it is something else. */
export function parseVmEvents(text: string): VmEvents {
  const lines = linesOf(text);
  if (!lines.some((line) => /^[A-Z][\w ]* \(\d+ events\):$/.test(line))) {
    throw new FormatError(`expected the reply to VM.events, got "${(lines[0] ?? "").slice(0, 200)}"`);
  }
  return { heapHistory: gcHeapHistoryOf(lines), operations: operationsOf(lines) };
}

const operationLine = /^Event: (\d+\.\d+) Executing (?:(non-)?(safepoint) )?VM operation: (.+?)( done)?$/;

function operationsOf(lines: readonly string[]): readonly VmOperation[] {
  const operations: VmOperation[] = [];
  let begun: VmOperation | undefined;
  for (const line of linesBelow(lines, "VM Operations (")) {
    const [, seconds, not, kind, text = "", done] = operationLine.exec(line) ?? [];
    if (seconds === undefined) continue;
    if (begun) operations.push(done === undefined ? begun : { ...begun, endSeconds: Number(seconds) });
    // Without its beginning, which fell out of the log, nothing is known of an operation.
    begun = undefined;
    if (done !== undefined) continue;
    const isSafepoint = kind === undefined ? undefined : not === undefined;
    begun = { ...nameAndCause(text), isSafepoint, startSeconds: Number(seconds), endSeconds: undefined };
  }
  return begun ? [...operations, begun] : operations;
}

/** From the line that begins with `head` to the next empty one, without both. */
function linesBelow(lines: readonly string[], head: string): readonly string[] {
  const start = lines.findIndex((line) => line.startsWith(head));
  const end = lines.indexOf("", start);
  return start < 0 ? [] : lines.slice(start + 1, end < 0 ? undefined : end);
}

/** `G1CollectFull (System.gc())` */
function nameAndCause(text: string): Pick<VmOperation, "name" | "cause"> {
  const [, name = text, cause] = /^(.+?) \((.+)\)$/.exec(text) ?? [];
  return { name, cause };
}
