import { propertyOf } from "./object-name.ts";
import { isRecord } from "./replies.ts";

/** A number among the attributes of an MBean or the parts of a composite; undefined where it is missing or none (NaN comes as null). */
export function numberIn(value: unknown, ...path: readonly string[]): number | undefined {
  const found = valueIn(value, path);
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}

/** A text among the attributes of an MBean or the parts of a composite. */
export function textIn(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueIn(value, path);
  return typeof found === "string" ? found : undefined;
}

/** What the reading of a pattern found, by one key property of the MBeans' names: `Metaspace` → its attributes. */
export function byProperty(value: unknown, key: string): readonly (readonly [string, unknown])[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([mbean, attributes]) => {
    const property = propertyOf(mbean, key);
    return property === undefined ? [] : [[property, attributes] as const];
  });
}

function valueIn(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const step of path) {
    if (!isRecord(found) || !Object.hasOwn(found, step)) return undefined;
    found = found[step];
  }
  return found;
}
