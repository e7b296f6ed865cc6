/** The two text formats that a scrape can have. */
export type TextFormat = "prometheus" | "openmetrics";

/**
 * The format that the `Accept` header of a scrape likes best. Prometheus' own is for whoever does not say, does not mind, or takes neither:
 * a person with a browser or curl.
 */
export function negotiateFormat(accept: string | undefined): TextFormat {
  const ranges = (accept ?? "").split(",").map(parseRange);
  const openMetrics = qualityOf(ranges, isOpenMetrics);
  return openMetrics > 0 && openMetrics >= qualityOf(ranges, isPlainText) ? "openmetrics" : "prometheus";
}

interface MediaRange {
  readonly type: string;
  readonly version: string | undefined;
  readonly quality: number;
}

/** `application/openmetrics-text; version=1.0.0; q=0.5`, by RFC 9110 §12.5.1. */
function parseRange(text: string): MediaRange {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const parameterOf = (name: string) =>
    parameters
      .find((parameter) => parameter.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .replace(/^"|"$/g, "");
  const quality = Number(parameterOf("q") ?? "1");
  return {
    type,
    version: parameterOf("version"),
    quality: Number.isFinite(quality) ? Math.min(1, Math.max(0, quality)) : 0,
  };
}

function qualityOf(ranges: readonly MediaRange[], fits: (range: MediaRange) => boolean): number {
  return Math.max(0, ...ranges.filter(fits).map(({ quality }) => quality));
}

function isOpenMetrics({ type, version }: MediaRange): boolean {
  return (
    type === "application/openmetrics-text" && (version === undefined || version === "1.0.0" || version === "0.0.1")
  );
}

function isPlainText({ type, version }: MediaRange): boolean {
  if (type === "*/*" || type === "text/*") return true;
  return type === "text/plain" && (version === undefined || version === "0.0.4");
}
