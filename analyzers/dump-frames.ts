import type { DumpedStackFrame } from "../src/model/thread-dump.ts";
import { isPlatformClass, outerNameOf } from "./class-names.ts";

/** `Wal.append(Wal.java:42)`: without the package. */
export function shortFrame(frame: DumpedStackFrame): string {
  return `${methodLabel(frame)}${placeOf(frame)}`;
}

/** `Wal.append` */
export function methodLabel(frame: DumpedStackFrame): string {
  const { className, method } = partsOf(frame);
  return `${className === "" ? "" : `${outerNameOf(className)}.`}${method}`;
}

/** `com.acme.store.Wal.append(Wal.java:42)`, as stack traces have it. */
export function longFrame(frame: DumpedStackFrame): string {
  return `${frame.name}${placeOf(frame)}`;
}

/** The same in the next run, for keys. */
export function frameKey(frame: DumpedStackFrame | undefined): string {
  return frame === undefined ? "no frames" : frame.name.replace(/(lambda\$\w+?)\$\d+$/, "$1");
}

/** A frame of the program and not of the JDK, of Scala's or Kotlin's library, of what starts threads or links lambdas. */
export function isOwnFrame(frame: DumpedStackFrame): boolean {
  if (frame.name.includes("$$Lambda")) return false;
  return (
    !isPlatformClass(partsOf(frame).className) &&
    !/^io\.netty\.util\.(?:concurrent\.FastThreadLocalRunnable|internal\.ThreadExecutorMap)/.test(frame.name)
  );
}

/** The topmost frame of the program; of the JDK's own threads, the one that says more than how it waits. */
export function topOwnFrame(frames: readonly DumpedStackFrame[]): DumpedStackFrame | undefined {
  return frames.find(isOwnFrame) ?? frames.find((frame) => !isWaitingFrame(frame)) ?? frames[0];
}

function isWaitingFrame({ name }: DumpedStackFrame): boolean {
  return /^(?:jdk\.internal\.misc\.|sun\.misc\.|java\.util\.concurrent\.(?:locks\.|ForkJoinPool\.(?:un)?managedBlock)|java\.lang\.(?:Object\.wait|Thread\.sleep|VirtualThread\.))/.test(
    name,
  );
}

/** The class and the method of a frame. */
function partsOf({ name }: DumpedStackFrame): { readonly className: string; readonly method: string } {
  const dot = name.lastIndexOf(".");
  return { className: name.slice(0, Math.max(0, dot)), method: name.slice(dot + 1) };
}

function placeOf({ source, line, isNative }: DumpedStackFrame): string {
  if (isNative) return "(native)";
  if (source === undefined) return line > 0 ? `(line ${line})` : "";
  return line > 0 ? `(${source}:${line})` : `(${source})`;
}
