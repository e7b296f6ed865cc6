import type { Format } from "../../model/format.ts";

const decoder = new TextDecoder();
const schema = "https://www.speedscope.app/file-format-schema.json";

/** speedscope's own JSON. */
export const speedscopeFormat: Format = {
  name: "speedscope",
  description: "speedscope JSON",
  sniff(head, fileName) {
    const text = decoder.decode(head);
    if (!/^\uFEFF?\s*\{/.test(text)) return false;
    return text.includes(schema) || (fileName.endsWith(".speedscope.json") && text.includes('"frames"'));
  },
};
