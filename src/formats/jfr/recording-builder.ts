import type { ProfileSet } from "../../model/profile.ts";
import type { RecordingEvidence } from "../../model/recording.ts";
import { ChunkStackTable } from "./chunk-stacks.ts";
import { defaultTables } from "./default-tables.ts";
import { type EventTest, eventTest, type RecordingFilter } from "./event-filter.ts";
import { EventTableBuilder } from "./event-table-builder.ts";
import type { Chunk, EventSink, EventsRead, EventType, RecordingVisitor } from "./events.ts";
import { JvmInformation } from "./jvm-information.ts";
import { KnownStacks } from "./known-stacks.ts";
import { LossCount } from "./loss-count.ts";
import type { ChunkParts } from "./profile-builder.ts";
import { ProfileBuilders } from "./profile-builders.ts";
import { ReferenceChains } from "./reference-chain.ts";
import { SettingLog } from "./settings.ts";
import { StackInterner } from "./stack-interner.ts";
import { chunkThreads, ThreadTable } from "./thread-table.ts";

/** Where the events of a recording go, and how much is kept. */
export interface RecordingBuilderOptions {
  readonly tables?: "all" | readonly string[];
  readonly maxRowsPerTable?: number;
  readonly maxSamplesPerProfile?: number;
  readonly filter?: RecordingFilter;
}

/** Types that tell of the whole recording, whatever part of it is wanted. */
const timeless = new Set(["jdk.ActiveSetting", "jdk.JVMInformation", "datadog.DatadogProfilerConfig"]);

/** Makes evidence and profiles of events while they are read. */
export class RecordingBuilder implements RecordingVisitor {
  readonly #filter: RecordingFilter;
  readonly #isTable: (type: string) => boolean;
  readonly #maxRowsPerTable: number;
  readonly #interner = new StackInterner();
  readonly #knownStacks = new KnownStacks();
  readonly #threads = new ThreadTable();
  readonly #settings = new SettingLog();
  readonly #jvm = new JvmInformation();
  readonly #losses = new LossCount();
  readonly #profiles: ProfileBuilders;
  readonly #tables = new Map<string, EventTableBuilder>();
  #parts: ChunkParts | undefined;

  constructor(options: RecordingBuilderOptions) {
    const { tables = defaultTables, maxRowsPerTable = 200_000, maxSamplesPerProfile = 100_000, filter = {} } = options;
    const wanted = tables === "all" ? undefined : new Set(tables);
    this.#isTable = (type) => wanted?.has(type) ?? true;
    this.#maxRowsPerTable = maxRowsPerTable;
    this.#filter = filter;
    this.#profiles = new ProfileBuilders(maxSamplesPerProfile);
  }

  beginChunk(chunk: Chunk): void {
    this.#parts = {
      chunk,
      stacks: new ChunkStackTable(chunk, this.#interner, this.#knownStacks),
      threadOf: chunkThreads(chunk, this.#threads),
      references: new ReferenceChains(chunk),
      originSeconds: this.#filter.fromSeconds ?? 0,
    };
  }

  sinkOf(type: EventType, chunk: Chunk): EventSink | undefined {
    const parts = this.#parts!;
    const sinks = [this.#settings.sinkOf(type, chunk), this.#jvm.sinkOf(type, chunk), this.#losses.sinkOf(type)];
    const lookup = { threadOf: parts.threadOf, threads: this.#threads.threads };
    const test = timeless.has(type.name) ? undefined : eventTest(this.#filter, type, chunk, lookup);
    if (this.#filter.isEvent?.(type.name) !== false) sinks.push(...this.#profiles.sinksOf(type, parts, test));
    if (this.#isTable(type.name)) sinks.push(this.#tableSink(type, parts, test));
    return oneSink(sinks.filter((sink) => sink !== undefined));
  }

  endChunk(): void {
    this.#profiles.endChunk();
    this.#parts = undefined;
  }

  finish(
    read: EventsRead,
    file: { readonly name: string; readonly fileBytes: number },
  ): { readonly recording: RecordingEvidence; readonly profiles: ProfileSet } {
    const { startMillis, durationSeconds } = this.#window(read);
    const stacks = this.#interner.table();
    const profiles = this.#profiles.finish({ stacks, settings: this.#settings, losses: this.#losses });
    const { threads } = this.#threads;
    const recording: RecordingEvidence = {
      file: { ...file, format: read.format, chunks: read.chunks, isOpen: read.isOpen, losses: read.losses },
      jvm: this.#jvm.finish(read.startMillis, this.#settings.profiler),
      startMillis,
      durationSeconds,
      eventCounts: read.eventCounts,
      lostEvents: read.lostEvents,
      lostBytes: this.#losses.lostBytes,
      unresolvedConstants: read.unresolvedConstants,
      threads,
      stacks,
      tables: new Map([...this.#tables].sort(byKey).map(([type, table]) => [type, table.finish()])),
      settings: this.#settings.list(),
    };
    return { recording, profiles: { profiles, threads, startMillis, durationSeconds } };
  }

  #tableSink(type: EventType, parts: ChunkParts, test: EventTest | undefined): EventSink {
    const table = this.#tables.get(type.name) ?? new EventTableBuilder(type, this.#maxRowsPerTable);
    this.#tables.set(type.name, table);
    const sink = table.sinkOf(type, parts);
    return test === undefined ? sink : (slots) => test(slots) && sink(slots);
  }

  #window({ startMillis, durationSeconds }: EventsRead): { startMillis: number; durationSeconds: number } {
    const { fromSeconds = 0, toSeconds = durationSeconds } = this.#filter;
    const end = Math.min(toSeconds, durationSeconds);
    return { startMillis: startMillis + fromSeconds * 1e3, durationSeconds: Math.max(0, end - fromSeconds) };
  }
}

function oneSink(sinks: readonly EventSink[]): EventSink | undefined {
  const [first, second, third] = sinks;
  if (second === undefined) return first;
  if (third === undefined) {
    return (slots) => {
      first!(slots);
      second(slots);
    };
  }
  return (slots) => {
    for (const sink of sinks) sink(slots);
  };
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : Number(one > other);
}
