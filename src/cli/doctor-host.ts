import packageJson from "../../package.json" with { type: "json" };
import type { HostView } from "../jvm/host-view.ts";
import { type Capability, capabilityNumbers, hasCapability, type OwnAccess } from "../jvm/own-access.ts";
import { formatNumberOf } from "../model/format-number.ts";
import { type Check, found, passed } from "./doctor-check.ts";

/** What is known of the machine or container that jprof runs in. */
export interface Host {
  readonly view: HostView;
  readonly own: OwnAccess;
  readonly nodeVersion: string;
  /** Of JVMs that listen in the /tmp here, but are in no process that can be seen: their own pids. */
  readonly unseenPids: readonly number[];
  readonly jvmCount: number;
}

/** Whether jprof is in a place from which it can see JVMs at all. */
export function hostChecks(host: Host): readonly Check[] {
  const { view, nodeVersion, unseenPids } = host;
  const { ptraceScope } = view;
  return [
    passed("node", `Node.js ${nodeVersion}; jprof needs ${packageJson.engines.node}`),
    userCheck(host),
    procCheck(host),
    namespaceCheck(host),
    ...(view.seesWholeMachine === true ? [] : unseenPids.map(unseenJvm)),
    ...(ptraceScope === undefined
      ? []
      : [passed("ptrace", `kernel.yama.ptrace_scope=${ptraceScope} does not matter: jprof traces no process`)]),
  ];
}

function unseenJvm(pid: number): Check {
  return found("unseen JVM", "advice", {
    code: "pid-namespace-hidden",
    detail: `a JVM that is process ${pid} in another PID namespace listens at /tmp/.java_pid${pid}: jprof agent asks it there, and sees nothing else of it`,
    fix: "for its memory, CPU and container share its PID namespace (pod spec: shareProcessNamespace: true; docker run --pid=container:NAME)",
  });
}

function userCheck({ own }: Host): Check {
  const names = Object.keys(capabilityNumbers) as Capability[];
  const held = names.filter((name) => hasCapability(own, name)).map((name) => `CAP_${name}`);
  const who = `uid ${own.uid}, gid ${own.gid}, ${held.length > 0 ? held.join(" ") : "no capabilities that matter here"}`;
  if (own.uid !== 0) return passed("user", `${who}: sees inside the JVMs of this user and group`);
  if (hasCapability(own, "SYS_PTRACE")) return passed("user", `${who}: sees inside every JVM`);
  return found("user", "advice", {
    code: "no-ptrace-capability",
    detail: `${who}: sees inside the JVMs of root only`,
    fix: "add the capability (securityContext: {capabilities: {add: [SYS_PTRACE]}}; docker run --cap-add SYS_PTRACE)",
  });
}

function procCheck({ view: { hidePid }, own }: Host): Check {
  const hides = hidePid !== undefined && !["0", "off"].includes(hidePid);
  if (!hides) return passed("proc", "/proc shows the processes of all users");
  const option = `/proc is mounted with hidepid=${hidePid}`;
  if (hasCapability(own, "SYS_PTRACE"))
    return passed("proc", `${option}, which does not concern jprof with CAP_SYS_PTRACE`);
  return found("proc", "obstacle", {
    code: "proc-hidden",
    detail: `${option}: processes of users other than uid ${own.uid} are hidden`,
    fix: "mount -o remount,hidepid=0 /proc, or run jprof as root with CAP_SYS_PTRACE",
  });
}

function namespaceCheck({ view, jvmCount, unseenPids }: Host): Check {
  const { seesWholeMachine, firstProcess, processCount, isContainer } = view;
  const seen = formatNumberOf(processCount, "process", "processes");
  if (seesWholeMachine === true) return passed("namespace", `the machine's own PID namespace: sees ${seen}`);
  if (firstProcess === "pause") return passed("namespace", `the PID namespace of a whole pod: sees ${seen}`);
  if (unseenPids.length > 0 && jvmCount === 0) {
    return passed("namespace", `a PID namespace of its own, and a /tmp that JVMs of others share: sees ${seen}`);
  }
  if (jvmCount > 0 || (seesWholeMachine === undefined && !isContainer)) {
    return passed("namespace", `a PID namespace of its own, with ${formatNumberOf(jvmCount, "JVM")}: sees ${seen}`);
  }
  return found("namespace", "obstacle", {
    code: "pid-namespace",
    detail: `a PID namespace of its own: sees ${seen}, and none is a JVM`,
    fix: "share that of the JVM (pod spec: shareProcessNamespace: true, or hostPID: true; docker run --pid=container:NAME)",
  });
}
