import type { DumpedStackFrame, ThreadOfDump } from "../src/model/thread-dump.ts";

/** What a thread does or waits for, as the top of its stack says. */
export type Activity =
  | "fsync"
  | "file read"
  | "file write"
  | "file system"
  | "socket read"
  | "socket write"
  | "connect"
  | "name lookup"
  | "child process"
  | "selector"
  | "accept"
  | "sleep"
  | "monitor"
  | "lock"
  | "class initialization"
  | "wait"
  | "native code"
  | "running"
  | "unknown";

/** As a sentence goes on after “which”, “it” or a name. */
export const activityWords: Readonly<Record<Activity, string>> = {
  fsync: "waits for the disk (fsync)",
  "file read": "reads a file",
  "file write": "writes a file",
  "file system": "asks the file system",
  "socket read": "waits for data from a socket",
  "socket write": "writes to a socket",
  connect: "connects to a socket",
  "name lookup": "looks up a host name",
  "child process": "waits for another process",
  selector: "waits for its connections (selector)",
  accept: "waits for new connections",
  sleep: "sleeps",
  monitor: "waits for a monitor",
  lock: "waits for a lock",
  "class initialization": "waits for a class to be initialised",
  wait: "waits to be woken",
  "native code": "runs native code",
  running: "runs",
  unknown: "does what the dump does not tell",
};

const nio = "sun\\.nio\\.ch\\.";

/** Of the first frames, which have calls of the operating system; the first that fits counts. */
const calls: readonly (readonly [Activity, RegExp])[] = [
  [
    "fsync",
    new RegExp(
      `^(?:${nio}\\w*FileDispatcherImpl\\.force0|java\\.io\\.FileDescriptor\\.sync0?|java\\.nio\\.Mapped\\w+\\.force0)$`,
    ),
  ],
  [
    "accept",
    new RegExp(
      `^(?:${nio}(?:Net\\.accept|NioSocketImpl\\.(?:accept|timedAccept)|ServerSocketChannelImpl\\.\\w*[aA]ccept0?)|java\\.net\\.\\w*PlainSocketImpl\\.(?:socketAccept|accept))$`,
    ),
  ],
  [
    "selector",
    new RegExp(
      `^(?:${nio}(?:EPoll\\.wait|EPollArrayWrapper\\.epollWait|KQueue\\.poll|KQueueArrayWrapper\\.kevent0|WEPoll\\.wait|\\w*PollArrayWrapper\\.poll0|WindowsSelectorImpl\\$SubSelector\\.poll0?|Iocp\\.getQueuedCompletionStatus)|io\\.netty\\.(?:incubator\\.)?channel\\.(?:epoll\\.Native\\.epoll\\w*Wait\\w*|kqueue\\.Native\\.keventWait|uring\\.Native\\.ioUringEnter))$`,
    ),
  ],
  [
    "connect",
    new RegExp(
      `^(?:${nio}(?:Net\\.(?:connect0?|pollConnect)|NioSocketImpl\\.(?:connect|timedFinishConnect)|SocketChannelImpl\\.\\w*[cC]onnect)|java\\.net\\.\\w*PlainSocketImpl\\.(?:socketConnect|doConnect))$`,
    ),
  ],
  ["name lookup", /^java\.net\.Inet\w*AddressImpl\.(?:lookup\w+|getHostByAddr)$/],
  [
    "socket write",
    new RegExp(
      `^(?:java\\.net\\.SocketOutputStream\\.socketWrite0?|${nio}(?:NioSocketImpl\\.(?:implWrite|tryWrite)|SocketDispatcher\\.writev?0?|SocketChannelImpl\\.\\w*[wW]rite))$`,
    ),
  ],
  [
    "socket read",
    new RegExp(
      `^(?:java\\.net\\.SocketInputStream\\.(?:socketRead0?|read)|${nio}(?:NioSocketImpl\\.(?:implRead|timedRead|tryRead)|SocketDispatcher\\.readv?0?|SocketChannelImpl\\.\\w*[rR]ead|Net\\.poll))$`,
    ),
  ],
  [
    "file read",
    new RegExp(
      `^(?:${nio}\\w*(?:File|Unix)Dispatcher(?:Impl)?\\.p?readv?0|java\\.io\\.(?:FileInputStream|RandomAccessFile)\\.read(?:Bytes)?0?)$`,
    ),
  ],
  [
    "file write",
    new RegExp(
      `^(?:${nio}\\w*(?:File|Unix)Dispatcher(?:Impl)?\\.(?:p?writev?|truncate|allocate)0|java\\.io\\.(?:FileOutputStream|RandomAccessFile)\\.write(?:Bytes)?0?)$`,
    ),
  ],
  [
    "child process",
    /^java\.lang\.(?:ProcessHandleImpl\.waitForProcessExit0|UNIXProcess\.waitForProcessExit|ProcessImpl\.(?:waitFor|forkAndExec)\w*)$/,
  ],
  ["file system", /^(?:sun\.nio\.fs\.\w+NativeDispatcher\.\w+|java\.io\.(?:Unix|WinNT)FileSystem\.\w+)$/],
  ["sleep", /^java\.lang\.Thread\.sleep\w*$/],
];

/** A virtual thread parks below the call that it makes. */
const firstFrames = 6;

/** What the thread does; from its stack, so that it holds for dumps without states too. */
export function activityOf({ frames, state, locks }: Pick<ThreadOfDump, "frames" | "state" | "locks">): Activity {
  if (state === "BLOCKED") return "monitor";
  const wanted = locks.find(({ relation }) => relation !== "locked");
  if (wanted?.relation === "class initialization") return "class initialization";
  const call = callOf(frames);
  if (call !== undefined) return call;
  if (wanted?.relation === "parking" && isLockClass(wanted.className)) return "lock";
  if (wanted || state === "WAITING" || state === "TIMED_WAITING") return "wait";
  if (state === "UNKNOWN" || frames.length === 0) return "unknown";
  return frames[0]?.isNative ? "native code" : "running";
}

function callOf(frames: readonly DumpedStackFrame[]): Activity | undefined {
  const first = frames.slice(0, firstFrames);
  return calls.find(([, pattern]) => first.some(({ name }) => pattern.test(name)))?.[0];
}

/** Locks with an owner: `ReentrantLock$NonfairSync`; a semaphore or a condition has none. */
export function isLockClass(className: string | undefined): boolean {
  return /Lock(?:\$\w*Sync)?$/.test(className ?? "");
}
