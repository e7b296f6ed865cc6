import type { Format } from "../../model/format.ts";

/** Heap profiles of sampling allocators: jemalloc's, and those of gperftools and tcmalloc. */
export const jemallocFormat: Format = {
  name: "jemalloc",
  description: "native heap profile (jemalloc heap_v2, gperftools and tcmalloc heap profile, with or without symbols)",
  sniff(head) {
    const text = new TextDecoder("latin1").decode(head.subarray(0, 64 * 1024));
    return /^heap_v2\/\d/.test(text) || /^heap profile: +\d+: +\d+ \[/.test(text) || isSymbolized(text);
  },
};

/** Symbols come first, so that the profile itself may be beyond what is looked at. */
function isSymbolized(text: string): boolean {
  return /^--- symbol\r?\n/.test(text) && (/\n--- heap\r?\n/.test(text) || /\n0x[0-9a-f]+ /.test(text));
}
