import type { Answer } from "../model/answer.ts";
import { FormatError } from "../model/errors.ts";
import type { GcActivity } from "../model/gc-event.ts";
import { type EventScope, GcByEvents } from "./gc-by-events.ts";
import type { PerfCounterSource } from "./perf-counters.ts";

/** How a JVM can be asked for what its collector did. */
export interface GcSources {
  readonly counters: PerfCounterSource;
  /** Sends a diagnostic command, if policy and budget allow it. */
  ask(command: string, signal: AbortSignal): Promise<Answer<string>>;
}

/** Tells what the collector of one JVM did, each event once. */
export interface GcActivitySource {
  activity(signal: AbortSignal): Promise<Answer<GcActivity>>;
}

/**
 * By perf counters where there are any. Those of ZGC tell its pauses, but neither its cycles nor what these leave in use, so that the JVM's
 * own list of events is asked for that; and so it is for everything where there are no counters.
 */
export function gcActivitySource(sources: GcSources): GcActivitySource {
  const watches = new Map<EventScope, GcByEvents>();
  const byEvents = async (scope: EventScope, signal: AbortSignal): Promise<Answer<GcActivity>> => {
    const answer = await sources.ask("VM.events", signal);
    if (!answer.ok) return answer;
    const watch = watches.get(scope) ?? new GcByEvents(scope);
    watches.set(scope, watch);
    return activityAfter(watch, answer);
  };
  return {
    async activity(signal) {
      const counted = sources.counters.activity();
      if (!counted.ok) {
        const told = await byEvents("all", signal);
        return told.ok ? told : { ...told, reason: `${counted.reason}; and its own events: ${told.reason}` };
      }
      if (sources.counters.heapKind()?.collector !== "ZGC") return counted;
      const cycles = await byEvents("cycles", signal);
      return cycles.ok ? { ...counted, value: joined(counted.value, cycles.value) } : counted;
    },
  };
}

function activityAfter(watch: GcByEvents, answer: Answer<string> & { readonly ok: true }): Answer<GcActivity> {
  try {
    watch.take(answer.value);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { ok: false, code: "failed", reason: error.message };
  }
  if (watch.isSilent) {
    return {
      ok: false,
      code: "absent",
      reason: "its VM.events tell nothing of collections: there was none, or its collector writes none",
    };
  }
  return { ...answer, value: watch.activity() };
}

/** Pauses by the counters, cycles by events. */
function joined(pauses: GcActivity, cycles: GcActivity): GcActivity {
  const events = [...pauses.events, ...cycles.events];
  return {
    ...pauses,
    events: events.sort((a, b) => (a.endSeconds ?? 0) - (b.endSeconds ?? 0)),
    lostEvents: pauses.lostEvents + cycles.lostEvents,
    usedAfterGc: cycles.usedAfterGc,
  };
}
