import { type Profile, profileKinds, type StackTable } from "../../model/profile.ts";
import type { Unit } from "../../model/units.ts";
import { confidenceOf } from "./confidence.ts";
import { type EventTest, fieldOf } from "./event-filter.ts";
import type { EventSink, EventType } from "./events.ts";
import type { LossCount } from "./loss-count.ts";
import { NativeLeaks } from "./native-leaks.ts";
import { type ChunkParts, ProfileBuilder } from "./profile-builder.ts";
import { type ProfileRule, profileRuleOf } from "./profile-rules.ts";
import type { FinishedColumns } from "./sample-columns.ts";
import type { SettingLog } from "./settings.ts";
import { remembered } from "./text-interner.ts";

/** What async-profiler says of a thread in a sample, and the JVM's other states. */
const sampleStates = ["default", "running", "sleeping"] as const;
type SampleState = (typeof sampleStates)[number];
type StateBuilders = Partial<Record<SampleState, ProfileBuilder>>;

/** Events of async-profiler that are told apart so. */
const hasStates = new Set(["jdk.ExecutionSample", "profiler.WallClockSample"]);

/** What finishing needs to know. */
interface ReadingEnd {
  readonly stacks: StackTable;
  readonly settings: SettingLog;
  readonly losses: LossCount;
}

/** Events of types of which only is known that they have a stack; of more, a profile must be asked for. */
const mostGenericEvents = 200_000;

/** All profiles of a recording while it is read. */
export class ProfileBuilders {
  readonly #maxRows: number;
  readonly #builders = new Map<string, ProfileBuilder>();
  readonly #stateBuilders = new Map<string, StateBuilders>();
  readonly #leaks = new NativeLeaks();
  /** Events so far, of types of which only is known that they have a stack. */
  readonly #genericEvents = new Map<string, number>();

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  /** Whether a profile of a type that nothing is known of would cost more than it is likely to tell. */
  isTooMany(type: EventType, count: number): boolean {
    if (profileRuleOf(type)?.isGeneric !== true) return false;
    const events = (this.#genericEvents.get(type.name) ?? 0) + count;
    this.#genericEvents.set(type.name, events);
    return events > mostGenericEvents;
  }

  /** Such types, with how many events there were. */
  omitted(): readonly { readonly event: string; readonly events: number }[] {
    return [...this.#genericEvents]
      .filter(([, events]) => events > mostGenericEvents)
      .map(([event, events]) => ({ event, events }));
  }

  /** Where a type's events go: into its profile, those of native memory also into the account of what is not freed. */
  sinksOf(type: EventType, parts: ChunkParts, test: EventTest | undefined): readonly EventSink[] {
    const sinks: (EventSink | undefined)[] = [];
    if (type.name === "profiler.Malloc" || type.name === "profiler.Free") {
      sinks.push(this.#leaks.sinkOf(type, parts, test));
    }
    const rule = profileRuleOf(type);
    if (rule !== undefined) {
      const sink = hasStates.has(type.name) ? this.#stateSink(rule, type, parts) : this.#sink(rule, type, parts);
      sinks.push(test === undefined ? sink : (slots) => test(slots) && sink(slots));
    }
    return sinks.filter((sink) => sink !== undefined);
  }

  endChunk(): void {
    this.#leaks.endChunk();
  }

  /** Every profile that has a sample, by kind and event; those of unknown types only with a stack. */
  finish(end: ReadingEnd): readonly Profile[] {
    const omitted = new Set(this.omitted().map(({ event }) => event));
    const builders = [...this.#builders.values()].filter(({ rule }) => !omitted.has(rule.event));
    const profiles = [
      ...builders.filter(isWorthIt).map((builder) => profileOf(builder, end)),
      ...this.#sampledByState(end),
      ...this.#leaked(end),
    ];
    return profiles.sort(byKindAndEvent);
  }

  #sink(rule: ProfileRule, type: EventType, parts: ChunkParts): EventSink {
    return this.#builderOf(`${rule.event} ${rule.unit}`, rule).sinkOf(type, parts);
  }

  /** async-profiler writes samples of the CPU and of the wall clock as one event, told apart by the thread's state. */
  #stateSink(rule: ProfileRule, type: EventType, parts: ChunkParts): EventSink {
    const field = fieldOf(type, "state");
    const sinks = new Map<SampleState, EventSink>();
    const sinkOf = (state: SampleState) => {
      const sink = sinks.get(state) ?? this.#stateBuilder(rule, state).sinkOf(type, parts);
      sinks.set(state, sink);
      return sink;
    };
    if (field?.content !== "constant") return (slots) => sinkOf("running")(slots);
    const stateOf = remembered(0, (index) => sampleStates.indexOf(stateNamed(parts.chunk.text(field, index))));
    return (slots) => sinkOf(sampleStates[stateOf(slots[field.slot]!)] ?? "running")(slots);
  }

  #stateBuilder(rule: ProfileRule, state: SampleState): ProfileBuilder {
    const key = `${rule.event} ${rule.weight.of}`;
    const states = this.#stateBuilders.get(key) ?? {};
    this.#stateBuilders.set(key, states);
    states[state] ??= new ProfileBuilder(rule, this.#maxRows);
    return states[state];
  }

  #builderOf(key: string, rule: ProfileRule): ProfileBuilder {
    const known = this.#builders.get(key);
    if (known !== undefined) return known;
    const builder = new ProfileBuilder(rule, this.#maxRows);
    this.#builders.set(key, builder);
    return builder;
  }

  #sampledByState(end: ReadingEnd): readonly Profile[] {
    const groups = [...this.#stateBuilders.values()].map((states) => ({
      ...states,
      isWall: isWallClock(end.settings, states),
    }));
    const isCpuKnown =
      [...this.#builders.values()].some(({ rule, columns }) => rule.kind === "cpu" && columns.length > 0) ||
      groups.some((group) => group.default !== undefined || (group.running !== undefined && !group.isWall));
    return groups.flatMap(({ isWall, ...states }) =>
      isWall ? this.#wallClock(states, isCpuKnown, end) : cpuOf(states, end),
    );
  }

  #wallClock(states: StateBuilders, isCpuKnown: boolean, end: ReadingEnd): readonly Profile[] {
    const { default: cpu, running, sleeping } = states;
    const wall = joined([running, sleeping], this.#maxRows);
    const profiles = [profileOf(wall, end)];
    if (cpu !== undefined) profiles.push(profileOf(cpu, end));
    if (running !== undefined && !isCpuKnown) profiles.push(runningProfile(running, end));
    return profiles;
  }

  #leaked(end: ReadingEnd): readonly Profile[] {
    if (this.#leaks.frees === 0) return [];
    const builder = new ProfileBuilder(leakRule, this.#maxRows);
    this.#leaks.addTo(builder.columns);
    const notes = this.#leaks.isIncomplete
      ? ["more was allocated at once than jprof follows: this is a part of it"]
      : [];
    return builder.columns.length === 0 ? [] : [profileOf(builder, end, notes)];
  }
}

const leakRule: ProfileRule = {
  event: "profiler.Malloc",
  kind: "native-leak",
  unit: "bytes",
  weight: { of: "count" },
  labels: [],
  isGeneric: false,
};

/** Anything but running is not time on a processor. */
function stateNamed(name = ""): SampleState {
  if (name === "STATE_DEFAULT") return "default";
  return /SLEEP|IDLE|WAIT|PARK|BLOCK/.test(name) ? "sleeping" : "running";
}

/** Samples of threads that do not run, or beside samples that are surely of the CPU, are the wall clock's. */
function isWallClock({ profilerEvent }: SettingLog, { default: cpu, running, sleeping }: StateBuilders): boolean {
  const builder = running ?? sleeping;
  if (builder === undefined) return false;
  return builder.rule.kind === "wall" || cpu !== undefined || sleeping !== undefined || profilerEvent === "wall";
}

function cpuOf({ default: cpu, running }: StateBuilders, end: ReadingEnd): readonly Profile[] {
  return [cpu, running].filter((builder) => builder !== undefined).map((builder) => profileOf(builder, end));
}

/** Of wall-clock samples alone, those of running threads tell where the CPU was. */
function runningProfile(running: ProfileBuilder, end: ReadingEnd): Profile {
  const notes = ["samples of the wall clock in which the thread was running"];
  return { ...profileOf(running, end, notes), kind: "cpu" };
}

/** Running and sleeping samples together are the wall clock's. */
function joined(parts: readonly (ProfileBuilder | undefined)[], maxRows: number): ProfileBuilder {
  const present = parts.filter((part) => part !== undefined);
  const wall = new ProfileBuilder({ ...present[0]!.rule, kind: "wall" }, maxRows);
  for (const { columns, samplesWithoutStack, truncatedStacks } of present) {
    wall.columns.append(columns);
    wall.samplesWithoutStack += samplesWithoutStack;
    wall.truncatedStacks += truncatedStacks;
  }
  return wall;
}

function isWorthIt({ rule, columns, samplesWithoutStack }: ProfileBuilder): boolean {
  return columns.length > 0 && (!rule.isGeneric || samplesWithoutStack < columns.length);
}

function byKindAndEvent(one: Profile, other: Profile): number {
  const kinds = profileKinds.indexOf(one.kind) - profileKinds.indexOf(other.kind);
  return kinds || (one.event < other.event ? -1 : Number(one.event > other.event));
}

function profileOf(builder: ProfileBuilder, end: ReadingEnd, notes: readonly string[] = []): Profile {
  const { rule, labels } = builder;
  const columns = builder.columns.finish();
  const { settings, losses } = end;
  const weighed = weigh(rule, columns, settings);
  return {
    kind: weighed.unit === rule.unit ? rule.kind : "unknown",
    event: rule.event,
    unit: weighed.unit,
    stacks: end.stacks,
    sampleStack: columns.stack,
    sampleWeight: weighed.weights,
    sampleCount: columns.count,
    sampleSeconds: columns.seconds,
    sampleThread: columns.thread,
    sampleLine: columns.line,
    ...(labels.texts.length > 0 && { sampleLabel: columns.label, labels: labels.texts }),
    confidence: confidenceOf(builder, {
      settings,
      lostSamples: losses.lostSamples.get(rule.event),
      intervalSeconds: weighed.intervalSeconds,
      notes: [...notes, ...weighed.notes],
    }),
  };
}

interface Weighed {
  readonly weights: Float64Array;
  readonly unit: Unit;
  readonly intervalSeconds?: number | undefined;
  readonly notes: readonly string[];
}

/** Numbers of intervals become seconds, where the recording tells how long one was. */
function weigh(rule: ProfileRule, columns: FinishedColumns, settings: SettingLog): Weighed {
  const { weight: weights } = columns;
  if (rule.weight.of !== "interval") return { weights, unit: rule.unit, notes: [] };
  if (rule.event === "jdk.ExecutionSample" && !settings.isTimed && rule.kind === "cpu") {
    return { weights, unit: "count", notes: [`samples of ${settings.profilerEvent}, not of time`] };
  }
  const intervalAt = settings.intervalsOf(rule.event, rule.kind);
  if (intervalAt === undefined) {
    return {
      weights,
      unit: "count",
      notes: ["the recording does not tell how far samples are apart: they are counted"],
    };
  }
  const seconds = weights.map((intervals, row) => intervals * intervalAt(columns.seconds[row]!));
  return { weights: seconds, unit: rule.unit, intervalSeconds: intervalAt(Number.POSITIVE_INFINITY), notes: [] };
}
