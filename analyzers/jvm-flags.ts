import type { Analyzer } from "../src/model/analyzer.ts";
import { fact, findingOf } from "./judgement.ts";
import { flagRules } from "./jvm-flag-rules.ts";
import { flagsOf } from "./recorded-flags.ts";

/** Flags of the JVM that cost something, do nothing, or do not go together. */
export const jvmFlags: Analyzer<"recording"> = {
  name: "jvm-flags",
  description:
    "questionable flags of the JVM: harmful, useless, deprecated, or chosen by the JVM for a machine that is too small",
  needs: ["recording"],
  analyze: ({ recording }) => {
    const flags = flagsOf(recording);
    const remarks = flags.size === 0 ? [] : flagRules.flatMap((rule) => rule(flags, recording) ?? []);
    const findings = remarks.map(({ flag, severity, title, advice }) =>
      findingOf({
        rule: "jvm/flags",
        key: `jvm/flags#${flag}`,
        severity,
        score: severity === "warning" ? 55 : 20,
        title,
        impact: { value: 1, unit: "count" },
        evidence: [
          fact(
            `-XX flag ${flag}`,
            flags.get(flag)?.origin || "as configured",
            "text",
            "jdk.BooleanFlag and the like: who set it",
          ),
        ],
        advice,
      }),
    );
    return { findings, sections: [] };
  },
};
