import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { compileJava, type Jdk } from "./jdk.ts";

const libraries = ["/usr/lib/x86_64-linux-gnu/libjemalloc.so.2", "/usr/lib/aarch64-linux-gnu/libjemalloc.so.2"];
const library = libraries.find((path) => existsSync(path));

export const hasJemalloc = library !== undefined;

/** Part of a test's name where it is missing, so that a skipped test says why. */
export const noJemalloc = hasJemalloc ? "" : " (skipped: no libjemalloc.so.2)";

/** Dumps of one run, with a map of its compiled code beside them. */
export interface ProfiledRun {
  /** In the order of their numbers. */
  readonly dumps: readonly string[];
  readonly nativeMemory: string;
  readonly stderr: string;
  remove(): void;
}

const source = join(import.meta.dirname, "../fixtures/native-leaks/NativeLeaks.java");

/** Runs the fixture of native leaks under jemalloc's profiler until it has done its work. */
export async function runProfiled(jdk: Jdk, args: readonly string[]): Promise<ProfiledRun> {
  const folder = mkdtempSync(join(tmpdir(), "jprof-native-"));
  const classPath = await compileJava(jdk, source);
  const conf = `prof:true,prof_sys_thread_name:true,lg_prof_sample:16,lg_prof_interval:24,prof_final:true,prof_prefix:${folder}/je,stats_print:true,stats_print_opts:J`;
  const flags = ["-Xmx64m", "-XX:+UseSerialGC", "-XX:NativeMemoryTracking=summary"];
  const child = execa(join(jdk.home, "bin/java"), [...flags, "-cp", classPath, "NativeLeaks", ...args], {
    stdin: "pipe",
    reject: false,
    timeout: 90_000,
    env: { LD_PRELOAD: library!, MALLOC_CONF: conf },
  });
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (text) => String(text).includes("ready") && resolve());
    child.stdout.on("close", () => resolve());
  });
  const pid = child.pid!;
  const jcmd = async (...command: string[]) =>
    (await execa(join(jdk.home, "bin/jcmd"), [String(pid), ...command])).stdout;
  await jcmd("Compiler.perfmap");
  const map = `/tmp/perf-${pid}.map`;
  if (existsSync(map)) writeFileSync(join(folder, `perf-${pid}.map`), readFileSync(map));
  rmSync(map, { force: true });
  const nativeMemory = await jcmd("VM.native_memory", "summary", "scale=b");
  child.stdin.end();
  const { stderr } = await child;
  const number = (name: string) => Number(name.split(".")[2]);
  const dumps = readdirSync(folder)
    .filter((name) => name.startsWith(`je.${pid}.`))
    .sort((a, b) => number(a) - number(b))
    .map((name) => join(folder, name));
  return { dumps, nativeMemory, stderr, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
