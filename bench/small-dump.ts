import { HprofWriter } from "../test/hprof-writer.ts";

/** A dump of about this size with 300 classes, strings, maps and arrays: what a small program leaves. */
export function smallDump(bytes: number): Uint8Array {
  const dump = new HprofWriter();
  const entry = dump.javaClass({ name: "demo.Entry", fields: { key: "object", value: "object", next: "object" } });
  const classes = Array.from({ length: 300 }, (_, i) =>
    dump.javaClass({ name: `demo.p${i % 20}.Class${i}`, fields: { left: "object", right: "object", count: "int" } }),
  );
  // An object, its string with the byte[], and its entry.
  const perRound = 173;
  const entries: number[] = [];
  for (let i = 0; i < bytes / perRound; i++) {
    const held = dump.instance(classes[i % classes.length]!, { left: entries.at(-1) ?? 0, count: i });
    entries.push(dump.instance(entry, { key: dump.javaString(`key-${i}`), value: held, next: entries.at(-2) ?? 0 }));
    if (i % 1000 === 0) dump.endSegment();
  }
  dump.root(dump.objectArray("demo.Entry[]", entries), { kind: "jniGlobal" });
  return dump.file();
}
