import type { Profile, StackTable } from "../../model/profile.ts";
import type { Unit } from "../../model/units.ts";
import { confidenceOf } from "./confidence.ts";
import { type EventTest, fieldOf } from "./event-filter.ts";
import type { EventSink, EventType } from "./events.ts";
import type { LossCount } from "./loss-count.ts";
import { NativeLeaks } from "./native-leaks.ts";
import { type ChunkParts, ProfileBuilder } from "./profile-builder.ts";
import { type ProfileRule, profileRuleOf } from "./profile-rules.ts";
import type { SettingLog } from "./settings.ts";
import { remembered } from "./text-interner.ts";

/** What async-profiler says of a thread in a sample, and the JVM's other states. */
const sampleStates = ["default", "running", "sleeping"] as const;
type SampleState = (typeof sampleStates)[number];

/** What finishing needs to know. */
export interface ReadingEnd {
  readonly stacks: StackTable;
  readonly settings: SettingLog;
  readonly losses: LossCount;
}

/** All profiles of a recording while it is read. */
export class ProfileBuilders {
  readonly #maxRows: number;
  readonly #builders = new Map<string, ProfileBuilder>();
  readonly #leaks = new NativeLeaks();

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  /** Where a type's events go: into its profile, those of native memory also into the account of what is not freed. */
  sinksOf(type: EventType, parts: ChunkParts, test: EventTest | undefined): readonly EventSink[] {
    const sinks: (EventSink | undefined)[] = [];
    if (type.name === "profiler.Malloc" || type.name === "profiler.Free") {
      sinks.push(this.#leaks.sinkOf(type, parts, test));
    }
    const rule = profileRuleOf(type);
    if (rule !== undefined) {
      const sink =
        type.name === "jdk.ExecutionSample" ? this.#stateSink(rule, type, parts) : this.#sink(rule, type, parts);
      sinks.push(test === undefined ? sink : (slots) => test(slots) && sink(slots));
    }
    return sinks.filter((sink) => sink !== undefined);
  }

  endChunk(): void {
    this.#leaks.endChunk();
  }

  /** Every profile that has a sample; those of unknown types only with a stack. */
  finish(end: ReadingEnd): readonly Profile[] {
    const profiles = [...this.#builders]
      .filter(([key]) => !key.startsWith("jdk.ExecutionSample "))
      .map(([, builder]) => builder)
      .filter(({ rule, columns, samplesWithoutStack }) => !rule.isGeneric || samplesWithoutStack < columns.length);
    return [
      ...this.#executionSamples(end),
      ...profiles.map((builder) => profileOf(builder, end)),
      ...this.#leaked(end),
    ];
  }

  #sink(rule: ProfileRule, type: EventType, parts: ChunkParts): EventSink {
    return this.#builderOf(`${rule.event} ${rule.unit}`, rule).sinkOf(type, parts);
  }

  /** async-profiler writes samples of the CPU and of the wall clock as one event, told apart by the thread's state. */
  #stateSink(rule: ProfileRule, type: EventType, parts: ChunkParts): EventSink {
    const field = fieldOf(type, "state");
    const sinks = new Map<SampleState, EventSink>();
    const sinkOf = (state: SampleState) => {
      const sink = sinks.get(state) ?? this.#builderOf(`${rule.event} ${state}`, rule).sinkOf(type, parts);
      sinks.set(state, sink);
      return sink;
    };
    if (field?.content !== "constant") return (slots) => sinkOf("running")(slots);
    const stateOf = remembered(0, (index) => sampleStates.indexOf(stateNamed(parts.chunk.text(field, index))));
    return (slots) => sinkOf(sampleStates[stateOf(slots[field.slot]!)] ?? "running")(slots);
  }

  #builderOf(key: string, rule: ProfileRule): ProfileBuilder {
    const known = this.#builders.get(key);
    if (known !== undefined) return known;
    const builder = new ProfileBuilder(rule, this.#maxRows);
    this.#builders.set(key, builder);
    return builder;
  }

  #executionSamples(end: ReadingEnd): readonly Profile[] {
    const { default: cpu, running, sleeping } = this.#byState();
    const isWall = end.settings.profilerEvent === "wall" || sleeping !== undefined;
    if (cpu === undefined && !isWall) return running === undefined ? [] : [profileOf(running, end)];
    const profiles = cpu === undefined ? [] : [profileOf(cpu, end)];
    if (running === undefined && sleeping === undefined) return profiles;
    const wall = joined([running, sleeping]);
    if (cpu === undefined && running !== undefined) {
      profiles.push(profileOf(running, end, ["samples of the wall clock in which the thread was running"]));
    }
    return [...profiles, profileOf(wall, end)];
  }

  #byState(): Partial<Record<SampleState, ProfileBuilder>> {
    const builders = sampleStates.map((state) => [state, this.#builders.get(`jdk.ExecutionSample ${state}`)] as const);
    return Object.fromEntries(builders.filter(([, builder]) => builder !== undefined));
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

function stateNamed(name: string | undefined): SampleState {
  if (name === "STATE_DEFAULT") return "default";
  return name === "STATE_SLEEPING" ? "sleeping" : "running";
}

/** Running and sleeping samples together are the wall clock's. */
function joined(parts: readonly (ProfileBuilder | undefined)[]): ProfileBuilder {
  const present = parts.filter((part) => part !== undefined);
  const wall = new ProfileBuilder({ ...present[0]!.rule, kind: "wall" }, present[0]!.columns.length * 2 + 2);
  for (const { columns, samplesWithoutStack, truncatedStacks } of present) {
    wall.columns.append(columns);
    wall.samplesWithoutStack += samplesWithoutStack;
    wall.truncatedStacks += truncatedStacks;
  }
  return wall;
}

function profileOf(builder: ProfileBuilder, end: ReadingEnd, notes: readonly string[] = []): Profile {
  const { rule, columns, labels } = builder;
  columns.finish();
  const { settings, losses } = end;
  const weighed = weigh(builder, settings);
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
function weigh({ rule, columns }: ProfileBuilder, settings: SettingLog): Weighed {
  const { weight: weights } = columns;
  if (rule.weight.of !== "interval") return { weights, unit: rule.unit, notes: [] };
  if (rule.event === "jdk.ExecutionSample" && !settings.isTimed && rule.kind === "cpu") {
    return { weights, unit: "count", notes: [`samples of ${settings.profilerEvent}, not of time`] };
  }
  const intervalAt = settings.intervalsOf(rule.event);
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
