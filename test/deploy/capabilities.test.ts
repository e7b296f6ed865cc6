import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jdksOf } from "../jdk.ts";
import { type IdleJvm, startIdle } from "../jvm/attach/idle-jvm.ts";
import { asUser, canRunOthers } from "../jvm/idle-jvms.ts";

const nobody = asUser(65534);
const jdks = jdksOf(17, 25);
const canBeOther = canRunOthers([...nobody, process.execPath, "--version"]);

/** Who looks, with which capabilities, and what that shows of a JVM of another user. */
interface Row {
  readonly who: string;
  readonly capabilities: readonly string[];
  readonly asks: readonly string[];
  readonly counters: string;
  readonly proc: string;
  readonly attach: string;
  readonly obstacles: readonly string[];
}

const other = ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups"];
const root = ["setpriv", "--reuid=0"];
const sibling = ["setpriv", "--reuid=65534", "--regid=12345", "--clear-groups"];

/** Ordered so that the JVM has no socket yet where it is to be asked for one by a signal; `attach`: what `VM.uptime` comes to. */
const beforeSignal: readonly Row[] = [
  row("another user", other, [], "denied denied denied", ["other-user"]),
  row("another user", other, ["SYS_PTRACE"], "denied some denied", ["perf-file-unreadable", "attach-other-user"]),
  row("another user", other, ["SYS_PTRACE", "DAC_READ_SEARCH"], "ok ok denied", ["attach-other-user"]),
  row("another user", other, ["SYS_PTRACE", "DAC_OVERRIDE", "KILL"], "ok ok denied", ["attach-other-user"]),
  row("the JVM's user in another group", sibling, [], "ok denied denied", ["other-group"]),
  row("root", root, [], "denied denied absent", ["no-ptrace-capability"]),
  row("root", root, ["SYS_PTRACE"], "denied some denied", ["perf-file-unreadable", "signal-denied"]),
  row("root", root, ["SYS_PTRACE", "DAC_OVERRIDE"], "ok ok denied", ["signal-denied"]),
  row("root", root, ["SYS_PTRACE", "DAC_OVERRIDE", "KILL"], "ok ok ok", []),
];
const withListener: readonly Row[] = [
  row("root", root, ["SYS_PTRACE", "DAC_READ_SEARCH"], "ok ok denied", ["attach-socket-denied"]),
  row("root", root, ["SYS_PTRACE", "DAC_OVERRIDE"], "ok ok ok", []),
  row("the JVM's user", nobody, [], "ok ok ok", []),
];

function row(
  who: string,
  asks: readonly string[],
  capabilities: readonly string[],
  sees: string,
  obstacles: readonly string[] = [],
): Row {
  const [counters = "", proc = "", attach = ""] = sees.split(" ");
  return { who, asks, capabilities, counters, proc, attach, obstacles };
}

function lookAs({ asks, capabilities }: Row, pid: number): Record<string, unknown> {
  const set = ["-all", ...capabilities.map((name) => `+${name.toLowerCase()}`)].join(",");
  const isRoot = asks === root;
  const limits = [`--bounding-set=${set}`, `--inh-caps=${set}`, ...(isRoot ? [] : [`--ambient-caps=${set}`])];
  const [program = "", ...args] = [...asks, ...limits, process.execPath, join(import.meta.dirname, "look-as.ts")];
  return JSON.parse(execFileSync(program, [...args, String(pid)], { encoding: "utf8", timeout: 30_000 }));
}

/** What of /proc can be read, in one word. */
function procOf({ status, io, residentMemory }: Record<string, unknown>): unknown {
  if (status !== "ok") return status;
  return io === residentMemory ? io : "some";
}

describe.runIf(canBeOther).each(jdks)("a JVM of another user, Java $major", (jdk) => {
  let jvm: IdleJvm;
  beforeAll(async () => {
    jvm = await startIdle(jdk, { through: nobody, cwd: "/" });
  });
  afterAll(() => jvm.stop());

  test.each([...beforeSignal, ...withListener])("shows $who with $capabilities what the table says", (who) => {
    const seen = lookAs(who, jvm.pid);
    const { counters, attach, obstacles } = seen;
    expect({ counters, proc: procOf(seen), attach, obstacles }).toEqual({
      counters: who.counters,
      proc: who.proc,
      attach: who.attach,
      obstacles: who.obstacles,
    });
  });
});
