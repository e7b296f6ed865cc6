import { z } from "zod";
import { profileKinds } from "../model/profile.ts";
import { bytes, className, count, objectId, ratio, seconds } from "./schema-values.ts";

// Objects are loose: new names may appear in any of them; those that are here do not change their meaning.

const native = z.looseObject({
  stacks: z
    .array(
      z.looseObject({ frames: z.array(z.string()), inuseBytes: bytes, inuseObjects: z.number(), samples: z.number() }),
    )
    .optional(),
  symbols: z.array(z.looseObject({ name: z.string(), flatBytes: bytes, cumBytes: bytes })).optional(),
  categories: z
    .array(
      z.looseObject({
        name: z.string(),
        reservedBytes: bytes,
        committedBytes: bytes,
        mallocBytes: bytes,
        mmapBytes: bytes,
      }),
    )
    .optional(),
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

const reachabilityLevel = z.looseObject({ objects: count, bytes });

/** What analyzers give, by the name of the section. */
export const sections = z.looseObject({
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
  native: native.optional(),
});
