import { openFile } from "../src/bytes/byte-source.ts";
import { readNativeHeap } from "../src/formats/jemalloc/read-native-heap.ts";
import { topFrames } from "../src/stacks/frame-totals.ts";

// Reads one native heap profile and prints what `jeprof --text` prints of it: the process that bench/jemalloc.ts measures.
const source = openFile(process.argv[2]!);
const { profiles } = readNativeHeap(source);
source.close();
const space = profiles.profiles[0]!;
console.log(`Total: ${Math.trunc(space.sampleWeight.reduce((sum, weight) => sum + weight, 0))} B`);
const rows = topFrames(space, 1_000).map(
  ({ name, selfWeight, totalWeight }) => `${Math.trunc(selfWeight)} ${Math.trunc(totalWeight)} ${name}`,
);
console.log(rows.join("\n"));
