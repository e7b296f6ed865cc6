import type { ProfileKind } from "../../model/profile.ts";
import type { EventSetting } from "../../model/recording.ts";
import { fieldOf } from "./event-filter.ts";
import type { Chunk, EventSink, EventType } from "./events.ts";
import { parseTimespan } from "./timespan.ts";

/** A value from a moment on. */
interface SettingChange {
  readonly seconds: number;
  readonly value: string;
}

/** More changes than these of one setting are not kept: recordings state every setting in every chunk. */
const maxChanges = 1_000;

/** What async-profiler samples every so many nanoseconds; all else that it can sample is counted. */
const timedEvents = new Set(["cpu", "wall", "itimer", "ctimer", "cpu-clock", "task-clock", ""]);

/** Between two samples, where async-profiler states 0: its default. */
const defaultIntervalSeconds = 0.01;
const defaultWallIntervalSeconds = 0.05;

/** The settings that a recording states, and what changed while it was made. */
export class SettingLog {
  readonly #changes = new Map<string, SettingChange[]>();
  #profilerName: string | undefined;

  /** Takes the events of `jdk.ActiveSetting`, and of Datadog's configuration. */
  sinkOf(type: EventType, chunk: Chunk): EventSink | undefined {
    if (type.name === "jdk.ActiveSetting") return this.#activeSettingSink(type, chunk);
    if (type.name === "datadog.DatadogProfilerConfig") return this.#datadogSink(type, chunk);
    return undefined;
  }

  /** The last value of each setting, in the order of names. */
  list(): readonly EventSetting[] {
    return [...this.#changes]
      .map(([key, changes]) => ({ ...partsOf(key), value: changes.at(-1)!.value }))
      .sort((a, b) => compare(a.event, b.event) || compare(a.name, b.name));
  }

  /** The last value of a setting. */
  valueOf(event: string, name: string): string | undefined {
    return this.#changes.get(keyOf(event, name))?.at(-1)?.value;
  }

  /** All values that a setting had, in the order of time. */
  valuesOf(event: string, name: string): readonly string[] {
    return (this.#changes.get(keyOf(event, name)) ?? []).map(({ value }) => value);
  }

  /** `async-profiler 4.1`; undefined of recordings that the JVM made. */
  get profiler(): string | undefined {
    const version =
      this.valueOf("jdk.ActiveRecording", "version") ?? this.valueOf("datadog.DatadogProfilerConfig", "version");
    if (version === undefined && this.#profilerName === undefined) return undefined;
    return [this.#profilerName ?? "async-profiler", version].filter((part) => part !== undefined).join(" ");
  }

  /** What async-profiler was asked to sample: `cpu`, `wall`, `cache-misses`. */
  get profilerEvent(): string | undefined {
    return this.valueOf("jdk.ActiveRecording", "event");
  }

  /** Whether samples of the CPU profile are a time apart, not a number of hardware events. */
  get isTimed(): boolean {
    return timedEvents.has(this.profilerEvent ?? "");
  }

  /** Seconds between samples of an event at a moment; undefined where the recording does not say. */
  intervalsOf(event: string, kind: ProfileKind): ((seconds: number) => number) | undefined {
    const setting = intervalSettings(event, kind === "wall").find((key) => this.#changes.has(key));
    const changes = this.#changes.get(setting ?? "")?.flatMap((change) => intervalOf(change, setting!)) ?? [];
    if (changes.length === 0) return undefined;
    if (changes.length === 1) return () => changes[0]!.interval;
    return (seconds) => (changes.findLast((change) => change.seconds <= seconds) ?? changes[0]!).interval;
  }

  #activeSettingSink(type: EventType, chunk: Chunk): EventSink | undefined {
    const [id, name, value, start] = ["id", "name", "value", "startTime"].map((path) => fieldOf(type, path));
    if (id === undefined || name === undefined || value === undefined) return undefined;
    this.#nameProfiler(chunk);
    const eventOfId = new Map([...chunk.types.values()].map((declared) => [declared.id, declared.name]));
    return (slots) => {
      const event = eventOfId.get(slots[id.slot]!) ?? `type ${slots[id.slot]}`;
      const setting = chunk.text(name, slots[name.slot]!);
      if (setting === undefined) return;
      const seconds = start === undefined ? chunk.startSeconds : slots[start.slot]!;
      this.#note(keyOf(event, setting), { seconds, value: chunk.text(value, slots[value.slot]!) ?? "" });
    };
  }

  #datadogSink(type: EventType, chunk: Chunk): EventSink {
    this.#profilerName = "Datadog java-profiler";
    return (slots) => {
      const note = (path: string, event: string) => {
        const field = fieldOf(type, path);
        if (field === undefined) return;
        const value =
          field.content === "text" ? chunk.text(field, slots[field.slot]!) : `${slots[field.slot]! * 1e3} ms`;
        this.#note(keyOf(event, path === "version" ? path : "period"), {
          seconds: chunk.startSeconds,
          value: value ?? "",
        });
      };
      note("cpuInterval", "datadog.ExecutionSample");
      note("wallInterval", "datadog.MethodSample");
      note("version", type.name);
    };
  }

  #nameProfiler(chunk: Chunk): void {
    const label = chunk.types.get("jdk.ActiveSetting")?.label ?? "";
    if (/^async-profiler/i.test(label)) this.#profilerName ??= "async-profiler";
    if (/^java-profiler/i.test(label)) this.#profilerName = "Datadog java-profiler";
  }

  /** Chunks repeat what holds already, and events of a chunk have no order. */
  #note(key: string, change: SettingChange): void {
    const changes = this.#changes.get(key);
    if (changes === undefined) {
      this.#changes.set(key, [change]);
      return;
    }
    const next = changes.findIndex(({ seconds }) => seconds > change.seconds);
    const place = next < 0 ? changes.length : next;
    if (changes[place - 1]?.value === change.value || changes.length >= maxChanges) return;
    changes.splice(place, 0, change);
  }
}

/** Where the distance of samples may stand, the surest first. */
function intervalSettings(event: string, isWallClock: boolean): readonly string[] {
  const own = [keyOf(event, "period"), keyOf(event, "interval")];
  if (!isWallClock) return own;
  const profilers = [keyOf("jdk.ExecutionSample", "wall"), keyOf("jdk.ExecutionSample", "interval")];
  return [keyOf(event, "wall"), ...own.slice(0, 1), ...profilers];
}

/** JVMs state `20 ms`, async-profiler nanoseconds without a unit. */
function intervalOf({ seconds, value }: SettingChange, key: string): { seconds: number; interval: number }[] {
  const timespan = parseTimespan(value);
  if (timespan !== undefined) return [{ seconds, interval: timespan }];
  if (!/^\d+$/.test(value)) return [];
  const fallback = partsOf(key).name === "wall" ? defaultWallIntervalSeconds : defaultIntervalSeconds;
  return [{ seconds, interval: Number(value) === 0 ? fallback : Number(value) / 1e9 }];
}

function keyOf(event: string, name: string): string {
  return `${event}#${name}`;
}

function partsOf(key: string): { event: string; name: string } {
  const split = key.lastIndexOf("#");
  return { event: key.slice(0, split), name: key.slice(split + 1) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
