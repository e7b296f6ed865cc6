import { UsageError } from "../model/errors.ts";
import type { Goal } from "../model/goal.ts";
import { parseDuration } from "./quantities.ts";

/** `pause=200ms,throughput=99%,lease=10s`: the names but for the first two are those of timeouts. Throws `UsageError`. */
export function parseGoal(option: string, text: string): Goal {
  const parts = text.split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
  const goals = parts.map((part) => goalIn(option, part));
  const names = goals.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new UsageError(`${option} has '${twice}' twice`);
  if (goals.length === 0) throw new UsageError(`${option} takes goals such as pause=200ms,throughput=99%, got none`);
  const pause = goals.find(({ name }) => name === "pause");
  const throughput = goals.find(({ name }) => name === "throughput");
  return {
    ...(pause === undefined ? {} : { pauseSeconds: secondsOf(option, pause) }),
    ...(throughput === undefined ? {} : { throughput: shareOf(option, throughput) }),
    timeouts: goals
      .filter(({ name }) => name !== "pause" && name !== "throughput")
      .map((goal) => ({ name: goal.name, seconds: secondsOf(option, goal) })),
  };
}

interface NamedGoal {
  readonly name: string;
  readonly value: string;
}

function goalIn(option: string, part: string): NamedGoal {
  const [, name, value] = /^([a-z][\w-]{0,30})\s*=\s*(.+)$/i.exec(part) ?? [];
  if (name !== undefined && value !== undefined) return { name: name.toLowerCase(), value };
  throw new UsageError(`${option} takes name=value such as pause=200ms or lease=10s, got '${part}'`);
}

function secondsOf(option: string, { name, value }: NamedGoal): number {
  const seconds = parseDuration(`${option} ${name}`, value);
  if (seconds > 0) return seconds;
  throw new UsageError(`${option} ${name} takes a time of more than nothing, got '${value}'`);
}

function shareOf(option: string, { value }: NamedGoal): number {
  const [, digits] = /^(\d+(?:\.\d+)?)\s*%$/.exec(value) ?? [];
  const share = Number(digits ?? value) / (digits === undefined ? 1 : 100);
  if (share > 0 && share < 1) return share;
  throw new UsageError(`${option} throughput takes a share such as 99% or 0.99, got '${value}'`);
}
