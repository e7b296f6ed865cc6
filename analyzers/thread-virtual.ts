import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
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
  const carriers = carriersOf(dump);
  const isAll = carriers > 0 && pinned.length >= carriers;
  const culprits = countsOf(pinned.map(culpritOf));
  return [
    {
      rule: "threads/pinned",
      key: `threads/pinned:${frameKey(topOwnFrame(first.frames))}`,
      severity: isAll ? "critical" : pinned.length > 1 ? "warning" : "info",
      score: carriers === 0 ? 50 : Math.min(100, Math.round((100 * pinned.length) / carriers)),
      title: isAll
        ? `All ${formatCount(carriers)} carriers are held by virtual threads that wait: no other virtual thread can run`
        : `${formatCount(pinned.length)} virtual thread${pinned.length === 1 ? " waits" : "s wait"} without giving ${pinned.length === 1 ? "its carrier" : "their carriers"} back${carriers > 0 ? ` (of ${formatCount(carriers)})` : ""}`,
      impact: { value: pinned.length, unit: "count" },
      evidence: [
        ...culprits
          .slice(0, 3)
          .map(([place, count], index) =>
            textEvidence(index === 0 ? "held at" : "", `${place} ×${formatCount(count)}`, "sections.stacks"),
          ),
        ...stackEvidence(first.frames, "sections.stacks"),
      ],
      advice:
        "Before JDK 24 a synchronized block pins: use a ReentrantLock there. Later only native frames and static initialisers do: do not wait inside of them.",
      docs: dumpDocs,
    },
  ];
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
