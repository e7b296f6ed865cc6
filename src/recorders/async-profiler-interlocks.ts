import { closeSync, openSync, readSync } from "node:fs";
import { parseMountInfo } from "../formats/proc/mountinfo.ts";
import { readBytes, readText } from "../jvm/proc-reads.ts";
import type { RecordTarget } from "../model/recorder.ts";

const mostMapsBytes = 32 << 20;

/** Why async-profiler must not be loaded into a JVM: what is known to hang or crash it. Undefined: nothing is known. */
export function whyNotProfilable({ live, procRoot, tmpFolder }: RecordTarget, libraryPath: string): string | undefined {
  if (tmpFolder !== undefined)
    return "no process of it can be seen, so what it has loaded cannot be looked at; share its PID namespace";
  const folder = `${procRoot}/${live.identity.pid}`;
  const maps = readBytes(`${folder}/maps`, mostMapsBytes);
  if (typeof maps === "string") return `what it has loaded cannot be read (${maps}); run jprof as its user or as root`;
  return (
    whyWrongLibrary(maps, libraryPath) ??
    whyDeadlock(maps, readText(`${folder}/environ`) ?? "") ??
    whyNotLoadable(readText(`${folder}/mountinfo`) ?? "")
  );
}

function whyWrongLibrary(maps: Buffer, libraryPath: string): string | undefined {
  const isMusl = maps.includes("/ld-musl-");
  const needsGlibc = headOf(libraryPath).includes("GLIBC_");
  return isMusl && needsGlibc
    ? `it runs on musl, and ${libraryPath} is built for glibc, which would crash it; take the musl build`
    : undefined;
}

/** jemalloc's profiler unwinds inside of malloc; with libunwind, which async-profiler interposes too, both wait for each other. */
function whyDeadlock(maps: Buffer, environment: string): string | undefined {
  const isProfiling =
    maps.includes("jemalloc") && /(^|\0)(MALLOC_CONF|_RJEM_MALLOC_CONF)=[^\0]*\bprof:true/.test(environment);
  return isProfiling
    ? "jemalloc's own profiler is on in it (MALLOC_CONF prof:true), and both together can deadlock; switch that off first, or read its profiles with jprof analyze"
    : undefined;
}

function whyNotLoadable(mountInfo: string): string | undefined {
  const mount = parseMountInfo(mountInfo).findLast(({ mountPoint }) => mountPoint === "/tmp");
  return mount?.options.includes("noexec")
    ? "its /tmp is mounted noexec, so the library cannot be loaded from there; put it into the image and give that path"
    : undefined;
}

/** Enough of the library to hold its table of versions. */
function headOf(path: string): Buffer {
  const buffer = Buffer.alloc(1 << 20);
  const file = openSync(path, "r");
  try {
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(file);
  }
}
