import { createHash } from "node:crypto";
import { chmodSync, existsSync, readFileSync, readlinkSync, renameSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { insideRoot } from "../jvm/inside-root.ts";
import { TargetError } from "../model/errors.ts";
import type {
  RecordControl,
  Recorded,
  Recorder,
  RecordQuestion,
  RecordRequest,
  RecordTarget,
} from "../model/recorder.ts";
import { ask } from "./ask.ts";
import { whyNotProfilable } from "./async-profiler-interlocks.ts";
import { startCostMeter } from "./recording-cost.ts";
import { scrub } from "./scrub.ts";
import { checkSpace } from "./space.ts";
import { type SharedFile, TargetFolder } from "./target-folder.ts";
import { waitFor } from "./wait-for.ts";

/** async-profiler, whose library is loaded into the JVM and stays there. */
export const asyncProfiler: Recorder = {
  name: "async-profiler",
  description: "async-profiler's library in the JVM: native frames, wall clock, native memory",
  extension: "jfr",
  answers: ({ questions, asyncProfilerPath }) =>
    asyncProfilerPath === undefined ? [] : questions.filter((question) => optionsOf[question] !== undefined),
  plan: (_target, { durationSeconds, outputPath, questions, asyncProfilerPath }) => [
    `put ${asyncProfilerPath} where the JVM can load it, and load it (JVMTI.agent_load); it stays loaded until the JVM ends`,
    `start,jfr,${options(questions)} for ${durationSeconds} s; it stops by itself ${graceSeconds} s later if jprof is killed`,
    `stop, copy the recording to ${outputPath}, remove it there; a copy of the library stays in the JVM's /tmp`,
  ],
  record,
};

/** What each question is in async-profiler's own words. */
const optionsOf: Readonly<Partial<Record<RecordQuestion, string>>> = {
  cpu: "event=cpu,interval=10ms",
  wall: "wall=50ms",
  alloc: "alloc=512k",
  lock: "lock=1ms",
  native: "nativemem=512k",
};
const graceSeconds = 15;

function options(questions: readonly RecordQuestion[]): string {
  return questions.flatMap((question) => optionsOf[question] ?? []).join(",");
}

async function record(target: RecordTarget, request: RecordRequest, control: RecordControl): Promise<Recorded> {
  const { live } = target;
  const obstacle = whyNotProfilable(target, request.asyncProfilerPath!);
  if (obstacle !== undefined) throw new TargetError(`process ${live.identity.pid}: ${obstacle}`);
  await checkSpace(target, request, request.maxBytes);
  const meter = startCostMeter(target);
  const folder = new TargetFolder(target);
  const library = libraryFor(target, request.asyncProfilerPath!);
  const began = performance.now();
  try {
    const [recording, log] = [folder.name("jfr"), folder.name("log")];
    const send = (text: string) => command(target, { library: library.inside, text: `${text},log=${log.inside}`, log });
    const timeout = request.durationSeconds + graceSeconds;
    await send(`start,jfr,${options(request.questions)},timeout=${timeout},file=${recording.inside}`);
    const isKept = await waitFor(request.durationSeconds, control);
    const cost = meter.soFar();
    await send(`stop,file=${recording.inside}`);
    if (!isKept) throw new TargetError("recording given up, nothing is kept");
    const fileBytes = await folder.take(recording, request.outputPath);
    const scrubbed = request.withPrivate ? [] : scrub(request.outputPath);
    const seconds = (performance.now() - began) / 1000;
    return {
      path: request.outputPath,
      fileBytes,
      seconds,
      cost,
      notes: ["async-profiler's library stays loaded until the JVM ends", ...scrubbed],
    };
  } finally {
    folder.clear();
  }
}

interface ProfilerCommand {
  readonly library: string;
  readonly text: string;
  readonly log: SharedFile;
}

const commandMillis = 60_000;

async function command(target: RecordTarget, { library, text, log }: ProfilerCommand): Promise<void> {
  const reply = await ask(target, `JVMTI.agent_load ${library} "${text}"`, AbortSignal.timeout(commandMillis));
  const code = /return code: (-?\d+)/.exec(reply)?.[1];
  if (code === "0") return;
  const words = logText(log) || reply.trim().replaceAll(/\s*\n\s*/g, " ");
  throw new TargetError(
    `async-profiler in process ${target.live.identity.pid} refused "${text.split(",", 1)[0]}": ${words}`,
  );
}

/** What async-profiler wrote of its trouble; empty where it wrote nothing. */
function logText({ outside }: SharedFile): string {
  if (!existsSync(outside)) return "";
  return readFileSync(outside, "utf8")
    .slice(0, 500)
    .trim()
    .replaceAll(/\s*\n\s*/g, " ");
}

/**
 * The library under a path that the JVM sees. A copy is named by its content and never overwritten: replacing the file of a loaded library
 * would bring the JVM down.
 */
function libraryFor({ live, procRoot, tmpFolder }: RecordTarget, path: string): SharedFile {
  const folder = join(procRoot, String(live.identity.pid));
  if (tmpFolder === undefined && mountsOf(folder) === mountsOf(join(procRoot, "self"))) {
    return { inside: path, outside: path };
  }
  const content = readFileSync(path);
  const name = `libasyncProfiler-${createHash("sha256").update(content).digest("hex").slice(0, 16)}.so`;
  const outside = join(tmpFolder ?? insideRoot(join(folder, "root"), "/tmp"), name);
  if (!existsSync(outside)) {
    const draft = `${outside}.${process.pid}`;
    writeFileSync(draft, content, { flag: "wx", mode: 0o755 });
    chmodSync(draft, 0o755);
    renameSync(draft, outside);
  }
  // It stays: the JVM has it mapped, and finds it by this name the next time.
  return { inside: posix.join("/tmp", name), outside };
}

function mountsOf(folder: string): string {
  return readlinkSync(`${folder}/ns/mnt`);
}
