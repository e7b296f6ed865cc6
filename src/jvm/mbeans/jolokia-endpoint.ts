/** Where the Jolokia agent of a JVM listens, as its command line says. */
export interface FoundEndpoint {
  readonly url: string;
}

type Options = ReadonlyMap<string, string>;

const defaultPort = "8778";
/** Addresses that mean every interface, or this one, to the agent. */
const local: ReadonlySet<string> = new Set(["*", "0.0.0.0", "::", "[::]", "localhost", "127.0.0.1"]);

/**
 * Finds the agent among the flags of a JVM: `-javaagent:…jolokia….jar=port=8778,host=…`. Its options come first, then system properties
 * (`-Djolokia.port`), then the file that its option `config` names, which `readFile` gives where it can be read. Undefined where there is
 * no agent, or its address cannot be known, such as with port 0.
 */
export function jolokiaEndpointOf(
  flags: readonly string[],
  readFile: (path: string) => string | undefined = () => undefined,
): FoundEndpoint | undefined {
  const given = flags.flatMap((flag) => agentOptionsOf(flag) ?? []).at(0);
  if (given === undefined) return undefined;
  const properties = systemProperties(flags);
  const config = given.get("config");
  const text = config === undefined ? "" : readFile(config);
  const port = given.get("port") ?? properties.get("port");
  if (text === undefined && port === undefined) return undefined;
  return endpointOf(new Map([...parseProperties(text ?? ""), ...properties, ...given]));
}

/** Of `-javaagent:jar=options`, where the jar is Jolokia's. */
function agentOptionsOf(flag: string): Options | undefined {
  const [, jar, options] = /^-javaagent:([^=]+)(?:=(.*))?$/s.exec(flag) ?? [];
  const name = jar?.slice(jar.lastIndexOf("/") + 1);
  if (name === undefined || !/jolokia/i.test(name)) return undefined;
  return parseAgentOptions(options ?? "");
}

/** `port=8778,host=*`; a comma within a value is written `\,`. Undefined for what the agent itself would not take. */
function parseAgentOptions(text: string): Options | undefined {
  const options = new Map<string, string>();
  for (const [option] of text.matchAll(/(?:\\.|[^,\\])+/gs)) {
    const equals = option.indexOf("=");
    if (equals < 1) return undefined;
    options.set(option.slice(0, equals), option.slice(equals + 1).replaceAll(/\\(.)/gs, "$1"));
  }
  return options;
}

function systemProperties(flags: readonly string[]): Options {
  const properties = flags.flatMap((flag) => {
    const [, key, value] = /^-Djolokia\.(\w+)=(.*)$/s.exec(flag) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
  return new Map(properties);
}

/** A file of Java properties, without values that go on in a next line. */
function parseProperties(text: string): Options {
  const properties = text.split(/\r?\n/).flatMap((line) => {
    const [, key, value] = /^\s*([^#!=:\s][^=:\s]*)\s*[=:\s]\s*(.*?)\s*$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value.replaceAll(/\\(.)/g, "$1")] as const];
  });
  return new Map(properties);
}

function endpointOf(options: Options): FoundEndpoint | undefined {
  const port = options.get("port") ?? defaultPort;
  const context = options.get("agentContext") ?? "/jolokia";
  if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535) return undefined;
  const text = `${options.get("protocol") ?? "http"}://${hostOf(options.get("host"))}:${port}${context}`;
  const url = URL.parse(text);
  return url === null || text.includes("${") ? undefined : { url: url.href.replace(/\/$/, "") };
}

function hostOf(host: string | undefined): string {
  if (host === undefined || local.has(host)) return "127.0.0.1";
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
