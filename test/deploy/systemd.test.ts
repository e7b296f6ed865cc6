import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAgentFile } from "../../src/cli/agent-file.ts";
import { temporaryFolder } from "../jvm/attach/idle-jvm.ts";
import { outputOf, toolPath } from "./deploy-tools.ts";
import { readDeployed } from "./manifests.ts";

const systemdAnalyze = toolPath("systemd-analyze", ["--version"]);
const units = ["jprof-agent.service", "jprof-agent@.service"];

/** Lines `Name=value`, by name, in their order. */
function settingsOf(file: string): ReadonlyMap<string, readonly string[]> {
  const settings = new Map<string, string[]>();
  for (const line of readDeployed(`systemd/${file}`).split("\n")) {
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) settings.set(name, [...(settings.get(name) ?? []), value ?? ""]);
  }
  return settings;
}

/** The unit with a program that is on this machine, and drop-ins. */
function unitFile(file: string, ...dropIns: readonly string[]): string {
  const folder = temporaryFolder();
  const path = join(folder, file.replace("@", "@daemon"));
  writeFileSync(path, readDeployed(`systemd/${file}`).replace("ExecStart=jprof", `ExecStart=${process.execPath}`));
  mkdirSync(`${path}.d`);
  for (const name of dropIns) writeFileSync(join(`${path}.d`, name), readDeployed(`systemd/${name}`));
  return path;
}

describe.each(units)("%s", (unit) => {
  const settings = settingsOf(unit);

  test("confines jprof alike, whoever it runs as", () => {
    const other = settingsOf(units.find((name) => name !== unit)!);
    const own = ["Description", "ExecStart", "User", "CapabilityBoundingSet", "SystemCallFilter", "PrivateTmp"];
    const differing = ["ReadWritePaths", "ProtectProc", "RemoveIPC", ...own];
    const shared = [...settings].filter(([name]) => !differing.includes(name));
    expect(shared).toEqual([...other].filter(([name]) => !differing.includes(name)));
  });

  test("forbids what tracing would be good for", () => {
    const filters = settings.get("SystemCallFilter") ?? [];
    expect(filters[0]).toBe("@system-service");
    expect(filters[1]).toMatch(/^~@debug .*@setuid.* process_vm_writev/);
  });

  test.skipIf(systemdAnalyze === undefined)("is understood by systemd", () => {
    const { status, stderr } = spawnSync(systemdAnalyze!, ["verify", unitFile(unit)], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test.skipIf(systemdAnalyze === undefined)("leaves little exposed, by systemd's own measure", () => {
    const args = ["security", "--offline=yes", "--no-pager", "--threshold=30", unitFile(unit)];
    expect(outputOf(systemdAnalyze!, args)).toMatch(/Overall exposure level/);
  });
});

test.skipIf(systemdAnalyze === undefined)("a reader is less exposed than root", () => {
  const levelOf = (...dropIns: readonly string[]) => {
    const args = ["security", "--offline=yes", "--no-pager", unitFile("jprof-agent.service", ...dropIns)];
    return Number(/Overall exposure level for .*: (\S+)/.exec(outputOf(systemdAnalyze!, args))?.[1]);
  };
  expect(levelOf("reader.conf")).toBeLessThan(levelOf());
});

test("the example of a configuration is one", () => {
  expect(parseAgentFile(readDeployed("systemd/jprof.yaml"), "jprof.yaml")).toMatchObject({ policy: "observe" });
});
