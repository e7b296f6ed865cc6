import { FormatError } from "../../model/errors.ts";

/** What the threads of one process did, since it was first looked at or before. */
export interface ThreadSums {
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
  /** Time that threads could have run and waited for a CPU; undefined where the kernel does not count it. */
  readonly waitingSeconds: number | undefined;
}

/** Writes the sums in lines as /proc/PID/status has them. */
export function formatThreadSums({ voluntarySwitches, involuntarySwitches, waitingSeconds }: ThreadSums): string {
  const lines = [
    `voluntary_ctxt_switches: ${voluntarySwitches}`,
    `nonvoluntary_ctxt_switches: ${involuntarySwitches}`,
    ...(waitingSeconds === undefined ? [] : [`run_delay_seconds: ${waitingSeconds}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Parses what `formatThreadSums` wrote. */
export function parseThreadSums(text: string): ThreadSums {
  const values = new Map<string, number>();
  for (const [, key = "", value] of text.matchAll(/^(\w{1,40}): (\d[\d.e+-]{0,30})$/gm)) values.set(key, Number(value));
  const voluntarySwitches = values.get("voluntary_ctxt_switches");
  const involuntarySwitches = values.get("nonvoluntary_ctxt_switches");
  if (voluntarySwitches === undefined || involuntarySwitches === undefined) {
    throw new FormatError("expected the context switches of all threads");
  }
  return { voluntarySwitches, involuntarySwitches, waitingSeconds: values.get("run_delay_seconds") };
}

/** The switches at the end of a thread's status file, [voluntary, involuntary]: all of it is dear to parse for hundreds of threads. */
export function parseSwitches(status: string): readonly [number, number] | undefined {
  const match = /^voluntary_ctxt_switches:\t(\d{1,20})\nnonvoluntary_ctxt_switches:\t(\d{1,20})$/m.exec(
    status.slice(-200),
  );
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}
