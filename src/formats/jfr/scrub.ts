import { closeSync, openSync, writeSync } from "node:fs";
import { openFile } from "../../bytes/byte-source.ts";
import { boundsOf } from "./chunk-bounds.ts";
import { ChunkCursor } from "./chunk-cursor.ts";
import { headerBytes, readChunkHeader } from "./chunk-header.ts";
import { walkEvents } from "./event-walk.ts";
import { type DeclaredClass, parseMetadata, skipMetadataHead } from "./metadata.ts";

/** Events that hold what is not for everybody: environment, system properties, command lines of other processes. */
export const privateEvents = ["jdk.InitialEnvironmentVariable", "jdk.InitialSystemProperty", "jdk.SystemProcess"];

/**
 * Empties all texts of such events, in the file itself; everything else stays where it is, so every reader still reads it. Gives how many
 * events there were. Texts that lie among the constants of a chunk stay: the JVM writes those of these events into the events.
 */
export function scrubRecording(path: string, eventNames: readonly string[] = privateEvents): number {
  const source = openFile(path);
  const file = openSync(path, "r+");
  let scrubbed = 0;
  try {
    let offset = 0;
    for (;;) {
      const header = readChunkHeader(source, offset);
      if (header === undefined) return scrubbed;
      const { end } = boundsOf(source, offset, header);
      const bytes = new Uint8Array(end - offset);
      source.read(offset, bytes);
      const cursor = new ChunkCursor(bytes, header.hasCompressedIntegers);
      for (const event of eventsOf(cursor, walkEvents(cursor, header), eventNames)) {
        emptyTexts(cursor, event);
        writeSync(file, bytes, event.start, event.end - event.start, offset + event.start);
        scrubbed++;
      }
      offset = Math.max(end, offset + headerBytes);
    }
  } finally {
    closeSync(file);
    source.close();
  }
}

interface FoundEvent {
  readonly start: number;
  readonly end: number;
  readonly type: DeclaredClass;
  readonly classes: ReadonlyMap<number, DeclaredClass>;
}

function eventsOf(
  cursor: ChunkCursor,
  walk: ReturnType<typeof walkEvents>,
  eventNames: readonly string[],
): readonly FoundEvent[] {
  const classes = new Map(walk.metadata.flatMap((start) => declaredAt(cursor, start)).map((one) => [one.id, one]));
  const wanted = new Map([...classes].filter(([, { name }]) => eventNames.includes(name)));
  const found: FoundEvent[] = [];
  if (wanted.size === 0) return found;
  for (const range of walk.ranges) {
    for (let start = range.start; start < range.end; ) {
      cursor.position = start;
      const end = start + cursor.int();
      const type = wanted.get(cursor.long());
      if (type !== undefined) found.push({ start, end, type, classes });
      start = end;
    }
  }
  return found;
}

function declaredAt(cursor: ChunkCursor, start: number): readonly DeclaredClass[] {
  cursor.position = start;
  const end = start + cursor.int();
  cursor.position = start;
  skipMetadataHead(cursor);
  return parseMetadata(cursor, end);
}

/** A text of one byte that says "empty", as the format has it. */
const emptyText = 1;

/** Writes the event again with its numbers and without its texts; what is left over behind it is zero, and no reader looks there. */
function emptyTexts(cursor: ChunkCursor, { start, end, type, classes }: FoundEvent): void {
  const { bytes } = cursor;
  cursor.position = start;
  cursor.int();
  cursor.long();
  let write = cursor.position;
  for (const field of type.fields) {
    const from = cursor.position;
    const name = field.isConstant ? "" : (classes.get(field.classId)?.name ?? "");
    if (field.isArray || !skipValue(cursor, name)) break;
    if (name === "java.lang.String") bytes[write++] = emptyText;
    else {
      bytes.copyWithin(write, from, cursor.position);
      write += cursor.position - from;
    }
  }
  bytes.fill(0, write, end);
}

const integers = ["", "long", "int", "short", "char"];

/** Moves over a value; false where it is of a kind that these events do not have, and the rest of the event goes. */
function skipValue(cursor: ChunkCursor, typeName: string): boolean {
  if (integers.includes(typeName)) cursor.long();
  else if (typeName === "boolean" || typeName === "byte") cursor.position += 1;
  else if (typeName === "float") cursor.position += 4;
  else if (typeName === "double") cursor.position += 8;
  else if (typeName === "java.lang.String") skipText(cursor);
  else return false;
  return true;
}

function skipText(cursor: ChunkCursor): void {
  const encoding = cursor.byte();
  if (encoding === 2) cursor.long();
  else if (encoding === 3 || encoding === 5) {
    const length = cursor.int();
    cursor.position += length;
  } else if (encoding === 4) {
    for (let left = cursor.int(); left > 0; left--) cursor.char();
  }
}
