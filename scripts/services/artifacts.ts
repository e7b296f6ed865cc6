import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Jdk } from "../jdk.mjs";

/** Real services, and what comes with them, that Maven Central has. */
export const artifactNames = ["jolokia", "kafka", "cassandra", "zookeeper", "async-profiler"] as const;
export type ArtifactName = (typeof artifactNames)[number];

interface Dependency {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
  readonly classifier?: string;
}

const dependencies: Readonly<Record<ArtifactName, readonly Dependency[]>> = {
  jolokia: [{ group: "org.jolokia", artifact: "jolokia-agent-jvm", version: "2.6.0", classifier: "javaagent" }],
  kafka: [
    { group: "org.apache.kafka", artifact: "kafka_2.13", version: "4.1.0" },
    { group: "org.apache.kafka", artifact: "kafka-tools", version: "4.1.0" },
    { group: "org.apache.logging.log4j", artifact: "log4j-slf4j-impl", version: "2.24.3" },
  ],
  cassandra: [{ group: "org.apache.cassandra", artifact: "cassandra-all", version: "5.0.4" }],
  "async-profiler": [
    { group: "tools.profiler", artifact: "async-profiler", version: "4.5" },
    { group: "tools.profiler", artifact: "jfr-converter", version: "4.5" },
  ],
  zookeeper: [
    { group: "org.apache.zookeeper", artifact: "zookeeper", version: "3.9.3" },
    { group: "io.dropwizard.metrics", artifact: "metrics-core", version: "4.2.30" },
    { group: "org.xerial.snappy", artifact: "snappy-java", version: "1.1.10.7" },
    { group: "ch.qos.logback", artifact: "logback-classic", version: "1.2.13" },
  ],
};

const folder = join(import.meta.dirname, "../../build/services");

/** Whether it was fetched, by `node scripts/services.ts fetch`. */
export function hasArtifacts(name: ArtifactName): boolean {
  return existsSync(libraryOf(name));
}

/** Class path of a service that was fetched. */
export function classPathOf(name: ArtifactName): string {
  return join(libraryOf(name), "*");
}

/** The Jolokia agent, if it was fetched. */
export function jolokiaJar(): string | undefined {
  return fetchedJar("jolokia", /-javaagent\.jar$/);
}

/** async-profiler's converter of recordings, if it was fetched. */
export function jfrConverterJar(): string | undefined {
  return fetchedJar("async-profiler", /^jfr-converter-/);
}

/** async-profiler's library for this machine, unpacked, if it was fetched. */
export async function asyncProfilerLibrary(jdk: Jdk): Promise<string | undefined> {
  const jar = fetchedJar("async-profiler", /^async-profiler-/);
  if (jar === undefined) return undefined;
  const name = `linux-${process.arch}/libasyncProfiler.so`;
  const library = join(folder, "async-profiler", name);
  if (!existsSync(library))
    await execa(join(jdk.home, "bin/jar"), ["xf", jar, name], { cwd: join(folder, "async-profiler") });
  return library;
}

function fetchedJar(name: ArtifactName, pattern: RegExp): string | undefined {
  if (!hasArtifacts(name)) return undefined;
  const jar = readdirSync(libraryOf(name)).find((file) => pattern.test(file));
  return jar === undefined ? undefined : join(libraryOf(name), jar);
}

/** Fetches what is not there yet, with Maven. */
export async function fetchArtifacts(name: ArtifactName, signal: AbortSignal): Promise<void> {
  if (hasArtifacts(name)) return;
  const partial = join(folder, name, "partial");
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const pom = join(folder, name, "pom.xml");
  writeFileSync(pom, pomOf(name));
  const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";
  const options = ["-DincludeScope=runtime", `-DexcludeTransitive=${name === "jolokia"}`];
  await execa("mvn", ["-q", "-B", "-f", pom, goal, `-DoutputDirectory=${partial}`, ...options], {
    cancelSignal: signal,
    timeout: 900_000,
  });
  renameSync(partial, libraryOf(name));
}

function libraryOf(name: ArtifactName): string {
  return join(folder, name, "lib");
}

function pomOf(name: ArtifactName): string {
  const all = dependencies[name].map(({ group, artifact, version, classifier }) => {
    const which = classifier === undefined ? "" : `<classifier>${classifier}</classifier>`;
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>${which}</dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>jprof</groupId><artifactId>${name}</artifactId><version>1</version>
<dependencies>${all.join("")}</dependencies></project>
`;
}
