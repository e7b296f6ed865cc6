import { type ElfFile, type ElfSection, sectionContent, textAt } from "./elf-file.ts";

const symbolBytes = 24;
/** Files of symbols alone list the sections of the program, whose content is not in them. */
const withoutContent = 8;
const functionType = 2;
const indirectFunctionType = 10;
const global = 1;
const weak = 2;
const mostAliases = 16;
/** Longer names are cut off. */
const longestName = 4096;

/** What holds an address, as far as it is known. */
interface Candidate {
  readonly start: number;
  readonly sizeBytes: number;
  /** 3 for a symbol that others may see, 2 for a weak one, 1 for one of the file's own. */
  readonly rank: number;
  /** Of all names that are as good as each other. */
  readonly nameOffsets: number[];
}

/**
 * The symbols of the functions that hold these virtual addresses (ascending), from `.symtab`, or from `.dynsym` where a file was stripped.
 * A function that does not say how long it is reaches up to the next one.
 */
export function functionsAt(elf: ElfFile, addresses: Float64Array): readonly (string | undefined)[] {
  const found: (string | undefined)[] = new Array(addresses.length).fill(undefined);
  for (const name of [".symtab", ".dynsym"]) {
    const table = elf.sections.find((section) => section.name === name && section.type !== withoutContent);
    if (table !== undefined) addFrom(elf, table, addresses, found);
  }
  return found;
}

/** Whether a file has symbols that are not for the dynamic linker only. */
export function hasOwnSymbols({ sections }: ElfFile): boolean {
  return sections.some(({ name, sizeBytes }) => name === ".symtab" && sizeBytes > symbolBytes);
}

function addFrom(elf: ElfFile, table: ElfSection, addresses: Float64Array, found: (string | undefined)[]): void {
  const names = elf.sections[table.link];
  if (names === undefined) return;
  const candidates = candidatesIn(sectionContent(elf, table), addresses);
  for (const [index, candidate] of candidates.entries()) {
    if (candidate !== undefined) found[index] ??= bestName(elf, names, candidate.nameOffsets);
  }
}

/** One pass over the symbols: few addresses are asked for, so that sorting the symbols would cost more. */
function candidatesIn(table: DataView, addresses: Float64Array): readonly (Candidate | undefined)[] {
  const inside: (Candidate | undefined)[] = new Array(addresses.length).fill(undefined);
  /** The nearest symbol of any size between the address before and this one. */
  const nearest: (Candidate | undefined)[] = new Array(addresses.length).fill(undefined);
  for (let at = 0; at + symbolBytes <= table.byteLength; at += symbolBytes) {
    if (!isFunction(table, at)) continue;
    const start = u8(table, at + 8);
    const first = firstAtLeast(addresses, start);
    if (first === addresses.length) continue;
    const rank = rankOf(table.getUint8(at + 4) >> 4);
    const symbol = { start, rank, nameOffsets: [table.getUint32(at, true)], sizeBytes: u8(table, at + 16) };
    const end = start + symbol.sizeBytes;
    for (let index = first; index < addresses.length && addresses[index]! < end; index++) {
      inside[index] = better(symbol, inside[index]);
    }
    nearest[first] = better(symbol, nearest[first]);
  }
  return inside.map((candidate, index) => candidate ?? endless(nearest, index));
}

/** Defined here, and code. */
function isFunction(table: DataView, at: number): boolean {
  const type = table.getUint8(at + 4) & 15;
  return (type === functionType || type === indirectFunctionType) && table.getUint16(at + 6, true) !== 0;
}

function u8(table: DataView, at: number): number {
  return table.getUint32(at + 4, true) * 0x1_0000_0000 + table.getUint32(at, true);
}

/** The nearest symbol before an address, when it is one without a size. */
function endless(nearest: readonly (Candidate | undefined)[], index: number): Candidate | undefined {
  for (let at = index; at >= 0; at--) {
    const symbol = nearest[at];
    if (symbol !== undefined) return symbol.sizeBytes === 0 ? symbol : undefined;
  }
  return undefined;
}

/** The one that starts later is the more exact; of names for one place, the public ones. */
function better(symbol: Candidate, other: Candidate | undefined): Candidate {
  if (other === undefined || symbol.start > other.start) return symbol;
  if (symbol.start < other.start || symbol.rank < other.rank) return other;
  if (symbol.rank > other.rank) return symbol;
  return { ...other, nameOffsets: [...other.nameOffsets, ...symbol.nameOffsets].slice(0, mostAliases) };
}

function rankOf(binding: number): number {
  if (binding === global) return 3;
  return binding === weak ? 2 : 1;
}

function firstAtLeast(addresses: Float64Array, value: number): number {
  let low = 0;
  let high = addresses.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (addresses[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of aliases, the one that programs use: without underscores before it, and short. */
function bestName(elf: ElfFile, names: ElfSection, offsets: readonly number[]): string | undefined {
  const all = [...new Set(offsets)].flatMap((offset) => nameOf(elf, names, offset) ?? []);
  const underscores = (name: string) => (name.startsWith("_Z") ? 0 : /^_*/.exec(name)![0].length);
  return all.sort((a, b) => underscores(a) - underscores(b) || a.length - b.length || (a < b ? -1 : 1))[0];
}

function nameOf({ source }: ElfFile, { offset, sizeBytes }: ElfSection, nameOffset: number): string | undefined {
  if (nameOffset >= sizeBytes) return undefined;
  const bytes = new Uint8Array(Math.min(longestName, sizeBytes - nameOffset));
  const count = source.read(offset + nameOffset, bytes);
  return textAt(bytes.subarray(0, count), 0) || undefined;
}
