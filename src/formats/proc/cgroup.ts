import { FormatError } from "../../model/errors.ts";

/** A control group that a process is in, of one hierarchy. */
export interface CgroupMembership {
  /** 0 for the unified hierarchy (version 2). */
  readonly hierarchy: number;
  /** `cpu`, `cpuacct`, `name=systemd`; empty for the unified hierarchy. */
  readonly controllers: readonly string[];
  /** From the root of the reader's cgroup namespace, above which it begins with `/..`. */
  readonly path: string;
}

/** Parses /proc/PID/cgroup; empty where the kernel has no control groups. */
export function parseCgroup(text: string): readonly CgroupMembership[] {
  const memberships: CgroupMembership[] = [];
  for (const [, hierarchy, controllers = "", path = ""] of text.matchAll(/^(\d{1,9}):([^:\n]*):(\/.*)$/gm)) {
    memberships.push({
      hierarchy: Number(hierarchy),
      controllers: controllers === "" ? [] : controllers.split(","),
      path: path.replace(/ \(deleted\)$/, ""),
    });
  }
  if (memberships.length === 0 && text.trim() !== "") {
    throw new FormatError(`expected "hierarchy:controllers:/path" lines, got ${JSON.stringify(text.slice(0, 40))}`);
  }
  return memberships;
}
