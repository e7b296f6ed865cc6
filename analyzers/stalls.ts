import type { EventTable, RecordingEvidence } from "../src/model/recording.ts";
import { indexesOf, numbersOf, tableOf, textsOf, timesOf } from "./event-columns.ts";
import { oncePerEvidence } from "./once-per-evidence.ts";
import { isLockClass, parkKindsOf, type StallKind, stallEvents, stallKinds } from "./stall-kinds.ts";
import { lifeSecondsOf } from "./thread-lives.ts";
import { isServiceThread } from "./thread-roles.ts";

/** All that threads stood still for, as columns in no particular order. */
export interface Stalls {
  readonly count: number;
  /** Index into `stallKinds`. */
  readonly kind: Uint8Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly thread: Int32Array;
  readonly stack: Int32Array;
  /** Index into `labels`, −1 none: path, `host:port`, class of the lock. */
  readonly label: Int32Array;
  /** Thread that had the monitor last, −1 unknown. */
  readonly owner: Int32Array;
  /** Bytes read or written, NaN where there are none. */
  readonly bytes: Float64Array;
  readonly labels: readonly string[];
  /** Seconds that each thread of the recording was alive. */
  readonly lifeSeconds: Float64Array;
}

const readTypes = [
  "jdk.FileForce",
  "jdk.FileRead",
  "jdk.FileWrite",
  "jdk.SocketRead",
  "jdk.SocketWrite",
  "jdk.JavaMonitorEnter",
  "jdk.ThreadPark",
  "jdk.ZAllocationStall",
  "jdk.ThreadSleep",
  "jdk.JavaMonitorWait",
] as const;

/** Reads the recording's tables; the recorder's own threads and events of no known thread are left out. */
export const stallsOf = oncePerEvidence((recording: RecordingEvidence): Stalls => {
  const tables = readTypes.flatMap((type) => tableOf(recording, type) ?? []);
  const sink = new StallColumns(tables.reduce((rows, table) => rows + table.rows, 0));
  const isLeftOut = recording.threads.map(isServiceThread);
  for (const table of tables) {
    const kinds = kindsOf(recording, table);
    const { start, duration } = timesOf(table);
    const thread = indexesOf(table, "eventThread", "thread");
    const stack = indexesOf(table, "stackTrace", "stack");
    const owner = indexesOf(table, "previousOwner", "thread");
    const bytes = numbersOf(table, table.columns.has("bytesRead") ? "bytesRead" : "bytesWritten");
    const label = sink.labelsOf(table);
    for (let row = 0; row < table.rows; row++) {
      const of = thread[row]!;
      if (of < 0 || isLeftOut[of] === true || !Number.isFinite(start[row]!)) continue;
      sink.add(kinds[row]!, start[row]!, start[row]! + duration[row]!);
      sink.describe(of, stack[row]!, label(row));
      sink.attach(owner[row]!, bytes[row]!);
    }
  }
  return { ...sink.stalls(), lifeSeconds: lifeSecondsOf(recording) };
});

/** Fills the columns. */
class StallColumns {
  count = 0;
  readonly #columns;
  readonly #labels: string[] = [];
  readonly #labelIndex = new Map<string, number>();

  constructor(rows: number) {
    this.#columns = {
      kind: new Uint8Array(rows),
      start: new Float64Array(rows),
      end: new Float64Array(rows),
      thread: new Int32Array(rows),
      stack: new Int32Array(rows),
      label: new Int32Array(rows).fill(-1),
      owner: new Int32Array(rows),
      bytes: new Float64Array(rows),
    };
  }

  add(kind: number, start: number, end: number): void {
    this.#columns.kind[this.count] = kind;
    this.#columns.start[this.count] = start;
    this.#columns.end[this.count] = end;
    this.count++;
  }

  describe(thread: number, stack: number, label: number): void {
    const row = this.count - 1;
    this.#columns.thread[row] = thread;
    this.#columns.stack[row] = stack;
    this.#columns.label[row] = label;
  }

  attach(owner: number, bytes: number): void {
    this.#columns.owner[this.count - 1] = owner;
    this.#columns.bytes[this.count - 1] = bytes;
  }

  /** The label of a table's row as a number. */
  labelsOf(table: EventTable): (row: number) => number {
    const labels = labelsOf(table);
    const field = labelFieldOf(table);
    if (field === undefined) return () => -1;
    if (field === "host") return (row) => this.#labelOf(labels(row));
    const values = indexesOf(table, field, "text");
    const known = new Map<number, number>();
    return (row) => {
      const text = values[row]!;
      let label = known.get(text);
      if (label === undefined) {
        label = this.#labelOf(labels(row));
        known.set(text, label);
      }
      return label;
    };
  }

  #labelOf(text: string | undefined): number {
    if (text === undefined) return -1;
    let index = this.#labelIndex.get(text);
    if (index === undefined) {
      index = this.#labels.push(text) - 1;
      this.#labelIndex.set(text, index);
    }
    return index;
  }

  stalls(): Omit<Stalls, "lifeSeconds"> {
    return { count: this.count, labels: this.#labels, ...this.#columns };
  }
}

function kindsOf(recording: RecordingEvidence, table: EventTable): Uint8Array {
  const kindNamed = (kind: StallKind) => stallKinds.indexOf(kind);
  switch (table.type) {
    case "jdk.ThreadPark":
      return parkKinds(recording, table);
    case "jdk.SocketRead":
      return socketReadKinds(table);
    default: {
      const [kind = "idle"] = stallKinds.filter((each) => stallEvents[each].includes(table.type));
      return new Uint8Array(table.rows).fill(kindNamed(kind));
    }
  }
}

function parkKinds({ stacks }: RecordingEvidence, table: EventTable): Uint8Array {
  const kindOf = parkKindsOf(stacks);
  const [lock, idle] = [stallKinds.indexOf("lock"), stallKinds.indexOf("idle")];
  const stack = indexesOf(table, "stackTrace", "stack");
  const parkedClass = indexesOf(table, "parkedClass", "text");
  const isLock = textsOf(table, "parkedClass").map(isLockClass);
  return Uint8Array.from(stack, (of, row) => (isLock[parkedClass[row]!] === true ? lock : (kindOf[of] ?? idle)));
}

/** Linux takes ports of clients from here on. */
const firstClientPort = 32_768;

/**
 * A server's thread that reads from a client's port waits for the next request, which is nobody's fault. Ports that several
 * threads read from belong to a service, since a connection's own end is read by one thread at a time.
 */
function socketReadKinds(table: EventTable): Uint8Array {
  const thread = indexesOf(table, "eventThread", "thread");
  const port = numbersOf(table, "port");
  const labels = labelsOf(table);
  const readers = new Map<string, number>();
  for (let row = 0; row < table.rows; row++) {
    const peer = labels(row) ?? "";
    const known = readers.get(peer);
    if (known === undefined) readers.set(peer, thread[row]!);
    else if (known !== thread[row]!) readers.set(peer, -2);
  }
  const read = stallKinds.indexOf("socket-read");
  const idle = stallKinds.indexOf("idle");
  return Uint8Array.from({ length: table.rows }, (_, row) =>
    port[row]! >= firstClientPort && readers.get(labels(row) ?? "") !== -2 ? idle : read,
  );
}

/** What a row is about: the path, the peer, or the class of the lock. */
function labelsOf(table: EventTable): (row: number) => string | undefined {
  const field = labelFieldOf(table);
  if (field === undefined) return () => undefined;
  const values = indexesOf(table, field, "text");
  const texts = textsOf(table, field);
  if (field !== "host") return (row) => texts[values[row]!];
  const port = numbersOf(table, "port");
  const address = indexesOf(table, "address", "text");
  const addresses = textsOf(table, "address");
  return (row) => {
    const host = texts[values[row]!] || addresses[address[row]!];
    return `${host || "unknown"}:${port[row]}`;
  };
}

function labelFieldOf(table: EventTable): string | undefined {
  return ["path", "host", "monitorClass", "parkedClass"].find((name) => table.columns.has(name));
}
