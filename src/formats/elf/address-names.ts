import type { FrameKind } from "../../model/profile.ts";
import type { PerfMap } from "../perf-map/perf-map.ts";
import type { MemoryMapping } from "../proc/maps.ts";
import { libraryNames, type SymbolPlaces } from "./library-names.ts";

/** What an address is called. */
export interface AddressName {
  readonly text: string;
  readonly kind: FrameKind;
  /** `symbol` of a file, `method` of a perf map, `library` where only the file is known, `code` of Java without a map, `none`. */
  readonly from: "symbol" | "method" | "library" | "code" | "none";
  /** File that it is in; empty outside of files. */
  readonly path: string;
}

/** How code at a moment was mapped, and where names of it are. */
export interface CodeMap {
  readonly mappings: readonly MemoryMapping[];
  readonly perfMap: PerfMap | undefined;
  readonly places: SymbolPlaces;
}

/** Names by address, in the order of the addresses asked for, and what stood in the way. */
export interface AddressNames {
  readonly names: readonly AddressName[];
  readonly problems: readonly string[];
}

/** An address and the code that is mapped there. */
interface Place {
  readonly index: number;
  readonly address: number;
  readonly mapping: MemoryMapping;
}

const nowhere: AddressName = { text: "[unknown]", kind: "other", from: "none", path: "" };
const compiled: AddressName = { text: "[compiled code]", kind: "other", from: "code", path: "" };

/** Names these addresses: each once, every file opened once. */
export function nameAddresses(addresses: Float64Array, { mappings, perfMap, places }: CodeMap): AddressNames {
  const code = mappings.filter(({ permissions }) => permissions[2] === "x").sort((a, b) => a.start - b.start);
  const names: AddressName[] = new Array(addresses.length).fill(nowhere);
  const byPath = new Map<string, Place[]>();
  for (const [index, address] of addresses.entries()) {
    const mapping = mappingAt(code, address);
    if (mapping?.path.startsWith("/") && !/^\/(?:memfd:|SYSV|dev\/zero)/.test(mapping.path)) {
      const list = byPath.get(mapping.path) ?? [];
      byPath.set(mapping.path, list);
      list.push({ index, address, mapping });
    } else {
      names[index] = compiledName(address, mapping, perfMap);
    }
  }
  const problems = [...byPath].flatMap(([path, list]) => nameLibrary(path, list, places, names) ?? []);
  return { names, problems };
}

function compiledName(address: number, mapping: MemoryMapping | undefined, perfMap: PerfMap | undefined): AddressName {
  if (mapping?.path.startsWith("[v")) return { text: mapping.path, kind: "kernel", from: "symbol", path: "" };
  const text = perfMap?.nameAt(address);
  if (text === undefined) return mapping === undefined ? nowhere : compiled;
  return { text, kind: text.includes(".") ? "java" : "other", from: "method", path: "" };
}

/** The names of one library; the problem, where there is one. */
function nameLibrary(path: string, list: Place[], places: SymbolPlaces, names: AddressName[]): string | undefined {
  list.sort((a, b) => a.address - b.address);
  const file = path.slice(path.lastIndexOf("/") + 1);
  const read = libraryNames(list[0]!.mapping, list, places);
  for (const [at, { index, address, mapping }] of list.entries()) {
    const text = read.names[at];
    const offset = address - mapping.start + mapping.fileOffset;
    names[index] =
      text === undefined
        ? { text: `${file}+0x${offset.toString(16)}`, kind: "native", from: "library", path }
        : { text, kind: text.includes("::") ? "cpp" : "native", from: "symbol", path };
  }
  return read.problem;
}

function mappingAt(code: readonly MemoryMapping[], address: number): MemoryMapping | undefined {
  let low = 0;
  let high = code.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (code[middle]!.start <= address) low = middle + 1;
    else high = middle;
  }
  const mapping = code[low - 1];
  return mapping !== undefined && address < mapping.end ? mapping : undefined;
}
