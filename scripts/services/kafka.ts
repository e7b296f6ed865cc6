import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Jdk } from "../jdk.mjs";
import { classPathOf } from "./artifacts.ts";
import { freePort, makeServiceFolder, type RunningService, type ServiceOptions, startService } from "./java-service.ts";

const clusterId = "MkU3OEVBNTcwNTJENDM2Qk";

/** Starts a Kafka broker of one node, without ZooKeeper. */
export async function startKafka(options: ServiceOptions): Promise<RunningService> {
  const folder = makeServiceFolder("kafka");
  const [broker, controller] = [await freePort(), await freePort()];
  const config = join(folder, "server.properties");
  const logging = join(folder, "log4j2.properties");
  writeFileSync(config, brokerConfig(folder, broker, controller));
  writeFileSync(logging, loggingConfig);
  const flags = ["-Xmx512m", `-Dlog4j2.configurationFile=${logging}`];
  const classPath = classPathOf("kafka");
  const java = join(options.jdk.home, "bin/java");
  const format = ["kafka.tools.StorageTool", "format", "-t", clusterId, "-c", config];
  await execa(java, ["-Xmx128m", "-cp", classPath, ...format], { timeout: 60_000 });
  const start = { name: "kafka", classPath, mainClass: "kafka.Kafka", flags, args: [config], folder };
  return startService({ ...start, ports: { broker, controller }, ready: /Kafka Server started/ }, options);
}

/** What is to be written into a topic. */
export interface KafkaLoad {
  readonly records: number;
  readonly recordBytes: number;
  readonly recordsPerSecond: number;
}

/** Writes records with Kafka's own tool; resolves when they are written. */
export async function produce(kafka: RunningService, jdk: Jdk, load: KafkaLoad): Promise<void> {
  const { records, recordBytes, recordsPerSecond } = load;
  const size = ["--num-records", String(records), "--record-size", String(recordBytes)];
  const rate = ["--throughput", String(recordsPerSecond)];
  const server = ["--producer-props", `bootstrap.servers=127.0.0.1:${kafka.ports.broker}`, "acks=1"];
  const tool = ["org.apache.kafka.tools.ProducerPerformance", "--topic", "load", ...size, ...rate, ...server];
  await execa(join(jdk.home, "bin/java"), ["-Xmx128m", "-cp", classPathOf("kafka"), ...tool], { timeout: 300_000 });
}

function brokerConfig(folder: string, broker: number, controller: number): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${broker}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${join(folder, "data")}
num.partitions=4
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
`;
}

const loggingConfig = `status = error
appender.stdout.type = Console
appender.stdout.name = stdout
appender.stdout.layout.type = PatternLayout
appender.stdout.layout.pattern = %p %m%n
rootLogger.level = info
rootLogger.appenderRef.stdout.ref = stdout
`;
