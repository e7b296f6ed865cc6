/** Attributes, and listeners where the value is a function; `text` is the content. */
export interface ElementOptions {
  readonly class?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
}

/** Makes an element with its children. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  options: ElementOptions = {},
  children: readonly (Node | string)[] = [],
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (options.class !== undefined) made.className = options.class;
  if (options.text !== undefined) made.textContent = options.text;
  for (const [attribute, value] of Object.entries(options.attributes ?? {})) {
    if (value !== false) made.setAttribute(attribute, value === true ? "" : String(value));
  }
  for (const [event, listener] of Object.entries(options.on ?? {})) made.addEventListener(event, listener);
  made.append(...children);
  return made;
}

/** A canvas as sharp as the screen; returns what to draw with, in CSS pixels. */
export function sizedContext(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = window.devicePixelRatio || 1;
  const [pixelsAcross, pixelsDown] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixelsAcross || canvas.height !== pixelsDown) {
    canvas.width = pixelsAcross;
    canvas.height = pixelsDown;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** The value of a custom property of the page's style. */
export function styleOf(root: Element, property: string): string {
  return getComputedStyle(root).getPropertyValue(property).trim();
}

/** Whether the page is to be dark, as the system says. */
export const darkScheme = () => window.matchMedia("(prefers-color-scheme: dark)");
