import type { Recorder } from "../model/recorder.ts";
import { asyncProfiler } from "./async-profiler.ts";
import { flightRecorder } from "./flight-recorder.ts";
import { heapDumper } from "./heap-dump.ts";

/** Every way to capture something of a JVM. */
export const recorders: readonly Recorder[] = [flightRecorder, asyncProfiler, heapDumper];
