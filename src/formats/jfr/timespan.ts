const secondsOfUnit: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
};

/** Seconds of a setting such as `20 ms`; undefined of anything else (`everyChunk`, `100/s`). */
export function parseTimespan(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(ns|us|ms|s|m|h|d)$/.exec(text.trim());
  return match === null ? undefined : Number(match[1]) * secondsOfUnit[match[2]!]!;
}
