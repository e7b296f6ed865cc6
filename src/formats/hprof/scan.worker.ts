import { openByteSource, type SourceDescriptor } from "../../bytes/byte-source.ts";
import { serve } from "../../threads/serve.ts";
import { type IndexPlan, indexRanges, type RangeIndex } from "./index-ranges.ts";
import { type LinkPlan, type LinkResult, linkChunks } from "./link-chunks.ts";

/** One pass over a dump's heap records. */
export type ScanTask =
  | { readonly pass: "index"; readonly source: SourceDescriptor; readonly plan: IndexPlan }
  | { readonly pass: "link"; readonly source: SourceDescriptor; readonly plan: LinkPlan };

export type ScanResult = RangeIndex | LinkResult;

serve<ScanTask, ScanResult>((task) => {
  const source = openByteSource(task.source);
  try {
    return task.pass === "index" ? indexRanges(task.plan, source) : linkChunks(task.plan, source);
  } finally {
    source.close();
  }
});
