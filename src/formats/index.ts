import type { Format } from "../model/format.ts";
import { hprofFormat } from "./hprof/format.ts";
import { jfrFormat } from "./jfr/format.ts";
import { threadDumpFormat } from "./thread-dump/format.ts";

/** Every kind of file that jprof reads, in the order in which they are tried. */
export const formats: readonly Format[] = [hprofFormat, jfrFormat, threadDumpFormat];
