import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { memorySource } from "../../../src/bytes/byte-source.ts";
import { readRecording } from "../../../src/formats/jfr/read-recording.ts";
import { scrubRecording } from "../../../src/formats/jfr/scrub.ts";
import { commonTypes, eventType, type WrittenString, writeRecording } from "../../jfr-writer.ts";

const types = [
  ...commonTypes,
  eventType("jdk.InitialSystemProperty", [
    { name: "key", type: "java.lang.String" },
    { name: "value", type: "java.lang.String" },
  ]),
  eventType("app.Request", [{ name: "path", type: "java.lang.String" }]),
];

const encodings: readonly WrittenString[] = [
  "s3cret-token",
  { encoding: "latin1", text: "s3cret-token" },
  { encoding: "chars", text: "s3cret-token" },
];

test.each(encodings)(
  "texts of private events are emptied, and everything else stays, however they are written (%j)",
  (value) => {
    const bytes = writeRecording({
      types,
      parts: [
        { event: { type: "jdk.InitialSystemProperty", values: { startTime: 5, key: "db.password", value } } },
        { event: { type: "app.Request", values: { startTime: 7, path: "/orders" } } },
      ],
    });
    const path = join(mkdtempSync(join(tmpdir(), "scrub-")), "x.jfr");
    writeFileSync(path, bytes);
    expect(scrubRecording(path)).toBe(1);
    const scrubbed = readFileSync(path);
    expect(scrubbed.length).toBe(bytes.length);
    expect(scrubbed.includes("s3cret")).toBe(false);
    expect(scrubbed.includes("db.password")).toBe(false);
    const { recording } = readRecording(memorySource("x.jfr", scrubbed), { tables: "all" });
    expect(recording.eventCounts.get("jdk.InitialSystemProperty")).toBe(1);
    expect(recording.file.losses).toEqual([]);
    expect(textsOf(recording, "jdk.InitialSystemProperty", "value")).toEqual([""]);
    expect(textsOf(recording, "app.Request", "path")).toEqual(["/orders"]);
    expect(scrubRecording(path)).toBe(1);
  },
);

function textsOf({ tables }: ReturnType<typeof readRecording>["recording"], type: string, field: string) {
  const column = tables.get(type)?.columns.get(field);
  return column?.kind === "text" ? [...column.values].map((index) => column.texts[index]) : undefined;
}
