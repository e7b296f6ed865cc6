import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { namings } from "../../src/exporters/naming/index.ts";
import { prometheusExporter } from "../../src/exporters/prometheus.ts";
import { drawnAgent } from "../exporters/drawn-agent.ts";

/*
 * The strict parser of Prometheus' Python client (from PyPI) as a second opinion on both text formats. It needs Python and a network the
 * first time, so it runs only when asked: JPROF_ORACLES=1 npx vitest run test/oracles
 */
const isAsked = process.env.JPROF_ORACLES === "1";
const environment = join(import.meta.dirname, "../../build/oracles/python");
const python = join(environment, "bin/python");

describe.skipIf(!isAsked)("the Python client reads", () => {
  beforeAll(async () => {
    if (existsSync(python)) return;
    await execa("python3", ["-m", "venv", environment]);
    await execa(python, ["-m", "pip", "install", "--quiet", "prometheus-client==0.22.1"]);
  }, 120_000);

  test.each(
    namings.flatMap((naming) => [
      { naming, format: "openmetrics", accept: "application/openmetrics-text" },
      { naming, format: "plain", accept: "text/plain" },
    ]),
  )("$naming.name names as $format", async ({ naming, format, accept }) => {
    const exporter = prometheusExporter({ naming });
    for (const { target, current, observations } of drawnAgent(3)) exporter.accept(target, current, observations);
    const { body } = await exporter.render(accept);
    const { stdout } = await execa(python, [join(import.meta.dirname, "openmetrics.py"), format], { input: body });
    const [families, samples] = stdout.split(" ").map(Number);
    expect(families).toBe(body.match(/^# TYPE /gm)?.length);
    expect(samples).toBe(body.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length);
  });
});
