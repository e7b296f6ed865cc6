import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ElfFile, sectionContent, textAt } from "./elf-file.ts";

const noteHeaderBytes = 12;
const buildIdNote = 3;

/** The build's identity in hexadecimal; undefined where the linker gave none. */
export function buildIdOf(elf: ElfFile): string | undefined {
  const section = elf.sections.find(({ name }) => name === ".note.gnu.build-id");
  if (section === undefined) return undefined;
  const note = sectionContent(elf, section);
  if (note.byteLength < noteHeaderBytes || note.getUint32(8, true) !== buildIdNote) return undefined;
  const start = noteHeaderBytes + ((note.getUint32(0, true) + 3) & ~3);
  const id = new Uint8Array(note.buffer, 0, note.byteLength).subarray(start, start + note.getUint32(4, true));
  return id.length < 2 ? undefined : Array.from(id, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Where the symbols of a stripped file may be, the likeliest first: by build id, in debuginfod's cache, by the name it gives. */
export function debugFilePaths(elf: ElfFile, path: string, debuginfodCaches: readonly string[]): readonly string[] {
  const id = buildIdOf(elf);
  const link = debugLinkOf(elf);
  const folder = dirname(path);
  return [
    ...(id === undefined
      ? []
      : [
          `/usr/lib/debug/.build-id/${id.slice(0, 2)}/${id.slice(2)}.debug`,
          ...debuginfodCaches.map((cache) => join(cache, id, "debuginfo")),
        ]),
    ...(link === undefined
      ? []
      : [join(folder, link), join(folder, ".debug", link), join("/usr/lib/debug", folder, link)]),
  ].filter((file) => file !== path && existsSync(file));
}

/** A file name without a folder: anything else is not looked for. */
function debugLinkOf(elf: ElfFile): string | undefined {
  const section = elf.sections.find(({ name }) => name === ".gnu_debuglink");
  if (section === undefined) return undefined;
  const content = sectionContent(elf, section);
  const link = textAt(new Uint8Array(content.buffer, 0, content.byteLength), 0);
  return link === undefined || link === "" || link.includes("/") ? undefined : link;
}
