import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Many tests wait for a JVM: on two processors, two of them at once take half the time. */
const fewestWorkers = 2;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/own-tmp.ts",
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: Math.max(fewestWorkers, availableParallelism() - 1),
  },
});
