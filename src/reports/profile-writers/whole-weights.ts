import type { Unit } from "../../model/units.ts";

/** What other tools call a unit, and the factor to the whole numbers that they want. */
export const wholeUnits: Readonly<Record<Unit, { readonly name: string; readonly factor: number }>> = {
  seconds: { name: "nanoseconds", factor: 1e9 },
  bytes: { name: "bytes", factor: 1 },
  count: { name: "count", factor: 1 },
  ratio: { name: "ppm", factor: 1e6 },
};

/** A weight as a whole number of the unit that other tools use. */
export function wholeWeight(weight: number, unit: Unit): number {
  return Math.round(weight * wholeUnits[unit].factor);
}
