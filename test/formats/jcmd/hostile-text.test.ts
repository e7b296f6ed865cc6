import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseClassHistogram } from "../../../src/formats/jcmd/class-histogram.ts";
import { parseCodeCache } from "../../../src/formats/jcmd/code-cache.ts";
import { parseCommandLine } from "../../../src/formats/jcmd/command-line.ts";
import { parseFlags } from "../../../src/formats/jcmd/flags.ts";
import { parseHeapInfo } from "../../../src/formats/jcmd/heap-info.ts";
import { parseHelp } from "../../../src/formats/jcmd/help.ts";
import { parseMetaspace } from "../../../src/formats/jcmd/metaspace.ts";
import { parseNativeMemory } from "../../../src/formats/jcmd/native-memory.ts";
import { parseNativeStatistics } from "../../../src/formats/jcmd/native-statistics.ts";
import { parseThreadDumpJson } from "../../../src/formats/jcmd/thread-dump-json.ts";
import { parseThreadPrint } from "../../../src/formats/jcmd/thread-print.ts";
import { parseUptime } from "../../../src/formats/jcmd/uptime.ts";
import { parseVmInfo } from "../../../src/formats/jcmd/vm-info.ts";
import { parseVmVersion } from "../../../src/formats/jcmd/vm-version.ts";
import { parseVthreadScheduler } from "../../../src/formats/jcmd/vthread-scheduler.ts";
import { FormatError } from "../../../src/model/errors.ts";
import * as replies from "./replies.ts";
import { threadPrint8, threadPrint25 } from "./thread-replies.ts";
import { vmInfo17 } from "./vm-info-reply.ts";

interface Parser {
  readonly parse: (text: string) => unknown;
  readonly sample: string;
}

const nativeDetail = `${replies.nativeMemory17}Virtual memory map:

[0x00000000f0000000 - 0x0000000100000000] reserved and committed 262144KB for Java Heap from
    [0x00007fb96811a27c] ReservedSpace::reserve(unsigned long, char*, bool)+0xac

Details:

[0x00007fb9680d0c9c] Unsafe_AllocateMemory0+0x7c
                             (malloc=33024KB type=Other +12KB #516 +3) (peak=44KB #2)

(1408 call sites weighting less than 1KB each omitted.)
`;

const parsers: Readonly<Record<string, Parser>> = {
  parseHelp: {
    parse: parseHelp,
    sample: "GC.run [disabled]\nCall java.lang.System.gc().\n\nImpact: Medium: Depends.\n",
  },
  parseHeapInfo: { parse: parseHeapInfo, sample: replies.heapInfoSerial17 + replies.heapInfoShenandoah17 },
  parseNativeMemory: { parse: parseNativeMemory, sample: nativeDetail },
  parseNativeStatistics: {
    parse: parseNativeStatistics,
    sample: "State: detail\nEmpty entries (no): 2 (1%)\nCall stack depth distribution:\n\t0: 0\n\t1: 2\n",
  },
  parseClassHistogram: { parse: parseClassHistogram, sample: replies.classHistogram25 },
  parseCodeCache: { parse: parseCodeCache, sample: replies.codeCache17 + replies.codeCache25 },
  parseMetaspace: { parse: parseMetaspace, sample: replies.metaspaceBasic25 },
  parseFlags: { parse: parseFlags, sample: replies.flags17 },
  "parseFlags -all": {
    parse: parseFlags,
    sample: "[Global flags]\n   size_t MaxNewSize   = 39845888    {product} {ergonomic}\n  A += b   {product}\n",
  },
  parseVmInfo: { parse: parseVmInfo, sample: vmInfo17 },
  parseVmVersion: { parse: parseVmVersion, sample: "OpenJDK 64-Bit Server VM version 17.0.15+6\nJDK 17.0.15\n" },
  parseUptime: { parse: parseUptime, sample: "2026-11-25T03:44:35.209+0530: 4.649 s\n" },
  parseCommandLine: { parse: parseCommandLine, sample: "VM Arguments:\njvm_args: -Xmx64m \njava_command: Idle\n" },
  parseThreadPrint: { parse: parseThreadPrint, sample: threadPrint8 + threadPrint25 },
  parseThreadDumpJson: {
    parse: parseThreadDumpJson,
    sample:
      '{"threadDump":{"threadContainers":[{"threads":[{"tid":"1","name":"a\\\\\\"b","stack":["m/A.b(C.java:1)"]}]}]}}',
  },
  parseVthreadScheduler: { parse: parseVthreadScheduler, sample: replies.vthreadScheduler25 },
};

describe.each(Object.entries(parsers))("%s", (_name, { parse, sample }) => {
  test("survives a cut at any byte and at any line", () => {
    const step = Math.max(1, Math.floor(sample.length / 2_000));
    for (let length = 0; length <= sample.length; length += step) mayRefuse(parse, sample.slice(0, length));
    const lines = sample.split("\n");
    for (const index of lines.keys()) mayRefuse(parse, lines.slice(index).join("\n"));
  });

  test("survives text of any kind, and lines in any order", () => {
    const lines = sample.split("\n");
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => mayRefuse(parse, text)),
      { seed: 20260101, numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...lines), { maxLength: 40 }), (shuffled) =>
        mayRefuse(parse, shuffled.join("\n")),
      ),
      { seed: 20260101, numRuns: 300 },
    );
    const edit = fc.tuple(fc.nat(sample.length), fc.nat(8), fc.string({ maxLength: 8 }));
    fc.assert(
      fc.property(edit, ([at, removed, added]) =>
        mayRefuse(parse, sample.slice(0, at) + added + sample.slice(at + removed)),
      ),
      { seed: 20260101, numRuns: 300 },
    );
  });

  test("takes time in proportion to the length of a line, whatever is long in it", () => {
    const slowest = Math.max(...longTexts(sample).map((text) => millisOf(() => mayRefuse(parse, text()))));
    // Some milliseconds each. Were there a square in it, one would take at least ten times as long as this.
    expect(slowest).toBeLessThan(5_000);
  }, 120_000);
});

/** Lines of the sample with something long in them, and texts of one thing only; made when they are needed. */
function longTexts(sample: string): readonly (() => string)[] {
  const filled = linesOfEachKind(sample).flatMap((line) =>
    [0.2, 0.5, 0.8].flatMap((share) => {
      const at = Math.floor(line.length * share);
      return ["a", " ", "0", '" ', "[0x1", " (a", ", ", "#1 "].map(
        (fill) => () => line.slice(0, at) + fill.repeat(250_000 / fill.length) + line.slice(at),
      );
    }),
  );
  const plain = [" ", '"', "\n", "\\", "{", "[", '{"a":'].map((fill) => () => fill.repeat(1_000_000 / fill.length));
  return [...filled, ...plain, () => "a".repeat(10_000_000)];
}

function millisOf(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

/** Runs it: it may refuse the text, but in no other way than by saying so. */
function mayRefuse(parse: (text: string) => unknown, text: string): void {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
  }
}

/** Lines that differ in more than their digits, half a dozen of them spread over the sample. */
function linesOfEachKind(sample: string): readonly string[] {
  const kinds = new Map(sample.split("\n").map((line) => [line.replace(/[\da-f]+/g, "0"), line]));
  const lines = [...kinds.values()];
  const step = Math.max(1, Math.ceil(lines.length / 6));
  return lines.filter((_, index) => index % step === 0);
}
