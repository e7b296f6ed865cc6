import { once } from "node:events";
import { findJdks } from "./jdk.mjs";
import { type ArtifactName, artifactNames, fetchArtifacts } from "./services/artifacts.ts";
import { startCassandra } from "./services/cassandra.ts";
import type { RunningService, ServiceOptions } from "./services/java-service.ts";
import { startKafka } from "./services/kafka.ts";
import { startZooKeeper } from "./services/zookeeper.ts";

// Real services to try jprof on. `fetch` gets them from Maven Central into build/services; `run` starts one, until Ctrl-C.
const usage = `node scripts/services.ts fetch [${artifactNames.join(" | ")}]…
node scripts/services.ts run kafka | cassandra | zookeeper [major version of the JDK]`;

type Start = (options: ServiceOptions) => Promise<RunningService>;
const starts: Readonly<Record<string, Start>> = {
  kafka: startKafka,
  cassandra: startCassandra,
  zookeeper: startZooKeeper,
};

const interrupt = new AbortController();
// Not `once`: a signal without a listener left would end this process at once, and what it started would stay.
process.on("SIGINT", () => interrupt.abort());
process.on("SIGTERM", () => interrupt.abort());

const [command, ...args] = process.argv.slice(2);
if (command === "fetch" && args.every(isArtifactName)) await fetchAll(args);
else if (command === "run" && args[0] !== undefined && Object.hasOwn(starts, args[0])) await run(args[0], args[1]);
else {
  console.error(usage);
  process.exitCode = 2;
}

function isArtifactName(name: string): name is ArtifactName {
  return artifactNames.some((one) => one === name);
}

async function fetchAll(names: readonly ArtifactName[]): Promise<void> {
  for (const name of names.length === 0 ? artifactNames : names) {
    console.log(`fetching ${name} …`);
    await fetchArtifacts(name, interrupt.signal);
  }
}

async function run(name: string, major = "17"): Promise<void> {
  const jdk = findJdks().find((one) => one.major === Number(major));
  if (jdk === undefined) throw new Error(`there is no JDK ${major} on this machine`);
  const service = await starts[name]!({ jdk, withJolokia: true });
  const { pid, ports, jolokiaUrl } = service;
  console.log(JSON.stringify({ name, pid, ports, jolokiaUrl }));
  if (!interrupt.signal.aborted) await once(interrupt.signal, "abort");
  await service.stop();
}
