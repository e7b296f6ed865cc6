import { type Stats, statSync } from "node:fs";
import type { Obstacle } from "../model/jvm-source.ts";
import type { Source } from "../model/metric.ts";
import { type AccessSubject, mountOf } from "./access-subject.ts";

/** What keeps the JVM from making files in its /tmp, which is where HotSpot wants its counters and its socket, whatever java.io.tmpdir says. */
export function tmpObstacle({ root, mounts, identity }: AccessSubject, tier: Source): Obstacle | undefined {
  const stat = statOf(`${root}/tmp`);
  if (stat === undefined) {
    return {
      code: "tmp-missing",
      tier,
      detail: `there is no ${root}/tmp`,
      fix: "give the container a /tmp (volumeMounts: [{name: tmp, mountPath: /tmp}], volumes: [{name: tmp, emptyDir: {}}])",
    };
  }
  const mount = mountOf(mounts, "/tmp");
  if (mount?.options.includes("ro") || mount?.superOptions.includes("ro")) {
    return {
      code: "tmp-read-only",
      tier,
      detail: `/tmp is mounted read-only${mount.mountPoint === "/tmp" ? "" : `, with ${mount.mountPoint}`}`,
      fix: "mount a writable /tmp (volumeMounts: [{name: tmp, mountPath: /tmp}], volumes: [{name: tmp, emptyDir: {}}])",
    };
  }
  if (identity.uid === 0 || isWritable(stat, identity)) return undefined;
  return {
    code: "tmp-not-writable",
    tier,
    detail: `${root}/tmp belongs to uid ${stat.uid} with mode ${(stat.mode & 0o7777).toString(8)}, and uid ${identity.uid} may not write there`,
    fix: "let everybody write to /tmp: chmod 1777 /tmp",
  };
}

function isWritable({ mode, uid, gid }: Stats, owner: AccessSubject["identity"]): boolean {
  if (uid === owner.uid) return (mode & 0o200) !== 0;
  return gid === owner.gid ? (mode & 0o020) !== 0 : (mode & 0o002) !== 0;
}

/** What a path is, following links; undefined where that cannot be told. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
