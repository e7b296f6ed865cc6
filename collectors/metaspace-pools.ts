import type { Metaspace } from "../src/formats/jcmd/metaspace.ts";
import type { Answer } from "../src/model/answer.ts";
import type { PerfCounters } from "../src/model/target.ts";
import type { MemoryReading, PoolReadings } from "./memory-reading.ts";

/** Pools of classes: by `VM.metaspace`, which tells them as they are; counters of them are written with collections only. */
export function metaspacePools(counters: Answer<PerfCounters>, metaspace: Answer<Metaspace>): readonly PoolReadings[] {
  return [
    { name: "Metaspace", type: "non_heap", readings: [...toldWhole(metaspace), ...counted(counters, "metaspace")] },
    {
      name: "Compressed Class Space",
      type: "non_heap",
      readings: [...toldClasses(metaspace), ...counted(counters, "compressedclassspace")],
    },
  ];
}

/** As the MXBean has it: both spaces together. */
function toldWhole(answer: Answer<Metaspace>): readonly MemoryReading[] {
  if (!answer.ok) return [];
  const { nonClass, classSpace, limitBytes } = answer.value;
  const both = (what: "usedBytes" | "committedBytes") => {
    const parts = [nonClass[what], classSpace === undefined ? 0 : classSpace[what]];
    return parts.some((part) => part === undefined)
      ? undefined
      : parts.reduce<number>((sum, part = 0) => sum + part, 0);
  };
  return [
    { usedBytes: both("usedBytes"), committedBytes: both("committedBytes"), limitBytes, origin: originOf(answer) },
  ];
}

function toldClasses(answer: Answer<Metaspace>): readonly MemoryReading[] {
  if (!answer.ok || answer.value.classSpace === undefined) return [];
  const { usedBytes, committedBytes } = answer.value.classSpace;
  return [{ usedBytes, committedBytes, limitBytes: answer.value.classSpaceLimitBytes, origin: originOf(answer) }];
}

/** The counter of the metaspace's greatest size is of its address space, which is no limit; that of the class space is. */
function counted(answer: Answer<PerfCounters>, space: string): readonly MemoryReading[] {
  if (!answer.ok) return [];
  const number = (what: string) => answer.value.number(`sun.gc.${space}.${what}`);
  return [
    {
      usedBytes: number("used"),
      committedBytes: number("capacity"),
      limitBytes: space === "metaspace" ? undefined : number("maxCapacity"),
      origin: originOf(answer),
    },
  ];
}

function originOf({ source, takenAtMillis }: Extract<Answer<unknown>, { ok: true }>): MemoryReading["origin"] {
  return { source, takenAtMillis };
}
