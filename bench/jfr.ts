import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { openFile } from "../src/bytes/byte-source.ts";
import type { RecordingVisitor } from "../src/formats/jfr/events.ts";
import { readEvents } from "../src/formats/jfr/read-events.ts";
import { recordingPath, stormRecording } from "./recordings.ts";

// `node bench/jfr.ts [--runs 5] [FILE.jfr]`: one thread, one process, page cache warm; the first run, which compiles, is left out.
const { values, positionals } = parseArgs({
  options: { runs: { type: "string", default: "5" } },
  allowPositionals: true,
});

const wantedBytesPerSecond = 150e6;
const wantedEventsPerSecond = 3e6;

const path = positionals[0] ?? (await recordingPath(stormRecording));
if (path === undefined) console.log("skipped: no JDK to make a recording with");
else measure(path, Number(values.runs));

function measure(file: string, runs: number): void {
  if (loadavg()[0]! > 0.5)
    console.log(`careful: the machine is busy (load ${loadavg()[0]!.toFixed(1)}), so these seconds are not its best`);
  const { sizeBytes, close } = openFile(file);
  close();
  let events = 0;
  let checksum = 0;
  const full = medianSeconds(file, runs, () => {
    events = 0;
    return {
      sinkOf: () => (slots) => {
        events++;
        checksum += slots[0]!;
      },
    };
  });
  const poolsOnly = medianSeconds(file, runs, () => ({ sinkOf: () => undefined }));
  console.log(
    `${file}: ${(sizeBytes / 1e6).toFixed(1)} MB, ${events.toLocaleString("en")} events (sum ${checksum.toExponential(3)})`,
  );
  const bytesPerSecond = sizeBytes / full.wall;
  const eventsPerSecond = events / full.wall;
  const isMet = bytesPerSecond >= wantedBytesPerSecond && eventsPerSecond >= wantedEventsPerSecond;
  print("every field of every event", full, sizeBytes);
  console.log(
    `${isMet ? "✓" : "✗"} ${(eventsPerSecond / 1e6).toFixed(2)} M events/s   (bar: ≥ 150 MB/s and ≥ 3 M events/s)`,
  );
  print("constants and sizes only", poolsOnly, sizeBytes);
  console.log(`  peak memory ${Math.round(process.resourceUsage().maxRSS / 1e3)} MB`);
  process.exitCode = isMet ? 0 : 1;
}

interface Seconds {
  readonly wall: number;
  readonly processor: number;
}

function print(what: string, { wall, processor }: Seconds, bytes: number): void {
  const rate = (seconds: number) => `${(bytes / 1e6 / seconds).toFixed(0)} MB/s`;
  console.log(
    `  ${what}: ${wall.toFixed(2)} s, ${rate(wall)}; processor ${processor.toFixed(2)} s, ${rate(processor)}`,
  );
}

function medianSeconds(file: string, runs: number, visitorOf: () => RecordingVisitor): Seconds {
  const times = Array.from({ length: runs + 1 }, () => secondsOf(file, visitorOf())).slice(1);
  const middle = Math.floor(times.length / 2);
  return {
    wall: times.map(({ wall }) => wall).sort((a, b) => a - b)[middle]!,
    processor: times.map(({ processor }) => processor).sort((a, b) => a - b)[middle]!,
  };
}

function secondsOf(file: string, visitor: RecordingVisitor): Seconds {
  const source = openFile(file);
  const processor = process.cpuUsage();
  const started = performance.now();
  readEvents(source, visitor);
  const wall = (performance.now() - started) / 1e3;
  const { user, system } = process.cpuUsage(processor);
  source.close();
  return { wall, processor: (user + system) / 1e6 };
}
