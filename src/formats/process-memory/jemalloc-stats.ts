import type { AllocatorUse } from "../../model/process-memory.ts";

/** The last statistics as JSON that jemalloc wrote (`stats_print`, `stats_interval`) among other lines; undefined where there is none. */
export function parseJemallocStats(text: string): AllocatorUse | undefined {
  const starts = [...text.matchAll(/\{\s*"jemalloc"\s*:/g)].map(({ index }) => index).reverse();
  for (const start of starts.slice(0, 8)) {
    const end = endOfObject(text, start);
    const use = end === undefined ? undefined : useOf(parsed(text.slice(start, end)));
    if (use) return use;
  }
  return undefined;
}

/** The bracket that closes the one at `start`, texts left out; undefined where the text is cut before it. */
function endOfObject(text: string, start: number): number | undefined {
  const marks = /"(?:[^"\\]|\\.)*"|[{}]/gs;
  marks.lastIndex = start;
  let depth = 0;
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    if (match[0] === "{") depth++;
    else if (match[0] === "}" && --depth === 0) return marks.lastIndex;
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Another line was written into the middle of it.
    return undefined;
  }
}

function useOf(value: unknown): AllocatorUse | undefined {
  const root = recordOf(recordOf(value).jemalloc);
  const stats = recordOf(root.stats);
  if (typeof stats.allocated !== "number") return undefined;
  const { config, opt } = { config: recordOf(root.config), opt: recordOf(root.opt) };
  const activeBytes = numberOf(stats.active);
  const metadataBytes = numberOf(stats.metadata);
  const residentBytes = numberOf(stats.resident);
  return {
    name: "jemalloc",
    allocatedBytes: stats.allocated,
    freeBytes: Math.max(0, residentBytes - metadataBytes - stats.allocated),
    arenas: arenasOf(recordOf(root["stats.arenas"]), numberOf(recordOf(root.arenas).page) || 4096),
    jemalloc: {
      version: typeof root.version === "string" ? root.version : "",
      activeBytes,
      metadataBytes,
      residentBytes,
      mappedBytes: numberOf(stats.mapped),
      retainedBytes: numberOf(stats.retained),
      isBackgroundThread: typeof opt.background_thread === "boolean" ? opt.background_thread : undefined,
      canProfile: typeof config.prof === "boolean" ? config.prof : undefined,
    },
  };
}

function arenasOf(arenas: Readonly<Record<string, unknown>>, pageBytes: number): AllocatorUse["arenas"] {
  return Object.entries(arenas)
    .filter(([name]) => /^\d+$/.test(name))
    .map(([name, value]) => {
      const arena = recordOf(value);
      const allocated = numberOf(recordOf(arena.small).allocated) + numberOf(recordOf(arena.large).allocated);
      const pages = numberOf(arena.pactive) + numberOf(arena.pdirty) + numberOf(arena.pmuzzy);
      const systemBytes = pages * pageBytes;
      return { name: `arena ${name}`, systemBytes, freeBytes: Math.max(0, systemBytes - allocated) };
    });
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
