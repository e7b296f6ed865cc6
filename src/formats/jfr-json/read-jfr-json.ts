import type { ByteSource } from "../../bytes/byte-source.ts";
import { noStack, StackBuilder } from "../../bytes/stack-builder.ts";
import { FormatError } from "../../model/errors.ts";
import type { ProfileSet } from "../../model/profile.ts";
import { parseFrameName } from "../frames/frame-name.ts";
import { SampleRows } from "../frames/sample-rows.ts";
import { ThreadNames } from "../frames/thread-names.ts";
import { type EventKind, eventKinds } from "./event-kinds.ts";
import { readJsonObjects } from "./json-objects.ts";
import { type JsonRecord, listOf, parseDuration, recordOf, sourceName, textOf } from "./json-values.ts";

/** Brackets around an event: the file's, the recording's, the list's. */
const eventDepth = 3;

/** Reads the profiles of a recording that `jfr print --json` wrote, one event at a time. */
export function readJfrJson(source: ByteSource): ProfileSet {
  const recording = new JsonRecording();
  const read = readJsonObjects(source, eventDepth, (text, offset) => recording.add(text, offset));
  const set = recording.profileSet(read.isCut ? [`the file is cut off at byte ${read.bytes}`] : [], read.skipped);
  if (set.profiles.length === 0) {
    throw new FormatError(
      `expected events with stacks as jfr print --json writes them, got none in ${read.bytes} bytes`,
      0,
    );
  }
  return set;
}

class JsonRecording {
  readonly #builder = new StackBuilder();
  readonly #frameOf = new Map<string, number>();
  readonly #threads = new ThreadNames();
  readonly #rows = new Map<string, SampleRows>();
  readonly #truncated = new Map<string, number>();
  #startMillis = Number.POSITIVE_INFINITY;
  #endMillis = Number.NEGATIVE_INFINITY;
  #unreadable = 0;
  #firstUnreadable = -1;

  add(text: string, offset: number): void {
    let event: JsonRecord;
    try {
      event = recordOf(JSON.parse(text));
    } catch {
      // Counted below: one damaged event is a loss, not the end of the file.
      this.#unreadable++;
      if (this.#firstUnreadable < 0) this.#firstUnreadable = offset;
      return;
    }
    const type = textOf(event.type) ?? "";
    const kind = eventKinds[type];
    const values = recordOf(event.values);
    const startMillis = Date.parse(textOf(values.startTime) ?? "");
    if (startMillis < this.#startMillis) this.#startMillis = startMillis;
    if (startMillis > this.#endMillis) this.#endMillis = startMillis;
    if (kind !== undefined) this.#addSample(type, kind, values, startMillis);
  }

  #addSample(type: string, kind: EventKind, values: JsonRecord, startMillis: number): void {
    let rows = this.#rows.get(type);
    if (rows === undefined) {
      rows = new SampleRows({ kind: kind.kind, event: type, unit: kind.unit });
      this.#rows.set(type, rows);
    }
    const trace = recordOf(values.stackTrace);
    const frames = listOf(trace.frames);
    if (trace.truncated === true) this.#truncated.set(type, (this.#truncated.get(type) ?? 0) + 1);
    const line = Number(recordOf(frames[0]).lineNumber) || 0;
    rows.push({
      stack: this.#stackOf(frames),
      weight: weightOf(kind, values),
      seconds: startMillis / 1000,
      thread: this.#threadOf(recordOf(values[kind.thread ?? "eventThread"])),
      line: Math.max(line, 0),
      label: kind.label === undefined ? undefined : labelOf(values[kind.label]),
    });
  }

  /** Frames come leaf first. */
  #stackOf(frames: readonly unknown[]): number {
    let stack = noStack;
    for (let index = frames.length - 1; index >= 0; index--) {
      const frame = recordOf(frames[index]);
      const method = recordOf(frame.method);
      const className = textOf(recordOf(method.type).name) ?? "";
      const name = `${className}${className === "" ? "" : "."}${textOf(method.name) ?? "[unknown]"}`;
      stack = this.#builder.call(stack, this.#frame(name, textOf(frame.type)));
    }
    return stack;
  }

  #frame(name: string, type: string | undefined): number {
    const key = `${type ?? ""} ${name}`;
    const known = this.#frameOf.get(key);
    if (known !== undefined) return known;
    const isJava = type === undefined || ["JIT compiled", "Interpreted", "Inlined"].includes(type);
    const frame = isJava
      ? this.#builder.frame(
          name.replace(/^[\w/$]+(?=\.|\/0x)/, (path) => path.replaceAll("/", ".")),
          "java",
        )
      : this.#builder.frame(
          parseFrameName(name).name,
          type === "Kernel" ? "kernel" : type === "C++" ? "cpp" : "native",
        );
    this.#frameOf.set(key, frame);
    return frame;
  }

  #threadOf(thread: JsonRecord): number {
    const name = textOf(thread.javaName) ?? textOf(thread.osName);
    if (name === undefined) return -1;
    const javaId = Number(thread.javaThreadId);
    const osId = Number(thread.osThreadId);
    return this.#threads.numberOf({ name, javaId: javaId > 0 ? javaId : undefined, osId: osId > 0 ? osId : undefined });
  }

  profileSet(notes: readonly string[], skipped: number): ProfileSet {
    const start = this.#startMillis;
    const unreadable = this.#unreadable + skipped;
    const where = this.#firstUnreadable < 0 ? "" : `, the first is at byte ${this.#firstUnreadable}`;
    const losses = unreadable === 0 ? [] : [`${unreadable} events cannot be read${where}`];
    const table = this.#builder.table();
    const profiles = [...this.#rows].map(([type, rows]) => {
      const truncatedStacks = this.#truncated.get(type) ?? 0;
      const profile = rows.profile(table, { truncatedStacks, notes: [...notes, ...losses] });
      const { sampleSeconds } = profile;
      return sampleSeconds ? { ...profile, sampleSeconds: sampleSeconds.map((time) => time - start / 1000) } : profile;
    });
    return {
      profiles,
      threads: this.#threads.threads,
      startMillis: Number.isFinite(start) ? start : undefined,
      durationSeconds: this.#endMillis > start ? (this.#endMillis - start) / 1000 : undefined,
    };
  }
}

function weightOf({ unit, weight }: EventKind, values: JsonRecord): number {
  if (weight.length === 0) return 1;
  const value = weight.map((name) => values[name]).find((field) => field !== undefined && field !== null);
  const number = unit === "seconds" ? parseDuration(value) : Number(value);
  return Number.isFinite(number) ? number : 0;
}

/** A class, named as the JVM does, or a text as it is. */
function labelOf(value: unknown): string | undefined {
  const className = textOf(recordOf(value).name);
  return className === undefined ? textOf(value) : sourceName(className);
}
