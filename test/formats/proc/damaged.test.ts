import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCgroup } from "../../../src/formats/proc/cgroup.ts";
import { parseCgroupBytes, parseCpuMax } from "../../../src/formats/proc/cgroup-limits.ts";
import { parseFlatKeyed } from "../../../src/formats/proc/flat-keyed.ts";
import { parseIo } from "../../../src/formats/proc/io.ts";
import { parseLimits } from "../../../src/formats/proc/limits.ts";
import { parseMountInfo } from "../../../src/formats/proc/mountinfo.ts";
import { parsePressure } from "../../../src/formats/proc/pressure.ts";
import { parseSchedstat } from "../../../src/formats/proc/schedstat.ts";
import { parseSmapsRollup } from "../../../src/formats/proc/smaps-rollup.ts";
import { parseStat } from "../../../src/formats/proc/stat.ts";
import { parseStatus } from "../../../src/formats/proc/status.ts";
import { parseThreadSums } from "../../../src/formats/proc/thread-sums.ts";
import { FormatError } from "../../../src/model/errors.ts";

/** Each parser, with a text that it reads. */
const parsers: Readonly<Record<string, readonly [(text: string) => unknown, string]>> = {
  cgroup: [parseCgroup, "4:memory:/a\n0::/../b c\n"],
  bytes: [parseCgroupBytes, "9223372036854771712\n"],
  cpuMax: [parseCpuMax, "150000 100000\n"],
  flatKeyed: [parseFlatKeyed, "anon 1\nfile 22\n"],
  io: [parseIo, "rchar: 1\nwchar: 2\nread_bytes: 3\nwrite_bytes: 4\ncancelled_write_bytes: -5\n"],
  limits: [
    parseLimits,
    "Limit   Soft Limit   Hard Limit   Units\nMax open files            1024     unlimited   files\n",
  ],
  mountInfo: [parseMountInfo, "1 2 0:3 / /sys/fs/cgroup rw shared:1 - cgroup2 cgroup2 rw,nsdelegate\n"],
  pressure: [parsePressure, "some avg10=0.00 total=5\nfull avg10=0.00 total=6\n"],
  schedstat: [parseSchedstat, "1 2 3\n"],
  smapsRollup: [parseSmapsRollup, "0-1 r-xp 00 00:00 0 [rollup]\nRss:   8 kB\nPss:   4 kB\n"],
  stat: [parseStat, `7 (a (b) c) S ${"1 ".repeat(40)}\n`],
  status: [
    parseStatus,
    "Name:\tjava\nTgid:\t7\nNSpid:\t7\t1\nVmRSS:\t  12 kB\nSigCgt:\t00ff\nCpus_allowed_list:\t0-3,5\n",
  ],
  threadSums: [parseThreadSums, "voluntary_ctxt_switches: 1\nnonvoluntary_ctxt_switches: 2\nrun_delay_seconds: 0.5\n"],
};

describe.each(Object.entries(parsers))("%s", (_, [parse, text]) => {
  test("is read, or refused with a reason, wherever it is cut", () => {
    expect(() => parse(text)).not.toThrow();
    for (let end = 0; end < text.length; end++) expectReadOrRefused(parse, text.slice(0, end));
  });

  test("is read, or refused with a reason, whatever is written into it", () => {
    const random = fc.tuple(fc.nat(text.length), fc.nat(8), fc.string({ unit: "binary", maxLength: 40 }));
    fc.assert(
      fc.property(random, ([at, removed, noise]) => {
        expectReadOrRefused(parse, text.slice(0, at) + noise + text.slice(at + removed));
        expectReadOrRefused(parse, noise);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  test("of a megabyte of one character takes no time to speak of", () => {
    for (const unit of ["a", " ", "1", "\n", "(", "Max ", "0:", "a 1\n"]) {
      expectReadOrRefused(parse, unit.repeat(2 ** 20 / unit.length));
      expectReadOrRefused(parse, text + unit.repeat(2 ** 20 / unit.length));
    }
  });
});

test.skipIf(process.platform !== "linux")("every process of this machine can be read", () => {
  const read: Readonly<Record<string, (text: string) => unknown>> = {
    status: parseStatus,
    stat: parseStat,
    limits: parseLimits,
    cgroup: parseCgroup,
    schedstat: parseSchedstat,
  };
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    for (const [file, parse] of Object.entries(read)) {
      const text = textOf(`/proc/${pid}/${file}`);
      if (text !== undefined) expect(() => parse(text), `/proc/${pid}/${file}`).not.toThrow();
    }
  }
  expect(parseStatus(readFileSync("/proc/self/status", "utf8"))).toMatchObject({ tgid: process.pid });
});

function expectReadOrRefused(parse: (text: string) => unknown, text: string): void {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof FormatError))
      throw new Error(`expected a FormatError for ${JSON.stringify(text)}`, { cause: error });
  }
}

/** Undefined when the process ended meanwhile. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
