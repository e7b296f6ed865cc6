import type { ThreadDumpSnapshot } from "../../model/thread-dump.ts";
import { FiledDump } from "./filed-dump.ts";
import type { LineReader } from "./line-reader.ts";
import { LogPrefix, unwrapped } from "./log-prefix.ts";
import { ManagedDump } from "./managed-dump.ts";
import { PrintedDump } from "./printed-dump.ts";
import { spokenLine } from "./spoken-line.ts";
import { StackInterner } from "./stack-interner.ts";
import { ThreadBudget } from "./thread-list.ts";

const mostDumps = 10_000;
const farthestStart = 300;
const opening = "Full thread dump ";
const printedDate = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/** Finds the dumps of a text, of which other lines may be a part: a service's log. */
export class TextDumps {
  readonly #shared = { stacks: new StackInterner(), budget: new ThreadBudget() };
  readonly #prefix = new LogPrefix();
  readonly #dumps: ThreadDumpSnapshot[] = [];
  #open: LineReader | undefined;
  #previous = "";
  #beforePrevious = "";
  #droppedDumps = 0;

  add(line: string): void {
    const raw = unwrapped(line.endsWith("\r") ? line.slice(0, -1) : line);
    if (!this.#startsDump(raw)) {
      const text = this.#prefix.strip(raw);
      this.#open?.add(text);
      if (this.#open?.isComplete) this.#close();
    }
    this.#beforePrevious = this.#previous;
    this.#previous = raw;
  }

  end(): { readonly dumps: readonly ThreadDumpSnapshot[]; readonly droppedDumps: number } {
    this.#close();
    return { dumps: this.#dumps, droppedDumps: this.#droppedDumps };
  }

  #close(): void {
    const dump = this.#open?.end();
    this.#open = undefined;
    if (!dump) return;
    const isEmpty = dump.threads.length === 0 && dump.folded.length === 0;
    if (isEmpty && dump.expectedThreads === undefined) return;
    if (this.#dumps.length < mostDumps) this.#dumps.push(dump);
    else this.#droppedDumps++;
  }

  #startsDump(raw: string): boolean {
    const at = raw.indexOf(opening);
    if (at >= 0 && at <= farthestStart) return this.#startPrinted(raw, at);
    if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(raw) && /^\d{1,10}$/.test(this.#previous)) return this.#startFiled(raw);
    if (ManagedDump.isStart(raw) && (!this.#open || isOver(this.#open, raw))) return this.#startManaged(raw);
    if (this.#open) return false;
    const spoken = spokenLine(raw);
    if (!/^"[^\n]{0,1000}" .{0,200}\btid=0x/.test(spoken)) return false;
    this.#open = new PrintedDump({ takenAt: undefined, vm: undefined }, this.#shared);
    this.#open.add(raw);
    return true;
  }

  #startPrinted(raw: string, at: number): boolean {
    this.#close();
    this.#prefix.learn(raw.slice(0, at));
    const vm = raw.slice(at + opening.length).trim();
    const takenAt = [this.#previous, this.#beforePrevious]
      .map((line) => this.#prefix.strip(line).trim())
      .find((line) => printedDate.test(line));
    this.#open = new PrintedDump(
      { takenAt: takenAt ?? dateOf(raw.slice(0, at)), vm: vm.replace(/:$/, "") },
      this.#shared,
    );
    return true;
  }

  #startManaged(raw: string): boolean {
    this.#close();
    this.#prefix.learn("");
    this.#open = new ManagedDump(this.#shared);
    this.#open.add(raw);
    return true;
  }

  #startFiled(raw: string): boolean {
    this.#close();
    this.#prefix.learn("");
    this.#open = new FiledDump({ processId: Number(this.#previous), takenAt: raw }, this.#shared);
    return true;
  }
}

/** A dump of the other form has an end of its own, and its threads' first lines do not look like that. */
function isOver(open: LineReader, line: string): boolean {
  return open instanceof ManagedDump ? open.isRepeated(line) || line.startsWith("Process ") : true;
}

/** Of a log's line, where the dump has none of its own. */
function dateOf(prefix: string): string | undefined {
  const parts = /(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)/.exec(prefix);
  return parts ? `${parts[1]} ${parts[2]}` : undefined;
}
