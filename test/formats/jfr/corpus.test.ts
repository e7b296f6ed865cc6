import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { memorySource } from "../../../src/bytes/byte-source.ts";
import { ChunkCursor } from "../../../src/formats/jfr/chunk-cursor.ts";
import { readEvents } from "../../../src/formats/jfr/read-events.ts";
import { FormatError } from "../../../src/model/errors.ts";
import { corpusFile, hasCorpus, noCorpus } from "../../corpus.ts";
import { eventsOf } from "./events-of.ts";

const tooOld = ["jmc_8u40.jfr", "jmc_9u0.jfr"];
const files = hasCorpus ? recordings().map((path) => path.join("/")) : [];

describe.skipIf(!hasCorpus)(`recordings of the corpus${noCorpus}`, () => {
  test.each(files)("%s is read to the last byte", (path) => {
    const bytes = contentOf(path.split("/"));
    const { read, events } = eventsOf(bytes);
    expect(read).toMatchObject({ losses: [], lostEvents: 0, isOpen: false });
    const counted = [...read.eventCounts.values()].reduce((sum, count) => sum + count, 0);
    expect([events.length, counted]).toEqual([framedEvents(bytes), framedEvents(bytes)]);
    expect(events.every(({ values }) => Number.isFinite(values.startTime))).toBe(true);
  });

  test.each(tooOld)("%s is refused", (name) => {
    expect(() => eventsOf(contentOf(["jfr", name]))).toThrow(FormatError);
  });

  test.each(["jmc_jdk21.jfr", "grafana_FastSlow_2024_01_16_180855.jfr.gz"])(
    "%s cut anywhere gives what is before",
    (name) => {
      const whole = contentOf(["jfr", name]);
      let most = 0;
      for (let part = 1; part <= 40; part++) {
        const cut = whole.subarray(0, Math.floor((whole.length * part) / 40));
        let events = 0;
        readEvents(memorySource("cut.jfr", cut), { sinkOf: () => () => events++ });
        expect(events).toBeGreaterThanOrEqual(0);
        most = Math.max(most, events);
      }
      expect(most).toBe(eventsOf(whole).events.length);
    },
  );
});

function recordings(): string[][] {
  const names = readdirSync(corpusFile("jfr")).filter((name) => /\.jfr(\.gz)?$/.test(name) && !tooOld.includes(name));
  const services = readdirSync(corpusFile("services")).map((name) => ["services", name, "recording.jfr.gz"]);
  return [...names.map((name) => ["jfr", name]), ...services];
}

function contentOf(path: readonly string[]): Uint8Array {
  const bytes = readFileSync(corpusFile(...path));
  return new Uint8Array(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes);
}

/** Events by their sizes alone, without metadata and checkpoints. */
function framedEvents(bytes: Uint8Array): number {
  let events = 0;
  for (let chunk = 0; chunk < bytes.length; ) {
    const size = Number(new DataView(bytes.buffer, bytes.byteOffset + chunk).getBigInt64(8));
    const cursor = new ChunkCursor(bytes, true);
    for (let at = chunk + 68; at < chunk + size; ) {
      cursor.position = at;
      at += cursor.int();
      if (cursor.long() > 1) events++;
    }
    chunk += size;
  }
  return events;
}
