import { formatNumberOf } from "../src/model/format-number.ts";
import type { ProfileThread } from "../src/model/profile.ts";

/** `8 of 8 threads of request-handler-*, and 3 of others`. */
export function describePools(threads: readonly ProfileThread[], members: readonly number[]): string {
  const pools = poolsOf(threads, members);
  const [first, ...others] = pools;
  if (first === undefined) return "unknown threads";
  const size = threads.reduce((count, { pool }) => count + (pool === first.pool ? 1 : 0), 0);
  const of =
    size === 1 ? `\`${first.pool}\`` : `${first.members} of ${formatNumberOf(size, "thread")} of \`${first.pool}\``;
  const rest = others.reduce((count, each) => count + each.members, 0);
  return rest === 0 ? of : `${of}, and ${formatNumberOf(rest, "other")}`;
}

/** Pools of these threads, from the one with the most of them. */
function poolsOf(threads: readonly ProfileThread[], members: readonly number[]) {
  const counts = new Map<string, number>();
  for (const member of members) {
    const pool = threads[member]?.pool ?? "unknown";
    counts.set(pool, (counts.get(pool) ?? 0) + 1);
  }
  return [...counts]
    .map(([pool, count]) => ({ pool, members: count }))
    .sort((a, b) => b.members - a.members || (a.pool < b.pool ? -1 : 1));
}
