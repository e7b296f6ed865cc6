import { existsSync } from "node:fs";
import { extname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TargetError, UsageError } from "../model/errors.ts";
import { formatBytes, formatDuration } from "../model/format-number.ts";
import type { DiscoveredJvm } from "../model/jvm-source.ts";
import type {
  RecordControl,
  Recorded,
  Recorder,
  RecordQuestion,
  RecordRequest,
  RecordTarget,
} from "../model/recorder.ts";
import { recorders } from "../recorders/index.ts";
import { agentJvms } from "./agent-jvms.ts";
import { defaultAgentSettings } from "./agent-settings.ts";
import { chosenJvm } from "./chosen-jvm.ts";
import type { ProcessConfig } from "./config.ts";
import { exitCodes } from "./exit-codes.ts";
import { checkOutput, writeToStdout } from "./output.ts";
import { noProgress, type ProgressLine, stderrProgress } from "./progress.ts";
import type { RecordConfig } from "./record-options.ts";

const procRoot = "/proc";

/** Captures what was asked of one JVM, each recorder in its turn; the result is the exit code. */
export async function runRecord(config: RecordConfig, { progressToTerminal }: ProcessConfig): Promise<number> {
  const asyncProfilerPath = asyncProfilerOf(config);
  const captures = capturesOf({ ...config, asyncProfilerPath });
  const jvms = agentJvms(requestSettings, { audit: () => undefined });
  const jvm = await chosenJvm(jvms, config.pid);
  const live = jvms.open(jvm);
  const target: RecordTarget = { live, procRoot, tmpFolder: jvm.tmpFolder };
  const line = progressToTerminal ? stderrProgress() : noProgress;
  try {
    for (const { recorder, questions } of captures) {
      const outputPath = outputOf(config, jvm, { recorder, isOnly: captures.length === 1 });
      checkOutput(outputPath);
      const request = { ...config, asyncProfilerPath, questions, outputPath };
      if (config.isDryRun) {
        await writeToStdout(planText(recorder.plan(target, request), jvm));
        continue;
      }
      await sleep(Math.max(0, jvm.identity.startedAtMillis + youngMillis - Date.now()));
      await writeToStdout(recordedText(await withInterrupts(recorder, target, request, line)));
    }
  } finally {
    line.clear();
    live.close();
  }
  return exitCodes.done;
}

/** A person has asked for it, and stays to see it; the JVM may take its time to load its recorder or to write a file. */
const requestSettings = {
  ...defaultAgentSettings,
  policy: "intrude",
  limits: { ...defaultAgentSettings.limits, requestSeconds: 120 },
} as const;

/** A JVM that began a moment ago cannot be sent the signal of a first contact yet (`minProcessAgeMillis`, and what clocks differ by). */
const youngMillis = 3_500;

interface Capture {
  readonly recorder: Recorder;
  readonly questions: readonly RecordQuestion[];
}

function capturesOf(request: Pick<RecordRequest, "questions" | "asyncProfilerPath">): readonly Capture[] {
  const captures = recorders
    .map((recorder) => ({ recorder, questions: recorder.answers(request as RecordRequest) }))
    .filter(({ questions }) => questions.length > 0);
  const answered = captures.flatMap(({ questions }) => questions);
  const open = request.questions.filter((question) => !answered.includes(question));
  if (open.length === 0) return captures;
  const words = open.map((question) => `--${question}`).join(" ");
  throw new UsageError(
    request.asyncProfilerPath === undefined
      ? `${words} needs async-profiler: give its library with --async-profiler`
      : `${words} cannot be recorded by async-profiler: record it by itself, without --async-profiler`,
  );
}

/** Where async-profiler's packages put its library. */
const usualPaths = [
  "/opt/async-profiler/lib/libasyncProfiler.so",
  "/usr/local/lib/libasyncProfiler.so",
  "/usr/lib/libasyncProfiler.so",
];

/** The library that was given; what only it can record takes one that is installed. */
function asyncProfilerOf({ asyncProfilerPath, questions }: RecordConfig): string | undefined {
  if (asyncProfilerPath !== undefined) {
    if (!existsSync(asyncProfilerPath)) throw new UsageError(`--async-profiler: there is no file ${asyncProfilerPath}`);
    return resolve(asyncProfilerPath);
  }
  return questions.includes("native") ? usualPaths.find((path) => existsSync(path)) : undefined;
}

function outputOf(
  { output }: RecordConfig,
  { identity }: DiscoveredJvm,
  { recorder, isOnly }: { readonly recorder: Recorder; readonly isOnly: boolean },
): string {
  if (output === undefined) {
    const service = identity.name.replace(/^.*\//, "").replaceAll(/[^\w.-]+/g, "_") || "jvm";
    const time = new Date().toISOString().replaceAll(/[-:]|\.\d+Z$/g, "");
    return resolve(`jprof-${service}-${identity.pid}-${time}.${recorder.extension}`);
  }
  if (isOnly) return resolve(output);
  return resolve(`${output.slice(0, output.length - extname(output).length)}.${recorder.extension}`);
}

/** The first interrupt ends the recording, the second gives it up. */
async function withInterrupts(
  recorder: Recorder,
  target: RecordTarget,
  request: RecordRequest,
  line: ProgressLine,
): Promise<Recorded> {
  const [finish, abort] = [new AbortController(), new AbortController()];
  const interrupted = () => (finish.signal.aborted ? abort : finish).abort();
  const control: RecordControl = { finish: finish.signal, abort: abort.signal, progress: line.update };
  process.on("SIGINT", interrupted).on("SIGTERM", interrupted);
  try {
    return await recorder.record(target, request, control);
  } catch (error) {
    if (abort.signal.aborted) throw new TargetError("given up as asked, nothing was kept", { cause: error });
    throw error;
  } finally {
    line.clear();
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
  }
}

function planText(steps: readonly string[], { identity }: DiscoveredJvm): string {
  const lines = steps.map((step, index) => `  ${index + 1}. ${step}`);
  return `${[`would do to ${identity.pid} (${identity.name}):`, ...lines].join("\n")}\n`;
}

function recordedText({ path, fileBytes, seconds, cost, notes }: Recorded): string {
  const { cpuSeconds, residentBytes, stoppedSeconds } = cost;
  const facts = [
    ...(cpuSeconds === undefined
      ? []
      : [
          `${formatDuration(cpuSeconds)} of processor time in its recording threads (${((cpuSeconds / seconds) * 100).toFixed(1)} % of a core)`,
        ]),
    ...(residentBytes === undefined
      ? []
      : [`${residentBytes < 0 ? "−" : "+"}${formatBytes(Math.abs(residentBytes))} resident`]),
    `stopped for at most ${(stoppedSeconds * 1000).toFixed(1)} ms by requests`,
  ];
  return `${[`${path}   ${formatBytes(fileBytes)}, ${formatDuration(seconds)}`, `  cost the JVM  ${facts.join(" · ")}`, ...notes.map((note) => `  note          ${note}`), `  next          jprof analyze ${path}`].join("\n")}\n`;
}
