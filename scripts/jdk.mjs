// Plain JavaScript for Node >= 18: it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

const parents = [
  "/usr/lib/jvm",
  "/usr/lib64/jvm",
  "/opt/java",
  "/opt/homebrew/opt",
  "/Library/Java/JavaVirtualMachines",
];

/** Every JDK (with jcmd and javac) that this machine shows: JAVA_HOME first, then the PATH, then the usual folders, newest first. */
export function findJdks(env = process.env) {
  const homes = [env.JAVA_HOME, ...homesOfPath(env.PATH ?? ""), ...parents.flatMap(childHomes)];
  const found = new Map();
  for (const home of homes) {
    const jdk = home ? jdkAt(home) : undefined;
    if (jdk && !found.has(jdk.home)) found.set(jdk.home, jdk);
  }
  return [...found.values()];
}

/** Installs a JDK with the machine's package manager, when there is one and it asks no questions; says what it did. */
export function installJdk(log) {
  const command = packageManagers.find(({ tool }) => isOnPath(tool));
  if (!command) return log(`no JDK found, and no package manager that is known here; ${byHand}`);
  const prefix = command.tool === "brew" || process.getuid?.() === 0 ? [] : passwordlessSudo();
  if (!prefix) return log(`no JDK found, and no right to install one; run: sudo ${command.installs[0].join(" ")}`);
  log(`no JDK found; installing one: ${command.installs.map((install) => install.join(" ")).join(", or ")}`);
  if (command.update) run([...prefix, ...command.update]);
  if (!command.installs.some((install) => run([...prefix, ...install]) === 0)) log(`that failed; ${byHand}`);
}

const byHand = "install a JDK 17 or newer by hand, or set JAVA_HOME to one";

const packageManagers = [
  {
    tool: "apt-get",
    update: ["apt-get", "update", "-qq"],
    installs: ["default-jdk-headless", "openjdk-17-jdk-headless"].map((name) => [
      "apt-get",
      "install",
      "-y",
      "-qq",
      "--no-install-recommends",
      name,
    ]),
  },
  {
    tool: "dnf",
    installs: ["java-latest-openjdk-devel", "java-17-openjdk-devel"].map((name) => [
      "dnf",
      "install",
      "-y",
      "-q",
      name,
    ]),
  },
  { tool: "apk", installs: ["openjdk21", "openjdk17"].map((name) => ["apk", "add", "--no-cache", name]) },
  {
    tool: "zypper",
    installs: ["java-21-openjdk-devel", "java-17-openjdk-devel"].map((name) => ["zypper", "-n", "install", name]),
  },
  { tool: "brew", installs: [["brew", "install", "openjdk"]] },
];

function homesOfPath(path) {
  return path
    .split(delimiter)
    .map((folder) => join(folder, "java"))
    .filter((file) => existsSync(file))
    .map((file) => dirname(dirname(realpathSync(file))));
}

function childHomes(parent) {
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .map((name) => join(parent, name))
    .flatMap((home) => [home, join(home, "Contents", "Home"), join(home, "libexec/openjdk.jdk/Contents/Home")])
    .flatMap((home) => jdkAt(home) ?? [])
    .sort((a, b) => b.major - a.major || (a.home < b.home ? -1 : 1))
    .map(({ home }) => home);
}

function jdkAt(path) {
  if (!["jcmd", "javac", "java"].every((tool) => existsSync(join(path, "bin", tool)))) return undefined;
  const home = realpathSync(path);
  return { home, major: majorVersion(home) };
}

function majorVersion(home) {
  const release = join(home, "release");
  const text = existsSync(release) ? readFileSync(release, "utf8") : "";
  return Number(/^JAVA_VERSION="(?:1\.)?(\d+)/m.exec(text)?.[1] ?? 0);
}

function isOnPath(tool) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, tool)));
}

function passwordlessSudo() {
  if (!isOnPath("sudo")) return undefined;
  return spawnSync("sudo", ["-n", "true"], { stdio: "ignore", timeout: 10_000 }).status === 0
    ? ["sudo", "-n"]
    : undefined;
}

function run([program, ...args]) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(program, args, { stdio: ["ignore", "ignore", 2], env, timeout: 600_000 }).status;
}
