import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jdksOf } from "../jdk.ts";
import { asUser, buildIdle, canRunOthers, type IdleJvm, startIdle } from "../jvm/idle-jvms.ts";
import { runCommand } from "./run-command.ts";
import { mainFile } from "./run-jprof.ts";

const [jdk] = jdksOf(25, 17);
if (!jdk) process.stderr.write("skipped: no JDK 17 nor 25 on this machine\n");
const asNobody = asUser(65534);
const withCapability = [...asNobody, "--inh-caps=+net_bind_service", "--ambient-caps=+net_bind_service"];
const weakRoot = ["setpriv", "--bounding-set=-sys_ptrace"];
const elsewhere = ["unshare", "--pid", "--fork", "--mount-proc"];
const java = join(jdk?.home ?? "", "bin/java");
const canBeOther =
  canRunOthers([...withCapability, java, "-version"]) &&
  canRunOthers([...asNobody, process.execPath, mainFile, "--version"]) &&
  canRunOthers([...weakRoot, "true"]);
const canBeElsewhere = canRunOthers([...elsewhere, "true"]);

interface JsonCheck {
  readonly name: string;
  readonly state: string;
  readonly detail: string;
  readonly code?: string;
}

interface JsonOutput {
  readonly jvms: readonly JsonJvm[];
  readonly host?: readonly JsonCheck[];
}

interface JsonJvm {
  readonly pid: number;
  readonly kind: string;
  readonly isReachable?: boolean;
  readonly obstacles?: readonly { readonly code: string }[];
  readonly checks?: readonly JsonCheck[];
}

async function jsonOf(name: string, args: readonly string[], prefix: readonly string[] = []) {
  const { stdout, stderr, code } = await runCommand(name, ["--format", "json", ...args], prefix);
  if (stdout === "") throw new Error(stderr);
  const { jvms, ...rest }: JsonOutput = JSON.parse(stdout);
  return { code, rest, of: (jvm: IdleJvm) => jvms.find(({ pid }) => pid === jvm.pid) };
}

describe.skipIf(!jdk)("on real JVMs", () => {
  let own: IdleJvm;
  let closed: IdleJvm;
  let others: IdleJvm | undefined;
  let capable: IdleJvm | undefined;
  beforeAll(async () => {
    const { classes } = await buildIdle(jdk!);
    const idle = (...flags: readonly string[]) => [
      java,
      "-Xmx32m",
      "-XX:+UseSerialGC",
      ...flags,
      "-cp",
      classes,
      "Idle",
    ];
    [own, closed] = await Promise.all([
      startIdle(idle("-XX:+StartAttachListener")),
      startIdle(idle("-XX:-UsePerfData", "-XX:+DisableAttachMechanism")),
    ]);
    if (!canBeOther) return;
    [others, capable] = await Promise.all([
      startIdle([...asNobody, ...idle()]),
      startIdle([...withCapability, ...idle()]),
    ]);
  }, 120_000);
  afterAll(async () => {
    await Promise.all([own, closed, others, capable].map((jvm) => jvm?.stop()));
  });

  test("ps lists them with what their counters tell", async () => {
    const { code, of, rest } = await jsonOf("ps", []);
    expect(code).toBe(0);
    expect(rest).toMatchObject({ schemaVersion: 1, tool: { name: "jprof" } });
    expect(of(own)).toMatchObject({
      kind: "hotspot",
      name: "Idle",
      collector: "Serial",
      vmName: expect.stringContaining("VM"),
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      heap: { limitBytes: expect.any(Number) },
      pauses: { count: 0 },
      residentBytes: expect.any(Number),
      obstacles: [],
    });
    expect(of(closed)?.obstacles?.map(({ code }) => code)).toEqual(["perf-counters-disabled", "attach-disabled"]);
    const { stdout } = await runCommand("ps", []);
    expect(stdout).toMatch(new RegExp(`^ *${own.pid} .* Serial .* / .* Idle$`, "m"));
  });

  test("doctor finds one well, and exits with 0", async () => {
    const { code, of } = await jsonOf("doctor", [String(own.pid)]);
    expect(code).toBe(0);
    expect(of(own)).toMatchObject({ isReachable: true });
    expect(
      of(own)
        ?.checks?.filter(({ state }) => state !== "advice")
        .map(({ name, state }) => `${name} ${state}`),
    ).toEqual(["process ok", "counters ok", "attach ok", "record ok"]);
  });

  test("doctor asks a JVM for its version when it is told to, and only where nothing is in the way", async () => {
    const check = async (jvm: IdleJvm) => {
      const { of } = await jsonOf("doctor", [String(jvm.pid), "--ask"]);
      return of(jvm)?.checks?.find(({ name }) => name === "ask");
    };
    expect(await check(own)).toMatchObject({
      state: "ok",
      detail: expect.stringMatching(/^answered within \d+ ms: .*VM version \d/),
    });
    expect(await check(closed)).toBeUndefined();
  });

  test("doctor tells why one is out of reach, and exits with 3", async () => {
    const { code, stdout, stderr } = await runCommand("doctor", [String(closed.pid)]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
    expect(stdout).toContain("✗ counters      the JVM runs with -XX:-UsePerfData");
    expect(stdout).toContain("do  remove -XX:+DisableAttachMechanism");
    expect(stdout).toContain("1 JVM, 1 out of reach");
  });

  test("doctor without a pid looks at all of them, and exits with 0", async () => {
    const { code, of } = await jsonOf("doctor", []);
    expect(code).toBe(0);
    expect([of(own)?.isReachable, of(closed)?.isReachable]).toEqual([true, false]);
  });

  test.each([
    [["999999999"], 3, "there is no process 999999999 to be seen here"],
    [[String(process.pid)], 3, "runs no JVM: it has no libjvm.so mapped"],
    [["java"], 2, "doctor takes the number of a process, got 'java'"],
    [["0"], 2, "doctor takes the number of a process, got '0'"],
  ])("doctor %j exits with %s and says why", async (args, exit, message) => {
    const { code, stdout, stderr } = await runCommand("doctor", args);
    expect({ code, stdout }).toEqual({ code: exit, stdout: "" });
    expect(stderr).toContain(message);
  });

  test.skipIf(!canBeElsewhere)(
    "doctor in another PID namespace, with the same /tmp, tells of a JVM that it cannot see",
    async () => {
      const { rest, of } = await jsonOf("doctor", [], elsewhere);
      expect(of(own)).toBeUndefined();
      expect(rest.host?.map(({ code }) => code)).toEqual(expect.arrayContaining(["pid-namespace-hidden"]));
      expect(rest.host?.map(({ detail }) => detail).join()).toContain(`/tmp/.java_pid${own.pid}:`);
    },
  );

  test.skipIf(!canBeOther)("what keeps one user from the JVMs of another is told apart", async () => {
    const codes = async (prefix: readonly string[], jvm: IdleJvm) => {
      const { of } = await jsonOf("ps", [], prefix);
      return of(jvm)?.obstacles?.map(({ code }) => code);
    };
    expect(await codes(asNobody, own)).toEqual(["other-user"]);
    expect(await codes(asNobody, others!)).toEqual([]);
    expect(await codes(asNobody, capable!)).toEqual(["not-dumpable"]);
    expect(await codes(weakRoot, others!)).toEqual(["no-ptrace-capability"]);
    expect(await codes([], others!)).toEqual([]);
  });
});
