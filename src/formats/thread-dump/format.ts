import type { Format } from "../../model/format.ts";

/** Thread dumps of any JDK: as `jstack`, `jcmd Thread.print` and `kill -3` print them, or `Thread.dump_to_file` writes them. */
export const threadDumpFormat: Format = {
  name: "thread-dump",
  description:
    "thread dumps (jstack, Thread.print, kill -3 in a log, Thread.dump_to_file as text and JSON, ThreadMXBean)",
  sniff(head, fileName) {
    const text = new TextDecoder("latin1").decode(head);
    return marks.some((mark) => mark.test(text)) || (nameMark.test(fileName) && isText(text));
  },
};

/** What a dump of each form has and nothing else does. */
const marks: readonly RegExp[] = [
  /(?:^|[\s"])Full thread dump /,
  /^\s*\{\s*"threadDump"\s*:\s*\{/,
  /^\s*\{\s*"threads"\s*:\s*\[\s*\{\s*"thread(?:Name|Id)"\s*:/,
  /^\d{1,10}\r?\n\d{4}-\d\d-\d\dT[\d:.]+Z\r?\n\S+\r?\n/,
  /^"[^\n]{0,2000}" [^\n]{0,300}tid=0x[0-9a-f]+ [^\n]*\r?\n\s+(?:java\.lang\.Thread\.State:|at )/m,
  /^"[^\n]{0,2000}" (?:daemon )?(?:prio=\d+ )?Id=\d+ (?:RUNNABLE|BLOCKED|WAITING|TIMED_WAITING|NEW)\b/m,
  /^Process Thread Dump: /m,
  /^Thread \d+: \(state = [A-Z_]+\)\r?$/m,
];

/** In a service's log the first dump may come after the head: then its name is asked. */
const nameMark = /thread-?_?dump|thread-?_?print|jstack|\.tdump\b/i;

function isText(text: string): boolean {
  return !text.slice(0, 4096).includes("\0");
}
