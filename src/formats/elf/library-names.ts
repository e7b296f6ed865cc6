import { type ByteSource, openFile } from "../../bytes/byte-source.ts";
import { FormatError } from "../../model/errors.ts";
import { demangle } from "../demangle/demangle.ts";
import type { MemoryMapping } from "../proc/maps.ts";
import { buildIdOf, debugFilePaths } from "./debug-files.ts";
import { type ElfFile, readElf } from "./elf-file.ts";
import { functionsAt, hasOwnSymbols } from "./functions-at.ts";

/** Where symbols are looked for, beside the mapped files themselves. */
export interface SymbolPlaces {
  /** Folders with `<build id>/debuginfo`. */
  readonly debuginfodCaches: readonly string[];
}

/** Names of addresses in one mapped file, and what stood in the way. */
export interface LibraryNames {
  readonly names: readonly (string | undefined)[];
  readonly problem: string | undefined;
}

const pageBytes = 4096;

/** The functions that hold these addresses (ascending) of code that was mapped from one file. Never throws: a name is a courtesy. */
export function libraryNames(
  mapping: Pick<MemoryMapping, "path" | "isDeleted">,
  addresses: readonly { readonly address: number; readonly mapping: MemoryMapping }[],
  places: SymbolPlaces,
): LibraryNames {
  const none = (problem: string): LibraryNames => ({ names: addresses.map(() => undefined), problem });
  if (mapping.isDeleted) return none(`${mapping.path} was replaced while it ran`);
  try {
    return withFile(mapping.path, (elf) => {
      const virtual = Float64Array.from(addresses, (each) => virtualAddress(elf, each.address, each.mapping));
      if (virtual.some(Number.isNaN)) return none(`${mapping.path} is not the file that was mapped`);
      return { names: namesFrom(elf, mapping.path, virtual, places), problem: undefined };
    });
  } catch (error) {
    return none(`${mapping.path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function withFile<T>(path: string, use: (elf: ElfFile) => T): T {
  const source: ByteSource = openFile(path);
  try {
    return use(readElf(source));
  } finally {
    source.close();
  }
}

/** NaN when no executable segment of the file is what was mapped there: then it is another build. */
function virtualAddress({ segments }: ElfFile, address: number, { start, end, fileOffset }: MemoryMapping): number {
  const offset = address - start + fileOffset;
  const segment = segments.find(
    (each) => each.isExecutable && offset >= each.offset - (each.offset % pageBytes) && offset < segmentEnd(each),
  );
  if (segment === undefined || end - start + fileOffset > segmentEnd(segment) + pageBytes) return Number.NaN;
  return offset - segment.offset + segment.address;
}

function segmentEnd({ offset, fileBytes }: { readonly offset: number; readonly fileBytes: number }): number {
  return Math.ceil((offset + fileBytes) / pageBytes) * pageBytes;
}

function namesFrom(elf: ElfFile, path: string, addresses: Float64Array, places: SymbolPlaces) {
  const debug = hasOwnSymbols(elf) ? [] : debugNames(elf, path, addresses, places);
  return functionsAt(elf, addresses).map((own, index) => functionName(debug[index] ?? own));
}

function debugNames(elf: ElfFile, path: string, addresses: Float64Array, places: SymbolPlaces) {
  const id = buildIdOf(elf);
  for (const file of debugFilePaths(elf, path, places.debuginfodCaches)) {
    const names = debugFileNames(file, id, addresses);
    if (names !== undefined) return names;
  }
  return [];
}

/** Undefined when it is another build's, or no ELF file at all. */
function debugFileNames(file: string, id: string | undefined, addresses: Float64Array) {
  try {
    return withFile(file, (debug) => {
      const isOther = id !== undefined && buildIdOf(debug) !== undefined && buildIdOf(debug) !== id;
      return isOther || !hasOwnSymbols(debug) ? undefined : functionsAt(debug, addresses);
    });
  } catch (error) {
    if (error instanceof FormatError || (error instanceof Error && "code" in error)) return undefined;
    throw error;
  }
}

/** Without version (`@@GLIBC_2.2.5`) and what compilers append to parts and copies (`.cold`, `.isra.0`, `.lto_priv.1`). */
function functionName(symbol: string | undefined): string | undefined {
  if (symbol === undefined) return undefined;
  const plain = symbol
    .replace(/@.*$/s, "")
    .replace(/(?:\.(?:cold|part|isra|constprop|lto_priv|localalias)(?:\.\d+)*)+$/, "");
  return demangle(plain) ?? plain;
}
