import type { TrackedCategory, TrackedSite, TrackingReport } from "../../model/native-memory.ts";
import type { NativeSite } from "../jcmd/native-detail.ts";
import type { NativeCategory, NativeMemory } from "../jcmd/native-memory.ts";

/** More sites are in no report that people look at; those left out are the smallest. */
const mostSites = 1_000;

/** A report as the JVM printed it, for analyzers. Its scale rounds each amount, so that sums may differ by one unit for each. */
export function trackingReport(
  memory: NativeMemory,
  { name, takenAtMillis }: Pick<TrackingReport, "name" | "takenAtMillis">,
): TrackingReport {
  const categories = memory.categories.map(trackedCategory);
  const sum = (field: "reservedBytes" | "committedBytes") => categories.reduce((total, each) => total + each[field], 0);
  const { total, scaleBytes, sites, omittedSites } = memory;
  return {
    name,
    takenAtMillis,
    isDiff: isDiff(memory),
    isDetailed: sites.length > 0 || memory.regions.length > 0,
    scaleBytes,
    reservedBytes: total?.reservedBytes ?? sum("reservedBytes"),
    committedBytes: total?.committedBytes ?? sum("committedBytes"),
    reservedChangeBytes: total?.reservedChangeBytes ?? 0,
    committedChangeBytes: total?.committedChangeBytes ?? 0,
    mallocBytes: total?.malloc?.bytes,
    categories,
    sites: sites.map(trackedSite).slice(0, mostSites),
    omittedSites: omittedSites + Math.max(0, sites.length - mostSites),
    reservedGapBytes: total === undefined ? 0 : sum("reservedBytes") - total.reservedBytes,
    committedGapBytes: total === undefined ? 0 : sum("committedBytes") - total.committedBytes,
    // Every category is rounded, and those below one unit are left out: the JVM has some thirty.
    roundingBytes: scaleBytes === 1 ? 0 : Math.max(40, categories.length) * scaleBytes,
  };
}

function isDiff({ total, categories, sites }: NativeMemory): boolean {
  if (total !== undefined && (total.reservedChangeBytes !== 0 || total.committedChangeBytes !== 0)) return true;
  return (
    categories.some((each) => each.committedChangeBytes !== 0 || each.malloc.countChange !== 0) ||
    sites.some(({ malloc, mmap }) => malloc.changeBytes !== 0 || mmap.committedChangeBytes !== 0)
  );
}

function trackedCategory(category: NativeCategory): TrackedCategory {
  const { name, malloc, arena, mmap, stack, overhead, threads, classes } = category;
  return {
    name,
    reservedBytes: category.reservedBytes,
    committedBytes: category.committedBytes,
    mallocBytes: malloc.bytes + overhead.bytes,
    mallocCount: malloc.count,
    arenaBytes: arena.bytes,
    arenaPeakBytes: arena.peakBytes,
    mmapReservedBytes: mmap.reservedBytes + stack.reservedBytes,
    mmapBytes: mmap.committedBytes + stack.committedBytes,
    reservedChangeBytes: category.reservedChangeBytes,
    committedChangeBytes: category.committedChangeBytes,
    members: threads ?? classes,
  };
}

function trackedSite({ frames, category, malloc, mmap }: NativeSite): TrackedSite {
  return {
    frames: frames.map(({ symbol, address }) => symbol?.replace(/\+0x[0-9a-f]+(?: in .*)?$/, "") ?? address),
    category,
    bytes: malloc.bytes + mmap.committedBytes,
    count: malloc.count,
    changeBytes: malloc.changeBytes + mmap.committedChangeBytes,
    countChange: malloc.countChange,
  };
}
