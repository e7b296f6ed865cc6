import type { CollectorName } from "../../model/target.ts";
import type { Bytes } from "../../model/units.ts";
import { addressesOf, bytesAfter, bytesBefore, countAfter } from "./quantity.ts";
import { expectReplyOf, linesOf } from "./reply.ts";

/** A part of the heap. Serial and Parallel have two, the others one. */
export interface HeapArea {
  /** As the JVM names it: `PSYoungGen`, `garbage-first heap`. */
  readonly name: string;
  readonly usedBytes: Bytes;
  readonly committedBytes: Bytes;
  /** The most that it may grow to, where the text tells. */
  readonly reservedBytes: Bytes | undefined;
  readonly spaces: readonly HeapSpace[];
}

/** `eden`, `from`, `to`, `the` (old), `object` (old): the JVM's own words. */
export interface HeapSpace {
  readonly name: string;
  readonly capacityBytes: Bytes;
  readonly usedBytes: Bytes;
}

export interface MetaspaceUse {
  readonly usedBytes: Bytes;
  readonly committedBytes: Bytes;
  readonly reservedBytes: Bytes;
}

/** What `GC.heap_info` prints. */
export interface HeapInfo {
  /** Undefined where no line of it is known. */
  readonly collector: CollectorName | undefined;
  readonly areas: readonly HeapArea[];
  /** Of all areas; undefined where there is none. */
  readonly usedBytes: Bytes | undefined;
  readonly committedBytes: Bytes | undefined;
  readonly reservedBytes: Bytes | undefined;
  /** G1's regions. */
  readonly regionBytes: Bytes | undefined;
  readonly youngRegions: number | undefined;
  readonly survivorRegions: number | undefined;
  /** Both spaces of it together. JDK 25 no longer tells it here. */
  readonly metaspace: MetaspaceUse | undefined;
  readonly classSpace: MetaspaceUse | undefined;
}

/** The reply to `GC.heap_info` of any collector, JDK 8 to 25; the heap in a thread dump or in `VM.info` reads the same. */
export function parseHeapInfo(text: string): HeapInfo {
  const lines = linesOf(text);
  expectReplyOf("GC.heap_info", lines);
  return heapInfoOf(lines);
}

/** The same, of lines that are known to be a heap's. */
export function heapInfoOf(lines: readonly string[]): HeapInfo {
  const areas: (HeapArea & { readonly spaces: HeapSpace[] })[] = [];
  let collector: CollectorName | undefined;
  let metaspace: MetaspaceUse | undefined;
  let classSpace: MetaspaceUse | undefined;
  let regions = "";
  for (const line of lines.map((each) => each.trim())) {
    collector ??= collectorOf(line);
    if (line.startsWith("Metaspace ")) metaspace = metaspaceOf(line);
    else if (line.startsWith("class space ")) classSpace = metaspaceOf(line);
    else if (line.startsWith("region size ")) regions = line;
    else if (line.includes("% used [")) addSpace(areas, line);
    else {
      const area = areaOf(line);
      if (area) areas.push({ ...area, spaces: [] });
    }
  }
  return {
    collector,
    areas,
    ...sumsOf(areas),
    regionBytes: bytesAfter(regions, "region size "),
    youngRegions: countAfter(regions, ", "),
    survivorRegions: countAfter(regions, "), "),
    metaspace,
    classSpace,
  };
}

const collectors: readonly (readonly [opening: string, collector: CollectorName])[] = [
  ["def new generation", "Serial"],
  ["DefNew", "Serial"],
  ["PSYoungGen", "Parallel"],
  ["par new generation", "CMS"],
  ["concurrent mark-sweep generation", "CMS"],
  ["garbage-first heap", "G1"],
  ["ZHeap", "ZGC"],
  ["Shenandoah Heap", "Shenandoah"],
  ["Epsilon Heap", "Epsilon"],
];

function collectorOf(line: string): CollectorName | undefined {
  return collectors.find(([opening]) => line.startsWith(opening))?.[1];
}

/** `used 132K, [capacity 386K,] committed 320K, reserved 1114112K` */
function metaspaceOf(line: string): MetaspaceUse | undefined {
  const usedBytes = bytesAfter(line, "used ");
  const committedBytes = bytesAfter(line, "committed ");
  const reservedBytes = bytesAfter(line, "reserved ");
  if (usedBytes === undefined || committedBytes === undefined || reservedBytes === undefined) return undefined;
  return { usedBytes, committedBytes, reservedBytes };
}

type Area = Omit<HeapArea, "spaces">;

function areaOf(line: string): Area | undefined {
  if (line.startsWith("ZHeap ")) return zHeapOf(line);
  if (line.endsWith(" used")) return shenandoahHeapOf(line);
  const nameEnd = line.indexOf(" total ");
  const usedBytes = bytesAfter(line, ", used ");
  if (nameEnd < 0 || usedBytes === undefined) return undefined;
  const name = line.slice(0, nameEnd).trimEnd();
  const bounds = addressesOf(line);
  return { name, usedBytes, ...committedOf(line, bounds), reservedBytes: extent(bounds, bounds.length - 1) };
}

/**
 * Serial and Parallel give `[low, end of committed, end of reserved)`, which counts both survivor spaces where `total` counts one; G1 gives
 * `[low, end of reserved)`, and since JDK 24 writes `total reserved …, committed …`.
 */
function committedOf(line: string, bounds: readonly number[]): { readonly committedBytes: Bytes } {
  const printed = bytesAfter(line, ", committed ") ?? bytesAfter(line, " total ");
  const byBounds = bounds.length > 2 ? extent(bounds, 1) : undefined;
  return { committedBytes: byBounds ?? printed ?? 0 };
}

/** `ZHeap  used 222M, capacity 256M, max capacity 256M` */
function zHeapOf(line: string): Area | undefined {
  const usedBytes = bytesAfter(line, "used ");
  const committedBytes = bytesAfter(line, ", capacity ");
  if (usedBytes === undefined || committedBytes === undefined) return undefined;
  return { name: "ZHeap", usedBytes, committedBytes, reservedBytes: bytesAfter(line, "max capacity ") };
}

/** `65536K max, 65536K soft max, 65536K committed, 1280K used`; `total` in place of `max` on JDK 11. */
function shenandoahHeapOf(line: string): Area | undefined {
  const usedBytes = bytesBefore(line, " used");
  const committedBytes = bytesBefore(line, " committed");
  if (usedBytes === undefined || committedBytes === undefined) return undefined;
  const reservedBytes = bytesBefore(line, " max") ?? bytesBefore(line, " total");
  return { name: "Shenandoah Heap", usedBytes, committedBytes, reservedBytes };
}

/** `eden space 17472K,  10% used [bottom, top, …, end)`: the addresses tell to the byte what the percentage does roughly. */
function addSpace(areas: (HeapArea & { readonly spaces: HeapSpace[] })[], line: string): void {
  const nameEnd = line.indexOf("space ");
  const capacityBytes = bytesAfter(line, "space ");
  const usedBytes = extent(addressesOf(line), 1);
  if (nameEnd < 0 || capacityBytes === undefined || usedBytes === undefined) return;
  const name = line.slice(0, nameEnd).trimEnd();
  if (areas.length === 0) {
    areas.push({ name: "heap", usedBytes, committedBytes: capacityBytes, reservedBytes: undefined, spaces: [] });
  }
  areas.at(-1)!.spaces.push({ name, capacityBytes, usedBytes });
}

function sumsOf(areas: readonly HeapArea[]): Pick<HeapInfo, "usedBytes" | "committedBytes" | "reservedBytes"> {
  if (areas.length === 0) return { usedBytes: undefined, committedBytes: undefined, reservedBytes: undefined };
  const reserved = areas.flatMap(({ reservedBytes }) => reservedBytes ?? []);
  return {
    usedBytes: sum(areas.map(({ usedBytes }) => usedBytes)),
    committedBytes: sum(areas.map(({ committedBytes }) => committedBytes)),
    reservedBytes: reserved.length === areas.length ? sum(reserved) : undefined,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** From the first address to one of the others. */
function extent(bounds: readonly number[], to: number): Bytes | undefined {
  const [low] = bounds;
  const high = bounds[to];
  return low === undefined || high === undefined || high < low || to === 0 ? undefined : high - low;
}
