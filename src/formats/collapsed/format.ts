import type { Format } from "../../model/format.ts";
import { headLines } from "../lines/read-lines.ts";
import { layoutOf } from "./layout.ts";

/** Collapsed ("folded") stacks: Brendan Gregg's, async-profiler's, differences, several values in brackets. */
export const collapsedFormat: Format = {
  name: "collapsed",
  description: "collapsed stacks (`a;b;c 12` per line, of flamegraph.pl, async-profiler, perf and others)",
  sniff(head) {
    const lines = headLines(head, 400);
    return lines !== undefined && layoutOf(lines) !== undefined;
  },
};
