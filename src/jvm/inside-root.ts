import { readlinkSync } from "node:fs";
import { join } from "node:path";

const mostLinks = 40;

/**
 * Where a path of another mount namespace is found from here: below `root` (/proc/PID/root), with its links followed inside of it. The
 * kernel would follow an absolute link to a file of this namespace instead, which the other side must not be able to make jprof read.
 */
export function insideRoot(root: string, path: string): string {
  const pending = partsOf(path).reverse();
  const inside: string[] = [];
  let links = 0;
  while (pending.length > 0) {
    const part = pending.pop()!;
    if (part === "..") {
      inside.pop();
      continue;
    }
    const target = linkOf(join(root, ...inside, part));
    if (target === undefined) {
      inside.push(part);
      continue;
    }
    if (++links > mostLinks) return join(root, path);
    if (target.startsWith("/")) inside.length = 0;
    pending.push(...partsOf(target).reverse());
  }
  return join(root, ...inside);
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
