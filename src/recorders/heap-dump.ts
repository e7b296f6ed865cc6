import { TargetError } from "../model/errors.ts";
import { formatBytes } from "../model/format-number.ts";
import type { RecordControl, Recorded, Recorder, RecordRequest, RecordTarget } from "../model/recorder.ts";
import type { PerfCounters } from "../model/target.ts";
import type { Bytes } from "../model/units.ts";
import { ask } from "./ask.ts";
import { startCostMeter } from "./recording-cost.ts";
import { checkSpace } from "./space.ts";
import { TargetFolder } from "./target-folder.ts";

/** A heap dump: all threads stand still while it is written. */
export const heapDumper: Recorder = {
  name: "heap-dump",
  description: "a heap dump by the JVM; it stands still for about a second per gigabyte",
  extension: "hprof",
  answers: ({ questions }) => questions.filter((question) => question === "heap"),
  plan: (_target, { outputPath }) => [
    "look at how much heap is in use, and whether a dump of it fits into the JVM's /tmp and here",
    `GC.heap_dump -all into the JVM's /tmp: all threads of the JVM stand still meanwhile; copy it to ${outputPath}, remove it there`,
  ],
  record,
};

/** A dump has a record's head for each object, and the classes. */
const dumpPerHeap = 1.3;
const dumpMillis = 1_800_000;

async function record(target: RecordTarget, request: RecordRequest, control: RecordControl): Promise<Recorded> {
  const usedBytes = await usedHeapBytes(target);
  await checkSpace(target, request, usedBytes * dumpPerHeap);
  const meter = startCostMeter(target);
  const folder = new TargetFolder(target);
  const began = performance.now();
  try {
    control.progress("dumping the heap", 0, 0);
    const file = folder.name("hprof");
    const reply = await ask(
      target,
      `GC.heap_dump -all ${file.inside}`,
      AbortSignal.any([control.abort, AbortSignal.timeout(dumpMillis)]),
    );
    if (!reply.includes("Heap dump file created")) {
      throw new TargetError(
        `GC.heap_dump in process ${target.live.identity.pid}: ${reply.trim().replaceAll(/\s*\n\s*/g, " ")}`,
      );
    }
    const cost = meter.soFar();
    const fileBytes = await folder.take(file, request.outputPath);
    const seconds = (performance.now() - began) / 1000;
    return {
      path: request.outputPath,
      fileBytes,
      seconds,
      cost,
      notes: [`${formatBytes(usedBytes)} of heap were in use`],
    };
  } finally {
    folder.clear();
  }
}

/** By the counters; where there are none, what is resident is the most that it can be. */
async function usedHeapBytes({ live }: RecordTarget): Promise<Bytes> {
  const signal = AbortSignal.timeout(5_000);
  const counters = await live.perfCounters(signal);
  const used = counters.ok ? usedOf(counters.value) : 0;
  if (used > 0) return used;
  const status = await live.readProc("status", signal);
  const resident = status.ok ? /^VmRSS:\s+(\d+) kB/m.exec(status.value)?.[1] : undefined;
  if (resident === undefined) {
    throw new TargetError(`how big the heap of process ${live.identity.pid} is cannot be told, so no dump is taken`);
  }
  return Number(resident) * 1024;
}

function usedOf(counters: PerfCounters): Bytes {
  return counters.names
    .filter((name) => /^sun\.gc\.generation\.\d+\.space\.\d+\.used$/.test(name))
    .reduce((total, name) => total + (counters.number(name) ?? 0), 0);
}
