/**
 * What tells threads of one pool apart, in the order in which it is replaced by `*`. A number that names the pool itself
 * (`pool-2-`, `http-nio-8080-`, `epollEventLoopGroup-3-`) stays; one that differs between runs (an object's identity, a
 * task, the port of a client) does not.
 */
const memberMarks: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "*"],
  [/\/?\b\d{1,3}(?:\.\d{1,3}){3}\b(?::\d+)?/g, "*"],
  [/@[0-9a-f]{4,16}\b/g, "@*"],
  [/\b(?=[a-f]*\d)[0-9a-f]{12,}\b/g, "*"],
  [/(?<!\d)\d{6,}/g, "*"],
  [/=\d+(?=[,;)\]]|$)/g, "=*"],
  [/ \d+(?:\.\d+)?(?= )/g, " *"],
  [/\(\d+(\/\d+)?\)/g, "(*$1)"],
  [/\d+([)\]}>"']*)$/, "*$1"],
];

/** Names beyond this length are cut: some frameworks put a whole request into the name. */
const longestPool = 120;

/**
 * One name for all threads of a pool: `kafka-request-handler-3` gives `kafka-request-handler-*`. A name that counts nothing
 * is its own pool, and threads without a name are `virtual`: only virtual threads have none.
 */
export function poolOf(threadName: string): string {
  const name = threadName.trim();
  if (name === "") return "virtual";
  const pool = memberMarks.reduce((text, [mark, star]) => text.replace(mark, star), name.slice(0, 4 * longestPool));
  return pool.length <= longestPool ? pool : `${pool.slice(0, longestPool - 1)}…`;
}
