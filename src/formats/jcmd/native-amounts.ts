import type { Bytes } from "../../model/units.ts";
import { bytesOf } from "./quantity.ts";

/** Pages of virtual memory. Changes are since the baseline, in a `…diff`; zero otherwise. */
export interface NativePages {
  readonly reservedBytes: Bytes;
  readonly committedBytes: Bytes;
  readonly reservedChangeBytes: Bytes;
  readonly committedChangeBytes: Bytes;
  /** The most that was ever committed, where the JVM tells. */
  readonly peakBytes: Bytes | undefined;
}

/** Memory from `malloc`. Changes are since the baseline, in a `…diff`; zero otherwise. */
export interface NativeBlocks {
  readonly bytes: Bytes;
  readonly count: number;
  readonly changeBytes: Bytes;
  readonly countChange: number;
  /** The most that there ever was, where the JVM tells; it is not updated at once, so it may be a little less than `bytes`. */
  readonly peakBytes: Bytes | undefined;
}

export const noPages: NativePages = {
  reservedBytes: 0,
  committedBytes: 0,
  reservedChangeBytes: 0,
  committedChangeBytes: 0,
  peakBytes: undefined,
};

export const noBlocks: NativeBlocks = { bytes: 0, count: 0, changeBytes: 0, countChange: 0, peakBytes: undefined };

/** `reserved=65536KB, committed=256KB +64KB, peak=256KB`; zero where the line tells nothing. */
export function pagesOf(line: string): NativePages {
  const reserved = amountOf(line, "reserved=");
  if (!reserved) return noPages;
  const committed = amountOf(line, "committed=");
  return {
    reservedBytes: reserved.bytes,
    committedBytes: committed?.bytes ?? 0,
    reservedChangeBytes: reserved.changeBytes,
    committedChangeBytes: committed?.changeBytes ?? 0,
    peakBytes: peakOf(line, committed?.bytes),
  };
}

/**
 * `malloc=161KB type=Native Memory Tracking +9KB #1869 +107` after `key`, then `(at peak)` or `(peak=4MB #130)`; zero where the line tells
 * nothing. Its category must be gone from the line.
 */
export function blocksOf(line: string, key: "malloc=" | "arena=" | "overhead="): NativeBlocks {
  const amount = amountOf(line, key);
  if (!amount) return noBlocks;
  const peakAt = line.indexOf(" (peak=");
  const count = /#(\d+)(?: ([+-]\d+))?/.exec(peakAt < 0 ? line : line.slice(0, peakAt));
  return {
    bytes: amount.bytes,
    count: Number(count?.[1] ?? 0),
    changeBytes: amount.changeBytes,
    countChange: Number(count?.[2] ?? 0),
    peakBytes: peakOf(line, amount.bytes),
  };
}

/** The category that a call site's line names (`type=`, since JDK 24 `tag=`; capital for pages), and the line without it. */
export function takeCategory(text: string): { readonly category: string | undefined; readonly line: string } {
  const start = / (?:type|tag)=/i.exec(text);
  if (!start) return { category: undefined, line: text };
  const nameStart = start.index + start[0].length;
  const rest = text.slice(nameStart);
  const length = / [#+-]|\)/.exec(rest)?.index ?? rest.length;
  return { category: rest.slice(0, length).trimEnd(), line: text.slice(0, start.index) + rest.slice(length) };
}

/** The bytes of one unit of the scale in which the line is written. */
export function scaleOf(line: string): number {
  return bytesOf("1", /=\d+([KMGT]?)/.exec(line)?.[1] ?? "");
}

/** JDK 8 and 11 leave the unit off an arena's change: it is that of the amount. Digit by digit: a poll asks for some two hundred. */
function amountOf(line: string, key: string): { readonly bytes: Bytes; readonly changeBytes: Bytes } | undefined {
  const at = line.indexOf(key);
  if (at < 0) return undefined;
  const start = at + key.length;
  const end = endOfDigits(line, start);
  if (end === start) return undefined;
  const unit = "KMGT".includes(line.charAt(end)) ? line.charAt(end) : "";
  const unitEnd = end + unit.length;
  const changeAt = (line.charAt(unitEnd) === "B" ? unitEnd + 1 : unitEnd) + 1;
  const bytes = bytesOf(line.slice(start, end), unit);
  const hasChange =
    line.charAt(changeAt - 1) === " " && (line.charAt(changeAt) === "+" || line.charAt(changeAt) === "-");
  const changeEnd = hasChange ? endOfDigits(line, changeAt + 1) : changeAt;
  const changeBytes = changeEnd > changeAt + 1 ? bytesOf(line.slice(changeAt, changeEnd), unit) : 0;
  return { bytes, changeBytes };
}

function endOfDigits(line: string, start: number): number {
  let end = start;
  while (line.charCodeAt(end) >= 48 && line.charCodeAt(end) <= 57) end++;
  return end;
}

function peakOf(line: string, bytes: Bytes | undefined): Bytes | undefined {
  return line.includes("at peak)") ? bytes : amountOf(line, "peak=")?.bytes;
}
