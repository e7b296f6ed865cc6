import type { ByteSource } from "../../bytes/byte-source.ts";
import { readLines, textOf } from "../lines/read-lines.ts";
import { methodName } from "./method-name.ts";

/** A piece of compiled code. */
export interface CompiledCode {
  readonly start: number;
  readonly end: number;
  /** As in the file, with types and arguments. */
  readonly text: string;
}

/** Which code lies where, of one moment: code moves and goes away. */
export interface PerfMap {
  readonly path: string;
  readonly entries: number;
  /** Lowest start and highest end. */
  readonly start: number;
  readonly end: number;
  /** Name of the method that holds an address, in source form; a stub's or the interpreter's own name. Undefined between them. */
  nameAt(address: number): string | undefined;
}

/** A hundred times what a big service has. */
const mostEntries = 5_000_000;
const pattern = /^(?:0x)?([0-9a-f]{4,16}) (?:0x)?([0-9a-f]{1,16}) (\S.*)$/i;

/** `0x00007f132dcc7100 0x460 long java.util.zip.Deflater.init(int, int)` of the JVM, `7f75cb8c7500 8 Lfoo;::bar` of agents. */
export function parsePerfMapLine(line: string): CompiledCode | undefined {
  const match = pattern.exec(line);
  if (!match) return undefined;
  const start = Number.parseInt(match[1]!, 16);
  const size = Number.parseInt(match[2]!, 16);
  return { start, end: start + size, text: match[3]! };
}

/** Reads the map; where two pieces overlap, the later line is right, since agents append what is compiled. */
export function readPerfMap(source: ByteSource): PerfMap {
  const codes: CompiledCode[] = [];
  readLines(source, (line) => {
    const code = codes.length < mostEntries ? parsePerfMapLine(textOf(line)) : undefined;
    if (code !== undefined) codes.push(code);
  });
  const order = Uint32Array.from(codes.keys()).sort((a, b) => codes[a]!.start - codes[b]!.start || a - b);
  const starts = Float64Array.from(order, (index) => codes[index]!.start);
  return {
    path: source.name,
    entries: codes.length,
    start: starts[0] ?? 0,
    end: codes.reduce((end, code) => Math.max(end, code.end), 0),
    nameAt(address) {
      const text = newestAt(address, codes, order, starts);
      return text === undefined ? undefined : methodName(text);
    },
  };
}

/** Pieces that start a little before may overlap: so many are looked at. */
const looksBack = 16;

function newestAt(
  address: number,
  codes: readonly CompiledCode[],
  order: Uint32Array,
  starts: Float64Array,
): string | undefined {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= address) low = middle + 1;
    else high = middle;
  }
  let newest = -1;
  for (let at = low - 1; at >= Math.max(0, low - looksBack); at--) {
    const index = order[at]!;
    if (codes[index]!.end > address && index > newest) newest = index;
  }
  return codes[newest]?.text;
}
