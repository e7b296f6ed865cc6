import type { Bytes } from "../../model/units.ts";

const powers: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4 };

/** The bytes of an amount and its unit as the JVM writes them: `1`, `64.00 MB`, `320K`, `18 bytes`; always powers of 1024. */
export function bytesOf(amount: string, unit: string): Bytes {
  return Math.round(Number(amount) * 1024 ** (powers[unit.charAt(0).toLowerCase()] ?? 0));
}

/** The amount that stands right after the first `label`: `used ` in `used 132K, committed 320K`. */
export function bytesAfter(line: string, label: string): Bytes | undefined {
  const amount = matchAfter(line, label, /(\d+(?:\.\d+)?) ?([KMGTkmgt]?[Bb]?)/y);
  return amount && bytesOf(amount[1]!, amount[2]!);
}

/** The amount that stands right before the first `label`: ` reserved` in `64.00 MB reserved`. */
export function bytesBefore(line: string, label: string): Bytes | undefined {
  const end = line.indexOf(label);
  if (end < 0) return undefined;
  const amount = /(\d+(?:\.\d+)?) ?([KMGTkmgt]?(?:[Bb]|bytes)?)$/.exec(line.slice(Math.max(0, end - 40), end));
  return amount ? bytesOf(amount[1]!, amount[2]!) : undefined;
}

/** The whole number that stands right after the first `label`. */
export function countAfter(line: string, label: string): number | undefined {
  const count = matchAfter(line, label, /-?\d+/y);
  return count && Number(count[0]);
}

/** Up to `limit` addresses of a line, such as the bounds of a space. Exact: the JVM's addresses have fewer than 53 bits. */
export function addressesOf(line: string, limit = 4): readonly number[] {
  const addresses: number[] = [];
  for (const [hex] of line.matchAll(/0x[0-9a-f]{1,16}/g)) {
    if (addresses.push(Number(hex)) === limit) break;
  }
  return addresses;
}

function matchAfter(line: string, label: string, sticky: RegExp): RegExpExecArray | undefined {
  const at = line.indexOf(label);
  if (at < 0) return undefined;
  sticky.lastIndex = at + label.length;
  return sticky.exec(line) ?? undefined;
}
