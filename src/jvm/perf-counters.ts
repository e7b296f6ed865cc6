import { existsSync, fstatSync, readSync } from "node:fs";
import { join } from "node:path";
import type { HeapKind } from "../formats/hsperfdata/heap-kind.ts";
import { isOutdated, type PerfLayout, parseLayout } from "../formats/hsperfdata/layout.ts";
import { countersOf } from "../formats/hsperfdata/perf-data.ts";
import { parsePrologue } from "../formats/hsperfdata/prologue.ts";
import type { Answer } from "../model/answer.ts";
import { FormatError } from "../model/errors.ts";
import type { GcActivity } from "../model/gc-event.ts";
import type { PerfCounters } from "../model/target.ts";
import { CounterMovement, type CounterMoves } from "./counter-movement.ts";
import { CounterWindow } from "./counter-window.ts";
import { type GcWatch, gcWatchOf } from "./gc-watch.ts";
import { causeOfAbsence } from "./perf-absence.ts";
import { closePerfFiles, type NoPerfFile, type OpenPerfFile, openPerfFiles, type PerfFileOwner } from "./perf-file.ts";
import { strangerReason } from "./perf-file-owner.ts";

/** The perf counters of one JVM, for as long as it lives. */
export interface PerfCounterSource {
  /** One reading of every counter, or why there is none; a file that appears later is found then. */
  read(): Answer<PerfCounters>;
  /** A counter of ticks as it is now, in seconds, by a read of it alone; undefined before the first whole reading. */
  seconds(name: string): number | undefined;
  /** One look at what changes with collections: microseconds, and no memory where nothing changed. */
  tick(): void;
  /** What the looks told since the last call. */
  activity(): Answer<GcActivity>;
  /** Which collector the JVM runs; undefined where the counters do not tell. */
  heapKind(): HeapKind | undefined;
  /** When they changed between whole readings; undefined where there are none. */
  moves(): CounterMoves | undefined;
  /** Closes the file. */
  close(): void;
}

export type PerfCountersOptions = Omit<PerfFileOwner, "procRoot"> & { readonly procRoot?: string };

/** Finds and opens the counters of a JVM. Where there are none yet, each `read` looks again. */
export function openPerfCounters(options: PerfCountersOptions): PerfCounterSource {
  const source = new PerfCounterFile({ procRoot: "/proc", ...options });
  source.read();
  return source;
}

const frequency = "sun.os.hrt.frequency";
/** More than any JVM is given; its default is 32 KiB. */
const largestFileBytes = 4 << 20;

class PerfCounterFile implements PerfCounterSource {
  readonly #owner: PerfFileOwner;
  #file: OpenPerfFile | undefined;
  #layout: PerfLayout | undefined;
  #watch: GcWatch | undefined;
  readonly #movement = new CounterMovement();
  readonly #secondsWindows = new Map<string, CounterWindow>();
  #problem: NoPerfFile = { code: "absent", reason: "the perf counters have not been read yet" };
  #isClosed = false;

  constructor(owner: PerfFileOwner) {
    this.#owner = owner;
  }

  read(): Answer<PerfCounters> {
    if (this.#isClosed) return this.#fail("absent", "the JVM is no longer watched");
    if (this.#file === undefined && !this.#open()) return { ok: false, ...this.#problem };
    const file = this.#file!;
    try {
      if (fstatSync(file.descriptor).nlink === 0 && !this.#isAlive()) return this.#fail("absent", "the JVM has ended");
      const bytes = readWhole(file);
      const counters = this.#countersOf(bytes);
      if (counters === undefined) return this.#fail("absent", `${file.path} is not complete yet: the JVM is starting`);
      if (this.#isOfNextJvm(counters)) return this.#fail("absent", "the JVM has ended, and another has its file");
      this.#movement.note(bytes, this.#layout!.entries.get("sun.os.hrt.ticks")?.offset, Date.now());
      this.#watch ??= gcWatchOf(file.descriptor, this.#layout!, counters);
      return { ok: true, value: counters, source: "perf-counters", takenAtMillis: Date.now() };
    } catch (error) {
      return this.#fail("failed", `${file.path} cannot be read: ${messageOf(error)}`);
    }
  }

  seconds(name: string): number | undefined {
    try {
      const window = this.#secondsWindow(name);
      if (window?.load() !== true) return undefined;
      return window.number(window.placeOf(name)) / window.number(window.placeOf(frequency));
    } catch (error) {
      this.#fail("failed", `the perf counters cannot be read: ${messageOf(error)}`);
      return undefined;
    }
  }

  #secondsWindow(name: string): CounterWindow | undefined {
    const known = this.#secondsWindows.get(name);
    const isTold = this.#layout?.entries.has(name) === true && this.#layout.entries.has(frequency);
    if (known !== undefined || !isTold || this.#file === undefined) return known;
    const window = new CounterWindow(this.#file.descriptor, this.#layout!, [name, frequency]);
    this.#secondsWindows.set(name, window);
    return window;
  }

  tick(): void {
    try {
      this.#watch?.tick();
    } catch (error) {
      this.#fail("failed", `the perf counters cannot be read: ${messageOf(error)}`);
      this.#watch = undefined;
    }
  }

  activity(): Answer<GcActivity> {
    if (this.#watch === undefined) {
      const counters = this.read();
      if (!counters.ok) return counters;
    }
    if (this.#watch === undefined) {
      return { ok: false, code: "absent", reason: "the perf counters are not of a collector that is known here" };
    }
    return { ok: true, value: this.#watch.activity(), source: "perf-counters", takenAtMillis: Date.now() };
  }

  heapKind(): HeapKind | undefined {
    return this.#watch?.kind;
  }

  moves(): CounterMoves | undefined {
    return this.#file === undefined ? undefined : this.#movement.moves;
  }

  close(): void {
    this.#isClosed = true;
    if (this.#file) closePerfFiles([this.#file]);
    this.#file = undefined;
    this.#watch = undefined;
    this.#secondsWindows.clear();
  }

  /** Looks for the file, and keeps the one that is this process's. */
  #open(): boolean {
    const found = openPerfFiles(this.#owner);
    if ("code" in found) {
      this.#problem = causeOfAbsence(this.#owner, found);
      return false;
    }
    for (const file of found) {
      const stranger = this.#strangerReason(file);
      if (stranger === undefined && this.#file === undefined) {
        this.#file = file;
        continue;
      }
      if (stranger !== undefined) this.#problem = causeOfAbsence(this.#owner, { code: "absent", reason: stranger });
      closePerfFiles([file]);
    }
    return this.#file !== undefined;
  }

  #strangerReason(file: OpenPerfFile): string | undefined {
    try {
      const bytes = readWhole(file);
      return strangerReason(this.#owner, file, countersOf(parseLayout(bytes), bytes));
    } catch (error) {
      return `${file.path} holds no perf counters: ${messageOf(error)}`;
    }
  }

  /** Undefined while the JVM is starting. The layout is read again only when the JVM added counters. */
  #countersOf(bytes: Uint8Array): PerfCounters | undefined {
    const prologue = parsePrologue(bytes);
    if (this.#layout === undefined || isOutdated(this.#layout, prologue)) this.#layout = parseLayout(bytes);
    return prologue.accessible ? countersOf(this.#layout, bytes) : undefined;
  }

  /** A pid of another namespace may be used again at once, and the file with it: a container that is restarted begins with the same pid. */
  #isOfNextJvm(counters: PerfCounters): boolean {
    const { tmpFolder, startedAtMillis } = this.#owner;
    return tmpFolder !== undefined && counters.number("sun.rt.createVmBeginTime") !== startedAtMillis;
  }

  #isAlive(): boolean {
    if (this.#owner.tmpFolder !== undefined) return false;
    return existsSync(join(this.#owner.procRoot, String(this.#owner.pid)));
  }

  #fail(code: NoPerfFile["code"], reason: string): { ok: false } & NoPerfFile {
    this.#problem = { code, reason };
    return { ok: false, code, reason };
  }
}

function readWhole(file: OpenPerfFile): Buffer {
  const bytes = Buffer.allocUnsafe(Math.min(file.sizeBytes, largestFileBytes));
  const length = readSync(file.descriptor, bytes, 0, bytes.length, 0);
  return bytes.subarray(0, length);
}

function messageOf(error: unknown): string {
  if (error instanceof FormatError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
