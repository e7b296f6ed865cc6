import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatBytes, formatPercent } from "../src/model/format-number.ts";
import type { HeapEvidence, StackFrame } from "../src/model/heap-evidence.ts";
import { isPlatformClass, stableNameOf } from "./class-names.ts";
import { emptyHeapShareOf, heapLimitOf, isOutOfMemory } from "./heap-limit.ts";
import { reachableBytesOf } from "./heap-lookup.ts";
import type { ThreadRow } from "./heap-threads.ts";
import { formatFrame, formatShortFrame, isHiddenFrame } from "./thread-facts.ts";

/** The thread that got the OutOfMemoryError because of which the dump was taken. */
export function outOfMemory(heap: HeapEvidence, rows: readonly ThreadRow[]): Finding[] {
  const row = rows.find(({ thread }) => isOutOfMemory(thread.frames));
  if (row === undefined) return [];
  const frames = row.thread.frames.filter((frame) => !isHiddenFrame(frame));
  const below = frames.slice(frames.findLastIndex(({ className }) => className === "java.lang.OutOfMemoryError") + 1);
  const place = below.find(({ className }) => !isPlatformClass(className)) ?? below[0];
  return [
    {
      rule: "heap/out-of-memory",
      key: `heap/out-of-memory:${placeKeyOf(place)}`,
      severity: "critical",
      score: scoreBelowCulprit,
      title: `The JVM ran out of memory: thread \`${row.facts.name}\` got an OutOfMemoryError${place === undefined ? "" : ` in ${formatShortFrame(place)}`}`,
      impact: { value: row.retainedBytes, unit: "bytes" },
      evidence: [
        ...below.slice(0, 6).map(
          (frame, i): FindingEvidence => ({
            label: i === 0 ? "at" : "",
            value: formatFrame(frame),
            unit: "text",
            source: "sections.threads",
          }),
        ),
        ...(row.retainedBytes >= 2 ** 20
          ? [{ label: "it retains", value: row.retainedBytes, unit: "bytes" as const, source: "sections.threads" }]
          : []),
      ],
      advice: outOfMemoryAdvice(heap),
      docs: "rules/heap-out-of-memory.md",
    },
  ];
}

/** A holder of half the heap or more scores higher: it is the cause, the thread met the end of the heap. */
const scoreBelowCulprit = 49;

function outOfMemoryAdvice(heap: HeapEvidence): string {
  const share = emptyHeapShareOf(heap);
  const limit = heapLimitOf(heap);
  if (share === undefined || limit === undefined)
    return (
      "This thread asked for the last straw and need not be the cause: look at the biggest holder first. " +
      "If nothing holds much, the request itself was too big: look at the size that this frame asks for."
    );
  return (
    `Only ${formatPercent(share)} of the heap (${formatBytes(reachableBytesOf(heap))} of ${formatBytes(limit.bytes)}) is in use, so no leak filled it: ` +
    "either this frame asks for too much at once, or metaspace, direct memory or threads ran out; the message in the JVM's log says which."
  );
}

/** The frame without its line: the same in the next build. */
export function placeKeyOf(frame: StackFrame | undefined): string {
  return frame === undefined ? "unknown" : `${stableNameOf(frame.className)}.${frame.method}`;
}
