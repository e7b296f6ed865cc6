import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkDumpSpace, type DumpPlan } from "../../../src/jvm/requests/dump-space.ts";
import { temporaryFolder } from "../attach/idle-jvm.ts";

describe("a dump", () => {
  test("is let go where there is room", async () => {
    const space = await check({});
    expect(space).toMatchObject({ neededBytes: 13_000_100, fileSystem: "ext4", refused: undefined });
    expect(space.freeBytes).toBeGreaterThan(13_000_100);
  });

  test("is refused where there is not enough room for more than the heap, and the reserve", async () => {
    expect((await check({ usedBytes: 1e15 })).refused).toMatch(
      /^\/data has \d+ bytes free, and the dump with its reserve may need 1300000000000100$/,
    );
    expect((await check({ reserveBytes: 1e18 })).refused).toMatch(/^\/data has \d+ bytes free/);
  });

  test("is refused on a read-only file system", async () => {
    expect((await check({}, "ro,relatime - ext4 /dev/a rw")).refused).toBe(
      "/data is on a read-only file system (/data)",
    );
    expect((await check({}, "rw - ext4 /dev/a ro")).refused).toContain("read-only");
  });

  test("in memory counts as memory of the JVM's control group", async () => {
    const tmpfs = "rw - tmpfs none rw";
    expect((await check({ memoryLeftBytes: 13_000_099 }, tmpfs)).refused).toContain("/data is in memory (tmpfs)");
    expect((await check({ memoryLeftBytes: 13_000_100 }, tmpfs)).refused).toBeUndefined();
    expect((await check({ memoryLeftBytes: undefined }, tmpfs)).refused).toBeUndefined();
    expect((await check({ memoryLeftBytes: 0 })).refused).toBeUndefined();
  });

  test("is refused where the folder is not there, is a link that leads out of the JVM's root, or has no name", async () => {
    expect((await check({ folder: "/missing" })).refused).toContain("(ENOENT)");
    expect((await check({ folder: "/link" })).refused).toBe(
      "/link is a symbolic link; name the folder that it leads to",
    );
    expect((await check({ folder: "data" })).refused).toBe("data is not an absolute path");
    expect((await check({ folder: "/data/../link/x" })).refused).toContain("/link is a symbolic link");
  });

  test("is let go in a real process's own folder", async () => {
    const plan = {
      procRoot: "/proc",
      pid: process.pid,
      folder: "/",
      usedBytes: 1,
      reserveBytes: 0,
      memoryLeftBytes: undefined,
    };
    expect(await checkDumpSpace(plan)).toMatchObject({ neededBytes: 2, freeBytes: expect.any(Number) });
  });
});

async function check(change: Partial<DumpPlan>, mount = "rw - ext4 /dev/a rw") {
  const procRoot = temporaryFolder();
  mkdirSync(join(procRoot, "7/root/data"), { recursive: true });
  symlinkSync("/etc", join(procRoot, "7/root/link"));
  writeFileSync(
    join(procRoot, "7/mountinfo"),
    `1 0 0:1 / / rw - overlay o rw\n2 1 0:2 / /data ${mount}\n3 1 0:3 / /database ro - xfs d ro\n`,
  );
  const plan = { procRoot, pid: 7, folder: "/data", usedBytes: 1e7, reserveBytes: 100, memoryLeftBytes: undefined };
  return checkDumpSpace({ ...plan, ...change });
}
