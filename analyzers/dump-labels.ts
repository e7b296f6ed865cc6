import type { DumpedLock, ThreadOfDump } from "../src/model/thread-dump.ts";
import { outerNameOf } from "./class-names.ts";

/** How much may be shown of names. */
export interface NameOptions {
  readonly showValues: boolean;
}

/**
 * A thread as people tell it from others. Numbers of pools stay, since a report of a deadlock is of no use without them;
 * what may be of a person or a request becomes `#`: values after `=`, addresses, hosts, tokens, long numbers.
 */
export function threadLabel(thread: ThreadOfDump, options: NameOptions): string {
  const { name, javaId, osId, isVirtual } = thread;
  const id = javaId === undefined ? (osId === undefined ? "" : ` nid ${osId}`) : ` #${javaId}`;
  if (name.trim() === "") return `${isVirtual ? "virtual thread" : "unnamed thread"}${id}`;
  return options.showValues ? name : openName(name);
}

/** A pool's name, or another that may hold what a thread's name may. */
export function openName(name: string): string {
  return name
    .replace(/=(?!\*)[^\s,;)\]]+/g, "=#")
    .replace(/[^\s@[(]+@(?![*\d])[\w.-]+\.\w+/g, "#")
    .replace(/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, "#")
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, "#")
    .replace(/(?<![\w.])(?=[\w+/-]*\d)(?=[\w+/-]*[A-Za-z])[\w+/]{20,}/g, (word) => (isRandom(word) ? "#" : word))
    .replace(/\d{7,}/g, "#");
}

/** Letters and digits mixed as no word mixes them: a token, a key, a hash. */
function isRandom(word: string): boolean {
  return (word.match(/[A-Za-z][0-9]|[0-9][A-Za-z]/g)?.length ?? 0) >= 3;
}

/** As a sentence names it: `the monitor of Object`, `ReentrantLock`, `the initialiser of Config`. */
export function lockWords({ relation, className }: Pick<DumpedLock, "relation" | "className">): string {
  const label = lockLabel(className);
  if (relation === "class initialization") return `the initialiser of \`${label}\``;
  return relation === "parking" ? `\`${label}\`` : `the monitor of \`${label}\``;
}

/** `ReentrantLock` of `java.util.concurrent.locks.ReentrantLock$NonfairSync`, `class Config` of `java.lang.Class for com.acme.Config`. */
export function lockLabel(className: string | undefined): string {
  if (className === undefined) return "?";
  const ofClass = /^java\.lang\.Class for (.+)$/.exec(className)?.[1];
  if (ofClass !== undefined) return `class ${outerNameOf(ofClass)}`;
  return outerNameOf(className.replace(/\$(?:Nonfair|Fair)?Sync$/, ""));
}
