import { packageOf } from "./frame-names.ts";
import type { PageData } from "./page-data.ts";
import { type WireFrameKind, wireFrameKinds } from "./wire.ts";

/** A box's colour and that of the text on it. */
export interface BoxColour {
  readonly fill: string;
  readonly text: string;
}

/** Hues of a kind of frame, in degrees of OKLCH, and how strong they are. */
interface Palette {
  readonly title: string;
  readonly fromHue: number;
  readonly toHue: number;
  readonly chroma: number;
}

/** By kind; kinds whose hues lie apart are told apart by people who see colours differently, too. */
export const palettes: Readonly<Record<WireFrameKind, Palette>> = {
  java: { title: "Java, by package", fromHue: 130, toHue: 255, chroma: 0.09 },
  native: { title: "native", fromHue: 88, toHue: 98, chroma: 0.12 },
  kernel: { title: "kernel", fromHue: 22, toHue: 34, chroma: 0.12 },
  cpp: { title: "JVM (C++)", fromHue: 305, toHue: 325, chroma: 0.09 },
  other: { title: "other", fromHue: 60, toHue: 70, chroma: 0.03 },
  merged: { title: "too small to show", fromHue: 0, toHue: 0, chroma: 0 },
};

const platformPackages = /^(?:java|javax|jdk|sun|com\.sun)\b/;
/** Golden section: neighbours in the ranking get hues that lie far apart. */
const hueStep = 0.618_034;

/** Colours of all frames of a page, then that of groups. */
export function frameColours(data: PageData, isDark: boolean): readonly BoxColour[] {
  const rankOf = packageRanks(data.header.frames);
  const frames = data.header.frames.map((name, frame) => {
    const kind = wireFrameKinds[data.frameKind[frame]!]!;
    return colourOf(name, kind, rankOf.get(packageOf(name)) ?? 0, isDark);
  });
  return [...frames, groupColour(isDark)];
}

/** Packages by their number of frames: the most frequent ones differ most. */
function packageRanks(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(packageOf(name), (counts.get(packageOf(name)) ?? 0) + 1);
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return new Map(ranked.map(([name], rank) => [name, rank]));
}

/** The colour of a group or of the root. */
export function groupColour(isDark: boolean): BoxColour {
  return boxColour(isDark, 0.012, 260, 0);
}

/** A sample of a kind's colour, for the legend. */
export function kindColour(kind: WireFrameKind, isDark: boolean): BoxColour {
  const { fromHue, toHue, chroma } = palettes[kind];
  return boxColour(isDark, chroma, (fromHue + toHue) / 2, 0);
}

function colourOf(name: string, kind: WireFrameKind, rank: number, isDark: boolean): BoxColour {
  const { fromHue, toHue, chroma } = palettes[kind];
  // The platform's own frames step back behind those of the application.
  const isPlatform = kind === "java" && platformPackages.test(name);
  const hue = fromHue + (toHue - fromHue) * ((rank * hueStep) % 1);
  const lift = ((hashOf(name.slice(0, name.lastIndexOf("."))) % 5) - 2) * 0.012;
  return boxColour(isDark, isPlatform ? 0.028 : chroma, hue, lift);
}

/**
 * Colour of a change: red grew, blue shrank, the stronger the larger the change is beside the larger side; what is new or gone is
 * strongest.
 */
export function changeColour(before: number, after: number, isDark: boolean): BoxColour {
  const change = (after - before) / Math.max(after, before, Number.MIN_VALUE);
  const strength = Math.abs(change) ** 0.7;
  const lightness = isDark ? 0.34 + 0.1 * strength : 0.93 - 0.2 * strength;
  const fill = oklch(lightness, 0.005 + 0.145 * strength, change > 0 ? 25 : 255);
  return { fill, text: textOn(isDark) };
}

function boxColour(isDark: boolean, chroma: number, hue: number, lift: number): BoxColour {
  return { fill: oklch((isDark ? 0.4 : 0.86) + lift, isDark ? chroma * 0.8 : chroma, hue), text: textOn(isDark) };
}

function textOn(isDark: boolean): string {
  return isDark ? "#f2f3f5" : "#16181d";
}

function oklch(lightness: number, chroma: number, hue: number): string {
  return `oklch(${lightness.toFixed(3)} ${chroma.toFixed(3)} ${hue.toFixed(1)})`;
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
