import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDiscovery } from "../../src/jvm/discovery.ts";
import type { DiscoveredJvm } from "../../src/model/jvm-source.ts";
import { type Jdk, jdksOf } from "../jdk.ts";
import { asUser, buildIdle, canRunOthers, type IdleJvm, type IdleProgram, startIdle } from "./idle-jvms.ts";

const nameless = asUser(54321);
const nobody = asUser(65534);
const elsewhere = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];
const small = ["-Xmx32m", "-XX:TieredStopAtLevel=1"];
const [jdk17, jdk25] = [jdksOf(17)[0], jdksOf(25)[0]];
const someJava = join((jdk25 ?? jdk17)?.home ?? "", "bin/java");
const canBeOther = canRunOthers([...nobody, someJava, "-version"]);
const canBeElsewhere = canRunOthers([...elsewhere, "true"]);
if (!jdk17 && !jdk25) process.stderr.write("skipped: no JDK 17 nor 25 on this machine\n");

/** Starts what each name stands for, two at a time, and lists all JVMs once they are ready. */
function startAndList(
  launches: () => Readonly<Record<string, readonly string[]>>,
  env: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
) {
  const started = new Map<string, IdleJvm>();
  let listed: readonly DiscoveredJvm[] = [];
  beforeAll(async () => {
    const waiting = Object.entries(launches());
    const startNext = async (): Promise<void> => {
      const next = waiting.shift();
      if (next === undefined) return;
      started.set(next[0], await startIdle(next[1], env[next[0]]));
      await startNext();
    };
    await Promise.all([startNext(), startNext()]);
    const stopping = started.get("stopped");
    if (stopping) process.kill(stopping.pid, "SIGSTOP");
    listed = await createDiscovery().list(AbortSignal.timeout(60_000));
  }, 120_000);
  afterAll(async () => {
    await Promise.all([...started.values()].map((jvm) => jvm.stop()));
  });
  const pidOf = (name: string) => started.get(name)?.pid;
  return {
    pidOf,
    list: () => listed,
    found: (name: string) => listed.find(({ identity }) => identity.pid === pidOf(name)),
  };
}

const codesOf = (jvm: DiscoveredJvm | undefined) => jvm?.obstacles.map(({ tier, code }) => `${tier} ${code}`);

describe.each([jdk17, jdk25].filter((jdk) => jdk !== undefined))("what hides a JVM of Java $major", (jdk: Jdk) => {
  let idle: IdleProgram;
  beforeAll(async () => {
    idle = await buildIdle(jdk);
  }, 60_000);
  const java = (...flags: readonly string[]) => [
    join(jdk.home, "bin/java"),
    ...small,
    ...flags,
    "-cp",
    idle.classes,
    "Idle",
  ];
  const jvms = startAndList(() => ({
    nothing: java("-XX:+UseG1GC"),
    reduced: java("-XX:+UseSerialGC", "-Xrs"),
    disabled: java("-XX:+DisableAttachMechanism", "-XX:+UseParallelGC"),
    private: java("-XX:+PerfDisableSharedMem", "-XX:+UseZGC"),
    none: java("-XX:-UsePerfData", "-XX:+UseSerialGC"),
    stopped: java("-XX:+UseSerialGC"),
    ...(canBeOther ? { nameless: [...nameless, ...java("-XX:+UseSerialGC")] } : {}),
  }));

  test.each([
    ["nothing", []],
    ["reduced", []],
    ["disabled", ["attach attach-disabled"]],
    ["private", ["perf-counters perf-shared-memory-disabled"]],
    ["none", ["perf-counters perf-counters-disabled"]],
    ["stopped", ["attach stopped"]],
  ])("%s", (name, codes) => {
    const jvm = jvms.found(name);
    expect(jvm).toMatchObject({
      kind: "hotspot",
      identity: { name: "Idle", javaMajor: jdk.major, uid: process.geteuid?.() },
    });
    expect(codesOf(jvm)).toEqual(codes);
  });

  test.skipIf(!canBeOther)("a user without a name", () => {
    expect(codesOf(jvms.found("nameless"))).toEqual(["perf-counters perf-user-unknown"]);
    expect(jvms.found("nameless")?.identity).toMatchObject({ uid: 54321, gid: 54321 });
  });

  test("the collector is told by the JVM's threads", () => {
    const collectors = ["nothing", "disabled", "private"].map((name) => jvms.found(name)?.identity);
    expect(collectors.map((identity) => identity?.collector)).toEqual(["G1", "Parallel", "ZGC"]);
    expect(collectors[2]?.generational).toBe(jdk.major > 23);
  });

  test("its start is told within the second", () => {
    const age = Date.now() - jvms.found("nothing")!.identity.startedAtMillis;
    expect(age).toBeGreaterThan(-1000);
    expect(age).toBeLessThan(130_000);
  });
});

describe.skipIf(!jdk25)("how a JVM was started", () => {
  const jdk = jdk25!;
  const folder = mkdtempSync(join(tmpdir(), "jprof-launcher-"));
  let idle: IdleProgram;
  let launcher: string | undefined;
  beforeAll(async () => {
    idle = await buildIdle(jdk);
    launcher = compiledLauncher(jdk, folder);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));
  const java = (...words: readonly string[]) => [join(jdk.home, "bin/java"), ...small, "-XX:+UseSerialGC", ...words];
  const jvms = startAndList(
    () => ({
      jar: java("-jar", idle.jar, "--port", "80"),
      module: java("-p", idle.module, "-m", "idle/run.Run", "-Xmx1g"),
      source: java(idle.source),
      arguments: [join(jdk.home, "bin/java"), `@${idle.argumentFile}`, "-Xmx1g"],
      environment: java("-cp", idle.classes, "Idle"),
      ...(launcher === undefined
        ? {}
        : { launcher: [launcher, join(jdk.home, "lib/server/libjvm.so"), idle.classes, "-Xmx32m"] }),
      ...(canBeOther ? { other: [...nobody, ...java("-cp", idle.classes, "Idle")] } : {}),
      ...(canBeElsewhere ? { inside: [...elsewhere, ...java("-cp", idle.classes, "-Dinside", "Idle")] } : {}),
    }),
    { environment: { JAVA_TOOL_OPTIONS: "-Dtold.secret=x", JDK_JAVA_OPTIONS: "-Xss1m", _JAVA_OPTIONS: "-Xmx34m" } },
  );

  test.each([
    ["jar", "my idle.jar"],
    ["module", "run.Run"],
    ["source", "Idle.java"],
    ["arguments", "Idle"],
  ])("%s", (launch, name) => {
    expect(jvms.found(launch)).toMatchObject({ kind: "hotspot", identity: { name }, obstacles: [] });
  });

  test("flags come from files and from the environment, and hold no values of properties", () => {
    expect(jvms.found("arguments")?.identity.flags).toEqual(["-Xmx33m"]);
    expect(jvms.found("environment")?.identity.flags).toEqual([
      "-Dtold.secret=(redacted)",
      "-Xss1m",
      ...small,
      "-XX:+UseSerialGC",
      "-Xmx34m",
    ]);
  });

  test("by a launcher of its own", ({ skip }) => {
    if (launcher === undefined) skip("no gcc, or no jni.h in the JDK");
    const jvm = jvms.found("launcher");
    expect(jvm).toMatchObject({
      kind: "hotspot",
      identity: { name: "launcher", javaMajor: 25, flags: [] },
      obstacles: [],
    });
  });

  test.skipIf(!canBeOther)("by another user", () => {
    expect(jvms.found("other")).toMatchObject({ kind: "hotspot", identity: { uid: 65534, gid: 65534 }, obstacles: [] });
  });

  test.skipIf(!canBeElsewhere)("in PID and mount namespaces of its own", () => {
    const jvm = jvms.list().find(({ identity }) => identity.namespacePid === 1 && identity.flags.includes("-Dinside"));
    expect(jvm).toMatchObject({ kind: "hotspot", identity: { name: "Idle" }, obstacles: [] });
    expect(jvm?.identity.pid).not.toBe(1);
  });
});

/** Undefined where there is nothing to compile it with. */
function compiledLauncher(jdk: Jdk, folder: string): string | undefined {
  const include = join(jdk.home, "include");
  const output = join(folder, "launcher");
  try {
    const source = join(import.meta.dirname, "launcher.c");
    execFileSync("gcc", [`-I${include}`, `-I${join(include, "linux")}`, source, "-o", output, "-ldl"], {
      stdio: "ignore",
    });
    return output;
  } catch {
    process.stderr.write("skipped: a launcher cannot be compiled on this machine\n");
    return undefined;
  }
}
