import type { AllocatorArena, AllocatorUse } from "../../model/process-memory.ts";

/** What glibc's `malloc_info` and `System.native_heap_info` write; undefined where nothing of it is there. */
export function parseMallocInfo(text: string): AllocatorUse | undefined {
  const arenas: AllocatorArena[] = [];
  for (const [, name = "", body = ""] of text.matchAll(/<heap nr="(\d+)">([\s\S]*?)<\/heap>/g)) {
    arenas.push({ name: name === "0" ? "main" : `arena ${name}`, ...spaceOf(body) });
  }
  const end = text.lastIndexOf("</heap>");
  if (end < 0) return undefined;
  const rest = text.slice(end);
  const whole = rest.includes('<system type="current"') ? spaceOf(rest) : summed(arenas);
  const mappedBytes = sizeOf(rest, '<total type="mmap"');
  return {
    name: "glibc",
    allocatedBytes: whole.systemBytes - whole.freeBytes + mappedBytes,
    freeBytes: whole.freeBytes,
    arenas,
    jemalloc: undefined,
  };
}

/** `fast` and `rest` are free; `current` is all. */
function spaceOf(text: string): Pick<AllocatorArena, "systemBytes" | "freeBytes"> {
  return {
    systemBytes: sizeOf(text, '<system type="current"'),
    freeBytes: sizeOf(text, '<total type="fast"') + sizeOf(text, '<total type="rest"'),
  };
}

function summed(arenas: readonly AllocatorArena[]): Pick<AllocatorArena, "systemBytes" | "freeBytes"> {
  return {
    systemBytes: arenas.reduce((sum, { systemBytes }) => sum + systemBytes, 0),
    freeBytes: arenas.reduce((sum, { freeBytes }) => sum + freeBytes, 0),
  };
}

function sizeOf(text: string, mark: string): number {
  const at = text.lastIndexOf(mark);
  return at < 0 ? 0 : Number(/size="(\d+)"/.exec(text.slice(at, at + 200))?.[1] ?? 0);
}
