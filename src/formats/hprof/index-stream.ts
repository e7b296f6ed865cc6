import type { ByteSource } from "../../bytes/byte-source.ts";
import { ByteWindow } from "../../bytes/byte-window.ts";
import { FormatError } from "../../model/errors.ts";
import type { HistogramEvidence, Loss } from "../../model/heap-evidence.ts";
import { buildClassCatalog, type ClassCatalog } from "./class-catalog.ts";
import { type ClassDump, readClassDumps } from "./class-dumps.ts";
import { type DumpOptions, finishIndex, learnIdShift } from "./index-dump.ts";
import { planIndex, RangeIndexer } from "./index-ranges.ts";
import { isRecordTag, recordTag } from "./records.ts";
import { dumpsInWords, type HeapRange, RecordCollector } from "./walk.ts";

/**
 * Counts and sizes by class from a source that is read forward only (it may go back a few MiB): records are taken as they
 * come, their lengths are believed, and the first damage outside a heap segment ends the reading. Takes the first dump unless told otherwise.
 */
export function readStreamHistogram(source: ByteSource, options: DumpOptions): HistogramEvidence {
  const walk = new StreamWalk(source, options);
  return walk.run();
}

/** What is set up when the first heap segment comes: from then on the classes are known. */
interface Indexing {
  readonly named: ClassCatalog;
  readonly idShift: 0 | 3;
  readonly indexer: RangeIndexer;
}

class StreamWalk {
  readonly #source: ByteSource;
  readonly #options: DumpOptions;
  readonly #records: RecordCollector;
  readonly #window: ByteWindow;
  readonly #losses: Loss[] = [];
  readonly #classDumps: ClassDump[] = [];
  #indexing: Indexing | undefined;
  #dumps = 0;
  #isSegmented = false;

  constructor(source: ByteSource, options: DumpOptions) {
    this.#source = source;
    this.#options = options;
    this.#records = new RecordCollector(source);
    this.#window = new ByteWindow(source, 1 << 14);
  }

  run(): HistogramEvidence {
    const wanted = this.#options.dump ?? 1;
    let offset = this.#records.header.endOffset;
    for (;;) {
      this.#options.progress("reading objects", offset, 0);
      const at = this.#window.at(offset, 9);
      const left = this.#window.length - at;
      if (left < 9) {
        if (left > 0) this.#losses.push({ offset, bytes: left, reason: "the file ends inside a record's header" });
        break;
      }
      const tag = this.#window.bytes[at]!;
      const length = this.#window.view.getUint32(at + 5);
      if (!isRecordTag(tag)) {
        this.#losses.push({
          offset,
          bytes: 0,
          reason: `expected a record, got tag 0x${tag.toString(16)}: what follows was not read`,
        });
        break;
      }
      offset = this.#record(tag, offset + 9, length, wanted);
    }
    return this.#result(wanted, offset);
  }

  #record(tag: number, body: number, length: number, wanted: number): number {
    if (tag === recordTag.heapDump || tag === recordTag.heapDumpSegment) {
      if (tag === recordTag.heapDump || !this.#isSegmented) this.#dumps++;
      this.#isSegmented = tag === recordTag.heapDumpSegment;
      const end = length === 0 ? Number.MAX_SAFE_INTEGER : body + length;
      if (this.#dumps === wanted) {
        const range = { start: body, end };
        this.#indexing ??= this.#startIndexing(range);
        this.#indexing.indexer.index(range);
      }
      return end;
    }
    if (tag === recordTag.heapDumpEnd) this.#isSegmented = false;
    else this.#records.record(tag, body, length);
    return body + length;
  }

  #startIndexing(range: HeapRange): Indexing {
    const { idBytes } = this.#records.header;
    const named = buildClassCatalog(this.#records);
    const idShift = learnIdShift(this.#source, range, idBytes);
    const plan = planIndex(named, { idBytes, idShift }, []);
    const take = (offsets: Float64Array) => this.#classDumps.push(...readClassDumps(this.#source, offsets, idBytes));
    return { named, idShift, indexer: new RangeIndexer(plan, this.#source, take) };
  }

  #result(dump: number, endOffset: number): HistogramEvidence {
    const { header, symbols, loadedClasses, frames, traces } = this.#records;
    if (this.#indexing === undefined) {
      const dumps =
        this.#dumps === 0
          ? "no heap dump: it ends before the first heap segment"
          : `${dumpsInWords(this.#dumps)}, so there is no dump ${dump}`;
      throw new FormatError(`the stream holds ${dumps}`);
    }
    const { named, idShift, indexer } = this.#indexing;
    const part = indexer.result();
    const faults = part.faults.map(
      ({ offset, rangeEnd, reason }): Loss => ({ offset, bytes: Math.min(rangeEnd, endOffset) - offset, reason }),
    );
    const outline = {
      header,
      symbols,
      loadedClasses,
      frames,
      traces,
      dumps: Array.from({ length: this.#dumps }, () => []),
      losses: [],
    };
    const pass = { outline, dump, named, idShift, parts: [part], losses: [...this.#losses, ...faults] };
    const { file, sizes, classes, census } = finishIndex(
      pass,
      this.#classDumps,
      { name: this.#source.name, bytes: endOffset },
      this.#options,
    );
    return { file, sizing: sizes.sizing, classes, census };
  }
}
