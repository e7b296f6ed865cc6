/** A terminal that is drawn over and over, and left as it was found. */
export interface Screen {
  size(): { readonly width: number; readonly height: number };
  draw(lines: readonly string[]): void;
  /** Resolves when the user has seen enough: `q`, Ctrl-C, SIGTERM, or the terminal went away. */
  readonly closed: Promise<void>;
  close(): void;
}

const enter = "\x1b[?1049h\x1b[?25l";
const leave = "\x1b[?25h\x1b[?1049l";
const home = "\x1b[H";
const clearLine = "\x1b[K";
const clearBelow = "\x1b[J";

/** Takes the terminal of stdin and stdout. */
export function openScreen(): Screen {
  const { stdin, stdout } = process;
  let isOpen = true;
  let end: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    end = resolve;
  });
  const onKey = (key: Buffer) => {
    if (["q", "Q", "\x03", "\x04"].includes(key.toString("latin1"))) end();
  };
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on("data", onKey).once("end", end);
  process.once("SIGINT", end).once("SIGTERM", end).once("SIGHUP", end);
  stdout.write(enter);
  return {
    size: () => ({ width: stdout.columns ?? 80, height: (stdout.rows ?? 24) - 1 }),
    draw(lines) {
      if (isOpen) stdout.write(`${home}${lines.map((line) => `${line}${clearLine}\n`).join("")}${clearBelow}`);
    },
    closed,
    close() {
      if (!isOpen) return;
      isOpen = false;
      if (stdin.isTTY) stdin.setRawMode(false);
      stdin.off("data", onKey).off("end", end).pause();
      process.off("SIGINT", end).off("SIGTERM", end).off("SIGHUP", end);
      stdout.write(leave);
    },
  };
}
