import type { ProcessConfig } from "./config.ts";

/** Of V8: a small young generation, and one helper thread. */
const flags = ["--max-semi-space-size=1", "--v8-pool-size=1"];
/** Of the allocator and the thread pool: one arena, and threads for the few files that may block. */
const variables = { MALLOC_ARENA_MAX: "1", UV_THREADPOOL_SIZE: "2" };
const handover = "JPROF_AGENT_SETTINGS";

/**
 * Starts this process anew, with the same pid, as one that stays small: under settings of V8 that can only be given at the start, and without
 * what was needed to read the command line and the configuration, whose result is handed over. What the user set himself stays. Returns
 * where that cannot be done.
 */
export function becomeSmall(settings: object, { environment }: ProcessConfig): void {
  if (process.execve === undefined) return;
  const args = [process.execPath, ...flags, ...process.execArgv, ...process.argv.slice(1)];
  const given = Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  process.execve(process.execPath, args, {
    ...variables,
    ...Object.fromEntries(given),
    [handover]: JSON.stringify(settings),
  });
}

/** The settings that the process before this one handed over; undefined where there was none. */
export function handedOver({ environment }: ProcessConfig): unknown {
  const text = environment[handover];
  return text === undefined ? undefined : JSON.parse(text);
}

/** The environment as the user gave it. */
export function withoutHandover(environment: ProcessConfig["environment"]): ProcessConfig["environment"] {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => name !== handover));
}
