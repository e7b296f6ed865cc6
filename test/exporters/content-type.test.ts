import { describe, expect, test } from "vitest";
import { negotiateFormat } from "../../src/exporters/content-type.ts";

const prometheus2 =
  "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
const prometheus3 =
  "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1";
const prometheus3Text = "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1";
const firefox = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

describe("the format of a scrape", () => {
  test.each([
    [prometheus2, "openmetrics"],
    [prometheus3, "openmetrics"],
    [prometheus3Text, "prometheus"],
    [firefox, "prometheus"],
    [undefined, "prometheus"],
    ["", "prometheus"],
    ["*/*", "prometheus"],
    ["application/json", "prometheus"],
    ["application/openmetrics-text", "openmetrics"],
    ["APPLICATION/OpenMetrics-Text; Version=1.0.0", "openmetrics"],
    ['application/openmetrics-text; version="1.0.0"', "openmetrics"],
    ["application/openmetrics-text;version=2.0.0,text/plain;q=0.1", "prometheus"],
    ["application/openmetrics-text;q=0.1,text/plain;q=0.9", "prometheus"],
    ["application/openmetrics-text;q=0,*/*;q=0", "prometheus"],
    ["application/openmetrics-text;q=nonsense", "prometheus"],
    [";;;,,q=", "prometheus"],
  ] as const)("Accept: %s gives %s", (accept, format) => {
    expect(negotiateFormat(accept)).toBe(format);
  });
});
