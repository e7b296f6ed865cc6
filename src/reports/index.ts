import { htmlReporter } from "./html.ts";
import { jsonReporter } from "./json.ts";
import { markdownReporter } from "./markdown.ts";
import type { Reporter } from "./reporter.ts";
import { textReporter } from "./text.ts";

/** Every way to write a report; the first is the default. */
export const reporters: readonly Reporter[] = [textReporter, jsonReporter, markdownReporter, htmlReporter];
