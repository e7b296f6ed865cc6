import { expect, test } from "vitest";
import { parseVmVersion } from "../../../src/formats/jcmd/vm-version.ts";
import { codeCache25 } from "./replies.ts";

test("the version of JDK 17 and 25 (real), and of 8 (drawn after its source)", () => {
  expect(parseVmVersion("OpenJDK 64-Bit Server VM version 17.0.15+6-Debian-1deb12u1\nJDK 17.0.15\n")).toEqual({
    vmName: "OpenJDK 64-Bit Server VM",
    vmVersion: "17.0.15+6-Debian-1deb12u1",
    javaVersion: "17.0.15",
    javaMajor: 17,
  });
  expect(parseVmVersion("OpenJDK 64-Bit Server VM version 25.0.3+9-LTS\nJDK 25.0.3\n")).toMatchObject({
    javaMajor: 25,
  });
  expect(parseVmVersion("Java HotSpot(TM) 64-Bit Server VM version 25.402-b06\nJDK 8.0_402\n")).toEqual({
    vmName: "Java HotSpot(TM) 64-Bit Server VM",
    vmVersion: "25.402-b06",
    javaVersion: "8.0_402",
    javaMajor: 8,
  });
});

test("a reply that is cut off tells what is there, and one to another command is refused", () => {
  expect(parseVmVersion("")).toBeUndefined();
  expect(parseVmVersion("OpenJDK 64-Bit Server VM version 17")).toMatchObject({
    vmVersion: "17",
    javaMajor: undefined,
  });
  expect(() => parseVmVersion(codeCache25)).toThrow("got Compiler.codecache");
});
