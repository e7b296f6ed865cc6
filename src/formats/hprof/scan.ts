import type { ByteSource } from "../../bytes/byte-source.ts";
import { workerModule } from "../../threads/start-worker.ts";
import { WorkerPool } from "../../threads/worker-pool.ts";
import { type IndexPlan, indexRanges, type RangeIndex } from "./index-ranges.ts";
import { type LinkPlan, type LinkResult, linkChunks } from "./link-chunks.ts";
import type { ScanResult, ScanTask } from "./scan.worker.ts";

export interface ScanOptions {
  /** Threads that read, the calling one included. */
  readonly threads: number;
  /** Smaller sources are read by the calling thread alone. */
  readonly parallelFromBytes?: number;
}

/** Below this a worker's start costs more than it saves. */
const smallestParallelBytes = 64 << 20;

/** Runs the passes over a dump on the calling thread and as many workers as are wanted, useful and possible. */
export class Scanner {
  readonly #source: ByteSource;
  readonly #pool: WorkerPool<ScanTask, ScanResult> | undefined;

  /** Starts the workers, which takes a while: do it before there is work for them. */
  constructor(source: ByteSource, { threads, parallelFromBytes = smallestParallelBytes }: ScanOptions) {
    this.#source = source;
    const workers = source.descriptor === undefined || source.sizeBytes < parallelFromBytes ? 0 : threads - 1;
    const module = workerModule(import.meta.url, "scan");
    this.#pool = workers > 0 ? new WorkerPool(module, workers) : undefined;
  }

  async index(plan: IndexPlan, onProgress: (offset: number) => void): Promise<RangeIndex[]> {
    const { descriptor } = this.#source;
    const others = descriptor && this.#pool?.run({ pass: "index", source: descriptor, plan });
    return [indexRanges(plan, this.#source, onProgress), ...(((await others) as RangeIndex[] | undefined) ?? [])];
  }

  async link(plan: LinkPlan, onProgress: (offset: number) => void): Promise<LinkResult[]> {
    const { descriptor } = this.#source;
    const others = descriptor && this.#pool?.run({ pass: "link", source: descriptor, plan });
    return [linkChunks(plan, this.#source, onProgress), ...(((await others) as LinkResult[] | undefined) ?? [])];
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }
}
