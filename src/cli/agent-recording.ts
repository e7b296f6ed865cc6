import { recordingSamples } from "../../collectors/recording-samples.ts";
import type { Companion } from "../agent/watched-target.ts";
import { LiveMetadata } from "../formats/jfr/live-metadata.ts";
import type { DiscoveredJvm, LiveTarget } from "../model/jvm-source.ts";
import type { RecordingLog, RecordingStatus } from "../recorders/continuous-options.ts";
import { ContinuousRecording } from "../recorders/continuous-recording.ts";
import type { RecordingSettings } from "./agent-settings.ts";

/** A recording that goes along with a watched JVM. */
export interface RecordingCompanion extends Companion {
  status(): RecordingStatus;
}

const tailMillis = 3_000;
/** All JVMs of one build declare their events alike. */
const metadata = new LiveMetadata();

/** Begins to record a JVM as the settings say. */
export function beginRecording(
  jvm: DiscoveredJvm,
  live: LiveTarget,
  { settings, log }: { readonly settings: RecordingSettings; readonly log: RecordingLog },
): RecordingCompanion {
  const { questions, maxDiskMegabytes, maxAgeMinutes, maxCpuShare } = settings;
  const recording = new ContinuousRecording(
    { live, procRoot: "/proc", tmpFolder: jvm.tmpFolder },
    {
      questions,
      maxBytes: maxDiskMegabytes * 1e6,
      ageSeconds: maxAgeMinutes * 60,
      maxCpuShare,
      tailMillis,
      metadata,
      log,
    },
  );
  return {
    samples: (takenAtMillis) => {
      const { state } = recording.status();
      const hotPaths = recording.hotPaths(takenAtMillis);
      return recordingSamples({ state, questions, hotPaths, toll: recording.toll(), takenAtMillis });
    },
    report: (nowMillis) => reportOf(recording.status(), live.identity.pid, nowMillis),
    status: () => recording.status(),
    stop: () => recording.stop(),
  };
}

/** What can be profiled, for `/targets`. */
function reportOf(
  { state, reason, questions, coarseness, repository, sinceMillis }: RecordingStatus,
  pid: number,
  nowMillis: number,
): Readonly<Record<string, unknown>> {
  const isOn = state === "recording";
  return {
    ...{ state, reason, questions, coarseness },
    repository: repository?.path ?? null,
    seconds: isOn && sinceMillis !== undefined ? Math.round((nowMillis - sinceMillis) / 1000) : 0,
    profiles: isOn ? questions.map((kind) => `/profile?pid=${pid}&kind=${kind}&seconds=60&format=html`) : [],
  };
}
