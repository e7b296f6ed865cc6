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
const millisOfDate = 30;
/** Milliseconds since the epoch are more than this, those since the JVM's start less. */
const leastEpochMillis = 1e11;

/** The brackets before a message of unified logging, whichever the JVM was asked for. */
export class Decorations {
  #roles: readonly Role[] = [];
  #hasUptime = false;
  readonly #tagKinds = new Map<number, number>();
  /** Tags seen so far. */
  readonly tags = new Set<string>();
  /** Age of the JVM in seconds; NaN where the line does not tell. */
  uptime = Number.NaN;
  /** Since the epoch; NaN where the line does not tell, or where nobody asked. */
  millis = Number.NaN;
  isDetail = false;
  tagKind: number = tagKinds.none;
  #dateStart = -1;
  #tagsHash = 0;
  readonly #tagTexts = new Map<number, string>();

  /** Tags of the line that was read last. */
  get lastTags(): string {
    return this.#tagTexts.get(this.#tagsHash) ?? "";
  }

  /** Reads the brackets that `scan` is at, and goes behind them; false, and `scan` as it was, where these are no such brackets. */
  read(scan: Scan): boolean {
    const start = scan.at;
    if (this.#roles.length > 0 && this.#readAs(scan)) return true;
    scan.at = start;
    const roles = rolesOf(scan);
    if (roles === undefined) return false;
    this.#roles = roles;
    this.#hasUptime = roles.includes("uptime");
    if (this.#readAs(scan)) return true;
    scan.at = start;
    return false;
  }

  /** The date of the line that was read last, in milliseconds since the epoch. */
  dateMillis(bytes: Uint8Array): number {
    if (this.#dateStart < 0) return this.millis;
    const text = textIn(bytes, this.#dateStart, this.#dateStart + millisOfDate - 2).replace(",", ".");
    return Date.parse(`${text.slice(0, 26)}:${text.slice(26)}`);
  }

  #readAs(scan: Scan): boolean {
    const roles = this.#roles;
    this.uptime = Number.NaN;
    this.millis = Number.NaN;
    this.#dateStart = -1;
    this.isDetail = false;
    this.tagKind = tagKinds.none;
    this.#tagsHash = 0;
    for (let index = 0; index < roles.length; index++) if (!this.#readRole(roles[index]!, scan)) return false;
    if (scan.at < scan.end && scan.bytes[scan.at] === space) scan.at++;
    return true;
  }

  #readRole(role: Role, scan: Scan): boolean {
    const { bytes, at } = scan;
    if (bytes[at] !== open || at >= scan.end) return false;
    scan.at = at + 1;
    switch (role) {
      case "date":
        return this.#readDate(scan);
      case "uptime":
      case "millis":
      case "nanos":
        return this.#readTime(role, scan);
      case "level": {
        const first = bytes[at + 1]!;
        this.isDetail = first === 0x74 || first === 0x64;
        return skipBracket(scan);
      }
      case "tags":
        return this.#readTags(scan);
      case "other":
        return skipBracket(scan);
      default:
        return role satisfies never;
    }
  }

  #readDate(scan: Scan): boolean {
    const { bytes, at, end } = scan;
    const close30 = at + millisOfDate - 2;
    if (close30 >= end || bytes[close30] !== close || bytes[at + 10] !== 0x54) return false;
    if (this.#dateStart < 0) this.#dateStart = at;
    scan.at = close30 + 1;
    if (!this.#hasUptime) this.millis = this.dateMillis(bytes);
    return true;
  }

  #readTime(role: "uptime" | "millis" | "nanos", scan: Scan): boolean {
    const value = readNumber(scan);
    const { bytes } = scan;
    if (Number.isNaN(value)) return false;
    scan.at += role === "uptime" ? 1 : 2;
    if (scan.at >= scan.end || bytes[scan.at] !== close) return false;
    scan.at++;
    if (role === "uptime") this.uptime = value;
    else this.#takeTime(role === "millis" ? value : value / 1e6);
    return true;
  }

  #takeTime(millis: number): void {
    if (millis >= leastEpochMillis) this.millis = millis;
    else if (Number.isNaN(this.uptime)) this.uptime = millis / 1e3;
  }

  #readTags(scan: Scan): boolean {
    const { bytes, at } = scan;
    if (!skipBracket(scan)) return false;
    let end = scan.at - 1;
    while (end > at && bytes[end - 1] === space) end--;
    const hash = hashOf(bytes, at, end);
    this.#tagsHash = hash;
    this.tagKind = this.#tagKinds.get(hash) ?? this.#learnTags(hash, textIn(bytes, at, end));
    return true;
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

/** Tables of statistics, and the heap as it was at the end, tell nothing of single collections. */
function kindOfTags(text: string): number {
  if (!/(?:^|,)(?:gc|safepoint)(?:,|$)/.test(text)) return tagKinds.foreign;
  return /(?:^|,)(?:stats|exit)(?:,|$)/.test(text) ? tagKinds.statistics : tagKinds.collector;
}

/** Goes behind the closing bracket, which is near. */
function skipBracket(scan: Scan): boolean {
  const { bytes, at } = scan;
  const limit = Math.min(scan.end, at + 80);
  for (let index = at; index < limit; index++) {
    if (bytes[index] !== close) continue;
    scan.at = index + 1;
    return true;
  }
  return false;
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
