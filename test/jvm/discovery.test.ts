import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDiscovery } from "../../src/jvm/discovery.ts";
import { TargetError } from "../../src/model/errors.ts";
import { targetKeyOf } from "../../src/model/target.ts";
import { bootSeconds, type DrawnProcess, drawnHome, drawnJvm, drawProcess, procTree } from "./proc-tree.ts";

const signal = AbortSignal.timeout(60_000);
const own = { uid: 0, gid: 0, capabilities: (1n << 41n) - 1n };
const listOf = (...processes: readonly DrawnProcess[]) =>
  createDiscovery({ procRoot: procTree(processes), own }).list(signal);
const only = async (process: DrawnProcess) => (await listOf(process))[0];

describe("a JVM that is found", () => {
  test("is told by its process alone", async () => {
    const jvm = drawnJvm({
      pid: 4711,
      startTicks: 12345,
      namespacePids: [4711, 7],
      gid: 2000,
      cgroup: `0::/system.slice/docker-${"ab".repeat(32)}.scope\n`,
    });
    expect(await only(jvm)).toEqual({
      kind: "hotspot",
      identity: {
        pid: 4711,
        namespacePid: 7,
        startTicks: 12345,
        startedAtMillis: bootSeconds * 1000 + 123_450,
        uid: 1000,
        gid: 2000,
        name: "com.example.Main",
        javaVersion: "25.0.3",
        javaMajor: 25,
        vmName: undefined,
        vmVendor: "Eclipse Adoptium",
        collector: "G1",
        generational: undefined,
        flags: ["-Xmx1g"],
        containerId: "ab".repeat(32),
      },
      obstacles: [],
    });
  });

  test("takes its flags from the environment too, in the order in which they count", async () => {
    const environment = [
      "SECRET=1",
      "JAVA_TOOL_OPTIONS=-Xms1m",
      "XJDK_JAVA_OPTIONS=-Xno",
      "JDK_JAVA_OPTIONS='-Xss1m' @o",
      "_JAVA_OPTIONS=-Xmn2m",
    ];
    const found = await only(drawnJvm({ pid: 1, environment, cwd: "/srv", files: { "/srv/o": "-XX:+UseG1GC" } }));
    expect(found?.identity.flags).toEqual(["-Xms1m", "-Xss1m", "-XX:+UseG1GC", "-Xmx1g", "-Xmn2m"]);
  });

  test("takes arguments and flags from files inside its own root only", async () => {
    const files = {
      "/srv/args": "-Xmx2g -XX:VMOptionsFile=/srv/flags Main",
      "/srv/flags": "-XX:+UseZGC",
      "/etc/hostname": "inside",
    };
    const jvm = drawnJvm({ pid: 1, command: ["java", "@args"], cwd: "/srv", files });
    const root = procTree([jvm]);
    const discovery = createDiscovery({ procRoot: root, own });
    expect((await discovery.list(signal))[0]?.identity).toMatchObject({
      name: "Main",
      flags: ["-Xmx2g", "-XX:VMOptionsFile=/srv/flags", "-XX:+UseZGC"],
    });
    rmSync(join(root, "1/root/srv/args"));
    symlinkSync("/etc/hostname", join(root, "1/root/srv/args"));
    const other = await createDiscovery({ procRoot: root, own }).list(signal);
    expect(other[0]?.identity.name).toBe("inside");
  });

  test.each([
    [
      "jsvc",
      { exe: "/usr/bin/jsvc", command: ["jsvc.exec", "-user", "x", "-Xmx1g", "com.example.Daemon"] },
      "com.example.Daemon",
      ["-Xmx1g"],
    ],
    ["a tool of the JDK", { exe: `${drawnHome}/bin/jshell`, command: ["jshell", "-J-Xmx1g"] }, "jshell", ["-Xmx1g"]],
    ["a launcher of its own", { exe: "/opt/ide/bin/ide", command: ["ide", "-Xmx1g"] }, "ide", []],
    ["an overwritten command line", { exe: `${drawnHome}/bin/java`, command: [] }, "java", []],
    ["a deleted executable", { exe: `${drawnHome}/bin/java (deleted)`, command: ["x", "Main"] }, "Main", []],
  ])("is one whoever launched it: %s", async (_, drawn, name, flags) => {
    expect((await only(drawnJvm({ pid: 1, ...drawn })))?.identity).toMatchObject({ name, flags });
  });

  test("has no version when its library was replaced since: the file beside it is another's", async () => {
    const found = await only(drawnJvm({ pid: 1, mapped: [`${drawnHome}/lib/server/libjvm.so (deleted)`] }));
    expect(found).toMatchObject({ kind: "hotspot", identity: { javaVersion: undefined } });
  });

  test("is told apart from OpenJ9, from what is only called java, and from what has ended", async () => {
    const [openj9, named, zombie] = await listOf(
      drawnJvm({ pid: 1, mapped: ["/opt/ibm/lib/default/libj9vm29.so"] }),
      drawnJvm({ pid: 2, mapped: ["/usr/bin/java"] }),
      { pid: 3, comm: "java", state: "Z", threads: 1 },
    );
    expect([openj9?.kind, named?.kind, zombie?.kind]).toEqual(["openj9", "unknown", "unknown"]);
    expect([openj9, named, zombie].map((jvm) => jvm?.obstacles[0]?.code)).toEqual([
      "openj9",
      "no-vm-library",
      "zombie",
    ]);
  });
});

describe("looking again", () => {
  test("a process that only uses the pid again is another target", async () => {
    const root = procTree([drawnJvm({ pid: 1, startTicks: 100 })]);
    const discovery = createDiscovery({ procRoot: root, own });
    const [before] = await discovery.list(signal);
    drawProcess(root, drawnJvm({ pid: 1, startTicks: 200, command: ["java", "Other"] }));
    const [after] = await discovery.list(signal);
    expect(after?.identity.name).toBe("Other");
    expect(targetKeyOf(after!.identity)).not.toBe(targetKeyOf(before!.identity));
  });

  test("a process that executes java is a JVM from then on, with the same pid and start", async () => {
    const root = procTree([{ pid: 1, comm: "run.sh", threads: 2 }]);
    const discovery = createDiscovery({ procRoot: root, own });
    expect(await discovery.list(signal)).toEqual([]);
    drawProcess(root, drawnJvm({ pid: 1 }));
    expect(await discovery.list(signal)).toHaveLength(1);
  });

  test("a program that loads a JVM late is found by its growth", async () => {
    const office = { pid: 1, comm: "soffice.bin", exe: "/opt/office/soffice.bin", threads: 5, virtualBytes: 1e9 };
    const root = procTree([office]);
    const discovery = createDiscovery({ procRoot: root, own });
    expect(await discovery.list(signal)).toEqual([]);
    drawProcess(root, { ...office, virtualBytes: 3e9, threads: 20, mapped: ["/opt/java/lib/server/libjvm.so"] });
    expect((await discovery.list(signal))[0]).toMatchObject({ kind: "hotspot", identity: { name: "soffice.bin" } });
  });

  test("a JVM that is known is not read again, and one that ended is gone", async () => {
    const root = procTree([drawnJvm({ pid: 1 }), drawnJvm({ pid: 2 })]);
    const discovery = createDiscovery({ procRoot: root, own });
    const [first] = await discovery.list(signal);
    rmSync(join(root, "1/maps"));
    rmSync(join(root, "2"), { recursive: true });
    expect(await discovery.list(signal)).toEqual([first]);
  });

  test("a process that goes away at any read harms nothing", async () => {
    for (const file of [
      "stat",
      "status",
      "maps",
      "cmdline",
      "environ",
      "task",
      "exe",
      "cwd",
      "cgroup",
      "mountinfo",
      "root",
    ]) {
      const root = procTree([drawnJvm({ pid: 1 }), drawnJvm({ pid: 2 })]);
      rmSync(join(root, "1", file), { recursive: true });
      const found = await createDiscovery({ procRoot: root, own }).list(signal);
      expect(found.at(-1)?.identity.pid).toBe(2);
    }
  });

  test("files of any content harm nothing", async () => {
    const root = procTree([drawnJvm({ pid: 1 }), drawnJvm({ pid: 2 })]);
    const file = fc.constantFrom("stat", "status", "maps", "cmdline", "environ", "cgroup", "mountinfo", "uid_map");
    await fc.assert(
      fc.asyncProperty(file, fc.uint8Array({ maxLength: 200 }), async (name, bytes) => {
        drawProcess(root, drawnJvm({ pid: 1 }));
        writeFileSync(join(root, "1", name), bytes);
        const found = await createDiscovery({ procRoot: root, own }).list(signal);
        expect(found.at(-1)?.identity.pid).toBe(2);
      }),
      { seed: 7, numRuns: 25 },
    );
  });

  test("threads of the kernel and programs of one thread are never looked into", async () => {
    expect(await listOf(drawnJvm({ pid: 1, threads: 1 }))).toEqual([]);
  });
});

test("without /proc there is an error that says so", async () => {
  await expect(createDiscovery({ procRoot: "/nowhere" }).list(signal)).rejects.toThrow(TargetError);
});

test("a list that takes too long is given up", async () => {
  const root = procTree(Array.from({ length: 70 }, (_, index) => ({ pid: index + 1 })));
  await expect(createDiscovery({ procRoot: root, own }).list(AbortSignal.abort())).rejects.toThrow(/abort/i);
});
