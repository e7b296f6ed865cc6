import type { Labels } from "./metric.ts";

/** Labels as text, the same for the same set. */
export function labelsKey(labels: Labels): string {
  const names = Object.keys(labels);
  if (!isSorted(names)) names.sort();
  let key = "";
  for (const name of names) key += `${name}\u0001${labels[name]}\u0002`;
  return key;
}

/** Most are, and looking makes no object. */
function isSorted(names: readonly string[]): boolean {
  for (let index = 1; index < names.length; index++) if (names[index - 1]! > names[index]!) return false;
  return true;
}
