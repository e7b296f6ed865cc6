import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExecaError } from "execa";
import { openDemo } from "./demo-parts.ts";
import { watchLeak } from "./demo-watch.ts";
import { findJdks } from "./jdk.mjs";

// A storage service that leaks, on a real JVM: watched by the agent until its alert fires, dumped, analysed, and cleaned up after, also on
// Ctrl-C.
const top = join(import.meta.dirname, "..");
const committedDump = join(top, "fixtures/demo.hprof.gz");

const interrupt = new AbortController();
process.once("SIGINT", () => interrupt.abort());
process.once("SIGTERM", () => interrupt.abort());

const folder = mkdtempSync(join(tmpdir(), "jprof-demo-"));
const demo = openDemo(top, folder, interrupt.signal);
try {
  const [jdk] = findJdks();
  if (jdk === undefined) await demo.analyze(demoDump());
  else await watchLeak(demo, jdk);
} catch (error) {
  process.exitCode = interrupt.signal.aborted ? 130 : 1;
  if (!interrupt.signal.aborted) console.error(error instanceof ExecaError ? error.shortMessage : error);
} finally {
  await demo.close();
  rmSync(folder, { recursive: true, force: true });
}

function demoDump(): string {
  console.log("There is no JDK here, so this is a small dump of the service, taken earlier and kept with jprof.");
  const name = "leaky-store.hprof.gz";
  copyFileSync(committedDump, join(folder, name));
  return name;
}
