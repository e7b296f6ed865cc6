import { unnamedOperation } from "../../model/gc-log-evidence.ts";
import { ranks } from "./collection-rows.ts";
import type { GcLogBuilder } from "./gc-log-builder.ts";
import type { Scan } from "./message-key.ts";
import { readSize, SizeChange } from "./numbers.ts";

/** What an event of an older log was. */
export type Told = "collection" | "other" | "unknown";

/** One event of an older log, all its lines together, without its time. */
export function tellLegacyEvent(builder: GcLogBuilder, event: string, gcId: number): Told {
  const [line = ""] = event.split("\n", 1);
  if (/^(?:Total time for which|Application time|Stopping threads|#|\{?Heap|\}?$)/.test(line))
    return tellStop(builder, line);
  if (/^\[(?:GC |CMS-|G1)?concurrent|^\[GC concurrent|^\[CMS-concurrent/i.test(line))
    return tellConcurrent(builder, line, gcId);
  if (!/^\[(?:Full )?GC\b|^\[Full GC/.test(line)) return /^\S*\[|^: /.test(line) ? "unknown" : "other";
  return tellCollection(builder, event, gcId);
}

const unnamed = new TextEncoder().encode(unnamedOperation);

function tellStop(builder: GcLogBuilder, line: string): Told {
  const [, stopped, reach] =
    /threads were stopped: (\d+[.,]\d+) seconds(?:, Stopping threads took: (\d+[.,]\d+))?/.exec(line) ?? [];
  if (stopped !== undefined) {
    const span = { bytes: unnamed, from: 0, to: unnamed.length };
    builder.safepoints.add(
      span,
      builder.clock.now,
      reach === undefined ? Number.NaN : numberOf(reach),
      numberOf(stopped),
    );
  }
  return "other";
}

function tellConcurrent(builder: GcLogBuilder, line: string, gcId: number): Told {
  const [, name, seconds] =
    /\[(?:GC )?([\w-]*concurrent-[\w-]+?)(?:-end)?(?:: [\d.]+\/|, )(\d+[.,]\d+) secs\]/.exec(line) ?? [];
  if (name !== undefined && seconds !== undefined) {
    const bytes = new TextEncoder().encode(name);
    builder.phases.add({ bytes, from: 0, to: bytes.length }, { gcId, seconds: numberOf(seconds), isConcurrent: true });
  }
  return "other";
}

function tellCollection(builder: GcLogBuilder, event: string, gcId: number): Told {
  const seconds = secondsOf(event);
  if (seconds === undefined) return "unknown";
  guessCollector(builder, event);
  const label = builder.labels.of(labelOf(event));
  const start = builder.clock.now;
  builder.begin(gcId, label, ranks.phase);
  tellPools(builder, event, gcId);
  builder.pause(gcId, { label, seconds, change: heapChangeOf(event), start });
  if (/concurrent mode (?:failure|interrupted)/.test(event)) builder.fail(gcId, "concurrent mode failure");
  else if (/promotion failed/.test(event)) builder.fail(gcId, "promotion failed");
  const [, desired, threshold, greatest] =
    /Desired survivor size (\d+) bytes, new threshold (\d+) \(max (\d+)\)/.exec(event) ?? [];
  if (desired !== undefined) builder.heap.threshold(Number(desired), Number(threshold), Number(greatest));
  const [, user, system, real] =
    /\[Times: user=(\d+[.,]\d+) sys=(\d+[.,]\d+), real=(\d+[.,]\d+) secs\]/.exec(event) ?? [];
  if (user !== undefined && system !== undefined && real !== undefined) {
    builder.processor(gcId, { user: numberOf(user), system: numberOf(system), real: numberOf(real) });
  }
  return "collection";
}

/** The last time before those of the processor is the one of the whole event. */
function secondsOf(event: string): number | undefined {
  const before = event.split("[Times:", 1)[0]!;
  const last = [...before.matchAll(/, (\d+[.,]\d+) secs\]/g)].at(-1)?.[1];
  if (last !== undefined) return numberOf(last);
  const real = /real=(\d+[.,]\d+) secs\]/.exec(event)?.[1];
  return real === undefined ? undefined : numberOf(real);
}

/** The same words as unified logging has, so that causes of old and new logs have one name. */
function labelOf(event: string): string {
  const cause = causeOf(event);
  const suffix = cause === undefined ? "" : ` (${cause})`;
  if (/CMS[ -][Ii]nitial[ -][Mm]ark/.test(event)) return "Pause Initial Mark";
  if (/CMS[ -](?:Final )?[Rr]emark|^\[GC remark/.test(event)) return "Pause Remark";
  if (/^\[GC cleanup/.test(event)) return "Pause Cleanup";
  if (/^\[Full GC/.test(event)) return `Pause Full${suffix}`;
  // An old generation that was collected within a young collection's event makes it a full one.
  if (/\[(?:CMS|Tenured): /.test(event) || /\[(?:CMS|Tenured)(?:\d| \()/.test(event)) return `Pause Full${suffix}`;
  const failed = /to-space (?:exhausted|overflow)/.test(event) ? " (Evacuation Failure)" : "";
  if (/\(mixed\)/.test(event)) return `Pause Young (Mixed)${suffix}${failed}`;
  if (/\(initial-mark\)/.test(event)) return `Pause Young (Concurrent Start)${suffix}${failed}`;
  if (/^\[GC pause/.test(event)) return `Pause Young (Normal)${suffix}${failed}`;
  return `Pause Young${suffix}${failed}`;
}

const marks =
  /^(?:young|mixed|initial-mark|to-space (?:exhausted|overflow)|promotion failed|concurrent mode failure|concurrent mode interrupted|CMS Initial Mark|CMS Final Remark)$/;

function causeOf(event: string): string | undefined {
  const head = event.slice(0, 200);
  const groups = [...head.matchAll(/\(((?:[^()]|\(\))+)\)/g)].map(([, group]) => group!);
  return groups.find((group) => !marks.test(group) && /^[A-Z]/.test(group) && !/^\d/.test(group));
}

function guessCollector(builder: GcLogBuilder, event: string): void {
  if (builder.clock.collector !== undefined) return;
  if (/PSYoungGen/.test(event)) builder.clock.guess("Parallel");
  else if (/ParNew|CMS/.test(event)) builder.clock.guess("CMS");
  else if (/DefNew/.test(event)) builder.clock.guess("Serial");
  else if (/G1 |GC pause|Survivors: /.test(event)) builder.clock.guess("G1");
}

function tellPools(builder: GcLogBuilder, event: string, gcId: number): void {
  tellOldOfG1(builder, event, gcId);
  for (const [pattern, pool] of pools) {
    const at = pattern.exec(event);
    const change = at === null ? undefined : changeIn(at[1]!);
    if (change !== undefined) builder.pool(gcId, pool, change.before, change.after);
  }
}

const amount = String.raw`(\d+(?:[.,]\d+)?[BKMG])`;
const g1Heap = new RegExp(
  String.raw`\[Eden: ${amount}\([^)]*\)->${amount}\([^)]*\) Survivors: ${amount}->${amount} Heap: ${amount}\([^)]*\)->${amount}\(`,
);

/** What is neither Eden nor survivors. */
function tellOldOfG1(builder: GcLogBuilder, event: string, gcId: number): void {
  const sizes = g1Heap.exec(event)?.slice(1).map(sizeOf);
  if (sizes === undefined) return;
  const [edenBefore = 0, edenAfter = 0, survivorsBefore = 0, survivorsAfter = 0, before = 0, after = 0] = sizes;
  const oldBefore = Math.max(0, before - edenBefore - survivorsBefore);
  builder.pool(gcId, "old", oldBefore, Math.max(0, after - edenAfter - survivorsAfter));
}

function sizeOf(text: string): number {
  const bytes = new TextEncoder().encode(text);
  return readSize({ bytes, at: 0, end: bytes.length });
}

const change = String.raw`(\d+[KMGB]->\d+[KMGB]\(\d+[KMGB]\))`;
const pools = [
  [new RegExp(String.raw`\[(?:PSYoungGen|DefNew|ParNew)(?: \([^)]*\))*: ${change}`), "young"],
  [new RegExp(String.raw`\[(?:ParOldGen|PSOldGen|Tenured|CMS)[^\]]{0,200}?: ${change}`), "old"],
  [new RegExp(String.raw`\[(?:Metaspace|CMS Perm|Perm|PSPermGen)\s*: ${change}`), "metaspace"],
] as const;

/** Of G1's details, or the one that no collector's part of the heap precedes. */
function heapChangeOf(event: string): SizeChange | undefined {
  const detailed =
    /Heap: (\d+(?:[.,]\d+)?[BKMG])\(\d+(?:[.,]\d+)?[BKMG]\)->(\d+(?:[.,]\d+)?[BKMG])\((\d+(?:[.,]\d+)?[BKMG])\)/.exec(
      event,
    );
  if (detailed !== null) return changeIn(`${detailed[1]}->${detailed[2]}(${detailed[3]})`);
  const whole = event.replace(/: \d+[KMGB]->\d+[KMGB]\(\d+[KMGB]\)/g, "");
  const found = /(\d+(?:[.,]\d+)?[KMGB]->\d+(?:[.,]\d+)?[KMGB]\(\d+(?:[.,]\d+)?[KMGB]\))/.exec(whole)?.[1];
  return found === undefined ? undefined : changeIn(found);
}

function changeIn(text: string): SizeChange | undefined {
  const bytes = new TextEncoder().encode(text);
  const scan: Scan = { bytes, at: 0, end: bytes.length };
  const change = new SizeChange();
  return change.read(scan) ? change : undefined;
}

function numberOf(text: string): number {
  return Number(text.replace(",", "."));
}
