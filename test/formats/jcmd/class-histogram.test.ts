import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type ClassHistogram, parseClassHistogram } from "../../../src/formats/jcmd/class-histogram.ts";
import { corpusFile, hasCorpus, noCorpus } from "../../corpus.ts";
import { classHistogram25, codeCache25 } from "./replies.ts";

describe("a class histogram", () => {
  test("names classes as source does, and the modules that they are of (real, JDK 25)", () => {
    const { classes, total } = parseClassHistogram(classHistogram25);
    expect(classes.map(({ className, module }) => [className, module])).toEqual([
      ["byte[]", "java.base@25.0.3"],
      ["java.util.HashMap$Node[]", "java.base@25.0.3"],
      ["org.apache.kafka.common.metrics.Sensor$$Lambda/0x00000000162c9090", undefined],
      ["org.apache.kafka.common.metrics.Sensor$$Lambda/0x00000000162f5dc0", undefined],
      ["long[][]", "java.base@25.0.3"],
      ["Threads", undefined],
    ]);
    expect(classes[0]).toMatchObject({ instances: 56453, shallowBytes: 149808592 });
    expect(total).toEqual({ instances: 78077, shallowBytes: 153060840 });
    expect(differencesFromTotal({ classes, total })).toEqual([0, 0]);
  });

  test("JDK 8 knows no modules, and may show its own metadata (drawn after its source)", () => {
    const text = ` num     #instances         #bytes  class name
----------------------------------------------
   1:          5071         428000  [C
   2:           612          69384  java.lang.Class
   3:             2             48  <constMethodKlass>
Total          5685         497432
`;
    const histogram = parseClassHistogram(text);
    expect(histogram.classes).toEqual([
      { className: "char[]", module: undefined, instances: 5071, shallowBytes: 428000 },
      { className: "java.lang.Class", module: undefined, instances: 612, shallowBytes: 69384 },
      { className: "<constMethodKlass>", module: undefined, instances: 2, shallowBytes: 48 },
    ]);
    expect(differencesFromTotal(histogram)).toEqual([0, 0]);
  });

  test("a name may hold spaces and parentheses, as languages other than Java allow", () => {
    const text =
      " num     #instances         #bytes  class name (module)\n   1:   2   48  demo.it works (mostly) (app@1.0)\n";
    expect(parseClassHistogram(text).classes).toMatchObject([
      { className: "demo.it works (mostly)", module: "app@1.0" },
    ]);
  });

  test("a reply that is cut off has no total, and not the row that is cut", () => {
    const { classes, total } = parseClassHistogram(classHistogram25.slice(0, classHistogram25.indexOf("HashMap$") + 4));
    expect(classes.map(({ className }) => className)).toEqual(["byte[]"]);
    expect(total).toBeUndefined();
    expect(parseClassHistogram("")).toEqual({ classes: [], total: undefined });
    expect(() => parseClassHistogram(codeCache25)).toThrow("got Compiler.codecache");
  });

  test.skipIf(!hasCorpus)(`the rows of a real service's add up to its total${noCorpus}`, () => {
    for (const [service, count] of [
      ["kafka-4.1-jdk25-zgc", 3484],
      ["cassandra-5.0-jdk17-g1", 4802],
    ] as const) {
      const histogram = parseClassHistogram(
        readFileSync(corpusFile("services", service, "class_histogram.txt"), "utf8"),
      );
      expect(histogram.classes.length).toBe(count);
      expect(differencesFromTotal(histogram)).toEqual([0, 0]);
    }
  });
});

function differencesFromTotal({ classes, total }: ClassHistogram): readonly (number | undefined)[] {
  const sum = (field: "instances" | "shallowBytes") => classes.reduce((count, row) => count + row[field], 0);
  return [total && total.instances - sum("instances"), total && total.shallowBytes - sum("shallowBytes")];
}
