import { formatBytes, formatCount, formatNumberOf } from "../model/format-number.ts";
import type { NativeSummary } from "../model/report.ts";

/** What an input about native memory holds, in a few facts. */
export function nativeFacts(summary: NativeSummary): readonly string[] {
  switch (summary.kind) {
    case "jemalloc":
      return [
        `${summary.allocator} ${summary.format}`,
        ...(summary.dumps > 1 ? [`${formatCount(summary.dumps)} dumps`] : []),
        `${formatBytes(summary.inuseBytes)} live`,
        formatNumberOf(summary.stacks, "stack"),
      ];
    case "nmt":
      return [
        summary.format,
        ...(summary.reports > 1 ? [`${formatCount(summary.reports)} reports`] : []),
        `${formatBytes(summary.committedBytes)} committed`,
      ];
    case "process-memory":
      return [
        summary.format,
        ...(summary.residentBytes === null ? [] : [`${formatBytes(summary.residentBytes)} resident`]),
        ...(summary.allocatedBytes === null ? [] : [`${formatBytes(summary.allocatedBytes)} allocated`]),
      ];
    default:
      return summary satisfies never;
  }
}
