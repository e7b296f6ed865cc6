import { type Metaspace, type MetaspacePart, parseMetaspace } from "../src/formats/jcmd/metaspace.ts";
import type { Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import { commandReply, nothingOf, samplerOf } from "./command-reply.ts";

const common = { unit: "By", kind: "updowncounter", stability: "development" } as const;
const labels = ["jprof.metaspace.space"];

/** By space: `class` holds the classes themselves, `non-class` all else of them. */
export const metaspaceUsed: Metric = {
  ...common,
  name: "jprof.metaspace.used",
  labels,
  help: "Metaspace in use by class loaders, by space.",
};
export const metaspaceCommitted: Metric = {
  ...common,
  name: "jprof.metaspace.committed",
  labels,
  help: "Metaspace that is backed by memory, by space.",
};
export const metaspaceReserved: Metric = {
  ...common,
  name: "jprof.metaspace.reserved",
  labels,
  help: "Address space of the metaspace; that of the class space is its limit.",
};
/** Of both spaces together. */
export const metaspaceWaste: Metric = {
  ...common,
  name: "jprof.metaspace.waste",
  labels: [],
  help: "Metaspace that is backed by memory, but that nothing uses.",
};

const metrics = [metaspaceUsed, metaspaceCommitted, metaspaceReserved, metaspaceWaste];

/** Tells how the metaspace is used. */
export const metaspaceCollector: Collector = {
  name: "metaspace",
  description: "metaspace and class space: used, committed, reserved, wasted",
  enabledByDefault: true,
  policy: "observe",
  metrics,
  async collect(target, signal) {
    const question = { command: "VM.metaspace basic scale=1", parse: parseMetaspace };
    const answer = await commandReply(target, question, signal);
    if (!answer.ok) return nothingOf(metrics, answer.reason);
    const spaces = spacesOf(answer.value);
    if (spaces.length === 0) return nothingOf(metrics, `the reply to ${question.command} is not complete`);
    const sample = samplerOf(answer);
    const samples = spaces.flatMap(({ space, usedBytes, committedBytes, reservedBytes }) => [
      sample(metaspaceUsed, usedBytes, { "jprof.metaspace.space": space }),
      sample(metaspaceCommitted, committedBytes, { "jprof.metaspace.space": space }),
      sample(metaspaceReserved, reservedBytes, { "jprof.metaspace.space": space }),
    ]);
    const wasteBytes = spaces.reduce((sum, { usedBytes, committedBytes }) => sum + committedBytes - usedBytes, 0);
    return { samples: [...samples, sample(metaspaceWaste, wasteBytes)], missing: [] };
  },
};

interface Space {
  readonly space: string;
  readonly usedBytes: number;
  readonly committedBytes: number;
  readonly reservedBytes: number;
}

/** None where one is not told in full: a part would be taken for the whole. */
function spacesOf({ nonClass, classSpace }: Metaspace): readonly Space[] {
  const nonClasses = spaceOf("non-class", nonClass);
  const classes = classSpace === undefined ? [] : spaceOf("class", classSpace);
  return nonClasses.length === 0 || (classSpace && classes.length === 0) ? [] : [...nonClasses, ...classes];
}

function spaceOf(space: string, { usedBytes, committedBytes, reservedBytes }: MetaspacePart): readonly Space[] {
  if (usedBytes === undefined || committedBytes === undefined || reservedBytes === undefined) return [];
  return [{ space, usedBytes, committedBytes, reservedBytes }];
}
