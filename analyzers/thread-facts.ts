import type { HeapEvidence, StackFrame } from "../src/model/heap-evidence.ts";
import type { HeapObject } from "../src/model/heap-objects.ts";
import { outerNameOf, stableNameOf } from "./class-names.ts";
import { classOf, fieldOf, readObjects, readStrings, referenceOf, targetsOf } from "./heap-lookup.ts";
import { redactThreadName } from "./redaction.ts";

/** What a java.lang.Thread object says of itself. */
export interface ThreadFacts {
  /** As it is, or the shape of its pool. */
  readonly name: string;
  /** The shape of its pool, for keys and groups. */
  readonly pool: string;
  readonly state: string | undefined;
  readonly daemon: boolean | undefined;
  readonly priority: number | undefined;
}

/** Reads thread objects in two passes: one for the objects, one for their names. */
export function readThreadFacts(
  heap: HeapEvidence,
  ordinals: readonly number[],
  options: { readonly showValues: boolean },
): ReadonlyMap<number, ThreadFacts> {
  const parts = ordinals.flatMap((thread) =>
    targetsOf(heap.graph, thread, 1000).filter((part) => isPartOfThread(heap, part)),
  );
  const objects = readObjects(heap, [...ordinals, ...parts]);
  const names = readStrings(
    heap,
    ordinals.map((thread) => referenceOf(objects.get(thread), "name")),
    200,
  );
  return new Map(
    ordinals.map((thread) => {
      const object = objects.get(thread);
      const nameOrdinal = referenceOf(object, "name");
      const text = names.get(nameOrdinal) ?? charsOf(objects.get(nameOrdinal)) ?? "";
      return [
        thread,
        factsOf(heap, thread, text, { object, holder: objects.get(referenceOf(object, "holder")), ...options }),
      ];
    }),
  );
}

/** Since JDK 19 most fields are in a holder; until JDK 7 the name was a char[]. */
function isPartOfThread(heap: HeapEvidence, ordinal: number): boolean {
  const { name } = classOf(heap, ordinal);
  return name === "java.lang.Thread$FieldHolder" || name === "char[]";
}

function charsOf(object: HeapObject | undefined): string | undefined {
  const bytes = object?.bytes;
  if (bytes === undefined) return undefined;
  const units = Array.from(
    { length: Math.min(200, bytes.length >> 1) },
    (_, i) => bytes[2 * i]! * 256 + bytes[2 * i + 1]!,
  );
  return String.fromCharCode(...units);
}

interface ThreadParts {
  readonly object: HeapObject | undefined;
  readonly holder: HeapObject | undefined;
  readonly showValues: boolean;
}

function factsOf(
  heap: HeapEvidence,
  thread: number,
  text: string,
  { object, holder, showValues }: ThreadParts,
): ThreadFacts {
  const fallback = outerNameOf(classOf(heap, thread).name);
  const pool = text === "" ? fallback : redactThreadName(text);
  const fieldNamed = (name: string) => fieldOf(holder, name) ?? fieldOf(object, name);
  const status = fieldNamed("threadStatus");
  const daemon = fieldNamed("daemon");
  const priority = fieldNamed("priority");
  return {
    name: showValues && text !== "" ? text : pool,
    pool,
    state: status === undefined ? undefined : stateOf(Number(status)),
    daemon: daemon === undefined ? undefined : Boolean(daemon),
    priority: priority === undefined ? undefined : Number(priority),
  };
}

/** As jdk.internal.misc.VM.toThreadState reads the bits of JVMTI. */
function stateOf(status: number): string {
  if ((status & 0x0004) !== 0) return "RUNNABLE";
  if ((status & 0x0400) !== 0) return "BLOCKED";
  if ((status & 0x0010) !== 0) return "WAITING";
  if ((status & 0x0020) !== 0) return "TIMED_WAITING";
  if ((status & 0x0002) !== 0) return "TERMINATED";
  return (status & 0x0001) === 0 ? "NEW" : "RUNNABLE";
}

/** `org.foo.Bar.baz(Bar.java:17)`, as stack traces have it. */
export function formatFrame({ className, method, source, line }: StackFrame): string {
  return `${stableNameOf(className)}.${method}${placeOf(source, line)}`;
}

/** Frames that the JVM made up to link lambdas and string concatenation: they say nothing of the program. */
export function isHiddenFrame({ className }: StackFrame): boolean {
  return /^java\.lang\.invoke\.(LambdaForm|DirectMethodHandle\$Holder|Invokers\$Holder|DelegatingMethodHandle\$Holder)/.test(
    className,
  );
}

/** `Bar.baz(Bar.java:17)`: without the package. */
export function formatShortFrame({ className, method, source, line }: StackFrame): string {
  return `${outerNameOf(className)}.${method}${placeOf(source, line)}`;
}

function placeOf(source: string | undefined, line: number): string {
  if (line === -3) return "(native)";
  if (source === undefined) return "";
  return line > 0 ? `(${source}:${line})` : `(${source})`;
}
