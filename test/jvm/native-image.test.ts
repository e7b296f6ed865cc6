import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { isNativeImage } from "../../src/jvm/native-image.ts";

const folder = mkdtempSync(join(tmpdir(), "jprof-elf-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A 64-bit ELF file of nothing but a table of sections with these names. */
function elf(...names: readonly string[]): Buffer {
  const strings = Buffer.from(`\0${names.join("\0")}\0`);
  const header = Buffer.alloc(64);
  header.write("\x7fELF\x02\x01", "latin1");
  header.writeBigUInt64LE(64n, 40);
  header.writeUInt16LE(2, 60);
  header.writeUInt16LE(1, 62);
  const table = Buffer.alloc(128);
  table.writeBigUInt64LE(192n, 64 + 24);
  table.writeBigUInt64LE(BigInt(strings.length), 64 + 32);
  return Buffer.concat([header, table, strings]);
}

function isImage(bytes: Buffer): boolean {
  const file = join(folder, "file");
  writeFileSync(file, bytes);
  return isNativeImage(file);
}

describe("a native image", () => {
  test("is an executable with a section for its heap", () => {
    expect(isImage(elf(".text", ".svm_heap", ".shstrtab"))).toBe(true);
    expect(isImage(elf(".text", ".shstrtab"))).toBe(false);
    expect(isImage(elf(".my.svm_heap", ".svm_heap2"))).toBe(false);
  });

  test("is not what cannot be read, nor what is cut off or damaged", () => {
    expect(isNativeImage(join(folder, "nothing"))).toBe(false);
    expect(isNativeImage(folder)).toBe(false);
    const whole = elf(".svm_heap");
    for (let length = 0; length < whole.length; length++) expect(isImage(whole.subarray(0, length))).toBe(false);
    for (let at = 40; at < whole.length; at++)
      isImage(Buffer.from(whole).fill(0xff, at, Math.min(at + 8, whole.length)));
  });

  test.skipIf(!hasCompiler())("is not Node.js, but is what a linker gives such a section", () => {
    expect(isNativeImage(process.execPath)).toBe(false);
    const source = join(folder, "image.c");
    writeFileSync(source, 'int heap __attribute__((section(".svm_heap"))) = 1; int main() { return 0; }');
    execFileSync("gcc", [source, "-o", join(folder, "image")]);
    expect(isNativeImage(join(folder, "image"))).toBe(true);
  });
});

function hasCompiler(): boolean {
  try {
    execFileSync("gcc", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    process.stderr.write("skipped: no gcc on this machine\n");
    return false;
  }
}
