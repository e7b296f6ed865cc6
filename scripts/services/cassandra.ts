import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { classPathOf } from "./artifacts.ts";
import { withCql } from "./cql.ts";
import { freePort, makeServiceFolder, type RunningService, type ServiceOptions, startService } from "./java-service.ts";

/** Packages that Cassandra's own start script opens to it on JDK 17. */
const opened: Readonly<Record<string, readonly string[]>> = {
  "java.base": [
    ...["jdk.internal.misc", "jdk.internal.ref", "jdk.internal.loader", "jdk.internal.reflect", "jdk.internal.math"],
    ...["jdk.internal.module", "jdk.internal.util.jar", "java.lang", "java.lang.module", "java.lang.ref"],
    ...["java.lang.reflect", "java.math", "java.net", "java.io", "java.nio", "sun.nio.ch", "java.util"],
    ...["java.util.concurrent", "java.util.concurrent.atomic"],
  ],
  "java.rmi": ["sun.rmi.registry", "sun.rmi.server", "sun.rmi.transport.tcp"],
  "java.management.rmi": ["com.sun.jmx.remote.internal.rmi"],
  "jdk.management": ["com.sun.management.internal"],
  "java.sql": ["java.sql"],
  "jdk.unsupported": ["sun.misc"],
};

/** Starts a Cassandra node by itself; as in production, it has no file of perf counters. */
export async function startCassandra(options: ServiceOptions): Promise<RunningService> {
  const folder = makeServiceFolder("cassandra");
  const ports = { cql: await freePort(), storage: await freePort(), jmx: await freePort() };
  const config = join(folder, "cassandra.yaml");
  const logging = join(folder, "logback.xml");
  writeFileSync(config, nodeConfig(folder, ports));
  writeFileSync(logging, loggingConfig);
  const opens = Object.entries(opened).flatMap(([module, packages]) =>
    packages.flatMap((name) => ["--add-exports", "--add-opens"].map((flag) => `${flag}=${module}/${name}=ALL-UNNAMED`)),
  );
  const properties = {
    "cassandra.config": `file://${config}`,
    "cassandra.storagedir": folder,
    "cassandra.jmx.local.port": String(ports.jmx),
    "java.security.manager": "allow",
    "jdk.attach.allowAttachSelf": "true",
    "logback.configurationFile": logging,
    // It closes its standard output otherwise.
    "cassandra-foreground": "yes",
  };
  const flags = [
    "-Xmx512m",
    "-XX:+PerfDisableSharedMem",
    ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
    ...opens,
  ];
  const mainClass = "org.apache.cassandra.service.CassandraDaemon";
  const start = { name: "cassandra", classPath: classPathOf("cassandra"), mainClass, flags, args: [], ports, folder };
  return startService({ ...start, ready: /Startup complete/ }, options);
}

/** Writes rows of `rowBytes` into a table, and reads each of them. */
export async function writeRows(cassandra: RunningService, rows: number, rowBytes: number): Promise<void> {
  const keyspace =
    "CREATE KEYSPACE IF NOT EXISTS load WITH replication = {'class':'SimpleStrategy','replication_factor':1}";
  await withCql(cassandra.ports.cql!, async (query) => {
    await query(keyspace);
    await query("CREATE TABLE IF NOT EXISTS load.rows (id int PRIMARY KEY, text text)");
    for (let id = 0; id < rows; id++) {
      await query(`INSERT INTO load.rows (id, text) VALUES (${id}, '${"x".repeat(rowBytes)}')`);
      await query(`SELECT text FROM load.rows WHERE id = ${id}`);
    }
  });
}

function nodeConfig(folder: string, ports: { readonly cql: number; readonly storage: number }): string {
  return `cluster_name: jprof
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
num_tokens: 1
commitlog_sync: periodic
commitlog_sync_period: 10s
commitlog_segment_size: 8MiB
data_file_directories: [${folder}/data]
commitlog_directory: ${folder}/commitlog
saved_caches_directory: ${folder}/saved_caches
hints_directory: ${folder}/hints
cdc_raw_directory: ${folder}/cdc_raw
listen_address: 127.0.0.1
rpc_address: 127.0.0.1
storage_port: ${ports.storage}
native_transport_port: ${ports.cql}
start_native_transport: true
endpoint_snitch: SimpleSnitch
auto_bootstrap: false
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "127.0.0.1:${ports.storage}"
`;
}

const loggingConfig = `<configuration>
<appender name="stdout" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%level %msg%n</pattern></encoder></appender>
<root level="INFO"><appender-ref ref="stdout"/></root>
</configuration>
`;
