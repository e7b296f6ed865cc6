import { styleText } from "node:util";
import type { Paint } from "../reports/reporter.ts";

/** Colours for a stream that is a terminal, as NO_COLOR and FORCE_COLOR have it; none without a stream. */
export function paintFor(stream: NodeJS.WriteStream | undefined): Paint {
  if (stream === undefined) return (_style, text) => text;
  return (style, text) => styleText(style, text, { stream });
}
