/** A thread's name as the pool it belongs to: numbers, hashes and everything after a `=` become #. */
export function redactThreadName(name: string): string {
  return name
    .replace(/=[^\s,;]+/g, "=#")
    .replace(/\S+@\S+/g, "#")
    .replace(/[A-Za-z0-9+/_]{12,}/g, (word) => (isRandom(word) ? "#" : word))
    .replace(/\b(?=[0-9a-f-]*[0-9])[0-9a-f]{4,}(?:-[0-9a-f]{2,})*\b/gi, "#")
    .replace(/\d+/g, "#")
    .replace(/#(?:[-.:]?#)+/g, "#");
}

/** Letters and digits mixed as no word mixes them: a token, a key, a hash. */
function isRandom(word: string): boolean {
  const changes = word.match(/[A-Za-z][0-9]|[0-9][A-Za-z]/g)?.length ?? 0;
  return changes >= 3;
}

/** What is shown of a property or argument that may hold a secret. */
export const redacted = "(redacted)";

const openProperties =
  /^(java\.(version|version\.date|vendor|vendor\.version|runtime\.(name|version)|vm\.(name|version|vendor|info|compressedOopsMode|specification\.version)|specification\.version|class\.version)|os\.(name|arch|version)|sun\.(arch\.data\.model|cpu\.endian|management\.compiler|jnu\.encoding|nio\.MaxDirectMemorySize)|file\.(encoding|separator)|native\.encoding|std(out|err)\.encoding|user\.(language|country|timezone)|jdk\.debug|java\.awt\.headless|path\.separator|io\.netty\.(maxDirectMemory|allocator\.\w+)|jdk\.nio\.maxCachedBufferSize)$/;

/** Whether a system property says only what JVM and machine this is, or is a switch. */
export function isOpenProperty(name: string, value: string): boolean {
  return openProperties.test(name) || value === "true" || value === "false";
}

/** A JVM argument with only such values as cannot be secrets: sizes, numbers, switches. */
export function redactArgument(argument: string): string {
  if (/^-X(m[sxn]|ss|int|comp|mixed|rs|share:\w+|verify:\w+)\d*[kmgt]?$/i.test(argument)) return argument;
  if (/^-XX:[+-]\w+$/.test(argument) || /^-XX:\w+=\d+(\.\d+)?[kmgt]?$/i.test(argument)) return argument;
  if (/^-(server|client|ea|esa|da|dsa|d64|d32)$/.test(argument)) return argument;
  if (/^--(add-(exports|opens|modules|reads)|enable-preview|enable-native-access|illegal-access)\b/.test(argument))
    return argument;
  const name = /^-(?:D[\w.$-]+|XX:\w+|X\w+|agentlib:\w+|javaagent|agentpath|verbose|-[\w-]+)/.exec(argument)?.[0];
  if (name === undefined) return redacted;
  return name.length === argument.length ? name : `${name}=${redacted}`;
}
