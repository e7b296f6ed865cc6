import type { TargetIdentity } from "../model/target.ts";
import { readRelease } from "./java-release.ts";
import { findVm } from "./memory-maps.ts";
import { readBytes } from "./proc-reads.ts";
import { statOf } from "./tmp-obstacles.ts";

/** Where the ways into a JVM are, as seen from here. */
export interface AccessFacts {
  readonly libraryPath: string;
  /** Undefined where the JVM shares no perf counters. */
  readonly countersPath: string | undefined;
  /** Where the JVM's socket is, or will be when it is asked for one. */
  readonly socketPath: string;
  readonly isListening: boolean;
  /** Whether the JVM has the Flight Recorder; undefined where its Java home does not tell. */
  readonly hasFlightRecorder: boolean | undefined;
}

const mostMapsBytes = 32 << 20;

/** Reads where the ways into a HotSpot JVM are; undefined where its memory map cannot be read. */
export function readAccessFacts(procRoot: string, identity: TargetIdentity): AccessFacts | undefined {
  const folder = `${procRoot}/${identity.pid}`;
  const maps = readBytes(`${folder}/maps`, mostMapsBytes);
  const vm = typeof maps === "string" ? undefined : findVm(maps);
  if (vm?.kind !== "hotspot") return undefined;
  const socketPath = `${folder}/root/tmp/.java_pid${identity.namespacePid}`;
  const modules = vm.library.isDeleted ? [] : (readRelease(`${folder}/root`, vm.library.path)?.modules ?? []);
  return {
    libraryPath: vm.library.path,
    countersPath: vm.perfFile && `${folder}/root${vm.perfFile.path}`,
    socketPath,
    isListening: statOf(socketPath)?.isSocket() === true,
    hasFlightRecorder: modules.length > 0 ? modules.includes("jdk.jfr") : undefined,
  };
}
