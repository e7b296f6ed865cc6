import { type AccessFacts, readAccessFacts } from "../jvm/access-facts.ts";
import type { IdentifiedJvm } from "../jvm/identity.ts";
import { examineAccess } from "../jvm/obstacles.ts";
import { refineIdentity } from "../jvm/refine-identity.ts";
import type { Obstacle, VmKind } from "../model/jvm-source.ts";
import type { TargetIdentity } from "../model/target.ts";
import { askVersion } from "./doctor-ask.ts";
import { type Check, found, passed } from "./doctor-check.ts";
import { readCounters } from "./jvm-look.ts";

/** What jprof can do with one JVM. */
export interface JvmDiagnosis {
  readonly kind: VmKind;
  readonly identity: TargetIdentity;
  /** Whether there is a way to learn anything of the JVM itself. */
  readonly isReachable: boolean;
  readonly checks: readonly Check[];
}

export interface DiagnosisOptions {
  readonly procRoot: string;
  /** Whether to ask the JVM something, where nothing is in the way of it. */
  readonly asks: boolean;
}

/** What a piece of advice is about. */
const topics: Readonly<Record<string, string>> = {
  "perf-counters-on-disk": "counters",
  "native-memory-untracked": "native memory",
  "jolokia-absent": "mbeans",
  "tmp-noexec": "profilers",
  "agents-refused": "profilers",
};

/** Looks at every way into a JVM. Its counters are really read; whether it would answer is told from what its process shows, unless asked. */
export async function diagnoseJvm(jvm: IdentifiedJvm, { procRoot, asks }: DiagnosisOptions): Promise<JvmDiagnosis> {
  const obstacles = await examineAccess(jvm, { procRoot });
  const hiding = obstacles.filter(({ tier }) => tier === "process");
  const facts = jvm.kind === "hotspot" ? readAccessFacts(procRoot, jvm.identity) : undefined;
  if (hiding.length > 0 || facts === undefined) {
    const checks = hiding.map((obstacle) => found("process", "obstacle", obstacle));
    return { ...jvm, isReachable: false, checks };
  }
  const { check: counters, identity } = countersCheck(jvm.identity, facts, obstacles, procRoot);
  const attach = attachCheck(facts, obstacles);
  const asked = asks && attach.state === "ok" ? [await askVersion(jvm, procRoot)] : [];
  const all = await examineAccess(jvm, { procRoot, advises: true });
  const advised = all.filter(
    ({ code, tier }) => !obstacles.some((other) => other.code === code && other.tier === tier),
  );
  return {
    kind: jvm.kind,
    identity,
    isReachable: [counters, ...(asked.length > 0 ? asked : [attach])].some(({ state }) => state === "ok"),
    checks: [
      passed("process", `runs ${facts.libraryPath}; its files in ${procRoot}/${identity.pid} can be read`),
      counters,
      attach,
      ...asked,
      ...recordChecks(facts, attach),
      ...advised.map((obstacle) => found(topics[obstacle.code] ?? obstacle.tier, "advice", obstacle)),
    ],
  };
}

function countersCheck(identity: TargetIdentity, facts: AccessFacts, obstacles: readonly Obstacle[], procRoot: string) {
  const startedAt = performance.now();
  const answer = readCounters(identity, procRoot);
  const millis = performance.now() - startedAt;
  if (answer.ok) {
    const detail = `${answer.value.names.length} in ${facts.countersPath}, read in ${millis.toFixed(1)} ms`;
    return { check: passed("counters", detail), identity: refineIdentity(identity, { perfCounters: answer.value }) };
  }
  const obstacle = obstacles.find(({ tier }) => tier === "perf-counters") ?? {
    code: "perf-counters-failed",
    detail: answer.reason,
    fix: "try again; where it stays so, read the JVM by attach",
  };
  return { check: found("counters", "obstacle", obstacle), identity };
}

function attachCheck({ socketPath, isListening }: AccessFacts, obstacles: readonly Obstacle[]): Check {
  const obstacle = obstacles.find(({ tier }) => tier === "attach");
  if (obstacle) return found("attach", "obstacle", obstacle);
  return passed(
    "attach",
    isListening ? `listens at ${socketPath}` : `catches SIGQUIT, and will listen at ${socketPath} when it is asked to`,
  );
}

/** Recordings are started over attach. */
function recordChecks({ hasFlightRecorder }: AccessFacts, attach: Check): readonly Check[] {
  if (hasFlightRecorder === undefined) return [];
  if (!hasFlightRecorder) {
    return [
      found("record", "obstacle", {
        code: "flight-recorder-absent",
        detail: "its Java image was made without the module jdk.jfr",
        fix: "add the module to the image: jlink --add-modules jdk.jfr,…",
      }),
    ];
  }
  if (attach.state === "ok") return [passed("record", "has the Flight Recorder (jdk.jfr), which is started by attach")];
  return [
    found("record", "obstacle", {
      code: "record-needs-attach",
      detail: "has the Flight Recorder (jdk.jfr), but recordings are started by attach",
      fix: "start one with the JVM: -XX:StartFlightRecording",
    }),
  ];
}
