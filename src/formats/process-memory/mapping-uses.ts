import type { MemoryUse } from "../../model/process-memory.ts";
import type { MemoryMapping } from "../proc/maps.ts";

/** One mapping with what is resident of it. */
export interface UsedMapping {
  readonly mapping: MemoryMapping;
  readonly residentBytes: number;
  readonly privateDirtyBytes: number | undefined;
  readonly hugeBytes: number | undefined;
  /** What the JVM says that it is for; undefined where it does not. */
  readonly tag: string | undefined;
}

/** The JVM's short names (`System.map`), by what they begin with. */
const tagUses: readonly (readonly [RegExp, string])[] = [
  [/^JAVAHEAP/, "Java heap"],
  [/^STACK/, "thread stacks"],
  [/^CODE/, "compiled code"],
  [/^(?:CLASS|META)/, "class metadata"],
  [/^CDS/, "class data sharing"],
  [/^(?:GC|CARDTBL)/, "collector"],
  [/^(?:INTERN|JDK|POLL|TEST)/, "JVM, other"],
];

const arenaBytes = 64 * 2 ** 20;

/** Adds mappings up by use, the most resident first. */
export function usesOf(mappings: readonly UsedMapping[]): readonly MemoryUse[] {
  const sums = new Map<string, UsedMapping[]>();
  for (const [index, each] of mappings.entries()) {
    const use = useOf(each, mappings[index - 1], mappings[index + 1]);
    const list = sums.get(use) ?? [];
    sums.set(use, list);
    list.push(each);
  }
  return [...sums]
    .map(([use, list]) => ({
      use,
      mappings: list.length,
      virtualBytes: sum(list, ({ mapping }) => mapping.end - mapping.start) ?? 0,
      residentBytes: sum(list, ({ residentBytes }) => residentBytes) ?? 0,
      privateDirtyBytes: sum(list, ({ privateDirtyBytes }) => privateDirtyBytes),
      hugeBytes: sum(list, ({ hugeBytes }) => hugeBytes),
    }))
    .sort((a, b) => b.residentBytes - a.residentBytes || (a.use < b.use ? -1 : 1));
}

/** Undefined when one of them is. */
function sum(list: readonly UsedMapping[], amount: (each: UsedMapping) => number | undefined): number | undefined {
  let total = 0;
  for (const each of list) {
    const bytes = amount(each);
    if (bytes === undefined) return undefined;
    total += bytes;
  }
  return total;
}

function useOf(each: UsedMapping, before: UsedMapping | undefined, after: UsedMapping | undefined): string {
  const { mapping, tag } = each;
  const tagged = tag === undefined ? undefined : tagUses.find(([mark]) => mark.test(tag));
  if (tagged) return tagged[1];
  const { path, permissions } = mapping;
  if (path === "[heap]") return "malloc, main arena";
  if (path === "[stack]") return "thread stacks";
  if (path.startsWith("[v")) return "kernel pages";
  if (/^\/(?:dev\/shm|memfd:|SYSV)/.test(path)) return "shared memory";
  if (path.startsWith("/dev/")) return "devices";
  if (/\.so(?:\.[\d.]+)?$/.test(path)) return "libraries";
  if (path.startsWith("/")) return "mapped files";
  if (permissions[2] === "x") return "compiled code";
  if (isArena(mapping, before?.mapping, after?.mapping)) return "malloc, other arenas";
  if (isGuarded(mapping, before?.mapping)) return "thread stacks";
  return permissions.startsWith("---") ? "reserved only" : "anonymous memory";
}

/** glibc reserves 64 MiB at a multiple of 64 MiB, of which the first part can be written. */
function isArena(mapping: MemoryMapping, before: MemoryMapping | undefined, after: MemoryMapping | undefined): boolean {
  const whole = (low: MemoryMapping, high: MemoryMapping) =>
    low.path === "" &&
    high.path === "" &&
    low.permissions === "rw-p" &&
    high.permissions === "---p" &&
    low.end === high.start &&
    low.start % arenaBytes === 0 &&
    high.end - low.start === arenaBytes;
  if (after !== undefined && whole(mapping, after)) return true;
  return before !== undefined && whole(before, mapping);
}

/** Stacks of Java threads lie above guard pages that nobody may touch. */
function isGuarded({ permissions, start, end }: MemoryMapping, before: MemoryMapping | undefined): boolean {
  if (before === undefined || permissions !== "rw-p" || !before.permissions.startsWith("---")) return false;
  const guard = before.end - before.start;
  return before.end === start && guard <= 64 * 1024 && end - start <= 16 * 2 ** 20;
}
