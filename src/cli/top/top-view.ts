import type { Verdict } from "../../agent/verdicts.ts";
import { formatDuration } from "../../agent/verdicts.ts";
import { formatBytes, formatCount, formatPercent } from "../../model/format-number.ts";
import type { TierStatus } from "../../model/jvm-source.ts";
import type { Paint, Style } from "../../reports/reporter.ts";
import type { SeenPause, TopState } from "./top-state.ts";

/** What the view says beside the values. */
export interface TopFacts {
  readonly verdicts: readonly Verdict[];
  readonly tiers: readonly TierStatus[];
  readonly policy: string;
  /** Why values are missing, one line each. */
  readonly missing: readonly string[];
}

export interface ViewOptions {
  readonly width: number;
  /** Lines that fit; undefined: all. */
  readonly height: number | undefined;
  readonly paint: Paint;
}

/** One JVM as lines for a terminal. What is not known is not shown. */
export function topLines(state: TopState, facts: TopFacts, { width, height, paint }: ViewOptions): readonly string[] {
  const rows = [
    ...heapRows(state, width),
    ...gcRows(state),
    ...processRows(state),
    ...nativeRows(state),
    ...containerRows(state, width),
    ...threadRows(state),
  ];
  const label = (text: string) => paint("bold", text.padEnd(labelWidth));
  const lines = [
    headLine(state, facts, paint),
    ...facts.verdicts.map(({ severity, text }) => verdictLine(severity, text, paint)),
    ...(facts.verdicts.length === 0 ? [paint("green", "✓ nothing looks wrong")] : []),
    "",
    ...rows.flatMap(({ name, parts }) => wrapParts(label(name), parts, width)),
    "",
    ...poolLines(state, width, paint),
    "",
    ...footLines(state, facts, width).map((line) => paint("dim", line)),
  ];
  return height === undefined ? lines : lines.slice(0, height);
}

interface Row {
  readonly name: string;
  readonly parts: readonly (string | undefined)[];
}

const labelWidth = 11;
const marks: Readonly<Record<Verdict["severity"], readonly [string, Style]>> = {
  critical: ["● CRITICAL", "red"],
  warning: ["▲ WARNING", "yellow"],
  info: ["· INFO", "dim"],
};

function headLine({ target, takenAtMillis }: TopState, { policy }: TopFacts, paint: Paint): string {
  const { identity, resource } = target;
  const up = formatDuration((takenAtMillis - target.startedAtMillis) / 1000);
  const vm = [identity?.javaVersion, identity?.collector].filter((part) => part !== undefined).join(" · ");
  const clock = new Date(takenAtMillis).toISOString().slice(11, 19);
  return `${paint("bold", identity?.name ?? String(resource["service.name"]))}  pid ${identity?.pid} · ${vm} · up ${up} · ${policy} · ${clock}Z`;
}

function verdictLine(severity: Verdict["severity"], text: string, paint: Paint): string {
  const [mark, style] = marks[severity];
  return `${paint(style, mark)}  ${text}`;
}

function heapRows(state: TopState, width: number): readonly Row[] {
  const [used, live, limit] = ["used", "live", "limit"].map((what) => state.value(`jprof.heap.${what}`));
  if (used === undefined) return [];
  const allocation = state.rate("jvm.memory.allocation");
  const promotion = state.rate("jprof.memory.promotion");
  const full = state.value("jprof.heap.time_to_full");
  return [
    {
      name: "heap",
      parts: [
        live !== undefined && limit
          ? `after GC ${formatBytes(live)} of ${formatBytes(limit)} ${gauge(live / limit, width)}`
          : undefined,
        `used ${formatBytes(used)}`,
        state.liveBytes.length > 2 ? `after GC so far ${sparkline(state.liveBytes)}` : undefined,
      ],
    },
    {
      name: "",
      parts: [
        allocation === undefined ? undefined : `allocates ${formatBytes(allocation)}/s`,
        promotion === undefined ? undefined : `promotes ${formatBytes(promotion)}/s`,
        full === undefined ? undefined : `full in ${formatDuration(full)}`,
      ],
    },
  ];
}

function gcRows({ pauses, watchedSeconds, value, rate }: TopState): readonly Row[] {
  const seconds = pauses.map((pause) => pause.seconds).sort((a, b) => a - b);
  const at = (share: number) =>
    formatMillis(seconds[Math.min(seconds.length - 1, Math.floor(seconds.length * share))]!);
  const overhead = value("jprof.gc.overhead");
  const safepoints = rate("jprof.safepoint.count");
  const sync = rate("jprof.safepoint.sync.time");
  const window = formatDuration(watchedSeconds);
  const last = pauses.at(-1);
  return [
    {
      name: "gc",
      parts: [
        seconds.length === 0
          ? `no pause in ${window}`
          : `${formatCount(seconds.length)} pauses in ${window}: p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`,
        overhead === undefined ? undefined : `stopped ${formatPercent(overhead)} of the time`,
        last === undefined ? undefined : `last ${lastPause(last)}`,
      ],
    },
    {
      name: "",
      parts: [
        safepoints === undefined ? undefined : `${safepoints.toFixed(1)} safepoints/s`,
        sync === undefined || !safepoints ? undefined : `${formatMillis(sync / safepoints)} to reach one`,
      ],
    },
  ];
}

function lastPause({ name, cause, seconds }: SeenPause): string {
  return `${formatMillis(seconds)} ${name}${cause === "" ? "" : ` (${cause})`}`;
}

function processRows(state: TopState): readonly Row[] {
  const cpu = state.rate("jvm.cpu.time");
  const cpus = state.value("jvm.cpu.count");
  const read = state.rate("process.disk.io", { "disk.io.direction": "read" });
  const write = state.rate("process.disk.io", { "disk.io.direction": "write" });
  const waiting = state.rate("jprof.process.delay.time");
  return [
    {
      name: "cpu",
      parts: [
        cpu === undefined ? undefined : `${cpu.toFixed(2)} of ${cpus === undefined ? "?" : formatCount(cpus)} CPUs`,
        waiting === undefined ? undefined : `threads wait for a CPU ${waiting.toFixed(2)} s/s`,
        read === undefined ? undefined : `disk reads ${formatBytes(read)}/s`,
        write === undefined ? undefined : `writes ${formatBytes(write)}/s`,
      ],
    },
  ];
}

function nativeRows(state: TopState): readonly Row[] {
  const rss = state.value("process.memory.usage");
  const kinds = state
    .samples("jprof.process.memory.resident")
    .map(({ labels, value }) => `${labels["jprof.memory.kind"]} ${formatBytes(value)}`);
  const untracked = state.value("jprof.process.memory.untracked");
  const swap = state.value("jprof.process.memory.swap");
  const categories = state
    .samples("jprof.nmt.committed")
    .filter(({ value }) => value >= 1 << 20)
    .sort((a, b) => b.value - a.value)
    .slice(0, 6)
    .map(({ labels, value }) => `${labels["jprof.nmt.category"]} ${formatBytes(value)}`);
  const buffers = state
    .samples("jvm.buffer.memory.used")
    .map(({ labels, value }) => `${labels["jvm.buffer.pool.name"]} buffers ${formatBytes(value)}`);
  return [
    {
      name: "native",
      parts: [
        rss === undefined ? undefined : `RSS ${formatBytes(rss)}${kinds.length > 0 ? ` (${kinds.join(", ")})` : ""}`,
        untracked === undefined ? undefined : `not tracked by the JVM ${formatBytes(untracked)}`,
        swap === undefined || swap === 0 ? undefined : `swapped ${formatBytes(swap)}`,
      ],
    },
    { name: "", parts: categories.length > 0 ? [`NMT: ${categories.join(", ")}`] : [] },
    { name: "", parts: buffers },
  ];
}

function containerRows(state: TopState, width: number): readonly Row[] {
  const limit = state.value("jprof.container.memory.limit");
  const used = state.value("container.memory.working_set");
  const left = state.value("jprof.container.memory.time_to_limit");
  const throttled = state.rate("jprof.container.cpu.throttled.time");
  const kills = state.value("jprof.container.memory.events", { "jprof.cgroup.event": "oom_kill" });
  return [
    {
      name: "container",
      parts: [
        limit === undefined || used === undefined
          ? undefined
          : `${formatBytes(used)} of ${formatBytes(limit)} ${gauge(used / limit, width)}`,
        left === undefined ? undefined : `at its limit in ${formatDuration(left)}`,
        throttled === undefined || throttled === 0 ? undefined : `throttled ${throttled.toFixed(2)} s/s`,
        kills === undefined || kills === 0 ? undefined : `${formatCount(kills)} killed for memory`,
      ],
    },
  ];
}

function threadRows(state: TopState): readonly Row[] {
  const threads = state.samples("jvm.thread.count");
  const count = threads.reduce((sum, { value }) => sum + value, 0);
  const daemons = threads
    .filter(({ labels }) => labels["jvm.thread.daemon"] === "true")
    .reduce((sum, { value }) => sum + value, 0);
  const [open, most] = [state.value("jvm.file_descriptor.count"), state.value("jvm.file_descriptor.limit")];
  const classes = state.value("jvm.class.count");
  const compiled = state.rate("jprof.jit.compilations");
  return [
    {
      name: "threads",
      parts: [
        threads.length === 0 ? undefined : `${formatCount(count)} (${formatCount(daemons)} daemons)`,
        open === undefined
          ? undefined
          : `files ${formatCount(open)}${most === undefined ? "" : ` of ${formatCount(most)}`}`,
        classes === undefined ? undefined : `classes ${formatCount(classes)}`,
        compiled === undefined ? undefined : `${compiled.toFixed(1)} compilations/s`,
      ],
    },
  ];
}

function poolLines(state: TopState, width: number, paint: Paint): readonly string[] {
  const pools = state.samples("jvm.memory.used");
  if (pools.length === 0) return [];
  const of = (name: string, pool: string) => state.value(name, { "jvm.memory.pool.name": pool });
  const cell = (bytes: number | undefined) => (bytes === undefined ? "" : formatBytes(bytes)).padStart(11);
  const rows = pools.map(({ labels, value }) => {
    const pool = labels["jvm.memory.pool.name"] ?? "";
    const others = ["committed", "limit", "used_after_last_gc"].map((name) => cell(of(`jvm.memory.${name}`, pool)));
    return `${pool.slice(0, 34).padEnd(34)}${cell(value)}${others.join("")}`.slice(0, width);
  });
  const titles = ["used", "committed", "limit", "after GC"].map((title) => title.padStart(11)).join("");
  return [paint("dim", `${"pool".padEnd(34)}${titles}`.slice(0, width)), ...rows];
}

function footLines(state: TopState, { tiers, missing }: TopFacts, width: number): readonly string[] {
  const stopped = state.samples("jprof.target.stopped.time").reduce((sum, { value }) => sum + value, 0);
  const requests = state.samples("jprof.target.requests").reduce((sum, { value }) => sum + value, 0);
  const ways = tiers.map(({ tier, state: how }) => `${tier} ${how}`).join(" · ");
  const reasons = [...new Set(missing)].map((reason) => reason.slice(0, width));
  return [
    `asked ${formatCount(requests)} times, stopped it ${formatMillis(stopped)} · ${ways}`.slice(0, width),
    ...reasons,
  ];
}

/** Parts of one row side by side, on as many lines as they need. */
function wrapParts(label: string, parts: Row["parts"], width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of parts) {
    if (part === undefined) continue;
    if (line !== "" && labelWidth + line.length + 3 + part.length > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? part : `${line}   ${part}`;
  }
  if (line !== "") lines.push(line);
  return lines.map(
    (text, index) => `${index === 0 ? label : " ".repeat(labelWidth)}${text.slice(0, width - labelWidth)}`,
  );
}

function gauge(share: number, width: number): string {
  const cells = width < 90 ? 10 : 20;
  const full = Math.max(0, Math.min(cells, Math.round(share * cells)));
  return `▕${"█".repeat(full)}${"░".repeat(cells - full)}▏ ${formatPercent(share)}`;
}

const bars = "▁▂▃▄▅▆▇█";

/** The last values as bars from the least to the most of them. */
function sparkline(values: readonly number[]): string {
  const shown = values.slice(-24);
  const least = Math.min(...shown);
  const span = Math.max(...shown) - least;
  return shown.map((value) => bars[span === 0 ? 0 : Math.round(((value - least) / span) * (bars.length - 1))]).join("");
}

/** `0.4 ms`, `12 ms`, `1.2 s`. */
function formatMillis(seconds: number): string {
  if (seconds === 0) return "0 ms";
  if (seconds < 0.01) return `${(seconds * 1000).toFixed(seconds < 0.001 ? 2 : 1)} ms`;
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;
}
