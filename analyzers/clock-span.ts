/** `12:03:10–20 UTC`, `12:03:10–12:05:02 UTC`, with tenths where the span is short. */
export function clockSpan(
  startMillis: number,
  { fromSeconds, toSeconds }: { readonly fromSeconds: number; readonly toSeconds: number },
): string {
  const digits = toSeconds - fromSeconds < 5 ? 1 : 0;
  const from = clockTime(startMillis + 1000 * fromSeconds, digits);
  const to = clockTime(startMillis + 1000 * toSeconds, digits);
  const isSameMinute = from.slice(0, 6) === to.slice(0, 6);
  return `${from}–${isSameMinute ? to.slice(6) : to} UTC`;
}

function clockTime(millis: number, digits: number): string {
  const step = 1000 / 10 ** digits;
  const text = new Date(Math.round(millis / step) * step).toISOString();
  return digits === 0 ? text.slice(11, 19) : text.slice(11, 20 + digits);
}
