import type { ByteSource } from "../../bytes/byte-source.ts";
import { FormatError } from "../../model/errors.ts";
import type { AllocatorUse, ProcessMemoryEvidence } from "../../model/process-memory.ts";
import { readWhole } from "../frames/whole.ts";
import { parseVmInfo } from "../jcmd/vm-info.ts";
import { parseSmapsRollup } from "../proc/smaps-rollup.ts";
import { type MemoryText, memoryTextOf } from "./format.ts";
import { parseJemallocStats } from "./jemalloc-stats.ts";
import { parseMallocInfo } from "./malloc-info.ts";
import { type UsedMapping, usesOf } from "./mapping-uses.ts";
import { parseSmaps, parseSystemMap } from "./smaps.ts";

const names: Readonly<Record<MemoryText, string>> = {
  smaps: "smaps",
  "smaps-rollup": "smaps_rollup",
  maps: "maps",
  "system-map": "System.map",
  "malloc-info": "malloc_info",
  "jemalloc-stats": "statistics of jemalloc",
  "vm-info": "VM.info",
};

const headBytes = 64 * 1024;

/** Reads what the kernel, the JVM or its allocator says of a process's memory. */
export function readProcessMemory(source: ByteSource): ProcessMemoryEvidence {
  const bytes = readWhole(source);
  const kind = memoryTextOf(bytes.subarray(0, headBytes));
  if (kind === undefined) throw new FormatError("expected a text about a process's memory", 0);
  const file = { name: source.name, format: names[kind] };
  return { ...nothing, file, ...partsOf(kind, new TextDecoder().decode(bytes)) };
}

type Parts = Partial<ProcessMemoryEvidence>;

const nothing: Omit<ProcessMemoryEvidence, "file"> = {
  residentBytes: undefined,
  proportionalBytes: undefined,
  anonymousBytes: undefined,
  fileBytes: undefined,
  swapBytes: undefined,
  uses: [],
  allocator: undefined,
  trackedMallocBytes: undefined,
  trackedBytes: undefined,
  trimMillis: undefined,
  notes: [],
};

function partsOf(kind: MemoryText, text: string): Parts {
  switch (kind) {
    case "smaps":
      return { ...rollupOf(text), uses: usesOf(parseSmaps(text)) };
    case "smaps-rollup":
      return rollupOf(text);
    case "maps":
      return { uses: usesOf(parseSmaps(text)), notes: ["maps does not tell what is resident; smaps does"] };
    case "system-map":
      return ofMappings(parseSystemMap(text));
    case "malloc-info":
      return { allocator: expectAllocator(parseMallocInfo(text)) };
    case "jemalloc-stats":
      return ofJemalloc(expectAllocator(parseJemallocStats(text)));
    case "vm-info":
      return ofVmInfo(text);
    default:
      return kind satisfies never;
  }
}

function expectAllocator(use: AllocatorUse | undefined): AllocatorUse {
  if (use === undefined)
    throw new FormatError("expected figures of an allocator, and the text is cut off before them", 0);
  return use;
}

function rollupOf(text: string): Parts {
  const { residentBytes, proportionalBytes, anonymousBytes, swapBytes } = parseSmapsRollup(text);
  const fileBytes = anonymousBytes === undefined ? undefined : residentBytes - anonymousBytes;
  return { residentBytes, proportionalBytes, anonymousBytes, fileBytes, swapBytes };
}

function ofMappings(mappings: readonly UsedMapping[]): Parts {
  const isTagged = mappings.some(({ tag }) => tag !== undefined);
  return {
    residentBytes: mappings.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
    uses: usesOf(mappings),
    notes: isTagged ? [] : ["without -XX:NativeMemoryTracking the JVM does not tell what its memory is for"],
  };
}

function ofJemalloc(allocator: AllocatorUse): Parts {
  return {
    allocator,
    notes: ["jemalloc's resident is the most that can be; pages that were never touched are in it"],
  };
}

/** glibc's figures are everybody's, the tracking's are the JVM's: what is between is of libraries. */
function ofVmInfo(text: string): Parts {
  const { process, nativeMemory, nativeTrimMillis, libraries } = parseVmInfo(text);
  const other = libraries.find((path) => /lib(?:jemalloc|tcmalloc|mimalloc)/.test(path));
  const outstanding = other === undefined && !process?.mayHaveWrapped ? process?.outstandingBytes : undefined;
  return {
    residentBytes: process?.residentBytes,
    anonymousBytes: process?.anonymousBytes,
    fileBytes: process?.fileBytes,
    swapBytes: process?.swapBytes,
    ...(outstanding !== undefined && {
      allocator: {
        name: "glibc" as const,
        allocatedBytes: outstanding,
        freeBytes: process?.retainedBytes ?? 0,
        arenas: [],
        jemalloc: undefined,
      },
    }),
    trackedMallocBytes: nativeMemory?.total?.malloc?.bytes,
    trackedBytes: nativeMemory?.total?.committedBytes,
    trimMillis: nativeTrimMillis,
    notes: other === undefined ? [] : [`${other} replaces glibc's malloc, whose figures tell nothing here`],
  };
}
