import { linesOf } from "./reply.ts";

/** What `VM.uptime` prints. */
export interface Uptime {
  readonly uptimeSeconds: number;
  /** When it was asked, with `-date`. */
  readonly takenAtMillis: number | undefined;
}

/** The reply to `VM.uptime` (`4.470 s`) and `VM.uptime -date` (`2026-11-25T03:44:35.209+0000: 4.649 s`); undefined when it is not one. */
export function parseUptime(text: string): Uptime | undefined {
  for (const line of linesOf(text)) {
    const parts = /^(?:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d)(\d\d): )?(\d+[.,]\d+) s$/.exec(line);
    if (!parts) continue;
    const [, date, offsetMinutes, seconds] = parts;
    return {
      uptimeSeconds: Number(seconds!.replace(",", ".")),
      takenAtMillis: date === undefined ? undefined : Date.parse(`${date}:${offsetMinutes}`),
    };
  }
  return undefined;
}
