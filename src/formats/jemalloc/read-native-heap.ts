import type { ByteSource } from "../../bytes/byte-source.ts";
import type { NamedAddresses, NativeHeapEvidence } from "../../model/native-evidence.ts";
import type { ProfileSet } from "../../model/profile.ts";
import { type AddressName, nameAddresses } from "../elf/address-names.ts";
import type { SymbolPlaces } from "../elf/library-names.ts";
import { parseDumpName } from "./dump-name.ts";
import { findPerfMap } from "./find-perf-map.ts";
import { type HeapProfile, readHeapProfile } from "./heap-profile.ts";
import { dumpOf, poolsOf } from "./native-dump.ts";
import { nativeProfiles } from "./native-profiles.ts";
import { type FramesOfAddress, namedStacks } from "./sites.ts";

/** Where names are looked for, and what is known of the file beside its content. */
export interface NativeHeapOptions extends Partial<SymbolPlaces> {
  /** Maps of compiled code that the user names. */
  readonly perfMaps?: readonly string[];
  /** When the file was written. */
  readonly takenAtMillis?: number | undefined;
}

/** One dump of an allocator's heap: as evidence for analyzers, and as profiles. */
export interface NativeHeapRead {
  readonly evidence: NativeHeapEvidence;
  readonly profiles: ProfileSet;
}

/** Reads a native heap profile and names its frames, by the files that were mapped and a map of compiled code. */
export function readNativeHeap(source: ByteSource, options: NativeHeapOptions = {}): NativeHeapRead {
  const { debuginfodCaches = [], perfMaps = [], takenAtMillis } = options;
  const profile = readHeapProfile(source);
  const { processId, sequence } = parseDumpName(source.name);
  const { mappings } = profile;
  const perfMap = findPerfMap({ given: perfMaps, dump: source.name, processId, takenAtMillis, mappings });
  // Return addresses are those after the call.
  const calls = profile.addresses.map((address) => address - 1);
  const named = nameAddresses(calls, { mappings, perfMap, places: { debuginfodCaches } });
  const names = named.names.map((name, index) => framesOf(profile, index, name));
  const stacks = namedStacks(profile, names);
  const { siteStack, dump } = dumpOf(profile, stacks.stackOf, {
    name: source.name,
    fileBytes: source.sizeBytes,
    takenAtMillis,
    sequence,
  });
  const lossNotes = profile.unparsedLines === 0 ? [] : [`${profile.unparsedLines} lines are not understood`];
  const evidence: NativeHeapEvidence = {
    file: { name: source.name, format: profile.format, losses: [] },
    allocator: isTcmalloc(profile) ? "tcmalloc" : "jemalloc",
    periodBytes: profile.sampling.method === "none" ? undefined : profile.sampling.periodBytes,
    processId,
    processKey: processKeyOf(profile),
    stacks: stacks.table,
    siteStack,
    dumps: [dump],
    pools: poolsOf(profile),
    addresses: namedCounts(named.names),
    perfMap: perfMap?.path,
    notes: [
      ...lossNotes,
      ...(profile.isCut ? ["the file ends before its list of mapped files: it was cut off"] : []),
      ...named.problems,
    ],
  };
  return { evidence, profiles: nativeProfiles(profile, stacks, evidence.notes) };
}

/** The file's own symbols come first: whoever wrote them had the process at hand. */
function framesOf({ symbols, addresses }: HeapProfile, index: number, name: AddressName): FramesOfAddress {
  const own = symbols.get(addresses[index]! - 1) ?? symbols.get(addresses[index]!);
  if (own === undefined) return [name];
  return own.map((text) => ({ text, kind: text.includes("::") ? "cpp" : "native", from: "symbol", path: name.path }));
}

function isTcmalloc({ format, mappings }: HeapProfile): boolean {
  if (mappings.some(({ path }) => path.includes("libtcmalloc"))) return true;
  return format === "heap profile" && !mappings.some(({ path }) => path.includes("libjemalloc"));
}

/** Where the libraries lie that every process has: the kernel chooses anew for each. */
function processKeyOf({ mappings }: HeapProfile): string {
  return mappings
    .filter(
      ({ path, permissions }) =>
        permissions[2] === "x" && /\/(?:ld-[^/]*|lib(?:c|jvm|jemalloc|tcmalloc)[.-][^/]*)$/.test(path),
    )
    .map(({ path, start }) => `${path.slice(path.lastIndexOf("/") + 1)}@${start.toString(16)}`)
    .join(" ");
}

function namedCounts(names: readonly AddressName[]): NamedAddresses {
  const count = (kind: AddressName["from"]) => names.reduce((sum, { from }) => sum + (from === kind ? 1 : 0), 0);
  return { total: names.length, functions: count("symbol"), methods: count("method"), unnamedCode: count("code") };
}
