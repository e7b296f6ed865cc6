import { describe, expect, test } from "vitest";
import { joinNativeHeaps } from "../../../src/formats/jemalloc/join-native-heaps.ts";
import type { NativeHeapRead } from "../../../src/formats/jemalloc/read-native-heap.ts";
import type { Profile } from "../../../src/model/profile.ts";
import { topFrames } from "../../../src/stacks/frame-totals.ts";
import { selectSamples } from "../../../src/stacks/select.ts";
import { corpusFile, hasCorpus, noCorpus } from "../../corpus.ts";
import { jdksOf } from "../../jdk.ts";
import { hasJeprof, type JeprofTable, jeprof, noJeprof } from "../../oracles/jeprof.ts";
import { hasJemalloc, noJemalloc, runProfiled } from "../../profiled-jvm.ts";
import { dumpIn, total } from "./read-dump.ts";

const file = (name: string) => corpusFile("native", name);
/** The profiles were made with these JDKs; where they are elsewhere, only totals can be compared. */
const [jdk25] = jdksOf(25);
const [jdk17] = jdksOf(17);
const java = (home: string | undefined) => (home === undefined ? "/bin/true" : `${home}/bin/java`);

test(`the total of a public profile is jeprof's${noCorpus}`, { skip: !hasCorpus }, () => {
  const { evidence } = dumpIn(file("pprofutils_jemalloc.heap"));
  expect(Math.trunc(total(evidence.dumps[0]!.inuseBytes))).toBe(182_546_748_483);
  expect(evidence.siteStack.length).toBeLessThanOrEqual(471);
});

const isSkipped = !hasCorpus || !hasJeprof;
const reason = hasCorpus ? noJeprof : noCorpus;

describe(`against jeprof${reason}`, { skip: isSkipped, timeout: 120_000 }, () => {
  test("live bytes by function are equal to the byte", async () => {
    const table = await jeprof(java(jdk25?.home), file("je25.16421.0.f.heap"));
    expectAgreement(dumpIn(file("je25.16421.0.f.heap")), "inuse_space", table);
  });

  test("so are live objects, of another JDK", async () => {
    const table = await jeprof(java(jdk17?.home), file("je.10660.11.f.heap"), "--inuse_objects");
    expectAgreement(dumpIn(file("je.10660.11.f.heap")), "inuse_objects", table);
  });

  test("so is the difference of two dumps", async () => {
    const [before, after] = [file("je.10660.3.i3.heap"), file("je.10660.9.i9.heap")];
    const table = await jeprof(java(jdk17?.home), after, `--base=${before}`);
    const [joined] = joinNativeHeaps([dumpIn(before).evidence, dumpIn(after).evidence]);
    const [first, last] = joined!.evidence.dumps;
    expect(Math.trunc(total(last!.inuseBytes) - total(first!.inuseBytes))).toBe(table.total);
  });

  test("so is the whole without names, and one thread of it", async () => {
    const path = file("pprofutils_jemalloc.heap");
    const table = await jeprof("/bin/true", path, "--thread=7");
    const { profiles } = dumpIn(path);
    const [space] = profiles.profiles;
    const chosen = selectSamples(space!, { isThread: ({ name }) => name === "thread 7" }, profiles.threads);
    expect(Math.trunc(total(chosen.sampleWeight))).toBe(table.total);
  });
});

describe(`a live JVM under jemalloc${noJemalloc}${noJeprof}`, {
  skip: !hasJemalloc || !hasJeprof,
  timeout: 120_000,
}, () => {
  const [jdk] = jdksOf(25);
  test.skipIf(jdk === undefined)("has the same total and functions here and in jeprof", async () => {
    const run = await runProfiled(jdk!, ["deflater", "leak", "300"]);
    try {
      const path = run.dumps.at(-1)!;
      expectAgreement(dumpIn(path), "inuse_space", await jeprof(`${jdk!.home}/bin/java`, path));
    } finally {
      run.remove();
    }
  });
});

/**
 * Totals are equal; so is every function that both name and jeprof has once. It has some more than once (`f@1a2b`, overloads), some by an
 * alias or by what the compiler inlined (it reads DWARF), and compiled code as addresses.
 */
function expectAgreement({ profiles }: NativeHeapRead, event: string, table: JeprofTable): void {
  const profile = profiles.profiles.find((each) => each.event === event)!;
  expect(Math.trunc(total(profile.sampleWeight))).toBe(table.total);
  if (table.rows.length < 50) return;
  const ours = new Map(framesOf(profile).map((frame) => [frame.name, frame]));
  const unique = table.rows.filter(({ name }) => !name.includes("@") && ours.has(name));
  expect(unique.length).toBeGreaterThan(50);
  const cumulative = unique.filter(({ name, cum }) => Math.abs(ours.get(name)!.totalWeight - cum) >= 1);
  expect(cumulative).toEqual([]);
  const [first] = table.rows;
  expect(Math.trunc(ours.get(first!.name)!.selfWeight)).toBe(first!.flat);
}

function framesOf(profile: Profile) {
  return topFrames(profile, 1e6, "total");
}
