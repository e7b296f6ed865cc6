import { describe, expect, test } from "vitest";
import { parseCgroup } from "../../../src/formats/proc/cgroup.ts";
import { cpusOf, parseCgroupBytes, parseCpuMax } from "../../../src/formats/proc/cgroup-limits.ts";
import { parseFlatKeyed } from "../../../src/formats/proc/flat-keyed.ts";
import { parseMountInfo } from "../../../src/formats/proc/mountinfo.ts";
import { parsePressure } from "../../../src/formats/proc/pressure.ts";
import { corpusFile, hasCorpus, noCorpus } from "../../corpus.ts";
import { readFixtureTree } from "./fixture-tree.ts";

describe("the control groups of a process", () => {
  test("are of one unified hierarchy, of several, or of both", () => {
    const text = "12:cpu,cpuacct:/docker/a:b\n4:memory:/docker/a:b\n1:name=systemd:/\n0::/../x (deleted)\n";
    expect(parseCgroup(text)).toEqual([
      { hierarchy: 12, controllers: ["cpu", "cpuacct"], path: "/docker/a:b" },
      { hierarchy: 4, controllers: ["memory"], path: "/docker/a:b" },
      { hierarchy: 1, controllers: ["name=systemd"], path: "/" },
      { hierarchy: 0, controllers: [], path: "/../x" },
    ]);
  });

  test("may not be there at all", () => {
    expect(parseCgroup("")).toEqual([]);
    expect(() => parseCgroup("Name: java")).toThrow("expected");
  });
});

describe("mountinfo", () => {
  test("has optional fields, and escapes in octal", () => {
    const [mount] = parseMountInfo(
      "36 35 98:0 /a\\040b /mnt\\134x\\011y rw,noatime master:1 shared:2 - cgroup cgroup\\040source rw,cpu,cpuacct\n",
    );
    expect(mount).toEqual({
      root: "/a b",
      mountPoint: "/mnt\\x\ty",
      options: ["rw", "noatime"],
      fileSystem: "cgroup",
      source: "cgroup source",
      superOptions: ["rw", "cpu", "cpuacct"],
    });
  });

  test("of another thing is refused", () => {
    expect(() => parseMountInfo("rootfs / rootfs rw 0 0\n")).toThrow("expected lines of mountinfo");
  });
});

describe("limits", () => {
  test.each([
    ["max\n", undefined],
    ["9223372036854771712\n", undefined],
    ["536870912\n", 536870912],
    ["0\n", 0],
    ["", undefined],
    ["-1\n", undefined],
  ])("%j bytes are %j", (text, bytes) => {
    expect(parseCgroupBytes(text)).toBe(bytes);
  });

  test.each([
    ["max 100000\n", undefined],
    ["150000 100000\n", 1.5],
    ["50000 100000", 0.5],
    ["100000 0", undefined],
    ["", undefined],
  ])("%j is a quota of %j CPUs", (text, cpus) => {
    expect(parseCpuMax(text)).toBe(cpus);
  });

  test("a quota of version 1 is none when it is −1", () => {
    expect(cpusOf("-1\n", "100000\n")).toBeUndefined();
    expect(cpusOf("250000\n", "100000\n")).toBe(2.5);
  });
});

test("keys with numbers are read, and other lines skipped", () => {
  expect(parseFlatKeyed("anon 12\nfile.x 3\nthrottled_usec -1\nodd\nTotal 7\nkey  3\n")).toEqual({
    anon: 12,
    "file.x": 3,
    throttled_usec: -1,
  });
});

describe("pressure", () => {
  test("tells seconds for some and for all tasks", () => {
    const text =
      "some avg10=1.05 avg60=1.28 avg300=0.85 total=14895450\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=500000\n";
    expect(parsePressure(text)).toEqual({ someSeconds: 14.89545, fullSeconds: 0.5 });
  });

  test("of an old kernel's cpu has no line for all tasks", () => {
    expect(parsePressure("some avg10=0.10 avg60=2.00 avg300=3.85 total=15\n")).toEqual({
      someSeconds: 0.000015,
      fullSeconds: undefined,
    });
    expect(() => parsePressure("full avg10=0")).toThrow("expected");
  });
});

test.skipIf(!hasCorpus)(`files of another machine are read${noCorpus}`, () => {
  const files = readFixtureTree(corpusFile("procfs", "procfs_fixtures.ttar"));
  expect(parsePressure(files.get("fixtures/proc/pressure/cpu")!)).toEqual({
    someSeconds: 15e-6,
    fullSeconds: undefined,
  });
  expect(parsePressure(files.get("fixtures/proc/pressure/io")!)).toEqual({ someSeconds: 15e-6, fullSeconds: 25e-6 });
  const mounts = parseMountInfo(files.get("fixtures/proc/26231/mountinfo")!);
  expect(mounts.map(({ fileSystem }) => fileSystem)).toEqual("rootfs sysfs proc ext4 nfs4 nfs4 nfs xfs".split(" "));
  expect(mounts.map(({ mountPoint }) => mountPoint)).toContain("/mnt/nfs/test");
});
