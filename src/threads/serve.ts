import { parentPort } from "node:worker_threads";
import type { Reply } from "./worker-pool.ts";

/** Makes the current worker thread run every task that its pool sends. */
export function serve<Task, Result>(run: (task: Task) => Result): void {
  parentPort?.on("message", (task: Task) => {
    parentPort?.postMessage(reply(run, task));
  });
}

function reply<Task, Result>(run: (task: Task) => Result, task: Task): Reply<Result> {
  try {
    return { result: run(task) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}
