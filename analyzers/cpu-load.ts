import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, rowsOf } from "./event-rows.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

/** Averages as shares of all CPUs. */
export interface CpuLoad {
  readonly samples: number;
  readonly jvm: number;
  readonly jvmKernel: number;
  readonly machine: number;
  readonly others: number;
  /** Share of the samples in which the machine was busy. */
  readonly busyShare: number;
}

/** The averages over the recording; undefined when it has too few samples of the load. */
export function loadOf(recording: RecordingEvidence): CpuLoad | undefined {
  const events = eventsOf(recording, "jdk.CPULoad");
  const rows = rowsOf(events).filter((row) => Number.isFinite(events.number("machineTotal", row)));
  if (rows.length < jvmThresholds.cpu.samples) return undefined;
  const average = (of: (row: number) => number) => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const jvmOf = (row: number) => events.amount("jvmUser", row) + events.amount("jvmSystem", row);
  const machineOf = (row: number) => events.number("machineTotal", row);
  return {
    samples: rows.length,
    jvm: average(jvmOf),
    jvmKernel: average((row) => events.amount("jvmSystem", row)),
    machine: average(machineOf),
    others: average((row) => Math.max(0, machineOf(row) - jvmOf(row))),
    busyShare: rows.filter((row) => machineOf(row) >= jvmThresholds.cpu.busy).length / rows.length,
  };
}
