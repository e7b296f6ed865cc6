import type { ProfileThread } from "../src/model/profile.ts";
import { renderFlamePage } from "../src/reports/flame-graph.ts";
import { parsePageData, unpack } from "../src/reports/pages/page-data.ts";
import { randomProfile } from "./random-profile.ts";

// How large the page of a big recording gets, and what it leaves out for that.
const recordings = [
  { name: "a minute, 5,000 samples", stacks: 10_000, samples: 5_000, seconds: 60, threads: 50 },
  { name: "ten minutes, 300,000 samples", stacks: 60_000, samples: 300_000, seconds: 600, threads: 200 },
  { name: "an hour, 3,000,000 samples", stacks: 200_000, samples: 3_000_000, seconds: 3600, threads: 400 },
  {
    name: "a day, 15,000,000 samples (about 1 GB)",
    stacks: 400_000,
    samples: 15_000_000,
    seconds: 86_400,
    threads: 800,
  },
];

for (const { name, ...size } of recordings) {
  const threads = Array.from({ length: size.threads }, (_, index): ProfileThread => {
    const pool = `pool-${index % 20}-thread-*`;
    return { name: pool.replace("*", String(index)), pool, javaId: index, osId: undefined, isVirtual: false };
  });
  const set = { profiles: [randomProfile(size)], threads, startMillis: undefined, durationSeconds: size.seconds };
  const began = performance.now();
  const html = renderFlamePage(set, { title: name });
  const seconds = (performance.now() - began) / 1000;
  const payload = /octet-stream">([^<]*)</.exec(html)?.[1] ?? "";
  const { header, profiles } = parsePageData(await unpack(payload));
  console.log(
    `${name}: ${(html.length / 1e6).toFixed(2)} MB in ${seconds.toFixed(1)} s; ${header.stackCount} stacks, ` +
      `${profiles[0]!.sideRows[0]!.rows} rows; cut ${header.cutShare}, buckets of ${profiles[0]!.bucketSeconds} s, ` +
      `threads ${header.onlyPools ? "by pool" : "each"}`,
  );
}
