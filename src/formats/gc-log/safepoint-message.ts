import { unnamedOperation } from "../../model/gc-log-evidence.ts";
import type { GcLogBuilder } from "./gc-log-builder.ts";
import type { Scan } from "./message-key.ts";
import { readNumber, skipPast, skipToDigit } from "./numbers.ts";

const quote = 0x22;
const colon = 0x3a;
/** Behind a number: ` ns, `. */
const nextName = 5;
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
  let letter = 0;
  // Time since last, Reaching, Cleanup, At, Leaving, Total, Threads: in nanoseconds, all but the last.
  while (skipPast(scan, colon) && skipToDigit(scan)) {
    const value = readNumber(scan);
    if (letter === 0x52) reach = value / 1e9;
    if (letter === 0x54) {
      total = value / 1e9;
      break;
    }
    letter = bytes[scan.at + nextName]!;
  }
  if (Number.isNaN(reach) || Number.isNaN(total)) return false;
  builder.safepoints.add({ bytes, from, to }, builder.clock.now, reach, total);
  return true;
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
