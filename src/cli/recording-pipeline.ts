import { recordingAnalyzers } from "../../analyzers/of-recordings.ts";
import type { ByteSource } from "../bytes/byte-source.ts";
import { openContent, openStdin } from "../formats/compressed/open-content.ts";
import { readChunkHeader } from "../formats/jfr/chunk-header.ts";
import type { RecordingFilter } from "../formats/jfr/event-filter.ts";
import { type RecordingReadOptions, readRecording } from "../formats/jfr/read-recording.ts";
import type { Progress } from "../model/progress.ts";
import type { RecordingEvidence } from "../model/recording.ts";
import type { ProfileSummary } from "../model/report.ts";
import type { Input } from "./input.ts";
import type { InputEvidence, ReadOptions } from "./pipelines.ts";
import { eventTest, type Selection, secondsAfterStart, stateTest, threadTest } from "./selection.ts";

/** A flight recording as evidence: its events as tables, and its profiles. */
export async function readRecordingEvidence(input: Input, options: ReadOptions): Promise<InputEvidence> {
  const { recording, profiles } = readRecordingFile(input, options, {});
  return {
    evidence: { recording, profiles },
    analyzers: recordingAnalyzers,
    profiles,
    summary: recordingSummaryOf(input.name, recording),
    close: () => undefined,
  };
}

/** Reads the part of a recording that was asked for. */
export function readRecordingFile(
  input: Input,
  { selection, progress }: { readonly selection: Selection; readonly progress: Progress },
  options: Pick<RecordingReadOptions, "tables" | "maxRowsPerTable">,
) {
  const source = open(input, progress);
  try {
    return readRecording(source, {
      ...options,
      filter: filterOf(selection, source),
      progress: (done, total) => progress("reading events", done, total),
    });
  } finally {
    source.close();
  }
}

function open(input: Input, progress: Progress): ByteSource {
  if (input.isStdin) return openStdin(input.rawHead, (bytes) => progress("reading stdin", bytes, 0));
  return openContent(input.name, (bytes) => progress("decompressing", bytes, 0));
}

function filterOf(selection: Selection, source: ByteSource): RecordingFilter {
  const { from, to } = selection;
  const startMillis = Number((readChunkHeader(source, 0)?.startNanos ?? 0n) / 1_000_000n);
  const [isThread, isState, isEvent] = [threadTest(selection), stateTest(selection), eventTest(selection)];
  return {
    ...(from === undefined ? {} : { fromSeconds: secondsAfterStart(from, startMillis) }),
    ...(to === undefined ? {} : { toSeconds: secondsAfterStart(to, startMillis) }),
    ...(isThread === undefined ? {} : { isThread }),
    ...(isState === undefined ? {} : { isState }),
    ...(isEvent === undefined ? {} : { isEvent }),
  };
}

function recordingSummaryOf(input: string, recording: RecordingEvidence): ProfileSummary {
  const counts = [...recording.eventCounts].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    kind: "profile",
    input,
    format: recording.file.format,
    eventCounts: Object.fromEntries(counts),
    startTime: new Date(recording.startMillis).toISOString(),
    durationSeconds: recording.durationSeconds,
    lostEvents: recording.lostEvents,
    lostBytes: recording.lostBytes,
  };
}
