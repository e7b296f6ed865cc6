import type { Bytes } from "../../model/units.ts";
import { sourceClassName } from "../hprof/symbols.ts";
import { expectReplyOf, linesOf } from "./reply.ts";

/** One row: the objects of one class. */
export interface HistogramClass {
  /** Source form: `byte[]`, `java.util.HashMap$Node`. The same name may be there twice, from two loaders. */
  readonly className: string;
  /** `java.base@17.0.15`; undefined on JDK 8 and for classes of no named module. */
  readonly module: string | undefined;
  readonly instances: number;
  readonly shallowBytes: Bytes;
}

/** What `GC.class_histogram` or `jmap -histo` prints, the class with the most bytes first. */
export interface ClassHistogram {
  readonly classes: readonly HistogramClass[];
  /** The last line of the text; undefined where it was cut before. */
  readonly total: { readonly instances: number; readonly shallowBytes: Bytes } | undefined;
}

/** The reply to `GC.class_histogram`, JDK 8 to 25. A row without its line's end is left out: its name may be cut. */
export function parseClassHistogram(text: string): ClassHistogram {
  const lines = linesOf(text);
  expectReplyOf("GC.class_histogram", lines);
  const total = lines.flatMap((line) => totalOf(line) ?? []).at(-1);
  const classes = lines.slice(0, total ? lines.length : -1).flatMap((line) => rowOf(line) ?? []);
  return { classes, total };
}

/** `   1:         56453      149808592  [B (java.base@25.0.3)` */
function rowOf(line: string): HistogramClass | undefined {
  const row = /^ *\d+: +(\d+) +(\d+) +(?=\S)/.exec(line);
  if (!row) return undefined;
  const rest = line.slice(row[0].length);
  const moduleAt = rest.endsWith(")") ? rest.lastIndexOf(" (") : -1;
  return {
    className: sourceClassName(moduleAt < 0 ? rest : rest.slice(0, moduleAt)),
    module: moduleAt < 0 ? undefined : rest.slice(moduleAt + 2, -1),
    instances: Number(row[1]),
    shallowBytes: Number(row[2]),
  };
}

function totalOf(line: string): ClassHistogram["total"] {
  const total = /^Total +(\d+) +(\d+)$/.exec(line);
  return total ? { instances: Number(total[1]), shallowBytes: Number(total[2]) } : undefined;
}
