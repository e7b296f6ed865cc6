import type { ByteSource } from "../bytes/byte-source.ts";
import { asyncTextFormat } from "../formats/async-text/format.ts";
import { collapsedFormat } from "../formats/collapsed/format.ts";
import { jemallocFormat } from "../formats/jemalloc/format.ts";
import { jfrFormat } from "../formats/jfr/format.ts";
import { jfrJsonFormat } from "../formats/jfr-json/format.ts";
import { perfScriptFormat } from "../formats/perf-script/format.ts";
import { pprofFormat } from "../formats/pprof/format.ts";
import { speedscopeFormat } from "../formats/speedscope/format.ts";
import { threadDumpFormat } from "../formats/thread-dump/format.ts";
import type { Format } from "../model/format.ts";
import type { ProfileSet } from "../model/profile.ts";

/** How one format becomes profiles; the reader is loaded when a file of its kind is read. */
export interface ProfileFormat {
  readonly format: Format;
  read(source: ByteSource): Promise<ProfileSet>;
}

/** Every format that holds profiles, in the order in which they are tried: the ones with the weakest marks come last. */
export const profileFormats: readonly ProfileFormat[] = [
  {
    format: jfrFormat,
    read: async (source) =>
      (await import("../formats/jfr/read-recording.ts")).readRecording(source, { tables: [] }).profiles,
  },
  {
    format: jemallocFormat,
    read: async (source) => (await import("../formats/jemalloc/read-native-heap.ts")).readNativeHeap(source).profiles,
  },
  {
    format: threadDumpFormat,
    async read(source) {
      const { readThreadDumps } = await import("../formats/thread-dump/read-thread-dumps.ts");
      const { profileOfDumps } = await import("../formats/thread-dump/dump-profile.ts");
      return profileOfDumps(readThreadDumps(source));
    },
  },
  {
    format: jfrJsonFormat,
    read: async (source) => (await import("../formats/jfr-json/read-jfr-json.ts")).readJfrJson(source),
  },
  {
    format: speedscopeFormat,
    read: async (source) => (await import("../formats/speedscope/read-speedscope.ts")).readSpeedscope(source),
  },
  {
    format: perfScriptFormat,
    read: async (source) => (await import("../formats/perf-script/read-perf-script.ts")).readPerfScript(source),
  },
  {
    format: asyncTextFormat,
    read: async (source) => (await import("../formats/async-text/read-async-text.ts")).readAsyncText(source),
  },
  {
    format: pprofFormat,
    read: async (source) => (await import("../formats/pprof/read-pprof.ts")).readPprof(source),
  },
  {
    format: collapsedFormat,
    read: async (source) => (await import("../formats/collapsed/read-collapsed.ts")).readCollapsed(source),
  },
];
