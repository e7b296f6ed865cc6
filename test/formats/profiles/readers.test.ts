import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ByteSource, memorySource } from "../../../src/bytes/byte-source.ts";
import { profileFormats } from "../../../src/cli/profile-formats.ts";
import { readAsyncText } from "../../../src/formats/async-text/read-async-text.ts";
import { readCollapsed } from "../../../src/formats/collapsed/read-collapsed.ts";
import { readJfrJson } from "../../../src/formats/jfr-json/read-jfr-json.ts";
import { readPerfScript } from "../../../src/formats/perf-script/read-perf-script.ts";
import { readPprof } from "../../../src/formats/pprof/read-pprof.ts";
import { readSpeedscope } from "../../../src/formats/speedscope/read-speedscope.ts";
import { FormatError } from "../../../src/model/errors.ts";
import { frameKinds, type Profile, type ProfileSet } from "../../../src/model/profile.ts";
import { collapsedWriter } from "../../../src/reports/profile-writers/collapsed.ts";
import { pprofWriter } from "../../../src/reports/profile-writers/pprof.ts";
import { collapse } from "../../../src/stacks/collapse.ts";
import { corpusFile, hasCorpus, noCorpus } from "../../corpus.ts";
import { asyncText, collapsedText, jfrJsonText, perfScriptText, speedscopeText } from "./samples.ts";

const options = { name: "sample", tool: { name: "jprof", version: "0.0.0" } };
const pprofBytes = pprofWriter.write(readCollapsed(sourceOf(collapsedText)), options) as Uint8Array;

const samples: readonly { readonly name: string; readonly bytes: Uint8Array; read(source: ByteSource): ProfileSet }[] =
  [
    { name: "collapsed", bytes: bytesOf(collapsedText), read: readCollapsed },
    { name: "async-text", bytes: bytesOf(asyncText), read: readAsyncText },
    { name: "perf-script", bytes: bytesOf(perfScriptText), read: readPerfScript },
    { name: "speedscope", bytes: bytesOf(speedscopeText), read: readSpeedscope },
    { name: "jfr-json", bytes: bytesOf(jfrJsonText), read: readJfrJson },
    { name: "pprof", bytes: pprofBytes, read: readPprof },
  ];

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function sourceOf(content: string | Uint8Array): ByteSource {
  return memorySource("sample", typeof content === "string" ? bytesOf(content) : content);
}

function linesOf(profile: Profile): readonly string[] {
  return [...collapse(profile)].map(({ path, weight }) => `${path} ${Number(weight.toPrecision(9))}`).sort();
}

function kindOf({ stacks }: Profile, name: string): string | undefined {
  const frame = stacks.frameNames.indexOf(name);
  return frame < 0 ? undefined : frameKinds[stacks.frameKindOf[frame]!];
}

describe("every format", () => {
  test.each(samples.map(({ name, bytes }) => ({ name, bytes })))("$name is told from all others", ({ name, bytes }) => {
    expect(profileFormats.filter(({ format }) => format.sniff(bytes, "file")).map(({ format }) => format.name)).toEqual(
      [name],
    );
  });

  test("takes no other text for its own", () => {
    const top = join(import.meta.dirname, "../../..");
    const texts = ["package.json", "README.md", "CHANGELOG.md", "biome.json", "src/cli/program.ts", "docs/design.md"];
    const others = [
      ...texts.map((file) => new Uint8Array(readFileSync(join(top, file)))),
      bytesOf("[0.012s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 15M->3M(256M) 8.381ms\n"),
      bytesOf("total 12\nused 3\nfree 9\n"),
      bytesOf("name;value;unit\nheap;12;MiB\nthreads;40;count\n"),
      bytesOf("a = 1;\nb = 2;\nreturn a + b; // 3\n"),
      bytesOf("java.lang.OutOfMemoryError: Java heap space\n\tat a.B.c(B.java:12)\n"),
      new Uint8Array(1000),
      new Uint8Array(0),
    ];
    const claims = others.flatMap((bytes, index) =>
      profileFormats
        .filter(({ format }) => format.sniff(bytes, "file.txt"))
        .map(({ format }) => `${index} ${format.name}`),
    );
    expect(claims).toEqual([]);
  });

  test.each(samples)("$name cut off at any byte gives what is there, or says what is wrong", ({ bytes, read }) => {
    const whole = read(sourceOf(bytes)).profiles.reduce((sum, profile) => sum + profile.sampleStack.length, 0);
    for (let length = 0; length < bytes.length; length++) {
      const rows = rowsOrError(() => read(sourceOf(bytes.subarray(0, length))));
      expect(rows).toBeLessThanOrEqual(whole);
    }
  });

  test.each(samples)("$name with bytes changed at random is read, or refused in words", ({ bytes, read }) => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        (changes) => {
          const damaged = bytes.slice();
          for (const [at, byte] of changes) damaged[at] = byte;
          rowsOrError(() => read(sourceOf(damaged)));
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });

  test.each(samples)("$name of nothing but random bytes is refused in words", ({ read }) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        rowsOrError(() => read(sourceOf(bytes)));
      }),
      { seed: 6, numRuns: 200 },
    );
  });
});

/** Rows read, 0 when the file was refused as such; any other error is a bug. */
function rowsOrError(read: () => ProfileSet): number {
  try {
    const { profiles, threads } = read();
    for (const profile of profiles) {
      const { stackCaller } = profile.stacks;
      expect(stackCaller.every((caller, stack) => caller < stack)).toBe(true);
      expect(profile.sampleStack.every((stack) => stack < stackCaller.length)).toBe(true);
      expect(profile.sampleThread?.every((thread) => thread < threads.length) ?? true).toBe(true);
    }
    return profiles.reduce((sum, profile) => sum + profile.sampleStack.length, 0);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return 0;
  }
}

describe("collapsed stacks", () => {
  test("give stacks in source form, with the kind of each frame by its mark", () => {
    const [profile] = readCollapsed(sourceOf(collapsedText)).profiles;
    expect(linesOf(profile!)).toEqual([
      "JavaMain;Interpreter::run(JavaThread*, int) 1",
      "[unknown] 1",
      "java.lang.Thread.run;com.acme.store.Wal.append 2",
      "java.lang.Thread.run;com.acme.store.Wal.append;com.acme.store.Crc.update 7",
      "java.lang.Thread.run;java.io.FileOutputStream.writeBytes;/usr/lib/libc.so.6;ksys_write 3",
    ]);
    const kinds = [
      "com.acme.store.Wal.append",
      "ksys_write",
      "/usr/lib/libc.so.6",
      "Interpreter::run(JavaThread*, int)",
    ];
    expect(kinds.map((name) => kindOf(profile!, name))).toEqual(["java", "kernel", "native", "cpp"]);
    expect(profile!.confidence.notes).toEqual([]);
  });

  test("of a difference are two profiles over the same stacks", () => {
    const { profiles } = readCollapsed(sourceOf("a;b 10 20\na;c 0 5\n"));
    expect(profiles.map((profile) => [profile.event, [...profile.sampleWeight]])).toEqual([
      ["before", [10, 0]],
      ["after", [20, 5]],
    ]);
  });

  test("with threads as outermost frames tell of threads", () => {
    const { profiles, threads } = readCollapsed(
      sourceOf("[io-1 tid=7];a;b 1\n[io-2 tid=8];a;b 2\n[io-2 tid=8];a 3\na;c 4\n"),
    );
    expect(threads.map(({ name, osId, pool }) => [name, osId, pool])).toEqual([
      ["io-1", 7, "io-*"],
      ["io-2", 8, "io-*"],
    ]);
    expect([...profiles[0]!.sampleThread!]).toEqual([0, 1, 1, -1]);
    expect(linesOf(profiles[0]!)).toEqual(["a 3", "a;b 3", "a;c 4"]);
  });

  test("count lines that are none, and say which is the first", () => {
    const many = Array.from({ length: 60 }, (_, index) => `a;f${index} 1`);
    many.splice(30, 0, "no number here");
    const [profile] = readCollapsed(sourceOf(many.join("\n"))).profiles;
    expect(profile!.confidence.notes).toEqual([
      "1 line is no collapsed stack and not in these numbers, the first is line 31",
    ]);
  });

  test("in nanoseconds of a sampling interval tell how many samples they are", () => {
    const [profile] = readCollapsed(sourceOf("a;b 30000000\na;c 10000000\n")).profiles;
    expect([...profile!.sampleCount]).toEqual([3, 1]);
    const [bytes] = readCollapsed(sourceOf("a;b 30001\na;c 10240\n")).profiles;
    expect([...bytes!.sampleCount]).toEqual([1, 1]);
  });

  test("of more than a window, with a stack longer than one, are read whole, and a line beyond all bounds is skipped", () => {
    const deep = `a;${"x".repeat(1_500_000)};b 2`;
    const many = Array.from({ length: 60_000 }, (_, line) => `run;a.B.c${line % 50};d 1`);
    const endless = `a;${"y".repeat(9_000_000)} 5`;
    const { profiles } = readCollapsed(sourceOf([...many, deep, endless, "run;last 3"].join("\n")));
    const [profile] = profiles;
    expect(profile!.sampleWeight.reduce((sum, weight) => sum + weight, 0)).toBe(60_005);
    expect(linesOf(profile!)).toContain("run;last 3");
    expect(profile!.confidence.notes).toEqual(["1 line is no collapsed stack and not in these numbers"]);
  });

  test("drawn at random are read as they were written, whatever lines have in common", () => {
    const name = fc.constantFrom("a", "ab", "b", "run it", "x.y.Z.w", "é", "a.B$C.<init>");
    const stack = fc.array(name, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(stack, fc.integer({ min: 1, max: 999 })), { minLength: 1, maxLength: 40 }),
        (drawn) => {
          // A file of single frames alone is not taken for collapsed stacks.
          const rows = [
            ...drawn,
            [["a", "b", "c"], 1] as const,
            ...drawn.map(([frames, value]) => [[...frames, "x"], value] as const),
          ];
          const text = rows.map(([frames, value]) => `${frames.join(";")} ${value}\n`).join("");
          const set = readCollapsed(sourceOf(text));
          const sums = new Map<string, number>();
          for (const [frames, value] of rows) sums.set(frames.join(";"), (sums.get(frames.join(";")) ?? 0) + value);
          expect(linesOf(set.profiles[0]!)).toEqual([...sums].map(([path, value]) => `${path} ${value}`).sort());
        },
      ),
      { seed: 8, numRuns: 200 },
    );
  });

  test.skipIf(!hasCorpus)(`of recordings that others converted are written as they were read${noCorpus}`, () => {
    const folder = corpusFile("jfr");
    const files = readdirSync(folder).filter((file) => file.endsWith("_collapsed.txt.gz"));
    expect(files.length).toBeGreaterThan(15);
    for (const file of files) {
      const text = gunzipSync(readFileSync(join(folder, file))).toString("utf8");
      const set = readCollapsed(sourceOf(text));
      for (const [index, profile] of set.profiles.entries()) {
        const written = new TextDecoder().decode(
          collapsedWriter.write({ ...set, profiles: [profile] }, options) as Uint8Array,
        );
        const expected = text.split("\n").map((line) => valueAt(line, index));
        expect(written.trimEnd().split("\n").sort()).toEqual(summed(expected));
      }
    }
  });
});

/** `a/b.C;d [1 22]` as jprof writes the value at an index: class names in source form. */
function valueAt(line: string, index: number): readonly [string, number] {
  const [, path = "", values = ""] = /^(.*) \[(.*)\]$/.exec(line) ?? [];
  const frames = path.split(";").map((frame) => (/^[^./]+\//.test(frame) ? frame.replaceAll("/", ".") : frame));
  return [frames.join(";"), Number(values.split(" ")[index])];
}

function summed(rows: readonly (readonly [string, number])[]): readonly string[] {
  const sums = new Map<string, number>();
  for (const [path, value] of rows) sums.set(path, (sums.get(path) ?? 0) + value);
  return [...sums]
    .filter(([, value]) => value !== 0)
    .map(([path, value]) => `${path} ${value}`)
    .sort();
}

describe("async-profiler's text", () => {
  test("gives traces with their times, samples and threads; the flat table beside them is not counted again", () => {
    const { profiles, threads } = readAsyncText(sourceOf(asyncText));
    const [profile] = profiles;
    expect(profile).toMatchObject({ event: "ns", unit: "seconds", confidence: { notes: [] } });
    expect(linesOf(profile!)).toEqual([
      "java.lang.Thread.run;com.acme.store.Wal.append;com.acme.store.Crc.update 0.07",
      "java.lang.Thread.run;java.io.FileOutputStream.writeBytes;ksys_write 0.03",
    ]);
    expect([...profile!.sampleCount]).toEqual([7, 3]);
    expect(threads.map(({ name }) => name)).toEqual(["wal-writer"]);
  });

  test("with the flat table alone gives frames without callers, and says so", () => {
    const [profile] = readAsyncText(sourceOf(asyncText.slice(asyncText.indexOf("          ns")))).profiles;
    expect(linesOf(profile!)).toEqual(["com.acme.store.Crc.update 0.07", "ksys_write 0.03"]);
    expect(profile!.confidence.notes[0]).toContain("no callers");
  });
});

describe("perf script", () => {
  test("gives samples with times, threads and the kind of each frame", () => {
    const { profiles, threads, durationSeconds } = readPerfScript(sourceOf(perfScriptText));
    const [profile] = profiles;
    expect(profile).toMatchObject({ kind: "cpu", event: "cpu-clock", unit: "seconds" });
    expect(durationSeconds).toBeCloseTo(1);
    expect([...profile!.sampleSeconds!].map((time) => Number(time.toFixed(6)))).toEqual([0, 0.5, 1]);
    expect(linesOf(profile!)).toEqual([
      "JavaCalls::call_helper(JavaValue*, methodHandle const&);java.lang.Thread.run;com.acme.store.Crc.update(byte[]) 0.01010101",
      "[libc.so.6];ksys_write 0.01010101",
      "com.acme.store.Crc.update(byte[]) 0.01010101",
    ]);
    expect(threads.map(({ name, osId }) => [name, osId])).toEqual([
      ["java", 4712],
      ["GC Thread#0", 4720],
    ]);
    expect(kindOf(profile!, "ksys_write")).toBe("kernel");
    expect(kindOf(profile!, "java.lang.Thread.run")).toBe("java");
  });
});

describe("speedscope's JSON", () => {
  test("gives samples and, of events, the time that each stack was open", () => {
    const { profiles, durationSeconds } = readSpeedscope(sourceOf(speedscopeText));
    expect(profiles.map(linesOf)).toEqual([
      [
        "run 0.005",
        "run;com.acme.store.Wal.append 0.01",
        "run;com.acme.store.Wal.append;com.acme.store.Crc.update 0.015",
      ],
      ["run 2", "run;com.acme.store.Wal.append 2"],
    ]);
    expect(profiles.map(({ kind, unit }) => [kind, unit])).toEqual([
      ["cpu", "seconds"],
      ["unknown", "seconds"],
    ]);
    expect(durationSeconds).toBe(4);
  });
});

describe("jfr print --json", () => {
  test("of many windows is read as the same events one by one", () => {
    const [first = "", ...others] = jfrJsonText.split('"events": [');
    const list = others.join("").replace(/\]\s*\}\s*\}\s*$/, "");
    const times = 1000;
    const text = `${first}"events": [${Array(times).fill(list).join(",")}]}}`;
    expect(text.length).toBeGreaterThan(2 << 20);
    const { profiles } = readJfrJson(sourceOf(text));
    expect(profiles.map(({ sampleStack, confidence }) => [sampleStack.length, confidence.notes])).toEqual(
      Array(3).fill([times, []]),
    );
  });

  test("gives a profile per type of event, with weights, labels, threads and times", () => {
    const { profiles, threads, startMillis, durationSeconds } = readJfrJson(sourceOf(jfrJsonText));
    expect(startMillis).toBe(Date.parse("2026-11-25T07:00:00.500Z"));
    expect(durationSeconds).toBeCloseTo(1.5);
    expect(threads.map(({ name, javaId }) => [name, javaId])).toEqual([["wal-writer", 31]]);
    expect(profiles.map(({ kind, event, unit }) => [kind, event, unit])).toEqual([
      ["cpu", "jdk.ExecutionSample", "count"],
      ["io", "jdk.FileWrite", "seconds"],
      ["alloc", "jdk.ObjectAllocationSample", "bytes"],
    ]);
    expect(profiles.map(linesOf)).toEqual([
      ["java.lang.Thread.run;com.acme.store.Crc.update 1"],
      ["java.io.FileOutputStream.writeBytes 0.025"],
      [],
    ]);
    expect(profiles[1]!.labels).toEqual(['/data/"wal"/{0}[1]']);
    expect(profiles[1]!.confidence.truncatedStacks).toBe(1);
    expect(profiles[2]).toMatchObject({ labels: ["java.lang.String[]"], confidence: { samplesWithoutStack: 1 } });
    expect([...profiles[0]!.sampleLine!]).toEqual([12]);
  });
});
