import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { namings } from "../../src/exporters/naming/index.ts";
import { prometheusExporter } from "../../src/exporters/prometheus.ts";
import { drawnAgent } from "./drawn-agent.ts";

let hasPromtool = false;
beforeAll(async () => {
  const { failed } = await execa("promtool", ["--version"], { reject: false });
  hasPromtool = !failed;
  if (failed) process.stderr.write("skipped: no promtool on this machine\n");
});

describe("what Prometheus' own tool says of a scrape", () => {
  test.each(namings)(
    "of $name names: it can be read, and only names of conventions are not to its taste",
    async (naming) => {
      if (!hasPromtool) return;
      const exporter = prometheusExporter({ naming });
      for (const { target, current, observations } of drawnAgent(3)) exporter.accept(target, current, observations);
      const { body } = await exporter.render(undefined);
      const { stdout, stderr, exitCode } = await execa("promtool", ["check", "metrics"], {
        input: body,
        reject: false,
      });
      const remarks = `${stdout}\n${stderr}`.split("\n").filter((line) => line.trim() !== "");
      expect(remarks.filter((line) => !isAboutConvention(line))).toEqual([]);
      expect([0, 3]).toContain(exitCode);
    },
  );
});

/** `jvm_thread_count` and its likes are named so by the semantic conventions, `…_ms_total` by Micrometer. */
function isAboutConvention(remark: string): boolean {
  return (
    remark.includes('should not have "_count" suffix') ||
    /^jvm_compilation_time_ms_total|^process_cpu_time_ns_total/.test(remark)
  );
}
