import { secondsOfEpochMillis } from "./clock.ts";
import { missingIndex } from "./events.ts";
import { type Layout, operations } from "./layout.ts";
import type { ReadingPlace } from "./reading-place.ts";
import { floatValue, signedLong } from "./special-numbers.ts";
import { stringEncoding } from "./strings.ts";
import { endOfString } from "./texts.ts";

const twoTo28 = 2 ** 28;
const deepestArray = 8;
/** Where reading ends of a struct that runs over its end. */
const overrun = Number.MAX_SAFE_INTEGER;

/** Reads events and constants by their layouts into slots. */
export class StructReader {
  readonly #place: ReadingPlace;
  readonly #bytes: Uint8Array;
  readonly #isFixed: boolean;
  /** Keys may belong to constants that are read later. */
  isReadingPools = true;
  unresolvedConstants = 0;
  roundedNumbers = 0;
  #arrayDepth = 0;
  #scratch = new Float64Array(16);

  constructor(place: ReadingPlace) {
    this.#place = place;
    this.#bytes = place.cursor.bytes;
    this.#isFixed = !place.cursor.hasCompressedIntegers;
  }

  /**
   * Reads the fields of a layout from `start` into `out[base…]`; returns where they end, or something behind `end` when they
   * run over it.
   */
  // biome-ignore lint/complexity: the hottest loop of the reader: its state stays in registers as long as it is one function
  read(layout: Layout, out: Float64Array, base: number, start: number, end: number): number {
    const bytes = this.#bytes;
    const { operation, divisor, fixedBytes, typeOrdinal } = layout;
    const { clock, pools } = this.#place;
    const { isReadingPools } = this;
    const isFixed = this.#isFixed;
    let at = start;
    for (let slot = 0; slot < operation.length; slot++) {
      const op = operation[slot]!;
      if (op === operations.boolean) {
        out[base + slot] = bytes[at++] === 0 ? 0 : 1;
        continue;
      }
      if (op >= operations.byte) {
        at = this.#readOther(layout, slot, at, end);
        out[base + slot] = this.#other[0]!;
        continue;
      }
      // The integer: bits 0–27, 28–55, 56–63 with the sign.
      let low = 0;
      let middle = 0;
      let top = 0;
      if (isFixed) {
        at = this.#readFixed(fixedBytes[slot]!, at);
        low = this.#low;
        middle = this.#middle;
        top = this.#top;
      } else {
        let byte = bytes[at++]!;
        low = byte & 0x7f;
        if (byte > 0x7f) {
          byte = bytes[at++]!;
          low |= (byte & 0x7f) << 7;
          if (byte > 0x7f) {
            byte = bytes[at++]!;
            low |= (byte & 0x7f) << 14;
            if (byte > 0x7f) {
              byte = bytes[at++]!;
              low |= (byte & 0x7f) << 21;
              if (byte > 0x7f) {
                byte = bytes[at++]!;
                middle = byte & 0x7f;
                for (let shift = 7; byte > 0x7f && shift < 28; shift += 7) {
                  byte = bytes[at++]!;
                  middle |= (byte & 0x7f) << shift;
                }
                if (byte > 0x7f) top = (bytes[at++]! << 24) >> 24;
              }
            }
          }
        }
      }
      let value = 0;
      switch (op) {
        case operations.key: {
          const pool = pools[typeOrdinal[slot]!]!;
          const keyLow = low | (middle << 28);
          const keyHigh = (middle >>> 4) | (top << 24);
          if (isReadingPools) value = pool.reference(keyLow, keyHigh);
          else {
            value = pool.lookup(keyLow, keyHigh);
            if (value === missingIndex) this.unresolvedConstants++;
          }
          break;
        }
        case operations.tickTime:
          if (top === -128 && middle === 0 && low === 0) value = Number.NaN;
          else {
            const high = top * twoTo28 + middle;
            value =
              ((high - clock.startHigh) * twoTo28 + (low - clock.startLow)) / clock.ticksPerSecond + clock.startSeconds;
          }
          break;
        case operations.unsignedInt: {
          const shift = fixedBytes[slot] === 2 ? 16 : 0;
          value = ((low | (middle << 28)) << shift) >>> shift;
          break;
        }
        case operations.int:
        case operations.scaledInt: {
          const shift = fixedBytes[slot] === 2 ? 16 : 0;
          value = ((low | (middle << 28)) << shift) >> shift;
          if (op === operations.scaledInt) value /= divisor[slot]!;
          break;
        }
        case operations.long:
          value = (top * twoTo28 + middle) * twoTo28 + low;
          if (top !== 0 || middle > 0x1ffffff) value = this.#wideLong(low, middle, top);
          break;
        case operations.unsignedLong:
          value = (top * twoTo28 + middle) * twoTo28 + low;
          if (top < 0) value += 2 ** 64;
          if (top !== 0 || middle > 0x1ffffff) this.roundedNumbers++;
          value /= divisor[slot]!;
          break;
        case operations.tickSpan:
        case operations.scaled:
          value = (top * twoTo28 + middle) * twoTo28 + low;
          if (top === -128 || top === 127) value = signedLong(low, middle, top);
          value /= op === operations.scaled ? divisor[slot]! : clock.ticksPerSecond;
          break;
        case operations.epochMillis:
          value = secondsOfEpochMillis(clock, signedLong(low, middle, top));
          break;
        case operations.address:
          value = (top * twoTo28 + middle) * twoTo28 + low;
          if (top !== 0 || middle > 0x1ffffff) value = this.#wideAddress(low, middle, top);
          break;
        case operations.textKey:
          value = this.#textOfKey(low | (middle << 28), (middle >>> 4) | (top << 24), start);
          break;
      }
      out[base + slot] = value;
    }
    return at;
  }

  /** What `#readFixed` read. */
  #low = 0;
  #middle = 0;
  #top = 0;

  /** An integer of 2, 4 or 8 bytes. */
  #readFixed(width: number, start: number): number {
    const at = start + width;
    const { view } = this.#place.cursor;
    if (at > view.byteLength) return overrun;
    const word = width === 2 ? view.getInt16(start) : view.getInt32(at - 4);
    const high = width === 8 ? view.getInt32(start) : word >> 31;
    this.#low = word & 0xfffffff;
    this.#middle = ((word >>> 28) | (high << 4)) & 0xfffffff;
    this.#top = high >> 24;
    return at;
  }

  /** What `#readOther` read; in an array because a double in a field of an object costs an allocation. */
  readonly #other = new Float64Array(1);

  /** Fields that do not begin with an integer. */
  #readOther(layout: Layout, slot: number, at: number, end: number): number {
    const bytes = this.#bytes;
    const { view } = this.#place.cursor;
    switch (layout.operation[slot]) {
      case operations.byte:
        this.#other[0] = (bytes[at]! << 24) >> 24;
        return at + 1;
      case operations.unsignedByte:
        this.#other[0] = bytes[at]! | 0;
        return at + 1;
      case operations.float:
        if (at + 4 > end) return overrun;
        this.#other[0] = floatValue(view.getFloat32(at)) / layout.divisor[slot]!;
        return at + 4;
      case operations.double:
        if (at + 8 > end) return overrun;
        this.#other[0] = floatValue(view.getFloat64(at)) / layout.divisor[slot]!;
        return at + 8;
      case operations.text:
        return this.#readText(at, end);
      default:
        this.#other[0] = at;
        return this.#skipArray(layout.typeOrdinal[slot]!, at, end);
    }
  }

  #readText(at: number, end: number): number {
    const { cursor, texts } = this.#place;
    const encoding = this.#bytes[at];
    if (encoding === stringEncoding.none) {
      this.#other[0] = -1;
      return at + 1;
    }
    const next = endOfString(cursor, at);
    if (next > end) return overrun;
    if (this.isReadingPools) this.#other[0] = texts.add(at);
    else if (encoding === stringEncoding.constant) {
      cursor.position = at + 1;
      cursor.key();
      this.#other[0] = this.#textOfKey(cursor.keyLow, cursor.keyHigh, at);
    } else this.#other[0] = texts.intern(at, next);
    return next;
  }

  #textOfKey(low: number, high: number, at: number): number {
    const { texts } = this.#place;
    if (this.isReadingPools) return texts.add(~at);
    const index = texts.constantAt(low, high);
    if (index === missingIndex) this.unresolvedConstants++;
    return index;
  }

  #skipArray(ordinal: number, start: number, end: number): number {
    const { cursor, types } = this.#place;
    const { layout, defect } = types[ordinal]!;
    cursor.position = start;
    const count = cursor.int();
    let at = cursor.position;
    if (count < 0 || count > end - at || defect !== undefined || this.#arrayDepth >= deepestArray) return overrun;
    if (layout.operation.length === 1 && layout.operation[0] === operations.byte) return at + count;
    if (this.#scratch.length < layout.operation.length) this.#scratch = new Float64Array(layout.operation.length);
    this.#arrayDepth++;
    for (let i = 0; i < count && at <= end; i++) at = this.read(layout, this.#scratch, 0, at, end);
    this.#arrayDepth--;
    this.#other[0] = start;
    return at;
  }

  /** A long beyond 2^53; the smallest one says “not available”. */
  #wideLong(low: number, middle: number, top: number): number {
    const value = signedLong(low, middle, top);
    if (Number.isFinite(value) && !Number.isSafeInteger(value)) this.roundedNumbers++;
    return value === Number.POSITIVE_INFINITY ? 2 ** 63 : value;
  }

  #wideAddress(low: number, middle: number, top: number): number {
    return this.#place.wideAddresses.standIn((BigInt(top & 0xff) << 56n) | (BigInt(middle) << 28n) | BigInt(low));
  }
}
