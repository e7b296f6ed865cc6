/**
 * What jprof may do to a JVM, from least to most. `observe`: nothing that stops its threads. `diagnose`: what the JVM itself declares to have
 * an impact, within the budget. `intrude`: loading agents, changing flags, starting collections.
 */
export const policies = ["observe", "diagnose", "intrude"] as const;
export type Policy = (typeof policies)[number];

/** Whether `policy` covers what needs `needed`. */
export function allows(policy: Policy, needed: Policy): boolean {
  return policies.indexOf(policy) >= policies.indexOf(needed);
}

/** The impact that a JVM declares for a diagnostic command, in `help <command>`. */
export type Impact = "low" | "medium" | "high";
