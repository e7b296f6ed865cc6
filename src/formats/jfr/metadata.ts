import { FormatError } from "../../model/errors.ts";
import type { ChunkCursor } from "./chunk-cursor.ts";
import { readString } from "./strings.ts";

/** A class of a chunk's metadata as it is written. */
export interface DeclaredClass {
  readonly id: number;
  readonly name: string;
  readonly superType: string | undefined;
  readonly isSimple: boolean;
  readonly fields: readonly DeclaredField[];
  readonly annotations: readonly DeclaredAnnotation[];
}

export interface DeclaredField {
  readonly name: string;
  readonly classId: number;
  readonly isConstant: boolean;
  readonly isArray: boolean;
  readonly annotations: readonly DeclaredAnnotation[];
}

export interface DeclaredAnnotation {
  readonly classId: number;
  readonly values: readonly string[];
}

interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
}

const deepestElement = 16;

/** Skips the event's head up to what stays the same when equal metadata is written again: the id and all that follows. */
export function skipMetadataHead(cursor: ChunkCursor): void {
  cursor.int();
  cursor.long();
  cursor.long();
  cursor.long();
}

/** Metadata at the cursor, behind `skipMetadataHead`: id, strings, a tree of elements. Throws FormatError when it is damaged. */
export function parseMetadata(cursor: ChunkCursor, end: number): readonly DeclaredClass[] {
  cursor.long();
  const strings: string[] = [];
  const count = checkedCount(cursor, end);
  for (let i = 0; i < count; i++) strings.push(readString(cursor, end) ?? "");
  const root = parseElement({ cursor, end, strings }, 0);
  const metadata = root.children.find(({ name }) => name === "metadata");
  if (metadata === undefined) throw new FormatError('expected an element "metadata", got none', cursor.position);
  return metadata.children.filter(({ name }) => name === "class").flatMap(classOf);
}

interface TreeInput {
  readonly cursor: ChunkCursor;
  readonly end: number;
  readonly strings: readonly string[];
}

function parseElement(input: TreeInput, depth: number): Element {
  const { cursor, end, strings } = input;
  const name = strings[cursor.int()];
  if (name === undefined || depth > deepestElement)
    throw new FormatError("expected an element of the metadata", cursor.position);
  const attributes = new Map<string, string>();
  for (let left = checkedCount(cursor, end); left > 0; left--) {
    const key = strings[cursor.int()];
    const value = strings[cursor.int()];
    if (key !== undefined && value !== undefined) attributes.set(key, value);
  }
  const children: Element[] = [];
  for (let left = checkedCount(cursor, end); left > 0; left--) children.push(parseElement(input, depth + 1));
  return { name, attributes, children };
}

function checkedCount(cursor: ChunkCursor, end: number): number {
  const count = cursor.int();
  if (count < 0 || count > end - cursor.position)
    throw new FormatError(`expected a count within the metadata, got ${count}`, cursor.position);
  return count;
}

function classOf({ attributes, children }: Element): DeclaredClass[] {
  const id = Number(attributes.get("id"));
  const name = attributes.get("name");
  if (!Number.isSafeInteger(id) || name === undefined) return [];
  return [
    {
      id,
      name,
      superType: attributes.get("superType"),
      isSimple: attributes.get("simpleType") === "true",
      fields: children.filter((child) => child.name === "field").flatMap(fieldOf),
      annotations: annotationsOf(children),
    },
  ];
}

function fieldOf({ attributes, children }: Element): DeclaredField[] {
  const name = attributes.get("name");
  const classId = Number(attributes.get("class"));
  if (name === undefined) return [];
  return [
    {
      name,
      classId,
      isConstant: attributes.get("constantPool") === "true",
      isArray: Number(attributes.get("dimension") ?? 0) > 0,
      annotations: annotationsOf(children),
    },
  ];
}

function annotationsOf(children: readonly Element[]): DeclaredAnnotation[] {
  return children
    .filter(({ name }) => name === "annotation")
    .map(({ attributes }) => ({
      classId: Number(attributes.get("class")),
      values: [...attributes].filter(([key]) => key.startsWith("value")).map(([, value]) => value),
    }));
}
