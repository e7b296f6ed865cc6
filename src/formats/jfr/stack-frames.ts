import type { ChunkStack } from "./events.ts";

/** One stack trace after another, in the same memory. */
export class StackFrames implements ChunkStack {
  count = 0;
  isTruncated = false;
  method: Int32Array = new Int32Array(256);
  line: Int32Array = new Int32Array(256);
  bytecodeIndex: Int32Array = new Int32Array(256);
  type: Int32Array = new Int32Array(256);

  /** Makes room for so many frames. */
  begin(count: number, isTruncated: boolean): void {
    this.count = count;
    this.isTruncated = isTruncated;
    if (count <= this.method.length) return;
    this.method = new Int32Array(2 * count);
    this.line = new Int32Array(2 * count);
    this.bytecodeIndex = new Int32Array(2 * count);
    this.type = new Int32Array(2 * count);
  }
}
