/** What is put in front of every line by whoever carries a log: a container's runtime, a shipper, journald. */
export class LogPrefix {
  #pattern: RegExp | undefined;

  /** Learns from the text that stands before a dump's first line: digits may differ in the lines that follow. */
  learn(prefix: string): void {
    const text = prefix.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\d+/g, "\\d+");
    this.#pattern = prefix === "" ? undefined : new RegExp(`^${text.replace(/[ \t]+$/, "(?:$&|\\s*$)")}`);
  }

  strip(line: string): string {
    return this.#pattern ? line.replace(this.#pattern, "") : line;
  }
}

/** The line itself where a container's runtime wrapped it in JSON: `{"log":"…\n","stream":"stdout",…}`. */
export function unwrapped(line: string): string {
  if (!line.startsWith('{"log":"')) return line;
  try {
    const { log } = JSON.parse(line) as { readonly log?: unknown };
    return typeof log === "string" ? log.replace(/\r?\n$/, "") : line;
  } catch {
    return line;
  }
}
