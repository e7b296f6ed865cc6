import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatCount } from "../src/model/format-number.ts";
import type { ThreadDumpSnapshot, ThreadOfDump } from "../src/model/thread-dump.ts";
import { frameKey, shortFrame, topOwnFrame } from "./dump-frames.ts";
import { countsOf, dumpDocs, stackEvidence, textEvidence } from "./dump-wording.ts";

/** Virtual threads that keep their carriers while they wait. */
export const threadVirtual: Analyzer<"threadDumps"> = {
  name: "thread-virtual",
  description: "virtual threads that wait without giving their carrier back",
  needs: ["threadDumps"],
  analyze({ threadDumps: { dumps } }) {
    const last = dumps.at(-1);
    return { findings: last ? pinnedOf(last) : [], sections: [] };
  },
};

function pinnedOf(dump: ThreadDumpSnapshot): readonly Finding[] {
  const pinned = dump.threads.filter(isPinned);
  const [first] = pinned;
  if (!first) return [];
  const ready = dump.threads.filter(isReady).length;
  const isStarving = ready > 0 && pinned.length >= carriersOf(dump);
  return [
    {
      rule: "threads/pinned",
      key: `threads/pinned:${frameKey(topOwnFrame(first.frames))}`,
      severity: isStarving ? "critical" : pinned.length > 1 ? "warning" : "info",
      score: Math.min(100, 20 + 10 * pinned.length),
      title: titleOf(pinned.length, isStarving ? ready : 0),
      impact: { value: pinned.length, unit: "count" },
      evidence: evidenceOf(pinned),
      advice:
        "Before JDK 24 a synchronized block pins: use a ReentrantLock there. Later only native frames and static initialisers do: do not wait inside of them.",
      docs: dumpDocs,
    },
  ];
}

function titleOf(pinned: number, starving: number): string {
  const who =
    pinned === 1
      ? "A virtual thread waits without giving its carrier back"
      : `${formatCount(pinned)} virtual threads wait without giving their carriers back`;
  if (starving === 0) return who;
  return `${who}; ${formatCount(starving)} ${starving === 1 ? "other is" : "others are"} ready and no carrier is left`;
}

function evidenceOf(pinned: readonly ThreadOfDump[]): readonly FindingEvidence[] {
  const culprits = countsOf(pinned.map(culpritOf)).slice(0, 3);
  return [
    ...culprits.map(([place, count], index) =>
      textEvidence(
        index === 0 ? "held at" : "",
        `${place}${count > 1 ? ` ×${formatCount(count)}` : ""}`,
        "sections.stacks",
      ),
    ),
    ...stackEvidence(pinned[0]!.frames, "sections.stacks"),
  ];
}

/** It has something to do and no carrier to do it on. */
function isReady({ isVirtual, state, carrierId }: ThreadOfDump): boolean {
  return isVirtual && state === "RUNNABLE" && carrierId === undefined;
}

/** The JVM has a method of its own for one that cannot leave its carrier. */
export function isPinned({ isVirtual, carrierId, state, frames }: ThreadOfDump): boolean {
  if (!isVirtual) return false;
  if (frames.slice(0, 4).some(({ name }) => name === "java.lang.VirtualThread.parkOnCarrierThread")) return true;
  return (
    carrierId !== undefined && (state === "BLOCKED" || frames[0]?.name.startsWith("java.lang.Object.wait") === true)
  );
}

/** The initialiser or native method that pins, else the frame of the program. */
function culpritOf({ frames }: ThreadOfDump): string {
  const pin = frames.find(({ name }) => name.endsWith(".<clinit>")) ?? topOwnFrame(frames);
  return pin ? shortFrame(pin) : "no frames";
}

/** Threads that carry one now, and the idle ones of their pool. */
export function carriersOf({ threads }: ThreadDumpSnapshot): number {
  const ids = new Set(threads.flatMap(({ carrierId }) => carrierId ?? []));
  const pools = new Set(threads.flatMap(({ javaId, pool }) => (javaId !== undefined && ids.has(javaId) ? [pool] : [])));
  const isCarrying = ({ frames }: ThreadOfDump) =>
    frames.some(({ name }) => name === "java.lang.VirtualThread.runContinuation");
  return threads.filter((thread) => !thread.isVirtual && (pools.has(thread.pool) || isCarrying(thread))).length;
}
