import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { insideRoot } from "../../src/jvm/inside-root.ts";

const root = mkdtempSync(join(tmpdir(), "jprof-root-"));
afterAll(() => rmSync(root, { recursive: true }));
mkdirSync(join(root, "usr/lib"), { recursive: true });
writeFileSync(join(root, "usr/lib/release"), "");
symlinkSync("/usr/lib", join(root, "lib"));
symlinkSync("/etc/shadow", join(root, "usr/lib/stolen"));
symlinkSync("../../../../../etc/shadow", join(root, "usr/lib/climbing"));
symlinkSync("loop", join(root, "loop"));

describe("a path inside a root", () => {
  test.each([
    ["/usr/lib/release", "usr/lib/release"],
    ["/lib/release", "usr/lib/release"],
    ["/usr/lib/stolen", "etc/shadow"],
    ["/usr/lib/climbing", "etc/shadow"],
    ["/../../../etc/passwd", "etc/passwd"],
    ["usr/./lib/../lib/release", "usr/lib/release"],
    ["/not/there", "not/there"],
  ])("%s is %s below it", (path, inside) => {
    expect(insideRoot(root, path)).toBe(join(root, inside));
  });

  test("links in a circle come to an end", () => {
    expect(insideRoot(root, "/loop/x")).toBe(join(root, "loop/x"));
  });
});
