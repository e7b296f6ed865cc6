export type JsonRecord = Readonly<{ [name: string]: unknown }>;

/** An object's fields; none of anything else. */
export function recordOf(value: unknown): JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonRecord) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Seconds of an ISO 8601 duration such as `PT0.012345S` or `PT1M2.5S`; of a number, nanoseconds. */
export function parseDuration(value: unknown): number {
  if (typeof value === "number") return value / 1e9;
  const match = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(textOf(value) ?? "");
  if (!match) return Number.NaN;
  return Number(match[1] ?? 0) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
}

const primitives: Readonly<Record<string, string>> = {
  B: "byte",
  C: "char",
  D: "double",
  F: "float",
  I: "int",
  J: "long",
  S: "short",
  Z: "boolean",
};

/** `[B` is `byte[]`, `[Ljava/lang/String;` is `java.lang.String[]`, `java/lang/String` is `java.lang.String`; paths stay. */
export function sourceName(name: string): string {
  const array = /^(\[+)(?:L([^;]+);|([BCDFIJSZ]))$/.exec(name);
  if (array) {
    const element = array[3] === undefined ? sourceName(array[2]!) : primitives[array[3]]!;
    return `${element}${"[]".repeat(array[1]!.length)}`;
  }
  return /^[\w$]+(?:\/[\w$]+)+$/.test(name) ? name.replaceAll("/", ".") : name;
}
