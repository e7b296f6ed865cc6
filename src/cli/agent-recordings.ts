import type { Companion } from "../agent/watched-target.ts";
import type { DiscoveredJvm, LiveTarget } from "../model/jvm-source.ts";
import type { RecordingLog, RecordingStatus } from "../recorders/continuous-options.ts";
import { serviceOf } from "./agent-jvms.ts";
import type { RecordingCompanion } from "./agent-recording.ts";
import type { AgentSettings, RecordingSettings } from "./agent-settings.ts";

/** The recordings that go along with watched JVMs. */
export interface AgentRecordings {
  accompany(jvm: DiscoveredJvm, live: LiveTarget): Companion | undefined;
  /** Of the JVM with this pid; undefined where none is wanted of it. */
  statusOf(pid: number): RecordingStatus | undefined;
}

/** Undefined where the settings want none: then nothing of what records is loaded. */
export function agentRecordings(settings: AgentSettings, log: RecordingLog): AgentRecordings | undefined {
  const all = [settings.recording, ...settings.services.map(({ recording }) => recording)];
  if (!all.some((each) => each?.enabled === true)) return undefined;
  const recordings = new Map<number, LateRecording>();
  return {
    accompany(jvm, live) {
      const { pid } = jvm.identity;
      const wanted = wantedOf(settings, jvm);
      if (!wanted.enabled) return undefined;
      const recording = new LateRecording(jvm, live, wanted, log);
      recordings.set(pid, recording);
      return {
        samples: (nowMillis) => recording.samples(nowMillis),
        report: (nowMillis) => recording.report(nowMillis),
        async stop() {
          if (recordings.get(pid) === recording) recordings.delete(pid);
          await recording.stop();
        },
      };
    },
    statusOf: (pid) => recordings.get(pid)?.status(),
  };
}

/** A recording whose code is loaded when the first JVM needs it. */
class LateRecording implements Companion {
  readonly #opening: Promise<RecordingCompanion>;
  readonly #questions: RecordingSettings["questions"];
  #opened: RecordingCompanion | undefined;

  constructor(jvm: DiscoveredJvm, live: LiveTarget, settings: RecordingSettings, log: RecordingLog) {
    this.#questions = settings.questions;
    this.#opening = import("./agent-recording.ts").then(({ beginRecording }) => {
      this.#opened = beginRecording(jvm, live, { settings, log });
      return this.#opened;
    });
  }

  samples(nowMillis: number) {
    return this.#opened?.samples(nowMillis) ?? [];
  }

  report(nowMillis: number) {
    return this.#opened?.report(nowMillis) ?? { state: "starting" };
  }

  status(): RecordingStatus {
    return (
      this.#opened?.status() ?? {
        ...{ state: "starting", reason: "it is being started", questions: this.#questions },
        ...{ coarseness: 0, repository: undefined, sinceMillis: undefined },
      }
    );
  }

  async stop(): Promise<void> {
    await (await this.#opening).stop();
  }
}

/** What the settings say of a JVM's service, and in general where they say nothing of that. */
function wantedOf(settings: AgentSettings, { identity }: DiscoveredJvm): RecordingSettings {
  const general = settings.recording;
  const own = serviceOf(settings, identity)?.recording;
  return {
    enabled: own?.enabled ?? general.enabled,
    questions: own?.questions ?? general.questions,
    maxDiskMegabytes: own?.maxDiskMegabytes ?? general.maxDiskMegabytes,
    maxAgeMinutes: own?.maxAgeMinutes ?? general.maxAgeMinutes,
    maxCpuShare: own?.maxCpuShare ?? general.maxCpuShare,
  };
}
