import type { NativeHeapDump, NativeHeapEvidence } from "../src/model/native-evidence.ts";
import { frameKinds } from "../src/model/profile.ts";
import { frameNamesOf } from "../src/stacks/stack-totals.ts";
import { isAllocationWrapper, isAskedByProgram, javaMethodOf } from "./native-frames.ts";

/** Stacks that allocate in one function, on behalf of one Java method where one is known. */
export interface NativeHolder {
  /** `deflateInit2_`; the same in the next run. */
  readonly allocator: string;
  /** `java.util.zip.Deflater.init` */
  readonly javaMethod: string | undefined;
  /** The JVM allocates it for its own purposes, and its native memory tracking knows it. */
  readonly isOfJvm: boolean;
  /** Sites of the evidence. */
  readonly sites: readonly number[];
  /** Of its heaviest site in the last dump, leaf first. */
  readonly frames: readonly string[];
}

const javaKind = frameKinds.indexOf("java");
/** What readers call a frame of compiled code that no map names. */
export const compiledCode = "[compiled code]";

/** All sites by what allocates and which Java method made it do so. */
export function nativeHolders(evidence: NativeHeapEvidence): readonly NativeHolder[] {
  const last = evidence.dumps.at(-1);
  if (last === undefined) return [];
  const groups = new Map<string, NativeHolder & { sites: number[] }>();
  const heaviestFirst = [...evidence.siteStack.keys()].sort(
    (a, b) => last.inuseBytes[b]! - last.inuseBytes[a]! || a - b,
  );
  for (const site of heaviestFirst) {
    const holder = holderOf(evidence, site);
    const key = `${holder.allocator}\n${holder.javaMethod ?? ""}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { ...holder, sites: [site] });
    else known.sites.push(site);
  }
  return [...groups.values()];
}

/** A column of a dump, summed over the sites of a holder. */
export function sumOf({ sites }: NativeHolder, column: Float64Array): number {
  return sites.reduce((sum, site) => sum + column[site]!, 0);
}

/** All live bytes of a dump. */
export function liveBytes({ inuseBytes }: NativeHeapDump): number {
  return inuseBytes.reduce((sum, bytes) => sum + bytes, 0);
}

/** `deflateInit2_ for java.util.zip.Deflater.init` */
export function holderName({ allocator, javaMethod }: Pick<NativeHolder, "allocator" | "javaMethod">): string {
  return javaMethod === undefined ? allocator : `${allocator} for ${javaMethod}`;
}

function holderOf({ stacks, siteStack }: NativeHeapEvidence, site: number): Omit<NativeHolder, "sites"> {
  const stack = siteStack[site]!;
  if (stack < 0) return { allocator: "[allocator]", javaMethod: undefined, isOfJvm: false, frames: [] };
  const frames = frameNamesOf(stacks, stack);
  const kinds = kindsOf(stack);
  const owner = frames.findIndex((name, index) => !isAllocationWrapper(name) || kinds[index] === javaKind);
  const isCode = owner > 0 && (kinds[owner] === javaKind || frames[owner] === compiledCode);
  // Code that calls the JVM's allocation itself is the program's, and has no function of its own.
  const allocator = frames[isCode ? owner - 1 : Math.max(owner, 0)]!;
  const isOfJvm = owner !== 0 && !isCode && !isAskedByProgram(allocator) && isJvmWrapper(frames[0]!);
  return { allocator, javaMethod: isOfJvm ? undefined : javaMethodOn(frames, kinds), isOfJvm, frames };

  function kindsOf(leaf: number): readonly number[] {
    const kinds: number[] = [];
    for (let at = leaf; at >= 0; at = stacks.stackCaller[at]!) kinds.push(stacks.frameKindOf[stacks.stackFrame[at]!]!);
    return kinds;
  }
}

function isJvmWrapper(leaf: string): boolean {
  return leaf.includes("::") || /^(?:Re)?[Aa]llocateHeap/.test(leaf);
}

/** The Java method nearest to the allocation; a native method is named by the function that implements it. */
function javaMethodOn(frames: readonly string[], kinds: readonly number[]): string | undefined {
  for (const [index, name] of frames.entries()) {
    if (kinds[index] === javaKind) return name;
    const method = javaMethodOf(name);
    if (method !== undefined) return method;
  }
  return undefined;
}
