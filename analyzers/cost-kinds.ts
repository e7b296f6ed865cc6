/** What library code does for the application code that called it; index 0 is nothing that has a name. */
export const costKinds = [
  undefined,
  {
    key: "exceptions",
    what: "filling in stack traces of exceptions",
    frame: /^java\.lang\.Throwable\.(fillInStackTrace|<init>)$/,
    advice:
      "Do not throw where nothing is wrong: return a value, test before parsing, or give that exception no stack trace (`writableStackTrace = false`)",
  },
  {
    key: "regex",
    what: "regular expressions",
    frame: /^(java\.util\.regex\.|java\.lang\.String\.(replaceAll|replaceFirst|matches)$|com\.google\.re2j\.)/,
    advice:
      "Look at the pattern: nested or overlapping repetitions (`(a|aa)+`) backtrack exponentially; make them possessive (`++`), anchor them, or test with indexOf first",
  },
  {
    key: "logging",
    what: "logging",
    frame:
      /^(org\.apache\.(logging\.log4j|log4j|commons\.logging)|ch\.qos\.logback|org\.slf4j|java\.util\.logging|org\.jboss\.logging)\./,
    advice: "Lower the level of that logger, pass arguments instead of built strings, and use an asynchronous appender",
  },
  {
    key: "serialization",
    what: "serialization",
    frame:
      /^(java\.io\.Object(In|Out)putStream\.|com\.fasterxml\.jackson\.|com\.google\.(protobuf|gson)\.|com\.esotericsoftware\.|org\.apache\.(avro|thrift)\.|org\.yaml\.snakeyaml\.|com\.caucho\.hessian\.)/,
    advice:
      "Serialize less or once: cache the bytes, skip fields nobody reads, and prefer a generated codec to reflection",
  },
  {
    key: "formatting",
    what: "formatting text",
    frame: /^java\.(util\.Formatter\.|lang\.String\.format|text\.(\w*Format|Message\w*)\.|time\.format\.)/,
    advice: "Build the text with concatenation or a StringBuilder on this path, and format only what is shown",
  },
  {
    key: "compression",
    what: "compression",
    frame:
      /^(java\.util\.zip\.(Deflater|Inflater|GZIP\w+|DeflaterOutputStream|InflaterInputStream)\.|com\.github\.luben\.zstd\.|net\.jpountz\.lz4\.|org\.xerial\.snappy\.)/,
    advice: "Use a cheaper codec or level (LZ4, Zstandard 1), or compress bigger blocks less often",
  },
  {
    key: "cryptography",
    what: "cryptography",
    frame:
      /^(javax\.crypto\.|sun\.security\.(provider|ssl|rsa|ec)\.|com\.sun\.crypto\.provider\.|java\.security\.(MessageDigest|Signature)\.)/,
    advice:
      "Reuse connections and sessions, and check that the JVM uses the processor's AES and SHA instructions (`-XX:+UseAES`, native provider)",
  },
  {
    key: "class-loading",
    what: "loading classes",
    frame: /^(java\.lang\.ClassLoader\.(loadClass|defineClass)|jdk\.internal\.loader\.|java\.net\.URLClassLoader\.)/,
    advice:
      "Load the class once and keep it: a lookup by name per request goes through the loader's locks and, when it fails, through the whole class path",
  },
  {
    key: "reflection",
    what: "reflection",
    frame: /^java\.lang\.(reflect\.|Class\.(getMethod|getDeclared|newInstance))/,
    advice: "Look the member up once and keep it, or use a MethodHandle in a static final field",
  },
] as const;

/** Index into `costKinds`. */
export function costKindOf(frameName: string): number {
  for (let kind = 1; kind < costKinds.length; kind++) if (costKinds[kind]!.frame.test(frameName)) return kind;
  return 0;
}
