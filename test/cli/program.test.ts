import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { runJprof } from "./run-jprof.ts";

describe.concurrent("the command line", () => {
  test("--version prints the version of the package", async () => {
    expect(await runJprof(["--version"])).toMatchObject({ code: 0, stdout: `${packageJson.version}\n`, stderr: "" });
  });

  test("without a command it shows its help", async () => {
    const { code, stdout } = await runJprof([]);
    expect(code).toBe(0);
    expect(stdout).toContain("analyze");
  });

  test("--help of a command has an example", async () => {
    const { code, stdout } = await runJprof(["analyze", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("jprof analyze heap.hprof");
  });

  test.each([
    [["analyse"], "unknown command 'analyse'"],
    [["analyze"], "missing required argument 'file'"],
    [["analyze", "--bogus", "x"], "unknown option '--bogus'"],
    [["analyze", "--format", "pdf", "x"], "'pdf' is invalid. Allowed choices are text, json, md"],
    [["analyze", "--top", "ten", "x"], "--top takes a whole number from 1, got 'ten'"],
    [["analyze", "--include", "nothing", "x"], "--include knows no section 'nothing'; there are histogram"],
    [["completion", "tcsh"], "'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish"],
  ])("wrong usage %j exits with 2 and says what is wrong in one line", async (args, message) => {
    const { code, stdout, stderr } = await runJprof(args);
    expect({ code, stdout, lines: stderr.trim().split("\n").length }).toEqual({ code: 2, stdout: "", lines: 1 });
    expect(stderr).toContain(message);
  });

  test("the completion script of bash is one that bash can read, and completes values", async () => {
    const { stdout } = await runJprof(["completion", "bash"]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash is to read it
    const ask = 'COMP_WORDS=(jprof analyze --format ""); COMP_CWORD=3; _jprof; echo "${COMPREPLY[@]}"';
    expect(execFileSync("bash", ["-c", `${stdout}\n${ask}`], { encoding: "utf8" })).toBe("text json md html\n");
  });

  test("completion in bash knows the sections, the second of a list too", async () => {
    const { stdout } = await runJprof(["completion", "bash"]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash is to read it
    const ask = 'COMP_WORDS=(jprof analyze --include jvm,thr); COMP_CWORD=3; _jprof; echo "${COMPREPLY[@]}"';
    expect(execFileSync("bash", ["-c", `${stdout}\n${ask}`], { encoding: "utf8" })).toBe(
      "jvm,threads jvm,threadDump jvm,threadPools\n",
    );
  });

  test("the other shells' scripts name every option", async () => {
    for (const shell of ["zsh", "fish"]) {
      const { code, stdout } = await runJprof(["completion", shell]);
      expect(code).toBe(0);
      for (const option of ["fail-on", "include", "show-values"]) expect(stdout).toContain(option);
    }
  });
});
