import type { Line } from "../lines/read-lines.ts";
import { Decorations, tagKinds } from "./decorations.ts";
import type { GcLogBuilder } from "./gc-log-builder.ts";
import { MessageKey, type Scan, textIn } from "./message-key.ts";
import { kindOf, kinds, type MessageKind } from "./message-kinds.ts";
import { readNumber, skipSpaces } from "./numbers.ts";
import { UnifiedMessages } from "./unified-messages.ts";
import { UnparsedShapes } from "./unparsed-shapes.ts";

const bracket = 0x5b;
const mostKinds = 8192;
/** A logging system may put its own words before a line. */
const mostPrefixBytes = 256;

/** Lines of unified logging (JDK 9 and later), whatever stands before and between them. */
export class UnifiedLines {
  readonly #builder: GcLogBuilder;
  readonly #decorations = new Decorations();
  readonly #messages: UnifiedMessages;
  readonly #key = new MessageKey();
  readonly #kindOf = new Map<number, MessageKind>();
  readonly #scan: Scan = { bytes: new Uint8Array(0), at: 0, end: 0 };
  readonly #head = { gcId: -1, generation: 0, isDetail: false, nameEnd: 0 };
  readonly unparsed = new UnparsedShapes();
  gcLines = 0;
  detailLines = 0;

  constructor(builder: GcLogBuilder) {
    this.#builder = builder;
    this.#messages = new UnifiedMessages(builder);
  }

  get tags(): ReadonlySet<string> {
    return this.#decorations.tags;
  }

  add({ bytes, start, end }: Line): void {
    const scan = this.#scan;
    scan.bytes = bytes;
    scan.at = start;
    scan.end = end;
    if (!this.#decorated(scan)) {
      if (startsWithGcId(scan)) this.#message(scan, false);
      return;
    }
    const { tagKind } = this.#decorations;
    if (tagKind === tagKinds.foreign) return;
    if (tagKind === tagKinds.statistics) this.#statistic(scan);
    else this.#message(scan, tagKind === tagKinds.collector);
  }

  /** Only lines that tell something are asked for their time. */
  #tick(): void {
    const { clock } = this.#builder;
    const decorations = this.#decorations;
    if (clock.tick(decorations.uptime(), decorations.millis())) this.#restart();
    if (clock.isDateWanted) clock.dated(decorations.dateMillis());
  }

  #statistic(scan: Scan): void {
    this.gcLines++;
    this.#messages.statistic(scan);
  }

  /** The time of the last line of a file, whatever that line is. */
  end(): void {
    if (this.gcLines > 0) this.#tick();
  }

  #restart(): void {
    this.#builder.restart();
    this.#messages.restart();
  }

  /** Reads the brackets before a message, wherever in the line they begin. */
  #decorated(scan: Scan): boolean {
    const { bytes, at, end } = scan;
    if (bytes[at] === bracket && at < end && this.#decorations.read(scan)) return true;
    const limit = Math.min(end, at + mostPrefixBytes);
    for (let index = at + 1; index + 3 < limit; index++) {
      if (bytes[index] !== bracket) continue;
      const next = bytes[index + 1]!;
      // Times and levels begin so; what else is in brackets is the program's.
      if (!((next >= 0x30 && next <= 0x39) || next === 0x69 || next === 0x64)) continue;
      scan.at = index;
      if (this.#decorations.read(scan) && this.#decorations.tagKind !== tagKinds.foreign) return true;
    }
    scan.at = at;
    return false;
  }

  #message(scan: Scan, isOurs: boolean): void {
    const head = this.#head;
    head.gcId = readGcId(scan);
    head.generation = readGeneration(scan);
    head.isDetail = this.#decorations.isDetail;
    skipSpaces(scan);
    const { at } = scan;
    const kind = this.#kind(scan, head.gcId >= 0);
    head.nameEnd = this.#key.nameEnd;
    if (kind === kinds.ignored) {
      this.gcLines++;
      return;
    }
    if (isOurs && kind !== kinds.phase && kind !== kinds.regions) this.#tick();
    if (kind === kinds.unknown || !this.#messages.tell(kind, scan, head)) {
      scan.at = at;
      this.#untold(scan, head.isDetail, isOurs || head.gcId >= 0);
      return;
    }
    this.gcLines++;
    if (this.#messages.isRestarted) this.#restart();
  }

  /** Debug lines are many and change with every JDK: nothing is asked of them that is not looked for. */
  #untold(scan: Scan, isDetail: boolean, isOurs: boolean): void {
    if (!isOurs) return;
    this.gcLines++;
    if (isDetail) this.detailLines++;
    else this.unparsed.add(textIn(scan.bytes, scan.at, Math.min(scan.end, scan.at + 400)));
  }

  #kind(scan: Scan, hasGcId: boolean): MessageKind {
    const key = this.#key.of(scan) ^ (hasGcId ? 1 : 0);
    const known = this.#kindOf.get(key);
    if (known !== undefined) return known;
    const text = textIn(scan.bytes, scan.at, Math.min(scan.end, scan.at + 400)).trimEnd();
    const kind = kindOf(text, { hasGcId, tags: this.#decorations.lastTags });
    if (this.#kindOf.size < mostKinds) this.#kindOf.set(key, kind);
    return kind;
  }
}

function startsWithGcId({ bytes, at, end }: Scan): boolean {
  return at + 4 < end && bytes[at] === 0x47 && bytes[at + 1] === 0x43 && bytes[at + 2] === 0x28;
}

/** `GC(12) ` before a message; −1 where there is none. */
function readGcId(scan: Scan): number {
  if (!startsWithGcId(scan)) return -1;
  const { at } = scan;
  scan.at = at + 3;
  const gcId = readNumber(scan);
  if (gcId >= 0 && scan.bytes[scan.at] === 0x29) {
    scan.at++;
    if (scan.bytes[scan.at] === 0x20) scan.at++;
    return gcId;
  }
  scan.at = at;
  return -1;
}

/** `y: `, `Y: `, `O: ` of ZGC's generations; 0 where there is none. */
function readGeneration(scan: Scan): number {
  const { bytes, at, end } = scan;
  if (at + 2 >= end || bytes[at + 1] !== 0x3a || bytes[at + 2] !== 0x20) return 0;
  const letter = bytes[at]!;
  if (letter !== 0x79 && letter !== 0x59 && letter !== 0x4f && letter !== 0x6f) return 0;
  scan.at = at + 3;
  return letter;
}
