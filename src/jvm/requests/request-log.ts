import type { Impact, Policy } from "../../model/policy.ts";
import type { RequestUsage, TargetIdentity } from "../../model/target.ts";
import type { AttachResult } from "../attach/attach-client.ts";
import type { AuditEntry } from "./audit-entry.ts";
import { UsageCounts } from "./usage-counts.ts";

/** Where requests are written down, and what is measured of the JVM meanwhile. */
export interface RequestLogTerms {
  readonly identity: TargetIdentity;
  readonly policy: Policy;
  audit(entry: AuditEntry): void;
  /** How long the JVM's threads have stood still since it began, by its own counter. */
  stoppedSeconds(): number | undefined;
  now(): number;
}

/** What is about to be sent. */
export interface LoggedRequest {
  readonly request: AuditEntry["request"];
  readonly commands: readonly LoggedCommand[];
  readonly predictedStopSeconds: number;
}

interface LoggedCommand {
  readonly name: string;
  readonly text: string;
  readonly impact: Impact | undefined;
}

/** What came of it. */
export interface LoggedEnd {
  readonly result: Pick<AttachResult, "isSent" | "replyBytes" | "seconds">;
  /** Of each command; those beyond the last were not run. */
  readonly outcomes: readonly RequestUsage["outcome"][];
  readonly reason: string;
}

/** Counts what is asked of a JVM and what that costs it, and writes one entry for each request that was sent. */
export class RequestLog {
  readonly #terms: RequestLogTerms;
  readonly #usage = new UsageCounts();

  constructor(terms: RequestLogTerms) {
    this.#terms = terms;
  }

  /** Called right before a request; what it gives, right after. That tells for how long the JVM's threads stood still. */
  begin(logged: LoggedRequest): (end: LoggedEnd) => number | undefined {
    const time = new Date(this.#terms.now()).toISOString();
    const before = this.#terms.stoppedSeconds();
    return (end) => {
      const after = this.#terms.stoppedSeconds();
      const rise = before === undefined || after === undefined ? undefined : Math.max(after - before, 0);
      // The counter rises when a stop ends, so one that began before the request counts with its whole length.
      const stoppedSeconds = rise === undefined ? undefined : Math.min(rise, end.result.seconds);
      if (logged.request !== "signal") this.#count(logged, end, stoppedSeconds ?? 0);
      if (end.result.isSent) this.#terms.audit(this.#entryOf(time, logged, end, stoppedSeconds));
      return stoppedSeconds;
    };
  }

  /** The JVM was sent SIGQUIT. */
  signalled(): void {
    const commands = [{ name: "SIGQUIT", text: "SIGQUIT", impact: undefined }];
    const finish = this.begin({ request: "signal", commands, predictedStopSeconds: 0 });
    finish({ result: { isSent: true, replyBytes: 0, seconds: 0 }, outcomes: ["answered"], reason: "" });
  }

  /** A command that was not sent, for policy's or budget's sake. */
  refused(command: string): void {
    this.#usage.add(command, "refused", 0, 0);
  }

  usage(): readonly RequestUsage[] {
    return this.#usage.all();
  }

  /** What a request took is shared evenly among its commands. */
  #count({ commands }: LoggedRequest, { result, outcomes }: LoggedEnd, stoppedSeconds: number): void {
    for (const [index, outcome] of outcomes.entries()) {
      const name = commands[index]?.name;
      if (name === undefined) continue;
      this.#usage.add(name, outcome, result.seconds / outcomes.length, stoppedSeconds / outcomes.length);
    }
  }

  #entryOf(time: string, logged: LoggedRequest, end: LoggedEnd, stoppedSeconds: number | undefined): AuditEntry {
    const { pid, startTicks } = this.#terms.identity;
    const { replyBytes, seconds } = end.result;
    return {
      time,
      pid,
      startTicks,
      request: logged.request,
      commands: logged.commands.map(({ text }) => text),
      policy: this.#terms.policy,
      impact: highestOf(logged.commands),
      predictedStopSeconds: logged.predictedStopSeconds,
      replyBytes,
      seconds,
      stoppedSeconds,
      outcome: end.outcomes.find((outcome) => outcome !== "answered") ?? "answered",
      reason: end.reason,
    };
  }
}

function highestOf(commands: readonly LoggedCommand[]): Impact | undefined {
  return (["high", "medium", "low"] as const).find((impact) => commands.some((each) => each.impact === impact));
}
