/** Full ids of containers have 64 hexadecimal digits. */
const id64 = "[0-9a-f]{64}";

/** How container managers name a control group: the last id in the path is that of the innermost container. */
const inCgroup = new RegExp(`(?:^|[-:/])(?!conmon-)(${id64})(?=\\.scope|$|/)`, "g");
const fargateTask = /\/ecs\/[0-9a-f]{32}\/([0-9a-f]{32}-\d+)$/;
const monitor = new RegExp(`conmon-${id64}`);

/** Files that Docker and Podman mount into each container of their own; containerd's and CRI-O's are those of the whole pod. */
const inMounts = new RegExp(
  `/containers/(${id64})/(?:hostname|hosts|resolv\\.conf) |/overlay-containers/(${id64})/userdata/\\S*\\.containerenv `,
);

/**
 * The id of the container that a process is in, from its /proc/PID/cgroup and mountinfo: Docker, containerd, CRI-O, Podman and ECS, both
 * versions of control groups. A process in a control group namespace of its own only has its mounts to tell. Undefined: none that is known.
 */
export function containerIdOf(cgroup: string, mountInfo: string): string | undefined {
  for (const line of cgroup.split("\n")) {
    const path = line.replace(/^\d+:[^:]*:/, "");
    const id =
      fargateTask.exec(path)?.[1] ?? (monitor.test(path) ? undefined : [...path.matchAll(inCgroup)].at(-1)?.[1]);
    if (id !== undefined) return id;
  }
  const mounted = inMounts.exec(mountInfo);
  return mounted?.[1] ?? mounted?.[2];
}
