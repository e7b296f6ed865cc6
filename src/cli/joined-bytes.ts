import type { Bytes } from "../model/units.ts";

/** The size of several files that are one input; undefined where that of one is not known. */
export function joinedBytes(inputs: readonly { readonly fileBytes: Bytes | undefined }[]): Bytes | undefined {
  const sizes = inputs.flatMap(({ fileBytes }) => fileBytes ?? []);
  return sizes.length < inputs.length ? undefined : sizes.reduce((sum, bytes) => sum + bytes, 0);
}
