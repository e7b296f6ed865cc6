import { describe, expect, test } from "vitest";
import { parseMetaspace } from "../../../src/formats/jcmd/metaspace.ts";
import { codeCache25, metaspaceBasic25 } from "./replies.ts";

const KiB = 1024;
const MiB = KiB * KiB;

describe("the metaspace", () => {
  test("has two parts, exact with scale=1 (real, JDK 25)", () => {
    expect(parseMetaspace(metaspaceBasic25)).toEqual({
      nonClass: { usedBytes: 87032, committedBytes: 196608, reservedBytes: 64 * MiB, freeChunkBytes: 12578816 },
      classSpace: { usedBytes: 6136, committedBytes: 131072, reservedBytes: 1024 * MiB, freeChunkBytes: 16513024 },
      limitBytes: undefined,
      classSpaceLimitBytes: 1024 * MiB,
      gcThresholdBytes: 21 * MiB,
      loaders: undefined,
      classes: undefined,
    });
  });

  test("has one part without compressed class pointers (real, JDK 17)", () => {
    const text = `
Usage:
    3.57 MB used.

Virtual space:
     64.00 MB reserved,       3.75 MB (  6%) committed,  1 nodes.

Chunk freelists:
12.00 MB

MaxMetaspaceSize: 256.00 MB
No class space
`;
    expect(parseMetaspace(text)).toMatchObject({
      nonClass: { usedBytes: 3743416, committedBytes: 3.75 * MiB, reservedBytes: 64 * MiB, freeChunkBytes: 12 * MiB },
      classSpace: undefined,
      limitBytes: 256 * MiB,
    });
  });

  test("JDK 11 tells capacities and percentages too (real)", () => {
    const text = `
Usage:
  Non-class:      6.25 MB capacity,     6.00 MB ( 99%) used,    64.98 KB (  1%) free+waste,    13.31 KB ( <1%) overhead. 
      Class:    703.00 KB capacity,   626.50 KB ( 89%) used,    68.51 KB ( 10%) free+waste,     8.06 KB (  1%) overhead. 
       Both:      6.88 MB capacity,     6.73 MB ( 98%) used,   133.48 KB (  2%) free+waste,    21.38 KB ( <1%) overhead. 

Virtual space:
  Non-class space:        8.00 MB reserved,       6.25 MB ( 78%) committed 
      Class space:        1.00 GB reserved,     768.00 KB ( <1%) committed 
             Both:        1.01 GB reserved,       7.00 MB ( <1%) committed 

Chunk freelists:
   Non-Class:  17.00 KB
       Class:  1.00 KB
        Both:  18.00 KB
`;
    expect(parseMetaspace(text)).toMatchObject({
      nonClass: { usedBytes: 6 * MiB, committedBytes: 6.25 * MiB, reservedBytes: 8 * MiB, freeChunkBytes: 17 * KiB },
      classSpace: { usedBytes: 626.5 * KiB, committedBytes: 768 * KiB, reservedBytes: 1024 * MiB, freeChunkBytes: KiB },
    });
  });

  test("the long form counts loaders and classes (real, JDK 17, shortened)", () => {
    const text = `
Total Usage - 2 loaders, 490 classes (484 shared):
  Non-Class:    2 chunks,      4.00 MB capacity,  132.00 KB (  3%) committed,    74.00 KB (  2%) used,    57.65 KB (  1%) free,     0 bytes (  0%) waste , deallocated: 0 blocks with 0 bytes
      Class:    2 chunks,    258.00 KB capacity,   66.00 KB ( 26%) committed,     3.50 KB (  1%) used,    62.68 KB ( 24%) free,     0 bytes (  0%) waste , deallocated: 0 blocks with 0 bytes
       Both:    4 chunks,      4.26 MB capacity,  198.00 KB (  5%) committed,    77.67 KB (  2%) used,   120.33 KB (  3%) free,     0 bytes (  0%) waste , deallocated: 0 blocks with 0 bytes


Virtual space:
  Non-class space:       64.00 MB reserved,     192.00 KB ( <1%) committed,  1 nodes.
      Class space:        1.00 GB reserved,     128.00 KB ( <1%) committed,  1 nodes.
             Both:        1.06 GB reserved,     320.00 KB ( <1%) committed. 

Waste (unused committed space):(percentages refer to total committed size 320.00 KB):
        Waste in chunks in use:      0 bytes (  0%)
`;
    expect(parseMetaspace(text)).toMatchObject({
      nonClass: { usedBytes: 74 * KiB, committedBytes: 192 * KiB },
      classSpace: { usedBytes: 3.5 * KiB, committedBytes: 128 * KiB },
      loaders: 2,
      classes: 490,
    });
  });

  test("a reply that is cut off tells what is there, and one to another command is refused", () => {
    const cut = metaspaceBasic25.slice(0, metaspaceBasic25.indexOf("      Class space:"));
    expect(parseMetaspace(cut)).toMatchObject({
      nonClass: { committedBytes: 196608 },
      classSpace: { usedBytes: 6136, committedBytes: undefined },
    });
    expect(parseMetaspace("").nonClass.usedBytes).toBeUndefined();
    expect(() => parseMetaspace(codeCache25)).toThrow("got Compiler.codecache");
  });
});
