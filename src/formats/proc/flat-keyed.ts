/** Parses a file of `key number` lines: memory.stat, memory.events, cpu.stat, memory.oom_control. Other lines are skipped. */
export function parseFlatKeyed(text: string): Readonly<Record<string, number>> {
  const values: Record<string, number> = {};
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end);
    const space = line.indexOf(" ");
    const key = line.slice(0, space);
    const value = line.slice(space + 1);
    if (space > 0 && keyForm.test(key) && numberForm.test(value)) values[key] = Number(value);
    start = end + 1;
  }
  return values;
}

const keyForm = /^[a-z][\w.]{0,60}$/;
const numberForm = /^-?\d{1,20}$/;
