import type { ByteSource } from "../../bytes/byte-source.ts";
import type { Loss } from "../../model/heap-evidence.ts";
import type { ThreadDumpSnapshot, ThreadOfDump } from "../../model/thread-dump.ts";
import { parseCutJson } from "../jcmd/cut-json.ts";
import { jsonThreadOf, parseThreadDumpJson } from "../jcmd/thread-dump-json.ts";
import { actuatorThread } from "./actuator-thread.ts";
import { jsonThread } from "./filed-thread.ts";
import { JsonElements } from "./json-elements.ts";
import { windowFor } from "./lines.ts";
import { StackInterner } from "./stack-interner.ts";
import { ThreadBudget, ThreadList } from "./thread-list.ts";

/** A form of dump in JSON. */
export interface JsonForm {
  readonly name: string;
  /** Brackets that are open where a thread begins. */
  readonly depth: number;
  threadOf(value: unknown, stacks: StackInterner): ThreadOfDump | undefined;
}

/** `{"threadDump":{"threadContainers":[{"threads":[{` */
const filedForm: JsonForm = {
  name: "Thread.dump_to_file (JSON)",
  depth: 5,
  threadOf(value, stacks) {
    const thread = jsonThreadOf(value);
    return thread && jsonThread(thread, stacks);
  },
};

/** `{"threads":[{` */
const actuatorForm: JsonForm = { name: "Spring Boot Actuator (JSON)", depth: 2, threadOf: actuatorThread };

/** Which form a text that begins like this is; undefined where it is no JSON. */
export function jsonFormOf(head: string): JsonForm | undefined {
  if (!/^\s*\{/.test(head)) return undefined;
  if (/^\s*\{\s*"threads"\s*:/.test(head)) return actuatorForm;
  return /^\s*\{\s*"threadDump"\s*:/.test(head) ? filedForm : undefined;
}

/** One dump in JSON, thread by thread: a million virtual threads are never in memory at once. */
export function readJsonDump(
  source: ByteSource,
  form: JsonForm,
): { readonly dump: ThreadDumpSnapshot; readonly losses: readonly Loss[] } {
  const stacks = new StackInterner();
  const threads = new ThreadList(new ThreadBudget());
  let strangers = 0;
  const elements = new JsonElements(form.depth, (text) => {
    const thread = form.threadOf(parseCutJson(text), stacks);
    if (thread) threads.add(thread);
    else strangers++;
  });
  const sizeBytes = feed(source, elements);
  const { skeleton, rest, isCut, droppedElements } = elements.end();
  const cutThread = rest === "" ? undefined : form.threadOf(parseCutJson(rest), stacks);
  if (cutThread) threads.add(cutThread);
  const { processId, takenAtMillis, runtimeVersion } = parseThreadDumpJson(skeleton);
  return {
    dump: {
      takenAt: takenAtMillis === undefined ? undefined : new Date(takenAtMillis).toISOString(),
      takenAtSeconds: takenAtMillis === undefined ? undefined : takenAtMillis / 1000,
      vm: runtimeVersion,
      processId,
      threads: threads.threads,
      folded: threads.folded,
      reportedDeadlocks: [],
      expectedThreads: undefined,
      unknownLines: strangers + droppedElements,
    },
    losses: isCut ? [{ offset: sizeBytes, bytes: 0, reason: "the file ends inside the dump" }] : [],
  };
}

function feed(source: ByteSource, elements: JsonElements): number {
  const window = windowFor(source);
  for (let offset = 0; ; ) {
    const count = source.read(offset, window);
    offset += count;
    elements.add(window.subarray(0, count));
    if (count < window.length) return offset;
  }
}
