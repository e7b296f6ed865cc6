import { shortestPaths } from "../src/graph/shortest-paths.ts";
import type { AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import { shallowBytesOf } from "../src/model/heap-graph.ts";
import type { EdgeLabel } from "../src/model/heap-objects.ts";
import type { Section } from "../src/model/section.ts";
import type { Bytes } from "../src/model/units.ts";
import { stableNameOf } from "./class-names.ts";
import { classOf, reachableBytesOf, retainedBytesOf } from "./heap-lookup.ts";
import { formatObject, formatRoot, holderOf, type PathNaming, pathNamingOf } from "./reference-path.ts";
import { thresholds } from "./thresholds.ts";
import {
  type BigObject,
  biggestObjectsOf,
  type ConsumerGroup,
  type LoaderGroup,
  loaderGroupsOf,
  shareOf,
  topConsumersOf,
} from "./top-consumers.ts";

/** The biggest objects that nothing else dominates, and the same summed by class, package and loader (Eclipse MAT's top consumers). */
export const heapDominators: Analyzer<"heap"> = {
  name: "heap-dominators",
  description: "what retains most: objects, classes, packages, class loaders",
  needs: ["heap"],
  analyze({ heap }, options) {
    const naming = pathNamingOf(heap, new Map(), new Map());
    const top = topConsumersOf(heap, naming.classByOrdinal);
    const objects = objectRowsOf(naming, biggestObjectsOf(heap, naming.classByOrdinal));
    return {
      findings: [],
      sections: [
        dominatorSection(heap, { objects, classes: top.classes }, options),
        packageSection(heap, top.packages, options),
        loaderSection(heap, loaderGroupsOf(heap), options),
      ],
    };
  },
};

interface ObjectRow {
  readonly className: string;
  readonly objectId: string;
  readonly shallowBytes: Bytes;
  readonly retainedBytes: Bytes;
  /** Of the reachable bytes. */
  readonly share: number;
  /** Only for objects of java.lang.Class: which class it stands for. */
  readonly represents?: string;
  /** The class loader or class whose part it is; absent for objects that nothing else dominates. */
  readonly inside?: string;
  readonly isLookedThrough: boolean;
  readonly heldBy: string;
}

/** One search and one read tell who holds the biggest; of the others only why they are roots. */
function objectRowsOf(naming: PathNaming, objects: readonly BigObject[]): ObjectRow[] {
  const { heap } = naming;
  const targets = objects.slice(0, thresholds.rows.heldBy).map(({ ordinal }) => ordinal);
  const paths = shortestPaths(heap.graph, targets).map((path) => [...(path ?? [])]);
  const labels = readPathLabels(heap, paths);
  return objects.map(({ ordinal, inside, isLookedThrough }, i) => {
    const path = paths[i] ?? [];
    const own = labels[i] ?? [];
    const represents = naming.classByOrdinal.get(ordinal);
    return {
      className: stableNameOf(classOf(heap, ordinal).name),
      objectId: heap.objects.idOf(ordinal),
      shallowBytes: shallowBytesOf(heap.graph, ordinal),
      retainedBytes: retainedBytesOf(heap, ordinal),
      share: shareOf(heap, ordinal),
      ...(represents === undefined ? {} : { represents: stableNameOf(represents) }),
      ...(inside === 0 ? {} : { inside: formatObject(naming, inside) }),
      isLookedThrough,
      heldBy: own.length === 0 ? rootOf(naming, ordinal) : holderOf(naming, { ordinals: path, labels: own }).name,
    };
  });
}

/** The labels of all paths in one call. */
function readPathLabels(heap: HeapEvidence, paths: readonly (readonly number[])[]): (readonly EdgeLabel[])[] {
  const from = paths.flatMap((path) => path.slice(0, -1));
  const labels =
    from.length === 0
      ? []
      : heap.objects.labels(
          from,
          paths.flatMap((path) => path.slice(1)),
        );
  let next = 0;
  return paths.map((path) => {
    const first = next;
    next += Math.max(0, path.length - 1);
    return labels.slice(first, next);
  });
}

function rootOf(naming: PathNaming, ordinal: number): string {
  return naming.rootKinds.has(ordinal) ? formatRoot(naming, ordinal) : "";
}

interface DominatorData {
  readonly objects: readonly ObjectRow[];
  readonly classes: readonly ConsumerGroup[];
}

function dominatorSection(heap: HeapEvidence, { objects, classes }: DominatorData, options: AnalysisOptions): Section {
  const reachableBytes = reachableBytesOf(heap);
  const telling = objects.filter(({ isLookedThrough }) => !isLookedThrough);
  const big = telling.filter(({ share }, i) => i < 3 || share >= thresholds.topConsumerShare);
  return {
    name: "dominators",
    title: "Biggest holders",
    data: {
      objects,
      classes: classes.map(({ name, ...row }) => ({
        className: name,
        ...row,
        share: row.retainedBytes / reachableBytes,
      })),
    },
    tables: [
      {
        title: "Objects",
        columns: [
          { title: "object of", kind: "className" },
          { title: "held by", kind: "text" },
          { title: "shallow", kind: "bytes" },
          { title: "retained", kind: "bytes" },
          { title: "share", kind: "ratio" },
        ],
        rows: big
          .slice(0, options.top)
          .map(({ className, represents, heldBy, shallowBytes, retainedBytes, share }) => [
            represents === undefined ? className : `class ${represents}`,
            heldBy,
            shallowBytes,
            retainedBytes,
            share,
          ]),
        omittedRows: Math.max(0, big.length - options.top),
        note: "the three biggest and all from 1 % of the heap on, each with what only it keeps alive",
      },
      {
        ...groupTable("Added up by class", "class", classes, { reachableBytes, top: options.top }),
        note: "what only static fields hold counts for java.lang.Class or the class loader",
      },
    ],
    blocks: [],
    shownByDefault: true,
  };
}

function groupTable(
  title: string,
  what: string,
  groups: readonly ConsumerGroup[],
  { reachableBytes, top }: { reachableBytes: Bytes; top: number },
) {
  return {
    title,
    columns: [
      { title: what, kind: "className" as const },
      { title: "objects", kind: "count" as const },
      { title: "retained", kind: "bytes" as const },
      { title: "share", kind: "ratio" as const },
    ],
    rows: groups
      .slice(0, top)
      .map(({ name, objects, retainedBytes }) => [name, objects, retainedBytes, retainedBytes / reachableBytes]),
    omittedRows: Math.max(0, groups.length - top),
  };
}

function packageSection(heap: HeapEvidence, packages: readonly ConsumerGroup[], options: AnalysisOptions): Section {
  const reachableBytes = reachableBytesOf(heap);
  return {
    name: "packages",
    title: "Packages",
    data: packages.map(({ name, ...row }) => ({ package: name, ...row, share: row.retainedBytes / reachableBytes })),
    tables: [
      {
        ...groupTable("Packages with more than 1 % of the heap", "package", packages, {
          reachableBytes,
          top: options.top,
        }),
        note: "by the class of the objects that nothing else dominates; a package includes those below it",
      },
    ],
    blocks: [],
    shownByDefault: false,
  };
}

function loaderSection(heap: HeapEvidence, loaders: readonly LoaderGroup[], options: AnalysisOptions): Section {
  const listed = loaders.slice(0, thresholds.rows.list);
  const share = (bytes: Bytes) => bytes / Math.max(1, reachableBytesOf(heap));
  return {
    name: "loaders",
    title: "Class loaders",
    data: listed.map(({ ordinal, name, classes, retainedBytes }) => ({
      className: name,
      objectId: ordinal === 0 ? null : heap.objects.idOf(ordinal),
      classes,
      retainedBytes,
      share: share(retainedBytes),
    })),
    tables: [
      {
        title: "Class loaders by what objects of their classes retain",
        columns: [
          { title: "loader", kind: "className" },
          { title: "classes", kind: "count" },
          { title: "retained", kind: "bytes" },
          { title: "share", kind: "ratio" },
        ],
        rows: listed
          .slice(0, options.top)
          .map(({ name, classes, retainedBytes }) => [name, classes, retainedBytes, share(retainedBytes)]),
        omittedRows: Math.max(0, loaders.length - options.top),
      },
    ],
    blocks: [],
    shownByDefault: false,
  };
}
