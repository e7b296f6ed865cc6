import type { Format } from "../../model/format.ts";

/** Logs of garbage collections, of any collector. */
export const gcLogFormat: Format = {
  name: "gc-log",
  description: "garbage collection logs (-Xlog:gc* of JDK 9 and later, -XX:+PrintGCDetails of JDK 8, all collectors)",
  sniff: (head) => formOf(head) !== undefined,
};

/** Which of both families of logs a file begins with; undefined for other files. */
export function formOf(head: Uint8Array): "unified" | "legacy" | undefined {
  const text = new TextDecoder("latin1").decode(head);
  if (unified.some((mark) => mark.test(text))) return "unified";
  return legacy.some((mark) => mark.test(text)) ? "legacy" : undefined;
}

const unified: readonly RegExp[] = [
  /\]\[(?:gc|safepoint)(?:,[a-z,]+)? *\] /,
  /(?:^|\] ?)GC\(\d+\) (?:[yYO]: )?(?:Pause|Concurrent|Garbage Collection|M(?:in|aj)or Collection|Using|User=)/m,
  /\]\s*Using (?:G1|Parallel|Serial|Shenandoah|Epsilon|The Z Garbage Collector|Concurrent Mark Sweep)\r?$/m,
];

const legacy: readonly RegExp[] = [
  /^(?:\d{4}-\d\d-\d\dT\S+: )?\d+[.,]\d{3}: \[(?:Full )?GC/m,
  /^\d{4}-\d\d-\d\dT\S+: \[(?:Full )?GC/m,
  /^\[(?:Full )?GC (?:\([\w .()]+\) )? *(?:\[|\d+K->)/m,
  /^CommandLine flags: .*-XX:\+Print(?:GC|Tenuring)/m,
  /^(?:\d{4}-\d\d-\d\dT\S+: )?\d+[.,]\d{3}: Total time for which application threads were stopped/m,
];
