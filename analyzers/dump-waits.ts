import type { DumpedStackFrame, ThreadOfDump } from "../src/model/thread-dump.ts";
import { type Activity, activityOf, activityWords } from "./dump-activity.ts";
import { isOwnFrame, topOwnFrame } from "./dump-frames.ts";
import { threadLimits } from "./thresholds-threads.ts";

/** Something that a thread in the middle of its work waits for. */
export interface Wait {
  /** `wait for a connection of the pool`, as a sentence goes on after “all threads”. */
  readonly words: string;
  readonly frame: DumpedStackFrame | undefined;
  readonly activity: Activity;
}

/** Calls that wait for something scarce or far away, whatever the JDK does below them. */
const scarce: readonly (readonly [string, RegExp])[] = [
  [
    "wait for a connection of the pool",
    /^(?:com\.zaxxer\.hikari\.(?:pool\.HikariPool\.getConnection|util\.ConcurrentBag\.borrow)|org\.apache\.(?:commons\.pool2?\.impl\.\w+\.borrowObject|tomcat\.jdbc\.pool\.ConnectionPool\.borrowConnection|(?:http|hc\.core5)\.pool\.\w+\.(?:getPoolEntryBlocking|lease|get)|commons\.dbcp2?\.\w+\.getConnection)|com\.mchange\.v2\.resourcepool\.BasicResourcePool\.\w*[aA]wait\w*|com\.alibaba\.druid\.pool\.DruidDataSource\.(?:pollLast|takeLast|getConnection\w*)|io\.agroal\.pool\.\w+\.getConnection|oracle\.ucp\.\w[\w.]*\.borrowConnection\w*|com\.mongodb\.internal\.connection\.\w*Pool\w*\.(?:get|acquire\w*)|org\.jboss\.jca\.core\.connectionmanager\.pool\.\w[\w.]*\.getConnection)$/,
  ],
  [
    "wait for an HTTP reply",
    /^(?:sun\.net\.www\.(?:http\.HttpClient|protocol\.http\.HttpURLConnection)\.|jdk\.internal\.net\.http\.HttpClientImpl\.send$|java\.net\.http\.HttpClient\.send$|org\.apache\.(?:http|hc)\.\w[\w.]*\.(?:HttpRequestExecutor\.|DefaultHttpResponseParser\.)|okhttp3\.\w[\w.]*\.readResponseHeaders$)/,
  ],
  [
    "wait for the database",
    /^(?:org\.postgresql\.core\.|com\.mysql\.(?:cj|jdbc)\.|org\.mariadb\.jdbc\.|oracle\.jdbc\.driver\.|com\.microsoft\.sqlserver\.jdbc\.|com\.ibm\.db2\.jcc\.)/,
  ],
  [
    "wait for a permit",
    /^(?:java\.util\.concurrent\.Semaphore\.(?:a|tryA)cquire\w*|com\.google\.common\.util\.concurrent\.RateLimiter\.acquire)$/,
  ],
  [
    "wait for the result of another task",
    /^java\.util\.concurrent\.(?:FutureTask\.get|CompletableFuture\.(?:get|join)|ForkJoinTask\.(?:get|join|invoke)|AbstractExecutorService\.invoke(?:All|Any))$/,
  ],
  [
    "wait for other threads",
    /^java\.util\.concurrent\.(?:CountDownLatch\.await|CyclicBarrier\.await|Phaser\.\w*await\w*)$|^java\.lang\.Thread\.join$/,
  ],
  ["wait for room in a queue", /^java\.util\.concurrent\.\w*(?:Queue|Deque)\.(?:put\w*|offer\w*|transfer)$/],
];
const alwaysScarce = 3;

/** Where threads of pools and the JDK's own loops wait for work. */
const idle =
  /(?:ThreadPoolExecutor\.getTask|ForkJoinPool\.awaitWork|\.DelayedWorkQueue\.take|^java\.util\.TimerThread\.mainLoop|^java\.lang\.ref\.ReferenceQueue\.remove\w*|^java\.lang\.ref\.Reference\.waitForReferencePendingList|\.idleJobPoll|\.reservedWait|\.takeTask|^java\.lang\.ProcessReaper\w*\.run|^sun\.rmi\.transport\.tcp\.TCPTransport\.handleMessages|^java\.lang\.VirtualThread\.takeVirtualThreadListToUnblock|^jdk\.jfr\.internal\..*(?:takeNap|periodicTask))$/;
const queue = /^java\.util\.concurrent\.\w*(?:Queue|Deque)\.(?:take\w*|poll\w*)$/;
/** A task of an executor runs above it. */
const taskRunner =
  /(?:ThreadPoolExecutor\.runWorker|ForkJoinTask\.doExec|^java\.util\.concurrent\.FutureTask\.run|^java\.util\.concurrent\.ThreadPerTaskExecutor\S*)$/;

/** What a loop without work may be in. */
const waiting: ReadonlySet<Activity> = new Set(["wait", "sleep", "socket read", "unknown"]);

/** Threads of the JVM and of the JDK: nobody's pool, and what they do is no fault. */
export function isHousekeeping({ isInternal, name }: ThreadOfDump): boolean {
  return isInternal || housekeeping.test(name);
}

const housekeeping =
  /^(?:Attach Listener|Signal Dispatcher|Reference Handler|Finalizer|Common-Cleaner|Notification Thread|Service Thread|Monitor Deflation Thread|Sweeper thread|process reaper|DestroyJavaVM|VirtualThread-unblock\w*|(?:Read|Write)-Poller|JFR |C[12] CompilerThread|JVMCI)/;

/** Whether the thread waits for work; one that waits for anything else is busy, and so is one that runs. */
export function isIdle(thread: ThreadOfDump): boolean {
  const { frames } = thread;
  if (frames.length === 0 || isHousekeeping(thread)) return true;
  const activity = activityOf(thread);
  if (activity === "selector" || activity === "accept" || activity === "child process") return true;
  if (frames.some(({ name }) => idle.test(name))) return activity !== "running";
  if (!waiting.has(activity)) return false;
  if (scarceOf(frames, alwaysScarce)) return false;
  const ownFrames = frames.filter(isOwnFrame).length;
  if (frames.some(({ name }) => queue.test(name))) return ownFrames <= threadLimits.idleQueueFrames;
  if (ownFrames > threadLimits.idleFrames) return false;
  const inTask = frames.some(({ name }) => taskRunner.test(name));
  if (!inTask || activity === "socket read") return true;
  return !scarceOf(frames, scarce.length);
}

/** What a busy thread waits for; undefined of one that runs, or waits for a lock that has an owner. */
export function waitOf(thread: ThreadOfDump): Wait | undefined {
  const activity = activityOf(thread);
  if (activity === "running" || activity === "native code" || activity === "unknown") return undefined;
  const known = scarceOf(thread.frames, scarce.length);
  const own = topOwnFrame(thread.frames);
  if (known) return { words: known.words, frame: own, activity };
  return { words: plural(activityWords[activity]), frame: own, activity };
}

/** `waits for the disk` → `wait for the disk` */
function plural(words: string): string {
  return words.replace(/^(\w+?)s\b/, "$1");
}

function scarceOf(frames: readonly DumpedStackFrame[], among: number) {
  const rows = scarce.slice(0, among);
  const row = rows.find(([, pattern]) => frames.some(({ name }) => pattern.test(name)));
  return row && { words: row[0] };
}
