import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatCount, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { type CpuLoad, loadOf } from "./cpu-load.ts";
import { eventsOf, valuesOf } from "./event-rows.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.cpu;

/** Who uses the machine's CPUs: this JVM, others, or the kernel. */
export const jvmCpu: Analyzer<"recording"> = {
  name: "jvm-cpu",
  description:
    "CPU of the JVM against the machine's: saturation, other processes, time in the kernel, context switches",
  needs: ["recording"],
  analyze: ({ recording }) => {
    const load = loadOf(recording);
    const ofLoad = load === undefined ? [] : [...busy(load), ...otherProcesses(load), ...kernel(load)];
    return { findings: [...ofLoad, ...contextSwitches(recording)], sections: [] };
  },
};

function loadFacts(load: CpuLoad) {
  return [
    fact("machine busy", load.machine, "ratio", "jdk.CPULoad, share of all CPUs, average"),
    fact("this JVM", load.jvm, "ratio", "jdk.CPULoad"),
    fact("other processes", load.others, "ratio", "jdk.CPULoad"),
    fact("samples", load.samples, "count", "jdk.CPULoad"),
  ];
}

/** The machine has no CPU left, whoever took it. */
function busy(load: CpuLoad): Finding[] {
  const judged = judge(load.busyShare, limits.busyTime);
  if (judged === undefined) return [];
  const isJvm = load.jvm >= load.others;
  return [
    findingOf({
      rule: "jvm/cpu",
      key: "jvm/cpu#busy",
      ...judged,
      title: `The machine had no CPU left for ${formatPercent(load.busyShare)} of the time: this JVM used ${formatPercent(load.jvm)} of it, others ${formatPercent(load.others)}`,
      impact: { value: load.machine, unit: "ratio" },
      evidence: loadFacts(load),
      advice: isJvm
        ? "See the hot methods of the CPU profile for what this JVM burns it on."
        : "Find the other processes (top, or jdk.SystemProcess of the recording) and move them, or bound them with a CPU quota.",
    }),
  ];
}

/** Others take much, but the machine has some left. */
function otherProcesses(load: CpuLoad): Finding[] {
  const judged = judge(load.others, limits.others);
  const isTold = judge(load.busyShare, limits.busyTime) !== undefined;
  if (judged === undefined || isTold) return [];
  return [
    findingOf({
      rule: "jvm/cpu",
      key: "jvm/cpu#others",
      severity: "info",
      score: judged.score > 50 ? 40 : 30,
      title: `Other processes used ${formatPercent(load.others)} of the machine's CPUs, this JVM ${formatPercent(load.jvm)}`,
      impact: { value: load.others, unit: "ratio" },
      evidence: loadFacts(load),
      advice: "Find the other processes and move them if this JVM's latency matters: caches and CPU time are shared.",
    }),
  ];
}

function kernel(load: CpuLoad): Finding[] {
  const share = load.jvmKernel / load.jvm;
  const judged = load.jvm >= limits.kernelLeast ? judge(share, limits.kernelShare) : undefined;
  if (judged === undefined) return [];
  return [
    findingOf({
      rule: "jvm/cpu",
      key: "jvm/cpu#kernel",
      ...judged,
      title: `This JVM spends ${formatPercent(share)} of its CPU time in the kernel`,
      impact: { value: load.jvmKernel, unit: "ratio" },
      evidence: loadFacts(load),
      advice:
        "Many small reads, writes and wake-ups are the usual reason: look at the I/O and lock findings, or profile with async-profiler, which sees the kernel's frames.",
    }),
  ];
}

function contextSwitches(recording: RecordingEvidence): Finding[] {
  const rates = valuesOf(eventsOf(recording, "jdk.ThreadContextSwitchRate"), "switchRate");
  const cpus = eventsOf(recording, "jdk.CPUInformation").number("hwThreads", 0);
  const average = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const judged = cpus > 0 && rates.length > 0 ? judge(average / cpus, limits.contextSwitches) : undefined;
  if (judged === undefined) return [];
  return [
    findingOf({
      rule: "jvm/context-switches",
      ...judged,
      title: `The machine switches threads ${formatCount(average)} times a second, ${formatCount(average / cpus)} on each CPU`,
      impact: { value: average, unit: "count" },
      evidence: [
        fact("most", Math.max(...rates), "count", "jdk.ThreadContextSwitchRate, a second, all processes"),
        fact("CPUs", cpus, "count", "jdk.CPUInformation"),
      ],
      advice:
        "Look for threads that hand small pieces of work to each other, contended locks, and pools with far more threads than CPUs.",
    }),
  ];
}
