/** Functions through which HotSpot allocates: what asked for the memory is whoever called them. */
const wrappers =
  /^(?:os::(?:malloc|realloc|strdup|strdup_check_oom)|(?:Re)?[Aa]llocateHeap|ReallocateHeap|Arena::|Chunk(?:Pool)?::|(?:CHeapObj|AnyObj|ResourceObj|StackObj|MetaspaceObj|CHeapObjBase|ArenaObj)\b.*::operator new|(?:NMT|Malloc)\w*::|GrowableArrayCHeapAllocator::|GrowableArrayMetadata::|resource_allocate_bytes|ResourceArea::|safe_malloc|__strdup|strdup)/;

/** Whether a function only passes an allocation on. */
export function isAllocationWrapper(name: string): boolean {
  return wrappers.test(name);
}

/** Whether memory that HotSpot allocates is the program's: it asked through `Unsafe`, or for a thread. */
export function isAskedByProgram(name: string): boolean {
  return /^Unsafe_(?:Allocate|Reallocate)Memory/.test(name);
}

/** The Java method that a native function implements: `Java_java_util_zip_Deflater_init` is `java.util.zip.Deflater.init`. */
export function javaMethodOf(symbol: string): string | undefined {
  if (!symbol.startsWith("Java_")) return undefined;
  const [name = ""] = symbol.slice("Java_".length).split("__");
  const parts = name.split(/_(?![0-3])/);
  if (parts.length < 2) return undefined;
  return parts.map(unescaped).join(".");
}

/** `_1` is an underscore, `_0XXXX` any other character: JNI's design, chapter 2. */
function unescaped(part: string): string {
  return part
    .replace(/_0([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll("_1", "_")
    .replaceAll("_2", ";")
    .replaceAll("_3", "[");
}
