import type { NativeHolder } from "./native-holders.ts";

interface Known {
  readonly pattern: RegExp;
  readonly advice: string;
}

/** What is known about places that allocate, by a frame of theirs; the first that fits. */
const known: readonly Known[] = [
  {
    pattern: /^(?:deflateInit|Java_java_util_zip_Deflater)/,
    advice:
      "Call end() on every Deflater, and close() on every GZIPOutputStream, DeflaterOutputStream and ZipOutputStream, also when an exception is thrown: each holds about 256 KiB outside of the heap until then.",
  },
  {
    pattern: /^(?:inflateInit|Java_java_util_zip_Inflater)/,
    advice:
      "Call end() on every Inflater, and close() on every GZIPInputStream, InflaterInputStream and ZipFile, also when an exception is thrown: each holds about 40 KiB outside of the heap until then.",
  },
  {
    pattern: /^rocksdb::/,
    advice:
      "Close RocksDB iterators, snapshots, options and column family handles in try-with-resources, and compare with the block cache, memtables and table readers that RocksDB itself reports: what is above them is leaked.",
  },
  {
    pattern: /^Unsafe_(?:Re)?[Aa]llocateMemory/,
    advice:
      "This is Unsafe.allocateMemory or a direct buffer without a cleaner (Netty): free every block, or bound the pool; -Dio.netty.leakDetection.level=advanced names buffers that are not released.",
  },
  {
    pattern: /^(?:SSL_|CRYPTO_|OPENSSL_|BIO_|tcn_)/,
    advice:
      "Release SSL engines and contexts (ReferenceCountUtil.release, SSLContext per service and not per connection).",
  },
  {
    pattern: /^(?:ZSTD_|LZ4_|snappy|BrotliEncoder)/,
    advice: "Close the streams and contexts of the compression library: their state is outside of the heap until then.",
  },
];

/** One thing to do about what a holder holds. */
export function adviceFor({ frames, javaMethod }: Pick<NativeHolder, "frames" | "javaMethod">): string {
  const match = known.find(({ pattern }) => frames.some((name) => pattern.test(name)));
  if (match) return match.advice;
  if (javaMethod !== undefined) {
    return `Look for who calls ${javaMethod} and does not release what it gives: asprof -e nativemem shows whole Java stacks, without a restart.`;
  }
  return "Look for who calls it and does not release the memory: asprof -e nativemem shows whole Java stacks, without a restart.";
}
