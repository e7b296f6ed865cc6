import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, rowsOf } from "./event-rows.ts";

/** A flag of the JVM as the recording states it. */
export interface RecordedFlag {
  readonly name: string;
  readonly value: number | string;
  /** `Command line`, `Ergonomic`, `Default` … */
  readonly origin: string;
}

const flagTypes = ["Boolean", "Int", "UnsignedInt", "Long", "UnsignedLong", "Double", "String"] as const;

/** The JVM's flags by name: sizes and numbers, 0 or 1 of switches; none where their events were off. */
export function flagsOf(recording: RecordingEvidence): ReadonlyMap<string, RecordedFlag> {
  const flags = new Map<string, RecordedFlag>();
  for (const type of flagTypes) {
    const events = eventsOf(recording, `jdk.${type}Flag`);
    for (const row of rowsOf(events)) {
      const name = events.text("name", row);
      if (name === undefined) continue;
      const value = type === "String" ? (events.text("value", row) ?? "") : events.number("value", row);
      flags.set(name, { name, value, origin: events.text("origin", row) ?? "" });
    }
  }
  return flags;
}

/** Value of a flag that is a number; undefined when it is not known. */
export function flagNumber(flags: ReadonlyMap<string, RecordedFlag>, name: string): number | undefined {
  const value = flags.get(name)?.value;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Whether someone chose its value: on the command line, in the environment, in a file, or by attaching. */
export function isExplicit(flag: RecordedFlag | undefined): boolean {
  return flag !== undefined && !/^(default|ergonomic)/i.test(flag.origin);
}
