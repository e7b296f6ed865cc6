import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

/** Real services, and what comes with them, that Maven Central has. */
export const artifactNames = ["jolokia", "kafka", "cassandra", "zookeeper"] as const;
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
  if (!hasArtifacts("jolokia")) return undefined;
  const jar = readdirSync(libraryOf("jolokia")).find((file) => file.endsWith("-javaagent.jar"));
  return jar === undefined ? undefined : join(libraryOf("jolokia"), jar);
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
