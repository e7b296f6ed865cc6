export { prometheusLabel, prometheusName } from "../src/exporters/metric-names.ts";
