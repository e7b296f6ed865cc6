import type { Analysis, Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatCount, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { HeapFile } from "../src/model/heap-evidence.ts";
import type { Section } from "../src/model/section.ts";
import { thresholds } from "./thresholds.ts";

/** What of the dump could not be read, and how far the rest can be trusted. */
export const damagedDump: Analyzer<"heap"> = {
  name: "damaged-dump",
  description: "parts of the dump that could not be read",
  needs: ["heap"],
  analyze: ({ heap }) => analysisOf(heap.file),
};

/** The same for a dump that was only scanned. */
export const damagedScan: Analyzer<"histogram"> = {
  name: "damaged-scan",
  description: "parts of the dump that could not be read, from one scan",
  needs: ["histogram"],
  analyze: ({ histogram }) => analysisOf(histogram.file),
};

function analysisOf(file: HeapFile): Analysis {
  if (file.losses.length === 0) return { findings: [], sections: [{ ...sectionOf(file), shownByDefault: false }] };
  return { findings: [findingOf(file)], sections: [sectionOf(file)] };
}

function findingOf(file: HeapFile): Finding {
  const lostBytes = file.losses.reduce((bytes, loss) => bytes + loss.bytes, 0);
  const share = Math.min(1, lostBytes / Math.max(1, file.fileBytes));
  const worst = file.losses.reduce((most, loss) => (loss.bytes > most.bytes ? loss : most));
  const where = `byte ${formatCount(worst.offset)}: ${worst.reason}`;
  return {
    rule: "heap/damaged-dump",
    key: "heap/damaged-dump",
    severity: "warning",
    score: Math.round(50 + 50 * share),
    title:
      lostBytes > 0
        ? `${formatBytes(lostBytes)} of the dump, ${formatPercent(share)}, could not be read, from ${where}`
        : `The dump is incomplete, at ${where}`,
    impact: { value: lostBytes, unit: "bytes" },
    evidence: [
      ...file.losses.slice(0, 10).map(({ offset, bytes, reason }) => ({
        label: "lost",
        value: `${bytes > 0 ? `${formatBytes(bytes)} from byte ${formatCount(offset)}: ` : ""}${reason}`,
        unit: "text" as const,
        source: `${file.name} byte ${offset}`,
      })),
      {
        label: "so",
        value:
          "what was read is counted exactly; objects in the lost part are missing, and what only they hold looks unreachable or held by nothing",
        unit: "text",
        source: "sections.losses",
      },
    ],
    advice:
      "Trust the sizes and the paths shown, not their absence. For the next dump: free disk space of the size of the heap where " +
      "-XX:HeapDumpPath points, and let nothing (kubelet, systemd, an OOM kill) end the JVM before the dump is written.",
    docs: "rules/heap-damaged-dump.md",
  };
}

function sectionOf(file: HeapFile): Section {
  const listed = file.losses.slice(0, thresholds.rows.list);
  return {
    name: "losses",
    title: "What could not be read",
    data: {
      lostBytes: file.losses.reduce((bytes, loss) => bytes + loss.bytes, 0),
      count: file.losses.length,
      losses: listed,
    },
    tables: [
      {
        title: `Lost parts of ${file.name}`,
        columns: [
          { title: "from byte", kind: "count" },
          { title: "lost", kind: "bytes" },
          { title: "why", kind: "text" },
        ],
        rows: listed.map(({ offset, bytes, reason }) => [offset, bytes, reason]),
        omittedRows: file.losses.length - listed.length,
        ...(file.losses.length === 0 ? { note: `${formatNumberOf(0, "byte")} lost: the whole file was read` } : {}),
      },
    ],
    blocks: [],
    shownByDefault: true,
  };
}
