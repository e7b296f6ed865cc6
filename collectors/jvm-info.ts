import type { Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";

/** One series per JVM that says what it is, to join with others. */
export const jvmInfo: Metric = {
  name: "jprof.jvm.info",
  unit: "{jvm}",
  kind: "gauge",
  help: "1 for each JVM, with what it is: version, vendor, garbage collector.",
  labels: ["jprof.jvm.version", "jprof.jvm.vendor", "jprof.gc.collector", "jprof.jvm.main"],
  stability: "development",
};

/** Tells what a JVM is, as far as it is known. */
export const jvmInfoCollector: Collector = {
  name: "jvm-info",
  description: "version, vendor and garbage collector of the JVM",
  enabledByDefault: true,
  policy: "observe",
  metrics: [jvmInfo],
  async collect({ identity }) {
    const { javaVersion, vmVendor, collector, generational, name } = identity;
    const labels = {
      "jprof.jvm.version": javaVersion ?? "unknown",
      "jprof.jvm.vendor": vmVendor ?? "unknown",
      "jprof.gc.collector": `${generational === true && collector === "Shenandoah" ? "generational " : ""}${collector ?? "unknown"}`,
      "jprof.jvm.main": name,
    };
    return { samples: [{ metric: jvmInfo, value: 1, labels, source: "proc", takenAtMillis: Date.now() }], missing: [] };
  },
};
