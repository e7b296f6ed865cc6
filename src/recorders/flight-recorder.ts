import { TargetError } from "../model/errors.ts";
import { formatBytes, formatNumberOf } from "../model/format-number.ts";
import type {
  RecordControl,
  Recorded,
  Recorder,
  RecordQuestion,
  RecordRequest,
  RecordTarget,
} from "../model/recorder.ts";
import { ask } from "./ask.ts";
import { flightSettings } from "./flight-settings.ts";
import { startCostMeter } from "./recording-cost.ts";
import { oneLine, recordingNames } from "./recording-names.ts";
import { scrub } from "./scrub.ts";
import { checkSpace } from "./space.ts";
import { TargetFolder } from "./target-folder.ts";
import { waitFor } from "./wait-for.ts";

/** The JVM's own flight recorder, through attach, with settings for the questions asked. */
export const flightRecorder: Recorder = {
  name: "flight-recorder",
  description: "the JVM's flight recorder (JDK 8u262 and later)",
  extension: "jfr",
  answers: ({ questions, asyncProfilerPath }) =>
    asyncProfilerPath === undefined ? questions.filter((question) => answered.has(question)) : [],
  plan,
  record,
};

const answered: ReadonlySet<RecordQuestion> = new Set(["cpu", "wall", "alloc", "lock", "io", "exceptions", "gc"]);
/** If jprof is killed, the recording ends so long after the time that was asked for. */
const graceSeconds = 15;

function plan({ live: { identity } }: RecordTarget, request: RecordRequest): readonly string[] {
  const { questions, durationSeconds, maxBytes, outputPath } = request;
  const settings = flightSettings({ ...request, javaMajor: identity.javaMajor });
  return [
    `write settings for ${questions.join(", ")} (${formatNumberOf(settings.split("<event ").length - 1, "event type")}) into the JVM's /tmp, and remove them when it has read them`,
    `JFR.check, then JFR.start for ${durationSeconds} s, at most ${formatBytes(maxBytes)}; it ends by itself ${graceSeconds} s later if jprof is killed`,
    `JFR.stop with a file in the JVM's /tmp, copy that to ${outputPath}, remove it there`,
  ];
}

async function record(target: RecordTarget, request: RecordRequest, control: RecordControl): Promise<Recorded> {
  const { live } = target;
  await checkSpace(target, request, 2 * request.maxBytes);
  const meter = startCostMeter(target);
  const folder = new TargetFolder(target);
  const began = performance.now();
  try {
    const names = recordingNames(await ask(target, "JFR.check", control.abort));
    const orphans = names.filter((name) => folder.isOrphan(name));
    for (const name of orphans) await ask(target, `JFR.stop name=${name}`, AbortSignal.timeout(stopMillis));
    const notes = notesOn(names.filter((name) => !orphans.includes(name)));
    const recording = folder.name("jfr");
    await startRecording(target, request, folder, recording.inside);
    const name = nameOf(recording.inside);
    const isKept = await waitFor(request.durationSeconds, control);
    const cost = meter.soFar();
    // Not with the caller's signals: the recording must end in any case.
    const reply = await ask(
      target,
      `JFR.stop name=${name} filename=${recording.inside}`,
      AbortSignal.timeout(stopMillis),
    ).catch((error: unknown) => ({ error }));
    if (!isKept) throw new TargetError("recording given up, nothing is kept");
    if (typeof reply !== "string") throw reply.error;
    if (!/^Stopped recording/m.test(reply))
      throw new TargetError(`JFR.stop in process ${live.identity.pid}: ${oneLine(reply)}`);
    const fileBytes = await folder.take(recording, request.outputPath);
    const scrubbed = request.withPrivate ? [] : scrub(request.outputPath);
    const stoppedSeconds = meter.soFar().stoppedSeconds;
    const seconds = (performance.now() - began) / 1000;
    return {
      path: request.outputPath,
      fileBytes,
      seconds,
      cost: { ...cost, stoppedSeconds },
      notes: [...notes, ...scrubbed],
    };
  } finally {
    folder.clear();
  }
}

/** Writing out a big recording to a slow disk takes its time. */
const stopMillis = 120_000;

async function startRecording(
  target: RecordTarget,
  request: RecordRequest,
  folder: TargetFolder,
  filename: string,
): Promise<void> {
  const settings = folder.write("jfc", flightSettings({ ...request, javaMajor: target.live.identity.javaMajor }));
  const options = [
    `name=${nameOf(filename)}`,
    `settings=${settings.inside}`,
    "disk=true",
    `maxsize=${request.maxBytes}`,
    `duration=${request.durationSeconds + graceSeconds}s`,
    `filename=${filename}`,
  ];
  const reply = await ask(target, `JFR.start ${options.join(" ")}`, AbortSignal.timeout(stopMillis));
  folder.remove(settings);
  if (!/^Started recording/m.test(reply)) {
    throw new TargetError(`JFR.start in process ${target.live.identity.pid}: ${oneLine(reply)}`);
  }
}

/** `jprof-4711-2345678-9f86d081` */
function nameOf(path: string): string {
  return path.replace(/^.*\//, "").replace(/\.jfr$/, "");
}

function notesOn(others: readonly string[]): readonly string[] {
  if (others.length === 0) return [];
  return [
    `other recordings run in this JVM (${others.join(", ")}): the file also holds what they record, and they also hold what was recorded for this one`,
  ];
}
