import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

// A real OpenTelemetry Collector for tests, built from its sources with Go, once; prints the path of the program.
const version = "v0.130.0";
const folder = join(import.meta.dirname, "../build/otelcol");
const program = join(folder, version, "otelcol");

if (!existsSync(program)) {
  mkdirSync(folder, { recursive: true });
  // The checksum database may be out of reach; the module proxy that was configured is trusted instead.
  const environment = { GOSUMDB: "off", GOBIN: folder };
  await run("go", ["install", `go.opentelemetry.io/collector/cmd/builder@${version}`], environment);
  const manifest = join(folder, "manifest.yaml");
  writeFileSync(manifest, manifestOf(join(folder, version)));
  await run(join(folder, "builder"), ["--config", manifest], environment);
}
process.stdout.write(`${program}\n`);

/** What goes in: OTLP, and out: OTLP as JSON, and a log. */
function manifestOf(output: string): string {
  return JSON.stringify({
    dist: { name: "otelcol", output_path: output },
    receivers: [{ gomod: `go.opentelemetry.io/collector/receiver/otlpreceiver ${version}` }],
    exporters: [
      { gomod: `go.opentelemetry.io/collector/exporter/otlphttpexporter ${version}` },
      { gomod: `go.opentelemetry.io/collector/exporter/debugexporter ${version}` },
    ],
  });
}

async function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  await execa(command, args, { env, cwd: folder, stdout: process.stderr, stderr: "inherit", timeout: 900_000 });
}
