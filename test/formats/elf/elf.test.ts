import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memorySource } from "../../../src/bytes/byte-source.ts";
import { readElf } from "../../../src/formats/elf/elf-file.ts";
import { functionsAt } from "../../../src/formats/elf/functions-at.ts";
import { libraryNames } from "../../../src/formats/elf/library-names.ts";
import type { MemoryMapping } from "../../../src/formats/proc/maps.ts";
import { FormatError } from "../../../src/model/errors.ts";

const hasCompiler = existsSync("/usr/bin/gcc") && existsSync("/usr/bin/objcopy");
const source = `static int __attribute__((noinline)) hidden(int x) { return x * 3; }
int shown(int x) { return hidden(x) + 1; }
extern __typeof(shown) alias_of_shown __attribute__((alias("shown")));
int last(int x) { return x; }`;

describe.skipIf(!hasCompiler)("a library", () => {
  let folder: string;
  let path: string;
  let symbols: ReadonlyMap<string, number>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "jprof-elf-"));
    path = join(folder, "libone.so");
    writeFileSync(join(folder, "one.c"), source);
    await execa("/usr/bin/gcc", ["-O1", "-shared", "-fPIC", "-Wl,--build-id", "-o", path, join(folder, "one.c")]);
    const { stdout } = await execa("/usr/bin/nm", [path]);
    symbols = new Map(
      stdout.split("\n").flatMap((line) => {
        const match = /^([0-9a-f]+) [tT] (\w+)$/.exec(line);
        return match ? [[match[2]!, Number.parseInt(match[1]!, 16)] as const] : [];
      }),
    );
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The executable part of a file as the kernel would map it. */
  function mapped(file: string): MemoryMapping {
    const segment = readElf(memorySource(file, readFileSync(file))).segments.find(({ isExecutable }) => isExecutable)!;
    const fileOffset = segment.offset - (segment.offset % 4096);
    return {
      start: 0x7f0000000000,
      end: 0x7f0000000000 + Math.ceil((segment.offset - fileOffset + segment.fileBytes) / 4096) * 4096,
      ...{ permissions: "r-xp", fileOffset, path: file, isDeleted: false },
    };
  }

  function namesOf(file: string, functions: readonly string[]) {
    const mapping = mapped(file);
    const places = functions
      .map((name) => ({ address: mapping.start - mapping.fileOffset + symbols.get(name)! + 1, mapping }))
      .sort((a, b) => a.address - b.address);
    return libraryNames(mapping, places, { debuginfodCaches: [] });
  }

  test("gives names of its own and public functions, aliases by the shortest", () => {
    expect([...namesOf(path, ["hidden", "shown", "last"]).names].sort()).toEqual(["hidden", "last", "shown"]);
  });

  test("that is stripped gives public names only, and those of its debug file when there is one", async () => {
    const stripped = join(folder, "libtwo.so");
    const debug = join(folder, "libtwo.debug");
    await execa("/usr/bin/objcopy", ["--only-keep-debug", path, debug]);
    await execa("/usr/bin/objcopy", ["--strip-all", path, stripped]);
    expect(namesOf(stripped, ["hidden", "shown"]).names).toEqual([undefined, "shown"]);
    await execa("/usr/bin/objcopy", [`--add-gnu-debuglink=${debug}`, stripped]);
    expect(namesOf(stripped, ["hidden", "shown"]).names).toEqual(["hidden", "shown"]);
  });

  test("of another build than was mapped names nothing, and says so", () => {
    const mapping = { ...mapped(path), fileOffset: 0x40_0000 };
    const read = libraryNames(mapping, [{ address: mapping.start + 1, mapping }], { debuginfodCaches: [] });
    expect(read.names).toEqual([undefined]);
    expect(read.problem).toContain("is not the file that was mapped");
  });

  test("that is damaged is refused, or gives what it has", () => {
    const whole = readFileSync(path);
    fc.assert(
      fc.property(
        fc.nat(whole.length),
        fc.uint8Array({ minLength: 1, maxLength: 16 }),
        fc.boolean(),
        (at, bytes, isCut) => {
          const file = Buffer.from(isCut ? whole.subarray(0, at) : whole);
          file.set(bytes.subarray(0, Math.max(0, file.length - (at % (file.length + 1)))), at % (file.length + 1));
          try {
            functionsAt(readElf(memorySource("lib.so", file)), Float64Array.of(0x1100, 0x1110));
          } catch (error) {
            expect(error).toBeInstanceOf(FormatError);
          }
        },
      ),
      { seed: 5, numRuns: 300 },
    );
  });
});

test("what is no ELF file is refused", () => {
  expect(() => readElf(memorySource("a", Buffer.from("text")))).toThrow(FormatError);
});
