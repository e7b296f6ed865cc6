/** Shares of one whole as whole percents that add up to 100: those with the largest remainders are rounded up. */
export function wholePercents(shares: readonly number[]): readonly number[] {
  const percents = shares.map((share) => Math.floor(100 * share + 1e-9));
  const missing = 100 - percents.reduce((sum, percent) => sum + percent, 0);
  const byRemainder = shares
    .map((share, index) => ({ index, remainder: 100 * share - percents[index]! }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, Math.max(0, missing))) percents[index]!++;
  return percents;
}
