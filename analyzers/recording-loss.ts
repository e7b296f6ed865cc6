import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatBytes, formatCount, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, rowsOf, valuesOf } from "./event-rows.ts";
import { atMost, fact, findingOf, judge } from "./judgement.ts";
import { formatPoint } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

/** What of the recording is not there: lost by the JVM, or not readable. */
export const recordingLoss: Analyzer<"recording"> = {
  name: "recording-loss",
  description: "events that the JVM lost, and parts of the file that could not be read",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: findingsOf(recording), sections: [] }),
};

function findingsOf(recording: RecordingEvidence): Finding[] {
  const { file, lostBytes } = recording;
  const lossEvents = eventsOf(recording, "jdk.DataLoss");
  const share = lostShare(recording);
  if (share === undefined) return [];
  const finding = findingOf({
    rule: "recording/data-loss",
    ...judge(share, jvmThresholds.recording.lostShare)!,
    title: titleOf(recording, share),
    impact: { value: lostBytes, unit: "bytes" },
    evidence: evidenceOf(recording),
    advice:
      lossEvents.rows > 0
        ? "Give the recording bigger buffers (-XX:FlightRecorderOptions=memorysize=64m,globalbuffersize=4m), a faster disk, or fewer events (higher thresholds)."
        : "Take the file after the recording was dumped or stopped (jcmd <pid> JFR.dump); of one that was cut off, trust what is there and not what is missing.",
  });
  // Of a chunk that is still being written, the end is missing; and a few names always go with full buffers.
  const isHarmless = lossEvents.rows === 0 && lostBytes === 0 && recording.lostEvents === 0;
  return [isHarmless || (file.isOpen && lossEvents.rows === 0) ? atMost("info", finding) : finding];
}

/** Lost part of the file, of the events or of the names, whichever is most; undefined when nothing is. */
function lostShare(recording: RecordingEvidence): number | undefined {
  const { file, lostBytes, lostEvents, unresolvedConstants } = recording;
  const events = [...recording.eventCounts.values()].reduce((sum, count) => sum + count, 0);
  const unresolved = unresolvedConstants / Math.max(1, events);
  const lossEvents = recording.eventCounts.get("jdk.DataLoss") ?? 0;
  const isWhole = lostBytes === 0 && lostEvents === 0 && file.losses.length === 0 && lossEvents === 0;
  if (isWhole && unresolved < jvmThresholds.recording.unresolvedShare) return undefined;
  const shares = [lostBytes / Math.max(1, file.fileBytes), lostEvents / Math.max(1, events + lostEvents), unresolved];
  return Math.min(1, Math.max(...shares));
}

function titleOf({ file, lostBytes, lostEvents }: RecordingEvidence, share: number): string {
  const lost = [
    ...(lostBytes > 0 ? [formatBytes(lostBytes)] : []),
    ...(lostEvents > 0 ? [formatNumberOf(lostEvents, "event")] : []),
  ];
  return lost.length > 0
    ? `The recording lacks ${lost.join(" and ")} (${formatPercent(share)}): totals are too small, and quiet times may not have been`
    : `The recording is incomplete (${file.losses[0]?.reason ?? "names are missing"}): totals may be too small`;
}

function evidenceOf(recording: RecordingEvidence): FindingEvidence[] {
  const { file, unresolvedConstants } = recording;
  const events = eventsOf(recording, "jdk.DataLoss");
  return [
    ...file.losses.slice(0, 5).map(({ offset, bytes, reason }) => {
      return fact(`byte ${formatCount(offset)}`, `${formatBytes(bytes)}: ${reason}`, "text", file.name);
    }),
    ...rowsOf(events)
      .slice(0, 3)
      .map((row) => {
        return fact(
          `lost by the JVM at ${formatPoint(events.start(row))}`,
          events.number("amount", row),
          "bytes",
          "jdk.DataLoss",
        );
      }),
    ...samplesLost(recording),
    ...(unresolvedConstants > 0
      ? [fact("names that are not in the file", unresolvedConstants, "count", "constant pools")]
      : []),
  ];
}

function samplesLost(recording: RecordingEvidence): FindingEvidence[] {
  const lost = valuesOf(eventsOf(recording, "jdk.CPUTimeSamplesLost"), "lostSamples").reduce(
    (sum, count) => sum + count,
    0,
  );
  return lost > 0 ? [fact("samples of CPU time lost", lost, "count", "jdk.CPUTimeSamplesLost")] : [];
}
