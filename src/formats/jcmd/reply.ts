import { FormatError } from "../../model/errors.ts";

/** The lines of a reply, without the `<pid>:` that the JDK's own jcmd puts before it. */
export function linesOf(text: string): readonly string[] {
  const lines = (text.includes("\r") ? text.replaceAll("\r\n", "\n") : text).split("\n");
  return /^\d{1,10}:$/.test(lines[0] ?? "") ? lines.slice(1) : lines;
}

/** Replies that cannot be taken for another command's, by what is near their beginning. */
const openings = {
  "GC.class_histogram": /^ num +#instances/,
  "GC.heap_info":
    /^ ?(?:def new|DefNew|PSYoungGen|garbage-first heap|ZHeap|Shenandoah Heap|Epsilon Heap|par new|Generational)/,
  "Compiler.codecache": /^(?:CodeHeap|CodeCache: )/,
  "VM.native_memory": /^(?:Native Memory Tracking:|Native memory tracking )/,
  "VM.metaspace": /^(?:Usage:|Total Usage )/,
  "VM.flags": /^(?:-XX:|\[Global flags\])/,
  "VM.info": /^# JRE version:/,
  "VM.version": /^(?:OpenJDK|Java HotSpot)\S* .*VM version /,
  "VM.command_line": /^VM Arguments:/,
  "Thread.print": /^Full thread dump /,
  "Thread.dump_to_file": /^\{$/,
  "Thread.vthread_scheduler": /^java\.util\.concurrent\.ForkJoinPool@/,
  help: /^The following commands are available:/,
  "an error": /^(?:java\.lang\.\w+Exception: |Unknown diagnostic command)/,
} as const;

/** Throws where the text is certainly not of this command: a JVM's error message, or the reply to another one. */
export function expectReplyOf(command: keyof typeof openings, lines: readonly string[]): void {
  const head = lines.slice(0, 12).map((line) => line.slice(0, 200));
  if (head.some((line) => openings[command].test(line))) return;
  for (const [other, opening] of Object.entries(openings)) {
    const line = head.find((each) => opening.test(each));
    if (line !== undefined) throw new FormatError(`expected the reply to ${command}, got ${other}: "${line.trim()}"`);
  }
}
