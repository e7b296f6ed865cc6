import { changeColour, kindColour, palettes } from "./colours.ts";
import { darkScheme, element } from "./dom.ts";
import type { FlameScene } from "./flame-scene.ts";
import { wireFrameKinds } from "./wire.ts";

/** What the colours of a scene mean. */
export function legendOf({ isComparison, data }: FlameScene): readonly Node[] {
  const isDark = darkScheme().matches;
  if (isComparison) {
    return [
      swatch(changeColour(1, 0, isDark).fill, "gone"),
      swatch(changeColour(1, 0.7, isDark).fill, "less"),
      swatch(changeColour(1, 1, isDark).fill, "same"),
      swatch(changeColour(0.7, 1, isDark).fill, "more"),
      swatch(changeColour(0, 1, isDark).fill, "new"),
    ];
  }
  const used = new Set(data.frameKind);
  return wireFrameKinds.flatMap((kind, index) =>
    used.has(index) && kind !== "merged" ? [swatch(kindColour(kind, isDark).fill, palettes[kind].title)] : [],
  );
}

function swatch(colour: string, text: string): HTMLElement {
  const chip = element("i");
  chip.style.background = colour;
  return element("span", { class: "swatch" }, [chip, text]);
}
