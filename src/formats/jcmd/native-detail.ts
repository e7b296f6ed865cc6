import type { Bytes } from "../../model/units.ts";
import { blocksOf, type NativeBlocks, type NativePages, pagesOf, takeCategory } from "./native-amounts.ts";
import { countAfter } from "./quantity.ts";

/** A return address of native code, and what the JVM knows it to be in. */
export interface NativeFrame {
  /** `0x00007fb96811a27c` */
  readonly address: string;
  /** `os::malloc(unsigned long, MEMFLAGS)+0x7c`; undefined for compiled Java code and stripped libraries. */
  readonly symbol: string | undefined;
}

/** Where memory was asked for; at most four frames, the innermost first. */
export interface NativeSite {
  readonly frames: readonly NativeFrame[];
  /** Undefined where the JVM does not tell what it is for. */
  readonly category: string | undefined;
  readonly malloc: NativeBlocks;
  readonly mmap: NativePages;
}

/** A piece of the address space (or, of ZGC, of the file behind its heap) that the JVM keeps account of. */
export interface NativeRegion {
  readonly start: number;
  readonly bytes: Bytes;
  /** `allocated` is in the file behind ZGC's heap: its start is an offset. */
  readonly kind: "reserved" | "reserved and committed" | "allocated";
  readonly category: string | undefined;
  readonly frames: readonly NativeFrame[];
  readonly committed: readonly CommittedPart[];
}

export interface CommittedPart {
  readonly start: number;
  readonly bytes: Bytes;
  readonly frames: readonly NativeFrame[];
}

/** Reads the call sites and the map of a detailed report, line by line. */
export class NativeDetail {
  readonly sites: NativeSite[] = [];
  readonly regions: (NativeRegion & { readonly committed: CommittedPart[] })[] = [];
  omittedSites = 0;
  #frames: NativeFrame[] = [];

  /** A blank line: what follows belongs to something else. */
  endBlock(): void {
    this.#frames = [];
  }

  add(text: string): void {
    const frame = /^\s*\[(0x[0-9a-f]+)\] ?(.*)$/.exec(text);
    if (frame) {
      this.#frames.push({ address: frame[1]!, symbol: frame[2] || undefined });
      return;
    }
    const region = /^\s*\[(0x[0-9a-f]+) - (0x[0-9a-f]+)\] (reserved and committed|reserved|committed|allocated) /.exec(
      text,
    );
    if (region) {
      this.#addRegion(region, text.slice(region[0].length));
    } else if (text.startsWith("(") && text.includes(" call sites weighting less than ")) {
      this.omittedSites = countAfter(text, "(") ?? 0;
    } else {
      this.#addSite(text);
    }
  }

  /** `for Java Heap from` may follow the size; the frames below are the region's until the next blank line. */
  #addRegion([, from, to, kind]: RegExpExecArray, rest: string): void {
    const start = Number(from);
    const part = { start, bytes: Number(to) - start, frames: this.#frames };
    if (kind === "committed") {
      this.regions.at(-1)?.committed.push(part);
      return;
    }
    const category = / for (.*)$/.exec(rest.trimEnd().replace(/ from$/, ""))?.[1];
    this.regions.push({ ...part, kind: kind as NativeRegion["kind"], category, committed: [] });
  }

  /** The amount below the frames: `(malloc=33024KB type=Other #516) (at peak)`, `(reserved=48KB, committed=20KB Type=Code)`. */
  #addSite(text: string): void {
    if (!text.includes("(malloc=") && !text.includes("reserved=")) return;
    const { category, line } = takeCategory(text);
    this.sites.push({ frames: this.#frames, category, malloc: blocksOf(line, "malloc="), mmap: pagesOf(line) });
    this.#frames = [];
  }
}
