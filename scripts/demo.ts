import { once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ExecaError, execa } from "execa";
import { findJdks, type Jdk } from "./jdk.mjs";

// A storage service that leaks, on a real JVM: started, dumped, analysed, and cleaned up after, also on Ctrl-C.
const top = join(import.meta.dirname, "..");
const service = join(top, "fixtures/leaky-store/LeakyStore.java");
const committedDump = join(top, "fixtures/demo.hprof.gz");
const secondsToStart = 120;

const interrupt = new AbortController();
process.once("SIGINT", () => interrupt.abort());
process.once("SIGTERM", () => interrupt.abort());

const folder = mkdtempSync(join(tmpdir(), "jprof-demo-"));
try {
  const [jdk] = findJdks();
  await analyze(jdk === undefined ? demoDump() : await dumpOfLiveService(jdk));
} catch (error) {
  process.exitCode = interrupt.signal.aborted ? 130 : 1;
  if (!interrupt.signal.aborted) console.error(error instanceof ExecaError ? error.shortMessage : error);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function demoDump(): string {
  console.log("There is no JDK here, so this is a small dump of the service, taken earlier and kept with jprof.");
  const name = "leaky-store.hprof.gz";
  copyFileSync(committedDump, join(folder, name));
  return name;
}

/** Kills the one process that it starts, whatever happens. */
async function dumpOfLiveService(jdk: Jdk): Promise<string> {
  console.log(`Starting a storage service with a leak (fixtures/leaky-store) on JDK ${jdk.major} …`);
  const classes = join(folder, "classes");
  await execa(join(jdk.home, "bin/javac"), ["-d", classes, service], { cancelSignal: interrupt.signal });
  // Its stdin stays open as long as the demo lives: the service ends when it is closed, even after a kill -9 of the demo.
  const store = execa(join(jdk.home, "bin/java"), ["-Xmx256m", "-cp", classes, "LeakyStore"], {
    cwd: folder,
    stdin: "pipe",
    stderr: "inherit",
    buffer: false,
    reject: false,
    forceKillAfterDelay: 2_000,
    cancelSignal: interrupt.signal,
  });
  try {
    await readyLine(store);
    const name = "leaky-store.hprof";
    console.log(`Taking its heap dump: jcmd ${store.pid} GC.heap_dump ${name}`);
    await execa(join(jdk.home, "bin/jcmd"), [String(store.pid), "GC.heap_dump", join(folder, name)], {
      cancelSignal: interrupt.signal,
      timeout: 60_000,
    });
    return name;
  } finally {
    store.kill();
    await store;
  }
}

async function readyLine(store: {
  readonly stdout: NodeJS.ReadableStream;
  readonly exitCode: number | null;
}): Promise<void> {
  const lines = createInterface({ input: store.stdout });
  const deadline = AbortSignal.any([interrupt.signal, AbortSignal.timeout(secondsToStart * 1000)]);
  const closed = once(lines, "close", { signal: deadline }).then(() => {
    throw new Error("the service ended before it was ready");
  });
  const ready = new Promise<void>((resolve) => {
    lines.on("line", (line) => {
      if (line.trim().startsWith("ready")) resolve();
    });
  });
  await Promise.race([ready, closed]);
}

async function analyze(name: string): Promise<void> {
  if (!existsSync(join(folder, name))) throw new Error(`there is no ${name}: the JVM did not write it`);
  console.log(`\n$ jprof analyze ${name}\n`);
  await execa(process.execPath, [join(top, "src/cli/main.ts"), "analyze", name], {
    cwd: folder,
    stdio: "inherit",
    cancelSignal: interrupt.signal,
  });
}
