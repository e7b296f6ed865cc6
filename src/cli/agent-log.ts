import pino from "pino";
import type { AuditEntry } from "../jvm/requests/audit-entry.ts";
import type { AgentSettings } from "./agent-settings.ts";

/** The agent's log: one JSON object per line on stderr. Requests to JVMs go to a file of their own where the settings name one. */
export interface AgentLogs {
  readonly log: pino.Logger;
  audit(entry: AuditEntry): void;
  close(): void;
}

/** Opens the log; it is written line by line, so that nothing is lost when the process is killed. */
export function openLogs({ level, auditFile }: AgentSettings["log"]): AgentLogs {
  const options = { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: levelOf } };
  const log = pino({ ...options, level }, pino.destination({ dest: 2, sync: true }));
  if (auditFile === undefined) {
    return { log, audit: (entry) => log.info(auditFactsOf(entry), "request"), close: () => undefined };
  }
  const destination = pino.destination({ dest: auditFile, append: true, sync: true, mode: 0o600 });
  const auditLog = pino(options, destination);
  return {
    log,
    audit: (entry) => auditLog.info(auditFactsOf(entry), "request"),
    close: () => destination.end(),
  };
}

/** The log's own time is when the reply was there. */
function auditFactsOf({ time, ...facts }: AuditEntry) {
  return { event: "request", sentAt: time, ...facts };
}

function levelOf(label: string) {
  return { level: label };
}
