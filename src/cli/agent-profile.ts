import { fileURLToPath } from "node:url";
import { type Page, textPage } from "../agent/http-server.ts";
import type { RecordingStatus } from "../recorders/continuous-options.ts";
import type { Repository } from "../recorders/repository.ts";
import { workerModule } from "../threads/start-worker.ts";
import { type ProfileFormatName, type ProfileJob, profileExits, profileFormatTypes } from "./agent-profile-job.ts";
import type { AgentRecordings } from "./agent-recordings.ts";

/** What can be profiled. */
export interface ProfileSubjects {
  readonly jvms: readonly { readonly pid: number; readonly name: string }[];
  /** Undefined where the settings want no recording. */
  readonly recordings: AgentRecordings | undefined;
}

const kinds = ["cpu", "alloc", "lock", "io", "all"];
const mostSeconds = 86_400;
const deadlineMillis = 60_000;
const mostBytes = 64 * 1024 * 1024;
const nice = 5;
/** One at a time. */
const busy = { isBusy: false };

/** `/profile?pid=&kind=&seconds=&format=`: what a JVM's continuous recording tells of its last seconds. */
export async function profilePage(query: URLSearchParams, subjects: ProfileSubjects): Promise<Page> {
  const job = jobOf(query, subjects);
  if ("status" in job) return job;
  if (busy.isBusy) return refused(503, "another profile is being made; ask again in a moment", { "retry-after": "5" });
  busy.isBusy = true;
  try {
    return await pageBy(job);
  } finally {
    busy.isBusy = false;
  }
}

function jobOf(query: URLSearchParams, { jvms, recordings }: ProfileSubjects): ProfileJob | Page {
  const format = query.get("format") ?? "html";
  const kind = query.get("kind") ?? "cpu";
  const seconds = Number(query.get("seconds") ?? 60);
  if (!isFormat(format)) return refused(400, `format is one of ${Object.keys(profileFormatTypes).join(", ")}`);
  if (!kinds.includes(kind)) return refused(400, `kind is one of ${kinds.join(", ")}`);
  if (!(seconds >= 1 && seconds <= mostSeconds)) return refused(400, `seconds is a number from 1 to ${mostSeconds}`);
  const pid = query.get("pid");
  const jvm = jvms.find((each) => String(each.pid) === pid);
  if (jvm === undefined) {
    const list = jvms.map((each) => `pid=${each.pid} (${each.name})`).join(", ") || "none";
    return refused(pid === null ? 400 : 404, `pid names no JVM that is watched; there are ${list}`);
  }
  const repository = repositoryOf(recordings?.statusOf(jvm.pid), kind);
  if (typeof repository === "string") return refused(409, `process ${jvm.pid} is not recorded: ${repository}`);
  const event = query.get("event") ?? undefined;
  return { repository, kind, event, seconds, format, title: `${jvm.name} (process ${jvm.pid})` };
}

/** Where its files are, or why there is nothing to show. */
function repositoryOf(status: RecordingStatus | undefined, kind: string): Repository | string {
  if (status === undefined) return "set recording.enabled in the configuration";
  const { state, reason, repository, questions } = status;
  if (state !== "recording" || repository === undefined) return reason;
  if (kind === "all" || questions.some((question) => question === kind)) return repository;
  return `recording.questions names only ${questions.join(", ")}`;
}

function isFormat(text: string): text is ProfileFormatName {
  return Object.hasOwn(profileFormatTypes, text);
}

/** By another process, which runs when nothing else wants the processor, and is killed when it takes too long. */
function pageBy(job: ProfileJob): Promise<Page> {
  const { execFile } = process.getBuiltinModule("node:child_process");
  const { setPriority } = process.getBuiltinModule("node:os");
  const script = fileURLToPath(workerModule(import.meta.url, "agent-profile"));
  const args = ["--max-old-space-size=512", script, JSON.stringify(job)];
  const options = {
    encoding: "buffer",
    timeout: deadlineMillis,
    killSignal: "SIGKILL",
    maxBuffer: mostBytes,
    env: {},
  } as const;
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ status: 200, contentType: profileFormatTypes[job.format], body: stdout });
      else resolve(failed(error, stderr.toString("utf8")));
    });
    try {
      if (child.pid !== undefined) setPriority(child.pid, nice);
    } catch {
      // It has ended already, or may not: then it runs as the agent does.
    }
  });
}

function failed(error: { readonly code?: unknown; readonly killed?: boolean }, stderr: string): Page {
  if (error.code === profileExits.nothing) return refused(409, stderr.trim());
  if (error.code === profileExits.several) return refused(400, stderr.trim());
  const why =
    error.killed === true ? `it took more than ${deadlineMillis / 1000} s or ${mostBytes >> 20} MiB` : lastLine(stderr);
  return refused(503, `cannot make the profile: ${why}; ask for fewer seconds`, { "retry-after": "30" });
}

function lastLine(text: string): string {
  return text.split("\n").find((line) => /^\w*Error\b/.test(line)) ?? text.trim().slice(-200);
}

function refused(status: number, why: string, headers: Readonly<Record<string, string>> = {}): Page {
  return { ...textPage(status, why), headers };
}
