/** A diagnostic command, taken apart. */
export interface ParsedCommand {
  /** `GC.class_histogram` */
  readonly name: string;
  /** The rest, with single spaces between the words. */
  readonly args: string;
  /** The whole, as it is sent. */
  readonly text: string;
}

/** Parses what a caller asks for; undefined unless it is one command on one line. */
export function parseCommand(command: string): ParsedCommand | undefined {
  // Anything but printable characters could end the line, and with it the command that was looked at.
  if (/[^\x20-\x7e\u00a1-\uffff]/.test(command)) return undefined;
  const text = command.trim();
  const [name = "", ...words] = text.split(/ +/);
  return /^[A-Za-z][\w.-]{0,99}$/.test(name) ? { name, args: words.join(" "), text } : undefined;
}
