import type { Format } from "../../model/format.ts";

/** `FLR` and a zero byte: the first bytes of every chunk, and so of every recording. */
const magic = [0x46, 0x4c, 0x52, 0x00];

/** Flight recordings of the JVM, async-profiler and Datadog's profiler. */
export const jfrFormat: Format = {
  name: "jfr",
  description: "flight recordings (JFR, what jcmd JFR.dump, -XX:StartFlightRecording and async-profiler write)",
  sniff: (head) => magic.every((byte, index) => head[index] === byte),
};
