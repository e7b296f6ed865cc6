import { z } from "zod";
import { bytes, count, ratio, seconds } from "./schema-values.ts";

// Objects are loose: new names may appear in any of them; those that are here do not change their meaning.

const sizing = z.looseObject({
  method: z.enum(["gaps", "mat", "assumed"]),
  headerBytes: count,
  referenceBytes: count,
  alignmentBytes: count,
  confidence: ratio,
  classesAgreeing: count,
  classesCompared: count,
});

const heapSummary = z.looseObject({
  kind: z.literal("heap"),
  input: z.string(),
  objects: count.describe("all objects of the dump, fillers of the collector left out"),
  reachableObjects: count.optional().describe("absent after one scan (--include histogram)"),
  shallowBytes: bytes,
  reachableBytes: bytes.optional(),
  unreachableBytes: bytes.optional(),
  classes: count,
  idBytes: z.union([z.literal(4), z.literal(8)]),
  lostBytes: bytes.describe("bytes of the file that could not be read"),
  format: z.string(),
  takenAt: z.iso.datetime().nullable(),
  dump: count,
  dumps: count,
  sizing,
});

const profileSummary = z.looseObject({
  kind: z.literal("profile"),
  input: z.string(),
  format: z.string(),
  eventCounts: z.record(z.string(), count).describe("events by type; of a plain profile, samples by type of value"),
  startTime: z.iso.datetime().nullable(),
  durationSeconds: seconds.nullable(),
  lostEvents: count,
  lostBytes: bytes,
});

const threadDumpSummary = z.looseObject({
  kind: z.literal("threads"),
  input: z.string(),
  format: z.string(),
  dumps: count,
  threads: count.describe("of the last dump, virtual ones too"),
  virtualThreads: count,
  deadlocks: count,
  unknownLines: count,
});

const gcSummary = z.looseObject({
  kind: z.literal("gc"),
  input: z.string(),
  format: z.string(),
  collector: z.string().nullable(),
  runtimeSeconds: seconds,
  pauses: count,
  pauseSeconds: z.looseObject({ total: seconds, max: seconds, p50: seconds, p99: seconds }),
  fullPauses: count,
  lines: count,
  unparsedLines: count,
  lostBytes: bytes,
});

const jemallocSummary = z.looseObject({
  kind: z.literal("jemalloc"),
  input: z.string(),
  format: z.string(),
  dumps: count,
  inuseBytes: bytes,
  inuseObjects: z.number().nonnegative(),
  allocBytes: bytes,
  allocObjects: z.number().nonnegative(),
  stacks: count,
});

const nmtSummary = z.looseObject({
  kind: z.literal("nmt"),
  input: z.string(),
  format: z.string(),
  reservedBytes: bytes,
  committedBytes: bytes,
});

const processMemorySummary = z.looseObject({
  kind: z.literal("process-memory"),
  input: z.string(),
  format: z.string(),
  residentBytes: bytes.nullable(),
  allocatedBytes: bytes.nullable(),
});

/** The figures of one input, by the kind of its evidence. */
export const summary = z.discriminatedUnion("kind", [
  heapSummary,
  profileSummary,
  threadDumpSummary,
  gcSummary,
  jemallocSummary,
  nmtSummary,
  processMemorySummary,
]);
