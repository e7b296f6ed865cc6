/** What `jprof export --format` takes: the names of the profile writers, and a page with flame graphs. */
export const exportFormats: readonly string[] = ["collapsed", "pprof", "speedscope", "firefox", "otlp", "html"];
