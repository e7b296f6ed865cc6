import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Answer, NoAnswer } from "../model/answer.ts";
import type { Source } from "../model/metric.ts";

/** A question that could not be answered. */
export type Refusal = Extract<Answer<never>, { ok: false }>;

/** Reads a small file that the kernel makes up at once. Synchronous: 15 µs, where going through the thread pool costs 185 µs of CPU. */
export function readText(path: string, source: Source): Answer<string> {
  try {
    return answerOf(readFileSync(path, "utf8"), source);
  } catch (error) {
    return refusalOf(error, path);
  }
}

/** Reads a file for which the kernel may have to wait, as for a process that is changing its memory map. */
export async function readSlowText(path: string, source: Source, signal: AbortSignal): Promise<Answer<string>> {
  try {
    return answerOf(await readFile(path, { encoding: "utf8", signal }), source);
  } catch (error) {
    return refusalOf(error, path);
  }
}

/** A value that was found just now. */
export function answerOf<T>(value: T, source: Source): Answer<T> {
  return { ok: true, value, source, takenAtMillis: Date.now() };
}

/** Why a file of the kernel could not be read, for a person. */
export function refusalOf(error: unknown, path: string): Refusal {
  const { code, name } = error as NodeJS.ErrnoException;
  if (name === "AbortError" || name === "TimeoutError") {
    return { ok: false, code: "timeout", reason: `reading ${path} took too long` };
  }
  const [answer, reason] = meanings[code ?? ""] ?? ["failed", `cannot be read: ${code ?? String(error)}`];
  return { ok: false, code: answer, reason: `${path} ${reason}` };
}

const denied =
  "may be read by the user of that process, if with no fewer capabilities, and by who has CAP_SYS_PTRACE; " +
  `jprof runs as uid ${process.getuid?.()}`;

const meanings: Readonly<Record<string, readonly [NoAnswer, string]>> = {
  ENOENT: ["absent", "does not exist"],
  ENOTDIR: ["absent", "does not exist"],
  ESRCH: ["absent", "is of a process that has ended"],
  EOPNOTSUPP: ["absent", "is switched off in this kernel"],
  ENODEV: ["absent", "is of a control group that was removed"],
  EACCES: ["denied", denied],
  EPERM: ["denied", denied],
};
