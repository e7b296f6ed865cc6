import { StackInterner } from "../src/formats/jfr/stack-interner.ts";
import type {
  FrameKind,
  Profile,
  ProfileConfidence,
  ProfileKind,
  ProfileSet,
  ProfileThread,
} from "../src/model/profile.ts";
import type {
  EventColumn,
  EventNumberUnit,
  EventSetting,
  EventTable,
  RecordedJvm,
  RecordingEvidence,
  RecordingFile,
} from "../src/model/recording.ts";
import { poolOf } from "../src/model/thread-pool.ts";
import type { Unit } from "../src/model/units.ts";

/**
 * One event. A text in a field whose name ends in `thread` is a thread's name, and in one that ends in `stackTrace` a stack
 * `root;caller;leaf`; null is “none”, or “not available” of a number.
 */
export type DrawnEvent = Readonly<Record<string, number | string | boolean | null>>;

/** Samples of one stack `root;caller;leaf`; a frame may end in `_[n]` native, `_[k]` kernel or `_[c]` C++. */
export interface DrawnSample {
  readonly stack: string | null;
  readonly weight: number;
  readonly count?: number;
  readonly seconds?: number;
  readonly thread?: string;
  readonly line?: number;
  readonly label?: string;
}

export interface DrawnProfile {
  readonly kind: ProfileKind;
  readonly event: string;
  readonly unit: Unit;
  readonly samples: readonly DrawnSample[];
  readonly confidence?: Partial<ProfileConfidence>;
}

/** What a test says of a recording; all that it leaves out is unremarkable. */
export interface Drawing {
  readonly startMillis?: number;
  readonly durationSeconds?: number;
  readonly tables?: Readonly<Record<string, readonly DrawnEvent[]>>;
  readonly profiles?: readonly DrawnProfile[];
  /** `jdk.FileRead#threshold`: `20 ms` */
  readonly settings?: Readonly<Record<string, string>>;
  readonly eventCounts?: Readonly<Record<string, number>>;
  readonly jvm?: Partial<RecordedJvm>;
  readonly file?: Partial<RecordingFile>;
  readonly virtualThreads?: readonly string[];
  /** Of a field whose name does not tell, by `type.field`. */
  readonly units?: Readonly<Record<string, EventNumberUnit>>;
  readonly omitted?: Readonly<Record<string, { readonly rows: number; readonly seconds: number }>>;
  readonly lostEvents?: number;
  readonly lostBytes?: number;
  readonly unresolvedConstants?: number;
}

/** A recording and its profiles, of events and samples written as plain rows. */
export function drawnRecording(drawing: Drawing): { recording: RecordingEvidence; profiles: ProfileSet } {
  const pen = new Pen(drawing);
  const tables = new Map<string, EventTable>();
  for (const [type, events] of Object.entries(drawing.tables ?? {})) tables.set(type, pen.tableOf(type, events));
  const profiles = (drawing.profiles ?? []).map((profile) => pen.profileOf(profile));
  const counts = [...tables].map(([type, { rows, omittedRows }]) => [type, rows + omittedRows] as const);
  const { startMillis = Date.UTC(2026, 0, 2, 3, 4, 5), durationSeconds = 60 } = drawing;
  const stacks = pen.stacks.table();
  const recording: RecordingEvidence = {
    file: {
      name: "drawn.jfr",
      fileBytes: 1 << 20,
      format: "JFR 2.1",
      chunks: 1,
      isOpen: false,
      losses: [],
      ...drawing.file,
    },
    jvm: { ...unknownJvm, ...drawing.jvm },
    startMillis,
    durationSeconds,
    eventCounts: new Map([...counts, ...Object.entries(drawing.eventCounts ?? {})]),
    lostEvents: drawing.lostEvents ?? 0,
    lostBytes: drawing.lostBytes ?? 0,
    unresolvedConstants: drawing.unresolvedConstants ?? 0,
    threads: pen.threads,
    stacks,
    tables,
    settings: Object.entries(drawing.settings ?? {}).map(settingOf),
  };
  return {
    recording,
    profiles: {
      profiles: profiles.map((profile) => ({ ...profile, stacks })),
      threads: pen.threads,
      startMillis,
      durationSeconds,
    },
  };
}

const unknownJvm: RecordedJvm = {
  name: undefined,
  version: undefined,
  startMillis: undefined,
  pid: undefined,
  jvmArguments: undefined,
  javaArguments: undefined,
  profiler: undefined,
};

/** Numbers threads, stacks and texts as they are mentioned. */
class Pen {
  readonly stacks = new StackInterner();
  readonly threads: ProfileThread[] = [];
  readonly #drawing: Drawing;

  constructor(drawing: Drawing) {
    this.#drawing = drawing;
  }

  tableOf(type: string, events: readonly DrawnEvent[]): EventTable {
    const rows = [...events].sort((a, b) => Number(a.startTime ?? 0) - Number(b.startTime ?? 0));
    const names = new Set(["startTime", ...rows.flatMap((row) => Object.keys(row))]);
    const omitted = this.#drawing.omitted?.[type];
    return {
      type,
      label: type.replace(/^.*\./, ""),
      rows: rows.length,
      omittedRows: omitted?.rows ?? 0,
      omittedSeconds: omitted?.seconds ?? 0,
      columns: new Map([...names].map((name) => [name, this.#columnOf(type, name, rows)])),
    };
  }

  profileOf({ kind, event, unit, samples, confidence }: DrawnProfile): Omit<Profile, "stacks"> {
    const labels: string[] = [];
    return {
      kind,
      event,
      unit,
      sampleStack: Int32Array.from(samples, ({ stack }) => this.#stackOf(stack)),
      sampleWeight: Float64Array.from(samples, ({ weight }) => weight),
      sampleCount: Float64Array.from(samples, ({ count }) => count ?? 1),
      sampleSeconds: Float64Array.from(samples, ({ seconds }) => seconds ?? 0),
      sampleThread: Int32Array.from(samples, ({ thread }) => this.#threadOf(thread ?? null)),
      sampleLine: Int32Array.from(samples, ({ line }) => line ?? 0),
      sampleLabel: Int32Array.from(samples, ({ label }) => textIn(labels, label ?? null)),
      labels,
      confidence: { samplesWithoutStack: 0, truncatedStacks: 0, notes: [], ...confidence },
    };
  }

  #columnOf(type: string, name: string, rows: readonly DrawnEvent[]): EventColumn {
    const values = rows.map((row) => row[name] ?? null);
    if (/stackTrace$/i.test(name)) {
      return { kind: "stack", values: Int32Array.from(values, (value) => this.#stackOf(textOrNull(value))) };
    }
    if (/thread$/i.test(name)) {
      return { kind: "thread", values: Int32Array.from(values, (value) => this.#threadOf(textOrNull(value))) };
    }
    if (values.some((value) => typeof value === "string")) {
      const texts: string[] = [];
      return { kind: "text", values: Int32Array.from(values, (value) => textIn(texts, textOrNull(value))), texts };
    }
    const isBoolean = values.some((value) => typeof value === "boolean");
    const unit = this.#drawing.units?.[`${type}.${name}`] ?? (isBoolean ? "boolean" : unitOf(name));
    const numbers = values.map((value) => (value === null ? Number.NaN : Number(value)));
    return { kind: "number", unit, values: Float64Array.from(numbers) };
  }

  #threadOf(name: string | null): number {
    if (name === null) return -1;
    const known = this.threads.findIndex((thread) => thread.name === name);
    if (known >= 0) return known;
    const isVirtual = name === "" || (this.#drawing.virtualThreads ?? []).includes(name);
    const id = this.threads.length + 1;
    const osId = isVirtual ? undefined : 1_000 + id;
    return this.threads.push({ name, pool: poolOf(name), javaId: id, osId, isVirtual }) - 1;
  }

  #stackOf(text: string | null): number {
    if (text === null) return -1;
    return text.split(";").reduce((caller, frame) => this.stacks.stackOf(caller, this.#frameOf(frame)), -1);
  }

  #frameOf(text: string): number {
    const kind = kindOfMark[text.slice(-4)];
    return kind === undefined ? this.stacks.frameOf(text, "java") : this.stacks.frameOf(text.slice(0, -4), kind);
  }
}

const kindOfMark: Readonly<Record<string, FrameKind>> = { "_[n]": "native", "_[k]": "kernel", "_[c]": "cpp" };

function settingOf([key, value]: readonly [string, string]): EventSetting {
  const [event = "", name = ""] = key.split("#");
  return { event, name, value };
}

function unitOf(name: string): EventNumberUnit {
  if (/address$/i.test(name)) return "address";
  if (/(time|duration|timeout|period|pauses?|age|until)$/i.test(name)) return "seconds";
  if (/(size|bytes|bytesRead|bytesWritten|used|committed|reserved|capacity|allocated|peak|weight)$/i.test(name)) {
    return "bytes";
  }
  return "count";
}

function textOrNull(value: number | string | boolean | null): string | null {
  return value === null ? null : String(value);
}

function textIn(texts: string[], text: string | null): number {
  if (text === null) return -1;
  const known = texts.indexOf(text);
  return known >= 0 ? known : texts.push(text) - 1;
}
