import { z } from "zod";
import { severities } from "../model/finding.ts";
import { schemaVersion } from "../reports/json.ts";
import { bytes } from "./schema-values.ts";
import { sections } from "./section-schema.ts";
import { summary } from "./summary-schema.ts";

// Objects are loose: new names may appear in any of them; those that are here do not change their meaning.

const finding = z.looseObject({
  rule: z.string().regex(/^[a-z-]+\/[a-z-]+$/),
  key: z.string().describe("the same in the next run on another dump of the same service"),
  severity: z.enum(severities),
  score: z.number().min(0).max(100),
  title: z.string(),
  impact: z.object({ value: z.number(), unit: z.enum(["bytes", "count", "seconds", "ratio"]) }),
  evidence: z.array(
    z.object({
      label: z.string(),
      value: z.union([z.number(), z.string()]),
      unit: z.enum(["bytes", "count", "seconds", "ratio", "text"]),
      source: z.string(),
    }),
  ),
  advice: z.string(),
  docs: z.string().describe("page below docs/"),
  input: z.string().describe("name of the input, as given"),
});

const input = z.looseObject({
  name: z.string().describe("as given on the command line"),
  format: z.string().optional(),
  fileBytes: bytes.optional(),
  error: z.string().optional().describe("why it could not be read; the others were"),
  sections: sections.optional().describe("sections that an earlier input has given already"),
});

/** What `--format json` writes. */
const report = z.looseObject({
  schemaVersion: z.literal(schemaVersion),
  tool: z.object({ name: z.literal("jprof"), version: z.string() }),
  inputs: z.array(input),
  summary: z.array(summary).describe("one entry per input that was read"),
  findings: z.array(finding).describe("best first"),
  sections,
});

/** The published JSON Schema of the report, as it is committed in docs/. */
export function reportSchemaText(): string {
  const schema = z.toJSONSchema(report, { target: "draft-7" });
  return `${JSON.stringify({ title: "jprof report", ...schema }, null, 2)}\n`;
}
