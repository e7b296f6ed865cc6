import type { ValueLayout } from "./values.ts";

const number = String.raw`-?\d+(?:\.\d+)?`;
const layouts: readonly { readonly layout: ValueLayout; readonly pattern: RegExp }[] = [
  { layout: "bracketed", pattern: new RegExp(String.raw`\S \[${number}(?: ${number})*\]\s*$`) },
  { layout: "two", pattern: new RegExp(String.raw`\S ${number} ${number}\s*$`) },
  { layout: "one", pattern: new RegExp(String.raw`\S\s${number}\s*$`) },
];
/** Stacks of one frame are rare: most lines of other text files that end in a number have no `;` before it. */
const leastNested = 0.3;
const leastFitting = 0.95;

/** How the first lines of a file write values; undefined when they are no collapsed stacks. */
export function layoutOf(lines: readonly string[]): ValueLayout | undefined {
  const stacks = lines.filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const nested = stacks.filter((line) => line.includes(";")).length;
  if (nested === 0 || nested < leastNested * stacks.length) return undefined;
  return layouts.find(({ pattern }) => {
    const fitting = stacks.filter((line) => pattern.test(line)).length;
    // The last line may be cut off, in a file of two lines as well.
    return fitting > 0 && fitting >= Math.min(leastFitting * stacks.length, stacks.length - 1);
  })?.layout;
}
