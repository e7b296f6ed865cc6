import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One run of a program: wall time from start to end, and the most memory it ever had resident. */
export interface Measurement {
  readonly wallSeconds: number;
  readonly peakBytes: number;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Read before each run, so that the disk is not what is measured. */
  readonly input: string;
  readonly timeoutSeconds?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The median of several runs, each in a fresh process, after its input was read once and 3 GB were touched and given back:
 * memory that a virtual machine never touched costs up to 17 µs a page, and would be charged to whoever comes first.
 * Undefined when a run fails or does not end in time.
 */
export async function median(command: Command, runs: number): Promise<Measurement | undefined> {
  const measurements: Measurement[] = [];
  for (let run = 0; run < runs; run++) {
    readThrough(command.input);
    await touchMemory();
    const measurement = await measure(command);
    if (measurement === undefined) return undefined;
    measurements.push(measurement);
  }
  measurements.sort((a, b) => a.wallSeconds - b.wallSeconds);
  return measurements[measurements.length >> 1];
}

/** GNU time knows the peak exactly; without it, the kernel's high-water mark is read while the program runs. */
export async function measure({ program, args, timeoutSeconds = 900, env }: Command): Promise<Measurement | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "jprof-bench-"));
  const timeFile = join(folder, "time");
  const hasTime = existsSync("/usr/bin/time");
  const command = hasTime ? ["/usr/bin/time", "-f", "%M", "-o", timeFile, program, ...args] : [program, ...args];
  const start = performance.now();
  const child = spawn(command[0]!, command.slice(1), {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
    detached: true,
  });
  let peakBytes = 0;
  const poll = setInterval(() => (peakBytes = Math.max(peakBytes, highWaterMark(child.pid))), hasTime ? 60_000 : 20);
  // The whole group, since GNU time does not pass signals on.
  const kill = () => process.kill(-child.pid!, "SIGKILL");
  const interrupt = () => {
    kill();
    process.exit(130);
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const deadline = setTimeout(kill, timeoutSeconds * 1000);
  let complaint = "";
  child.stderr.on("data", (chunk) => {
    complaint += String(chunk);
  });
  const code = await new Promise<number | null>((resolve) =>
    child.on("close", resolve).on("error", () => resolve(null)),
  );
  const wallSeconds = (performance.now() - start) / 1000;
  clearInterval(poll);
  clearTimeout(deadline);
  process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  if (hasTime && existsSync(timeFile)) {
    peakBytes = Number(readFileSync(timeFile, "utf8").trim().split("\n").at(-1)) * 1024;
  }
  rmSync(folder, { recursive: true, force: true });
  if (code === 0) return { wallSeconds, peakBytes };
  console.error(
    `${program} ${args.join(" ")}: ended with ${code} after ${wallSeconds.toFixed(0)} s. ${complaint.slice(-500)}`,
  );
  return undefined;
}

function highWaterMark(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function readThrough(path: string): void {
  const file = openSync(path, "r");
  const buffer = new Uint8Array(4 << 20);
  while (readSync(file, buffer) > 0);
  closeSync(file);
}

async function touchMemory(): Promise<void> {
  const script = "const a = new Uint8Array(3 * 2 ** 30); for (let i = 0; i < a.length; i += 4096) a[i] = 1;";
  const child = spawn(process.execPath, ["-e", script], { stdio: "ignore" });
  await new Promise((resolve) => child.on("close", resolve));
}
