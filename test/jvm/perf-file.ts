import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { openPerfCounters, type PerfCounterSource } from "../../src/jvm/perf-counters.ts";
import type { GcActivity } from "../../src/model/gc-event.ts";
import { type DrawnCounters, type DrawnOptions, perfDataOf } from "../perf-data-of.ts";

/** A process as /proc shows it, whose perf counters a test writes. */
export interface DrawnProcess {
  readonly procRoot: string;
  /** Writes the counters into the same file, as a JVM does, or into a new one. */
  write(counters: DrawnCounters, options?: DrawnOptions & { readonly user?: string }): void;
  /** Writes a file of /proc/PID, such as `cmdline` or `root/etc/passwd`. */
  put(file: string, text: string): void;
  remove(user?: string): void;
  open(startedAtMillis?: number): PerfCounterSource;
}

export const begunMillis = 1_750_000_000_000;
const pid = 4711;
/** In its own namespace. */
const namespacePid = 7;

/** A process without any perf counters yet. */
export function drawnProcess(): DrawnProcess {
  const procRoot = mkdtempSync(join(tmpdir(), "jprof-proc-"));
  onTestFinished(() => rmSync(procRoot, { recursive: true, force: true }));
  const folder = join(procRoot, String(pid));
  mkdirSync(join(folder, "root/tmp"), { recursive: true });
  const pathOf = (user = "someone") => join(folder, "root/tmp", `hsperfdata_${user}`, String(namespacePid));
  const put = (path: string, contents: string | Uint8Array) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents, { flag: "r+" });
  };
  return {
    procRoot,
    write(counters, { user, ...options } = {}) {
      const path = pathOf(user);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, "", { flag: "a" });
      put(path, perfDataOf({ "sun.rt.createVmBeginTime": begunMillis, ...counters }, options));
    },
    put(file, text) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    },
    remove: (user) => unlinkSync(pathOf(user)),
    open(startedAtMillis = begunMillis - 300) {
      const source = openPerfCounters({ pid, namespacePid, startedAtMillis, procRoot });
      onTestFinished(() => source.close());
      return source;
    },
  };
}

/** What was told since the last call; throws where there is no answer. */
export function activityOf(source: PerfCounterSource): GcActivity {
  const answer = source.activity();
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}
