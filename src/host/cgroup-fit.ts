import type { Mount } from "../formats/proc/mountinfo.ts";

/** A mount in which a control group can be seen. */
export interface CgroupFit {
  readonly mount: Mount;
  /** How many folders lie between the mount's root and `below`, whose names jprof's cgroup namespace hides. */
  readonly hiddenNames: number;
  /** The group's path below the mount's root, or below the hidden names. */
  readonly below: readonly string[];
}

/** The mounts of a hierarchy that show a group, those that show the most groups around it first. */
export function fitsOf(
  group: { readonly controller: string; readonly path: string },
  mounts: readonly Mount[],
): readonly CgroupFit[] {
  const shown = new Map<string, Mount>();
  // A later mount hides an earlier one at the same place.
  for (const mount of mounts) shown.set(mount.mountPoint, mount);
  return [...shown.values()]
    .filter((mount) => isOf(mount, group.controller))
    .flatMap((mount) => fitOf(mount, group.path) ?? [])
    .sort((a, b) => b.below.length - a.below.length);
}

function isOf(mount: Mount, controller: string): boolean {
  if (controller === "unified") return mount.fileSystem === "cgroup2";
  return mount.fileSystem === "cgroup" && mount.superOptions.includes(controller);
}

/** Both paths are from the root of jprof's cgroup namespace; each leading `/..` is a step above it. */
function fitOf(mount: Mount, path: string): CgroupFit | undefined {
  const root = stepsOf(mount.root);
  const group = stepsOf(path);
  if (root.up > group.up) {
    return root.down.length > 0 ? undefined : { mount, hiddenNames: root.up - group.up, below: group.down };
  }
  const isAbove = root.up === group.up && root.down.every((name, index) => group.down[index] === name);
  return isAbove ? { mount, hiddenNames: 0, below: group.down.slice(root.down.length) } : undefined;
}

function stepsOf(path: string): { readonly up: number; readonly down: readonly string[] } {
  const names = path.split("/").filter((name) => name !== "");
  const up = names.findIndex((name) => name !== "..");
  return up < 0 ? { up: names.length, down: [] } : { up, down: names.slice(up) };
}
