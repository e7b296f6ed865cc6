import { expect, test } from "vitest";
import { classLoaderLeak } from "../../analyzers/class-loader-leak.ts";
import type { HeapEvidence } from "../../src/model/heap-evidence.ts";
import { frame, HeapDrawing, plainOptions } from "./drawn-heap.ts";

/** Loaders in a static list, each with a class of the same name whose static field holds `bytes`. */
function pluginsOf(drawing: HeapDrawing, count: number, bytes: number): (heap: HeapEvidence) => HeapEvidence {
  const plugins = Array.from({ length: count }, () => {
    const object = drawing.object("java.lang.Class", { table: drawing.bytes(bytes) });
    return { object, loader: drawing.object("com.acme.PluginLoader", { classes: object }) };
  });
  const elementData = drawing.array(
    "java.lang.Object[]",
    plugins.map(({ loader }) => loader),
  );
  drawing.staticField("com.acme.Plugins", "retired", drawing.object("java.util.ArrayList", { elementData }));
  return (heap) => ({
    ...heap,
    classes: [
      ...heap.classes,
      ...plugins.map(({ object, loader }, i) => ({
        ...heap.classes[0]!,
        index: heap.classes.length + i,
        name: "com.acme.Plugin",
        kind: "instance" as const,
        ordinal: object.ordinal,
        loader: loader.ordinal,
        statics: [],
      })),
    ],
  });
}

function analyze(count: number, frames: Parameters<HeapDrawing["thread"]>[1] = []) {
  const drawing = new HeapDrawing();
  const withPlugins = pluginsOf(drawing, count, 100_000);
  drawing.thread("main", frames);
  return classLoaderLeak.analyze({ heap: withPlugins(drawing.evidence()) }, plainOptions).findings;
}

test("loaders that each define the same class are told with what they keep and who keeps them", () => {
  const [finding, ...others] = analyze(300);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    rule: "heap/class-loader-leak",
    key: "heap/class-loader-leak:com.acme.PluginLoader",
    severity: "warning",
    title: "300 class loaders `PluginLoader` keep as many copies of the same classes, 28.6 MiB, 99.9 % of the heap",
  });
  expect(finding!.evidence.map(({ value }) => value)).toEqual([
    "300 × class com.acme.Plugin",
    "static Plugins.retired → ArrayList.elementData → Object[300][*]",
  ]);
});

test("they are critical when a thread ran out of memory, and a handful of them is none of our business", () => {
  const frames = [frame("java.lang.OutOfMemoryError", "<init>", 48), frame("com.acme.Main", "load", 3)];
  expect(analyze(300, frames)).toMatchObject([{ severity: "critical" }]);
  expect(analyze(20)).toEqual([]);
});
