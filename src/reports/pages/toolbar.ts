import { formatCount, formatNumberOf } from "../../model/format-number.ts";
import { printable } from "../wrapping.ts";
import { formatDuration, profileTitles, unitTitles } from "./amounts.ts";
import { element } from "./dom.ts";
import type { FlameScene, FlameState } from "./flame-scene.ts";
import type { PageProfile } from "./page-data.ts";
import type { Grouping } from "./selected-stacks.ts";
import type { WidthOf } from "./tree-layout.ts";

/** One choice of a list. */
interface Choice {
  readonly value: string;
  readonly text: string;
}

/** Tells what a person chose. */
export type Choose = (choice: Partial<FlameState>) => void;

/** The choices above a graph: what is shown of what, and how. */
export class Toolbar {
  readonly element: HTMLElement;
  /** How the graph is drawn; stands beside the graph. */
  readonly drawing: HTMLElement;
  readonly search: HTMLInputElement;
  readonly #choose: Choose;
  /** Profile that the lists were filled for. */
  #choicesOf: PageProfile | undefined;
  readonly #profile = this.#select("Profile", (value) => ({
    ...nothingPicked,
    profile: Number(value),
    measure: "weight",
    grouping: "none",
  }));
  readonly #measure = this.#select("Measure", (value) => ({ measure: value === "count" ? "count" : "weight" }));
  readonly #direction = this.#select("View", (value) => ({
    direction: value === "callers" ? "callers" : "callees",
    path: [],
    focus: undefined,
  }));
  readonly #orientation = this.#select("Draw", (value) => ({ orientation: value === "flame" ? "flame" : "icicle" }));
  readonly #grouping = this.#select("Group by", (value) => ({ grouping: value as Grouping, path: [] }));
  readonly #picked = this.#select("Show", pickedOf);
  readonly #width = this.#select("Width", (value) => ({ widthOf: value as WidthOf }));
  readonly #scale = this.#select("Compare", (value) => ({ scale: value === "rate" ? "rate" : "share" }));

  constructor(choose: Choose) {
    this.#choose = choose;
    this.search = element("input", {
      class: "search",
      attributes: {
        type: "search",
        placeholder: "Search methods (regex)  /",
        "aria-label": "Search methods by regular expression",
        spellcheck: "false",
        autocomplete: "off",
      },
      on: { input: () => this.#choose({ pattern: this.search.value }) },
    });
    const lists = [this.#profile, this.#measure, this.#scale, this.#direction, this.#grouping, this.#picked];
    this.drawing = element("div", { class: "view-buttons" }, [this.#width.label, this.#orientation.label]);
    this.element = element(
      "div",
      { class: "toolbar", attributes: { role: "toolbar", "aria-label": "What is shown" } },
      [...lists.map(({ label }) => label), this.search],
    );
  }

  /** Shows what is chosen, and what there is to choose. */
  show(scene: FlameScene): void {
    const { state, data, profile, isComparison } = scene;
    if (this.#choicesOf !== profile) {
      this.#choicesOf = profile;
      fill(this.#profile, data.profiles.map(profileChoice));
      fill(this.#measure, measureChoices(profile));
      fill(this.#scale, isComparison ? scaleChoices(profile) : []);
      fill(this.#direction, directionChoices);
      fill(this.#orientation, orientationChoices);
      fill(this.#grouping, groupingChoices(scene));
      fill(this.#picked, pickChoices(scene));
      fill(this.#width, isComparison ? widthChoices : []);
    }
    this.#profile.select.value = String(state.profile);
    this.#measure.select.value = state.measure;
    this.#scale.select.value = state.scale;
    this.#direction.select.value = state.direction;
    this.#orientation.select.value = state.orientation;
    this.#grouping.select.value = state.grouping;
    this.#picked.select.value = pickedValue(state);
    this.#width.select.value = state.widthOf;
    if (this.search.value !== state.pattern) this.search.value = state.pattern;
  }

  #select(name: string, choiceOf: (value: string) => Partial<FlameState>): LabelledSelect {
    const select = element("select", {
      attributes: { "aria-label": name },
      on: { change: () => this.#choose(choiceOf(select.value)) },
    });
    const label = element("label", { class: "choice" }, [
      element("span", { text: name, attributes: { "aria-hidden": "true" } }),
      select,
    ]);
    return { select, label };
  }
}

/** A list with one choice or none is no choice. */
function fill({ select, label }: LabelledSelect, choices: readonly Choice[]): void {
  label.hidden = choices.length < 2;
  select.replaceChildren(...choices.map(({ value, text }) => element("option", { text, attributes: { value } })));
}

interface LabelledSelect {
  readonly select: HTMLSelectElement;
  readonly label: HTMLElement;
}

const nothingPicked: Partial<FlameState> = {
  pool: undefined,
  thread: undefined,
  label: undefined,
  fromBucket: undefined,
  toBucket: undefined,
  focus: undefined,
  path: [],
};
const directionChoices = [
  { value: "callees", text: "calls (root first)" },
  { value: "callers", text: "callers (inverted)" },
];
const orientationChoices = [
  { value: "icicle", text: "icicle ↓" },
  { value: "flame", text: "flame ↑" },
];
const widthChoices = [
  { value: "both", text: "mean of both" },
  { value: "after", text: "after" },
  { value: "before", text: "before" },
];

function profileChoice({ kind, event, sides }: PageProfile, index: number): Choice {
  const samples = sides.map((side) => formatCount(side.samples)).join(" / ");
  return { value: String(index), text: `${profileTitles[kind]} · ${printable(event)} · ${samples} ${wordOf(kind)}` };
}

/** Sampled kinds stand for more than was seen; of the others each event was seen. */
function wordOf(kind: PageProfile["kind"]): string {
  return ["cpu", "wall", "alloc", "live", "native"].includes(kind) ? "samples" : "events";
}

function measureChoices({ kind, unit, sides }: PageProfile): readonly Choice[] {
  const isSame = unit === "count" && sides.every(({ samples, total }) => samples === total);
  const samples = { value: "count", text: wordOf(kind) };
  return isSame ? [samples] : [{ value: "weight", text: unitTitles[unit].toLowerCase() }, samples];
}

function scaleChoices({ sides }: PageProfile): readonly Choice[] {
  const share = { value: "share", text: "share of all" };
  return sides.every(({ durationSeconds }) => durationSeconds)
    ? [share, { value: "rate", text: "per second" }]
    : [share];
}

function groupingChoices({ data, profile }: FlameScene): readonly Choice[] {
  const { pools, onlyPools } = data.header;
  return [
    { value: "none", text: "nothing" },
    ...(pools.length > 0 ? [{ value: "pool", text: "thread pool" }] : []),
    ...(pools.length > 0 && !onlyPools ? [{ value: "thread", text: "thread" }] : []),
    ...(profile.labels.length > 0 ? [{ value: "label", text: labelTitle(profile) }] : []),
  ];
}

/** What a label of such a profile is. */
function labelTitle({ kind }: PageProfile): string {
  switch (kind) {
    case "alloc":
    case "live":
    case "exceptions":
    case "lock":
      return "class";
    case "io":
      return "file or host";
    default:
      return "label";
  }
}

function pickChoices({ data, profile }: FlameScene): readonly Choice[] {
  const { pools, threads, threadPool, onlyPools } = data.header;
  const perPool = new Map<number, number>();
  for (const pool of threadPool) perPool.set(pool, (perPool.get(pool) ?? 0) + 1);
  const poolChoices = pools.map((pool, index) => {
    const size = onlyPools ? "" : ` (${formatNumberOf(perPool.get(index) ?? 0, "thread")})`;
    return { value: `pool ${index}`, text: `${printable(pool)}${size}` };
  });
  const threadChoices = onlyPools
    ? []
    : threads.flatMap((thread, index) =>
        thread === pools[threadPool[index]!] ? [] : [{ value: `thread ${index}`, text: `· ${printable(thread)}` }],
      );
  const labelChoices = profile.labels.map((label, index) => ({
    value: `label ${index}`,
    text: `${labelTitle(profile)}: ${printable(label)}`,
  }));
  const byName = (a: Choice, b: Choice) => a.text.localeCompare(b.text, "en", { numeric: true });
  return [
    { value: "", text: "all threads" },
    ...poolChoices.sort(byName),
    ...threadChoices.sort(byName),
    ...labelChoices,
  ];
}

function pickedValue({ pool, thread, label }: FlameState): string {
  if (pool !== undefined) return `pool ${pool}`;
  if (thread !== undefined) return `thread ${thread}`;
  return label === undefined ? "" : `label ${label}`;
}

function pickedOf(value: string): Partial<FlameState> {
  const [what = "", index] = value.split(" ");
  const picked = { pool: undefined, thread: undefined, label: undefined, path: [] };
  return what === "" ? picked : { ...picked, [what]: Number(index) };
}

/** What a page says of its profile beside the graph. */
export function notesOfScene({ data, profile }: FlameScene): readonly string[] {
  const { cutShare, onlyPools, durationSeconds } = data.header;
  return [
    ...(durationSeconds === null ? [] : [`The recording covers ${formatDuration(durationSeconds)}.`]),
    ...profile.notes,
    ...(cutShare > 0
      ? [
          `Stacks below ${Number((cutShare * 100).toPrecision(2))} % of every profile were merged into “… smaller”, to keep this file small.`,
        ]
      : []),
    ...(onlyPools ? ["Threads are told apart by pool alone, to keep this file small."] : []),
  ];
}
