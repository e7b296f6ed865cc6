import { ranks } from "./collection-rows.ts";
import { type GcLogBuilder, isWholeStop } from "./gc-log-builder.ts";
import type { Label } from "./labels.ts";
import { type Scan, textIn } from "./message-key.ts";
import { kinds, type MessageKind } from "./message-kinds.ts";
import {
  isDigitAt,
  readNumber,
  readSeconds,
  readSize,
  SizeChange,
  skipPast,
  skipSpaces,
  skipToDigit,
} from "./numbers.ts";
import { readSafepoint } from "./safepoint-message.ts";

/** What stands before a message. */
export interface MessageHead {
  /** −1: none. */
  readonly gcId: number;
  /** Letter of ZGC's generation; 0: none. */
  readonly generation: number;
  readonly isDetail: boolean;
  /** Where the words that name the message end. */
  readonly nameEnd: number;
}

const oldGeneration = 0x4f;

/** Takes messages of unified logging apart, each for itself. */
export class UnifiedMessages {
  readonly #builder: GcLogBuilder;
  readonly #change = new SizeChange();
  #trigger: Label | undefined;
  #regionBytes = Number.NaN;
  isRestarted = false;
  /** One of each for all lines: there are millions of phases. */
  readonly #span = { bytes: new Uint8Array(0) as Uint8Array, from: 0, to: 0 };
  readonly #phaseTime = { gcId: -1, seconds: 0, isConcurrent: false };

  constructor(builder: GcLogBuilder) {
    this.#builder = builder;
  }

  restart(): void {
    this.#trigger = undefined;
    this.isRestarted = false;
  }

  /** False where the message is not what its words promise. */
  tell(kind: MessageKind, scan: Scan, head: MessageHead): boolean {
    switch (kind) {
      case kinds.ignored:
        return true;
      case kinds.pause:
        return this.#pause(scan, head);
      case kinds.concurrent:
        return this.#concurrent(scan, head);
      case kinds.cycle:
        return this.#cycle(scan, head);
      case kinds.processor:
        return this.#processor(scan, head);
      case kinds.regions:
        return this.#regions(scan, head);
      case kinds.pool:
        return this.#pool(scan, head);
      case kinds.phase:
        return this.#phase(scan, head);
      case kinds.safepoint:
      case kinds.stopped:
        return readSafepoint(this.#builder, scan, kind === kinds.stopped);
      default:
        return this.#rare(kind, scan, head);
    }
  }

  #rare(kind: MessageKind, scan: Scan, head: MessageHead): boolean {
    switch (kind) {
      case kinds.generation:
        return this.#generation(scan, head);
      case kinds.stall:
        return this.#stall(scan);
      case kinds.fact:
        return this.#fact(scan);
      case kinds.using:
        return this.#using(scan);
      case kinds.trigger:
        return this.#noteTrigger(scan);
      case kinds.failure:
        this.#builder.fail(head.gcId, textIn(scan.bytes, scan.at, head.nameEnd));
        return true;
      case kinds.age:
        return this.#age(scan);
      case kinds.humongous:
        return this.#bigObject(scan);
      default:
        return this.#sizes(kind, scan, head);
    }
  }

  /** `Pause Young (Normal) (G1 Evacuation Pause) 24M->5M(256M) 15.929ms`; without the numbers, its beginning. */
  #pause(scan: Scan, { gcId }: MessageHead): boolean {
    const builder = this.#builder;
    const label = builder.labels.read(scan);
    skipSpaces(scan);
    if (scan.at >= scan.end) {
      if (gcId >= 0) this.#begin(gcId, label, isWholeStop(label) ? ranks.stop : ranks.phase);
      return true;
    }
    const change = this.#changeAt(scan);
    const seconds = readSeconds(scan);
    if (Number.isNaN(seconds) || gcId < 0) return false;
    builder.pause(gcId, { label, seconds, change });
    return true;
  }

  #changeAt(scan: Scan): SizeChange | undefined {
    const { at } = scan;
    if (this.#change.read(scan)) {
      skipSpaces(scan);
      return this.#change;
    }
    scan.at = at;
    return undefined;
  }

  #begin(gcId: number, label: Label, rank: number): void {
    this.#builder.begin(gcId, label, rank);
    if (this.#trigger === undefined) return;
    // Only Shenandoah says before a cycle why it begins.
    this.#builder.trigger(gcId, this.#trigger);
    this.#trigger = undefined;
  }

  #concurrent(scan: Scan, { gcId, isDetail }: MessageHead): boolean {
    const builder = this.#builder;
    const { at, bytes } = scan;
    const label = builder.labels.read(scan);
    const nameEnd = scan.at;
    skipSpaces(scan);
    const isCycle = /^Concurrent (?:Mark |Undo )?Cycle$/.test(label.name);
    if (scan.at >= scan.end) {
      if (gcId >= 0 && !isDetail) this.#begin(gcId, label, isCycle ? ranks.cycle : ranks.phase);
      return true;
    }
    const change = this.#changeAt(scan);
    const seconds = readSeconds(scan);
    if (Number.isNaN(seconds)) return false;
    if (gcId < 0 || isDetail) return true;
    builder.phases.add({ bytes, from: at, to: nameEnd }, { gcId, seconds, isConcurrent: true });
    if (isCycle) builder.cycle(gcId, label, change);
    else builder.concurrent(gcId, label, change);
    return true;
  }

  /** `Minor Collection (Allocation Rate) 80M(31%)->58M(23%) 0.131s` */
  #cycle(scan: Scan, { gcId }: MessageHead): boolean {
    const label = this.#builder.labels.read(scan);
    skipSpaces(scan);
    if (gcId < 0) return false;
    if (scan.at >= scan.end) this.#builder.begin(gcId, label, ranks.cycle);
    else {
      const change = this.#changeAt(scan);
      if (change === undefined) return false;
      this.#builder.cycle(gcId, label, change);
    }
    return true;
  }

  #generation(scan: Scan, { gcId }: MessageHead): boolean {
    if (!skipToDigit(scan)) return true;
    const change = this.#changeAt(scan);
    if (change === undefined || gcId < 0) return false;
    this.#builder.generation(gcId, change);
    return true;
  }

  #processor(scan: Scan, { gcId }: MessageHead): boolean {
    const times = [Number.NaN, Number.NaN, Number.NaN];
    for (let index = 0; index < 3; index++) {
      if (!skipToDigit(scan)) return false;
      times[index] = readNumber(scan);
    }
    if (gcId >= 0) this.#builder.processor(gcId, { user: times[0]!, system: times[1]!, real: times[2]! });
    return true;
  }

  /** `Old regions: 12->14`; their size is in the log's head, or in none. */
  #regions(scan: Scan, { gcId }: MessageHead): boolean {
    const first = scan.bytes[scan.at]!;
    if (!skipToDigit(scan)) return false;
    const before = readNumber(scan);
    if (!skipToDigit(scan)) return false;
    const after = readNumber(scan);
    const size = this.#regionSize();
    if (first === 0x4f) this.#builder.pool(gcId, "old", before * size, after * size);
    if (first === 0x48) this.#builder.pool(gcId, "humongous", before * size, after * size);
    return true;
  }

  #regionSize(): number {
    if (this.#regionBytes > 0) return this.#regionBytes;
    const { clock } = this.#builder;
    const text = clock.factOf("Heap Region Size") ?? clock.factOf("Heap region size");
    if (text === undefined) return Number.NaN;
    const bytes = new TextEncoder().encode(text);
    this.#regionBytes = readSize({ bytes, at: 0, end: bytes.length });
    return this.#regionBytes;
  }

  #pool(scan: Scan, { gcId, nameEnd }: MessageHead): boolean {
    const { bytes, at } = scan;
    scan.at = nameEnd + 1;
    skipSpaces(scan);
    if (!isDigitAt(scan)) return false;
    const first = bytes[at]!;
    if (!this.#change.read(scan)) return true;
    const { before, after } = this.#change;
    const pool = first === 0x4d ? "metaspace" : isYoungPool(bytes, at) ? "young" : "old";
    if (gcId >= 0) this.#builder.pool(gcId, pool, before, after);
    return true;
  }

  /** `Evacuate Collection Set: 14.1ms`, `Scavenge 4.410ms`; without a time, its beginning. */
  #phase(scan: Scan, { gcId }: MessageHead): boolean {
    const { bytes, at, end } = scan;
    if (end - at < 4 || bytes[end - 1] !== 0x73 || bytes[end - 2] !== 0x6d) return true;
    let digits = end - 2;
    while (digits > at && bytes[digits - 1]! !== 0x20) digits--;
    scan.at = digits;
    const seconds = readSeconds(scan);
    let nameEnd = digits;
    while (nameEnd > at && (bytes[nameEnd - 1] === 0x20 || bytes[nameEnd - 1] === 0x3a)) nameEnd--;
    if (Number.isNaN(seconds) || nameEnd === at) return false;
    this.#span.bytes = bytes;
    this.#span.from = at;
    this.#span.to = nameEnd;
    this.#phaseTime.gcId = gcId;
    this.#phaseTime.seconds = seconds;
    this.#builder.phases.add(this.#span, this.#phaseTime);
    return true;
  }

  #stall(scan: Scan): boolean {
    const { bytes, at } = scan;
    if (!skipPast(scan, 0x28)) return false;
    const from = scan.at;
    let to = scan.end;
    while (to > from && bytes[to - 1] !== 0x29) to--;
    scan.at = to;
    skipSpaces(scan);
    if (scan.at >= scan.end) return true;
    const seconds = readSeconds(scan);
    if (Number.isNaN(seconds)) return false;
    // A relocation stall is a thread that helps to move what it needs.
    if (bytes[at] === 0x41) this.#builder.stalls.add({ bytes, from, to: to - 1 }, this.#builder.clock.now, seconds);
    return true;
  }

  #fact(scan: Scan): boolean {
    const text = textIn(scan.bytes, scan.at, Math.min(scan.end, scan.at + 300)).trimEnd();
    const [, name, value] = /^([^:]{1,60}): (.*)$/.exec(text) ?? [];
    if (name !== undefined && value !== undefined) this.#builder.clock.fact(name, value);
    return true;
  }

  #using(scan: Scan): boolean {
    const text = textIn(scan.bytes, scan.at, Math.min(scan.end, scan.at + 100)).trimEnd();
    this.isRestarted = this.#builder.clock.fact("Using", text.slice("Using ".length));
    return true;
  }

  /** `Trigger: Learning 1 of 5. Free (…)`, `Trigger (Young): Free (…) is below …` */
  #noteTrigger(scan: Scan): boolean {
    const text = textIn(scan.bytes, scan.at, Math.min(scan.end, scan.at + 300));
    const reason = /^Trigger(?: \(\w+\))?: ([A-Za-z][A-Za-z ]*[a-z])/.exec(text)?.[1];
    const cause = /System\.gc\(\)/.test(text) ? "System.gc()" : reason;
    if (cause !== undefined) this.#trigger = this.#builder.labels.of(`Concurrent cycle (${cause})`);
    return true;
  }

  #age(scan: Scan): boolean {
    const numbers: number[] = [];
    while (numbers.length < 3 && skipToDigit(scan)) numbers.push(readNumber(scan));
    const [desired = Number.NaN, threshold = Number.NaN, greatest = Number.NaN] = numbers;
    this.#builder.heap.threshold(desired, threshold, greatest);
    return true;
  }

  /** `Humongous region 12 (object size 2097168 @ …)`, `… allocation request: 2097168B … source: concurrent humongous allocation` */
  #bigObject(scan: Scan): boolean {
    const text = textIn(scan.bytes, scan.at, Math.min(scan.end, scan.at + 400));
    const size = /object size (\d+)|allocation request: (\d+)B .*humongous/.exec(text);
    if (size !== null) this.#builder.heap.bigObject(Number(size[1] ?? size[2]));
    return true;
  }

  /** Of Shenandoah's statistics of a cycle `11 of   599 ms (  1.9%): <total>`: how long threads were held back. */
  statistic(scan: Scan): void {
    const { bytes, end } = scan;
    if (bytes[end - 1] !== 0x3e || bytes[end - 7] !== 0x3c) return;
    const text = textIn(bytes, scan.at, end);
    const [, millis] = /^ *(\d+) of +\d+ ms \([ \d.]+%\): <total>$/.exec(text) ?? [];
    if (millis !== undefined) this.#builder.pacingSeconds += Number(millis) / 1e3;
  }

  #sizes(kind: MessageKind, scan: Scan, { gcId, generation }: MessageHead): boolean {
    if (kind === kinds.cancelled) {
      const text = textIn(scan.bytes, scan.at, Math.min(scan.end, scan.at + 100));
      if (/Allocation Failure/.test(text)) this.#builder.fail(undefined, "concurrent cycle cancelled");
      return true;
    }
    if (kind === kinds.heapUsed) return this.#heapUsed(scan);
    // Of a cycle of all of the heap, the old generation's table repeats what the young one's said.
    if (generation === oldGeneration || gcId < 0) return true;
    const bytes = lastOfRow(scan);
    if (kind === kinds.zAllocated && bytes >= 0) this.#builder.allocatedMeanwhile(bytes);
    if (kind === kinds.zPromoted && bytes >= 0) this.#builder.promoted(bytes);
    return true;
  }

  /** Epsilon's `Heap: 1500M reserved, 1500M (100.00%) committed, 600M (40.00%) used`. */
  #heapUsed(scan: Scan): boolean {
    const text = textIn(scan.bytes, scan.at, Math.min(scan.end, scan.at + 200));
    const used = / (\d+[KMG]) \([\d.,]+%\) used/.exec(text);
    if (used === null) return true;
    scan.at += used.index + 1;
    this.#builder.usedNow(readSize(scan));
    return true;
  }
}

/** `Allocated:  -  6M (2%)  6M (2%)  17M (7%)`: the value at the end of relocation, which is the fourth column. */
function lastOfRow(scan: Scan): number {
  let last = Number.NaN;
  while (skipToDigit(scan)) {
    const value = readSize(scan);
    if (scan.bytes[scan.at] !== 0x25) last = value;
  }
  return last;
}

/** DefNew, PSYoungGen and ParNew; the old ones are Tenured, PSOldGen, ParOldGen and CMS. */
function isYoungPool(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] === 0x44) return true;
  return bytes[at] === 0x50 && (bytes[at + 2] === 0x59 || bytes[at + 3] === 0x4e);
}
