import type { Bytes } from "../../model/units.ts";
import { bytesAfter, bytesBefore, countAfter } from "./quantity.ts";
import { expectReplyOf, linesOf } from "./reply.ts";

/** One of the two parts of the metaspace. */
export interface MetaspacePart {
  /** Undefined where the text was cut before it. */
  readonly usedBytes: Bytes | undefined;
  readonly committedBytes: Bytes | undefined;
  readonly reservedBytes: Bytes | undefined;
  /** Chunks that no class loader has now. */
  readonly freeChunkBytes: Bytes | undefined;
}

/** What `VM.metaspace` prints, with or without `basic`. Amounts are rounded to three digits or so, unless asked for with `scale=1`. */
export interface Metaspace {
  readonly nonClass: MetaspacePart;
  /** Undefined where class pointers are not compressed. */
  readonly classSpace: MetaspacePart | undefined;
  /** Undefined: unlimited, or not told. */
  readonly limitBytes: Bytes | undefined;
  readonly classSpaceLimitBytes: Bytes | undefined;
  /** When this much is committed, the next collection is made for it. */
  readonly gcThresholdBytes: Bytes | undefined;
  /** Only without `basic`, which needs a safepoint. */
  readonly loaders: number | undefined;
  readonly classes: number | undefined;
}

/** The reply to `VM.metaspace` and `VM.metaspace basic`, JDK 11 to 25, any scale. */
export function parseMetaspace(text: string): Metaspace {
  const lines = linesOf(text);
  expectReplyOf("VM.metaspace", lines);
  return metaspaceOf(lines);
}

/** The same, of lines that are known to tell of the metaspace, such as those in `VM.info`. */
export function metaspaceOf(lines: readonly string[]): Metaspace {
  const rows = rowsOf(lines);
  const hasClassSpace = rows.some(({ part }) => part === "class");
  const total = lines.find((line) => line.startsWith("Total Usage ")) ?? "";
  const settingOf = (label: string) => bytesAfter(lines.find((line) => line.startsWith(label)) ?? "", label);
  return {
    nonClass: partOf(rows, hasClassSpace ? "non-class" : ""),
    classSpace: hasClassSpace ? partOf(rows, "class") : undefined,
    limitBytes: settingOf("MaxMetaspaceSize: "),
    classSpaceLimitBytes: settingOf("CompressedClassSpaceSize: "),
    gcThresholdBytes: settingOf("Current GC threshold: "),
    loaders: countAfter(total, "- "),
    classes: countAfter(total, "loaders, "),
  };
}

const tables = ["Usage", "Virtual space", "Chunk freelists"] as const;

/** A line of one of the tables; `part` is the lower-cased label, and empty where there is no class space. */
interface Row {
  readonly table: (typeof tables)[number];
  readonly part: string;
  readonly line: string;
}

/** A table begins with its name and a colon, and ends with any other line that is not indented. */
function rowsOf(lines: readonly string[]): readonly Row[] {
  const rows: Row[] = [];
  let table: Row["table"] | undefined;
  for (const text of lines) {
    if (text === "") continue;
    if (/^[A-Z]/.test(text)) table = tables.find((name) => text.replace("Total ", "").startsWith(name));
    else if (table) {
      const part = /^ *(non-class|class|both)(?: space)?:/i.exec(text)?.[1]?.toLowerCase() ?? "";
      rows.push({ table, part, line: text.replace(/ \( *[<>]?\d+%\)/g, "") });
    }
  }
  return rows;
}

function partOf(rows: readonly Row[], part: string): MetaspacePart {
  const lineOf = (table: Row["table"]) => rows.find((row) => row.table === table && row.part === part)?.line ?? "";
  const freelist = lineOf("Chunk freelists");
  return {
    usedBytes: bytesBefore(lineOf("Usage"), " used"),
    committedBytes: bytesBefore(lineOf("Virtual space"), " committed"),
    reservedBytes: bytesBefore(lineOf("Virtual space"), " reserved"),
    freeChunkBytes: bytesBefore(`${freelist}\n`, "\n"),
  };
}
