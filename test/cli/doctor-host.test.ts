import { describe, expect, test } from "vitest";
import { type Host, hostChecks } from "../../src/cli/doctor-host.ts";

const host: Host = {
  view: {
    hidePid: undefined,
    seesWholeMachine: true,
    firstProcess: "systemd",
    processCount: 84,
    isContainer: false,
    containerId: undefined,
    ptraceScope: undefined,
  },
  own: { uid: 0, gid: 0, capabilities: (1n << 41n) - 1n },
  nodeVersion: "24.0.0",
  unseenPids: [],
  jvmCount: 1,
};
const strange = (changed: Partial<Host>) =>
  hostChecks({ ...host, ...changed })
    .filter(({ state }) => state !== "ok")
    .map(({ code }) => code);
const view = (changed: Partial<Host["view"]>) => ({ ...host.view, ...changed });
const nobody = { uid: 1000, gid: 1000, capabilities: 0n };

describe("the place where jprof runs", () => {
  test("root on the machine itself sees everything", () => {
    expect(strange({})).toEqual([]);
  });

  test.each<[string, Partial<Host>, readonly string[]]>([
    ["another user", { own: nobody }, []],
    ["root without CAP_SYS_PTRACE", { own: { ...nobody, uid: 0 } }, ["no-ptrace-capability"]],
    ["a /proc that hides others", { own: nobody, view: view({ hidePid: "invisible" }) }, ["proc-hidden"]],
    ["a /proc that hides nobody from root", { view: view({ hidePid: "2" }) }, []],
    ["a /proc with hidepid=0", { own: nobody, view: view({ hidePid: "0" }) }, []],
    [
      "a container without a JVM",
      { jvmCount: 0, view: view({ seesWholeMachine: false, isContainer: true }) },
      ["pid-namespace"],
    ],
    ["a container with a JVM", { view: view({ seesWholeMachine: false, isContainer: true }) }, []],
    [
      "a pod that shares its PID namespace",
      { jvmCount: 0, view: view({ seesWholeMachine: false, firstProcess: "pause" }) },
      [],
    ],
    [
      "a pod that shares its /tmp only",
      { unseenPids: [1], jvmCount: 0, view: view({ seesWholeMachine: false }) },
      ["pid-namespace-hidden"],
    ],
    ["Yama", { view: view({ ptraceScope: 3 }) }, []],
  ])("%s", (_, changed, codes) => {
    expect(strange(changed)).toEqual(codes);
  });

  test("every check that is not well says what to change", () => {
    const checks = hostChecks({
      ...host,
      own: { ...nobody, uid: 0 },
      unseenPids: [1],
      view: view({ hidePid: "1", ptraceScope: 1, seesWholeMachine: false }),
    });
    for (const { state, fix, code } of checks) expect(state === "ok").toBe(fix === undefined && code === undefined);
  });
});
