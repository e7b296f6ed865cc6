declare module "prom-client/lib/registry.js" {
  import { Registry } from "prom-client";

  export = Registry;
}

declare module "prom-client/lib/gauge.js" {
  import { Gauge } from "prom-client";

  export = Gauge;
}
