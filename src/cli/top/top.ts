import { derivations } from "../../../collectors/derived/index.ts";
import { collectors } from "../../../collectors/index.ts";
import { exportedTargetOf } from "../../agent/service.ts";
import { missingOf } from "../../agent/target-samples.ts";
import { verdictsOf } from "../../agent/verdicts.ts";
import { type WatchedTarget, watchTarget } from "../../agent/watched-target.ts";
import { TargetError, UsageError } from "../../model/errors.ts";
import type { Exporter } from "../../model/exporter.ts";
import type { DiscoveredJvm, JvmSource } from "../../model/jvm-source.ts";
import { policies } from "../../model/policy.ts";
import { agentJvms } from "../agent-jvms.ts";
import { defaultAgentSettings } from "../agent-settings.ts";
import { chosenJvm } from "../chosen-jvm.ts";
import type { ProcessConfig } from "../config.ts";
import { exitCodes } from "../exit-codes.ts";
import { writeToStdout } from "../output.ts";
import { paintFor } from "../terminal.ts";
import { openScreen } from "./top-screen.ts";
import { TopRecord } from "./top-state.ts";
import { topLines } from "./top-view.ts";

export interface TopOptions {
  readonly every: string;
  readonly once?: true;
  readonly policy: string;
}

/** Polls before a single picture is taken: rates need two. */
const pollsForOne = 2;

/** Shows one JVM until the user has seen enough. */
export async function runTop(
  pidText: string | undefined,
  options: TopOptions,
  { width }: ProcessConfig,
): Promise<number> {
  const everyMillis = parseSeconds(options.every) * 1000;
  const policy = policies.find((name) => name === options.policy) ?? "observe";
  const jvms = agentJvms({ ...defaultAgentSettings, policy }, { audit: () => undefined });
  const jvm = await chosenJvm(jvms, parsePid(pidText));
  const isLive = options.once !== true && process.stdout.isTTY === true;
  const screen = isLive ? openScreen() : undefined;
  const record = new TopRecord();
  let drawn: () => void = () => undefined;
  let failed: (error: unknown) => void = () => undefined;
  const watched = watch(jvm, jvms, {
    ...{ record, everyMillis },
    drawn: () => drawn(),
    failed: (error) => failed(error),
  });
  const picture = (size: { readonly width: number; readonly height: number | undefined }) =>
    topLines(record.state(watched.exported()), factsOf(watched), { ...size, paint: paintFor(process.stdout) });
  try {
    await new Promise<void>((resolve, reject) => {
      failed = reject;
      drawn = () => {
        if (isGone(watched)) reject(new TargetError(`process ${jvm.identity.pid} has ended`));
        else if (screen === undefined) return watched.polls() >= pollsForOne ? resolve() : undefined;
        else screen.draw(picture(screen.size()));
      };
      screen?.closed.then(resolve, reject);
    });
    if (screen === undefined) await writeToStdout(`${picture({ width, height: undefined }).join("\n")}\n`);
    return exitCodes.done;
  } finally {
    screen?.close();
    await watched.stop();
  }
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds < 0.5 || seconds > 3600) {
    throw new UsageError(`--every takes seconds from 0.5 to 3600, got '${text}'`);
  }
  return seconds;
}

function parsePid(text: string | undefined): number | undefined {
  if (text !== undefined && !/^\d+$/.test(text)) throw new UsageError(`a process id is a number, got '${text}'`);
  return text === undefined ? undefined : Number(text);
}

interface Drawing {
  readonly record: TopRecord;
  readonly everyMillis: number;
  readonly drawn: () => void;
  readonly failed: (error: unknown) => void;
}

function watch(jvm: DiscoveredJvm, jvms: JvmSource, { record, everyMillis, drawn, failed }: Drawing): WatchedTarget {
  const recorder: Exporter = {
    name: "top",
    accept: (_target, current, observations) => record.add(current, observations, Date.now()),
    forget: () => undefined,
    droppedSeries: () => 0,
    close: async () => undefined,
  };
  const live = jvms.open(jvm);
  const ticking = setInterval(() => live.tick(), defaultAgentSettings.tickMillis);
  const watched = watchTarget(jvm, live, {
    collectors: collectors.filter(({ enabledByDefault }) => enabledByDefault),
    derivations,
    exporters: [recorder],
    pollMillis: everyMillis,
    deadlineMillis: Math.max(1_000, everyMillis),
    window: { pointsPerSeries: 720, seriesPerMetric: 64, ageSeconds: 3600 },
    exportedTargetOf: ({ identity }) => exportedTargetOf(identity, { serviceName: undefined, attributes: {} }),
    polled: drawn,
    failed: (_target, error) => failed(error),
  });
  return {
    ...watched,
    stop() {
      clearInterval(ticking);
      return watched.stop();
    },
  };
}

function isGone({ live }: WatchedTarget): boolean {
  return live.tiers().some(({ tier, state }) => tier === "proc" && state === "absent");
}

function factsOf(watched: WatchedTarget) {
  return {
    verdicts: verdictsOf(watched.samples()),
    tiers: watched.live.tiers(),
    policy: watched.live.policy,
    missing: watched
      .states()
      .filter((state) => missingOf(state).length > 0)
      .map((state) => {
        const isInPart = (state.lastGood?.collection.samples.length ?? 0) > 0;
        return `${isInPart ? "not all of" : "no"} ${state.name}: ${missingOf(state)[0]!.reason}`;
      }),
  };
}
