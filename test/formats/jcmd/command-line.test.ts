import { expect, test } from "vitest";
import { parseCommandLine } from "../../../src/formats/jcmd/command-line.ts";

test("a command line is told as it stands (real, JDK 25)", () => {
  const text = `VM Arguments:
jvm_args: -Xmx64m -XX:HeapDumpPath=/tmp/a b -Dpassword=secret 
java_command: Idle one two
java_class_path (initial): cls
Launcher Type: SUN_STANDARD
`;
  expect(parseCommandLine(text)).toEqual({
    jvmArguments: "-Xmx64m -XX:HeapDumpPath=/tmp/a b -Dpassword=secret",
    jvmFlags: undefined,
    javaCommand: "Idle one two",
    classPath: "cls",
  });
  expect(parseCommandLine("")).toEqual({
    jvmArguments: undefined,
    jvmFlags: undefined,
    javaCommand: undefined,
    classPath: undefined,
  });
});
