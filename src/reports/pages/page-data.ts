import { VarintReader } from "./varint-reader.ts";
import type { WireHeader, WireProfile } from "./wire.ts";

/** Rows of one side of a profile, sorted by stack. */
export interface SideRows {
  readonly rows: number;
  readonly stack: Int32Array;
  /** −1 unknown. */
  readonly thread: Int32Array;
  /** −1 none. */
  readonly label: Int32Array;
  readonly bucket: Int32Array;
  readonly count: Float64Array;
  /** In the profile's unit. */
  readonly weight: Float64Array;
}

/** One profile as a page works with it. */
export interface PageProfile extends WireProfile {
  /** One, or the later and the earlier in a comparison. */
  readonly sideRows: readonly SideRows[];
}

/** Everything that a flame graph shows. */
export interface PageData {
  readonly header: WireHeader;
  /** Index into `wireFrameKinds`, by frame. */
  readonly frameKind: Uint8Array;
  readonly stackFrame: Int32Array;
  /** Smaller than the stack, −1 at the root. */
  readonly stackCaller: Int32Array;
  /** Stacks that are merged in this one, 0 for an ordinary one. */
  readonly mergedStacks: Int32Array;
  readonly profiles: readonly PageProfile[];
}

/** Undoes the base64 and the raw deflate of a payload. */
export async function unpack(base64: string): Promise<Uint8Array> {
  const characters = atob(base64);
  const packed = new Uint8Array(characters.length);
  for (let index = 0; index < packed.length; index++) packed[index] = characters.charCodeAt(index);
  const inflated = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}

/** Reads what the server side wrote. */
export function parsePageData(bytes: Uint8Array): PageData {
  const reader = new VarintReader(bytes);
  // Written by jprof itself into the same file.
  const header = JSON.parse(reader.text()) as WireHeader;
  const { frames, stackCount } = header;
  const frameKind = new Uint8Array(frames.length);
  for (let frame = 0; frame < frames.length; frame++) frameKind[frame] = reader.unsigned();
  const stackFrame = unsignedColumn(reader, stackCount);
  const stackCaller = unsignedColumn(reader, stackCount);
  for (let stack = 0; stack < stackCount; stack++) stackCaller[stack] = stack - stackCaller[stack]!;
  const mergedStacks = unsignedColumn(reader, stackCount);
  const profiles = header.profiles.map((profile) => ({
    ...profile,
    sideRows: profile.sides.map(({ rows, weightQuantum }) => readRows(reader, rows, weightQuantum)),
  }));
  return { header, frameKind, stackFrame, stackCaller, mergedStacks, profiles };
}

function readRows(reader: VarintReader, rows: number, quantum: number): SideRows {
  const stack = deltaColumn(reader, rows);
  const thread = deltaColumn(reader, rows);
  const label = deltaColumn(reader, rows);
  const bucket = deltaColumn(reader, rows);
  const count = new Float64Array(rows);
  for (let row = 0; row < rows; row++) count[row] = reader.unsigned();
  const weight = new Float64Array(rows);
  for (let row = 0; row < rows; row++) weight[row] = reader.signed() * quantum;
  return { rows, stack, thread, label, bucket, count, weight };
}

function unsignedColumn(reader: VarintReader, length: number): Int32Array {
  const column = new Int32Array(length);
  for (let index = 0; index < length; index++) column[index] = reader.unsigned();
  return column;
}

function deltaColumn(reader: VarintReader, length: number): Int32Array {
  const column = new Int32Array(length);
  let previous = 0;
  for (let index = 0; index < length; index++) {
    previous += reader.signed();
    column[index] = previous;
  }
  return column;
}
