import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf } from "./event-rows.ts";
import { flagsOf } from "./recorded-flags.ts";
import { isEnabled, settingOf, spanOfSetting } from "./recorded-settings.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

/** One question that a recording cannot answer. */
export interface BlindSpot {
  /** `where CPU time goes` */
  readonly question: string;
  readonly event: string;
  readonly why: string;
  readonly remedy: string;
  /** Asked of nearly every recording. */
  readonly isCentral: boolean;
}

interface Question {
  readonly question: string;
  /** Any of them answers it. */
  readonly events: readonly string[];
  readonly isCentral: boolean;
  /** Above it, most of what one looks for is not recorded. */
  readonly mostSeconds?: number;
}

const questions: readonly Question[] = [
  { question: "where CPU time goes", events: ["jdk.ExecutionSample", "jdk.CPUTimeSample"], isCentral: true },
  {
    question: "who allocates",
    events: ["jdk.ObjectAllocationSample", "jdk.ObjectAllocationInNewTLAB"],
    isCentral: true,
  },
  { question: "which locks threads wait for", events: ["jdk.JavaMonitorEnter"], isCentral: true, mostSeconds: 0.05 },
  {
    question: "what threads park for (java.util.concurrent locks, queues)",
    events: ["jdk.ThreadPark"],
    isCentral: false,
    mostSeconds: 0.05,
  },
  { question: "which files are slow", events: ["jdk.FileRead", "jdk.FileWrite"], isCentral: true, mostSeconds: 0.05 },
  { question: "how long syncs to disk take", events: ["jdk.FileForce"], isCentral: false, mostSeconds: 0.05 },
  {
    question: "which connections are slow",
    events: ["jdk.SocketRead", "jdk.SocketWrite"],
    isCentral: true,
    mostSeconds: 0.05,
  },
  {
    question: "why and how long collections stop the program",
    events: ["jdk.GarbageCollection", "jdk.GCPhasePause"],
    isCentral: true,
  },
  { question: "how full the heap is", events: ["jdk.GCHeapSummary"], isCentral: true },
  {
    question: "what else stops all threads",
    events: ["jdk.ExecuteVMOperation", "jdk.SafepointBegin"],
    isCentral: false,
  },
  { question: "which thread is late at a safepoint", events: ["jdk.SafepointLatency"], isCentral: false },
  { question: "how busy the machine is", events: ["jdk.CPULoad"], isCentral: true },
  { question: "how big the process is", events: ["jdk.ResidentSetSize"], isCentral: false },
  { question: "what stays alive", events: ["jdk.OldObjectSample"], isCentral: false },
  { question: "who makes classes", events: ["jdk.ClassDefine", "jdk.ClassLoad"], isCentral: false },
  { question: "which exceptions are thrown", events: ["jdk.JavaExceptionThrow"], isCentral: false },
  {
    question: "which virtual threads pin their carrier",
    events: ["jdk.VirtualThreadPinned"],
    isCentral: false,
    mostSeconds: 0.05,
  },
  { question: "the flags of the JVM", events: ["jdk.BooleanFlag"], isCentral: false },
];

/** What a recording cannot answer, by its own settings; the central questions first. */
export function blindSpotsOf(recording: RecordingEvidence): BlindSpot[] {
  const spots = [
    ...madeByProfiler(recording),
    ...switchedOff(recording),
    ...untracked(recording),
    ...throttled(recording),
    ...imprecise(recording),
  ];
  return spots.sort((a, b) => Number(b.isCentral) - Number(a.isCentral));
}

function madeByProfiler({ jvm, settings, eventCounts }: RecordingEvidence): BlindSpot[] {
  if (
    jvm.profiler === undefined ||
    eventCounts.has("jdk.GarbageCollection") ||
    settings.some(({ event }) => event === "jdk.GarbageCollection")
  )
    return [];
  return [
    {
      question: "what the JVM itself did (collections, safepoints, memory)",
      event: "jdk.GarbageCollection",
      why: `${jvm.profiler} recorded samples only`,
      remedy: "Add the JVM's own events to the profiler's: asprof --jfrsync default",
      isCentral: true,
    },
  ];
}

function switchedOff(recording: RecordingEvidence): BlindSpot[] {
  return questions.flatMap(({ question, events, isCentral, mostSeconds = Number.POSITIVE_INFINITY }) => {
    const seen = events.some((event) => recording.eventCounts.has(event));
    const states = events.map((event) => isEnabled(recording, event)).filter((state) => state !== undefined);
    const event = events[0]!;
    if (!seen && states.length > 0 && !states.includes(true)) {
      const remedy = `Record with settings=profile, or enable it: jcmd <pid> JFR.start settings=profile ${event}#enabled=true`;
      return [
        { question, event, why: `${events.join(" and ")} ${events.length > 1 ? "are" : "is"} off`, remedy, isCentral },
      ];
    }
    const threshold = settingOf(recording, event, "threshold");
    if ((spanOfSetting(threshold) ?? 0) <= mostSeconds) return [];
    const remedy = `Lower the threshold: jcmd <pid> JFR.start settings=profile ${event}#threshold=10ms`;
    return [
      {
        question: `${question}, below ${threshold}`,
        event,
        why: `its threshold is ${threshold}`,
        remedy,
        isCentral: false,
      },
    ];
  });
}

/** Without it, samples are put to the nearest safepoint of the compiled code. */
function imprecise(recording: RecordingEvidence): BlindSpot[] {
  if (flagsOf(recording).get("DebugNonSafepoints")?.value !== 0) return [];
  return [
    {
      question: "the exact line of samples in inlined code",
      event: "jdk.ExecutionSample",
      why: "-XX:+DebugNonSafepoints was not set",
      remedy: "Start the JVM with -XX:+UnlockDiagnosticVMOptions -XX:+DebugNonSafepoints",
      isCentral: false,
    },
  ];
}

/** Native memory tracking is a flag of the JVM and no setting of the recording. */
function untracked(recording: RecordingEvidence): BlindSpot[] {
  const isOff =
    isEnabled(recording, "jdk.NativeMemoryUsage") === true && !recording.eventCounts.has("jdk.NativeMemoryUsage");
  if (!isOff) return [];
  return [
    {
      question: "what native memory is used for",
      event: "jdk.NativeMemoryUsage",
      why: "native memory tracking is off in this JVM",
      remedy: "Start the JVM with -XX:NativeMemoryTracking=summary",
      isCentral: false,
    },
  ];
}

/** Events of which the JVM kept at most so many a second, and that came about as often. */
function throttled(recording: RecordingEvidence): BlindSpot[] {
  const types = ["jdk.SocketRead", "jdk.SocketWrite", "jdk.FileRead", "jdk.FileWrite", "jdk.JavaExceptionThrow"];
  return types.flatMap((event) => {
    const throttle = settingOf(recording, event, "throttle");
    const rate = /^(\d+)\/s$/.exec(throttle ?? "")?.[1];
    const events = eventsOf(recording, event);
    const count = recording.eventCounts.get(event) ?? events.rows;
    const isReached =
      rate !== undefined && count >= Number(rate) * recording.durationSeconds * jvmThresholds.recording.throttledShare;
    if (!isReached) return [];
    const remedy = `Record it without a throttle: jcmd <pid> JFR.start settings=profile ${event}#throttle=off`;
    return [
      { question: `the true totals of ${event}`, event, why: `only ${throttle} were kept`, remedy, isCentral: true },
    ];
  });
}
