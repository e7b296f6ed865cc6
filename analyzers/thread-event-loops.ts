import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatCount } from "../src/model/format-number.ts";
import type { ThreadDumpSnapshot, ThreadOfDump } from "../src/model/thread-dump.ts";
import { type Activity, activityOf, activityWords } from "./dump-activity.ts";
import { frameKey, shortFrame, topOwnFrame } from "./dump-frames.ts";
import { type NameOptions, openName, threadLabel } from "./dump-labels.ts";
import { isIdle } from "./dump-waits.ts";
import { dumpDocs, stackEvidence, textEvidence } from "./dump-wording.ts";

/** Event loops that stand still: every connection of theirs waits with them. */
export const threadEventLoops: Analyzer<"threadDumps"> = {
  name: "thread-event-loops",
  description: "event loops (Netty, Vert.x, Kafka's network threads) that block",
  needs: ["threadDumps"],
  analyze({ threadDumps: { dumps } }, options) {
    const last = dumps.at(-1);
    if (!last) return { findings: [], sections: [] };
    const blocked = Map.groupBy(last.threads.filter(isBlockedLoop), keyOf);
    return { findings: [...blocked.values()].map((loops) => findingOf(loops, { dumps, options })), sections: [] };
  },
};

/** Loops that serve many connections each, by the frame in which they run. */
const loop =
  /^(?:io\.netty\.channel\.(?:nio\.NioEventLoop|epoll\.EpollEventLoop|kqueue\.KQueueEventLoop|SingleThreadIoEventLoop|uring\.\w+EventLoop)\.run|kafka\.network\.Processor\.run|org\.apache\.kafka\.network\.\w*Processor\.run|org\.apache\.zookeeper\.server\.NIOServerCnxnFactory\$SelectorThread\.run|org\.xnio\.nio\.WorkerThread\.run|org\.glassfish\.grizzly\.nio\.SelectorRunner\.run|org\.apache\.tomcat\.util\.net\.NioEndpoint\$Poller\.run|io\.aeron\.\S*|org\.apache\.thrift\.server\.\w*\$(?:Select\w*Thread|Selector\w*)\.run)$/;

/** What stops a loop: a lock or a sleep for certain, a slow device or another host most likely. */
const stopping: ReadonlySet<Activity> = new Set([
  "monitor",
  "lock",
  "class initialization",
  "sleep",
  "wait",
  "fsync",
  "connect",
  "name lookup",
  "child process",
  "socket read",
]);

function isBlockedLoop(thread: ThreadOfDump): boolean {
  if (!thread.frames.some(({ name }) => loop.test(name))) return false;
  const activity = activityOf(thread);
  if (!stopping.has(activity)) return false;
  // A loop's own reads and waits for its tasks are near its root.
  return (
    activity === "monitor" || activity === "lock" || activity === "sleep" || activity === "fsync" || !isIdle(thread)
  );
}

function keyOf(thread: ThreadOfDump): string {
  return `${thread.pool}:${activityOf(thread)}:${frameKey(topOwnFrame(thread.frames))}`;
}

interface Context {
  readonly dumps: readonly ThreadDumpSnapshot[];
  readonly options: NameOptions;
}

function findingOf(loops: readonly ThreadOfDump[], { dumps, options }: Context): Finding {
  const [first] = loops;
  const key = keyOf(first!);
  const seen = dumps.filter(({ threads }) =>
    threads.some((thread) => isBlockedLoop(thread) && keyOf(thread) === key),
  ).length;
  const frame = topOwnFrame(first!.frames);
  const words = activityWords[activityOf(first!)];
  const all = dumps.at(-1)!.threads.filter(({ pool }) => pool === first!.pool).length;
  return {
    rule: "threads/event-loop-blocked",
    key: `threads/event-loop-blocked:${key}`,
    severity: loops.length === all || seen > 1 ? "critical" : "warning",
    score: Math.min(100, Math.round((90 * loops.length) / all)),
    title: `${loops.length === 1 ? `Event loop \`${threadLabel(first!, options)}\`` : `${formatCount(loops.length)} of ${formatCount(all)} event loops of \`${openName(first!.pool)}\``} ${loops.length === 1 ? words : words.replace(/^(\w+?)s\b/, "$1")}${frame ? ` in ${shortFrame(frame)}` : ""}`,
    impact: { value: loops.length, unit: "count" },
    evidence: [
      ...stackEvidence(first!.frames, "sections.threadDump"),
      textEvidence("of the pool", `${formatCount(loops.length)} of ${formatCount(all)} loops`, "sections.threadPools"),
      ...(dumps.length > 1 ? [textEvidence("seen", `in ${seen} of ${dumps.length} dumps`, "the series")] : []),
    ],
    advice: "Give this call to another pool: while it lasts, no connection of this loop is served.",
    docs: dumpDocs,
  };
}
