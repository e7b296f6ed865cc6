import { agentJvms } from "../../src/cli/agent-jvms.ts";
import { defaultAgentSettings } from "../../src/cli/agent-settings.ts";
import { chosenJvm } from "../../src/cli/chosen-jvm.ts";
import { LiveMetadata } from "../../src/formats/jfr/live-metadata.ts";
import type { HotPaths } from "../../src/model/hot-paths.ts";
import { ContinuousRecording } from "../../src/recorders/continuous-recording.ts";

/** A JVM that is recorded, until `stop`. */
export interface Recorded {
  readonly recording: ContinuousRecording;
  /** What it has told, once that is what is waited for. */
  until(isTold: (paths: HotPaths) => boolean): Promise<HotPaths>;
  stop(): Promise<void>;
}

/** Records a JVM with a short lease, as the agent does. */
export async function recordContinuously(pid: number, ageSeconds: number): Promise<Recorded> {
  const jvms = agentJvms({ ...defaultAgentSettings, policy: "diagnose" }, { audit: () => undefined });
  const jvm = await chosenJvm(jvms, pid);
  const live = jvms.open(jvm);
  const recording = new ContinuousRecording(
    { live, procRoot: "/proc", tmpFolder: jvm.tmpFolder },
    {
      ...{ questions: ["cpu", "alloc", "lock", "io"], maxBytes: 50e6, ageSeconds, maxCpuShare: 1, tailMillis: 500 },
      metadata: new LiveMetadata(),
      log: { info: () => undefined, warn: () => undefined },
    },
  );
  return {
    recording,
    async until(isTold) {
      for (let left = 300; left > 0; left--) {
        const paths = recording.hotPaths(Date.now());
        if (paths !== undefined && isTold(paths)) return paths;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`not told in time: ${JSON.stringify([recording.status(), recording.hotPaths(Date.now())])}`);
    },
    async stop() {
      await recording.stop();
      live.close();
    },
  };
}

/** As a program, for tests that kill it: `record-continuously.ts PID SECONDS`. */
if (process.argv[1] === import.meta.filename) {
  const { until } = await recordContinuously(Number(process.argv[2]), Number(process.argv[3]));
  await until(() => true);
  process.stdout.write("recording\n");
}
