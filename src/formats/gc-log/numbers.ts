import type { Scan } from "./message-key.ts";

const zero = 0x30;
const nine = 0x39;
const dot = 0x2e;
const comma = 0x2c;
const space = 0x20;

const powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/** Whether the next byte is a digit. */
export function isDigitAt({ bytes, at, end }: Scan): boolean {
  return at < end && bytes[at]! >= zero && bytes[at]! <= nine;
}

/** A number without sign, with a point or a comma; NaN, and nothing read, where there is none. */
export function readNumber(scan: Scan): number {
  if (!isDigitAt(scan)) return Number.NaN;
  const { bytes, end } = scan;
  const value = readDigits(scan);
  const { at } = scan;
  if (at + 1 >= end || (bytes[at] !== dot && bytes[at] !== comma)) return value;
  scan.at = at + 1;
  const fraction = readDigits(scan);
  const digits = scan.at - at - 1;
  if (digits > 0) return value + fraction / (powers[digits] ?? 10 ** digits);
  scan.at = at;
  return value;
}

function readDigits(scan: Scan): number {
  const { bytes, end } = scan;
  let { at } = scan;
  let value = 0;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte < zero || byte > nine) break;
    value = value * 10 + (byte - zero);
  }
  scan.at = at;
  return value;
}

/** `24M`, `8704K`, `0.0B`, `1.5G` in bytes; NaN where there is no such size, a bare number being one in bytes. */
export function readSize(scan: Scan): number {
  const value = readNumber(scan);
  if (Number.isNaN(value)) return value;
  const unit = scan.at < scan.end ? scan.bytes[scan.at]! : 0;
  const factor = factorOf(unit);
  if (factor > 0) scan.at++;
  return value * Math.max(factor, 1);
}

function factorOf(unit: number): number {
  if (unit === 0x4d) return 2 ** 20;
  if (unit === 0x4b) return 2 ** 10;
  if (unit === 0x42) return 1;
  if (unit === 0x47) return 2 ** 30;
  if (unit === 0x54) return 2 ** 40;
  return 0;
}

/** `12.345ms`, `0.131s`, `850us` in seconds; NaN where there is no such time. */
export function readSeconds(scan: Scan): number {
  const value = readNumber(scan);
  if (Number.isNaN(value)) return value;
  const { bytes } = scan;
  skipSpaces(scan);
  const first = scan.at < scan.end ? bytes[scan.at]! : 0;
  const second = scan.at + 1 < scan.end ? bytes[scan.at + 1]! : 0;
  if (first === 0x73) {
    scan.at++;
    return value;
  }
  if (second !== 0x73) return Number.NaN;
  scan.at += 2;
  if (first === 0x6d) return value / 1e3;
  if (first === 0x75) return value / 1e6;
  if (first === 0x6e) return value / 1e9;
  return Number.NaN;
}

export function skipSpaces(scan: Scan): void {
  while (scan.at < scan.end && scan.bytes[scan.at] === space) scan.at++;
}

/** Goes behind the next such byte; false, and nothing read, where there is none. */
export function skipPast(scan: Scan, byte: number): boolean {
  const { bytes, end } = scan;
  for (let index = scan.at; index < end; index++) {
    if (bytes[index] !== byte) continue;
    scan.at = index + 1;
    return true;
  }
  return false;
}

/** Goes to the next digit; false where there is none. */
export function skipToDigit(scan: Scan): boolean {
  const { bytes, end } = scan;
  let at = scan.at;
  while (at < end && (bytes[at]! < zero || bytes[at]! > nine)) at++;
  scan.at = at;
  return at < end;
}

/** Takes these bytes when they come next. */
function takes(scan: Scan, first: number, second?: number): boolean {
  const { bytes, at, end } = scan;
  if (at >= end || bytes[at] !== first) return false;
  if (second !== undefined && (at + 1 >= end || bytes[at + 1] !== second)) return false;
  scan.at += second === undefined ? 1 : 2;
  return true;
}

/** Sizes of a heap or a part of it around a collection. */
export class SizeChange {
  before = Number.NaN;
  after = Number.NaN;
  capacity = Number.NaN;

  /** Reads `24M->5M(256M)`, `80M(31%)->58M(23%)`, `69952K(78656K)->3129K(78656K)`; false where there is no such thing. */
  read(scan: Scan): boolean {
    this.before = readSize(scan);
    if (Number.isNaN(this.before)) return false;
    if (takes(scan, 0x28)) skipPast(scan, 0x29);
    if (!takes(scan, 0x2d, 0x3e)) return false;
    this.after = readSize(scan);
    this.capacity = Number.NaN;
    if (Number.isNaN(this.after)) return false;
    if (!takes(scan, 0x28)) return true;
    const inBrackets = readSize(scan);
    // ZGC writes a share of the greatest heap here.
    if (scan.bytes[scan.at] !== 0x25) this.capacity = inBrackets;
    skipPast(scan, 0x29);
    return true;
  }
}
