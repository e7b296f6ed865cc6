import { execFile } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jdksOf } from "../jdk.ts";
import { type IdleJvm, startIdle, temporaryFolder } from "../jvm/attach/idle-jvm.ts";
import { asUser, canRunOthers } from "../jvm/idle-jvms.ts";

// The table of docs/deployment.md, row by row, on a real JVM of user 65534.
const document = readFileSync(join(import.meta.dirname, "../../docs/deployment.md"), "utf8");
const setpriv: Readonly<Record<string, readonly string[]>> = {
  root: ["setpriv", "--reuid=0"],
  "another user": asUser(12345),
  "the JVM's user, another group": ["setpriv", "--reuid=65534", "--regid=12345", "--clear-groups"],
  "the JVM's user and group": asUser(65534),
};
const jdks = jdksOf(25, 17);
const canBeOther = canRunOthers([...asUser(65534), process.execPath, "--version"]);

interface Row {
  readonly who: string;
  readonly capabilities: readonly string[];
  readonly counters: string;
  readonly proc: string;
  readonly attach: string;
  readonly obstacles: readonly string[];
}

interface Seen {
  readonly counters: string;
  readonly io: string;
  readonly status: string;
  readonly residentMemory: string;
  readonly attach: string;
  readonly obstacles: readonly string[];
  readonly byFilesAlone: string | undefined;
}

const rows = document
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter(([, who = ""]) => who in setpriv)
  .map(([, who = "", capabilities = "", counters = "", proc = "", attach = "", says = ""]): Row => {
    const names = capabilities === "none" ? [] : capabilities.split(" ");
    return { who, capabilities: names, counters, proc, attach, obstacles: says.match(/[a-z-]+/g) ?? [] };
  });
const askingForSocket = rows.filter(({ attach }) => attach === "yes");
/** The first row asks for the socket by a signal; whoever is the JVM's own user does the same. */
const bySignal = askingForSocket.find(({ who }) => who === "root")!;
const decisive = rows.filter(({ capabilities }) => capabilities.some((name) => name.startsWith("DAC_")));

let program: string;
beforeAll(() => {
  // A copy, since not everybody may be able to read a clone.
  const top = resolve(import.meta.dirname, "../..");
  const copy = temporaryFolder();
  chmodSync(copy, 0o755);
  for (const part of ["package.json", "src", "test/deploy/look-as.ts"]) {
    cpSync(join(top, part), join(copy, part), { recursive: true });
  }
  program = join(copy, "test/deploy/look-as.ts");
  mkdirSync(join(copy, "cache"));
  chmodSync(join(copy, "cache"), 0o1777);
});

async function lookAs({ who, capabilities }: Row, pid: number): Promise<Seen> {
  const set = ["-all", ...capabilities.map((name) => `+${name.toLowerCase()}`)].join(",");
  const ambient = who === "root" ? [] : [`--ambient-caps=${set}`];
  const [first = "", ...args] = [...setpriv[who]!, `--bounding-set=${set}`, `--inh-caps=${set}`, ...ambient];
  const command = [...args, process.execPath, program, String(pid)];
  // Node.js need not read types out of the source each time.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(program, "../../../cache") };
  const { stdout } = await promisify(execFile)(first, command, { env, encoding: "utf8", timeout: 30_000 });
  return JSON.parse(stdout) as Seen;
}

/** Two at a time. */
async function lookAll(all: readonly Row[], pid: number): Promise<readonly { row: Row; seen: Seen }[]> {
  const looks: { row: Row; seen: Seen }[] = [];
  for (let first = 0; first < all.length; first += 2) {
    const pair = all.slice(first, first + 2).map(async (row) => ({ row, seen: await lookAs(row, pid) }));
    looks.push(...(await Promise.all(pair)));
  }
  return looks;
}

function wordOf({ status, io, residentMemory }: Seen): string {
  if (status !== "ok") return "no";
  return io === "ok" && residentMemory === "ok" ? "yes" : "partly";
}

test("the table has every row", () => {
  expect(rows.map(({ who, capabilities }) => `${who}: ${capabilities.join(" ")}`)).toHaveLength(10);
  expect(askingForSocket).toHaveLength(2);
});

describe.runIf(canBeOther).each(jdks)("what is seen of a JVM of another user, Java $major", (jdk) => {
  let jvm: IdleJvm;
  beforeAll(async () => {
    jvm = await startIdle(jdk, { through: asUser(65534), cwd: "/" });
  });
  afterAll(() => jvm.stop());
  // On one version every row, on the other what decides.
  const tried = jdk === jdks[0] ? rows : decisive;

  test("before it listens is what the table says", async () => {
    const quiet = tried.filter((row) => !askingForSocket.includes(row));
    for (const { row, seen } of await lookAll(quiet, jvm.pid)) {
      const { who, capabilities } = row;
      const counters = seen.counters === "ok" ? "yes" : "no";
      expect({ who, capabilities, counters, proc: wordOf(seen), obstacles: seen.obstacles }).toEqual({
        ...{ who, capabilities, counters: row.counters, proc: row.proc, obstacles: row.obstacles },
      });
      expect(seen.attach, `${who} ${capabilities}`).not.toBe("ok");
    }
    const asked = await lookAs(bySignal, jvm.pid);
    expect(asked).toMatchObject({ counters: "ok", io: "ok", residentMemory: "ok", attach: "ok", obstacles: [] });
  });

  test("when it listens is what the table says", async () => {
    for (const { row, seen } of await lookAll(tried, jvm.pid)) {
      const { who, capabilities } = row;
      const { attach, byFilesAlone } = seen;
      // Files that nothing can be done with are no JVM to watch; they only tell whom to run jprof as.
      expect(byFilesAlone).toBe(attach === "ok" || row.counters === "yes" ? "hotspot" : "unknown");
      const word = attach === "ok" ? ["yes", "if it listens"] : ["no"];
      expect({ who, capabilities, word }).toEqual({ who, capabilities, word: expect.arrayContaining([row.attach]) });
    }
  });
});
