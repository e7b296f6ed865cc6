import { workerData } from "node:worker_threads";
import { retainedOfGroupings } from "./class-retained.ts";
import type { RetainedTask } from "./retained-in-background.ts";

const { graph, dominators, groupings, results, state } = workerData as RetainedTask;

let at = 0;
for (const bytes of retainedOfGroupings(graph, dominators, groupings)) {
  results.set(bytes, at);
  at += bytes.length;
}
Atomics.store(state, 0, 1);
Atomics.notify(state, 0);
