import { expect, test } from "vitest";
import { codeCacheCollector } from "../../collectors/code-cache.ts";
import { codeCache17 } from "../formats/jcmd/replies.ts";
import { fakeTarget } from "./fake-target.ts";
import { sampleLines } from "./sample-lines.ts";

const { signal } = new AbortController();

test("each segment is a memory pool, named as its MXBean", async () => {
  const target = fakeTarget({ jcmd: { "Compiler.codecache": codeCache17 } });
  const collection = await codeCacheCollector.collect(target, signal);
  expect(collection.missing).toEqual([]);
  const pool = (name: string) => `{jvm.memory.pool.name="CodeHeap '${name}'", jvm.memory.type="non_heap"}`;
  expect(sampleLines(collection)).toEqual([
    "jprof.code_cache.blobs 285",
    "jprof.code_cache.compilation.enabled 1",
    "jprof.code_cache.full.count 0",
    "jprof.code_cache.nmethods 5",
    `jvm.memory.committed${pool("non-nmethods")} 2555904`,
    `jvm.memory.committed${pool("non-profiled nmethods")} 2555904`,
    `jvm.memory.committed${pool("profiled nmethods")} 2555904`,
    `jvm.memory.limit${pool("non-nmethods")} 5828608`,
    `jvm.memory.limit${pool("non-profiled nmethods")} 122916864`,
    `jvm.memory.limit${pool("profiled nmethods")} 122912768`,
    `jvm.memory.used${pool("non-nmethods")} 1047552`,
    `jvm.memory.used${pool("non-profiled nmethods")} 1024`,
    `jvm.memory.used${pool("profiled nmethods")} 4096`,
  ]);
});

test("a code cache that is full is told, and what a reply leaves out is missing", async () => {
  const full =
    "CodeCache: size=2496Kb used=2490Kb max_used=2496Kb free=6Kb\n compilation: disabled (not enough space)\n";
  const collection = await codeCacheCollector.collect(fakeTarget({ jcmd: { "Compiler.codecache": full } }), signal);
  expect(sampleLines(collection)).toContain("jprof.code_cache.compilation.enabled 0");
  expect(sampleLines(collection).filter((line) => line.startsWith("jvm.memory.committed"))).toEqual([]);
  expect(collection.missing).toEqual([
    {
      metrics: ["jprof.code_cache.blobs", "jprof.code_cache.nmethods", "jprof.code_cache.full.count"],
      reason: "Compiler.codecache does not tell it here",
    },
  ]);
});

test("where there is no answer, the reason is told", async () => {
  const { samples, missing } = await codeCacheCollector.collect(fakeTarget(), signal);
  expect(samples).toEqual([]);
  expect(missing).toMatchObject([{ reason: "no reply to Compiler.codecache" }]);
});
