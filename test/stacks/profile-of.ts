import { StackBuilder } from "../../src/bytes/stack-builder.ts";
import type { Profile } from "../../src/model/profile.ts";

const unmeasured = { samplesWithoutStack: 0, truncatedStacks: 0, notes: [] };

/** A profile drawn as `A B C 3`: frames from the root on, then the weight of one sample; a line or `,` between samples, `-` for no stack. */
export function profileOf(drawing: string, changes: Partial<Profile> = {}): Profile {
  const samples = drawing
    .split(/[,\n]/)
    .map((line) => line.trim().split(/\s+/))
    .filter(([first]) => first !== "");
  const builder = new StackBuilder();
  const sampleStack = Int32Array.from(samples, (words) =>
    builder.stack(
      words
        .slice(0, -1)
        .filter((word) => word !== "-")
        .map((name) => builder.frame(name)),
    ),
  );
  return {
    kind: "cpu",
    event: "cpu",
    unit: "count",
    stacks: builder.table(),
    sampleStack,
    sampleWeight: Float64Array.from(samples, (words) => Number(words.at(-1))),
    sampleCount: new Float64Array(samples.length).fill(1),
    confidence: unmeasured,
    ...changes,
  };
}
