import { z } from "zod";
import { severities } from "../model/finding.ts";
import { profileKinds } from "../model/profile.ts";
import { schemaVersion } from "../reports/json.ts";

// Objects are loose: new names may appear in any of them; those that are here do not change their meaning.

const bytes = z.number().nonnegative().describe("bytes");
const count = z.int().nonnegative();
const seconds = z.number().nonnegative().describe("seconds");
const ratio = z.number().min(0).max(1);
const className = z.string().describe("in source form: java.util.HashMap$Node, byte[]");
const objectId = z.string().regex(/^0x[0-9a-f]+$/);

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

const profile = z.looseObject({
  kind: z.enum(profileKinds),
  event: z.string(),
  unit: z.enum(["bytes", "count", "seconds", "ratio"]),
  samples: count,
  total: z.number(),
  topFrames: z.array(z.looseObject({ frame: z.string(), self: z.number(), total: z.number() })),
  topStacks: z.array(z.looseObject({ frames: z.array(z.string()).describe("leaf first"), value: z.number() })),
});

const finding = z.looseObject({
  rule: z.string().regex(/^[a-z-]+\/[a-z-]+$/),
  key: z.string().describe("the same in the next run on another dump of the same service"),
  severity: z.enum(severities),
  score: z.number().min(0).max(100),
  title: z.string(),
  impact: z.object({ value: z.number(), unit: z.enum(["bytes", "count", "seconds", "ratio"]) }),
  evidence: z.array(
    z.object({
      label: z.string(),
      value: z.union([z.number(), z.string()]),
      unit: z.enum(["bytes", "count", "seconds", "ratio", "text"]),
      source: z.string(),
    }),
  ),
  advice: z.string(),
  docs: z.string().describe("page below docs/"),
  input: z.string().describe("name of the input, as given"),
});

const reachabilityLevel = z.looseObject({ objects: count, bytes });

const sections = z.looseObject({
  histogram: z
    .looseObject({
      classes: z.array(
        z.looseObject({ className, instances: count, shallowBytes: bytes, retainedBytes: bytes.optional() }),
      ),
    })
    .optional(),
  dominators: z
    .looseObject({
      objects: z.array(z.looseObject({ className, objectId, shallowBytes: bytes, retainedBytes: bytes })),
    })
    .optional(),
  suspects: z
    .array(
      z.looseObject({
        className,
        retainedBytes: bytes,
        share: ratio,
        kind: z.enum(["single", "group"]),
        heldBy: z.string().nullable(),
        pathText: z.string(),
        path: z.array(z.unknown()).describe("a literal shortest path from a GC root, step by step"),
      }),
    )
    .optional(),
  packages: z.array(z.looseObject({ package: z.string(), objects: count, retainedBytes: bytes })).optional(),
  loaders: z
    .array(z.looseObject({ className, objectId: objectId.nullable(), classes: count, retainedBytes: bytes }))
    .optional(),
  threads: z
    .array(z.looseObject({ name: z.string(), className, objectId, retainedBytes: bytes, stack: z.array(z.string()) }))
    .optional(),
  directMemory: z
    .looseObject({
      ownedBytes: bytes,
      owners: count,
      views: count,
      mappedBytes: bytes,
      reservedBytes: bytes.nullable().optional(),
    })
    .optional(),
  reachability: z
    .looseObject({
      strong: reachabilityLevel,
      soft: reachabilityLevel,
      weak: reachabilityLevel,
      finalizer: reachabilityLevel,
      phantom: reachabilityLevel,
      unreachable: reachabilityLevel,
    })
    .optional(),
  jvm: z
    .looseObject({
      name: z.string().optional(),
      version: z.string().optional(),
      collector: z.string().optional(),
      arguments: z.array(z.string()),
      properties: z.array(z.object({ name: z.string(), value: z.string() })),
    })
    .optional(),
  losses: z
    .looseObject({
      lostBytes: bytes,
      losses: z.array(z.looseObject({ offset: count, bytes, reason: z.string() })),
    })
    .optional(),
  profiles: z.array(profile).optional(),
  timeline: z
    .looseObject({
      binSeconds: seconds,
      series: z.record(z.string(), z.array(z.number())),
      windows: z.array(z.unknown()),
    })
    .optional(),
  io: z
    .looseObject({
      operations: z.array(
        z.looseObject({
          operation: z.string(),
          subject: z.string(),
          count,
          totalSeconds: seconds,
          p50Seconds: seconds,
          p99Seconds: seconds,
          maxSeconds: seconds,
        }),
      ),
    })
    .optional(),
  locks: z
    .array(z.looseObject({ kind: z.string(), className, site: z.string(), waits: count, totalSeconds: seconds }))
    .optional(),
  gc: z
    .looseObject({
      collector: z.string().nullable(),
      runtimeSeconds: seconds,
      pauses: count,
      pauseSeconds: z.looseObject({ total: seconds, max: seconds, p50: seconds, p99: seconds }),
      causes: z.array(z.looseObject({ cause: z.string(), collections: count })),
    })
    .optional(),
  recording: z
    .looseObject({ format: z.string(), chunks: count, durationSeconds: seconds, lostEvents: count })
    .optional(),
  threadDump: z.looseObject({ dumps: z.array(z.unknown()), threads: z.array(z.unknown()) }).optional(),
  threadPools: z
    .looseObject({ pools: z.array(z.looseObject({ pool: z.string(), threads: count, busy: count })) })
    .optional(),
  lockTree: z.looseObject({ roots: z.array(z.unknown()) }).optional(),
  stacks: z.looseObject({ stacks: z.array(z.unknown()) }).optional(),
});

const input = z.looseObject({
  name: z.string().describe("as given on the command line"),
  format: z.string().optional(),
  fileBytes: bytes.optional(),
  error: z.string().optional().describe("why it could not be read; the others were"),
  sections: sections.optional().describe("sections that an earlier input has given already"),
});

/** What `--format json` writes. */
const report = z.looseObject({
  schemaVersion: z.literal(schemaVersion),
  tool: z.object({ name: z.literal("jprof"), version: z.string() }),
  inputs: z.array(input),
  summary: z
    .array(z.discriminatedUnion("kind", [heapSummary, profileSummary, threadDumpSummary]))
    .describe("one entry per input that was read"),
  findings: z.array(finding).describe("best first"),
  sections,
});

/** The published JSON Schema of the report, as it is committed in docs/. */
export function reportSchemaText(): string {
  const schema = z.toJSONSchema(report, { target: "draft-7" });
  return `${JSON.stringify({ title: "jprof report", ...schema }, null, 2)}\n`;
}
