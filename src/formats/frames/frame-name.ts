import type { FrameKind } from "../../model/profile.ts";

/** A frame as jprof names it. */
export interface NamedFrame {
  readonly name: string;
  readonly kind: FrameKind;
}

/** async-profiler's marks: how a method ran, or that it is the kernel's. */
const marked = /^(.*)_\[([jik01])\]$/s;
/** `java/util/HashMap.put`, `a.b.C$D.<init>:12`, `a.b.C$$Lambda/0x0000.run`: a method of a class. */
const javaMethod = /^[\p{L}_$][\p{L}\p{N}_$./+-]*\.[\p{L}_$<][\p{L}\p{N}_$<>-]*(?:\([^()]*\))?(?::\d+)?$/u;
const library = /\.so(?:[.\d]*|\.[\w.]+)$|^(?:\/|\[(?:vdso|stack|heap)\])/;

/** What other tools' text for a frame means: Java methods in source form, marks taken off and understood. */
export function parseFrameName(text: string): NamedFrame {
  const match = marked.exec(text);
  if (match) {
    const name = match[1]!;
    return match[2] === "k" ? { name, kind: "kernel" } : { name: sourceForm(name), kind: "java" };
  }
  if (text.includes("::")) return { name: text, kind: "cpp" };
  if (javaMethod.test(text) && !library.test(text)) return { name: sourceForm(text), kind: "java" };
  return { name: text, kind: /^[A-Za-z_][\w.@]*$/.test(text) || library.test(text) ? "native" : "other" };
}

/** `java/util/HashMap.put` is `java.util.HashMap.put`; a path or a name that has dots already stays as it is. */
function sourceForm(name: string): string {
  const slash = name.lastIndexOf("/");
  if (slash <= 0 || name.startsWith("/")) return name;
  const isInternal = !name.slice(0, name.indexOf("/")).includes(".");
  if (!isInternal) return name;
  const hidden = name.search(/\/0x[0-9a-f]+/i);
  return hidden < 0 ? name.replaceAll("/", ".") : `${name.slice(0, hidden).replaceAll("/", ".")}${name.slice(hidden)}`;
}
