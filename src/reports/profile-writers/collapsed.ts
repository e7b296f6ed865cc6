import { collapse } from "../../stacks/collapse.ts";
import type { ProfileWriter } from "./profile-writer.ts";
import { TextBytes } from "./text-bytes.ts";
import { wholeWeight } from "./whole-weights.ts";

/** One line per distinct stack, sorted; whole numbers: samples, bytes or nanoseconds. */
export const collapsedWriter: ProfileWriter = {
  name: "collapsed",
  description: "collapsed stacks for flamegraph.pl, speedscope and others: samples, bytes or nanoseconds",
  extension: "collapsed",
  holds: "one",
  write({ profiles }) {
    const text = new TextBytes();
    for (const profile of profiles) {
      for (const { path, weight } of collapse(profile)) {
        const whole = wholeWeight(weight, profile.unit);
        if (whole !== 0) text.push(`${path} ${whole}\n`);
      }
    }
    return text.bytes();
  },
};
