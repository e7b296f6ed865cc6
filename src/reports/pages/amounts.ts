import { formatBytes, formatCount, formatPercent } from "../../model/format-number.ts";
import type { ProfileKind } from "../../model/profile.ts";
import type { Unit } from "../../model/units.ts";

/** What a number of the page is: of the profile's unit, or events, or a share. */
export type AmountUnit = Unit;

/** A number as people read it: `12.4 ms`, `1.19 GiB`, `4,000`, `12 %`. */
export function formatAmount(value: number, unit: AmountUnit): string {
  switch (unit) {
    case "bytes":
      return formatBytes(value);
    case "seconds":
      return formatDuration(value);
    case "ratio":
      return value < 0 ? `-${formatPercent(-value)}` : formatPercent(value);
    case "count":
      return formatCount(value, Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : 2);
    default:
      return unit satisfies never;
  }
}

/** `850 µs`, `12.4 ms`, `3.42 s`, `7 min 3 s`. */
export function formatDuration(seconds: number): string {
  const size = Math.abs(seconds);
  if (size === 0) return "0 s";
  if (size < 1e-6) return `${threeDigits(seconds * 1e9)} ns`;
  if (size < 1e-3) return `${threeDigits(seconds * 1e6)} µs`;
  if (size < 0.9995) return `${threeDigits(seconds * 1e3)} ms`;
  if (size < 599.5) return `${threeDigits(seconds)} s`;
  const whole = Math.round(size);
  const sign = seconds < 0 ? "-" : "";
  if (size < 5_999.5) return `${sign}${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${sign}${formatCount(Math.floor(whole / 3600))} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A change as people read it, always with its sign. */
export function formatChange(value: number, unit: AmountUnit): string {
  return value > 0 ? `+${formatAmount(value, unit)}` : formatAmount(value, unit).replace("-", "−");
}

/** What a kind of profile is called. */
export const profileTitles: Readonly<Record<ProfileKind, string>> = {
  cpu: "CPU",
  wall: "Wall clock",
  alloc: "Allocation",
  live: "Live objects",
  lock: "Locks",
  io: "I/O",
  native: "Native memory",
  "native-leak": "Native leaks",
  exceptions: "Exceptions",
  gc: "GC",
  safepoint: "Safepoints",
  latency: "Latency",
  unknown: "Samples",
};

/** What a profile's weights are called beside its events. */
export const unitTitles: Readonly<Record<Unit, string>> = {
  bytes: "Bytes",
  seconds: "Time",
  count: "Value",
  ratio: "Share",
};

function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
