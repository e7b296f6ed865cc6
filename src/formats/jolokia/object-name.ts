/** The name of an MBean, or a pattern of names: `java.lang:type=MemoryPool,name=*`. */
export interface ObjectName {
  readonly domain: string;
  /** In the order of the name, without quotes. */
  readonly properties: ReadonlyMap<string, string>;
  /** Whether it may match more than one MBean. */
  readonly isPattern: boolean;
  /** Keys whose value has no wildcard. */
  readonly exactKeys: readonly string[];
}

const property = /([^,=:*?"\n]+)=("(?:[^"\\\n]|\\["\\*?n])*"|[^,=:"\n]+)(?:,|$)/y;

/** Undefined for text that is no name: one such name would fail a whole bulk request. */
export function parseObjectName(text: string): ObjectName | undefined {
  const colon = text.indexOf(":");
  if (colon < 0 || text.includes("\n")) return undefined;
  const domain = text.slice(0, colon);
  const list = text.slice(colon + 1);
  const properties = new Map<string, string>();
  const exactKeys: string[] = [];
  let isOpen = false;
  let at = 0;
  while (at < list.length) {
    if (isOpenEnd(list, at)) {
      isOpen = true;
      break;
    }
    property.lastIndex = at;
    const [whole, key, value] = property.exec(list) ?? [];
    if (whole === undefined || key === undefined || value === undefined || properties.has(key)) return undefined;
    properties.set(key, unquoted(value));
    if (!hasWildcard(value)) exactKeys.push(key);
    at += whole.length;
  }
  if ((properties.size === 0 && !isOpen) || list.endsWith(",")) return undefined;
  const isPattern = isOpen || hasWildcard(domain) || exactKeys.length < properties.size;
  return { domain, properties, isPattern, exactKeys };
}

/** The value of one key property: `Metaspace` is the `name` of `java.lang:name=Metaspace,type=MemoryPool`. */
export function propertyOf(mbean: string, key: string): string | undefined {
  return parseObjectName(mbean)?.properties.get(key);
}

/** `*` in place of the last property: any more of them. */
function isOpenEnd(list: string, at: number): boolean {
  return list[at] === "*" && at === list.length - 1;
}

function hasWildcard(value: string): boolean {
  const literal = value.startsWith('"') ? value.replace(/\\./g, "") : value;
  return literal.includes("*") || literal.includes("?");
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  return value.slice(1, -1).replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}
