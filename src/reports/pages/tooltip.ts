import { element } from "./dom.ts";
import type { Fact } from "./frame-words.ts";

/** What is known of the thing below the pointer, or at the keyboard's cursor. */
export class Tooltip {
  readonly element = element("div", { class: "tooltip", attributes: { hidden: true } });

  /** Shows facts beside a point of the window, where there is room. */
  show(title: string, facts: readonly Fact[], { left, top }: { readonly left: number; readonly top: number }): void {
    this.element.replaceChildren(
      element("div", { class: "tooltip-title", text: title }),
      element(
        "dl",
        {},
        facts.flatMap(({ label, text }) => [element("dt", { text: label }), element("dd", { text })]),
      ),
    );
    this.element.hidden = false;
    const { offsetWidth, offsetHeight } = this.element;
    const x = Math.min(left + 14, window.innerWidth - offsetWidth - 8);
    const below = top + 16;
    const y = below + offsetHeight > window.innerHeight - 8 ? top - offsetHeight - 26 : below;
    this.element.style.left = `${Math.max(8, x)}px`;
    this.element.style.top = `${Math.max(8, y)}px`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}
