import type { ByteSource } from "../../../src/bytes/byte-source.ts";
import type { Chunk, EventField, EventsRead, EventType } from "../../../src/formats/jfr/events.ts";
import { readEvents } from "../../../src/formats/jfr/read-events.ts";

/** A value as `jfr print --json` writes it. */
type Printed = null | boolean | number | string | readonly Printed[] | { readonly [field: string]: Printed };

interface PrintedEvent {
  readonly type: string;
  readonly values: { readonly [field: string]: Printed };
}

export interface Comparison {
  readonly read: EventsRead;
  readonly compared: number;
  /** What of an event of ours differs from every event of the oracle at its time; a few of them. */
  readonly differences: readonly string[];
  readonly differing: number;
  /** Events of the oracle that ours lack. */
  readonly unmatched: number;
}

/** Compares every field of every event, and of every constant that they refer to, with what `jfr print --json` says. */
export function compareWithPrinted(source: ByteSource, printed: string, stackDepth: number): Comparison {
  const events = (JSON.parse(printed) as { recording: { events: PrintedEvent[] } }).recording.events;
  const clocks = clocksOf(source);
  const startNanos = clocks.map(({ nanos }) => nanos).sort((a, b) => Number(a - b))[0]!;
  const waiting = new Map<string, PrintedEvent[]>();
  for (const event of events) {
    const key = `${event.type} ${printedNanos(String(event.values.startTime)) - startNanos}`;
    const same = waiting.get(key);
    if (same === undefined) waiting.set(key, [event]);
    else same.push(event);
  }
  let compared = 0;
  const differences: string[] = [];
  let differing = 0;
  let chunkEvents: { type: EventType; slots: Float64Array }[] = [];
  const read = readEvents(source, {
    sinkOf: (type) => (slots) => chunkEvents.push({ type, slots: slots.slice() }),
    endChunk(chunk) {
      for (const { type, slots } of chunkEvents) {
        compared++;
        const difference = take(
          waiting,
          new Comparer({ chunk, startNanos, shiftNanos: shiftOf(clocks, chunk.index), stackDepth }),
          type,
          slots,
        );
        if (difference === undefined) continue;
        differing++;
        if (differences.length < 20) differences.push(`${type.name}: ${difference}`);
      }
      chunkEvents = [];
    },
  });
  let unmatched = 0;
  for (const left of waiting.values()) unmatched += left.length;
  return { read, compared, differences, differing, unmatched };
}

/** Takes the oracle's event that equals ours; returns what differs when there is none. */
function take(waiting: Map<string, PrintedEvent[]>, comparer: Comparer, type: EventType, slots: Float64Array) {
  const startField = type.fields.find(({ path }) => path === "startTime");
  const nanos = Math.round(slots[startField?.slot ?? 0]! * 1e9);
  let difference = `no event at ${nanos} ns`;
  for (const candidate of comparer.nearby(nanos)) {
    const candidates = waiting.get(`${type.name} ${candidate}`) ?? [];
    for (let i = 0; i < candidates.length; i++) {
      const found = comparer.firstDifference(type, slots, candidates[i]!);
      if (found === undefined) {
        candidates.splice(i, 1);
        return undefined;
      }
      difference = found;
    }
  }
  return difference;
}

interface ComparerInput {
  readonly chunk: Chunk;
  readonly startNanos: bigint;
  readonly shiftNanos: number;
  readonly stackDepth: number;
}

class Comparer {
  readonly #chunk: Chunk;
  readonly #startNanos: bigint;
  readonly #shiftNanos: number;
  readonly #stackDepth: number;

  constructor({ chunk, startNanos, shiftNanos, stackDepth }: ComparerInput) {
    this.#chunk = chunk;
    this.#startNanos = startNanos;
    this.#shiftNanos = shiftNanos;
    this.#stackDepth = stackDepth;
  }

  /** Times at which the oracle may have the event: it rounds ticks down, and where metadata did not change it keeps the first chunk's clock. */
  nearby(nanos: number): number[] {
    return [nanos, nanos + this.#shiftNanos].flatMap((one) => [one, one - 1, one + 1]);
  }

  firstDifference(type: EventType, slots: Float64Array, event: PrintedEvent): string | undefined {
    for (const field of type.fields) {
      const printed = at(event.values, field.path);
      if (!this.#equals(field, slots[field.slot]!, printed, 0))
        return `${field.path} (${field.content} ${field.unit}): ${slots[field.slot]} for ${JSON.stringify(printed)?.slice(0, 200)}, text ${this.#chunk.text(field, slots[field.slot]!)}`;
    }
    return undefined;
  }

  #equals(field: EventField, value: number, printed: Printed, depth: number): boolean {
    switch (field.content) {
      case "number":
        return this.#equalsNumber(field, value, printed);
      case "boolean":
        return printed === (value === 1);
      case "text":
        return printed === (this.#chunk.text(field, value) ?? null);
      case "stack":
        return this.#equalsStack(value, printed, depth);
      case "array":
        return Array.isArray(printed) && printed.length === this.#chunk.elements(field, value).length;
      default:
        return this.#equalsConstant(field.poolType!, value, printed, depth);
    }
  }

  #equalsConstant(typeName: string, index: number, printed: Printed, depth: number): boolean {
    if (depth > 5) return true;
    if (printed === null) return index < 0;
    const pool = this.#chunk.pool(typeName);
    if (pool === undefined || index < 0) return false;
    if (typeof printed !== "object") return this.#chunk.constant(typeName, index) === String(printed);
    return pool.type.fields.every((field) =>
      this.#equals(field, pool.value(index, field.slot), at(printed, field.path), depth + 1),
    );
  }

  #equalsNumber({ unit }: EventField, value: number, printed: Printed): boolean {
    if (typeof printed === "string" && printed.length === 1) return value === printed.charCodeAt(0);
    if (typeof printed === "string") return this.#equalsTime(value, printed);
    if (printed === null) return Number.isNaN(value);
    if (Number.isNaN(value)) return printed === Number(-(2n ** 63n));
    if (unit === "seconds") return false;
    const expected = Number(printed);
    const isBits = (unit === "bytes/s" || unit === "bytes") && value * 8 === expected;
    return value === expected || isBits || Math.fround(value) === Math.fround(expected);
  }

  #equalsTime(value: number, printed: string): boolean {
    if (printed.startsWith("PT-2562047788015215H")) return Number.isNaN(value);
    if (printed.startsWith("PT2562047788015215H")) return value === Number.POSITIVE_INFINITY;
    if (printed.startsWith("PT")) return Math.abs(value - durationSeconds(printed)) < 2e-9;
    if (!printed.startsWith("2")) return Number.isNaN(value);
    const nanos = Number(printedNanos(printed) - this.#startNanos);
    const isSame = Math.abs(value * 1e9 - nanos) < 2 || Math.abs(value * 1e9 + this.#shiftNanos - nanos) < 2;
    return isSame || Math.abs(value * 1e9 - nanos) < 2e-16 * Math.abs(nanos);
  }

  #equalsStack(stack: number, printed: Printed, depth: number): boolean {
    if (printed === null || stack < 0) return printed === null && stack < 0;
    const read = this.#chunk.stacks.read(stack);
    const frames = at(printed, "frames") as readonly Printed[];
    const isWhole = at(printed, "truncated") === read.isTruncated;
    if (!isWhole || frames.length !== Math.min(this.#stackDepth, read.count)) return false;
    return frames.every(
      (frame, i) =>
        at(frame, "lineNumber") === read.line[i] &&
        at(frame, "bytecodeIndex") === read.bytecodeIndex[i] &&
        this.#equalsConstant("jdk.types.FrameType", read.type[i]!, at(frame, "type"), depth) &&
        this.#equalsConstant("jdk.types.Method", read.method[i]!, at(frame, "method"), depth),
    );
  }
}

function at(value: Printed, path: string): Printed {
  let part: Printed | undefined = value;
  for (const name of path.split(".")) part = (part as { readonly [field: string]: Printed } | null)?.[name];
  return part ?? null;
}

/** `2026-11-25T07:53:09.123456789Z` */
function printedNanos(time: string): bigint {
  const [, whole, fraction = "", zone] = /^([^.]*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(time) ?? [];
  return BigInt(Date.parse(`${whole}${zone}`)) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

/** `PT-1H2M3.5S` */
function durationSeconds(text: string): number {
  const [, hours, minutes, seconds] = /^PT(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?[\d.]+)S)?$/.exec(text) ?? [];
  return Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}

interface ChunkClock {
  readonly nanos: bigint;
  readonly ticks: bigint;
  readonly ticksPerSecond: bigint;
}

function clocksOf(source: ByteSource): ChunkClock[] {
  const bytes = new Uint8Array(64);
  const clocks: ChunkClock[] = [];
  for (let offset = 0; source.read(offset, bytes) === 64; ) {
    const view = new DataView(bytes.buffer);
    clocks.push({ nanos: view.getBigInt64(32), ticks: view.getBigInt64(48), ticksPerSecond: view.getBigInt64(56) });
    offset += Number(view.getBigInt64(8));
  }
  return clocks;
}

/** How far the first chunk's clock, continued, is from this chunk's own. */
function shiftOf(clocks: readonly ChunkClock[], index: number): number {
  const first = clocks[0]!;
  const own = clocks[index]!;
  const continued = first.nanos + ((own.ticks - first.ticks) * 1_000_000_000n) / first.ticksPerSecond;
  return Number(continued - own.nanos);
}
