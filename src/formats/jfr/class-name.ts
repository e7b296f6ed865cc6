const primitives: Readonly<Record<string, string>> = {
  B: "byte",
  C: "char",
  D: "double",
  F: "float",
  I: "int",
  J: "long",
  S: "short",
  V: "void",
  Z: "boolean",
};

/**
 * The source form of a class name as the JVM writes it: `[[B` is `byte[][]`, `[Ljava/lang/String;` is `java.lang.String[]`. The slash before
 * the number of a hidden class stays: `a.B$$Lambda/0x00007f0001`.
 */
export function sourceClassName(internal: string): string {
  let dimensions = 0;
  while (internal[dimensions] === "[") dimensions++;
  if (dimensions === 0) return dotted(internal);
  const element = internal.slice(dimensions);
  const isClass = element.startsWith("L") && element.endsWith(";");
  const name = isClass ? dotted(element.slice(1, -1)) : primitives[element];
  return name === undefined ? internal : name + "[]".repeat(dimensions);
}

function dotted(internal: string): string {
  if (!internal.includes("/")) return internal;
  const hidden = /\/(0x[0-9a-f]+|\d+)$/.exec(internal)?.index ?? internal.length;
  return internal.slice(0, hidden).replaceAll("/", ".") + internal.slice(hidden);
}
