import { Worker } from "node:worker_threads";

/** A message from a worker shell: what the task returned, or why it failed. */
export type Reply<Result> = { readonly result: Result } | { readonly error: Error };

/**
 * Worker threads that run one module's tasks. Tasks are posted before the caller starts its own share of the work,
 * because a thread in a synchronous phase cannot post.
 */
export class WorkerPool<Task, Result> {
  readonly #workers: Worker[];

  /** Starts `count` workers on a module that calls `serve`. */
  constructor(module: URL, count: number) {
    this.#workers = Array.from({ length: count }, () => {
      const worker = new Worker(module);
      worker.unref();
      return worker;
    });
  }

  /** Sends the task to every worker; the results come in the workers' order. One task at a time. */
  run(task: Task): Promise<Result[]> {
    return Promise.all(this.#workers.map((worker) => ask<Task, Result>(worker, task)));
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function ask<Task, Result>(worker: Worker, task: Task): Promise<Result> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off("message", onMessage);
      worker.off("error", onError);
      worker.unref();
      finish();
    };
    const onMessage = (reply: Reply<Result>) =>
      settle(() => ("error" in reply ? reject(reply.error) : resolve(reply.result)));
    const onError = (error: Error) => settle(() => reject(error));
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.ref();
    worker.postMessage(task);
  });
}
