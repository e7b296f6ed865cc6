import type { Annotation } from "./build.ts";
import { fullCollections } from "./gc-series.ts";
import { processUptime } from "./metrics.ts";
import type { Select } from "./promql.ts";

/** Where a JVM began: with the same pid or with another. */
export function startAnnotation(select: Select): Annotation {
  return {
    name: "JVM started",
    expression: `${select(processUptime)} < 90`,
    color: "blue",
    text: "{{service_name}} {{process_pid}} started",
  };
}

/** Where the whole heap was collected with the program stopped: asked for, or since nothing else helped. */
export function fullCollectionAnnotation(select: Select): Annotation {
  return {
    name: "Collection of the last resort",
    expression: `${fullCollections(select, "1m")} > 0`,
    color: "red",
    text: "{{service_name}} {{process_pid}}: {{jvm_gc_cause}}",
  };
}
