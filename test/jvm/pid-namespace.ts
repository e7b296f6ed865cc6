import { spawn } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { temporaryFolder } from "./attach/idle-jvm.ts";
import { asUser, canRunOthers } from "./idle-jvms.ts";

const nobody = asUser(65534);
const elsewhere = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];
/** Shown as /tmp and /mnt: the folder that containers share, and what the program is made of. */
const mounting = 'mount --bind "$2" /mnt && mount --bind "$1" /tmp && cd / && shift 2 && exec "$@"';

/** Whether processes can be put into a PID namespace of their own here; says so where not. */
export const canBeElsewhere = canRunOthers([...elsewhere, ...nobody, "true"]);

/** What to run as process 1 of a new PID namespace, as user 65534. */
export interface NamespaceStart {
  /** What it sees as /tmp. */
  readonly tmp: string;
  /** What it sees as /mnt. */
  readonly mnt: string;
  readonly command: readonly string[];
}

/** A process that is the first of its PID namespace. */
export interface NamespaceProcess {
  readonly lines: readonly string[];
  /** Resolves at the first line of its output for which it is so. */
  line(isWanted: (line: string) => boolean): Promise<string>;
  /** Ends it, with all in its namespace, and without a chance to clean up. */
  kill(): Promise<void>;
  /** What the process that waits for it was told; of a signal that ended it, 128 and its number. */
  readonly exit: Promise<number | null>;
  /** As seen from here. */
  readonly pid: () => number;
}

/** A folder that several containers may share as their /tmp. */
export function sharedTmp(): string {
  const folder = temporaryFolder();
  chmodSync(folder, 0o1777);
  return folder;
}

/** Runs a command as process 1 of a new PID namespace. */
export function launchElsewhere(start: NamespaceStart): NamespaceProcess {
  const { tmp, mnt, command } = start;
  const [program = "", ...args] = [...elsewhere, "sh", "-c", mounting, "sh", tmp, mnt, ...nobody, ...command];
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      for (const look of waiting) look();
    });
  }
  child.stdin.on("error", () => undefined);
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return {
    lines,
    exit,
    pid: () => childOf(child.pid),
    line: (isWanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find(isWanted);
          if (found !== undefined) resolve(found);
        };
        waiting.add(look);
        look();
        void exit.then(() => reject(new Error(`it ended: ${lines.join("\n")}`)));
      }),
    async kill() {
      if (child.exitCode === null && child.signalCode === null) process.kill(childOf(child.pid), "SIGKILL");
      await exit;
    },
  };
}

/** The only child of a process. */
function childOf(pid: number | undefined): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim().split(" ")[0]);
}
