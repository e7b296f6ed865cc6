import type { Bytes } from "../model/units.ts";
import type { InputEvidence } from "./pipelines.ts";

/** What was read of one input, until it is analyzed. */
export interface ReadInput {
  readonly name: string;
  readonly format: string;
  readonly fileBytes: Bytes | undefined;
  readonly read: InputEvidence;
  readonly seconds: number;
}

/** An input, or several files that are one. */
interface Joined {
  readonly name: string;
  readonly fileBytes: Bytes | undefined;
  readonly read: InputEvidence;
}

interface Joiner {
  isMember(evidence: InputEvidence["evidence"]): boolean;
  join(inputs: readonly ReadInput[]): Promise<readonly Joined[]>;
}

/** Kinds of input of which several files may be one: of one JVM, or of one log that was rotated. */
const joiners: readonly Joiner[] = [
  {
    isMember: ({ threadDumps }) => threadDumps !== undefined,
    join: async (inputs) => (await import("./thread-dump-pipeline.ts")).joinDumpInputs(inputs),
  },
  {
    isMember: ({ gcLog }) => gcLog !== undefined,
    join: async (inputs) => (await import("./gc-log-pipeline.ts")).joinGcLogInputs(inputs),
  },
  {
    isMember: ({ nativeHeap, nativeMemory }) => nativeHeap !== undefined || nativeMemory !== undefined,
    join: async (inputs) => (await import("./native-series.ts")).joinNativeInputs(inputs),
  },
];

/** Inputs that wait for others of their kind, with the place in the report of the first of each kind. */
export class Series {
  readonly #waiting = joiners.map((joiner) => ({ joiner, inputs: [] as ReadInput[], place: 0 }));

  /** Keeps an input that may be a part of a series; false when it is complete by itself. */
  keep(input: ReadInput, place: number): boolean {
    const group = this.#waiting.find(({ joiner }) => joiner.isMember(input.read.evidence));
    if (group === undefined) return false;
    if (group.inputs.length === 0) group.place = place;
    group.inputs.push(input);
    return true;
  }

  /** What became of them: inputs with their places, the last place first, so that each can be inserted without moving another. */
  async joined(): Promise<readonly { readonly place: number; readonly input: ReadInput }[]> {
    const all: { readonly place: number; readonly input: ReadInput }[] = [];
    for (const { joiner, inputs, place } of this.#waiting) {
      for (const input of await joinedOf(joiner, inputs)) all.push({ place, input });
    }
    return all.map((each, order) => ({ ...each, order })).sort((a, b) => b.place - a.place || b.order - a.order);
  }
}

async function joinedOf(joiner: Joiner, inputs: readonly ReadInput[]): Promise<readonly ReadInput[]> {
  const [first] = inputs;
  if (first === undefined || inputs.length === 1) return inputs;
  const seconds = inputs.reduce((total, input) => total + input.seconds, 0);
  return (await joiner.join(inputs)).map((joined) => ({ ...joined, format: formatOf(joined, inputs), seconds }));
}

/** That of the file which it begins with. */
function formatOf({ name }: Joined, inputs: readonly ReadInput[]): string {
  return (inputs.find((input) => name.startsWith(input.name)) ?? inputs[0]!).format;
}
