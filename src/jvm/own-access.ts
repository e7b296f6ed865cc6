import { readText } from "./proc-reads.ts";

/** Whom jprof acts as, and what the kernel lets it do beyond that. */
export interface OwnAccess {
  readonly uid: number;
  readonly gid: number;
  /** Effective capabilities: bit n is number n of capabilities(7). */
  readonly capabilities: bigint;
}

/** Numbers of the capabilities that matter for looking into other processes. */
export const capabilityNumbers = { DAC_OVERRIDE: 1, DAC_READ_SEARCH: 2, KILL: 5, SYS_PTRACE: 19 } as const;
export type Capability = keyof typeof capabilityNumbers;

/** Reads what this process may do. */
export function ownAccess(): OwnAccess {
  const capabilities = /^CapEff:\s*([0-9a-f]+)$/m.exec(readText("/proc/self/status") ?? "")?.[1] ?? "0";
  return { uid: process.geteuid?.() ?? -1, gid: process.getegid?.() ?? -1, capabilities: BigInt(`0x${capabilities}`) };
}

/** Whether it has the capability. */
export function hasCapability(own: OwnAccess, capability: Capability): boolean {
  return ((own.capabilities >> BigInt(capabilityNumbers[capability])) & 1n) === 1n;
}
