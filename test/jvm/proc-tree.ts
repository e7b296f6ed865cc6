import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

/** A process as a test draws it; what is not given is that of a JVM at rest. */
export interface DrawnProcess {
  readonly pid: number;
  readonly startTicks?: number;
  readonly comm?: string;
  readonly state?: string;
  readonly threads?: number;
  readonly virtualBytes?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly namespacePids?: readonly number[];
  readonly caughtSignals?: string;
  readonly ignoredSignals?: string;
  readonly pendingSignals?: string;
  readonly command?: readonly string[];
  readonly environment?: readonly string[];
  readonly exe?: string;
  readonly cwd?: string;
  /** Paths that it has mapped. */
  readonly mapped?: readonly string[];
  readonly threadNames?: readonly string[];
  readonly cgroup?: string;
  readonly mountInfo?: string;
  readonly uidMap?: string;
  /** Files of its root, by absolute path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

/** Seconds since the epoch at which the drawn machine started. */
export const bootSeconds = 1_700_000_000;

export const drawnHome = "/opt/java";
const release = 'JAVA_VERSION="25.0.3"\nIMPLEMENTOR="Eclipse Adoptium"\nMODULES="java.base jdk.jfr"\n';

/** A JVM of JDK 25 with perf counters, as it is when nothing is in the way. */
export function drawnJvm(process: DrawnProcess): DrawnProcess {
  const uid = process.uid ?? 1000;
  const inside = process.namespacePids?.at(-1) ?? process.pid;
  const perfFile = `/tmp/hsperfdata_app/${inside}`;
  return {
    comm: "java",
    threads: 20,
    exe: `${drawnHome}/bin/java`,
    command: [`${drawnHome}/bin/java`, "-Xmx1g", "-cp", "app.jar", "com.example.Main"],
    mapped: [`${drawnHome}/bin/java`, `${drawnHome}/lib/server/libjvm.so`, perfFile],
    threadNames: ["java", "java", "GC Thread#0", "G1 Service", "VM Thread"],
    caughtSignals: "0000000101005ccd",
    ...process,
    uid,
    files: {
      [`${drawnHome}/release`]: release,
      "/etc/passwd": `app:x:${uid}:${uid}::/:/bin/false\nroot:x:0:0::/root:/bin/sh\n`,
      [perfFile]: "",
      ...process.files,
    },
  };
}

const trees: string[] = [];
afterAll(() => {
  for (const tree of trees) rmSync(tree, { recursive: true, force: true });
});

/** Writes processes as a folder like /proc, and removes it when the tests of the file are done. */
export function procTree(processes: readonly DrawnProcess[]): string {
  const root = mkdtempSync(join(tmpdir(), "jprof-proc-"));
  trees.push(root);
  writeFileSync(join(root, "stat"), `cpu  1 2 3\nbtime ${bootSeconds}\nprocesses 9\n`);
  for (const drawn of processes) drawProcess(root, drawn);
  return root;
}

/** Draws a process into a folder like /proc, in place of the one with its pid. */
export function drawProcess(root: string, drawn: DrawnProcess): void {
  const folder = join(root, String(drawn.pid));
  rmSync(folder, { recursive: true, force: true });
  const write = (name: string, text: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  write("stat", statOf(drawn));
  write("status", statusOf(drawn));
  write("cmdline", (drawn.command ?? []).map((word) => `${word}\0`).join(""));
  write("environ", (drawn.environment ?? []).map((word) => `${word}\0`).join(""));
  write(
    "maps",
    (drawn.mapped ?? []).map((path) => `7f00-7f01 r-xp 00000000 fe:00 42                       ${path}\n`).join(""),
  );
  write("cgroup", drawn.cgroup ?? "0::/\n");
  write("mountinfo", drawn.mountInfo ?? "22 1 0:21 / / rw - ext4 /dev/vda rw\n23 22 0:22 / /tmp rw - tmpfs tmpfs rw\n");
  write("uid_map", drawn.uidMap ?? "         0          0 4294967295\n");
  for (const [index, name] of (drawn.threadNames ?? []).entries()) write(`task/${drawn.pid + index}/comm`, `${name}\n`);
  for (const [path, text] of Object.entries(drawn.files ?? {})) write(`root${path}`, text);
  mkdirSync(join(folder, "root/tmp"), { recursive: true });
  chmodSync(join(folder, "root/tmp"), 0o1777);
  if (drawn.exe !== undefined) symlinkSync(drawn.exe, join(folder, "exe"));
  symlinkSync(drawn.cwd ?? "/", join(folder, "cwd"));
}

function statOf(drawn: DrawnProcess): string {
  const { pid, comm = "sh", state = "S", threads = 1, startTicks = 5000, virtualBytes = 1e9 } = drawn;
  const fields = Array.from({ length: 50 }, () => "0");
  fields[0] = state;
  fields[1] = "1";
  fields[17] = String(threads);
  fields[19] = String(startTicks);
  fields[20] = String(virtualBytes);
  return `${pid} (${comm}) ${fields.join(" ")}\n`;
}

function statusOf(drawn: DrawnProcess): string {
  const { pid, comm = "sh", state = "S", uid = 0, gid = uid, namespacePids = [pid] } = drawn;
  return [
    `Name:\t${comm}`,
    `State:\t${state} (drawn)`,
    `Tgid:\t${pid}`,
    `Uid:\t${[uid, uid, uid, uid].join("\t")}`,
    `Gid:\t${[gid, gid, gid, gid].join("\t")}`,
    `NSpid:\t${namespacePids.join("\t")}`,
    "VmRSS:\t  102400 kB",
    `ShdPnd:\t${drawn.pendingSignals ?? "0000000000000000"}`,
    `SigIgn:\t${drawn.ignoredSignals ?? "0000000000000000"}`,
    `SigCgt:\t${drawn.caughtSignals ?? "0000000000000000"}`,
    "",
  ].join("\n");
}
