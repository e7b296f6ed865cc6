import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runDashboards } from "../../src/cli/dashboards.ts";
import { dashboardsCommand } from "../../src/cli/dashboards-command.ts";
import { shippedFiles } from "../dashboards/generated.ts";

const folder = mkdtempSync(join(tmpdir(), "jprof-dashboards-"));

describe("jprof dashboards", () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("writes the shipped files into a folder that it makes, and says so", () => {
    const output = join(folder, "a/b");
    const told = runDashboards({ output });
    expect(new Map(readdirSync(output).map((name) => [name, readFileSync(join(output, name), "utf8")]))).toEqual(
      shippedFiles,
    );
    expect(told.split("\n")).toContain(`wrote ${join(output, "jvm-fleet.json")}`);
  });

  test("--list names each file with what it is, and writes nothing", () => {
    const output = join(folder, "none");
    const lines = runDashboards({ output, list: true }).trim().split("\n");
    expect(lines.map((line) => line.split(/\s/)[0])).toEqual([...shippedFiles.keys()].sort());
    expect(lines.join("\n")).toMatch(/jprof-alerts\.yaml +\d+ alerts, as a rule file of Prometheus/);
    expect(readdirSync(folder)).not.toContain("none");
  });

  test("--runbooks puts an address before every link to a runbook", () => {
    const output = join(folder, "linked");
    runDashboards({ output, runbooks: "https://wiki.example/jprof/" });
    for (const name of readdirSync(output)) {
      const text = readFileSync(join(output, name), "utf8");
      const pages = text.match(/[^"\s]*\b[A-Z]\w+\.md/g)?.filter((page) => !page.includes("docs/")) ?? [];
      expect(pages.length, name).toBeGreaterThan(0);
      expect(
        pages.filter((page) => !/^https:\/\/wiki\.example\/jprof\/\w+\.md$/.test(page)),
        name,
      ).toEqual([]);
    }
  });

  test.each(["wiki", "ftp://wiki.example", 'https://x"y', ""])("--runbooks refuses %j", (runbooks) => {
    expect(() => runDashboards({ output: folder, runbooks })).toThrow(
      `--runbooks takes an address of the web, got '${runbooks}'`,
    );
  });

  test("a file where the folder should be is told in one line", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(() => runDashboards({ output: file })).toThrow(`-o takes a folder, and ${file} is a file`);
    expect(() => runDashboards({ output: join(file, "below") })).toThrow("-o takes a folder");
    expect(() => runDashboards({ output: "" })).toThrow("-o takes the name of a folder, got ''");
  });

  test("its help has an example", () => {
    let help = "";
    dashboardsCommand()
      .configureOutput({
        writeOut: (text) => {
          help += text;
        },
      })
      .outputHelp();
    expect(help).toContain("jprof dashboards -o monitoring");
  });
});
