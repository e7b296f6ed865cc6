import type { Format } from "../model/format.ts";
import { asyncTextFormat } from "./async-text/format.ts";
import { collapsedFormat } from "./collapsed/format.ts";
import { gcLogFormat } from "./gc-log/format.ts";
import { hprofFormat } from "./hprof/format.ts";
import { jemallocFormat } from "./jemalloc/format.ts";
import { jfrFormat } from "./jfr/format.ts";
import { jfrJsonFormat } from "./jfr-json/format.ts";
import { nmtFormat } from "./nmt/format.ts";
import { perfScriptFormat } from "./perf-script/format.ts";
import { pprofFormat } from "./pprof/format.ts";
import { processMemoryFormat } from "./process-memory/format.ts";
import { speedscopeFormat } from "./speedscope/format.ts";
import { threadDumpFormat } from "./thread-dump/format.ts";

/** Every kind of file that jprof reads, in the order in which they are tried: the ones with the weakest marks come last. */
export const formats: readonly Format[] = [
  hprofFormat,
  jfrFormat,
  jemallocFormat,
  nmtFormat,
  processMemoryFormat,
  threadDumpFormat,
  gcLogFormat,
  jfrJsonFormat,
  speedscopeFormat,
  perfScriptFormat,
  asyncTextFormat,
  pprofFormat,
  collapsedFormat,
];
