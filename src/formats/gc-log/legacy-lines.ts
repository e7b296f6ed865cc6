import type { Line } from "../lines/read-lines.ts";
import type { GcLogBuilder } from "./gc-log-builder.ts";
import { tellLegacyEvent } from "./legacy-event.ts";
import { tellLegacyFact } from "./legacy-facts.ts";
import { textIn } from "./message-key.ts";
import { UnparsedShapes } from "./unparsed-shapes.ts";

/** Beyond it, an event is no event. */
const mostEventBytes = 16 * 1024;
const mostLineBytes = 4096;
const stamp = /^(?:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.,]\d{3}[+-]\d{4}): )?(?:(\d+[.,]\d{3}): )?/;
/** Lines of an event's details that hold nothing of what is asked for. */
const details =
  /^(?: {3,}\[(?!Eden)|- age |\s+(?:eden|from|to|object|the) +space|\s+(?:region size|class space|garbage-first|Metaspace)|\s*(?:PSYoungGen|ParOldGen|PSOldGen|def new|par new|tenured|concurrent mark-sweep|compacting perm|concurrent-mark-sweep)\b)/;

/** Lines of the logs of JDK 8 and earlier (`-XX:+PrintGCDetails`), where one event may take many. */
export class LegacyLines {
  readonly #builder: GcLogBuilder;
  readonly unparsed = new UnparsedShapes();
  gcLines = 0;
  readonly detailLines = 0;
  readonly tags: ReadonlySet<string> = new Set();
  #event = "";
  #gcId = 0;

  constructor(builder: GcLogBuilder) {
    this.#builder = builder;
  }

  add({ bytes, start, end }: Line): void {
    const text = textIn(bytes, start, Math.min(end, start + mostLineBytes));
    const [prefix = "", date, uptime] = stamp.exec(text) ?? [];
    if (prefix === "") {
      this.#continue(text);
      return;
    }
    this.#finish();
    this.gcLines++;
    const millis = date === undefined ? Number.NaN : millisOf(date);
    const age = uptime === undefined ? Number.NaN : Number(uptime.replace(",", "."));
    const { clock } = this.#builder;
    if (clock.tick(age, millis)) this.#builder.restart();
    if (clock.isDateWanted) clock.dated(millis);
    this.#event = text.slice(prefix.length);
  }

  #continue(text: string): void {
    if (tellLegacyFact(this.#builder, text)) {
      this.#finish();
      this.gcLines++;
      return;
    }
    if (this.#event !== "" && this.#isPart(text)) {
      this.gcLines++;
      if (!details.test(text) && this.#event.length < mostEventBytes) this.#event += `\n${text}`;
      return;
    }
    // Without any stamp, an event is known by its beginning.
    if (/^\[(?:Full )?GC/.test(text)) {
      this.#finish();
      this.gcLines++;
      this.#event = text;
    }
  }

  #isPart(text: string): boolean {
    return /^\s*$|^\s|^[,:[(]|^-|^Desired survivor|secs\]|^\d+\.\d+: \[|^Heap|^\{Heap|^\}/.test(text);
  }

  #finish(): void {
    const event = this.#event;
    this.#event = "";
    if (event === "") return;
    const told = tellLegacyEvent(this.#builder, event, this.#gcId);
    if (told === "collection") this.#gcId++;
    if (told === "unknown") this.unparsed.add(event.split("\n", 1)[0]!);
  }

  end(): void {
    this.#finish();
  }
}

function millisOf(date: string): number {
  const text = date.replace(",", ".");
  return Date.parse(`${text.slice(0, 26)}:${text.slice(26)}`);
}
