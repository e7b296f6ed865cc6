import type { DominatorTree } from "../model/dominator-tree.ts";

/** The objects that dominate `ordinal`, from one that nothing but the roots holds down to `ordinal` itself; empty when it is unreachable. */
export function dominatorChain({ dominatorOf }: DominatorTree, ordinal: number): Int32Array {
  let length = 0;
  for (let each = ordinal; each > 0; each = dominatorOf[each]!) length++;
  if (length === 0 || dominatorOf[ordinal]! < 0) return new Int32Array(0);
  const chain = new Int32Array(length);
  for (let each = ordinal; each > 0; each = dominatorOf[each]!) chain[--length] = each;
  return chain;
}
