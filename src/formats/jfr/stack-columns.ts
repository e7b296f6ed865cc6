import type { ChunkStacks } from "./events.ts";

/** Stack traces while they are read: columns that keep their memory from chunk to chunk. */
export class StackColumns implements ChunkStacks {
  firstFrame: Int32Array = new Int32Array(256);
  frameCount: Int32Array = new Int32Array(256);
  truncated: Uint8Array = new Uint8Array(256);
  frameMethod: Int32Array = new Int32Array(4096);
  frameLine: Int32Array = new Int32Array(4096);
  frameBytecodeIndex: Int32Array = new Int32Array(4096);
  frameType: Int8Array = new Int8Array(4096);
  count = 0;
  totalFrames = 0;

  clear(): void {
    this.firstFrame.fill(0, 0, this.count);
    this.frameCount.fill(0, 0, this.count);
    this.truncated.fill(0, 0, this.count);
    this.count = 0;
    this.totalFrames = 0;
  }

  /** Makes room for stack `index` and for `frames` more frames; counts neither. */
  reserve(index: number, frames: number): void {
    if (index >= this.firstFrame.length) {
      const capacity = Math.max(index + 1, this.firstFrame.length * 2);
      this.firstFrame = enlarged(this.firstFrame, this.count, capacity);
      this.frameCount = enlarged(this.frameCount, this.count, capacity);
      const truncated = new Uint8Array(capacity);
      truncated.set(this.truncated);
      this.truncated = truncated;
    }
    const needed = this.totalFrames + frames;
    if (needed <= this.frameMethod.length) return;
    const capacity = Math.max(needed, this.frameMethod.length * 2);
    const kept = this.totalFrames;
    this.frameMethod = enlarged(this.frameMethod, kept, capacity);
    this.frameLine = enlarged(this.frameLine, kept, capacity);
    this.frameBytecodeIndex = enlarged(this.frameBytecodeIndex, kept, capacity);
    const frameType = new Int8Array(capacity);
    frameType.set(this.frameType.subarray(0, kept));
    this.frameType = frameType;
  }
}

/** Larger, with the first `kept` values; memory that nothing is written to costs nothing. */
function enlarged(values: Int32Array, kept: number, capacity: number): Int32Array {
  const larger = new Int32Array(capacity);
  larger.set(values.subarray(0, kept));
  return larger;
}
