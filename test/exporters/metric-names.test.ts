import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prometheusLabels, prometheusName, prometheusType } from "../../src/exporters/metric-names.ts";
import { metricOf } from "./drawn-samples.ts";

/** Drawn metric → name, by the examples of the specification and the semantic conventions. */
const names: Readonly<Record<string, string>> = {
  "jvm.memory.used By updowncounter": "jvm_memory_used_bytes",
  "jvm.memory.used_after_last_gc By updowncounter": "jvm_memory_used_after_last_gc_bytes",
  "jvm.gc.duration s histogram": "jvm_gc_duration_seconds",
  "jvm.thread.count {thread} updowncounter": "jvm_thread_count",
  "jvm.class.loaded {class} counter": "jvm_class_loaded_total",
  "jvm.cpu.time s counter": "jvm_cpu_time_seconds_total",
  "jvm.cpu.count {cpu} updowncounter": "jvm_cpu_count",
  "jvm.cpu.recent_utilization 1 gauge": "jvm_cpu_recent_utilization_ratio",
  "jvm.system.cpu.load_1m {run_queue_item} gauge": "jvm_system_cpu_load_1m",
  "jvm.file_descriptor.limit {file_descriptor} updowncounter": "jvm_file_descriptor_limit",
  "jvm.memory.allocation By counter": "jvm_memory_allocation_bytes_total",
  "process.disk.io By counter": "process_disk_io_bytes_total",
  "process.uptime s gauge": "process_uptime_seconds",
  "jprof.heap.live.slope By/s gauge": "jprof_heap_live_slope_bytes_per_second",
  "jprof.heap.time_to_full s gauge": "jprof_heap_time_to_full_seconds",
  "jprof.gc.overhead 1 gauge": "jprof_gc_overhead_ratio",
  "jprof.gc.events.lost {event} counter": "jprof_gc_events_lost_total",
  "jprof.class.bytes By gauge": "jprof_class_bytes",
  "jprof.event.rate {event}/s gauge": "jprof_event_rate_per_second",
  "jprof.events 1/s gauge": "jprof_events_per_second",
  "a.total {x} counter": "a_total",
  "a.seconds s counter": "a_seconds_total",
  "a.total s counter": "a_seconds_total",
  "a.total s gauge": "a_total_seconds",
  "a.ratio 1 gauge": "a_ratio",
  "a.share 1 counter": "a_share_total",
  "a.share 1 updowncounter": "a_share",
  "a.fill % gauge": "a_fill_percent",
  "a.wait ms histogram": "a_wait_milliseconds",
  "a.clock MHz gauge": "a_clock_MHz",
  "a.clock Hz gauge": "a_clock_hertz",
  "a.b.c threads gauge": "a_b_c_threads",
  "a.b - gauge": "a_b",
  "a..b--c By gauge": "a_b_c_bytes",
  "1st.place {x} gauge": "_1st_place",
};

describe("the name in Prometheus", () => {
  test.each(Object.entries(names))("%s is %s", (drawn, name) => {
    expect(prometheusName(metricOf(drawn))).toBe(name);
  });

  test("any name and unit give a legal name, without doubled underscores or suffixes", () => {
    const part = fc.constantFrom("a", "bytes", "seconds", "total", "ratio", ".", "_", "-", "é", "9");
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }).map((parts) => parts.join("")),
        fc.constantFrom("By", "s", "1", "{x}", "By/s", "{x}/{y}", "", "%/%"),
        fc.constantFrom("counter" as const, "gauge" as const, "updowncounter" as const, "histogram" as const),
        (name, unit, kind) => {
          const translated = prometheusName({ name, unit, kind });
          expect(translated).toMatch(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
          expect(translated).not.toMatch(/__/);
          const added = translated.slice(prometheusName({ name, unit: "{x}", kind: "gauge" }).length);
          for (const suffix of ["_total", "_bytes", "_seconds", "_ratio"]) {
            expect(added.split(suffix).length).toBeLessThanOrEqual(2);
          }
          expect(!translated.endsWith("_total") && kind === "counter").toBe(false);
        },
      ),
      { seed: 1 },
    );
  });
});

describe("the type in Prometheus", () => {
  test("an updowncounter is a gauge, and a histogram without buckets a summary", () => {
    expect(prometheusType({ kind: "updowncounter" })).toBe("gauge");
    expect(prometheusType({ kind: "counter" })).toBe("counter");
    expect(prometheusType({ kind: "histogram", buckets: [1] })).toBe("histogram");
    expect(prometheusType({ kind: "histogram", buckets: [] })).toBe("summary");
  });
});

describe("labels in Prometheus", () => {
  test("dots become underscores, and values of labels that become one are joined in the order of their names", () => {
    expect(prometheusLabels({ "jvm.gc.name": "G1", "9to5": "x" })).toEqual({ jvm_gc_name: "G1", _9to5: "x" });
    expect(prometheusLabels({ a_b: "under", "a.b": "dot", "a-b": "dash" })).toEqual({ a_b: "dash;dot;under" });
  });
});
