import type { Obstacle } from "../model/jvm-source.ts";

/** One thing that jprof looked at to tell whether it can do its work. */
export interface Check {
  /** What it is about: `counters`, `attach`. */
  readonly name: string;
  /** `advice` is not in the way, but would show more. */
  readonly state: "ok" | "obstacle" | "advice";
  /** What is so, with the path or number that shows it. */
  readonly detail: string;
  /** Stable, for scripts; undefined where all is well. */
  readonly code?: string;
  /** One thing to change. */
  readonly fix?: string;
}

/** A check that went well. */
export function passed(name: string, detail: string): Check {
  return { name, state: "ok", detail };
}

/** A check that found something. */
export function found(
  name: string,
  state: "obstacle" | "advice",
  { code, detail, fix }: Omit<Obstacle, "tier">,
): Check {
  return { name, state, code, detail, fix };
}
