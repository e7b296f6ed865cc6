import { formatBytes, formatCount, formatNumberOf, formatPercent } from "../model/format-number.ts";
import type { ProfileKind } from "../model/profile.ts";
import type { FrameChange, ProfileDifference, Verdict } from "../stacks/difference.ts";

/** Kinds whose weight is time that is spent. */
const timed: readonly ProfileKind[] = ["cpu", "wall", "lock", "io", "gc", "safepoint", "latency"];

/** A verdict as people say it of this kind of cost. */
export function verdictText(verdict: Verdict, kind: ProfileKind): string {
  if (verdict === "no difference shown") return verdict;
  if (!timed.includes(kind)) return verdict;
  return verdict === "more" ? "slower" : "faster";
}

/** `cpu (jdk.ExecutionSample), by share of samples` */
export function titleOf({ kind, event, normalization }: ProfileDifference): string {
  const by = { samples: "by share of the whole", time: "per second", cpu: "per second of processor time" }[
    normalization
  ];
  return `${kind} (${event}), ${by}`;
}

/** A frame's or the whole's cost: a share, or an amount per second. */
export function costText(cost: number, { normalization, unit }: ProfileDifference): string {
  if (normalization === "samples") return formatPercent(cost);
  if (unit === "bytes") return `${formatBytes(cost)}/s`;
  if (unit === "seconds") return `${significant(cost * 1000)} ms/s`;
  return `${significant(cost)}/s`;
}

/** `+6.3 % of the whole (4.9 to 7.7)` */
export function impactText({
  impact,
  impactLow,
  impactHigh,
}: Pick<FrameChange, "impact" | "impactLow" | "impactHigh">): string {
  return `${signed(impact)} (${signed(impactLow)} to ${signed(impactHigh)})`;
}

/** How the frame itself changed: `×1.52`, `new`, `gone`. */
export function relativeText({ relative, isNew, isGone }: Pick<FrameChange, "relative" | "isNew" | "isGone">): string {
  if (isNew) return "new";
  if (isGone) return "gone";
  return `×${(1 + relative).toFixed(2)}`;
}

/** What is said of frames without a line of their own. */
export function restText({ changes, untested }: ProfileDifference): string {
  const same = changes.filter(({ verdict }) => verdict === "no difference shown").length;
  return [
    `no difference shown for ${formatNumberOf(same, "frame")}`,
    ...(untested > 0 ? [`${formatNumberOf(untested, "frame has", "frames have")} too few samples to tell`] : []),
  ].join("; ");
}

/** Events on both sides. */
export function countsText({ aligned }: ProfileDifference): string {
  const count = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
  return `${formatCount(count(aligned.before.sampleCount))} → ${formatNumberOf(count(aligned.after.sampleCount), "event")}`;
}

function signed(share: number): string {
  const percent = share * 100;
  const digits = Math.abs(percent) < 10 ? (Math.abs(percent) < 0.1 ? 2 : 1) : 0;
  return `${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(digits)} %`;
}

function significant(value: number): string {
  return value >= 100 ? formatCount(Math.round(value)) : value.toPrecision(3);
}
