import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { demangle } from "../../../src/formats/demangle/demangle.ts";

const names: readonly (readonly [symbol: string, name: string])[] = [
  ["_Z3foov", "foo"],
  ["_ZN2os6mallocEm8MEMFLAGS", "os::malloc"],
  ["_ZN16G1ConcurrentMarkC2EP15G1CollectedHeap", "G1ConcurrentMark::G1ConcurrentMark"],
  ["_ZN3FooD0Ev", "Foo::~Foo"],
  ["_ZNSt6vectorIiSaIiEE9push_backERKi", "std::vector::push_back"],
  ["_ZNKSs4sizeEv", "std::basic_string::size"],
  ["_ZN12_GLOBAL__N_13runEv", "(anonymous namespace)::run"],
  ["_ZplRK1AS1_", "operator+"],
  ["_ZnwmRKSt9nothrow_t", "operator new"],
  ["_Znam", "operator new[]"],
  ["_ZN1AcvbEv", "A::operator bool"],
  ["_ZZN1A3runEvENKUlvE_clEv", "A::run::{lambda#1}::operator()"],
  ["_ZZ4mainE5count", "main::count"],
  ["_ZN1AIXadL_Z3foovEEE3runEv", "A::run"],
  ["_ZN1AILb1ELi3EE3runIJidEEEvDpT_", "A::run"],
  ["_ZTV3Foo", "vtable for Foo"],
  ["_ZThn8_N3Foo3barEv", "non-virtual thunk to Foo::bar"],
  ["_ZGVZ4mainE1x", "guard variable for main::x"],
  ["_ZN3FooB5cxx113barEv", "Foo::bar"],
  ["_ZNSt8functionIFvPKcEED2Ev", "std::function::~function"],
];

describe("names of C++ functions", () => {
  test.each(names)("%s is %s", (symbol, name) => {
    expect(demangle(symbol)).toBe(name);
  });

  test("what is no such symbol has none", () => {
    for (const text of ["", "malloc", "_Z", "_Zxx", "_ZN", "_ZN3fo", "_ZS_", "_ZN1AE1", "_Z99999999999999999999a"]) {
      expect(demangle(text) ?? "", text).toMatch(/^(?:A)?$/);
    }
  });

  test("damaged and deep ones end", () => {
    const whole = names.map(([symbol]) => symbol);
    fc.assert(
      fc.property(fc.constantFrom(...whole), fc.nat(60), fc.string({ maxLength: 6 }), (symbol, at, text) => {
        demangle(symbol.slice(0, at) + text + symbol.slice(at));
      }),
      { seed: 3, numRuns: 3_000 },
    );
    for (const part of ["P", "N", "I", "F", "Z", "T_", "L", "1AI", "X", "S_", "KVr", "DT", "cl"]) {
      expect(demangle(`_Z1a${part.repeat(5_000)}`) ?? "a", part).toBe("a");
    }
  });
});
