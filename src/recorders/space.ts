import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { checkDumpSpace } from "../jvm/requests/dump-space.ts";
import { TargetError } from "../model/errors.ts";
import { formatBytes } from "../model/format-number.ts";
import type { RecordRequest, RecordTarget } from "../model/recorder.ts";
import type { Bytes } from "../model/units.ts";

/** Sees before anything is asked of the JVM that what it will write fits, there and here; throws `TargetError` where not. */
export async function checkSpace(
  { live, procRoot, tmpFolder }: RecordTarget,
  { outputPath, reserveBytes }: RecordRequest,
  neededBytes: Bytes,
): Promise<void> {
  await checkHere(dirname(outputPath), neededBytes + reserveBytes);
  if (tmpFolder !== undefined) return checkHere(tmpFolder, neededBytes + reserveBytes);
  const cgroup = await live.cgroup(AbortSignal.timeout(cgroupMillis));
  const { refused } = await checkDumpSpace({
    ...{ procRoot, reserveBytes },
    pid: live.identity.pid,
    folder: "/tmp",
    usedBytes: neededBytes,
    memoryLeftBytes: cgroup.ok ? cgroup.value.memory?.headroomBytes : undefined,
  });
  if (refused !== undefined) throw new TargetError(refused);
}

const cgroupMillis = 2_000;

async function checkHere(folder: string, neededBytes: Bytes): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= neededBytes) return;
  throw new TargetError(
    `${folder} has ${formatBytes(bavail * bsize)} free, and ${formatBytes(neededBytes)} may be needed with the reserve; ask for less with --max-size, or give -o a file on another disk`,
  );
}
