import type { Format } from "../../model/format.ts";
import { headLines } from "../lines/read-lines.ts";
import { parsePerfMapLine } from "./perf-map.ts";

const lookedAt = 32;

/** Names of compiled code by address; of use beside the native profile that needs them. */
export const perfMapFormat: Format = {
  name: "perf-map",
  description: "map of compiled code (Compiler.perfmap), beside the native profile that it names frames of",
  sniff(head) {
    const lines = headLines(head, lookedAt)?.filter((line) => line !== "") ?? [];
    return lines.length > 0 && lines.every((line) => parsePerfMapLine(line) !== undefined);
  },
};
