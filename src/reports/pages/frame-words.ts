import { formatNumberOf, formatPercent } from "../../model/format-number.ts";
import { formatAmount, formatChange } from "./amounts.ts";
import type { FlameScene } from "./flame-scene.ts";
import type { Box } from "./visible-boxes.ts";
import { wireFrameKinds } from "./wire.ts";

/** One line of a tooltip. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** What is called like the row. */
export function nameOfRow(scene: FlameScene, row: number): string {
  if (row === 0) return rootName(scene);
  const merged = scene.tree.merged[scene.layout.node[row]!]!;
  return merged > 0 ? `… ${formatNumberOf(merged, "smaller call")}` : scene.names[scene.layout.frame[row]!]!.full;
}

/** What a box says, as long as it may be. */
export function nameOfBox(scene: FlameScene, { row, smaller }: Box): string {
  return smaller > 0 ? `… ${formatNumberOf(smaller, "smaller frame")}` : nameOfRow(scene, row);
}

function rootName({ state, names }: FlameScene): string {
  if (state.focus === undefined) return state.direction === "callers" ? "all, by the frame that ran" : "all";
  const name = names[state.focus]!.short;
  return state.direction === "callers" ? `callers of ${name}` : `calls from ${name}`;
}

/** An amount with `/s` where it is a rate. */
export function amountOf({ unit, isRate }: FlameScene, value: number): string {
  return `${formatAmount(unit === "ratio" ? rounded(value) : value, unit)}${isRate ? "/s" : ""}`;
}

/** Shares are sums of many small ones; what is missing of the whole by rounding is not missing. */
function rounded(share: number): number {
  return Math.round(share * 1e9) / 1e9;
}

/** A change with `/s` where it is a rate. */
export function changeOf({ unit, isRate }: FlameScene, value: number): string {
  const text = unit === "ratio" ? pointsOf(value) : formatChange(value, unit);
  return `${text}${isRate ? "/s" : ""}`;
}

/** Shares differ by percentage points. */
function pointsOf(value: number): string {
  const points = value * 100;
  if (points === 0) return "±0 pp";
  const size = Math.abs(points);
  return `${points > 0 ? "+" : "−"}${size < 0.01 ? "<0.01" : size.toFixed(size < 10 ? 2 : 1)} pp`;
}

/** Everything that is known of a row. */
export function factsOfRow(scene: FlameScene, row: number): readonly Fact[] {
  const { layout, tree, isComparison, zoom } = scene;
  const node = layout.node[row]!;
  const totalAfter = node < 0 ? rootSum(scene, tree.totalAfter) : tree.totalAfter[node]!;
  const totalBefore = node < 0 ? rootSum(scene, tree.totalBefore) : tree.totalBefore[node]!;
  if (isComparison) {
    const selfAfter = node < 0 ? 0 : tree.selfAfter[node]!;
    const selfBefore = node < 0 ? 0 : tree.selfBefore[node]!;
    return [
      { label: "total", text: comparison(scene, totalBefore, totalAfter) },
      ...(scene.state.direction === "callers"
        ? []
        : [{ label: "self", text: comparison(scene, selfBefore, selfAfter) }]),
      ...kindFacts(scene, row),
    ];
  }
  const whole = layout.width[0]!;
  const shareOf = (value: number) => (whole > 0 ? ` (${formatPercent(value / whole)})` : "");
  const self = node < 0 ? 0 : tree.selfAfter[node]!;
  return [
    { label: "total", text: `${amountOf(scene, totalAfter)}${shareOf(totalAfter)}` },
    ...(scene.state.direction === "callers" || node < 0
      ? []
      : [{ label: "self", text: `${amountOf(scene, self)}${shareOf(self)}` }]),
    ...(zoom > 0 && row >= zoom && layout.width[zoom]! > 0
      ? [{ label: "of zoomed", text: formatPercent(totalAfter / layout.width[zoom]!) }]
      : []),
    ...lineFacts(scene, row),
    ...kindFacts(scene, row),
  ];
}

function comparison(scene: FlameScene, before: number, after: number): string {
  const verdict = before === 0 && after > 0 ? " new" : after === 0 && before > 0 ? " gone" : "";
  return `${amountOf(scene, before)} → ${amountOf(scene, after)} (${changeOf(scene, after - before)}${verdict})`;
}

function rootSum({ tree }: FlameScene, totals: Float64Array): number {
  let sum = 0;
  for (let node = 0; node < tree.nodeCount; node++) if (tree.parent[node]! < 0) sum += totals[node]!;
  return sum;
}

function lineFacts({ layout, profile }: FlameScene, row: number): readonly Fact[] {
  const frame = layout.frame[row]!;
  const lines: string[] = [];
  for (let at = 0; at < profile.lines.length; at += 3) {
    if (profile.lines[at] === frame) {
      lines.push(`${profile.lines[at + 1]} (${formatPercent(profile.lines[at + 2]! / 1000)})`);
    }
  }
  return lines.length > 0
    ? [{ label: lines.length > 1 ? "lines" : "line", text: `${lines.join(", ")} of its self` }]
    : [];
}

function kindFacts({ data, layout }: FlameScene, row: number): readonly Fact[] {
  const kind = wireFrameKinds[data.frameKind[layout.frame[row]!] ?? -1];
  const titles: Partial<Record<string, string>> = { native: "native code", kernel: "kernel", cpp: "C++ of the JVM" };
  const title = kind && titles[kind];
  return title ? [{ label: "code", text: title }] : [];
}
