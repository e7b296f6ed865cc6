import { formatBytes } from "../model/format-number.ts";
import type { Obstacle, VmKind } from "../model/jvm-source.ts";
import type { Source } from "../model/metric.ts";
import type { CollectorName } from "../model/target.ts";
import type { Paint } from "../reports/reporter.ts";
import { printable, shortClassName, wrap } from "../reports/wrapping.ts";
import type { HeapLook, JvmLook, PauseLook } from "./jvm-look.ts";

const unknown = "–";
const gap = "  ";
/** A heap as full as this after a collection is about to stop the service. */
const fullRatio = 0.9;

const columns = [
  { title: "PID", cell: ({ identity }: JvmLook) => String(identity.pid), isRight: true },
  { title: "UP", cell: ({ uptimeSeconds }: JvmLook) => formatUptime(uptimeSeconds), isRight: true },
  { title: "JVM", cell: versionCell, isRight: false },
  { title: "GC", cell: collectorCell, isRight: false },
  { title: "HEAP after GC / max", cell: ({ heap }: JvmLook) => heapCell(heap), isRight: true },
  {
    title: "GC PAUSE mean / s",
    cell: ({ pauses, uptimeSeconds }: JvmLook) => pauseCell(pauses, uptimeSeconds),
    isRight: true,
  },
  {
    title: "RSS",
    cell: ({ residentBytes }: JvmLook) => (residentBytes === undefined ? unknown : formatBytes(residentBytes)),
    isRight: true,
  },
] as const;

/** The JVMs as a table; below each what keeps it from being seen. */
export function psText(jvms: readonly JvmLook[], width: number, paint: Paint): string {
  if (jvms.length === 0) return "no JVM is to be seen here; jprof doctor tells what hides processes\n";
  const rows = jvms.map((jvm) => columns.map(({ cell }) => printable(cell(jvm))));
  const widths = columns.map(({ title }, index) => Math.max(title.length, ...rows.map((row) => row[index]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => (columns[index]!.isRight ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!)))
      .join(gap);
  const left = line(rows[0]!).length + gap.length;
  const firstOf = firstWithEach(jvms);
  const lines = jvms.flatMap((jvm, index) => {
    const name = shortClassName(printable(jvm.identity.name), Math.max(width - left, 24));
    const shown = paintRow(`${line(rows[index]!)}${gap}${name}`, jvm, paint);
    const reasons = jvm.obstacles.map((obstacle) => reasonOf(obstacle, jvm, firstOf));
    return [shown, ...reasons.flatMap((text) => reasonLines(text, widths[0]! + gap.length, width, paint))];
  });
  return `${[paint("dim", `${line(columns.map(({ title }) => title))}${gap}WHAT`), ...lines].join("\n")}\n`;
}

function paintRow(row: string, { heap, kind }: JvmLook, paint: Paint): string {
  if (kind !== "hotspot") return paint("dim", row);
  return heap && isFull(heap) ? paint("yellow", row) : row;
}

function reasonLines(text: string, indent: number, width: number, paint: Paint): readonly string[] {
  return wrap(printable(text), width - indent).map((line) => paint("dim", `${" ".repeat(indent)}${line}`));
}

const missing: Readonly<Record<Source | "process", string>> = {
  process: "not to be seen",
  "perf-counters": "no perf counters",
  attach: "cannot be asked",
  mbeans: "no MBeans",
  proc: "no process files",
  cgroup: "no control group",
  recording: "not recorded",
  jprof: "not watched",
};

/** The pid of the first JVM that has the obstacle: only there it is told in full. */
function firstWithEach(jvms: readonly JvmLook[]): ReadonlyMap<string, number> {
  const firstOf = new Map<string, number>();
  for (const { obstacles, identity } of jvms) {
    for (const { code } of obstacles) if (!firstOf.has(code)) firstOf.set(code, identity.pid);
  }
  return firstOf;
}

function reasonOf(
  { tier, code, detail }: Obstacle,
  { identity }: JvmLook,
  firstOf: ReadonlyMap<string, number>,
): string {
  const first = firstOf.get(code);
  return `${missing[tier]}: ${first === identity.pid ? detail : `${code}, as ${first}`}`;
}

const kindNames: Readonly<Record<VmKind, string>> = {
  hotspot: unknown,
  openj9: "OpenJ9",
  "native-image": "native image",
  unknown: "unknown",
};

function versionCell({ kind, identity }: JvmLook): string {
  return kind === "hotspot" ? (identity.javaVersion ?? unknown) : kindNames[kind];
}

const shortNames: Readonly<Partial<Record<CollectorName, string>>> = { ZGC: "Z", Shenandoah: "Shen" };

function collectorCell({ kind, identity: { collector } }: JvmLook): string {
  if (kind !== "hotspot") return "✗";
  return collector === undefined ? unknown : (shortNames[collector] ?? collector);
}

function heapCell(heap: HeapLook | undefined): string {
  if (heap === undefined) return unknown;
  const { afterGcBytes, usedBytes, limitBytes } = heap;
  const used = afterGcBytes === undefined ? `≤ ${formatBytes(usedBytes)}` : formatBytes(afterGcBytes);
  const limit = limitBytes === undefined ? unknown : formatBytes(limitBytes);
  return `${isFull(heap) ? "▲ " : ""}${used} / ${limit}`;
}

function isFull({ afterGcBytes, limitBytes }: HeapLook): boolean {
  return afterGcBytes !== undefined && limitBytes !== undefined && afterGcBytes >= fullRatio * limitBytes;
}

function pauseCell(pauses: PauseLook | undefined, uptimeSeconds: number): string {
  if (pauses === undefined) return unknown;
  if (pauses.count === 0) return "none";
  return `${formatPause(pauses.totalSeconds / pauses.count)} / ${formatRate(pauses.count / Math.max(uptimeSeconds, 1))}`;
}

function formatPause(seconds: number): string {
  const millis = seconds * 1000;
  if (millis >= 1000) return `${seconds.toFixed(1)} s`;
  return `${millis.toFixed(millis >= 10 ? 0 : millis >= 0.1 ? 1 : 2)} ms`;
}

function formatRate(perSecond: number): string {
  if (perSecond < 0.001) return "<0.001";
  return perSecond.toFixed(perSecond >= 10 ? 0 : perSecond >= 1 ? 1 : perSecond >= 0.01 ? 2 : 3);
}

const units = [
  { seconds: 86_400, name: "d" },
  { seconds: 3600, name: "h" },
  { seconds: 60, name: "min" },
  { seconds: 1, name: "s" },
] as const;

/** The two biggest units: `3 d 4 h`, `12 min`, `42 s`. */
export function formatUptime(seconds: number): string {
  const whole = Math.floor(seconds);
  const biggest = units.findIndex((unit) => whole >= unit.seconds);
  if (biggest < 0) return "0 s";
  const { seconds: unit, name } = units[biggest]!;
  const next = units[biggest + 1];
  const rest = next === undefined || name === "min" ? 0 : Math.floor((whole % unit) / next.seconds);
  return `${Math.floor(whole / unit)} ${name}${rest > 0 ? ` ${rest} ${next!.name}` : ""}`;
}
