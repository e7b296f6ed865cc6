import { jmxExporterNaming } from "./jmx-exporter.ts";
import { micrometerNaming } from "./micrometer.ts";
import { otelNaming } from "./naming.ts";

/** Every naming that metrics can be scraped under, the default first. */
export const namings = [otelNaming, micrometerNaming, jmxExporterNaming] as const;
