import { unnamedOperation } from "../../model/gc-log-evidence.ts";
import type { GcLogBuilder } from "./gc-log-builder.ts";
import type { Scan } from "./message-key.ts";
import { readNumber, skipPast, skipToDigit } from "./numbers.ts";

const quote = 0x22;
const colon = 0x3a;
const unnamed = new TextEncoder().encode(unnamedOperation);

/** `Safepoint "G1CollectForAllocation", Time since last: … ns, Reaching safepoint: … ns, … Total: … ns`, or the words of JDK 12 and earlier. */
export function readSafepoint(builder: GcLogBuilder, scan: Scan, isStopped: boolean): boolean {
  return isStopped ? readStopped(builder, scan) : readNamed(builder, scan);
}

function readNamed(builder: GcLogBuilder, scan: Scan): boolean {
  const { bytes } = scan;
  if (!skipPast(scan, quote)) return false;
  const from = scan.at;
  if (!skipPast(scan, quote)) return false;
  const to = scan.at - 1;
  let reach = Number.NaN;
  let total = Number.NaN;
  while (skipPast(scan, colon)) {
    const letter = bytes[labelStart(bytes, scan.at - 2)]!;
    if (!skipToDigit(scan)) break;
    const value = readNumber(scan) / 1e9;
    // Time since last, Reaching, Cleanup, At, Leaving, Total, Threads
    if (letter === 0x52) reach = value;
    if (letter === 0x54 && Number.isNaN(reach) === false && Number.isNaN(total)) total = value;
  }
  if (Number.isNaN(reach) || Number.isNaN(total)) return false;
  builder.safepoints.add({ bytes, from, to }, builder.clock.now, reach, total);
  return true;
}

/** Where the words before a colon begin: behind the comma. */
function labelStart(bytes: Uint8Array, at: number): number {
  let index = at;
  while (index > 0 && bytes[index - 1] !== 0x2c && bytes[index - 1] !== quote) index--;
  while (bytes[index] === 0x20) index++;
  return index;
}

/** `Total time for which application threads were stopped: 0.0000996 seconds, Stopping threads took: 0.0000424 seconds` */
function readStopped(builder: GcLogBuilder, scan: Scan): boolean {
  if (!skipToDigit(scan)) return false;
  const total = readNumber(scan);
  const reach = skipToDigit(scan) ? readNumber(scan) : Number.NaN;
  if (Number.isNaN(total)) return false;
  builder.safepoints.add({ bytes: unnamed, from: 0, to: unnamed.length }, builder.clock.now, reach, total);
  return true;
}
