import type { ProcessConfig } from "./config.ts";

/** Of V8: a small young generation, code before speed, one helper thread. Together they take 100 MB of resident memory to 78. */
const flags = ["--max-semi-space-size=1", "--optimize-for-size", "--v8-pool-size=1"];
/** Of the allocator and the thread pool: one arena, and threads for the few files that may block. */
const variables = { MALLOC_ARENA_MAX: "1", UV_THREADPOOL_SIZE: "2" };
const mark = "JPROF_SMALL_PROCESS";

/**
 * Starts this process anew, with the same pid, under settings that make it small: they can only be given at the start. What the user set
 * himself stays. Returns where it was done already or cannot be done.
 */
export function becomeSmall({ environment }: ProcessConfig): void {
  if (environment[mark] !== undefined || process.execve === undefined) return;
  const args = [process.execPath, ...flags, ...process.execArgv, ...process.argv.slice(1)];
  const given = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  process.execve(process.execPath, args, { ...variables, ...given, [mark]: "1" });
}
