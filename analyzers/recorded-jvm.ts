import type { RecordingEvidence } from "../src/model/recording.ts";

/** `25.0.3+9-LTS` of what the JVM says of itself; undefined when the recording does not tell. */
export function versionOf({ jvm }: RecordingEvidence): string | undefined {
  const text = jvm.version ?? "";
  // Until JDK 8 the first number is the version of HotSpot: `25.292-b10 … JRE (1.8.0_292-b10)`.
  return /JRE \(([^)\s]+)/.exec(text)?.[1] ?? /\(([^)\s]+)\)/.exec(text)?.[1] ?? /\d+[\w.+-]*/.exec(text)?.[0];
}

/** 8, 17, 25; undefined when the recording does not tell. */
export function majorOf(recording: RecordingEvidence): number | undefined {
  const [first, second] = (versionOf(recording) ?? "").split(/[._+-]/).map(Number);
  const major = first === 1 ? second : first;
  return major !== undefined && major > 0 ? major : undefined;
}

/** Arguments of a command line that the JVM has joined with spaces: what has spaces in it falls into parts. */
export function argumentsIn(line: string | undefined): string[] {
  return line?.split(/\s+/).filter((argument) => argument !== "") ?? [];
}

/** Class or archive that was started; nothing of its arguments. */
export function mainOf({ jvm }: RecordingEvidence): string | undefined {
  const [first] = argumentsIn(jvm.javaArguments);
  const name = first?.split("/").at(-1);
  return name !== undefined && /^[\p{L}_$][\p{L}\p{N}_$.-]*$/u.test(name) ? name : undefined;
}
