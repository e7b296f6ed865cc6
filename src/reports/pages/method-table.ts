import { formatNumberOf } from "../../model/format-number.ts";
import { element } from "./dom.ts";
import type { FlameScene } from "./flame-scene.ts";
import { amountOf, changeOf } from "./frame-words.ts";
import { wireFrameKinds } from "./wire.ts";

/** What the table asks for. */
export interface MethodActions {
  focus(frame: number, direction: "callers" | "callees"): void;
  find(frame: number): void;
}

type Order = "self" | "total";
const pageSize = 200;

interface MethodRow {
  readonly frame: number;
  readonly self: number;
  readonly total: number;
}

/** The methods of the selection with self and total, beside the graph. */
export class MethodTable {
  readonly element: HTMLElement;
  readonly #body = element("tbody");
  readonly #more: HTMLButtonElement;
  readonly #headers: Readonly<Record<Order, HTMLTableCellElement>>;
  readonly #actions: MethodActions;
  #order: Order = "self";
  #limit = pageSize;
  #scene: FlameScene | undefined;

  constructor(actions: MethodActions) {
    this.#actions = actions;
    this.#headers = { self: this.#header("self", "Self"), total: this.#header("total", "Total") };
    this.#more = element("button", {
      class: "button",
      attributes: { type: "button" },
      on: {
        click: () => {
          this.#limit += pageSize;
          this.#fill();
        },
      },
    });
    const head = element("thead", {}, [
      element("tr", {}, [
        this.#headers.self,
        this.#headers.total,
        element("th", { text: "Method", attributes: { scope: "col" } }),
      ]),
    ]);
    const table = element("table", { class: "methods" }, [
      element("caption", { class: "unseen", text: "Methods with self and total" }),
      head,
      this.#body,
    ]);
    this.element = element("div", { class: "method-pane" }, [table, this.#more]);
  }

  /** Fills the table anew where the scene's numbers or its search differ. */
  show(scene: FlameScene): void {
    const isSame = this.#scene?.totals === scene.totals && this.#scene.isMatch === scene.isMatch;
    this.#scene = scene;
    if (isSame) return;
    this.#limit = pageSize;
    this.#fill();
  }

  #header(order: Order, text: string): HTMLTableCellElement {
    const button = element("button", {
      class: "sort",
      text,
      attributes: { type: "button" },
      on: {
        click: () => {
          this.#order = order;
          this.#fill();
        },
      },
    });
    return element("th", { class: "number", attributes: { scope: "col" } }, [button]);
  }

  #fill(): void {
    const scene = this.#scene!;
    for (const [order, header] of Object.entries(this.#headers)) {
      header.setAttribute("aria-sort", order === this.#order ? "descending" : "none");
      header.classList.toggle("change", scene.isComparison);
    }
    const rows = methodRows(scene, this.#order);
    const largest = Math.max(...rows.slice(0, 1).map((row) => Math.abs(row[this.#order])), Number.MIN_VALUE);
    this.#body.replaceChildren(...rows.slice(0, this.#limit).map((row) => this.#row(scene, row, largest)));
    const left = rows.length - this.#limit;
    this.#more.hidden = left <= 0;
    this.#more.textContent = `${formatNumberOf(left, "more method")}`;
  }

  #row(scene: FlameScene, { frame, self, total }: MethodRow, largest: number): HTMLElement {
    const name = scene.names[frame]!;
    const format = (value: number) => (scene.isComparison ? changeOf(scene, value) : amountOf(scene, value));
    const cell = (value: number, hasBar: boolean) =>
      numberCell(format(value), hasBar ? Math.abs(value) / largest : 0, barClass(scene, value));
    const find = element("button", {
      class: "method-name",
      text: name.short,
      attributes: { type: "button", title: `${name.full}\nclick to mark it in the graph` },
      on: { click: () => this.#actions.find(frame) },
    });
    const focusButton = (text: string, direction: "callers" | "callees", title: string) =>
      element("button", {
        class: "method-action",
        text,
        attributes: { type: "button", title, "aria-label": `${title}: ${name.full}` },
        on: { click: () => this.#actions.focus(frame, direction) },
      });
    return element("tr", {}, [
      cell(self, this.#order === "self"),
      cell(total, this.#order === "total"),
      element("td", { class: "method-cell" }, [
        find,
        element("span", { class: "method-actions" }, [
          focusButton("callers", "callers", "Show who calls it"),
          focusButton("calls", "callees", "Show what it calls"),
        ]),
      ]),
    ]);
  }
}

function methodRows({ totals, isComparison, isMatch, data }: FlameScene, order: Order): readonly MethodRow[] {
  const { selfAfter, selfBefore, totalAfter, totalBefore } = totals;
  const rows: MethodRow[] = [];
  for (let frame = 0; frame < selfAfter.length; frame++) {
    if (isMatch && isMatch[frame] === 0) continue;
    if (totalAfter[frame] === 0 && totalBefore[frame] === 0) continue;
    if (wireFrameKinds[data.frameKind[frame]!] === "merged") continue;
    const self = isComparison ? selfAfter[frame]! - selfBefore[frame]! : selfAfter[frame]!;
    const total = isComparison ? totalAfter[frame]! - totalBefore[frame]! : totalAfter[frame]!;
    rows.push({ frame, self, total });
  }
  const other = order === "self" ? "total" : "self";
  return rows.sort((a, b) => Math.abs(b[order]) - Math.abs(a[order]) || Math.abs(b[other]) - Math.abs(a[other]));
}

function barClass({ isComparison }: FlameScene, value: number): string {
  if (!isComparison) return "number";
  return value < 0 ? "number less" : "number more";
}

function numberCell(text: string, share: number, className: string): HTMLElement {
  const cell = element("td", { class: className, text });
  cell.style.setProperty("--share", `${Math.min(100, share * 100).toFixed(1)}%`);
  return cell;
}
