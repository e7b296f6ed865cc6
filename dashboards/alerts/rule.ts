/** Something that a person is to be told of. `summary` and `description` are Prometheus templates. */
export interface Alert {
  /** Names its page in docs/runbooks too. */
  readonly name: string;
  readonly severity: "warning" | "critical";
  readonly expression: string;
  /** How long it must be so without a break, as Prometheus writes durations. */
  readonly for: string;
  /** How long it stays after it is over, for what comes and goes. */
  readonly keepFiringFor?: string;
  /** One line that begins with who it is and has the number. */
  readonly summary: string;
  readonly description: string;
}

/** A series that Prometheus computes from others, so that alerts and panels need not. */
export interface Recording {
  readonly name: string;
  readonly expression: string;
}

/** Rules on one theme: the recordings first, which its own alerts and those of later groups read. */
export interface RuleGroup {
  readonly name: string;
  readonly recordings: readonly Recording[];
  readonly alerts: readonly Alert[];
}

/** Who it is, at the beginning of every summary. */
export const who = "{{ $labels.service_name }} (pid {{ $labels.process_pid }}{{ with $labels.pod }}, {{ . }}{{ end }})";

/** Writes spans of time into rules, all of them shortened alike where a test cannot wait for hours. */
export interface Pace {
  /** `30m` */
  span(minutes: number): string;
  seconds(minutes: number): number;
}

/** `scale` is 1 in what is shipped; 1/60 makes seconds of minutes. */
export function paceOf(scale: number): Pace {
  const seconds = (minutes: number) => Math.max(1, Math.round(minutes * 60 * scale));
  return { seconds, span: (minutes) => formatSpan(seconds(minutes)) };
}

function formatSpan(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400}d`;
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
