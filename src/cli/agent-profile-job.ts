import type { Repository } from "../recorders/repository.ts";

/** What `/profile` can be asked for, beside what the recording holds. */
export const profileFormatTypes = {
  html: "text/html; charset=utf-8",
  collapsed: "text/plain; charset=utf-8",
  pprof: "application/octet-stream",
  speedscope: "application/json; charset=utf-8",
  json: "application/json; charset=utf-8",
} as const;
export type ProfileFormatName = keyof typeof profileFormatTypes;

/** One profile that the process beside the agent is to make. */
export interface ProfileJob {
  readonly repository: Repository;
  readonly kind: string;
  /** Of several events of a kind. */
  readonly event: string | undefined;
  readonly seconds: number;
  readonly format: ProfileFormatName;
  readonly title: string;
}

/** How that process ends; what it has to say is on its stderr. */
export const profileExits = { done: 0, nothing: 4, several: 5 } as const;
