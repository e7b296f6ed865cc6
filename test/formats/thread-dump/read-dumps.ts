import { memorySource } from "../../../src/bytes/byte-source.ts";
import { readThreadDumps } from "../../../src/formats/thread-dump/read-thread-dumps.ts";
import type { ThreadDumpEvidence, ThreadOfDump } from "../../../src/model/thread-dump.ts";

/** The dumps of a text. */
export function dumpsOf(text: string, name = "dump.txt"): ThreadDumpEvidence {
  return readThreadDumps(memorySource(name, new TextEncoder().encode(text)));
}

/** A thread of the last dump. */
export function threadOf({ dumps }: ThreadDumpEvidence, name: string): ThreadOfDump {
  const thread = dumps.at(-1)?.threads.find((each) => each.name === name);
  if (!thread) throw new Error(`expected a thread "${name}"`);
  return thread;
}
