import type { ChunkStacks } from "./events.ts";

/** Stack traces while they are read: columns that keep their memory from chunk to chunk. */
export class StackColumns implements ChunkStacks {
  firstFrame: Int32Array = new Int32Array(256);
  frameCount: Int32Array = new Int32Array(256);
  truncated: Uint8Array = new Uint8Array(256);
  frameMethod: Int32Array = new Int32Array(4096);
  frameLine: Int32Array = new Int32Array(4096);
  frameBytecodeIndex: Int32Array = new Int32Array(4096);
  frameType: Int32Array = new Int32Array(4096);
  count = 0;
  totalFrames = 0;

  clear(): void {
    this.firstFrame.fill(0, 0, this.count);
    this.frameCount.fill(0, 0, this.count);
    this.truncated.fill(0, 0, this.count);
    this.count = 0;
    this.totalFrames = 0;
  }

  /** Makes room for stack `index` and for `frames` more frames. */
  reserve(index: number, frames: number): void {
    if (index >= this.firstFrame.length) {
      const capacity = Math.max(index + 1, this.firstFrame.length * 2);
      this.firstFrame = enlarged(this.firstFrame, capacity);
      this.frameCount = enlarged(this.frameCount, capacity);
      const truncated = new Uint8Array(capacity);
      truncated.set(this.truncated);
      this.truncated = truncated;
    }
    if (index >= this.count) this.count = index + 1;
    const needed = this.totalFrames + frames;
    if (needed <= this.frameMethod.length) return;
    const capacity = Math.max(needed, this.frameMethod.length * 2);
    this.frameMethod = enlarged(this.frameMethod, capacity);
    this.frameLine = enlarged(this.frameLine, capacity);
    this.frameBytecodeIndex = enlarged(this.frameBytecodeIndex, capacity);
    this.frameType = enlarged(this.frameType, capacity);
  }
}

function enlarged(values: Int32Array, capacity: number): Int32Array {
  const larger = new Int32Array(capacity);
  larger.set(values);
  return larger;
}
