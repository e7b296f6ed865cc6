import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { TargetIdentity } from "../../../src/model/target.ts";
import { identityOf, temporaryFolder } from "./idle-jvm.ts";

/** What a fake JVM does with a client: `request` is what came in one piece. */
export type Behaviour = (request: string, socket: Socket) => void;

/** A process that is drawn in files, with a real socket that behaves as a test wants. */
export interface FakeJvm {
  readonly procRoot: string;
  readonly identity: TargetIdentity;
  readonly socketPath: string;
  /** Every request so far. */
  readonly requests: readonly string[];
  /** The most clients that were connected at a time. */
  mostClients(): number;
  behave(behaviour: Behaviour): void;
  close(): void;
}

/** Draws `/proc/4711` as Linux writes it. */
export function drawProcess(
  procRoot: string,
  changes: { readonly state?: string; readonly startTicks?: number } = {},
): void {
  const { state = "S", startTicks = 1000 } = changes;
  const [uid, gid] = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0];
  mkdirSync(join(procRoot, "4711/root/tmp"), { recursive: true });
  mkdirSync(join(procRoot, "4711/cwd"), { recursive: true });
  const status = [
    "Name:\tjava",
    `State:\t${state} (sleeping)`,
    "Tgid:\t4711",
    "NSpid:\t4711",
    `Uid:\t${uid}\t${uid}\t${uid}\t${uid}`,
    `Gid:\t${gid}\t${gid}\t${gid}\t${gid}`,
    "VmRSS:\t  102400 kB",
    "Threads:\t20",
    "SigIgn:\t0000000000000000",
    "SigCgt:\t0000000181005ccf",
  ];
  writeFileSync(join(procRoot, "4711/status"), `${status.join("\n")}\n`);
  const rest = Array.from({ length: 48 }, (_, index) => (index === 18 ? startTicks : 0));
  writeFileSync(join(procRoot, "4711/stat"), `4711 (java) ${state} ${rest.join(" ")}\n`);
}

/** Starts the fake JVM; its socket is there at once. */
export async function startFake(behaviour: Behaviour): Promise<FakeJvm> {
  const procRoot = temporaryFolder();
  drawProcess(procRoot);
  const socketPath = join(procRoot, "4711/root/tmp/.java_pid4711");
  const requests: string[] = [];
  const clients = new Set<Socket>();
  let most = 0;
  let behave = behaviour;
  const server: Server = createServer((socket) => {
    clients.add(socket);
    most = Math.max(most, clients.size);
    socket.on("error", () => undefined);
    socket.on("close", () => clients.delete(socket));
    socket.on("data", (chunk) => {
      requests.push(chunk.toString());
      behave(chunk.toString(), socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    procRoot,
    identity: { ...identityOf(process.pid, 25), pid: 4711, namespacePid: 4711, startTicks: 1000, startedAtMillis: 0 },
    socketPath,
    requests,
    mostClients: () => most,
    behave: (next) => {
      behave = next;
    },
    close() {
      for (const socket of clients) socket.destroy();
      server.close();
      rmSync(procRoot, { recursive: true, force: true });
    },
  };
}

/** Answers as a JVM of JDK 25 does; `commands` tells what a diagnostic command prints, or undefined where it fails. */
export function likeJvm25(commands: (command: string) => string | undefined): Behaviour {
  return (request, socket) => {
    const parts = request.split("\0");
    if (parts[1] === "getversion") return void socket.end("0\n2 streaming");
    socket.end(`0\n${printed((parts[3] ?? "").split("\n"), commands)}`);
  };
}

/** Answers as a JVM of JDK 17 does: without a second version, and with −1 when any command fails. */
export function likeJvm17(commands: (command: string) => string | undefined): Behaviour {
  return (request, socket) => {
    const parts = request.split("\0");
    if (parts[0] !== "1") return void socket.end("101\n");
    if (parts[1] === "getversion") return void socket.end("-1\nOperation getversion not recognized!");
    const text = printed((parts[2] ?? "").split("\n"), commands);
    socket.end(`${text.endsWith(unknown) ? -1 : 0}\n${text}`);
  };
}

const unknown = "java.lang.IllegalArgumentException: Unknown diagnostic command\n";

function printed(lines: readonly string[], commands: (command: string) => string | undefined): string {
  let text = "";
  for (const line of lines) {
    const name = /^help (jprof-[\d-]+)$/.exec(line)?.[1];
    const reply = name === undefined ? commands(line) : `Help unavailable : '${name}' : No such command\n`;
    if (reply === undefined) return text + unknown;
    text += reply;
  }
  return text;
}
