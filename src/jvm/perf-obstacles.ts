import { closeSync, constants, lstatSync, openSync, type Stats } from "node:fs";
import type { Obstacle } from "../model/jvm-source.ts";
import type { AccessSubject } from "./access-subject.ts";
import { flagSwitch } from "./flag-values.ts";
import { insideRoot } from "./inside-root.ts";
import type { MappedFile } from "./memory-maps.ts";
import { readText, unreadableOf } from "./proc-reads.ts";
import { tmpObstacle } from "./tmp-obstacles.ts";

/** What keeps jprof from the JVM's perf counters. The memory map is the proof of it: a JVM that shares them has mapped their file. */
export function perfObstacles(subject: AccessSubject): readonly Obstacle[] {
  const { vm } = subject;
  if (typeof vm !== "object") return [];
  const found = vm.perfFile ? fileObstacle(subject, vm.perfFile) : missingFile(subject);
  return found ? [found] : [];
}

function fileObstacle({ root, identity, own }: AccessSubject, { path, isDeleted }: MappedFile): Obstacle | undefined {
  if (isDeleted) {
    return obstacle(
      "perf-file-deleted",
      `${path} was deleted while the JVM runs, as cleaners of /tmp do`,
      `keep cleaners away ("x /tmp/hsperfdata_*" in /etc/tmpfiles.d/java.conf) and restart the JVM`,
    );
  }
  try {
    // access(2) asks for the real user, without capabilities that a service manager gave.
    closeSync(openSync(`${root}${path}`, constants.O_RDONLY | constants.O_NONBLOCK));
    return undefined;
  } catch (error) {
    if (unreadableOf(error) !== "denied") {
      return obstacle("perf-file-missing", `${root}${path} is not to be found`, "let jprof share the JVM's /tmp");
    }
    return obstacle(
      "perf-file-unreadable",
      `${root}${path} is for uid ${identity.uid} only`,
      own.uid === 0
        ? "give jprof CAP_DAC_OVERRIDE (securityContext: {capabilities: {add: [DAC_OVERRIDE]}})"
        : `run jprof as uid ${identity.uid}, or as root with CAP_DAC_OVERRIDE`,
    );
  }
}

/** Why a JVM has no file of counters: it was told so, or could not make it. */
function missingFile(subject: AccessSubject): Obstacle {
  const { identity, root } = subject;
  const { flags, uid, namespacePid } = identity;
  if (flagSwitch(flags, "UsePerfData") === false) {
    return obstacle("perf-counters-disabled", "the JVM runs with -XX:-UsePerfData", "remove -XX:-UsePerfData");
  }
  if (flagSwitch(flags, "PerfDisableSharedMem") === true) {
    return obstacle(
      "perf-shared-memory-disabled",
      "the JVM runs with -XX:+PerfDisableSharedMem, as Cassandra and Solr are shipped",
      "remove -XX:+PerfDisableSharedMem and mount a tmpfs at /tmp (emptyDir: {medium: Memory}), so that no disk can delay the counters",
    );
  }
  const user = userName(root, uid);
  if (user === undefined) {
    return obstacle(
      "perf-user-unknown",
      `uid ${uid} has no entry in ${root}/etc/passwd, and a JVM without a user name shares no counters`,
      `add a user to the image (echo 'app:x:${uid}:${identity.gid}::/tmp:/bin/false' >> /etc/passwd), or set runAsUser to one that it has`,
    );
  }
  const unusable = tmpObstacle(subject, "perf-counters") ?? takenFile(`${root}/tmp`, user, subject);
  if (unusable) return unusable;
  return obstacle(
    "perf-file-missing",
    `the JVM has mapped no /tmp/hsperfdata_${user}/${namespacePid}, and nothing here says why`,
    "look for a warning in the first lines of its output, and for space on its /tmp",
  );
}

/** A file or folder in the place of the JVM's own. Two JVMs with the same pid, each in its namespace, want the same file in a shared /tmp. */
function takenFile(tmp: string, user: string, { identity }: AccessSubject): Obstacle | undefined {
  const folder = `${tmp}/hsperfdata_${user}`;
  const stat = lstatOf(folder);
  if (stat && (!stat.isDirectory() || stat.uid !== identity.uid || (stat.mode & 0o022) !== 0)) {
    return obstacle(
      "perf-folder-insecure",
      `${folder} belongs to uid ${stat.uid} with mode ${(stat.mode & 0o7777).toString(8)}; the JVM trusts it only as its own, writable by nobody else`,
      `remove ${folder} and restart the JVM`,
    );
  }
  if (lstatOf(`${folder}/${identity.namespacePid}`) === undefined) return undefined;
  return obstacle(
    "perf-file-taken",
    `${folder}/${identity.namespacePid} is another JVM's, with the same pid in another namespace`,
    "give each JVM a /tmp of its own, or one PID namespace to all (shareProcessNamespace: true)",
  );
}

/** The name of a user by the process's own /etc/passwd. */
function userName(root: string, uid: number): string | undefined {
  const passwd = readText(insideRoot(root, "/etc/passwd"), 4 << 20) ?? "";
  return new RegExp(`^([^:\\n]+):[^:\\n]*:${uid}:`, "m").exec(passwd)?.[1];
}

function lstatOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function obstacle(code: string, detail: string, fix: string): Obstacle {
  return { code, tier: "perf-counters", detail, fix };
}
