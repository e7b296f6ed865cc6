import type { Unit } from "../../model/units.ts";
import { buildTree, type PageTree } from "./call-tree.ts";
import { type FrameName, frameNames } from "./frame-names.ts";
import { framesMatching, matchedWidth } from "./frame-search.ts";
import { type MethodTotals, methodTotals, outermostStacks } from "./method-totals.ts";
import type { PageData, PageProfile } from "./page-data.ts";
import { type RowSelection, type SelectedStacks, selectedStacks } from "./selected-stacks.ts";
import { layOut, type TreeLayout, type WidthOf } from "./tree-layout.ts";
import { rowOfPath } from "./tree-walk.ts";

/** Everything that a person chose. */
export interface FlameState extends RowSelection {
  /** Index of the profile. */
  readonly profile: number;
  readonly direction: "callees" | "callers";
  /** Frame that the tree begins with; undefined: the whole tree. */
  readonly focus?: number | undefined;
  readonly orientation: "icicle" | "flame";
  readonly widthOf: WidthOf;
  readonly pattern: string;
  /** Frames from the root to the one that fills the width. */
  readonly path: readonly number[];
}

/** What follows from the choices. */
export interface FlameScene {
  readonly data: PageData;
  readonly state: FlameState;
  readonly profile: PageProfile;
  readonly isComparison: boolean;
  /** Of all amounts of the scene. */
  readonly unit: Unit;
  /** Amounts are per second. */
  readonly isRate: boolean;
  readonly selected: SelectedStacks;
  readonly isOutermost: Uint8Array;
  readonly totals: MethodTotals;
  readonly tree: PageTree;
  readonly layout: TreeLayout;
  readonly names: readonly FrameName[];
  readonly zoom: number;
  /** By frame; undefined without a search. */
  readonly isMatch: Uint8Array | undefined;
  /** Share of what is zoomed into. */
  readonly matchedShare: number;
}

/** What a page begins with. */
export function initialState({ profiles }: PageData): FlameState {
  return {
    profile: 0,
    measure: "weight",
    grouping: "none",
    scale: "share",
    direction: "callees",
    orientation: "icicle",
    widthOf: profiles[0]?.sides.length === 2 ? "both" : "after",
    pattern: "",
    path: [],
  };
}

const selectionKeys = [
  "profile",
  "measure",
  "grouping",
  "pool",
  "thread",
  "label",
  "fromBucket",
  "toBucket",
  "scale",
] as const;

/** Derives a scene from choices; what they leave as it was is taken from the scene before. */
export function sceneOf(data: PageData, state: FlameState, previous: FlameScene | undefined): FlameScene {
  const profile = data.profiles[state.profile]!;
  const kept = previous && isAlike(previous.state, state, selectionKeys) ? previous : undefined;
  const isOutermost = previous?.isOutermost ?? outermostStacks(data);
  const base = kept ?? selectionOf(data, state, isOutermost);
  const tree = treeOf(data, state, base.selected, kept);
  const layout =
    kept?.tree === tree && kept.state.widthOf === state.widthOf ? kept.layout : layOut(tree, state.widthOf);
  const zoom = rowOfPath(layout, state.path);
  const isMatch = matchOf(base.names, state.pattern, kept);
  const matched = isMatch ? matchedWidth(layout, isMatch, zoom) : 0;
  return {
    data,
    state,
    profile,
    isComparison: profile.sides.length === 2,
    ...unitOf(profile, state),
    selected: base.selected,
    isOutermost,
    totals: base.totals,
    names: base.names,
    tree,
    layout,
    zoom,
    isMatch,
    matchedShare: layout.width[zoom]! > 0 ? matched / layout.width[zoom]! : 0,
  };
}

function selectionOf(data: PageData, state: FlameState, isOutermost: Uint8Array) {
  const profile = data.profiles[state.profile]!;
  const selected = selectedStacks(profile, data.header, state);
  const totals = methodTotals(data, selected, isOutermost);
  return { selected, totals, names: frameNames(data, state.grouping, profile.labels) };
}

function treeOf(data: PageData, state: FlameState, selected: SelectedStacks, kept: FlameScene | undefined): PageTree {
  if (kept && isAlike(kept.state, state, ["direction", "focus"])) return kept.tree;
  const { direction, focus, grouping } = state;
  return buildTree(data, selected, { direction, focus, isGrouped: grouping !== "none" });
}

function matchOf(names: readonly FrameName[], pattern: string, kept: FlameScene | undefined): Uint8Array | undefined {
  if (kept?.state.pattern === pattern) return kept.isMatch;
  const fullNames = names.map(({ full }) => full);
  return framesMatching(fullNames, pattern);
}

function isAlike<Key extends keyof FlameState>(one: FlameState, other: FlameState, keys: readonly Key[]): boolean {
  return keys.every((key) => one[key] === other[key]);
}

function unitOf({ unit, sides }: PageProfile, { measure, scale }: FlameState): Pick<FlameScene, "unit" | "isRate"> {
  const ofMeasure = measure === "count" ? "count" : unit;
  if (sides.length === 1) return { unit: ofMeasure, isRate: false };
  return scale === "share" ? { unit: "ratio", isRate: false } : { unit: ofMeasure, isRate: true };
}
