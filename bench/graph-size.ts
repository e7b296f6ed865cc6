import { cpus } from "node:os";
import { openFile } from "../src/bytes/byte-source.ts";
import { readHeap } from "../src/formats/hprof/read-heap.ts";

/** How much there is to do in a dump: run as `node bench/graph-size.ts FILE`, it prints this as JSON. */
export interface GraphSize {
  readonly objects: number;
  readonly edges: number;
}

if (import.meta.main) {
  const source = openFile(process.argv[2]!);
  const options = {
    sizes: "gaps",
    refs: "strong",
    dump: undefined,
    threads: cpus().length,
    progress: () => undefined,
  } as const;
  const { graph } = await readHeap(source, options);
  console.log(JSON.stringify({ objects: graph.objectCount, edges: graph.edgeCount } satisfies GraphSize));
  source.close();
}
