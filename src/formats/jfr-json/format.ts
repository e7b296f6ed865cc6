import type { Format } from "../../model/format.ts";

const decoder = new TextDecoder();

/** What `jfr print --json` writes. */
export const jfrJsonFormat: Format = {
  name: "jfr-json",
  description: "flight recordings as `jfr print --json` writes them",
  sniff: (head) =>
    /^\uFEFF?\s*\{\s*"recording"\s*:\s*\{\s*"events"\s*:\s*\[/.test(decoder.decode(head.subarray(0, 4096))),
};
