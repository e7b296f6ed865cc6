// Plain JavaScript for Node >= 18: the first thing that runs in a fresh clone, before anything is installed.
// It installs the dependencies that package-lock.json names (Node itself among them) and, with --jdk, a JDK where there is none.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findJdks, installJdk } from "./jdk.mjs";

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const nodeBinary = join(top, "node_modules", "node", "bin", "node");

if (!isInstalled()) install();
if (process.argv.includes("--jdk") && process.env.JPROF_SETUP_JDK !== "no" && findJdks().length === 0) installJdk(log);

/** Every package that the lock file requires is there in that version; what is there besides does not matter. */
function isInstalled() {
  const installedLock = join(top, "node_modules", ".package-lock.json");
  if (!existsSync(installedLock) || !existsSync(nodeBinary)) return false;
  const installed = packagesOf(installedLock);
  return Object.entries(packagesOf(join(top, "package-lock.json"))).every(
    ([path, { version, optional, devOptional, peer }]) =>
      path === "" || optional || devOptional || peer || installed[path]?.version === version,
  );
}

function packagesOf(lock) {
  return JSON.parse(readFileSync(lock, "utf8")).packages;
}

function install() {
  log("installing the dependencies: npm ci");
  npm("ci", "--no-audit", "--no-fund", "--loglevel=error");
  if (!existsSync(nodeBinary)) npm("rebuild", "node", "--ignore-scripts=false", "--loglevel=error");
  if (spawnSync(nodeBinary, ["--version"], { stdio: "ignore" }).status !== 0) {
    fail("the package `node` was installed without its binary; allow its install script and run `npm ci` again");
  }
}

function npm(...args) {
  const cli = process.env.npm_execpath;
  const isScript = cli !== undefined && /\.c?js$/.test(cli);
  const [program, first] = isScript ? [process.execPath, [cli]] : ["npm", []];
  const { status, error } = spawnSync(program, [...first, ...args], { cwd: top, stdio: ["ignore", 2, 2] });
  if (status !== 0)
    fail(`npm ${args[0]} failed${error ? `: ${error.message}` : ""}; is the package registry reachable?`);
}

function log(line) {
  process.stderr.write(`setup: ${line}\n`);
}

function fail(line) {
  log(line);
  process.exit(1);
}
