import { alignedFrameName } from "../src/stacks/aligned-names.ts";
import { outerNameOf } from "./class-names.ts";

/** `Wal.append` of `com.acme.store.Wal.append`; a native symbol as it is. */
export function shortFrameName(name: string): string {
  const stable = stableFrameName(name);
  const dot = stable.lastIndexOf(".");
  if (dot < 0 || /[:(<\s]/.test(stable.slice(0, dot))) return stable;
  return `${outerNameOf(stable.slice(0, dot))}.${stable.slice(dot + 1)}`;
}

/** The same in the next run: without hidden classes' addresses and the numbers that compilers give to lambdas. */
export function stableFrameName(name: string): string {
  return alignedFrameName(name)
    .replace(/(lambda\$\w+?)\$\d+$/, "$1")
    .replace(/\blambda\$(\d+)$/, "lambda")
    .replace(/(\$anonfun\$\w+?)\$\d+(\$adapted)?$/, "$1");
}

/** The class of a Java frame: `com.acme.store.Wal`. */
export function classOfFrame(name: string): string {
  const stable = stableFrameName(name);
  const dot = stable.lastIndexOf(".");
  return dot < 0 ? "" : stable.slice(0, dot);
}
