import { closeSync, openSync, readSync } from "node:fs";

/** Of the 64-bit ELF header. */
const elfMagic = 0x7f454c46;
const elfHeaderBytes = 64;
const sectionBytes = 64;
const mostNameBytes = 1 << 16;
const mostSections = 4096;

/**
 * Whether the executable is a GraalVM native image: it has its heap in a section of a name that nothing else uses. False where that cannot
 * be read, or the sections were stripped.
 */
export function isNativeImage(executable: string): boolean {
  let file: number;
  try {
    file = openSync(executable, "r");
  } catch {
    return false;
  }
  try {
    return sectionNames(file).includes("\0.svm_heap\0");
  } catch {
    return false;
  } finally {
    closeSync(file);
  }
}

/** The names of the sections, each between NULs; empty for what is no 64-bit little-endian ELF file. */
function sectionNames(file: number): Buffer {
  const header = readAt(file, 0, elfHeaderBytes);
  const isElf64 =
    header.length === elfHeaderBytes && header.readUInt32BE(0) === elfMagic && header.readUInt16LE(4) === 0x0102;
  if (!isElf64) return Buffer.alloc(0);
  const tableAt = Number(header.readBigUInt64LE(40));
  const nameIndex = header.readUInt16LE(62);
  if (nameIndex === 0 || nameIndex >= mostSections) return Buffer.alloc(0);
  const names = readAt(file, tableAt + nameIndex * sectionBytes, sectionBytes);
  if (names.length < sectionBytes) return Buffer.alloc(0);
  return readAt(file, Number(names.readBigUInt64LE(24)), Math.min(Number(names.readBigUInt64LE(32)), mostNameBytes));
}

function readAt(file: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, position));
}
