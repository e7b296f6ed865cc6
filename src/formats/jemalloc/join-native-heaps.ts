import { noStack, StackBuilder } from "../../bytes/stack-builder.ts";
import type { NativeHeapDump, NativeHeapEvidence } from "../../model/native-evidence.ts";
import { frameKinds, type StackTable } from "../../model/profile.ts";

/** Dumps of one process that were in several files. */
export interface JoinedHeaps {
  /** Indexes of the files, in the order of the dumps. */
  readonly members: readonly number[];
  readonly evidence: NativeHeapEvidence;
}

/** Files of one process become one series, in the order in which they were written; the first file of each says where it stands. */
export function joinNativeHeaps(files: readonly NativeHeapEvidence[]): readonly JoinedHeaps[] {
  const groups: number[][] = [];
  for (const [index, file] of files.entries()) {
    const group = groups.find(([first]) => isSameProcess(files[first!]!, file));
    if (group) group.push(index);
    else groups.push([index]);
  }
  return groups.map((group) => {
    const members = [...group].sort((a, b) => compareDumps(files[a]!.dumps[0]!, files[b]!.dumps[0]!));
    const evidence = joined(members.map((member) => files[member]!));
    const isRestarted = groups.some((other) => other !== group && isSameService(files[other[0]!]!, files[group[0]!]!));
    const note = "some of the files are of another process, such as before a restart: they are an input of their own";
    return { members, evidence: isRestarted ? { ...evidence, notes: [...evidence.notes, note] } : evidence };
  });
}

/** Where libraries lie differs between processes; without a map only the file's name tells. */
function isSameProcess(a: NativeHeapEvidence, b: NativeHeapEvidence): boolean {
  if (a.allocator !== b.allocator || a.periodBytes !== b.periodBytes) return false;
  if (a.processKey !== "" && b.processKey !== "") return a.processKey === b.processKey;
  return a.processId !== undefined && a.processId === b.processId;
}

/** Files whose names differ in numbers only. */
function isSameService(a: NativeHeapEvidence, b: NativeHeapEvidence): boolean {
  const stem = ({ file }: NativeHeapEvidence) => file.name.replaceAll(/[imu]?\d+/g, "#");
  return stem(a) === stem(b);
}

function compareDumps(a: NativeHeapDump, b: NativeHeapDump): number {
  return (
    (a.sequence ?? 0) - (b.sequence ?? 0) ||
    (a.takenAtMillis ?? 0) - (b.takenAtMillis ?? 0) ||
    (a.name < b.name ? -1 : 1)
  );
}

function joined(files: readonly NativeHeapEvidence[]): NativeHeapEvidence {
  const [only] = files;
  if (files.length === 1 && only) return only;
  const last = files.at(-1)!;
  const builder = new StackBuilder();
  const stacksOf = files.map(({ stacks, siteStack }) => {
    const numbers = addStacks(builder, stacks);
    return siteStack.map((stack) => (stack < 0 ? noStack : numbers[stack]!));
  });
  const siteStack = Int32Array.from(new Set(stacksOf.flatMap((stacks) => [...stacks]))).sort();
  const siteOf = new Map([...siteStack].map((stack, site) => [stack, site]));
  const dumps = files.flatMap((file, index) =>
    file.dumps.map((dump) =>
      widened(
        dump,
        Int32Array.from(stacksOf[index]!, (stack) => siteOf.get(stack)!),
        siteStack.length,
      ),
    ),
  );
  return {
    ...last,
    stacks: builder.table(),
    siteStack,
    dumps,
    file: { ...last.file, losses: files.flatMap(({ file }) => file.losses) },
    notes: [...new Set(files.flatMap(({ notes }) => notes)), ...gapNotes(dumps)],
  };
}

function addStacks(
  builder: StackBuilder,
  { frameNames, frameKindOf, stackFrame, stackCaller }: StackTable,
): Int32Array {
  const frames = frameNames.map((name, frame) => builder.frame(name, frameKinds[frameKindOf[frame]!]));
  const numbers = new Int32Array(stackFrame.length);
  for (let stack = 0; stack < stackFrame.length; stack++) {
    const caller = stackCaller[stack]!;
    numbers[stack] = builder.call(caller < 0 ? noStack : numbers[caller]!, frames[stackFrame[stack]!]!);
  }
  return numbers;
}

/** The same columns, by site of the series. */
function widened(dump: NativeHeapDump, siteOf: Int32Array, sites: number): NativeHeapDump {
  const column = (values: Float64Array) => {
    const wide = new Float64Array(sites);
    for (let site = 0; site < values.length; site++) wide[siteOf[site]!]! += values[site]!;
    return wide;
  };
  return {
    ...dump,
    inuseBytes: column(dump.inuseBytes),
    inuseObjects: column(dump.inuseObjects),
    allocBytes: column(dump.allocBytes),
    allocObjects: column(dump.allocObjects),
    samples: column(dump.samples),
  };
}

function gapNotes(dumps: readonly NativeHeapDump[]): readonly string[] {
  const missing = dumps.slice(1).flatMap(({ sequence }, index) => {
    const before = dumps[index]!.sequence;
    if (sequence === undefined || before === undefined || sequence - before < 2) return [];
    return [sequence - before === 2 ? `${before + 1}` : `${before + 1}–${sequence - 1}`];
  });
  return missing.length === 0 ? [] : [`dumps ${missing.join(", ")} of the series are not among the files`];
}
