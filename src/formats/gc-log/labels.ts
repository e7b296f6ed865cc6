import { hashOf, type Scan, textIn } from "./message-key.ts";

/** What the words of a pause, a collection or a phase say: `Pause Young (Mixed) (G1 Evacuation Pause)`. */
export interface Label {
  readonly id: number;
  /** With the kind, without the cause: `Pause Young (Mixed)`. */
  readonly name: string;
  readonly cause: string;
  readonly isFull: boolean;
  readonly isYoung: boolean;
  /** Room to move objects to was missing. */
  readonly isFailed: boolean;
}

const mostLabels = 4096;
const open = 0x28;
const close = 0x29;
const space = 0x20;
const kinds =
  /^(?:Normal|Mixed|Prepare Mixed|Concurrent Start|Initial Mark|Concurrent End|Young|Old|Global|Bootstrap OLD|Major|Minor|unload classes|Degenerated|young|mixed|initial-mark)$/i;

/** Words of messages, each taken apart once. */
export class Labels {
  readonly #byHash = new Map<number, Label>();
  readonly #labels: Label[] = [];

  /** The words up to the first space that a number follows, and goes behind them. */
  read(scan: Scan): Label {
    const { bytes, at } = scan;
    const end = labelEnd(scan);
    scan.at = end;
    const hash = hashOf(bytes, at, end);
    return this.#byHash.get(hash) ?? this.of(textIn(bytes, at, Math.min(end, at + 200)), hash);
  }

  /** The same of a text. */
  of(text: string, hash = hashOfText(text)): Label {
    const known = this.#byHash.get(hash);
    if (known !== undefined) return known;
    const isFull = this.#labels.length >= mostLabels;
    const label = isFull ? this.#labels[0]! : { id: this.#labels.length, ...partsOf(text.trim()) };
    if (isFull) return label;
    this.#labels.push(label);
    this.#byHash.set(hash, label);
    return label;
  }

  /** Names and causes. */
  names(): readonly string[] {
    return this.#labels.flatMap(({ name, cause }) => [name, cause]);
  }

  at(id: number): Label {
    return this.#labels[id]!;
  }
}

function hashOfText(text: string): number {
  const bytes = new TextEncoder().encode(text);
  return hashOf(bytes, 0, bytes.length);
}

function labelEnd({ bytes, at, end }: Scan): number {
  let depth = 0;
  for (let index = at; index < end; index++) {
    const byte = bytes[index]!;
    if (byte === open) depth++;
    else if (byte === close) depth--;
    else if (byte === space && depth <= 0 && isDigit(bytes[index + 1])) return index;
  }
  return end;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function partsOf(text: string): Omit<Label, "id"> {
  const base = /^[^(]*/.exec(text)![0].trim();
  const groups = groupsOf(text.slice(base.length));
  const isFailed = groups.some((group) =>
    /Evacuation Failure|to-space (?:exhausted|overflow)|promotion failed/.test(group),
  );
  const isPinned = groups.some((group) => /^Evacuation Failure: Pinned$/.test(group));
  const kind = groups.filter((group) => kinds.test(group));
  const cause = groups.find((group) => !kinds.test(group) && !/^Evacuation Failure/.test(group)) ?? "";
  const name = [base, ...kind.map((group) => `(${group})`)].join(" ");
  return {
    name,
    cause,
    isFull: /^(?:Pause Full|Full GC)/.test(base),
    isYoung: /^(?:Pause Young|Minor Collection)/.test(base) && !/Mixed\)$/.test(name),
    isFailed: isFailed && !isPinned,
  };
}

/** Texts in brackets, which may have brackets in them: `(System.gc())`. */
function groupsOf(text: string): string[] {
  const groups: string[] = [];
  let depth = 0;
  let from = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === "(" && depth++ === 0) from = index + 1;
    if (text[index] === ")" && --depth === 0) groups.push(text.slice(from, index));
  }
  return groups;
}
