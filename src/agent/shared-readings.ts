import type { Answer } from "../model/answer.ts";
import type { Target } from "../model/target.ts";

/** The target for the collectors of one poll: what several of them read is read once. */
export function withSharedReadings(target: Target): Target {
  const files = new Map<string, Promise<Answer<string>>>();
  return {
    get identity() {
      return target.identity;
    },
    perfCounters: once((signal) => target.perfCounters(signal)),
    cgroup: once((signal) => target.cgroup(signal)),
    gcActivity: (signal) => target.gcActivity(signal),
    jcmd: (command, signal) => target.jcmd(command, signal),
    readProc(file, signal) {
      const answer = files.get(file) ?? target.readProc(file, signal);
      files.set(file, answer);
      return answer;
    },
    mbeans: (reads, signal) => target.mbeans(reads, signal),
    usage: () => target.usage(),
  };
}

function once<T>(read: (signal: AbortSignal) => Promise<Answer<T>>): (signal: AbortSignal) => Promise<Answer<T>> {
  let answer: Promise<Answer<T>> | undefined;
  return (signal) => {
    answer ??= read(signal);
    return answer;
  };
}
