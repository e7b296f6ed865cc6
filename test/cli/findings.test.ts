import { expect, test } from "vitest";
import { analyzeEvidence } from "../../src/cli/findings.ts";
import type { Analyzer } from "../../src/model/analyzer.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { HistogramEvidence } from "../../src/model/heap-evidence.ts";
import { leak } from "../reports/example-report.ts";

const options = { top: 10, showValues: false };
const histogram = {} as HistogramEvidence;

function analyzer(needs: Analyzer["needs"], findings: readonly Partial<Finding>[]): Analyzer {
  const analysis = { findings: findings.map((finding) => ({ ...leak, ...finding })), sections: [] };
  return { name: "some", description: "some", needs, analyze: () => analysis };
}

test("findings are in order of severity, then score, then key", () => {
  const some = analyzer(
    ["histogram"],
    [
      { severity: "info", score: 99, key: "a" },
      { severity: "critical", score: 10, key: "c" },
      { severity: "critical", score: 10, key: "b" },
      { severity: "warning", score: 50, key: "d" },
      { severity: "critical", score: 90, key: "e" },
    ],
  );
  const { findings } = analyzeEvidence({ histogram }, [some], options);
  expect(findings.map(({ key }) => key)).toEqual(["e", "b", "c", "d", "a"]);
});

test("an analyzer runs only when all its evidence is there", () => {
  const both = [analyzer(["histogram"], [{ key: "scan" }]), analyzer(["heap"], [{ key: "heap" }])];
  const { findings } = analyzeEvidence({ histogram }, both, options);
  expect(findings.map(({ key }) => key)).toEqual(["scan"]);
});
