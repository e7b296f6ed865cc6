import { Worker } from "node:worker_threads";

/** The module `<name>.worker` beside the calling one, as source or as built. `callerUrl` is the caller's `import.meta.url`. */
export function workerModule(callerUrl: string, name: string): URL {
  return new URL(`./${name}.worker${callerUrl.slice(callerUrl.lastIndexOf("."))}`, callerUrl);
}

/** A thread that can be stopped. It starts by itself, also while the caller is in a synchronous phase. */
export interface RunningWorker {
  stop(): void;
}

/**
 * Starts a thread that is given `data` as its `workerData` and answers through shared memory. It does not keep the process alive.
 * Its caller waits for an answer with a limit: that the thread failed shows as an answer that never comes.
 */
export function startWorker(module: URL, data: unknown): RunningWorker {
  const worker = new Worker(module, { workerData: data });
  worker.unref();
  worker.on("error", () => undefined);
  return { stop: () => void worker.terminate() };
}
