import type { Format } from "../../model/format.ts";
import { isHprof } from "./header.ts";

/** Heap dumps of HotSpot, J9 and ART: they all begin with the same words. */
export const hprofFormat: Format = {
  name: "hprof",
  description: "heap dumps (HPROF, what jcmd GC.heap_dump and -XX:+HeapDumpOnOutOfMemoryError write)",
  sniff: isHprof,
};
