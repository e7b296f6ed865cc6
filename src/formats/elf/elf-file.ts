import type { ByteSource } from "../../bytes/byte-source.ts";
import { FormatError } from "../../model/errors.ts";

/** A section, such as `.symtab`. */
export interface ElfSection {
  readonly name: string;
  readonly type: number;
  readonly address: number;
  readonly offset: number;
  readonly sizeBytes: number;
  /** Number of the section that belongs to it: the names of a table of symbols. */
  readonly link: number;
}

/** A piece of the file that is mapped as it is (`PT_LOAD`). */
export interface ElfSegment {
  readonly isExecutable: boolean;
  readonly offset: number;
  readonly address: number;
  readonly fileBytes: number;
}

/** A program or library of 64 bits. */
export interface ElfFile {
  readonly source: ByteSource;
  readonly segments: readonly ElfSegment[];
  readonly sections: readonly ElfSection[];
}

const headerBytes = 64;
const segmentBytes = 56;
const sectionBytes = 64;
const loadable = 1;
const executable = 1;
/** Of one table or section that is read as a whole. */
const largestTable = 512 << 20;

/** Reads the tables of an ELF file: System V ABI, little-endian, 64 bits. What lies outside of the file is left out. */
export function readElf(source: ByteSource): ElfFile {
  const header = viewAt(source, 0, headerBytes);
  if (header.byteLength < headerBytes || header.getUint32(0) !== 0x7f454c46) {
    throw new FormatError("expected an ELF file", 0);
  }
  if (header.getUint8(4) !== 2 || header.getUint8(5) !== 1) {
    throw new FormatError("expected an ELF file of 64 bits, little-endian", 4);
  }
  const segments = viewAt(source, u8(header, 32), header.getUint16(56, true) * segmentBytes);
  const sections = viewAt(source, u8(header, 40), header.getUint16(60, true) * sectionBytes);
  return {
    source,
    segments: [...recordsOf(segments, segmentBytes)].flatMap(segmentOf),
    sections: namedSections(source, sections, header.getUint16(62, true)),
  };
}

/** The bytes of a section, as far as they are in the file. */
export function sectionContent({ source }: ElfFile, { offset, sizeBytes }: ElfSection): DataView<ArrayBuffer> {
  return viewAt(source, offset, sizeBytes);
}

/** A text that ends with a zero; undefined when it is longer than names are, or outside. */
export function textAt(bytes: Uint8Array, offset: number): string | undefined {
  const end = bytes.indexOf(0, offset);
  if (offset >= bytes.length || end < 0) return undefined;
  return new TextDecoder("latin1").decode(bytes.subarray(offset, end));
}

function viewAt(source: ByteSource, offset: number, sizeBytes: number): DataView<ArrayBuffer> {
  const left = Math.max(0, source.sizeBytes - offset);
  const bytes = new Uint8Array(Math.min(sizeBytes, left, largestTable));
  const count = bytes.length === 0 ? 0 : source.read(offset, bytes);
  return new DataView(bytes.buffer, 0, count);
}

/** Offsets beyond 2^53 are in no file. */
function u8(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
}

function* recordsOf(table: DataView<ArrayBuffer>, sizeBytes: number): Generator<DataView<ArrayBuffer>> {
  for (let at = 0; at + sizeBytes <= table.byteLength; at += sizeBytes) {
    yield new DataView(table.buffer, table.byteOffset + at, sizeBytes);
  }
}

function segmentOf(view: DataView): readonly ElfSegment[] {
  if (view.getUint32(0, true) !== loadable) return [];
  const isExecutable = (view.getUint32(4, true) & executable) !== 0;
  return [{ isExecutable, offset: u8(view, 8), address: u8(view, 16), fileBytes: u8(view, 32) }];
}

function namedSections(source: ByteSource, table: DataView<ArrayBuffer>, nameSection: number): readonly ElfSection[] {
  const views = [...recordsOf(table, sectionBytes)];
  const names = views[nameSection];
  const texts = names === undefined ? undefined : viewAt(source, u8(names, 24), u8(names, 32));
  const bytes = texts && new Uint8Array(texts.buffer, 0, texts.byteLength);
  return views.map((view) => ({
    name: (bytes && textAt(bytes, view.getUint32(0, true))) ?? "",
    type: view.getUint32(4, true),
    address: u8(view, 16),
    offset: u8(view, 24),
    sizeBytes: u8(view, 32),
    link: view.getUint32(40, true),
  }));
}
