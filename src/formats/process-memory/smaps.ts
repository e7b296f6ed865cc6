import { parseMapping } from "../proc/maps.ts";
import type { UsedMapping } from "./mapping-uses.ts";

/** The mappings of /proc/PID/smaps, with what is resident of each; of /proc/PID/maps, without. */
export function parseSmaps(text: string): readonly UsedMapping[] {
  const mappings: (UsedMapping & { residentBytes: number; privateDirtyBytes: number; hugeBytes: number })[] = [];
  for (const line of text.split("\n")) {
    const mapping = parseMapping(line.replace(/\r$/, ""));
    if (mapping !== undefined) {
      mappings.push({ mapping, residentBytes: 0, privateDirtyBytes: 0, hugeBytes: 0, tag: undefined });
      continue;
    }
    const field = /^(Rss|Private_Dirty|AnonHugePages):\s{1,30}(\d{1,12}) kB/.exec(line);
    const last = mappings.at(-1);
    if (field && last) last[fields[field[1]!]!] += Number(field[2]) * 1024;
  }
  return mappings;
}

const fields: Readonly<Record<string, "residentBytes" | "privateDirtyBytes" | "hugeBytes">> = {
  Rss: "residentBytes",
  Private_Dirty: "privateDirtyBytes",
  AnonHugePages: "hugeBytes",
};

const row =
  /^(0x[0-9a-f]{1,16})-(0x[0-9a-f]{1,16})\s+(\d+)\s+([rwxsp-]{4})\s+(\d+)\s+\d+\s+\S+\s+(\S+)\s+(\S+)\s+(.*)$/;

/** The mappings of `System.map` or `System.dump_map` (JDK 24 and later): with what the JVM uses them for, where it tracks that. */
export function parseSystemMap(text: string): readonly UsedMapping[] {
  return text.split("\n").flatMap((line) => {
    const match = row.exec(line.trimEnd());
    if (!match) return [];
    const [, start = "", end = "", , permissions = "", resident = "", , tag = "", file = ""] = match;
    const path = file === "-" ? "" : file.replace(/ \(deleted\)$/, "");
    return [
      {
        mapping: {
          ...{ start: Number(start), end: Number(end), permissions, fileOffset: 0, path },
          isDeleted: file.endsWith(" (deleted)"),
        },
        residentBytes: Number(resident),
        privateDirtyBytes: undefined,
        hugeBytes: undefined,
        tag: tag === "-" ? undefined : tag,
      },
    ];
  });
}
