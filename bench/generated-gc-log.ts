import { closeSync, openSync, statSync, writeSync } from "node:fs";

/** What a generated log holds, so that a reader's answer can be checked. */
export interface GeneratedLog {
  readonly bytes: number;
  readonly pauses: number;
  /** Sum of what the pause lines say. */
  readonly pauseSeconds: number;
}

const blockBytes = 4 << 20;

/** Writes a G1 log of JDK 25 with `gc*,safepoint` and default decorations: young collections, and a concurrent cycle each 40 of them. */
export function writeGcLog(path: string, wantedBytes: number): GeneratedLog {
  const fd = openSync(path, "w");
  const log = new LogWriter();
  let bytes = 0;
  let block = log.head();
  try {
    while (bytes + block.length < wantedBytes) {
      block += log.collection();
      if (block.length < blockBytes) continue;
      bytes += writeSync(fd, block);
      block = "";
    }
    writeSync(fd, block);
  } finally {
    closeSync(fd);
  }
  return { bytes: statSync(path).size, pauses: log.pauses, pauseSeconds: log.pauseMicros / 1e6 };
}

class LogWriter {
  #gcId = 0;
  #millis = 500;
  #seed = 12345;
  pauses = 0;
  pauseMicros = 0;

  head(): string {
    const init = [
      "Version: 25.0.3+9-LTS (release)",
      "CPUs: 8 total, 8 available",
      "Memory: 64297M",
      "Heap Region Size: 4M",
    ];
    init.push("Heap Min Capacity: 1G", "Heap Initial Capacity: 8G", "Heap Max Capacity: 8G", "Parallel Workers: 8");
    return `${this.#line("gc", "Using G1")}${init.map((text) => this.#line("gc,init", text)).join("")}`;
  }

  collection(): string {
    const gcId = this.#gcId++;
    return gcId % 40 === 39 ? this.#cycle(gcId) : this.#young(gcId);
  }

  #young(gcId: number): string {
    const kind = "Pause Young (Normal) (G1 Evacuation Pause)";
    const id = `GC(${gcId})`;
    const start = [
      this.#line("gc,start", `${id} ${kind}`),
      this.#line("gc,task", `${id} Using 8 workers of 8 for evacuation`),
    ];
    const micros = 1500 + this.#random(20_000);
    this.#millis += 800 + Math.round(micros / 1000);
    const part = (share: number) => `${((micros * share) / 1000).toFixed(1)}ms`;
    const before = 4000 + this.#random(1500);
    const after = 900 + this.#random(500);
    const phases = [
      ["Pre Evacuate Collection Set", 0.02],
      ["Merge Heap Roots", 0.03],
      ["Evacuate Collection Set", 0.85],
      ["Post Evacuate Collection Set", 0.08],
      ["Other", 0.02],
    ] as const;
    this.#count(micros);
    return [
      ...start,
      ...phases.map(([name, share]) => this.#line("gc,phases", `${id}   ${name}: ${part(share)}`)),
      this.#line("gc,heap", `${id} Eden regions: ${before >> 3}->0(640)`),
      this.#line("gc,heap", `${id} Survivor regions: 12->${8 + this.#random(8)}(80)`),
      this.#line("gc,heap", `${id} Old regions: 210->${210 + this.#random(4)}`),
      this.#line("gc,heap", `${id} Humongous regions: 4->${this.#random(4)}`),
      this.#line(
        "gc,metaspace",
        `${id} Metaspace: 91234K(92160K)->91234K(92160K) NonClass: 80123K(80640K)->80123K(80640K) Class: 11111K(11520K)->11111K(11520K)`,
      ),
      this.#line("gc", `${id} ${kind} ${before}M->${after}M(8192M) ${(micros / 1000).toFixed(3)}ms`),
      this.#line("gc,cpu", `${id} User=0.0${this.#random(10)}s Sys=0.00s Real=0.01s`),
      this.#safepoint("G1CollectForAllocation", micros),
    ].join("");
  }

  #cycle(gcId: number): string {
    const id = `GC(${gcId})`;
    const lines = [this.#line("gc", `${id} Concurrent Mark Cycle`)];
    const phases = ["Scan Root Regions", "Mark From Roots", "Preclean", "Rebuild Remembered Sets", "Clear Bitmap"];
    for (const name of phases) {
      lines.push(this.#line("gc,marking", `${id} Concurrent ${name}`));
      this.#millis += 20;
      lines.push(this.#line("gc,marking", `${id} Concurrent ${name} ${(20 + this.#random(100) / 1000).toFixed(3)}ms`));
    }
    for (const name of ["Remark", "Cleanup"]) {
      const micros = 300 + this.#random(3000);
      lines.push(this.#line("gc,start", `${id} Pause ${name}`));
      this.#millis += 4;
      lines.push(this.#line("gc", `${id} Pause ${name} 4100M->4000M(8192M) ${(micros / 1000).toFixed(3)}ms`));
      lines.push(this.#safepoint(`G1Pause${name}`, micros));
      this.#count(micros);
    }
    lines.push(this.#line("gc", `${id} Concurrent Mark Cycle 112.345ms`));
    return lines.join("");
  }

  #count(micros: number): void {
    this.pauses++;
    this.pauseMicros += micros;
  }

  #safepoint(operation: string, micros: number): string {
    const nanos = `Reaching safepoint: ${2000 + this.#random(90_000)} ns, At safepoint: ${micros * 1000} ns, Leaving safepoint: 12000 ns, Total: ${micros * 1000 + 100_000} ns`;
    return this.#line(
      "safepoint",
      `Safepoint "${operation}", Time since last: 800123456 ns, ${nanos}, Threads: 0 runnable, 142 total`,
    );
  }

  #line(tags: string, message: string): string {
    const seconds = Math.floor(this.#millis / 1000);
    const millis = String(this.#millis % 1000).padStart(3, "0");
    return `[${seconds}.${millis}s][info][${tags.padEnd(13)}] ${message}\n`;
  }

  /** The same numbers in every run. */
  #random(below: number): number {
    this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return this.#seed % below;
  }
}
