import type { Scan } from "./message-key.ts";
import { hashOf, textIn } from "./message-key.ts";
import { readNumber } from "./numbers.ts";

/** What stands in one pair of brackets before a message. */
type Role = "date" | "uptime" | "millis" | "nanos" | "level" | "tags" | "other";

/** What a line's tags say: whose line it is. */
export const tagKinds = { none: 0, collector: 1, foreign: 2, statistics: 3 } as const;

const open = 0x5b;
const close = 0x5d;
const space = 0x20;

const patterns: readonly (readonly [RegExp, Role])[] = [
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.,]\d{3}[+-]\d{4}$/, "date"],
  [/^\d+[.,]\d{3}s$/, "uptime"],
  [/^\d+ms$/, "millis"],
  [/^\d+ns$/, "nanos"],
  [/^(?:trace|debug|info|warning|error)\s*$/, "level"],
  [/^\d+$/, "other"],
  [/^[a-z][\w+-]*(?:,[\w+-]+)*\s*$/, "tags"],
  [/^[\w.-]+\s*$/, "other"],
];
const mostBrackets = 12;
const mostDecorationBytes = 320;
/** Milliseconds since the epoch are more than this, those since the JVM's start less. */
const leastEpochMillis = 1e11;

/** First letters of trace, debug, info, warning, error. */
const isLevel = new Uint8Array(256);
for (const letter of "tdiwe") isLevel[letter.charCodeAt(0)] = 1;

/** The brackets before a message of unified logging, whichever the JVM was asked for. */
export class Decorations {
  #roles: readonly Role[] = [];
  /** Closing bracket of each, counted from the first opening one, on the line before: they seldom move. */
  #closes = new Int32Array(0);
  #timeAt = -1;
  /** The time is the JVM's age, and not one that may be a date. */
  #isAge = false;
  #dateAt = -1;
  #levelAt = -1;
  #tagsAt = -1;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  readonly #tagKinds = new Map<number, number>();
  readonly #tagTexts = new Map<number, string>();
  #tagsHash = 0;
  readonly #scan: Scan = { bytes: new Uint8Array(0), at: 0, end: 0 };
  /** Tags seen so far. */
  readonly tags = new Set<string>();
  isDetail = false;
  tagKind: number = tagKinds.none;

  /** Tags of the line that was read last. */
  get lastTags(): string {
    return this.#tagTexts.get(this.#tagsHash) ?? "";
  }

  /** Reads the brackets that `scan` is at, and goes behind them; false, and `scan` as it was, where these are no such brackets. */
  read(scan: Scan): boolean {
    if (!this.#isLaidOutAsBefore(scan) && !this.#layOut(scan)) {
      const roles = rolesOf(scan);
      if (roles === undefined) return false;
      this.#takeRoles(roles);
      if (!this.#layOut(scan)) return false;
    }
    const { bytes, at } = scan;
    this.#bytes = bytes;
    this.#start = at;
    const closes = this.#closes;
    if (this.#levelAt >= 0) {
      const first = bytes[at + openOf(closes, this.#levelAt) + 1]!;
      this.isDetail = first === 0x74 || first === 0x64;
    }
    if (this.#tagsAt >= 0) this.#readTags(at + openOf(closes, this.#tagsAt) + 1, at + closes[this.#tagsAt]!);
    scan.at = at + closes[closes.length - 1]! + 1;
    if (scan.at < scan.end && bytes[scan.at] === space) scan.at++;
    return true;
  }

  #takeRoles(roles: readonly Role[]): void {
    this.#roles = roles;
    this.#closes = new Int32Array(roles.length);
    this.#dateAt = roles.indexOf("date");
    const ages = roles.indexOf("uptime");
    this.#isAge = ages >= 0;
    this.#timeAt = ages >= 0 ? ages : roles.findIndex((role) => role === "millis" || role === "nanos");
    this.#levelAt = roles.indexOf("level");
    this.#tagsAt = roles.indexOf("tags");
    this.isDetail = false;
    this.tagKind = tagKinds.none;
    this.#tagsHash = 0;
  }

  #isLaidOutAsBefore({ bytes, at, end }: Scan): boolean {
    const closes = this.#closes;
    const last = closes.length - 1;
    if (last < 0 || bytes[at] !== open || at + closes[last]! >= end) return false;
    for (let index = 0; index < last; index++) {
      const position = at + closes[index]!;
      if (bytes[position] !== close || bytes[position + 1] !== open) return false;
    }
    return bytes[at + closes[last]!] === close && this.#isTimed(bytes, at);
  }

  /** Finds the brackets of a line with the same decorations, of other lengths. */
  #layOut({ bytes, at, end }: Scan): boolean {
    const closes = this.#closes;
    let position = at;
    for (let index = 0; index < closes.length; index++) {
      if (position >= end || bytes[position] !== open) return false;
      const limit = Math.min(end, position + 82);
      while (position < limit && bytes[position] !== close) position++;
      if (position >= limit) return false;
      closes[index] = position - at;
      position++;
    }
    return closes.length > 0 && this.#isTimed(bytes, at);
  }

  /** Where a time is to be, a digit is, and its unit before the bracket; where a level is to be, one begins. */
  #isTimed(bytes: Uint8Array, at: number): boolean {
    if (this.#levelAt >= 0 && isLevel[bytes[at + openOf(this.#closes, this.#levelAt) + 1]!] === 0) return false;
    const index = this.#timeAt >= 0 ? this.#timeAt : this.#dateAt;
    if (index < 0) return true;
    const first = bytes[at + openOf(this.#closes, index) + 1]!;
    if (first < 0x30 || first > 0x39) return false;
    return index === this.#dateAt || bytes[at + this.#closes[index]! - 1] === 0x73;
  }

  /** Age of the JVM in seconds at the line that was read last; NaN where it does not tell. */
  uptime(): number {
    const value = this.#time();
    if (this.#isAge) return value;
    return value < leastEpochMillis ? value / 1e3 : Number.NaN;
  }

  /** Its date since the epoch; NaN where the line has none, and, unless asked for, where it has the age too. */
  millis(): number {
    if (this.#isAge) return Number.NaN;
    if (this.#timeAt < 0) return this.dateMillis();
    const value = this.#time();
    return value >= leastEpochMillis ? value : Number.NaN;
  }

  #time(): number {
    if (this.#timeAt < 0) return Number.NaN;
    const at = this.#start + openOf(this.#closes, this.#timeAt) + 1;
    const scan = this.#scan;
    scan.bytes = this.#bytes;
    scan.at = at;
    scan.end = this.#start + this.#closes[this.#timeAt]!;
    const value = readNumber(scan);
    return this.#roles[this.#timeAt] === "nanos" ? value / 1e6 : value;
  }

  dateMillis(): number {
    if (this.#dateAt < 0) return Number.NaN;
    const at = this.#start + openOf(this.#closes, this.#dateAt) + 1;
    const text = textIn(this.#bytes, at, this.#start + this.#closes[this.#dateAt]!).replace(",", ".");
    return Date.parse(`${text.slice(0, 26)}:${text.slice(26)}`);
  }

  #readTags(at: number, bracket: number): void {
    const bytes = this.#bytes;
    let end = bracket;
    while (end > at && bytes[end - 1] === space) end--;
    const hash = hashOf(bytes, at, end);
    if (hash === this.#tagsHash) return;
    this.#tagsHash = hash;
    this.tagKind = this.#tagKinds.get(hash) ?? this.#learnTags(hash, textIn(bytes, at, end));
  }

  #learnTags(hash: number, text: string): number {
    const kind = kindOfTags(text);
    if (this.#tagKinds.size >= 4096) return kind;
    this.#tagKinds.set(hash, kind);
    this.#tagTexts.set(hash, text);
    if (kind !== tagKinds.foreign) this.tags.add(text);
    return kind;
  }
}

/** Where a bracket opens: behind the one that closes before it. */
function openOf(closes: Int32Array, index: number): number {
  return index === 0 ? 0 : closes[index - 1]! + 1;
}

/** Tables of statistics, and the heap as it was at the end, tell nothing of single collections. */
function kindOfTags(text: string): number {
  if (!/(?:^|,)(?:gc|safepoint)(?:,|$)/.test(text)) return tagKinds.foreign;
  return /(?:^|,)(?:stats|exit)(?:,|$)/.test(text) ? tagKinds.statistics : tagKinds.collector;
}

/** What each bracket of a line is; undefined where they are none of a JVM. */
function rolesOf({ bytes, at, end }: Scan): readonly Role[] | undefined {
  const text = textIn(bytes, at, Math.min(end, at + mostDecorationBytes));
  const roles: Role[] = [];
  let rest = text;
  while (roles.length < mostBrackets) {
    const inside = /^\[([^[\]]{1,79})\]/.exec(rest)?.[1];
    if (inside === undefined) break;
    const role = patterns.find(([pattern]) => pattern.test(inside))?.[1];
    if (role === undefined) break;
    roles.push(role);
    rest = rest.slice(inside.length + 2);
    // Tags come last: what follows is the message.
    if (role === "tags" && roles.includes("level")) break;
  }
  const named = roles.map((role, index) => (role === "tags" && index < roles.length - 1 ? "other" : role));
  const isJvm = named.some((role) => role === "uptime" || role === "millis" || role === "nanos" || role === "date");
  const hasLevel = named.includes("level");
  return isJvm || (hasLevel && named.at(-1) === "tags") ? named : undefined;
}
