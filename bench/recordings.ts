import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compileJava, jdksOf, someJdk, startJvm } from "../test/jdk.ts";
import { dumpFolder } from "./dumps.ts";

const top = join(import.meta.dirname, "..");

/** A recording of `fixtures/event-storm/EventStorm.java`. */
export interface BenchRecording {
  readonly name: string;
  readonly requests: number;
  /** Different stacks; most of them come again in every chunk. */
  readonly stacks: number;
}

/** 5.1 M events in 270 MB, half of it stack traces. */
export const stormRecording: BenchRecording = { name: "storm", requests: 5_400_000, stacks: 40_000 };

/** The path of a recording, made when it is not there yet (some minutes); undefined where there is no JDK to make it with. */
export async function recordingPath({ name, requests, stacks }: BenchRecording): Promise<string | undefined> {
  const path = join(dumpFolder, `${name}.jfr`);
  if (existsSync(path)) return path;
  const jdk = jdksOf(25)[0] ?? someJdk();
  if (jdk === undefined) return undefined;
  console.error(`making ${path} with JDK ${jdk.major} …`);
  mkdirSync(dumpFolder, { recursive: true });
  const classPath = await compileJava(jdk, join(top, "fixtures/event-storm/EventStorm.java"));
  rmSync(`${path}.tmp`, { force: true });
  const jvm = await startJvm(jdk, {
    classPath,
    mainClass: "EventStorm",
    flags: ["-Xmx256m", "-XX:FlightRecorderOptions:maxchunksize=64m"],
    args: [`${path}.tmp`, String(requests), String(stacks)],
    timeoutMillis: 900_000,
  });
  await jvm.stop();
  renameSync(`${path}.tmp`, path);
  return path;
}
