/** Several diagnostic commands as one text: the JVM runs each line, until one fails. */
export interface CommandBatch {
  readonly commands: readonly string[];
  /** Names the marks of this batch: lower-case letters, digits and dashes, never used before. */
  readonly nonce: string;
}

/** What came of each command of a batch. */
export interface BatchReply {
  /** Parallel to the commands, as far as they were run to their end. */
  readonly texts: readonly string[];
  /** What came after the last of them: nothing, or what the command that failed printed, with the JVM's message. */
  readonly rest: string;
  /** Whether the JVM makes marks at all. */
  readonly hasMarks: boolean;
}

/**
 * Between two commands stands `help` for one that does not exist. Its answer repeats the name, which nothing else can
 * print; it takes no safepoint (see the table of commands) and some tens of microseconds.
 */
export function joinBatch({ commands, nonce }: CommandBatch): string {
  return [`help ${nonce}-0`, ...commands.flatMap((command, index) => [command, `help ${nonce}-${index + 1}`])].join(
    "\n",
  );
}

/** Takes the joint reply apart at its marks. A command without a mark after it has failed, or was never run. */
export function splitBatch({ commands, nonce }: CommandBatch, reply: string): BatchReply {
  const first = markOf(nonce, 0);
  if (!reply.startsWith(first)) return { texts: [], rest: reply, hasMarks: false };
  const texts: string[] = [];
  let offset = first.length;
  for (const index of commands.keys()) {
    const mark = markOf(nonce, index + 1);
    const end = reply.indexOf(mark, offset);
    if (end < 0) break;
    texts.push(reply.slice(offset, end));
    offset = end + mark.length;
  }
  return { texts, rest: reply.slice(offset), hasMarks: true };
}

/** What `help` has printed since JDK 7 for a command that does not exist. */
function markOf(nonce: string, index: number): string {
  return `Help unavailable : '${nonce}-${index}' : No such command\n`;
}
