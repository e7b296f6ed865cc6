/** What a message is about, by the words with which it begins. */
export const kinds = {
  unknown: 0,
  /** Known, and nothing is asked of it. */
  ignored: 1,
  pause: 2,
  concurrent: 3,
  cycle: 4,
  generation: 5,
  processor: 6,
  regions: 7,
  pool: 8,
  phase: 9,
  safepoint: 10,
  stopped: 11,
  stall: 12,
  fact: 13,
  using: 14,
  trigger: 15,
  failure: 16,
  age: 17,
  humongous: 18,
  zAllocated: 19,
  zPromoted: 20,
  heapUsed: 21,
  cancelled: 22,
} as const;
export type MessageKind = (typeof kinds)[keyof typeof kinds];

const byStart: readonly (readonly [RegExp, MessageKind])[] = [
  [/^Pause (?:Young|Full|Initial Mark|Remark|Cleanup|Mixed|Mark|Relocate|Init|Final|Degenerated|Verify)/, kinds.pause],
  [/^Concurrent (?![\w ]*Workers:)/, kinds.concurrent],
  [/^(?:Garbage|Minor|Major) Collection\b/, kinds.cycle],
  [/^(?:Young|Old) Generation(?: \d|$)/, kinds.generation],
  [/^User=/, kinds.processor],
  [/^(?:Old|Humongous|Survivor) regions: /, kinds.regions],
  [/^(?:Eden|Archive) regions: /, kinds.ignored],
  [/^(?:PSYoungGen|ParOldGen|PSOldGen|DefNew|ParNew|Tenured|CMS|Old|Metaspace): \d/, kinds.pool],
  [/^Safepoint "/, kinds.safepoint],
  [/^Total time for which application threads/, kinds.stopped],
  [/^Allocation Stall \(/, kinds.stall],
  [/^Relocation Stall \(/, kinds.stall],
  [/^Using (?:\d|tenuring|\w* ?workers)/i, kinds.ignored],
  [/^Using (?:G1|The Z|Shenandoah|Parallel|Serial|Concurrent Mark|Epsilon)/, kinds.using],
  [/^Trigger/, kinds.trigger],
  [/^To-space (?:exhausted|overflow)|^Evacuation Failure/i, kinds.failure],
  [/^(?:concurrent mode failure|Promotion failed(?!,)|Handling promotion failure)/i, kinds.failure],
  [/^Degenerated GC upgrading|^Failed to allocate|^Out Of Memory/, kinds.failure],
  [/^Desired survivor size/, kinds.age],
  [/^Humongous region|^Humongous object/, kinds.humongous],
  [/^Request concurrent cycle initiation/, kinds.humongous],
  [/^Allocated: +-/, kinds.zAllocated],
  [/^Promoted: +-/, kinds.zPromoted],
  [/^Heap: \d/, kinds.heapUsed],
  [/^Cancelling GC/, kinds.cancelled],
];

/** Messages that say nothing which is asked for, as regular expressions on their beginning. */
const known: readonly RegExp[] = [
  /^(?:Pause|Phase|Marking|Evacuat|Reference|Weak|Soft|Final|Phantom|Class|String|Scrub|Scaveng|Purge|Trigger cleanups)\b/,
  /^(?:Safepoint synchronization|Entering safepoint|Leaving safepoint|Application time|Suspending|Waiting|\d+ VM operations|Maximum sync)/,
  /^(?:Live|Garbage|Reclaimed|Compacted|Used|Free|Capacity|Allocation Stalls|Min Capacity|Max Capacity|Soft Max Capacity):/,
  /^(?:Small|Medium|Large) Pages|^Page Sizes?|^Forwarding Usage|^Age Table|^(?:Heap|Young|Old) (?:Generation )?Statistics/,
  /^(?:MMU|Load|Mark|NMethods|Mark Stack Usage|Metaspace|Uncommitted|Commit|Uncommit)\b/,
  /^(?:Encountered|Discovered|Enqueued|Cleared|Skipped phase)\b/,
  /^(?:Eden|Survivor \d+|Old) +[\d-]/,
  /^(?:Mark Start|Mark End|Live +Garbage|Candidates|Encountered +Disc|Collector|Clearing All SoftReferences)/,
  /^(?:Pacer for|Free:|Collectable Garbage|Adaptive CSet|Good progress|Bad progress|Start GC cycle|Not starting|At (?:end|start) of|Evacuation Reserve)/,
  /^(?:Allocation pacing|All times are|all workers|<total>|Heuristics|Soft Max Heap|Success|Under stress|Cancel|Transfer|Old (?:heap|regions|gen))/,
  /^(?:Heap|Metaspace|CDS|Compressed|Narrow|Encoding|Klass|Protection|UseCompressedClassPointers|CardTable)\b/,
  /^(?:After Concurrent|New tenuring|Planning to promote|Chosen CSet|No regions selected|Old-gen piggyback|Free headroom|Consider)\b/,
  /^(?:Min heap|Stopping ZGC|Initializing The Z)/,
  /^(?:garbage-first heap|region size|class space|def new|tenured|DefNew|Tenured|PSYoungGen|ParOldGen|PSOldGen|par new|concurrent mark-sweep|eden space|from space|to +space|the space|object space|ZHeap|Shenandoah Heap|Epsilon Heap|ZGeneration|[yo]?(?:young|old) generation)/i,
  /^(?:Cleaned string|String Deduplication|StringDedup|Periodic|Attempt|Shrink|Expand|Do not request|Initiate|Request|Finish|Start|Added|Maximum|Minimum)/i,
  /^(?:\[|\||-{3,}|={3,}|\(|Region|BTE|EU|R,|SN|U,|T,|S,|L,|CP|LT|G,)/,
  /^(?:Closing|Reserve|Regions|Collection set|Retain|Immediate|Mutator|GC STATISTICS|Collector|Humongous|Update Refs|Rebuild|Choose|Roots|Flush|Finish|Trash|Manage|Prepare|Init|Drop|Parallel|Sync|Propagate|Rendezvous)/i,
];

/** `Name: 1.2ms`, `Name 1.2ms`, `Name (ms): Min: …`, `Name  123 us`. */
const isTimed = /(?:[: ]\s*\d+(?:[.,]\d+)?ms|\d us(?:,|$).*|= +\d+[.,]\d+ s \(a = .*)$/;
const isStatistic = /(?:Min: *\d.*(?:Avg|Max): |: skipped$|\(a = +\d+ us\))/;
const isWords = /^[A-Z][A-Za-z /()-]*$/;

/** What is known of a message besides its words. */
export interface MessageContext {
  readonly hasGcId: boolean;
  readonly tags: string;
}

/** What kind of message a text is; the first one with its words decides for all of them. */
export function kindOf(text: string, { hasGcId, tags }: MessageContext): MessageKind {
  const kind = byStart.find(([pattern]) => pattern.test(text))?.[1];
  if (kind !== undefined) return kind;
  if (!hasGcId && isFact(text, tags)) return kinds.fact;
  if (text === "" || isStatistic.test(text)) return kinds.ignored;
  if (hasGcId && /\d+(?:[.,]\d+)?ms$/.test(text)) return kinds.phase;
  if (hasGcId && /^Phase \d/.test(text)) return kinds.phase;
  // What ergonomics decided, in words.
  if (/(?:^|,)ergo(?:,|$)/.test(tags)) return kinds.ignored;
  if (isTimed.test(text) || known.some((pattern) => pattern.test(text))) return kinds.ignored;
  return isBeginning(text, { hasGcId, tags }) ? kinds.phase : kinds.unknown;
}

/** The beginning of a phase, whose end has a time. */
function isBeginning(text: string, { hasGcId, tags }: MessageContext): boolean {
  return isWords.test(text) && (tags === "" ? hasGcId : /phases|start|marking/.test(tags));
}

function isFact(text: string, tags: string): boolean {
  return headFact.test(text) || (/(?:^|,)init(?:,|$)/.test(tags) && /^[A-Z][^:]{1,60}: \S/.test(text));
}

/** What the JVM tells at its start, in versions that have no tag of their own for it. */
const headFact =
  /^(?:Heap region size|Heap address|Heap Region Size|CPUs|Memory|Version|Parallel Workers|Concurrent Workers|Heap (?:Min|Initial|Max) Capacity): \S/;
