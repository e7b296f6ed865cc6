import type { ProfileThread } from "../../model/profile.ts";
import type { Chunk, EventField, EventType } from "./events.ts";
import { remembered } from "./text-interner.ts";

/** Which events are wanted; what is absent selects nothing away. */
export interface RecordingFilter {
  /** Seconds since the recording's start. What is read is as if the recording had begun and ended there. */
  readonly fromSeconds?: number;
  readonly toSeconds?: number;
  /** Events of no thread are of every thread; samples of an unknown thread are of none. */
  readonly isThread?: (thread: ProfileThread) => boolean;
  /** Of samples that have one: `STATE_RUNNABLE`, by name. */
  readonly isState?: (state: string) => boolean;
  /** Events to make profiles of: `jdk.ExecutionSample`, by name. */
  readonly isEvent?: (event: string) => boolean;
}

/** Whether an event is wanted, by its slots. */
export type EventTest = (slots: Float64Array) => boolean;

/** How the parts of a chunk are turned into those of the recording. */
interface ThreadLookup {
  threadOf(index: number): number;
  readonly threads: readonly ProfileThread[];
}

/** The test for a type's events in a chunk; undefined when all of them are wanted. */
export function eventTest(
  filter: RecordingFilter,
  type: EventType,
  chunk: Chunk,
  lookup: ThreadLookup,
): EventTest | undefined {
  const tests = [windowTest(filter, type), threadTest(filter, type, lookup), stateTest(filter, type, chunk)].filter(
    (test) => test !== undefined,
  );
  return tests.length === 0 ? undefined : (slots) => tests.every((test) => test(slots));
}

/** The field of a type; undefined when its JVM knows none of that name. */
export function fieldOf(type: EventType, path: string): EventField | undefined {
  return type.fields.find((field) => field.path === path);
}

/** The thread that an event is about. */
export function threadFieldOf(type: EventType): EventField | undefined {
  const field = fieldOf(type, "sampledThread") ?? fieldOf(type, "eventThread");
  return field?.content === "thread" ? field : undefined;
}

/** An event that began before the window and ended in it is in the window. */
function windowTest(filter: RecordingFilter, type: EventType): EventTest | undefined {
  const { fromSeconds = Number.NEGATIVE_INFINITY, toSeconds = Number.POSITIVE_INFINITY } = filter;
  const start = fieldOf(type, "startTime")?.slot;
  if (start === undefined || (filter.fromSeconds === undefined && filter.toSeconds === undefined)) return undefined;
  const duration = fieldOf(type, "duration")?.slot;
  return (slots) => {
    const startSeconds = slots[start]!;
    const durationSeconds = duration === undefined ? 0 : slots[duration]!;
    return startSeconds < toSeconds && (startSeconds >= fromSeconds || startSeconds + durationSeconds > fromSeconds);
  };
}

function threadTest({ isThread }: RecordingFilter, type: EventType, lookup: ThreadLookup): EventTest | undefined {
  const slot = threadFieldOf(type)?.slot;
  if (isThread === undefined || slot === undefined) return undefined;
  const verdictOf = remembered(0, (index) => {
    const thread = lookup.threads[lookup.threadOf(index)];
    return thread !== undefined && isThread(thread) ? 1 : 0;
  });
  return (slots) => verdictOf(slots[slot]!) === 1;
}

function stateTest({ isState }: RecordingFilter, type: EventType, chunk: Chunk): EventTest | undefined {
  const field = fieldOf(type, "state");
  if (isState === undefined || field?.content !== "constant") return undefined;
  const verdictOf = remembered(0, (index) => (isState(chunk.text(field, index) ?? "") ? 1 : 0));
  return (slots) => verdictOf(slots[field.slot]!) === 1;
}
