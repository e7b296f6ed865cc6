import { describe, expect, test } from "vitest";
import { parseFlags } from "../../../src/formats/jcmd/flags.ts";
import { codeCache25, flags17 } from "./replies.ts";

describe("flags", () => {
  test("one line tells those that are not at their default (real, JDK 17)", () => {
    expect(parseFlags(flags17).map(({ name, value }) => `${name}=${value}`)).toEqual([
      "CICompilerCount=2",
      "ConcGCThreads=1",
      "MaxHeapSize=67108864",
      "NativeMemoryTracking=summary",
      "SegmentedCodeCache=true",
      "THPStackMitigation=false",
      "UseG1GC=true",
    ]);
  });

  test("values may hold spaces and what looks like an option, since the JVM quotes nothing (real, JDK 25)", () => {
    const text =
      '-XX:CompileCommand=quiet -XX:HeapDumpPath=/tmp/a b -XX:OnOutOfMemoryError=kill -9 %p; echo -XX:hi "a b" -XX:-UseX \n';
    expect(parseFlags(text).map(({ name, value }) => [name, value])).toEqual([
      ["CompileCommand", "quiet"],
      ["HeapDumpPath", "/tmp/a b"],
      ["OnOutOfMemoryError", 'kill -9 %p; echo -XX:hi "a b"'],
      ["UseX", "false"],
    ]);
  });

  test("the table tells types, kinds and who set them (real, JDK 25)", () => {
    const text = `4711:
[Global flags]
      int ActiveProcessorCount                     = -1                                        {product} {default}
    ccstr AOTCache                                 =                                           {product} {default}
ccstrlist CompileCommand                           = quiet
          CompileCommand                          += inline,A.b                                {product} {command line}
    ccstr HeapDumpPath                             = /tmp/a b                               {manageable} {command line}
     intx MaxInlineLevel                           = 15                                     {C2 product} {default}
   size_t MaxNewSize                               = 39845888                                  {product} {ergonomic}
   double MaxRAMPercentage                         = 25.000000                                 {product} {default}
ccstrlist OnError                                  = echo {a} {b}                              {product} {command line}
`;
    expect(parseFlags(text).map(({ type, name, value, kind, origin }) => [type, name, value, kind, origin])).toEqual([
      ["int", "ActiveProcessorCount", "-1", "product", "default"],
      ["ccstr", "AOTCache", "", "product", "default"],
      ["ccstrlist", "CompileCommand", "quiet\ninline,A.b", "product", "command line"],
      ["ccstr", "HeapDumpPath", "/tmp/a b", "manageable", "command line"],
      ["intx", "MaxInlineLevel", "15", "C2 product", "default"],
      ["size_t", "MaxNewSize", "39845888", "product", "ergonomic"],
      ["double", "MaxRAMPercentage", "25.000000", "product", "default"],
      ["ccstrlist", "OnError", "echo {a} {b}", "product", "command line"],
    ]);
  });

  test("JDK 8 marks what was set, but not by whom (drawn after its source)", () => {
    const text = `[Global flags]
    uintx AdaptiveSizeDecrementScaleFactor          = 4                                   {product}           
     bool UseG1GC                                  := true                                {product}           
     bool HeapDumpOnOutOfMemoryError                = false                               {manageable}        
`;
    expect(parseFlags(text).map(({ name, value, kind, origin }) => [name, value, kind, origin])).toEqual([
      ["AdaptiveSizeDecrementScaleFactor", "4", "product", undefined],
      ["UseG1GC", "true", "product", undefined],
      ["HeapDumpOnOutOfMemoryError", "false", "manageable", undefined],
    ]);
  });

  test("nothing tells no flags, and a reply to another command is refused", () => {
    expect(parseFlags("")).toEqual([]);
    expect(() => parseFlags(codeCache25)).toThrow("expected the reply to VM.flags, got Compiler.codecache");
  });
});
