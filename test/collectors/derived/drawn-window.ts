import type { Labels } from "../../../src/model/metric.ts";
import type { SampleWindow, SeriesWindow } from "../../../src/model/sample-window.ts";

/** A value by seconds since the window began; undefined where there was no poll. */
export type Curve = (seconds: number) => number | undefined;

/** How a window is drawn: one point each ten seconds. */
export interface Drawing {
  readonly minutes: number;
  /** Without labels, by the metric's name. */
  readonly curves: Readonly<Record<string, Curve>>;
  /** With labels. */
  readonly labelled?: readonly { readonly name: string; readonly labels: Labels; readonly curve: Curve }[];
}

/** When a drawn window begins, in seconds since the epoch. */
export const windowBegan = 1_750_000_000;

/** Draws the last minutes of a JVM. */
export function drawnWindow({ minutes, curves, labelled = [] }: Drawing): SampleWindow {
  const plain = Object.entries(curves).map(([name, curve]) => ({ name, labels: {}, curve }));
  const all = [...plain, ...labelled].map((drawn) => seriesOf(minutes, drawn));
  return { series: (name) => all.filter(({ metric }) => metric.name === name) };
}

/** A generator of random numbers around 0 with a deviation of 1, the same for each seed. */
export function noiseOf(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 1) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

function seriesOf(
  minutes: number,
  { name, labels, curve }: { readonly name: string; readonly labels: Labels; readonly curve: Curve },
): SeriesWindow {
  const points: (readonly [number, number])[] = [];
  for (let seconds = 0; seconds <= minutes * 60; seconds += 10) {
    const value = curve(seconds);
    if (value !== undefined) points.push([windowBegan + seconds, value]);
  }
  return {
    metric: { name, unit: "1", kind: "gauge", help: name, labels: Object.keys(labels), stability: "development" },
    labels,
    seconds: Float64Array.from(points, ([seconds]) => seconds),
    values: Float64Array.from(points, ([, value]) => value),
  };
}
