import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../dashboards/generated");

/** A panel of a shipped dashboard, as far as tests look at it. */
export interface ShippedPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string };
    readonly overrides: readonly { readonly properties: readonly { readonly id: string; readonly value: unknown }[] }[];
  };
  readonly links?: readonly { readonly url: string }[];
  readonly targets?: readonly {
    readonly expr: string;
    readonly refId: string;
    readonly datasource: { readonly uid: string };
  }[];
  readonly transformations?: readonly {
    readonly id: string;
    readonly options: Record<string, Record<string, unknown>>;
  }[];
  readonly collapsed?: boolean;
  readonly panels?: readonly ShippedPanel[];
}

export interface ShippedDashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly schemaVersion: number;
  readonly panels: readonly ShippedPanel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query: string;
      readonly datasource?: { readonly uid: string };
    }[];
  };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr?: string }[] };
}

/** Text of every shipped file, by its name. */
export const shippedFiles: ReadonlyMap<string, string> = new Map(
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
);

export const shippedDashboards: readonly ShippedDashboard[] = [...shippedFiles]
  .filter(([name]) => name.endsWith(".json"))
  .map(([, text]) => JSON.parse(text) as ShippedDashboard);

/** Every panel that shows something, those in collapsed rows too. */
export function panelsOf({ panels }: Pick<ShippedDashboard, "panels">): readonly ShippedPanel[] {
  return panels.flatMap((panel) => (panel.type === "row" ? panelsOf({ panels: panel.panels ?? [] }) : [panel]));
}
