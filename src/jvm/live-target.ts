import { parseCommandLine } from "../formats/jcmd/command-line.ts";
import { type JvmFlag, parseFlags } from "../formats/jcmd/flags.ts";
import { parseVmVersion } from "../formats/jcmd/vm-version.ts";
import { CgroupPlaces, type HostRoots, readCgroup } from "../host/cgroup.ts";
import { type ProcProcess, readProcFile } from "../host/proc-file.ts";
import { ProcFolder } from "../host/proc-folder.ts";
import { ThreadTotals } from "../host/thread-totals.ts";
import type { Answer } from "../model/answer.ts";
import type { Cgroup } from "../model/cgroup.ts";
import type { GcActivity } from "../model/gc-event.ts";
import type { DiscoveredJvm, Liveness, LiveTarget, TierStatus } from "../model/jvm-source.ts";
import type { Source } from "../model/metric.ts";
import type { Policy } from "../model/policy.ts";
import type { MBeanRead, PerfCounters, RequestUsage, TargetIdentity } from "../model/target.ts";
import { type GcActivitySource, gcActivitySource } from "./gc-activity.ts";
import { livenessOf } from "./liveness.ts";
import { GcByMBeans, gcReads } from "./mbeans/gc-by-mbeans.ts";
import type { MBeans } from "./mbeans/open-mbeans.ts";
import { oncePerSignal } from "./once-per-signal.ts";
import { openPerfCounters, type PerfCounterSource } from "./perf-counters.ts";
import { readStat } from "./proc-reads.ts";
import { refineIdentity } from "./refine-identity.ts";
import { type AttachQueue, createAttachQueue } from "./requests/attach-queue.ts";
import type { AuditEntry } from "./requests/audit-entry.ts";
import type { RequestLimits } from "./requests/request-limits.ts";

/** What may be done with a JVM, and where its kernel's files are. */
export interface LiveTargetOptions {
  readonly policy: Policy;
  readonly limits: Partial<RequestLimits>;
  readonly procRoot: string;
  /** What stands for `/sys`. */
  readonly sysRoot: string;
  audit(entry: AuditEntry): void;
  /** Opened when its MBeans are first asked for; undefined: it has no Jolokia agent that is known. */
  readonly openMBeans: ((stoppedSeconds: () => number | undefined) => Promise<MBeans>) | undefined;
}

/** Opens every way to a JVM. Nothing is sent to it before it is asked something. */
export function openLiveTarget(jvm: DiscoveredJvm, options: LiveTargetOptions): LiveTarget {
  return new HotSpotTarget(jvm, options);
}

type TierOutcome = {
  readonly state: TierStatus["state"];
  readonly detail: string;
  readonly okMillis: number | undefined;
};

class HotSpotTarget implements LiveTarget {
  readonly policy: Policy;
  readonly #options: LiveTargetOptions;
  readonly #tmpFolder: string | undefined;
  readonly #counters: PerfCounterSource;
  readonly #queue: AttachQueue;
  readonly #folder: ProcFolder;
  readonly #process: ProcProcess;
  readonly #roots: HostRoots;
  readonly #gc: GcActivitySource;
  readonly #gcByMBeans = new GcByMBeans();
  readonly #outcomes = new Map<Source, TierOutcome>();
  #identity: TargetIdentity;
  #isRefined = false;
  #mbeans: Promise<MBeans> | undefined;
  #openedMBeans: MBeans | undefined;
  #isClosed = false;
  readonly gcActivity = oncePerSignal((signal) => this.#askGcActivity(signal));

  constructor({ identity, kind, tmpFolder }: DiscoveredJvm, options: LiveTargetOptions) {
    const { procRoot, sysRoot, policy, limits, audit } = options;
    const { pid, startTicks } = identity;
    this.policy = policy;
    this.#options = options;
    this.#identity = identity;
    this.#tmpFolder = tmpFolder;
    this.#counters = openPerfCounters({ ...identity, procRoot, tmpFolder });
    this.#gc = gcActivitySource({ counters: this.#counters, ask: (command, signal) => this.jcmd(command, signal) });
    this.#folder = new ProcFolder({ pid, startTicks, procRoot });
    this.#process = { pid, startTicks, procRoot, threads: new ThreadTotals(), folder: this.#folder };
    this.#roots = { procRoot, sysRoot, startTicks, places: new CgroupPlaces() };
    this.#queue = createAttachQueue({
      ...{ identity, kind, tmpFolder, procRoot, policy, limits, audit },
      stoppedSeconds: () => this.#counters.seconds("sun.rt.safepointTime"),
      liveBytes: () => this.#counter(usedHeapBytesOf),
      canAttach: () => this.#counter((counters) => counters.text("sun.rt.jvmCapabilities")?.startsWith("1")),
    });
  }

  get identity(): TargetIdentity {
    return this.#identity;
  }

  async perfCounters(): Promise<Answer<PerfCounters>> {
    const answer = this.#note("perf-counters", this.#counters.read());
    if (answer.ok && !this.#isRefined) {
      this.#identity = refineIdentity(this.#identity, { perfCounters: answer.value });
      this.#isRefined = true;
    }
    return answer;
  }

  async #askGcActivity(signal: AbortSignal): Promise<Answer<GcActivity>> {
    if (!this.#isRefined) await this.#refineByAttach(signal);
    const activity = await this.#gc.activity(signal);
    if (activity.ok || this.#options.openMBeans === undefined) return activity;
    const answers = await this.mbeans(gcReads, signal);
    if (answers.ok) return this.#gcByMBeans.accept(answers.value);
    return { ...activity, reason: `${activity.reason}; and by MBeans: ${answers.reason}` };
  }

  async jcmd(command: string, signal: AbortSignal): Promise<Answer<string>> {
    return this.#queue.jcmd(command, signal);
  }

  async readProc(file: string, signal: AbortSignal): Promise<Answer<string>> {
    if (this.#tmpFolder === undefined) return this.#note("proc", await readProcFile(this.#process, file, signal));
    const isOfMachine = file.startsWith("/");
    return isOfMachine ? readProcFile(this.#process, file, signal) : this.#note("proc", noProcess);
  }

  async cgroup(signal: AbortSignal): Promise<Answer<Cgroup>> {
    if (this.#tmpFolder !== undefined) return this.#note("cgroup", noProcess);
    return this.#note("cgroup", await readCgroup(this.#identity.pid, this.#roots, signal));
  }

  async mbeans(reads: readonly MBeanRead[], signal: AbortSignal): Promise<Answer<readonly Answer<unknown>[]>> {
    const { openMBeans } = this.#options;
    if (openMBeans === undefined) return { ok: false, code: "absent", reason: noJolokia };
    if (this.#isClosed) return { ok: false, code: "absent", reason: "the JVM is no longer watched" };
    this.#mbeans ??= openMBeans(() => this.#counters.seconds("sun.rt.safepointTime"));
    try {
      this.#openedMBeans = await this.#mbeans;
    } catch (error) {
      this.#mbeans = undefined;
      return { ok: false, code: "failed", reason: error instanceof Error ? error.message : String(error) };
    }
    return this.#openedMBeans.read(reads, signal);
  }

  usage(): readonly RequestUsage[] {
    return [...this.#queue.usage(), ...(this.#openedMBeans?.usage() ?? [])];
  }

  tick(): void {
    this.#counters.tick();
  }

  tiers(): readonly TierStatus[] {
    const own = (["perf-counters", "proc", "cgroup"] as const).map((tier) => {
      const { state, detail, okMillis } = this.#outcomes.get(tier) ?? notAsked;
      return { tier, state, detail, lastOkMillis: okMillis };
    });
    const mbeans: TierStatus = this.#openedMBeans?.status() ?? {
      tier: "mbeans",
      ...(this.#options.openMBeans === undefined ? { state: "absent", detail: noJolokia } : notAsked),
      lastOkMillis: undefined,
    };
    return [...own, this.#queue.status(), mbeans];
  }

  liveness(sinceMillis: number): Liveness {
    const requests = this.tiers().filter(({ tier }) => tier === "attach" || tier === "mbeans");
    return livenessOf({ processState: this.#processState(), requests, counters: this.#counters.moves() }, sinceMillis);
  }

  #processState(): string | undefined {
    const folder = this.#tmpFolder === undefined ? this.#folder.open() : undefined;
    return typeof folder === "string" ? readStat(folder)?.state : undefined;
  }

  close(): void {
    this.#isClosed = true;
    this.#counters.close();
    this.#folder.close();
    this.#queue.close();
    this.#openedMBeans?.close();
  }

  /** Asks the JVM who it is, once, where neither its process nor its counters show that. */
  async #refineByAttach(signal: AbortSignal): Promise<void> {
    if ((await this.perfCounters()).ok) return;
    const { javaVersion, collector } = this.#identity;
    if (javaVersion !== undefined && collector !== undefined) {
      this.#isRefined = true;
      return;
    }
    const asked = ["VM.version", "VM.flags", ...(this.#tmpFolder === undefined ? [] : ["VM.command_line"])];
    const [version, flags, line] = await Promise.all(asked.map((command) => this.jcmd(command, signal)));
    if (!version?.ok || !flags?.ok) return;
    this.#identity = refineIdentity(this.#identity, {
      vmVersion: parseVmVersion(version.value),
      flags: parseFlags(flags.value).map(optionOf),
      javaCommand: line?.ok ? parseCommandLine(line.value).javaCommand : undefined,
    });
    this.#isRefined = true;
  }

  #counter<T>(read: (counters: PerfCounters) => T | undefined): T | undefined {
    const answer = this.#counters.read();
    return answer.ok ? read(answer.value) : undefined;
  }

  #note<T>(tier: Source, answer: Answer<T>): Answer<T> {
    const before = this.#outcomes.get(tier)?.okMillis;
    if (answer.ok) this.#outcomes.set(tier, { state: "ok", detail: "", okMillis: answer.takenAtMillis });
    else {
      const state = answer.code === "absent" ? "absent" : answer.code === "denied" ? "denied" : "failing";
      this.#outcomes.set(tier, { state, detail: answer.reason, okMillis: before });
    }
    return answer;
  }
}

const noJolokia = "no Jolokia agent is known: neither its command line nor the configuration (`services`) names one";
const noProcess = {
  ok: false,
  code: "absent",
  reason:
    "the JVM runs in another PID namespace, and no process of it can be seen from here; share that of its pod (shareProcessNamespace: true)",
} as const;
const notAsked: TierOutcome = { state: "unknown", detail: "", okMillis: undefined };

/** A flag as the command line has it. */
function optionOf({ name, value }: JvmFlag): string {
  if (value === "true" || value === "false") return `-XX:${value === "true" ? "+" : "-"}${name}`;
  return `-XX:${name}=${value}`;
}

function usedHeapBytesOf(counters: PerfCounters): number | undefined {
  const used = counters.names.filter((name) => /^sun\.gc\.generation\.\d+\.space\.\d+\.used$/.test(name));
  if (used.length === 0) return undefined;
  return used.reduce((sum, name) => sum + (counters.number(name) ?? 0), 0);
}
