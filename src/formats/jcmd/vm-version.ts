import { expectReplyOf, linesOf } from "./reply.ts";

/** What `VM.version` prints. */
export interface VmVersion {
  /** `OpenJDK 64-Bit Server VM` */
  readonly vmName: string;
  /** `17.0.15+6-Debian-1deb12u1`, of JDK 8 `25.402-b06`. */
  readonly vmVersion: string;
  /** `17.0.15`, of JDK 8 `8.0_402`. */
  readonly javaVersion: string | undefined;
  readonly javaMajor: number | undefined;
}

/** The reply to `VM.version`; undefined when it was cut. */
export function parseVmVersion(text: string): VmVersion | undefined {
  const lines = linesOf(text);
  expectReplyOf("VM.version", lines);
  const [name = ""] = lines;
  const at = name.indexOf(" version ");
  if (at < 0) return undefined;
  const javaVersion = /^JDK (\S+)/.exec(lines[1] ?? "")?.[1];
  return {
    vmName: name.slice(0, at),
    vmVersion: name.slice(at + " version ".length),
    javaVersion,
    javaMajor: javaVersion && /^\d/.test(javaVersion) ? Number.parseInt(javaVersion, 10) : undefined,
  };
}
