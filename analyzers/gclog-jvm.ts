import type { AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import { formatBytes } from "../src/model/format-number.ts";
import type { GcLogEvidence } from "../src/model/gc-log-evidence.ts";
import type { Section } from "../src/model/section.ts";
import { logFactsOf } from "./gclog-facts.ts";
import { argumentsIn } from "./recorded-jvm.ts";
import { redactArgument } from "./redaction.ts";

/** What the log's head tells of the JVM and its machine. */
export const gclogJvm: Analyzer<"gcLog"> = {
  name: "gclog-jvm",
  description: "the JVM, its collector, flags and machine, as the log's head tells them",
  needs: ["gcLog"],
  analyze: ({ gcLog }, options) => ({ findings: [], sections: [sectionOf(gcLog, options)] }),
};

function sectionOf(log: GcLogEvidence, options: AnalysisOptions): Section {
  const facts = logFactsOf(log);
  const all = argumentsIn(facts.flags);
  const version = /\(?([\d][\w.+-]*)/.exec(facts.version?.replace(/^.*JRE \(/, "") ?? "")?.[1];
  const data = {
    version: version?.replace(/[+-].*$/, ""),
    collector: log.collector,
    vmVersion: facts.version,
    maxHeapBytes: facts.maxHeapBytes,
    initialHeapBytes: facts.initialHeapBytes,
    cpus: facts.cpusAvailable,
    memoryBytes: facts.memoryBytes,
    arguments: options.showValues ? all : all.map(redactArgument),
    properties: [],
  };
  const bytes = (amount: number | undefined) => (amount === undefined ? undefined : formatBytes(amount));
  const rows: [string, string | undefined][] = [
    ["build", facts.version],
    ["collector", log.collector],
    ["maximum heap", bytes(facts.maxHeapBytes)],
    ["region", bytes(facts.regionBytes)],
    ["memory", bytes(facts.memoryBytes)],
    ["CPUs", facts.cpusAvailable === undefined ? undefined : String(facts.cpusAvailable)],
    ["threads of the collector", facts.gcThreads === undefined ? undefined : String(facts.gcThreads)],
    ["arguments", data.arguments.length === 0 ? undefined : data.arguments.join(" ")],
  ];
  return {
    name: "jvm",
    title: "JVM",
    data: Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)),
    tables: [
      {
        title: "JVM",
        columns: [
          { title: "what", kind: "text" },
          { title: "value", kind: "text" },
        ],
        rows: rows.filter((row): row is [string, string] => row[1] !== undefined),
        omittedRows: 0,
      },
    ],
    blocks: [],
    shownByDefault: false,
  };
}
