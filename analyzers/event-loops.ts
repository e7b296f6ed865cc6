import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, Severity } from "../src/model/finding.ts";
import { formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { frameNamesOf } from "../src/stacks/stack-totals.ts";
import { callSitesOf } from "./call-sites.ts";
import { limitsEvidence } from "./capture-limits.ts";
import { shortFrameName, stableFrameName } from "./frame-names.ts";
import { formatDuration, scoreOfThreads, told } from "./hot-wording.ts";
import { figuresOf, type StallGroup, stallGroupsOf } from "./stall-groups.ts";
import { type StallKind, stallEvents, stallWords } from "./stall-kinds.ts";
import { type Stalls, stallsOf } from "./stalls.ts";
import { isEventLoop } from "./thread-roles.ts";
import { hotThresholds } from "./thresholds-hot.ts";

const limits = hotThresholds.threads;

/** A loop's own waiting for events is not among these. */
const blocking: readonly StallKind[] = [
  "fsync",
  "file-read",
  "file-write",
  "socket-read",
  "socket-write",
  "monitor",
  "lock",
  "queue",
  "sleep",
  "wait",
];

/** Threads that serve many connections and must not block. */
export const eventLoops: Analyzer<"recording"> = {
  name: "event-loops",
  description: "event loops (Netty, Vert.x, Akka, Kafka, Reactor) that block in files, locks, sleeps or calls",
  needs: ["recording"],
  analyze({ recording }) {
    const isLoop = recording.threads.map(({ pool }) => isEventLoop(pool));
    if (!isLoop.includes(true)) return { findings: [], sections: [] };
    const all = stallsOf(recording);
    const sites = callSitesOf(recording.stacks);
    const findings = stallGroupsOf(recording, all, sites, blocking)
      .map((group) => onLoops(recording, all, group, isLoop))
      .filter((group) => group !== undefined)
      .flatMap((group) => findingOf(recording, group));
    return { findings: findings.slice(0, hotThresholds.rows.findings), sections: [] };
  },
};

/** The part of a group that is on event loops and blocks there. */
function onLoops(
  recording: RecordingEvidence,
  stalls: Stalls,
  group: StallGroup,
  isLoop: readonly boolean[],
): StallGroup | undefined {
  const known = new Map<number, boolean>();
  const blocks = (stack: number) => {
    const answer = known.get(stack) ?? !isNonBlocking(recording, stack);
    known.set(stack, answer);
    return answer;
  };
  const rows = group.rows.filter((row) => isLoop[stalls.thread[row]!] === true && blocks(stalls.stack[row]!));
  if (rows.length === 0) return undefined;
  return { ...group, rows, figures: figuresOf(stalls, rows) };
}

/**
 * A channel of a selector reads and writes what is there; if that took long, the thread was not given a processor. Newer JDKs leave their
 * own frames out of such events: then the loop that served the selected channel tells.
 */
function isNonBlocking({ stacks }: RecordingEvidence, stack: number): boolean {
  const names = stack < 0 ? [] : frameNamesOf(stacks, stack).slice(0, 16);
  return names.some((name) => ownChannel.test(name) || servesSelected.test(name));
}

const ownChannel =
  /^(sun\.nio\.ch\.(SocketChannelImpl|DatagramChannelImpl|\w*SelectorImpl)\.|java\.util\.concurrent\.ForkJoinPool\.awaitWork)/;
const servesSelected =
  /^(org\.apache\.kafka\.common\.network\.Selector\.attempt(Read|Write)|io\.netty\.channel\.(nio|socket\.nio|epoll|kqueue|uring)\.[\w$]+\.(processSelectedKey|doReadBytes|doWrite|epollInReady|epollOutReady))/;

function severityOf({ figures }: StallGroup): Severity | undefined {
  const { count, share, maxSeconds } = figures;
  if (count >= limits.loopEvents && share >= limits.loopCriticalShare) return "critical";
  if (count >= limits.loopEvents && (share >= limits.loopWarningShare || maxSeconds >= limits.loopLongestSeconds)) {
    return "warning";
  }
  return share >= limits.loopInfoShare || maxSeconds >= limits.loopLongestSeconds ? "info" : undefined;
}

function findingOf(recording: RecordingEvidence, group: StallGroup): readonly Finding[] {
  const severity = severityOf(group);
  if (severity === undefined) return [];
  const { kind, subject, site, figures } = group;
  const pool = recording.threads[figures.threads[0]!]!.pool;
  const size = recording.threads.filter((thread) => thread.pool === pool).length;
  const place = shortFrameName(site);
  const on = subject === "" || kind === "wait" || kind === "queue" || kind === "lock" ? "" : ` on ${subject}`;
  return [
    {
      rule: "threads/event-loop-blocked",
      key: `threads/event-loop-blocked:${pool}:${kind}:${stableFrameName(site)}`,
      severity,
      score: Math.min(100, scoreOfThreads(figures.meanThreads) + 25),
      title: `Event loop \`${pool}\` is blocked ${formatPercent(figures.share)} of the time: \`${place}\`, ${stallWords[kind]}${on}`,
      impact: { value: figures.totalSeconds, unit: "seconds" },
      evidence: [
        told(
          "blocked",
          `${formatNumberOf(figures.count, "time")}, ${formatDuration(figures.totalSeconds)} in all; p99 ${formatDuration(figures.p99Seconds)}, longest ${formatDuration(figures.maxSeconds)}`,
          stallEvents[kind].join(", "),
        ),
        told(
          "who",
          `${figures.threads.length} of ${formatNumberOf(size, "thread")}; every connection of theirs waits meanwhile`,
          "jdk.ThreadStart",
        ),
        ...limitsEvidence(recording, stallEvents[kind].slice(0, 1)),
      ],
      advice: `Hand what \`${place}\` does to a pool that may block, and come back to the loop with the result.`,
      docs: "rules/threads.md",
    },
  ];
}
