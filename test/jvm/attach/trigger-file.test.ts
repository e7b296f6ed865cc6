import { execFile } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { ownCredentials } from "../../../src/jvm/attach/credentials.ts";
import { openFolder } from "../../../src/jvm/attach/folder-handle.ts";
import { createTrigger } from "../../../src/jvm/attach/trigger-file.ts";
import { temporaryFolder } from "./idle-jvm.ts";

const own = ownCredentials();
const isRoot = own.uid === 0;
const name = ".attach_pid7";

describe("the trigger file", () => {
  test("stands in the working folder, for its owner alone, until it is removed", async () => {
    const { working, made } = await make();
    const path = join(working, name);
    expect(statSync(path)).toMatchObject({ uid: own.uid, size: 0 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    if (made.ok) await made.value.remove();
    expect(existsSync(path)).toBe(false);
    if (made.ok) await made.value.remove();
  });

  test("is removed also after the folder lost its name", async () => {
    const { working, made } = await make();
    renameSync(working, `${working}-moved`);
    if (made.ok) await made.value.remove();
    expect(existsSync(join(`${working}-moved`, name))).toBe(false);
  });

  test("stands in /tmp where the working folder is gone", async () => {
    const { temp, made } = await make((folders) => rmSync(folders.working, { recursive: true }));
    expect(made.ok).toBe(true);
    expect(existsSync(join(temp, name))).toBe(true);
    if (made.ok) await made.value.remove();
    expect(existsSync(join(temp, name))).toBe(false);
  });

  test("may have been left by somebody who is trusted, and is removed all the same", async () => {
    const { working, made } = await make((folders) => writeFileSync(join(folders.working, name), ""));
    expect(made.ok).toBe(true);
    if (made.ok) await made.value.remove();
    expect(existsSync(join(working, name))).toBe(false);
  });

  test("never follows a link", async () => {
    const { working, made } = await make((folders) => {
      symlinkSync(join(folders.working, "target"), join(folders.working, name));
    });
    expect(made).toMatchObject({ ok: false, code: "denied" });
    expect(existsSync(join(working, "target"))).toBe(false);
  });

  test.runIf(isRoot)("of another user stands in the way", async () => {
    const { made } = await make((folders) => {
      writeFileSync(join(folders.working, name), "");
      chownSync(join(folders.working, name), 12345, 12345);
    });
    expect(made).toMatchObject({ ok: false, code: "denied" });
    expect(made.ok ? "" : made.reason).toContain("belongs to uid 12345; remove it");
  });

  test.runIf(isRoot)("is given to the JVM's user", async () => {
    const { working, made } = await make(() => undefined, { uid: 12345, gid: 54321 });
    expect(statSync(join(working, name))).toMatchObject({ uid: 12345, gid: 54321 });
    if (made.ok) await made.value.remove();
  });

  test.skipIf(isRoot)("stands in /tmp where the working folder cannot be written", async () => {
    const { temp, made } = await make((folders) => chmodSync(folders.working, 0o500));
    expect(existsSync(join(temp, name))).toBe(true);
    if (made.ok) await made.value.remove();
  });

  test("does not survive jprof's exit", async () => {
    const folder = temporaryFolder();
    const source = join(import.meta.dirname, "../../../src/jvm/attach");
    const script = `
      import { readdirSync } from "node:fs";
      import { openFolder } from ${JSON.stringify(join(source, "folder-handle.ts"))};
      import { createTrigger } from ${JSON.stringify(join(source, "trigger-file.ts"))};
      const made = await createTrigger(${JSON.stringify(folder)}, await openFolder(${JSON.stringify(folder)}), 7, ${JSON.stringify(own)});
      process.stdout.write(made.ok + " " + readdirSync(${JSON.stringify(folder)}));
      process.exit(3);`;
    const ended = promisify(execFile)(process.execPath, ["--input-type=module-typescript", "-e", script]).catch(
      (error) => error,
    );
    expect(await ended).toMatchObject({ code: 3, stdout: `true ${name}` });
    expect(existsSync(join(folder, name))).toBe(false);
  });
});

interface Folders {
  readonly working: string;
  readonly temp: string;
}

async function make(prepare: (folders: Folders) => void = () => undefined, jvm = own) {
  const folder = temporaryFolder();
  const folders = { working: join(folder, "cwd"), temp: join(folder, "tmp") };
  for (const path of Object.values(folders)) mkdirSync(path);
  prepare(folders);
  const temp = await openFolder(folders.temp);
  const made = await createTrigger(folders.working, temp, 7, jvm);
  await temp.close();
  return { ...folders, made };
}
