import { UsageError } from "../model/errors.ts";
import type { Bytes } from "../model/units.ts";

const secondsOf: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600 };
const bytesOf: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  k: 2 ** 10,
  KB: 2 ** 10,
  KiB: 2 ** 10,
  M: 2 ** 20,
  MB: 2 ** 20,
  MiB: 2 ** 20,
  G: 2 ** 30,
  GB: 2 ** 30,
  GiB: 2 ** 30,
};

/** `30s`, `5m`, `1.5h` in seconds; a bare number is seconds. */
export function parseDuration(option: string, text: string): number {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h)?$/.exec(text) ?? [];
  if (digits === undefined) throw new UsageError(`${option} takes a time such as 30s or 5m, got '${text}'`);
  return Number(digits) * (secondsOf[unit] ?? 1);
}

/** `256MB`, `1G` in bytes; a thousand and 1024 are not told apart. */
export function parseSize(option: string, text: string): Bytes {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)\s*([kKMG]i?B?|B)?$/.exec(text) ?? [];
  const factor = bytesOf[unit.replace(/^K$/, "k").replace(/^k(?=i?B)/, "K")];
  if (digits === undefined || factor === undefined) {
    throw new UsageError(`${option} takes a size such as 256MB or 1GB, got '${text}'`);
  }
  return Math.round(Number(digits) * factor);
}
