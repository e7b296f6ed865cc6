import type { Format } from "../../model/format.ts";

/** Reports of the JVM's native memory tracking, any JDK, any scale. */
export const nmtFormat: Format = {
  name: "nmt",
  description: "native memory tracking (VM.native_memory summary, detail and diff)",
  sniff(head) {
    const text = new TextDecoder("latin1").decode(head.subarray(0, 16 * 1024));
    // VM.info and crash logs have such a report, too, among much else.
    return /^(?:\d{1,10}:\r?\n)?\s*Native Memory Tracking(?: Statistics)?:/.test(text);
  },
};
