import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// A registry mirror may lack packages for other platforms; npm then leaves them out of the lock file, and `npm ci` refuses it anywhere.
// This names them again, by what their name says. They are never fetched where they do not fit.
interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const file = join(import.meta.dirname, "../package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, LockedPackage> };
const { "": root = {}, ...packages } = lock.packages;

for (const { optionalDependencies = {} } of Object.values(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const path = `node_modules/${name}`;
    if (packages[path]?.version !== undefined) continue;
    packages[path] = platformPackage(name, version);
    console.log(`${path} ${version}`);
  }
}
const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en"));
lock.packages = Object.fromEntries([["", root], ...sorted]);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);

function platformPackage(name: string, version: string): LockedPackage {
  const match = /(android|darwin|linux|win32|freebsd|openharmony)-([a-z0-9]+)(?:-(musl|gnu)?\w*)?$/.exec(name);
  if (!match)
    throw new Error(`${name} is missing from the lock file, and its name does not say for which platform it is`);
  const [, os, cpu, abi] = match;
  const libc = abi === undefined ? {} : { libc: [abi === "musl" ? "musl" : "glibc"] };
  return { version, ...{ cpu: [cpu], dev: true, ...libc, license: "MIT", optional: true, os: [os] } };
}
