/** Metrics that no panel shows, and why. */
export const unusedMetrics: Readonly<Record<string, string>> = {};
