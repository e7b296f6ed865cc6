import { createReadStream, readSync } from "node:fs";
import { Readable, type Transform } from "node:stream";
import { workerData } from "node:worker_threads";
import { constants, createGunzip, createZstdDecompress } from "node:zlib";
import type { Compression, ContentPlace } from "./compression.ts";
import { type InflateRing, ringState, slotBytes, slotCount } from "./inflate-ring.ts";

/** What the worker is started with. */
export interface InflateTask {
  readonly content: ContentPlace;
  readonly ring: InflateRing;
}

const pieceBytes = 1 << 20;
const { content, ring } = workerData as InflateTask;
const { state, slots } = ring;
let slot = 0;
let used = 0;

try {
  for await (const chunk of contentOf(content)) write(chunk);
  finish(1, "");
} catch (error) {
  finish(2, error instanceof Error ? error.message : String(error));
}

function contentOf({ path, head, compression }: ContentPlace): AsyncIterable<Uint8Array> {
  const raw = path === undefined ? Readable.from(stdin(head)) : createReadStream(path, { highWaterMark: pieceBytes });
  return compression === undefined ? raw : raw.pipe(decompressor(compression));
}

/** Stdin by blocking reads, also where whoever started the process made it non-blocking (EAGAIN: nothing there yet). */
function* stdin(head: Uint8Array): Generator<Uint8Array> {
  if (head.length > 0) yield head;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    const piece = new Uint8Array(pieceBytes);
    try {
      const count = readSync(0, piece);
      if (count === 0) return;
      yield piece.subarray(0, count);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
      Atomics.wait(pause, 0, 0, 5);
    }
  }
}

/** A file that was cut off gives everything up to the cut. */
function decompressor(kind: Compression): Transform {
  if (kind === "gzip") return createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 1 << 18 });
  return createZstdDecompress({ finishFlush: constants.ZSTD_e_flush, chunkSize: 1 << 18 });
}

function write(chunk: Uint8Array): void {
  for (let at = 0; at < chunk.length; ) {
    if (used === 0) waitForRoom();
    const taken = Math.min(chunk.length - at, slotBytes - used);
    slots.set(chunk.subarray(at, at + taken), slot * slotBytes + used);
    used += taken;
    at += taken;
    if (used === slotBytes) publish();
  }
}

function waitForRoom(): void {
  for (;;) {
    const consumed = Atomics.load(state, ringState.consumed);
    if (Atomics.load(state, ringState.produced) - consumed < slotCount) return;
    Atomics.wait(state, ringState.consumed, consumed);
  }
}

function publish(): void {
  state[ringState.lengths + slot] = used;
  slot = (slot + 1) % slotCount;
  used = 0;
  Atomics.add(state, ringState.produced, 1);
  Atomics.notify(state, ringState.produced);
}

/** Ends with an empty slot; `outcome` 1 is the end of the data, 2 damage, with the reason as the slot's text. */
function finish(outcome: number, reason: string): void {
  if (used > 0) publish();
  waitForRoom();
  const text = new TextEncoder().encode(reason).subarray(0, slotBytes);
  slots.set(text, slot * slotBytes);
  state[ringState.reasonBytes] = text.length;
  Atomics.store(state, ringState.outcome, outcome);
  publish();
}
