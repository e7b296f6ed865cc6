import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createDiscovery } from "../../src/jvm/discovery.ts";
import { examineAccess } from "../../src/jvm/obstacles.ts";
import type { OwnAccess } from "../../src/jvm/own-access.ts";
import { bootSeconds, type DrawnProcess, drawnHome, drawnJvm, procTree } from "./proc-tree.ts";

const allCapabilities = (1n << 41n) - 1n;
const root: OwnAccess = { uid: 0, gid: 0, capabilities: allCapabilities };
const weakRoot: OwnAccess = { uid: 0, gid: 0, capabilities: 0n };
const app: OwnAccess = { uid: 1000, gid: 1000, capabilities: 0n };
const other: OwnAccess = { uid: 2000, gid: 2000, capabilities: 0n };

/** Whom drawn files belong to. */
const ownUid = process.getuid?.() ?? 0;

const signal = AbortSignal.timeout(60_000);
const library = `${drawnHome}/lib/server/libjvm.so`;
const command = (...flags: readonly string[]) => ["java", ...flags, "Main"];

interface Look {
  readonly own?: OwnAccess;
  readonly ageSeconds?: number;
  readonly advises?: boolean;
  /** Changes the drawn tree between finding and examining. */
  readonly change?: (folder: string) => void;
}

/** The codes of what hinders `own` from seeing the drawn JVM. */
async function examine(process: DrawnProcess, look: Look = {}) {
  const { own = root, ageSeconds = 3600, advises = false, change } = look;
  const procRoot = procTree([process]);
  const [jvm] = await createDiscovery({ procRoot, examines: false }).list(signal);
  change?.(join(procRoot, String(process.pid)));
  const startedSeconds = bootSeconds + (process.startTicks ?? 5000) / 100;
  const nowMillis = (startedSeconds + ageSeconds) * 1000;
  return examineAccess(jvm!, { procRoot, own, nowMillis, advises });
}

async function codes(process: DrawnProcess, look: Look = {}): Promise<readonly string[]> {
  return (await examine(process, look)).map(({ tier, code }) => `${tier} ${code}`);
}

describe("perf counters are hidden by", () => {
  const without = (drawn: Partial<DrawnProcess>) => drawnJvm({ pid: 1, mapped: [library], ...drawn });
  const withoutFile = {
    change: (folder: string) => rmSync(join(folder, "root/tmp/hsperfdata_app"), { recursive: true }),
  };

  test.each([
    ["-XX:-UsePerfData", without({ command: command("-XX:-UsePerfData") }), "perf-counters-disabled"],
    [
      "-XX:+PerfDisableSharedMem",
      without({ command: command("-XX:+PerfDisableSharedMem") }),
      "perf-shared-memory-disabled",
    ],
    [
      "a user without a name",
      without({ files: { "/etc/passwd": "root:x:0:0::/root:/bin/sh\n" } }),
      "perf-user-unknown",
    ],
    ["another JVM with the same pid in a shared /tmp", without({ uid: ownUid }), "perf-file-taken"],
    ["a file that was deleted", without({ mapped: [library, "/tmp/hsperfdata_app/1 (deleted)"] }), "perf-file-deleted"],
    [
      "a file that is not where the JVM has it",
      without({ mapped: [library, "/tmp/hsperfdata_app/77"] }),
      "perf-file-missing",
    ],
  ])("%s", async (_, process, code) => {
    expect(await codes(process)).toEqual([`perf-counters ${code}`]);
  });

  test.each([
    [
      "a /tmp that is mounted read-only",
      { mountInfo: "22 1 0:21 / / rw - ext4 /dev/vda rw\n23 22 0:22 / /tmp ro - ext4 /dev/vdb rw\n" },
      "tmp-read-only",
    ],
    ["a root that is mounted read-only", { mountInfo: "22 1 0:21 / / ro - overlay overlay ro\n" }, "tmp-read-only"],
    ["nothing that can be seen", {}, "perf-file-missing"],
  ])("%s", async (_, drawn, code) => {
    expect(await codes(without(drawn), withoutFile)).toContain(`perf-counters ${code}`);
  });

  test("a /tmp that is not there, or not writable", async () => {
    const remove = (folder: string) => rmSync(join(folder, "root/tmp"), { recursive: true });
    const close = (folder: string) => {
      withoutFile.change(folder);
      chmodSync(join(folder, "root/tmp"), 0o755);
    };
    expect(await codes(without({}), { change: remove })).toEqual(["perf-counters tmp-missing", "attach tmp-missing"]);
    expect(await codes(without({}), { change: close })).toEqual([
      "perf-counters tmp-not-writable",
      "attach tmp-not-writable",
    ]);
  });

  test("a folder that others can write to", async () => {
    const open = (folder: string) => chmodSync(join(folder, "root/tmp/hsperfdata_app"), 0o777);
    expect(await codes(without({ uid: ownUid }), { change: open })).toEqual(["perf-counters perf-folder-insecure"]);
  });
});

describe("attach is hindered by", () => {
  test.each([
    ["-XX:+DisableAttachMechanism", { command: command("-XX:+DisableAttachMechanism") }, "attach-disabled"],
    ["being stopped", { state: "T" }, "stopped"],
    ["a debugger", { state: "t" }, "stopped"],
    ["-Xrs, when the socket is gone", { command: command("-Xrs"), caughtSignals: "0" }, "attach-socket-deleted"],
    ["an ignored SIGQUIT", { ignoredSignals: "0000000000000004" }, "signal-ignored"],
    ["a SIGQUIT that is not caught", { caughtSignals: "0000000101001cc8" }, "signal-not-caught"],
    ["a SIGQUIT that nobody takes", { pendingSignals: "0000000000000004" }, "signal-pending"],
    [
      "a user namespace in which root is nobody",
      { uidMap: "         0     100000      65536\n" },
      "attach-user-namespace",
    ],
    ["Java 8, for root", { files: { [`${drawnHome}/release`]: 'JAVA_VERSION="1.8.0_392"\n' } }, "attach-root-refused"],
  ])("%s", async (_, drawn, code) => {
    expect(await codes(drawnJvm({ pid: 1, ...drawn }))).toEqual([`attach ${code}`]);
  });

  test("too young a JVM, which SIGQUIT would end", async () => {
    const young = drawnJvm({ pid: 1, caughtSignals: "0" });
    expect(await codes(young, { ageSeconds: 1 })).toEqual(["attach too-young"]);
  });

  test("being of another user or group, or root without the right to signal", async () => {
    const jvm = drawnJvm({ pid: 1 });
    expect(await codes(jvm, { own: app })).toEqual([]);
    expect(await codes(jvm, { own: other })).toEqual(["attach attach-other-user"]);
    expect(await codes(jvm, { own: { ...app, gid: 5 } })).toEqual(["attach attach-other-group"]);
    expect(await codes(jvm, { own: weakRoot })).toEqual(["attach signal-denied"]);
  });

  test("nothing of the signal's once there is a socket", async () => {
    const procRoot = procTree([drawnJvm({ pid: 1, command: command("-Xrs"), caughtSignals: "0" })]);
    const socket = createServer().listen(join(procRoot, "1/root/tmp/.java_pid1"));
    await new Promise((resolve) => socket.once("listening", resolve));
    const [jvm] = await createDiscovery({ procRoot, examines: false }).list(signal);
    expect(await examineAccess(jvm!, { procRoot, own: root })).toEqual([]);
    socket.close();
  });
});

describe("a whole process is hidden", () => {
  test("when it runs no HotSpot, and then nothing else is told of it", async () => {
    const drawn = { command: command("-XX:+DisableAttachMechanism"), state: "T" };
    expect(await codes(drawnJvm({ pid: 1, ...drawn, mapped: ["/opt/libj9vm29.so"] }))).toEqual(["process openj9"]);
    expect(await codes(drawnJvm({ pid: 1, ...drawn, mapped: [] }))).toEqual(["process no-vm-library"]);
    expect(await codes(drawnJvm({ pid: 1, mapped: [] }), { ageSeconds: 2 })).toEqual(["process too-young"]);
  });

  test("when it has ended, or its pid is another's", async () => {
    const end = (folder: string) => rmSync(folder, { recursive: true });
    const replace = (folder: string) => writeFileSync(join(folder, "stat"), `1 (sh) S ${"0 ".repeat(18)}777 0 0 0\n`);
    expect(await codes(drawnJvm({ pid: 1 }), { change: end })).toEqual(["process ended"]);
    expect(await codes(drawnJvm({ pid: 1 }), { change: replace })).toEqual(["process ended"]);
  });
});

describe("advice", () => {
  const onDisk = "22 1 0:21 / / rw - ext4 /dev/vda rw\n";

  test("is given for what would show more, only when it is asked for", async () => {
    const jvm = drawnJvm({ pid: 1, mountInfo: onDisk });
    expect(await codes(jvm)).toEqual([]);
    expect(await codes(jvm, { advises: true })).toEqual([
      "perf-counters perf-counters-on-disk",
      "attach native-memory-untracked",
      "mbeans jolokia-absent",
    ]);
  });

  test("is not needed by a JVM that has it all", async () => {
    const flags = ["-XX:NativeMemoryTracking=summary", "-javaagent:/opt/jolokia-agent.jar=port=8778"];
    expect(await codes(drawnJvm({ pid: 1, command: command(...flags) }), { advises: true })).toEqual([]);
  });

  test("tells what keeps native profilers away", async () => {
    const mountInfo = `${onDisk}23 22 0:22 / /tmp rw,noexec - tmpfs tmpfs rw\n`;
    const jvm = drawnJvm({ pid: 1, mountInfo, command: command("-XX:-EnableDynamicAgentLoading") });
    expect(await codes(jvm, { advises: true })).toEqual(
      expect.arrayContaining(["attach tmp-noexec", "attach agents-refused"]),
    );
  });
});

test("every obstacle names what it is about and one thing to change", async () => {
  const obstacles = await examine(
    drawnJvm({ pid: 4711, command: command("-Xrs"), caughtSignals: "0", mapped: [library] }),
    { advises: true },
  );
  expect(obstacles.length).toBeGreaterThan(3);
  for (const { code, detail, fix } of obstacles) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(detail.length).toBeGreaterThan(20);
    expect(fix.length).toBeGreaterThan(10);
  }
});
