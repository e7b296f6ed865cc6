/** What stands where something was that may be a secret. */
const redacted = "(redacted)";

/** System properties whose values say how the JVM works, and nothing about whom it serves. */
const openProperties =
  /^(java\.(awt\.headless|class\.version|home|io\.tmpdir|net\.prefer\w+|net\.useSystemProxies|nio\..+|rmi\.server\.hostname|security\.(egd|manager)|vendor|version|vm\..+|util\.concurrent\..+|util\.logging\.manager)|jdk\..+|sun\.(arch|boot|cpu|java|jnu|management|net|nio|stdout|stderr|zip|misc)\..+|com\.sun\.management\.jmxremote(\.(port|rmi\.port|local\.only|authenticate|ssl|host))?|file\.encoding|native\.encoding|std(out|err)\.encoding|user\.(country|language|timezone)|os\.(arch|name|version)|io\.netty\.\w+|log4j2?\.[\w.]*(enabled|lookups|async\w*)|jolokia\.\w+|cassandra\.jmx\.\w+\.port)$/i;

const secretNames =
  /pass(word|phrase|wd)?|secret|token|credential|private|auth(?!enticate$)|api[-_.]?key|access[-_.]?key|(^|[-_.])(key|pwd|pin|salt|cert)($|[-_.])/i;

/** Flags whose values are commands of a shell, which hold anything. */
const commandFlags = /^-XX:(OnError|OnOutOfMemoryError)=/;

/** What looks like a flag of a JVM; anything else may be a part of some value. */
const knownFlags =
  /^(-XX:[+-]?\w+|-X[a-z]|--[a-z][\w-]+(=|$)|-(javaagent|agentpath|agentlib|verbose|splash):|-(server|client|verbose|d32|d64|(ea|da|enableassertions|disableassertions)(:.*)?|esa|dsa|enablesystemassertions|disablesystemassertions|showversion)$)/;

/** Agents and libraries: after the path or name come options, in a form of their own. */
const agents = /^(-javaagent:|-agentpath:)([^=]*)=.+$/s;
const agentLibraries = /^(-agentlib:|-Xrun)([^=:]*)[=:].+$/s;

/** The flags with everything replaced that may be a secret: they are shown, exported and logged. */
export function redactFlags(flags: readonly string[]): readonly string[] {
  return flags.map(redactFlag);
}

function redactFlag(flag: string): string {
  if (flag.startsWith("-D")) return redactProperty(flag);
  const agent = agents.exec(flag) ?? agentLibraries.exec(flag);
  if (agent) return `${agent[1]}${agent[2]}=${redacted}`;
  const command = commandFlags.exec(flag);
  if (command) return `${command[0]}${redacted}`;
  if (!knownFlags.test(flag)) return redacted;
  const equals = flag.indexOf("=");
  if (equals > 0 && (secretNames.test(flag.slice(0, equals)) || holdsLogin(flag))) {
    return `${flag.slice(0, equals)}=${redacted}`;
  }
  return holdsLogin(flag) ? redacted : flag;
}

/** Of a system property the name is always shown, its value only where it is known to be harmless. */
function redactProperty(flag: string): string {
  const equals = flag.indexOf("=");
  if (equals < 0) return flag;
  const name = flag.slice(2, equals);
  const value = flag.slice(equals + 1);
  if (value === "" || /^(true|false)$/.test(value)) return flag;
  const isOpen = openProperties.test(name) && !secretNames.test(name) && !holdsLogin(value);
  return isOpen ? flag : `-D${name}=${redacted}`;
}

/** A URL with a user and password in it, or the address of a database, whose parameters may have them. */
function holdsLogin(text: string): boolean {
  return /:\/\/[^/\s]*@/.test(text) || /\bjdbc:/i.test(text) || /[?&;](user|password|token|secret|key)\w*=/i.test(text);
}
