import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatCount, formatNumberOf } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, rowsOf } from "./event-rows.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { groupedBy } from "./recorded-stacks.ts";
import { formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";
import { warmUpEnd } from "./warm-up.ts";

const limits = jvmThresholds.classes;

/** Classes that are loaded all the time, and loaders that are made again and again. */
export const jvmClassLoading: Analyzer<"recording"> = {
  name: "jvm-class-loading",
  description: "classes loaded after the start, classes that only become more, and loaders of one name that pile up",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: [...loading(recording), ...sameLoaders(recording)], sections: [] }),
};

/** By the second half of the recording, and not while the JVM starts. */
function loading(recording: RecordingEvidence): Finding[] {
  const events = eventsOf(recording, "jdk.ClassLoadingStatistics");
  const warm = warmUpEnd(recording, { warmUpSeconds: limits.warmUpSeconds, warmUpShare: 1 });
  const first = rowsOf(events).find((row) => events.start(row) >= Math.max(warm, recording.durationSeconds / 2));
  const last = events.rows - 1;
  if (first === undefined || last <= first) return [];
  const seconds = events.start(last) - events.start(first);
  const loaded = events.number("loadedClassCount", last) - events.number("loadedClassCount", first);
  const unloaded = events.number("unloadedClassCount", last) - events.number("unloadedClassCount", first);
  const perMinute = ((loaded - unloaded) / seconds) * 60;
  const judgements = [judge(loaded / seconds, limits.perSecond), judge(perMinute, limits.growthPerMinute)];
  const [judged] = judgements.filter((one) => one !== undefined).sort((a, b) => b.score - a.score);
  if (seconds < 5 || judged === undefined) return [];
  return [
    findingOf({
      rule: "jvm/class-loading",
      key: "jvm/class-loading#rate",
      ...judged,
      title: `${formatNumberOf(loaded, "class", "classes")} loaded and ${formatCount(unloaded)} unloaded in the last ${formatSpan(seconds)}: ${formatCount(loaded / seconds, 1)} a second, long after a start`,
      impact: { value: loaded - unloaded, unit: "count" },
      evidence: [
        fact(
          "loaded since the JVM's start",
          events.number("loadedClassCount", last),
          "count",
          "jdk.ClassLoadingStatistics",
        ),
        fact("unloaded since", events.number("unloadedClassCount", last), "count", "jdk.ClassLoadingStatistics"),
        ...definedClasses(recording),
      ],
      advice:
        "Record with jdk.ClassDefine (with stack traces) to see who makes them: scripts, proxies, serializers, expression languages and reloads of plug-ins are the usual ones; cache what they compile.",
    }),
  ];
}

/** Classes that were loaded most often, where their events were on. */
function definedClasses(recording: RecordingEvidence) {
  return [["jdk.ClassDefine", "definedClass"] as const, ["jdk.ClassLoad", "loadedClass"] as const].flatMap(
    ([type, field]) => {
      const events = eventsOf(recording, type);
      return groupedBy(rowsOf(events), (row) => events.text(field, row))
        .filter(({ count }) => count > 1)
        .slice(0, 3)
        .map(({ key, count }) => fact(`${key} loaded`, count, "count", type));
    },
  );
}

interface LoaderCount {
  readonly loader: string;
  readonly first: number;
  readonly last: number;
  readonly classes: number;
  readonly bytes: number;
}

/** Loaders of one class, at the first and the last time that they were counted. */
function sameLoaders(recording: RecordingEvidence): Finding[] {
  const [worst] = loaderCounts(recording)
    .filter(({ first, last }) => last - first >= limits.grownLoaders)
    .sort((a, b) => b.last - a.last);
  const judged = worst && judge(worst.last, limits.sameLoaders);
  if (worst === undefined || judged === undefined) return [];
  return [
    findingOf({
      rule: "jvm/class-loading",
      key: `jvm/class-loading#${worst.loader}`,
      ...judged,
      title: `${formatNumberOf(worst.last, "loader")} of class \`${worst.loader}\` are alive, ${formatCount(worst.last - worst.first)} more than at the recording's start`,
      impact: { value: worst.bytes, unit: "bytes" },
      evidence: [
        fact("classes that they define", worst.classes, "count", "jdk.ClassLoaderStatistics"),
        fact("metaspace of them", formatBytes(worst.bytes), "text", "jdk.ClassLoaderStatistics"),
      ],
      advice:
        "Take a heap dump and read it with jprof analyze: heap/class-loader-leak names what holds the old loaders (threads, thread locals, listeners, caches keyed by class).",
    }),
  ];
}

function loaderCounts(recording: RecordingEvidence): LoaderCount[] {
  const events = eventsOf(recording, "jdk.ClassLoaderStatistics");
  const rounds = new Map<string, number[][]>();
  let round = -1;
  let began = Number.NEGATIVE_INFINITY;
  for (const row of rowsOf(events)) {
    // One count of all loaders is written within milliseconds; the next one comes after the period.
    if (events.start(row) > began + 1) {
      round++;
      began = events.start(row);
    }
    const loader = events.text("classLoader.type", row) ?? events.text("classLoader", row);
    if (loader === undefined || reflective.test(loader)) continue;
    const ofLoader = rounds.get(loader) ?? [];
    rounds.set(loader, ofLoader);
    ofLoader[round] = [...(ofLoader[round] ?? []), row];
  }
  return [...rounds].map(([loader, byRound]) => {
    const last = byRound[round] ?? [];
    const sum = (field: string) => last.reduce((total, row) => total + events.amount(field, row), 0);
    return {
      loader,
      first: byRound[0]?.length ?? 0,
      last: last.length,
      classes: sum("classCount"),
      bytes: sum("chunkSize"),
    };
  });
}

/** One loader for each accessor that reflection generates: many, and freed with what they serve. */
const reflective = /^(jdk\.internal|sun)\.reflect\.DelegatingClassLoader\b/;
