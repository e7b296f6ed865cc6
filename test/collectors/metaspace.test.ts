import { expect, test } from "vitest";
import { metaspaceCollector } from "../../collectors/metaspace.ts";
import { metaspaceBasic25 } from "../formats/jcmd/replies.ts";
import { fakeTarget } from "./fake-target.ts";
import { sampleLines } from "./sample-lines.ts";

const { signal } = new AbortController();
const command = "VM.metaspace basic scale=1";

test("both spaces are told, and what is committed and not used is waste", async () => {
  const collection = await metaspaceCollector.collect(fakeTarget({ jcmd: { [command]: metaspaceBasic25 } }), signal);
  expect(collection.missing).toEqual([]);
  expect(sampleLines(collection)).toEqual([
    'jprof.metaspace.committed{jprof.metaspace.space="class"} 131072',
    'jprof.metaspace.committed{jprof.metaspace.space="non-class"} 196608',
    'jprof.metaspace.reserved{jprof.metaspace.space="class"} 1073741824',
    'jprof.metaspace.reserved{jprof.metaspace.space="non-class"} 67108864',
    'jprof.metaspace.used{jprof.metaspace.space="class"} 6136',
    'jprof.metaspace.used{jprof.metaspace.space="non-class"} 87032',
    "jprof.metaspace.waste 234512",
  ]);
});

test("without a class space there is one", async () => {
  const text =
    "Usage:\n    3.50 MB used.\n\nVirtual space:\n     64.00 MB reserved,       3.75 MB (  6%) committed,  1 nodes.\n";
  const collection = await metaspaceCollector.collect(fakeTarget({ jcmd: { [command]: text } }), signal);
  expect(sampleLines(collection)).toContain("jprof.metaspace.waste 262144");
  expect(collection.samples.length).toBe(4);
});

test("half a reply tells nothing, since a part would be taken for the whole", async () => {
  const cut = metaspaceBasic25.slice(0, metaspaceBasic25.indexOf("      Class space:"));
  const { samples, missing } = await metaspaceCollector.collect(fakeTarget({ jcmd: { [command]: cut } }), signal);
  expect(samples).toEqual([]);
  expect(missing).toMatchObject([{ reason: "the reply to VM.metaspace basic scale=1 is not complete" }]);
  expect((await metaspaceCollector.collect(fakeTarget(), signal)).missing).toMatchObject([
    { reason: "no reply to VM.metaspace basic scale=1" },
  ]);
});
