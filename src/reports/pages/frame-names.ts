import { printable } from "../wrapping.ts";
import type { PageData } from "./page-data.ts";
import type { Grouping } from "./selected-stacks.ts";
import { wireFrameKinds } from "./wire.ts";

/** How a node's frame is called, in full and as short as it stays clear. */
export interface FrameName {
  readonly full: string;
  readonly short: string;
}

/** Names by frame of a tree: those of frames, then those of the groups, the unknown one first. */
export function frameNames(data: PageData, grouping: Grouping, labels: readonly string[]): readonly FrameName[] {
  const frames = data.header.frames.map((name, frame) => {
    const isJava = wireFrameKinds[data.frameKind[frame]!] === "java";
    const full = printable(name);
    return { full, short: isJava ? withoutPackage(full) : full };
  });
  return [...frames, ...groupNames(data, grouping, labels).map((name) => ({ full: name, short: name }))];
}

/** Names of the groups, the unknown one first. */
function groupNames({ header }: PageData, grouping: Grouping, labels: readonly string[]): readonly string[] {
  switch (grouping) {
    case "none":
      return [];
    case "pool":
      return ["(no thread recorded)", ...header.pools.map(printable)];
    case "thread":
      return ["(no thread recorded)", ...header.threads.map(printable)];
    case "label":
      return ["(no label)", ...labels.map(printable)];
    default:
      return grouping satisfies never;
  }
}

/** `com.acme.Wal.append` → `Wal.append`; what follows a `(` is left alone. */
function withoutPackage(name: string): string {
  const end = name.indexOf("(");
  const head = end < 0 ? name : name.slice(0, end);
  const method = head.lastIndexOf(".");
  const owner = head.lastIndexOf(".", method - 1);
  return method > 0 && owner > 0 ? name.slice(owner + 1) : name;
}

/** `org.apache.kafka` of `org.apache.kafka.server.Log.append`: what frames of one colour have in common. */
export function packageOf(name: string): string {
  const parts = name.split(".");
  const classAt = parts.findIndex((part) => /^[A-Z]/.test(part));
  return parts.slice(0, Math.min(3, classAt < 0 ? Math.max(0, parts.length - 2) : classAt)).join(".");
}
