import type { Format } from "../../model/format.ts";
import { headLines } from "../lines/read-lines.ts";
import { flatHeader, traceHeader } from "./read-async-text.ts";

/** What `asprof -o text`, `-o traces` and `-o flat` print. */
export const asyncTextFormat: Format = {
  name: "async-text",
  description: "text of async-profiler (`-o text`, traces and flat)",
  sniff(head) {
    const lines = headLines(head, 200) ?? [];
    return lines.some(
      (line) => line === "--- Execution profile ---" || traceHeader.test(line) || flatHeader.test(line),
    );
  },
};
