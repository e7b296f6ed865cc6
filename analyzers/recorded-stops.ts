import type { FindingEvidence } from "../src/model/finding.ts";
import { formatDuration } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { loadOf } from "./cpu-load.ts";
import { eventsOf, rowsOf } from "./event-rows.ts";
import { pausesOf } from "./gc-collections.ts";
import { fact } from "./judgement.ts";
import { framesOf } from "./recorded-stacks.ts";
import type { Reach, StopHistory } from "./stop-history.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";
import { vmOperationsOf } from "./vm-operations.ts";

/** What stopped the threads of a JVM, as a recording tells it; each part is made when it is asked for. */
export function stopsOfRecording(recording: RecordingEvidence): StopHistory {
  return {
    sources: {
      reaches: "jdk.SafepointBegin",
      operations: "jdk.ExecuteVMOperation",
      both: "jdk.SafepointBegin, jdk.ExecuteVMOperation",
      collections: "jdk.GCPhasePause",
    },
    durationSeconds: recording.durationSeconds,
    get reaches() {
      return reachesOf(recording);
    },
    get operations() {
      return vmOperationsOf(recording);
    },
    get collections() {
      return pausesOf(recording);
    },
    lateThreads: (reach) => lateThreads(recording, reach),
    busyFacts: () => busyFacts(recording),
  };
}

function reachesOf(recording: RecordingEvidence): Reach[] {
  const events = eventsOf(recording, "jdk.SafepointBegin");
  const operations = operationsById(recording);
  return rowsOf(events).map((row) => ({
    start: events.start(row),
    seconds: events.duration(row),
    threads: events.number("totalThreadCount", row),
    operation: operations.get(events.number("safepointId", row)),
  }));
}

function operationsById(recording: RecordingEvidence): ReadonlyMap<number, string> {
  const events = eventsOf(recording, "jdk.ExecuteVMOperation");
  const names = new Map<number, string>();
  for (const row of rowsOf(events)) {
    const id = events.number("safepointId", row);
    const name = events.text("operation", row);
    if (name !== undefined && !names.has(id)) names.set(id, name);
  }
  return names;
}

function busyFacts(recording: RecordingEvidence): FindingEvidence[] {
  const load = loadOf(recording);
  if (load === undefined || load.busyShare < jvmThresholds.cpu.busyTime.info) return [];
  return [
    fact(
      "the machine had no CPU left",
      load.busyShare,
      "ratio",
      "of the time, which alone may explain it: jdk.CPULoad",
    ),
  ];
}

function lateThreads(recording: RecordingEvidence, { start, seconds }: Reach): FindingEvidence[] {
  const events = eventsOf(recording, "jdk.SafepointLatency");
  return rowsOf(events)
    .filter((row) => events.start(row) <= start + seconds && events.start(row) + events.duration(row) >= start)
    .sort((a, b) => events.duration(b) - events.duration(a))
    .slice(0, 3)
    .map((row) => {
      const at = framesOf(recording, events.stack(row), 1)[0] ?? "no stack";
      const state = events.text("threadState", row);
      const where = state === undefined ? at : `${at}, ${state}`;
      return fact(
        `late: ${events.text("eventThread", row) ?? "unknown thread"}`,
        `${formatDuration(events.duration(row))} in ${where}`,
        "text",
        "jdk.SafepointLatency",
      );
    });
}
