import { openOtlpExporter } from "../../src/exporters/otlp.ts";
import { jprofScope } from "../../src/exporters/scope.ts";
import { drawnAgent } from "./drawn-agent.ts";

/*
 * A program for a test: pushes ten JVMs to a port where nothing listens, says how much the heap has grown by then, and closes against the
 * endpoint of its first argument, which hangs.
 */
const rounds = 150;
const common = {
  scope: jprofScope("1.2.3"),
  protocol: "http/protobuf",
  requestTimeoutMillis: 1_000,
  intervalMillis: 1_000_000,
  timeoutMillis: 30_000,
  temporality: "delta",
  histograms: "exponential",
  warn() {},
} as const;
const polls = drawnAgent(10, 100);

const down = await openOtlpExporter({ ...common, requestTimeoutMillis: 20, endpoint: "http://127.0.0.1:1" });
for (let round = 0; round < rounds / 3; round++) await failedRound();
const before = heapBytes();
for (let round = 0; round < (2 * rounds) / 3; round++) await failedRound();
const grownBytes = heapBytes() - before;

const hanging = await openOtlpExporter({ ...common, endpoint: process.argv[2] ?? "" });
for (const { target, current, observations } of polls) hanging.accept(target, current, observations);
const begin = performance.now();
await hanging.close(AbortSignal.timeout(500));
const closedAfterMillis = performance.now() - begin;
process.once("exit", () => {
  const endedAfterMillis = performance.now() - begin;
  process.stdout.write(JSON.stringify({ grownBytes, closedAfterMillis, endedAfterMillis }));
});

async function failedRound(): Promise<void> {
  for (const { target, current, observations } of polls) down.accept(target, current, observations);
  await down.flush(AbortSignal.timeout(1_000));
}

function heapBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
