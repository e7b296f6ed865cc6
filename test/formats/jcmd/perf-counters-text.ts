/** What `jcmd PerfCounter.print` prints, by name: numbers and texts as they stand. */
export function perfCountersOf(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/^([\w.]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]));
}
