import packageJson from "../../package.json" with { type: "json" };

/** What to say when this Node.js is older than `engines` in package.json; nothing else of jprof can be loaded there. */
export function nodeComplaint(version: string, range: string = packageJson.engines.node): string | undefined {
  const oldest = range.replace(">=", "");
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split(".").map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  return `needs Node.js ${oldest} or newer, this is ${version}; run it with a newer one`;
}
