import type { Liveness, TierStatus } from "../model/jvm-source.ts";
import type { CounterMoves } from "./counter-movement.ts";

/** What is known of a JVM's life. */
export interface SignsOfLife {
  /** Of its process, one letter; undefined where that cannot be seen. */
  readonly processState: string | undefined;
  /** The ways by which it is asked and has to answer: attach, MBeans. */
  readonly requests: readonly TierStatus[];
  /** Undefined where it has no perf counters that can be read. */
  readonly counters: CounterMoves | undefined;
}

/**
 * Whether the JVM did something itself since then. Its process says that it is stopped, but not that it works: one that waits for a safepoint
 * for ever looks like one that is idle, and its sampler goes on. Where nothing else can be asked, that counts.
 */
export function livenessOf({ processState, requests, counters }: SignsOfLife, sinceMillis: number): Liveness {
  const isSince = (millis: number | undefined) => millis !== undefined && millis >= sinceMillis;
  if (processState === "T" || processState === "t") return down("its process is stopped, by SIGSTOP or a debugger");
  const answered = requests.find(({ lastOkMillis }) => isSince(lastOkMillis));
  if (answered !== undefined) return up(`it answered by ${answered.tier}`);
  if (isSince(counters?.movedAtMillis)) return up("its perf counters change");
  const silent = requests.find(({ state }) => state === "failing" || state === "suspended");
  if (silent !== undefined) return down(`it does not answer by ${silent.tier}: ${silent.detail}`);
  if (isSince(counters?.sampledAtMillis)) return up("its perf counters are sampled");
  if (counters?.sampledAtMillis !== undefined) return down("its perf counters are not sampled any more");
  if (counters !== undefined) return up("its perf counters can be read; they do not change, as in a JVM that is idle");
  if (processState !== undefined) return up(`its process lives (state ${processState}); it cannot be asked itself`);
  return down("neither its process nor its perf counters can be seen, and it was not asked");
}

function up(reason: string): Liveness {
  return { isUp: true, reason };
}

function down(reason: string): Liveness {
  return { isUp: false, reason };
}
