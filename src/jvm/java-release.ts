import { dirname } from "node:path";
import { insideRoot } from "./inside-root.ts";
import { readText } from "./proc-reads.ts";

/** What the file `release` of a Java home says. */
export interface JavaRelease {
  /** `25.0.3`, `1.8.0_392` */
  readonly version: string | undefined;
  readonly vendor: string | undefined;
  /** Names of the modules in the image; empty where it does not say. */
  readonly modules: readonly string[];
}

/** Parses `release`: lines of `KEY="value"`. */
export function parseRelease(text: string): JavaRelease {
  const field = (key: string) => new RegExp(`^${key}="?([^"\\n]*)"?\\s*$`, "m").exec(text)?.[1] || undefined;
  return {
    version: field("JAVA_VERSION"),
    vendor: field("IMPLEMENTOR"),
    modules: field("MODULES")?.split(" ") ?? [],
  };
}

/** `25.0.3` → 25, `1.8.0_392` → 8 */
export function majorOf(version: string | undefined): number | undefined {
  const major = /^(?:1\.)?(\d{1,3})(?!\d)/.exec(version ?? "")?.[1];
  return major === undefined ? undefined : Number(major);
}

/** Folders between the home and `libjvm.so`: `lib/server`, or `jre/lib/amd64/server` of JDK 8. */
const mostFolders = 5;

/** The release of the Java home that a library belongs to, as seen through the process's root; undefined where there is no such file. */
export function readRelease(root: string, libraryPath: string): JavaRelease | undefined {
  let folder = dirname(libraryPath);
  for (let level = 0; level < mostFolders && folder !== "/"; level++) {
    folder = dirname(folder);
    const text = readText(insideRoot(root, `${folder}/release`), 1 << 16);
    if (text?.includes("JAVA_VERSION=")) return parseRelease(text);
  }
  return undefined;
}
