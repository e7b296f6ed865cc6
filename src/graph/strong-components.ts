/** A directed graph of few nodes: `from[i] → to[i]`. */
export interface Arrows {
  readonly nodeCount: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** The strongly connected component of each node, numbered from 1 (Tarjan's algorithm with an explicit stack). */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: Tarjan's algorithm reads best in one piece
export function strongComponents({ nodeCount, from, to }: Arrows): Int32Array {
  const { firstArrow, target } = groupByFrom(nodeCount, from, to);
  const componentOf = new Int32Array(nodeCount);
  /** Order of discovery from 1 on, then the least one that can be reached among the open nodes. */
  const lowOf = new Int32Array(nodeCount);
  const orderOf = new Int32Array(nodeCount);
  const nextArrow = firstArrow.slice(0, nodeCount);
  const path = new Int32Array(nodeCount);
  const open = new Int32Array(nodeCount);
  let pathLength = 0;
  let openCount = 0;
  let order = 0;
  let componentCount = 0;
  const enter = (node: number): void => {
    lowOf[node] = orderOf[node] = ++order;
    path[pathLength++] = node;
    open[openCount++] = node;
  };
  for (let start = 0; start < nodeCount; start++) {
    if (orderOf[start] === 0) enter(start);
    while (pathLength > 0) {
      const node = path[pathLength - 1]!;
      if (nextArrow[node]! < firstArrow[node + 1]!) {
        const next = target[nextArrow[node]!++]!;
        if (orderOf[next] === 0) enter(next);
        else if (componentOf[next] === 0) lowOf[node] = Math.min(lowOf[node]!, orderOf[next]!);
        continue;
      }
      pathLength--;
      if (pathLength > 0) lowOf[path[pathLength - 1]!] = Math.min(lowOf[path[pathLength - 1]!]!, lowOf[node]!);
      if (lowOf[node] !== orderOf[node]) continue;
      componentCount++;
      do componentOf[open[--openCount]!] = componentCount;
      while (open[openCount] !== node);
    }
  }
  return componentOf;
}

function groupByFrom(
  nodeCount: number,
  from: Int32Array,
  to: Int32Array,
): { firstArrow: Int32Array; target: Int32Array } {
  const firstArrow = new Int32Array(nodeCount + 1);
  for (const node of from) firstArrow[node + 1]!++;
  for (let node = 0; node < nodeCount; node++) firstArrow[node + 1]! += firstArrow[node]!;
  const next = firstArrow.slice();
  const target = new Int32Array(to.length);
  for (let i = 0; i < to.length; i++) target[next[from[i]!]!++] = to[i]!;
  return { firstArrow, target };
}
