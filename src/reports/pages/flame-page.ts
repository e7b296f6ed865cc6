import { FlameView } from "./flame-view.ts";
import { parsePageData, unpack } from "./page-data.ts";

for (const root of document.querySelectorAll<HTMLElement>(".flame")) void mount(root);

/** The element holds the payload as text; it gives way to the graph. */
async function mount(root: HTMLElement): Promise<void> {
  const payload = root.querySelector("script[type='application/octet-stream']")?.textContent ?? "";
  try {
    const view = new FlameView(root, parsePageData(await unpack(payload)));
    root.dataset.state = view ? "ready" : "";
  } catch (error) {
    root.dataset.state = "failed";
    root.textContent = `The graph cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
  }
}
