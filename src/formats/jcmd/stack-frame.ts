/** One frame of a Java thread. */
export interface StackFrame {
  /** `java.util.HashMap.get` */
  readonly method: string;
  /** `java.base@17.0.15`; undefined on JDK 8 and for classes of no named module. */
  readonly module: string | undefined;
  /** `HashMap.java`; undefined where it is unknown, and of native methods. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly isNative: boolean;
}

/** `java.lang.Thread.sleep(java.base@17.0.15/Native Method)`, as a thread dump has it after `at`; undefined where it was cut. */
export function stackFrameOf(text: string): StackFrame | undefined {
  const open = text.endsWith(")") ? text.lastIndexOf("(") : -1;
  if (open <= 0) return undefined;
  const inside = text.slice(open + 1, -1);
  const slash = inside.indexOf("/");
  return {
    method: text.slice(0, open),
    module: slash < 0 ? undefined : inside.slice(0, slash),
    ...placeOf(inside.slice(slash + 1)),
  };
}

/** `java.base/java.lang.Thread.sleep(Native Method)`, as StackTraceElement writes it: `[loader/][module[@version]/]class.method(file:line)`. */
export function stackElementOf(text: string): StackFrame | undefined {
  const open = text.endsWith(")") ? text.lastIndexOf("(") : -1;
  if (open <= 0) return undefined;
  const path = text.slice(0, open);
  const slash = lastSlash(path);
  const prefix = path.slice(0, Math.max(0, slash));
  return {
    method: path.slice(slash + 1),
    module: prefix.slice(prefix.lastIndexOf("/") + 1) || undefined,
    ...placeOf(text.slice(open + 1, -1)),
  };
}

/** The one before the class; the number of a hidden class (`Foo$$Lambda/0x0000000091040210.run`) has one too. */
function lastSlash(path: string): number {
  const last = path.lastIndexOf("/");
  return path.startsWith("0x", last + 1) ? path.slice(0, last).lastIndexOf("/") : last;
}

/** `HashMap.java:12`, `HashMap.java`, `Native Method`, `Unknown Source` */
function placeOf(place: string): Pick<StackFrame, "file" | "line" | "isNative"> {
  const isNative = place === "Native Method";
  if (isNative || place === "Unknown Source" || place === "") return { file: undefined, line: undefined, isNative };
  const colon = place.lastIndexOf(":");
  const line = Number(place.slice(colon + 1));
  if (colon < 0 || !Number.isInteger(line)) return { file: place, line: undefined, isNative };
  return { file: place.slice(0, colon), line, isNative };
}
