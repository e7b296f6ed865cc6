import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import type { HeapObject } from "../src/model/heap-objects.ts";
import type { Section } from "../src/model/section.ts";
import type { Bytes } from "../src/model/units.ts";
import { directLimitOf, type HeapLimit } from "./heap-limit.ts";
import {
  classesNamed,
  classOf,
  fieldOf,
  instancesOf,
  readObjects,
  referenceOf,
  staticNamed,
  targetsOf,
} from "./heap-lookup.ts";
import { thresholds } from "./thresholds.ts";

/** Memory outside the heap that java.nio buffers own. */
interface DirectMemory {
  /** Of buffers that will free it; slices, duplicates and read-only views of them own nothing. */
  readonly ownedBytes: Bytes;
  readonly owners: number;
  readonly views: number;
  readonly mappedBytes: Bytes;
  readonly mappings: number;
  /** What java.nio.Bits itself counts; null where the dump does not tell. */
  readonly reservedBytes: Bytes | null;
  readonly limitBytes: Bytes | null;
  /** Buffers beyond the bound that were not looked at. */
  readonly isComplete: boolean;
}

/** Direct and mapped buffers, each byte counted once. */
export const directMemory: Analyzer<"heap"> = {
  name: "direct-memory",
  description: "memory outside the heap that direct and mapped buffers own",
  needs: ["heap"],
  analyze({ heap }) {
    const memory = measure(heap);
    return { findings: findingsOf(memory, directLimitOf(heap.classes)), sections: [sectionOf(memory)] };
  },
};

/** One pass over the file reads the buffers and, through their cleaners, what frees them. */
function measure(heap: HeapEvidence): DirectMemory {
  const limit = thresholds.directMemory.buffers;
  const buffers = instancesOf(
    heap,
    ({ name }) => /^java\.nio\.(DirectByteBuffer|MappedByteBuffer|Direct\w+Buffer)/.test(name) && !name.includes("$"),
    limit,
  );
  const parts = buffers.flatMap((buffer) => freeingParts(heap, buffer));
  const counters = countersOf(heap);
  const objects = readObjects(heap, [...buffers, ...parts, ...counters]);
  const sums = { ownedBytes: 0, owners: 0, views: 0, mappedBytes: 0, mappings: 0 };
  for (const buffer of buffers) count(sums, heap, objects, buffer);
  const reserved = counters
    .map((ordinal) => fieldOf(objects.get(ordinal), "value"))
    .find((value) => value !== undefined);
  return {
    ...sums,
    reservedBytes: reserved === undefined ? null : Number(reserved),
    limitBytes: directLimitOf(heap.classes)?.bytes ?? null,
    isComplete: buffers.length < limit,
  };
}

function freeingParts(heap: HeapEvidence, buffer: number): number[] {
  const cleaners = targetsOf(heap.graph, buffer, 100).filter((target) => /\.Cleaner$/.test(classOf(heap, target).name));
  const thunks = cleaners.flatMap((cleaner) =>
    targetsOf(heap.graph, cleaner, 100).filter((target) => /Deallocator|Unmapper/.test(classOf(heap, target).name)),
  );
  return [...cleaners, ...thunks];
}

/** `RESERVED_MEMORY` since JDK 11, `reservedMemory` before; an AtomicLong in both. */
function countersOf({ classes }: HeapEvidence): number[] {
  const field = staticNamed(classesNamed(classes, "java.nio.Bits"), "RESERVED_MEMORY", "reservedMemory");
  return field?.type === "object" && Number(field.value) > 0 ? [Number(field.value)] : [];
}

type Sums = { -readonly [K in "ownedBytes" | "owners" | "views" | "mappedBytes" | "mappings"]: number };

/** A buffer owns its memory when it has a cleaner and no other buffer attached; both since JDK 1.4. */
function count(sums: Sums, heap: HeapEvidence, objects: ReadonlyMap<number, HeapObject>, ordinal: number): void {
  const buffer = objects.get(ordinal);
  if (buffer === undefined) return;
  const cleaner = referenceOf(buffer, "cleaner");
  if (cleaner === 0 || referenceOf(buffer, "att", "viewedBuffer") !== 0) {
    sums.views++;
    return;
  }
  const thunk = referenceOf(objects.get(cleaner), "thunk");
  const freed = objects.get(thunk);
  const bytes = Number(fieldOf(freed, "size", "cap") ?? fieldOf(buffer, "capacity") ?? 0);
  if (thunk > 0 && /Unmapper/.test(classOf(heap, thunk).name)) {
    sums.mappedBytes += bytes;
    sums.mappings++;
    return;
  }
  sums.ownedBytes += bytes;
  sums.owners++;
}

function findingsOf(
  { ownedBytes, owners, reservedBytes, isComplete }: DirectMemory,
  limit: HeapLimit | undefined,
): Finding[] {
  const usedBytes = Math.max(ownedBytes, reservedBytes ?? 0);
  if (usedBytes < thresholds.directMemory.ownedBytes) return [];
  const share = limit === undefined ? 0 : usedBytes / limit.bytes;
  const isFull = share >= thresholds.directMemory.limitShare;
  const source = "sections.directMemory";
  return [
    {
      rule: "heap/direct-memory",
      key: "heap/direct-memory",
      severity: isFull ? "warning" : "info",
      score: Math.min(100, Math.round(100 * share)),
      title: `${formatNumberOf(owners, "direct buffer")} ${owners === 1 ? "holds" : "hold"} ${formatBytes(usedBytes)} outside the heap${share > 0 ? `, ${formatPercent(share)} of what java.nio may reserve` : ""}`,
      impact: { value: usedBytes, unit: "bytes" },
      evidence: [
        { label: "owned", value: ownedBytes, unit: "bytes", source },
        ...(reservedBytes === null
          ? []
          : [
              {
                label: "reserved",
                value: reservedBytes,
                unit: "bytes" as const,
                source: "java.nio.Bits.RESERVED_MEMORY",
              },
            ]),
        ...(limit === undefined
          ? []
          : [{ label: "limit", value: limit.bytes, unit: "bytes" as const, source: limit.source }]),
        ...(isComplete
          ? []
          : [{ label: "", value: "there are more buffers than were looked at", unit: "text" as const, source }]),
      ],
      advice: isFull
        ? "Release or pool direct buffers before the next allocation fails with `OutOfMemoryError: Direct buffer memory`; raise -XX:MaxDirectMemorySize only if the container has the room."
        : "Count it when sizing the container: heap maximum + this + metaspace + thread stacks; -XX:MaxDirectMemorySize bounds it.",
      docs: "rules/heap-direct-memory.md",
    },
  ];
}

function sectionOf(memory: DirectMemory): Section {
  const { ownedBytes, owners, views, mappedBytes, mappings, reservedBytes, limitBytes } = memory;
  return {
    name: "directMemory",
    title: "Memory outside the heap",
    data: memory,
    tables: [
      {
        title: "Memory outside the heap",
        columns: [
          { title: "buffers", kind: "text" },
          { title: "number", kind: "count" },
          { title: "bytes", kind: "bytes" },
        ],
        rows: [
          ["direct, owning", owners, ownedBytes],
          ["mapped files", mappings, mappedBytes],
          ["views of them (own nothing)", views, null],
          ["reserved by java.nio.Bits' count", null, reservedBytes],
          ["limit", null, limitBytes],
        ],
        omittedRows: 0,
      },
    ],
    blocks: [],
    shownByDefault: false,
  };
}
