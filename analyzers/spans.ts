import { formatCount } from "../src/model/format-number.ts";

/** A span as people read it, from microseconds to hours: `140 µs`, `3.2 ms`, `1.24 s`, `3 min 20 s`, `5 h 10 min`. */
export function formatSpan(seconds: number): string {
  if (!Number.isFinite(seconds)) return "unknown";
  if (seconds < 0.000_999_5) return `${formatDigits(seconds * 1e6)} µs`;
  if (seconds < 0.999_5) return `${formatDigits(seconds * 1e3)} ms`;
  if (seconds < 59.95) return `${formatDigits(seconds)} s`;
  if (seconds < 3570) return `${Math.floor(Math.round(seconds) / 60)} min ${Math.round(seconds) % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${formatCount(Math.round(minutes / 60 / 24))} days`;
}

/** A point of the recording: `+1 min 12 s`. */
export function formatPoint(seconds: number): string {
  return `+${formatSpan(Math.max(0, seconds))}`;
}

function formatDigits(value: number): string {
  if (value >= 99.5) return formatCount(value);
  return formatCount(value, value >= 9.95 ? 1 : 2).replace(/\.0+$/, "");
}
