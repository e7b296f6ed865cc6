import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openFile } from "../src/bytes/byte-source.ts";
import { readGcLog } from "../src/formats/gc-log/read-gc-log.ts";
import { type GeneratedLog, writeGcLog } from "./generated-gc-log.ts";

// `node bench/gc-log.ts [--megabytes 500] [--runs 3] [--no-peers]`: each run is a process of its own, page cache warm.
const { values } = parseArgs({
  options: {
    megabytes: { type: "string", default: "500" },
    runs: { type: "string", default: "3" },
    peers: { type: "boolean", default: true },
    read: { type: "string" },
  },
  allowNegative: true,
});

const wanted = { bytesPerSecond: 200e6, peakBytes: 250e6, overGcViewer: 8, overGctoolkit: 2 };
const peers = {
  GCViewer: ["com.github.chewiebug:gcviewer:1.36"],
  gctoolkit: ["com.microsoft.gctoolkit:gctoolkit-parser:3.5.0", "com.microsoft.gctoolkit:gctoolkit-vertx:3.5.0"],
} as const;

/** One run of a reader. */
interface Run {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly pauses: number;
  readonly pauseSeconds: number;
}

function readOnce(path: string): void {
  const began = performance.now();
  const source = openFile(path);
  const { pauseFigures } = readGcLog(source);
  source.close();
  const run: Run = {
    seconds: (performance.now() - began) / 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    pauses: pauseFigures.count,
    pauseSeconds: pauseFigures.total,
  };
  process.stdout.write(JSON.stringify(run));
}

function compare(): void {
  const folder = join(tmpdir(), `jprof-bench-gc-log-${process.pid}`);
  mkdirSync(folder);
  if (loadavg()[0]! > 0.5) console.log(`careful: the machine is busy (load ${loadavg()[0]!.toFixed(1)})`);
  try {
    const path = join(folder, "gc.log");
    const log = writeGcLog(path, Number(values.megabytes) * 1e6);
    const small = join(folder, "small.log");
    writeGcLog(small, log.bytes / 5);
    measure({ folder, path, small, log });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Place {
  readonly folder: string;
  readonly path: string;
  readonly small: string;
  readonly log: GeneratedLog;
}

function measure({ folder, path, small, log }: Place): void {
  const own = best(path);
  const ofSmall = best(small);
  const isRight = own.pauses === log.pauses && Math.abs(own.pauseSeconds - log.pauseSeconds) < 1e-6 * log.pauseSeconds;
  console.log(`${(log.bytes / 1e6).toFixed(0)} MB, ${log.pauses.toLocaleString("en")} pauses`);
  row("all pauses, and their sum", isRight, `${own.pauses} of ${log.pauses}`);
  const rate = log.bytes / own.seconds;
  row("read", rate >= wanted.bytesPerSecond, `${own.seconds.toFixed(2)} s, ${(rate / 1e6).toFixed(0)} MB/s`);
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  row(
    "peak memory",
    own.peakBytes <= wanted.peakBytes,
    `${megabytes(own.peakBytes)}; of a fifth of the log ${megabytes(ofSmall.peakBytes)}`,
  );
  if (values.peers !== true) return;
  for (const [name, artifacts] of Object.entries(peers)) {
    measurePeer({ name, artifacts, folder, path, own: own.seconds });
  }
}

function best(path: string): Run {
  const runs = Array.from({ length: Number(values.runs) }, (): Run => {
    const output = execFileSync(process.execPath, [import.meta.filename, "--read", path], { encoding: "utf8" });
    return JSON.parse(output) as Run;
  });
  return runs.sort((a, b) => a.seconds - b.seconds)[0]!;
}

function row(what: string, isMet: boolean, result: string): void {
  console.log(`${isMet ? "✓" : "✗"} ${what.padEnd(28)} ${result}`);
  if (!isMet) process.exitCode = 1;
}

interface Peer {
  readonly name: string;
  readonly artifacts: readonly string[];
  readonly folder: string;
  readonly path: string;
  readonly own: number;
}

function measurePeer({ name, artifacts, folder, path, own }: Peer): void {
  const libraries = join(folder, name);
  mkdirSync(libraries);
  if (!fetchJars(artifacts, libraries)) {
    console.log(`  ${name.padEnd(28)} skipped: ${artifacts.join(", ")} cannot be had`);
    return;
  }
  const began = performance.now();
  const { status, stderr } = name === "GCViewer" ? runGcViewer(libraries, path) : runGctoolkit(libraries, path);
  const seconds = (performance.now() - began) / 1000;
  if (status !== 0) {
    console.log(`  ${name.padEnd(28)} failed: ${String(stderr).trim().split("\n").at(-1)}`);
    return;
  }
  const bar = name === "GCViewer" ? wanted.overGcViewer : wanted.overGctoolkit;
  row(
    `as fast as ${name}`,
    seconds / own >= bar,
    `${(seconds / own).toFixed(1)} × (${seconds.toFixed(1)} s, bar ≥ ${bar} ×)`,
  );
}

function fetchJars(artifacts: readonly string[], libraries: string): boolean {
  const dependencies = artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(":");
    return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
  });
  const project = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>bench</groupId><artifactId>bench</artifactId><version>1</version><dependencies>${dependencies.join("")}</dependencies></project>`;
  writeFileSync(join(libraries, "pom.xml"), project);
  const maven = spawnSync("mvn", ["-q", "-o", "dependency:copy-dependencies", `-DoutputDirectory=${libraries}`], {
    cwd: libraries,
  });
  if (maven.status === 0) return true;
  const online = spawnSync("mvn", ["-q", "dependency:copy-dependencies", `-DoutputDirectory=${libraries}`], {
    cwd: libraries,
  });
  return online.status === 0;
}

function runGcViewer(libraries: string, path: string) {
  const summary = join(libraries, "summary.csv");
  return spawnSync(
    "java",
    ["-Xmx3g", "-cp", `${libraries}/*`, "com.tagtraum.perf.gcviewer.GCViewer", path, summary, "-t", "SUMMARY"],
    { encoding: "utf8" },
  );
}

function runGctoolkit(libraries: string, path: string) {
  const source = join(libraries, "CountPauses.java");
  if (!existsSync(source)) writeFileSync(source, countPauses);
  return spawnSync("java", ["-Xmx3g", "-cp", `${libraries}/*`, source, path], { encoding: "utf8" });
}

const countPauses = `
import com.microsoft.gctoolkit.GCToolKit;
import com.microsoft.gctoolkit.io.SingleGCLogFile;
import com.microsoft.gctoolkit.aggregator.*;
import com.microsoft.gctoolkit.event.g1gc.G1GCPauseEvent;
import com.microsoft.gctoolkit.jvm.JavaVirtualMachine;
import java.nio.file.Path;

public class CountPauses {
  @Collates(PauseAggregator.class)
  public static class PauseAggregation extends Aggregation {
    long count; double seconds;
    void add(double duration) { count++; seconds += duration; }
    @Override public boolean hasWarning() { return false; }
    @Override public boolean isEmpty() { return count == 0; }
  }
  @Aggregates({EventSource.G1GC})
  public static class PauseAggregator extends Aggregator<PauseAggregation> {
    public PauseAggregator(PauseAggregation results) {
      super(results);
      register(G1GCPauseEvent.class, event -> results.add(event.getDuration()));
    }
  }
  public static void main(String[] args) throws Exception {
    GCToolKit toolkit = new GCToolKit();
    PauseAggregation pauses = new PauseAggregation();
    toolkit.loadAggregation(pauses);
    JavaVirtualMachine machine = toolkit.analyze(new SingleGCLogFile(Path.of(args[0])));
    PauseAggregation found = machine.getAggregation(PauseAggregation.class).orElseThrow();
    System.out.println(found.count + " pauses, " + found.seconds + " s");
  }
}
`;

if (values.read === undefined) compare();
else readOnce(values.read);
