import { heapKindOf } from "../formats/hsperfdata/heap-kind.ts";
import type { PerfCounters, TargetIdentity } from "../model/target.ts";
import { mainOfJavaCommand } from "./command-line.ts";
import { collectorOfFlags, generationalOf } from "./flag-values.ts";
import { majorOf } from "./java-release.ts";
import { redactFlags } from "./redact-flags.ts";
import type { CollectorFacts } from "./thread-names.ts";

/** What the ways to a JVM tell about who it is, as far as they were asked. */
export interface IdentityFacts {
  readonly perfCounters?: PerfCounters | undefined;
  /** Of `VM.version`. */
  readonly vmVersion?: { readonly vmName?: string | undefined; readonly javaVersion?: string | undefined } | undefined;
  /** Of `VM.command_line`: the main class or jar, and the program's arguments. */
  readonly javaCommand?: string | undefined;
  /** Of `VM.flags`: with those that the JVM chose by itself. */
  readonly flags?: readonly string[] | undefined;
}

/** The identity with what the JVM itself says of it, which counts more than what its process shows. */
export function refineIdentity(identity: TargetIdentity, facts: IdentityFacts): TargetIdentity {
  const { perfCounters, vmVersion } = facts;
  const property = (name: string) => perfCounters?.text(`java.property.java.${name}`) || undefined;
  const javaVersion = property("version") ?? vmVersion?.javaVersion ?? identity.javaVersion;
  const javaMajor = majorOf(javaVersion) ?? identity.javaMajor;
  const flags = identity.flags.length > 0 ? identity.flags : flagsOf(perfCounters);
  return {
    ...identity,
    name: nameOf(identity.name, perfCounters?.text("sun.rt.javaCommand") ?? facts.javaCommand ?? ""),
    javaVersion,
    javaMajor,
    vmName: property("vm.name") ?? vmVersion?.vmName ?? identity.vmName,
    vmVendor: property("vm.vendor") ?? identity.vmVendor,
    flags,
    ...collectorOf({ ...identity, flags, javaMajor }, facts),
  };
}

function collectorOf(identity: TargetIdentity, { perfCounters, flags }: IdentityFacts): CollectorFacts {
  const { javaMajor } = identity;
  const ofFlags = collectorOfFlags(flags ?? [], javaMajor);
  if (ofFlags.collector !== undefined) {
    const generational = ofFlags.generational ?? generationalOf(ofFlags.collector, identity.flags, javaMajor);
    return { collector: ofFlags.collector, generational: generational ?? identity.generational };
  }
  const ofCounters = perfCounters && heapKindOf(perfCounters);
  if (ofCounters === undefined) return { collector: identity.collector, generational: identity.generational };
  const { collector, generational } = ofCounters;
  return { collector, generational: collector === "ZGC" || collector === "Shenandoah" ? generational : undefined };
}

/** Counters hold at most 1,023 bytes of text, so the last flag may be cut off. */
const mostTextBytes = 1023;

/** The JVM's flags are joined with spaces there; what is no flag after splitting is redacted as it may be part of a value. */
function flagsOf(counters: PerfCounters | undefined): readonly string[] {
  const text = counters?.text("java.rt.vmArgs") ?? "";
  const words = text.split(" ").filter((word) => word !== "");
  return redactFlags(Buffer.byteLength(text) >= mostTextBytes ? words.slice(0, -1) : words);
}

/** A process's command line tells a jar whose path has spaces from its arguments; its name is kept where both agree. */
function nameOf(name: string, javaCommand: string): string {
  const start = javaCommand.indexOf(name);
  const before = javaCommand[start - 1] ?? "/";
  const after = javaCommand[start + name.length] ?? " ";
  if (start >= 0 && before === "/" && after === " ") return name;
  return mainOfJavaCommand(javaCommand)?.name ?? name;
}
