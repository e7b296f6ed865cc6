import type { DumpedStackFrame, ThreadDumpEvidence, ThreadDumpSnapshot } from "../../model/thread-dump.ts";
import { StackInterner } from "./stack-interner.ts";

/** This share of the smaller dump's threads in both says that they are of one JVM. */
const sharedThreads = 0.5;

/** Some files whose dumps are of one JVM, and those dumps in the order of time. */
export interface DumpSeries {
  /** Indexes into what was given. */
  readonly members: readonly number[];
  readonly evidence: ThreadDumpEvidence;
}

/** Files of dumps as series: those that are of one JVM become one, however they were given. */
export function joinThreadDumps(files: readonly ThreadDumpEvidence[]): readonly DumpSeries[] {
  const groups: { readonly members: number[]; readonly lead: ThreadDumpEvidence }[] = [];
  for (const [index, file] of files.entries()) {
    const group = groups.find(({ lead }) => isOfOneJvm(lead, file));
    if (group) group.members.push(index);
    else groups.push({ members: [index], lead: file });
  }
  return groups.map(({ members }) => ({ members, evidence: joined(members.map((index) => files[index]!)) }));
}

function joined(files: readonly ThreadDumpEvidence[]): ThreadDumpEvidence {
  const [first] = files;
  if (files.length === 1 && first) return first;
  return {
    file: {
      name: files.map(({ file }) => file.name).join(", "),
      format: [...new Set(files.map(({ file }) => file.format))].join(", "),
      losses: files.flatMap(({ file }) =>
        file.losses.map((loss) => ({ ...loss, reason: `${file.name}: ${loss.reason}` })),
      ),
    },
    dumps: withSharedStacks(files.flatMap(({ dumps }) => dumps))
      .map((dump, given) => ({ dump, given, uptime: uptimeOf(dump) }))
      .sort((a, b) => order(a, b) || a.given - b.given)
      .map(({ dump }) => dump),
  };
}

/** Equal stacks of different files are made one array again. */
function withSharedStacks(dumps: readonly ThreadDumpSnapshot[]): readonly ThreadDumpSnapshot[] {
  const stacks = new StackInterner();
  const known = new Map<Stack, Stack>();
  const shared = (frames: Stack): Stack => {
    const stack = known.get(frames) ?? stacks.stackOfDumped(frames);
    known.set(frames, stack);
    return stack;
  };
  return dumps.map((dump) => ({
    ...dump,
    threads: dump.threads.map((thread) => ({ ...thread, frames: shared(thread.frames) })),
    folded: dump.folded.map((each) => ({ ...each, frames: shared(each.frames) })),
  }));
}

type Stack = readonly DumpedStackFrame[];

interface Placed {
  readonly dump: ThreadDumpSnapshot;
  readonly uptime: number | undefined;
}

/** The JVM's own clock has milliseconds, the printed date seconds. */
function order(a: Placed, b: Placed): number {
  if (a.uptime !== undefined && b.uptime !== undefined) return a.uptime - b.uptime;
  return (a.dump.takenAtSeconds ?? 0) - (b.dump.takenAtSeconds ?? 0);
}

/** Age of the oldest thread. */
function uptimeOf({ threads }: ThreadDumpSnapshot): number | undefined {
  const ages = threads.flatMap(({ elapsedSeconds }) => elapsedSeconds ?? []);
  return ages.length === 0 ? undefined : ages.reduce((most, age) => Math.max(most, age), 0);
}

function isOfOneJvm(a: ThreadDumpEvidence, b: ThreadDumpEvidence): boolean {
  const [one] = a.dumps;
  const [other] = b.dumps;
  if (!one || !other || one.vm !== other.vm) return false;
  if (one.processId !== other.processId) return false;
  const ids = new Set(identitiesOf(one));
  const others = identitiesOf(other);
  const shared = others.filter((id) => ids.has(id)).length;
  return shared > 0 && shared >= sharedThreads * Math.min(ids.size, others.length);
}

/** With the name: numbers alone are the same in every JVM. */
function identitiesOf({ threads }: ThreadDumpSnapshot): readonly string[] {
  return threads.flatMap(({ identity, name, isVirtual }) =>
    identity === undefined || isVirtual ? [] : [`${identity} ${name}`],
  );
}
