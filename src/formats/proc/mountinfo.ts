import { FormatError } from "../../model/errors.ts";

/** One mount as a process sees it. */
export interface Mount {
  /** Which folder of the file system is mounted; of a control group as the reader's cgroup namespace names it. */
  readonly root: string;
  readonly mountPoint: string;
  readonly options: readonly string[];
  /** `cgroup2`, `tmpfs`, `ext4`. */
  readonly fileSystem: string;
  readonly source: string;
  /** Of the file system; a version 1 control group names its controllers here. */
  readonly superOptions: readonly string[];
}

/** Parses /proc/PID/mountinfo: `id parent device root point options [tags …] - type source super-options`. */
export function parseMountInfo(text: string): readonly Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split("\n")) {
    const mount = mountOf(line);
    if (mount !== undefined) mounts.push(mount);
  }
  if (mounts.length === 0 && text.trim() !== "") {
    throw new FormatError(`expected lines of mountinfo, got ${JSON.stringify(text.slice(0, 40))}`);
  }
  return mounts;
}

function mountOf(line: string): Mount | undefined {
  const dash = line.indexOf(" - ");
  if (dash < 0) return undefined;
  const [id, , device, root, mountPoint, options] = line.slice(0, dash).split(/ +/);
  const [fileSystem, source, superOptions] = line.slice(dash + 3).split(/ +/);
  if (!/^\d+$/.test(id ?? "") || !/^\d+:\d+$/.test(device ?? "")) return undefined;
  if (root === undefined || !mountPoint?.startsWith("/") || !fileSystem) return undefined;
  return {
    root: unescaped(root),
    mountPoint: unescaped(mountPoint),
    options: (options ?? "").split(","),
    fileSystem,
    source: unescaped(source ?? ""),
    superOptions: (superOptions ?? "").split(","),
  };
}

/** The kernel writes space, tab, newline and backslash as `\040 \011 \012 \134`; names are bytes of UTF-8. */
function unescaped(text: string): string {
  return text.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
