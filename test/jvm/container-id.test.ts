import { describe, expect, test } from "vitest";
import { containerIdOf } from "../../src/jvm/container-id.ts";

const id = "0123456789abcdef".repeat(4);
const pod = "fedcba9876543210".repeat(4);

describe("the container of a process", () => {
  test.each([
    ["Docker, version 1", `12:memory:/docker/${id}\n11:cpu:/docker/${id}\n`],
    ["Docker under systemd", `0::/system.slice/docker-${id}.scope\n`],
    [
      "containerd in Kubernetes",
      `0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podab.slice/cri-containerd-${id}.scope\n`,
    ],
    ["containerd with cgroupfs", `0::/kubepods/burstable/pod12-34/${id}\n`],
    ["containerd in both ways", `0::/kubepods-besteffort-pod12.slice:cri-containerd:${id}\n`],
    ["CRI-O", `0::/kubepods.slice/kubepods-pod1.slice/crio-${id}.scope\n`],
    ["CRI-O with a group inside", `0::/kubepods.slice/crio-${id}.scope/container\n`],
    ["Podman", `0::/machine.slice/libpod-${id}.scope/container\n`],
    ["Podman without root", `0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope\n`],
    ["ECS on EC2", `9:memory:/ecs/task-name/${id}\n`],
    ["Docker in Docker", `0::/docker/${pod}/docker/${id}\n`],
    ["a sibling's group namespace", `0::/../cri-containerd-${id}.scope\n`],
  ])("%s", (_, cgroup) => {
    expect(containerIdOf(cgroup, "")).toBe(id);
  });

  test("Fargate has ids of its own", () => {
    const task = "0123456789abcdef".repeat(2);
    expect(containerIdOf(`1:cpu:/ecs/${task}/${task}-1234567890\n`, "")).toBe(`${task}-1234567890`);
  });

  test("in a group namespace of its own, the mounts of Docker and Podman tell", () => {
    const docker = `30 29 8:1 /var/lib/docker/containers/${id}/hostname /etc/hostname rw - ext4 /dev/sda1 rw\n`;
    const podman = `31 29 0:25 /containers/storage/overlay-containers/${id}/userdata/.containerenv /run/.containerenv rw - tmpfs tmpfs rw\n`;
    expect(containerIdOf("0::/\n", docker)).toBe(id);
    expect(containerIdOf("0::/\n", podman)).toBe(id);
  });

  test("the files of a pod do not name the container", () => {
    const sandbox = `30 29 8:1 /var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/${pod}/hostname /etc/hostname rw - ext4 /dev/sda1 rw\n`;
    expect(containerIdOf("0::/\n", sandbox)).toBeUndefined();
  });

  test.each([
    "0::/\n",
    "0::/system.slice/docker.service\n",
    "0::/user.slice/user-1000.slice/session-2.scope\n",
    `0::/machine.slice/libpod-conmon-${id}.scope\n`,
    "",
    "damaged",
  ])("%j is no container", (cgroup) => {
    expect(containerIdOf(cgroup, "")).toBeUndefined();
  });
});
