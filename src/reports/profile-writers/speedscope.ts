import type { Profile } from "../../model/profile.ts";
import type { Unit } from "../../model/units.ts";
import { frameStack } from "./frame-stack.ts";
import type { ProfileWriter } from "./profile-writer.ts";
import { type SampleGroup, sampleGroups } from "./sample-groups.ts";
import { TextBytes } from "./text-bytes.ts";

/** speedscope's JSON: one profile of samples per profile, frames shared. */
export const speedscopeWriter: ProfileWriter = {
  name: "speedscope",
  description: "speedscope JSON",
  extension: "speedscope.json",
  holds: "many",
  write({ profiles }, { name, tool }) {
    const frames = new Map<string, number>();
    const parts = profiles.map((profile) => profileJson(profile, frames));
    const text = new TextBytes();
    text.push(
      `{"$schema":"https://www.speedscope.app/file-format-schema.json","name":${JSON.stringify(name)},` +
        `"exporter":${JSON.stringify(`${tool.name} ${tool.version}`)},"activeProfileIndex":0,"shared":{"frames":[`,
    );
    for (const [frame, index] of frames) text.push(`${index === 0 ? "" : ","}{"name":${JSON.stringify(frame)}}`);
    text.push(`]},"profiles":[`);
    for (const [index, chunks] of parts.entries()) {
      if (index > 0) text.push(",");
      for (const chunk of chunks) text.push(chunk);
    }
    text.push("]}\n");
    return text.bytes();
  },
};

const units: Readonly<Record<Unit, string>> = { seconds: "seconds", bytes: "bytes", count: "none", ratio: "none" };

/** The text in parts; frames get their numbers on the way. */
function profileJson(profile: Profile, frames: Map<string, number>): readonly string[] {
  const samples = samplesOf(profile);
  const total = samples.reduce((sum, { weight }) => sum + weight, 0);
  const numbers = profile.stacks.frameNames.map(() => -1);
  const numberOf = (frame: number) => {
    if (numbers[frame]! < 0) {
      const name = profile.stacks.frameNames[frame]!;
      numbers[frame] = frames.get(name) ?? frames.size;
      frames.set(name, numbers[frame]!);
    }
    return numbers[frame]!;
  };
  const title = JSON.stringify(`${profile.kind}: ${profile.event}`);
  return [
    `{"type":"sampled","name":${title},"unit":"${units[profile.unit]}","startValue":0,"endValue":${total},"samples":[`,
    ...samples.map(({ stack }, index) => {
      const rootFirst = frameStack(profile.stacks, stack).reverse().map(numberOf);
      return `${index === 0 ? "" : ","}[${rootFirst.join(",")}]`;
    }),
    `],"weights":[${samples.map(({ weight }) => weight).join(",")}]}`,
  ];
}

/** More samples in the order of time than this make a file that no browser opens. */
const mostInOrder = 200_000;

/** In the order of time where there is one, since speedscope shows it; added up by stack otherwise. Negative weights it cannot show. */
function samplesOf(profile: Profile): readonly Pick<SampleGroup, "stack" | "weight">[] {
  const { sampleSeconds, sampleStack, sampleWeight } = profile;
  const isInOrder = sampleSeconds !== undefined && sampleStack.length <= mostInOrder;
  const samples = isInOrder
    ? Array.from(sampleStack, (stack, sample) => ({ stack, weight: sampleWeight[sample]! }))
    : sampleGroups({ ...profile, sampleThread: new Int32Array(0), sampleLabel: new Int32Array(0) });
  return samples.filter(({ weight }) => weight > 0);
}
