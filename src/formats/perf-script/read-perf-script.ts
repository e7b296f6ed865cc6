import type { ByteSource } from "../../bytes/byte-source.ts";
import { StackBuilder } from "../../bytes/stack-builder.ts";
import { FormatError } from "../../model/errors.ts";
import type { ProfileSet } from "../../model/profile.ts";
import { type NamedFrame, parseFrameName } from "../frames/frame-name.ts";
import { SampleRows } from "../frames/sample-rows.ts";
import { ThreadNames } from "../frames/thread-names.ts";
import { readLines, textOf } from "../lines/read-lines.ts";
import { sampleFrame, sampleHeader } from "./lines.ts";

/** Reads samples with their call chains; every event is a profile. */
export function readPerfScript(source: ByteSource): ProfileSet {
  const script = new PerfScript();
  const { lines } = readLines(source, (line) => script.add(textOf(line), line.number));
  const set = script.profileSet();
  if (set.profiles.length === 0)
    throw new FormatError(`expected samples of perf script, got none in ${lines} lines`, 0);
  return set;
}

interface Sample {
  readonly event: string;
  readonly time: number;
  readonly period: number;
  readonly thread: number;
  /** Leaf first. */
  readonly frames: number[];
}

/** Events whose period is nanoseconds. */
const clocks = /^(?:cpu|task)-clock/;

class PerfScript {
  readonly #builder = new StackBuilder();
  readonly #frameOf = new Map<string, number>();
  readonly #threads = new ThreadNames();
  readonly #rows = new Map<string, SampleRows>();
  #sample: Sample | undefined;
  #firstTime = Number.NaN;
  #lastTime = Number.NaN;
  #unparsedLines = 0;
  #firstUnparsed = 0;

  add(text: string, lineNumber: number): void {
    if (text.trim() === "") {
      this.#endSample();
      return;
    }
    if (text.startsWith("#") || this.#addFrame(text) || this.#addHeader(text)) return;
    this.#unparsedLines++;
    this.#firstUnparsed ||= lineNumber;
  }

  #addHeader(text: string): boolean {
    const parts = sampleHeader.exec(text)?.groups;
    if (!parts) return false;
    this.#endSample();
    const time = Number(parts.time);
    if (!(this.#firstTime <= time)) this.#firstTime = time;
    if (!(this.#lastTime >= time)) this.#lastTime = time;
    const osId = Number(parts.thread ?? parts.process);
    this.#sample = {
      event: parts.event!,
      time,
      period: Number(parts.period ?? 1),
      thread: this.#threads.numberOf({ name: parts.name!, osId }),
      frames: [],
    };
    if (parts.leaf !== undefined) this.#addFrame(` ${parts.leaf}`);
    return true;
  }

  #addFrame(text: string): boolean {
    const match = this.#sample && sampleFrame.exec(text);
    if (!match) return false;
    this.#sample!.frames.push(this.#frame(match[2]!, match[3] ?? ""));
    return true;
  }

  #frame(symbol: string, place: string): number {
    const key = `${symbol.replace(/\+0x[0-9a-f]+$/, "")}\n${place}`;
    const known = this.#frameOf.get(key);
    if (known !== undefined) return known;
    const library = place.replace(/^.*\//, "").replace(/^\[|\]$/g, "");
    const { name, kind } = namedFrame(key.slice(0, key.indexOf("\n")), place);
    const frame = this.#builder.frame(name === "[unknown]" && library !== "" ? `[${library}]` : name, kind);
    this.#frameOf.set(key, frame);
    return frame;
  }

  #endSample(): void {
    const sample = this.#sample;
    if (sample === undefined) return;
    this.#sample = undefined;
    const isClock = clocks.test(sample.event);
    let rows = this.#rows.get(sample.event);
    if (rows === undefined) {
      rows = new SampleRows({
        kind: "cpu",
        event: sample.event,
        unit: isClock && sample.period > 1 ? "seconds" : "count",
      });
      this.#rows.set(sample.event, rows);
    }
    const weight = isClock && sample.period > 1 ? sample.period / 1e9 : 1;
    rows.push({
      stack: this.#builder.stack(sample.frames.toReversed()),
      weight,
      seconds: sample.time,
      thread: sample.thread,
    });
  }

  profileSet(): ProfileSet {
    this.#endSample();
    const notes =
      this.#unparsedLines > 0
        ? [
            `${this.#unparsedLines} lines were not understood and are not in these numbers, the first is line ${this.#firstUnparsed}`,
          ]
        : [];
    const table = this.#builder.table();
    const profiles = [...this.#rows.values()].map((rows) => {
      const profile = rows.profile(table, { notes });
      const { sampleSeconds } = profile;
      return sampleSeconds
        ? { ...profile, sampleSeconds: sampleSeconds.map((time) => time - this.#firstTime) }
        : profile;
    });
    const durationSeconds = this.#lastTime - this.#firstTime;
    return {
      profiles,
      threads: this.#threads.threads,
      // perf's clock starts with the machine.
      startMillis: undefined,
      durationSeconds: durationSeconds > 0 ? durationSeconds : undefined,
    };
  }
}

/** `Ljava/util/HashMap;::putVal` (perf-map-agent) and `java.util.HashMap.putVal(int, …)` (the JVM's own map) are one method. */
function namedFrame(symbol: string, place: string): NamedFrame {
  if (place.startsWith("[kernel") || place.startsWith("[guest.kernel") || place.endsWith(".ko")) {
    return { name: symbol, kind: "kernel" };
  }
  const mapped = /^L([\w/$]+);::([\w<>$]+)$/.exec(symbol);
  if (mapped) return { name: `${mapped[1]!.replaceAll("/", ".")}.${mapped[2]}`, kind: "java" };
  if (place === "" || place.endsWith(".map")) return parseFrameName(symbol);
  return { name: symbol, kind: /::|\(/.test(symbol) ? "cpp" : "native" };
}
