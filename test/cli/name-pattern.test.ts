import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesPattern } from "../../src/cli/name-pattern.ts";

test.each([
  ["kafka.Kafka", "kafka.Kafka", true],
  ["kafka.Kafka", "kafka.*", true],
  ["kafka.Kafka", "*Kafka", true],
  ["kafka.Kafka", "k*K*a", true],
  ["kafka.Kafka", "*", true],
  ["kafka.Kafka", "Kafka", false],
  ["kafka.Kafka", "*afka.Kafka.*", false],
  ["ab", "ab*b", false],
  ["", "*", true],
])("%j and the pattern %j: %j", (name, pattern, matches) => {
  expect(matchesPattern(name, pattern)).toBe(matches);
});

test("agrees with a regular expression", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
  fc.assert(
    fc.property(word, word, (name, pattern) => {
      const expected = new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(name);
      expect(matchesPattern(name, pattern)).toBe(expected);
    }),
    { seed: 1, numRuns: 2000 },
  );
});
