import { bytesOf } from "./quantity.ts";

/** `java.lang.Thread.State` */
export const threadStates = ["NEW", "RUNNABLE", "BLOCKED", "WAITING", "TIMED_WAITING", "TERMINATED"] as const;
export type ThreadState = (typeof threadStates)[number];

/** The first line of a thread in a dump. What the JVM does not tell is undefined. */
export interface ThreadHeader {
  readonly name: string;
  /** `Thread.threadId()`: `#12`. Threads of the JVM itself have none. */
  readonly javaId: number | undefined;
  /** The operating system's id: `nid=0x5a01`, decimal since JDK 19, and `[23105]` since JDK 21. */
  readonly nativeId: number | undefined;
  readonly isDaemon: boolean;
  readonly priority: number | undefined;
  readonly osPriority: number | undefined;
  /** JDK 11 and later. */
  readonly cpuSeconds: number | undefined;
  readonly elapsedSeconds: number | undefined;
  /** Only with `-e`. */
  readonly allocatedBytes: number | undefined;
  readonly definedClasses: number | undefined;
  /** Address of the JVM's own Thread: `0x00007f57c8019530`. */
  readonly address: string;
  /** What the operating system's thread does: `waiting on condition`; empty of a carrier of a virtual thread. */
  readonly activity: string;
}

/**
 * `"main" #1 prio=5 os_prio=0 cpu=46.16ms elapsed=5.15s tid=0x… nid=0x23cb waiting on condition  [0x…]`. A name may hold anything but a
 * line feed, quotes too: it ends before the last text that reads like the rest of such a line. JDK 17 leaves the name of Flight Recorder's
 * sampler out.
 */
export function threadHeaderOf(line: string): ThreadHeader | undefined {
  if (!line.startsWith('"') && !line.startsWith("os_prio=")) return undefined;
  const parts = header.exec(line);
  if (!parts) return undefined;
  const { name = "", daemon, address = "", activity = "", ...fields } = parts.groups ?? {};
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  return {
    name,
    javaId: number(fields.javaId),
    nativeId: number(fields.nid ?? fields.osId),
    isDaemon: daemon !== undefined,
    priority: number(fields.priority),
    osPriority: number(fields.osPriority),
    cpuSeconds: number(fields.cpuMillis && `${fields.cpuMillis}e-3`),
    elapsedSeconds: number(fields.elapsed),
    allocatedBytes: fields.allocated === undefined ? undefined : bytesOf(fields.allocated, fields.allocatedUnit ?? ""),
    definedClasses: number(fields.classes),
    address,
    activity: activity.replace(/\[0x[0-9a-f]{1,16}(?:\.\.0x[0-9a-f]{1,16})?\]$/, "").trim(),
  };
}

const header = new RegExp(
  [
    '^(?:"(?<name>.*)" )?',
    "(?:#(?<javaId>\\d+) )?",
    "(?:\\[(?<osId>\\d+)\\] )?",
    "(?<daemon>daemon )?",
    "(?:prio=(?<priority>\\d+) )?",
    "(?:os_prio=(?<osPriority>-?\\d+) )?",
    "(?:cpu=(?<cpuMillis>\\d+(?:\\.\\d+)?)ms )?",
    "(?:elapsed=(?<elapsed>\\d+(?:\\.\\d+)?)s )?",
    "(?:allocated=(?<allocated>\\d+(?:\\.\\d+)?)(?<allocatedUnit>[KMG]?)B? )?",
    "(?:defined_classes=(?<classes>\\d+) )?",
    "tid=(?<address>0x[0-9a-f]+)(?: |$)",
    "(?:nid=(?<nid>0x[0-9a-f]+|\\d+)(?: |$))?",
    "(?<activity>.*)$",
  ].join(""),
);
