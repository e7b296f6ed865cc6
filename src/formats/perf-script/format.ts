import type { Format } from "../../model/format.ts";
import { headLines } from "../lines/read-lines.ts";
import { sampleFrame, sampleHeader } from "./lines.ts";

/** What `perf script` prints of a recording with call chains. */
export const perfScriptFormat: Format = {
  name: "perf-script",
  description: "output of perf script",
  sniff(head) {
    const lines = (headLines(head, 400) ?? []).filter((line) => line.trim() !== "" && !line.startsWith("#"));
    const first = lines.findIndex((line) => sampleHeader.test(line));
    return first >= 0 && first < 5 && lines.slice(first + 1).some((line) => sampleFrame.test(line));
  },
};
