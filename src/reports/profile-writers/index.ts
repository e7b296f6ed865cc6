import { collapsedWriter } from "./collapsed.ts";
import { firefoxWriter } from "./firefox.ts";
import { otlpWriter } from "./otlp.ts";
import { pprofWriter } from "./pprof.ts";
import type { ProfileWriter } from "./profile-writer.ts";
import { speedscopeWriter } from "./speedscope.ts";

/** Every format in which profiles are written. */
export const profileWriters: readonly ProfileWriter[] = [
  collapsedWriter,
  pprofWriter,
  speedscopeWriter,
  firefoxWriter,
  otlpWriter,
];
