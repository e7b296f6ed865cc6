import { EncodingReader } from "./encoding-reader.ts";
import { NotMangled } from "./name-reader.ts";

/** Longer names are left as they are: no compiler writes them, and reading is recursive. */
const longest = 16 << 10;

/**
 * The name of a C++ function by its symbol (Itanium ABI): `_ZN2os6mallocEmP4Foo` is `os::malloc`. Arguments of functions and templates
 * are left out, as is what the compiler appends to parts and copies of a function. Undefined for symbols that are not of C++.
 */
export function demangle(symbol: string): string | undefined {
  if (!symbol.startsWith("_Z") || symbol.length > longest) return undefined;
  try {
    return new EncodingReader(symbol).encoding();
  } catch (error) {
    if (error instanceof NotMangled || error instanceof RangeError) return undefined;
    throw error;
  }
}
