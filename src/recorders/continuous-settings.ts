import type { RecordQuestion } from "../model/recorder.ts";
import { type EventSettings, settingsFile } from "./flight-settings.ts";

/** What a recording that goes on and on can answer. */
export const continuousQuestions = ["cpu", "alloc", "lock", "io"] as const satisfies readonly RecordQuestion[];
export type ContinuousQuestion = (typeof continuousQuestions)[number];

/** What is asked, and how much less finely than at first: each step is a half of the samples, and thresholds five times as high. */
export interface ContinuousSettings {
  readonly questions: readonly ContinuousQuestion[];
  readonly javaMajor: number | undefined;
  readonly coarseness: number;
}

export const mostCoarseness = 3;
const on = { enabled: "true" };
const withStack = { enabled: "true", stackTrace: "true" };
const newestMajor = 25;

/** A few events a minute, by which a reader of the files knows what it has before it; nothing that is private. */
const always: EventSettings = {
  "jdk.ActiveSetting": on,
  "jdk.ActiveRecording": on,
  "jdk.DataLoss": on,
  "jdk.JVMInformation": { enabled: "true", period: "beginChunk" },
  "jdk.CPULoad": { enabled: "true", period: "5 s" },
  "jdk.ExceptionStatistics": { enabled: "true", period: "5 s" },
  "jdk.GarbageCollection": { enabled: "true", threshold: "0 ms" },
  "jdk.GCPhasePause": { enabled: "true", threshold: "1 ms" },
  "jdk.SafepointBegin": { enabled: "true", threshold: "10 ms" },
};

/** The settings of a recording that nobody may notice, as a `.jfc` file. */
export function continuousSettings({ questions, javaMajor = newestMajor, coarseness }: ContinuousSettings): string {
  const halves = 2 ** coarseness;
  const times = 5 ** coarseness;
  const events = questions.map((question) => eventsOf(question, javaMajor, { halves, times }));
  return settingsFile(Object.assign({}, always, ...events));
}

function eventsOf(
  question: ContinuousQuestion,
  javaMajor: number,
  { halves, times }: { readonly halves: number; readonly times: number },
): EventSettings {
  const slower = (millis: number) => ({ ...withStack, threshold: `${millis * times} ms` });
  switch (question) {
    case "cpu":
      return { "jdk.ExecutionSample": { enabled: "true", period: `${20 * halves} ms` } };
    case "alloc":
      return { "jdk.ObjectAllocationSample": { ...withStack, throttle: `${Math.ceil(100 / halves)}/s` } };
    case "lock":
      return {
        "jdk.JavaMonitorEnter": slower(10),
        "jdk.ThreadPark": slower(10),
        "jdk.VirtualThreadPinned": slower(10),
      };
    case "io": {
      const throttled = { ...slower(10), ...(javaMajor >= 25 ? { throttle: `${Math.ceil(100 / halves)}/s` } : {}) };
      return {
        "jdk.FileForce": coarserFsync(times),
        "jdk.FileRead": throttled,
        "jdk.FileWrite": throttled,
        "jdk.SocketRead": { ...throttled, threshold: `${20 * times} ms` },
        "jdk.SocketWrite": throttled,
      };
    }
    default:
      return question satisfies never;
  }
}

/** Each fsync counts, as long as that can be afforded. */
function coarserFsync(times: number) {
  return { ...withStack, threshold: times === 1 ? "0 ms" : `${times} ms` };
}
