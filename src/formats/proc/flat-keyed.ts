/** Parses a file of `key number` lines: memory.stat, memory.events, cpu.stat, memory.oom_control. Other lines are skipped. */
export function parseFlatKeyed(text: string): Readonly<Record<string, number>> {
  const values: Record<string, number> = {};
  for (const [, key = "", value] of text.matchAll(/^([a-z][\w.]{0,60}) (-?\d{1,20})$/gm)) values[key] = Number(value);
  return values;
}
