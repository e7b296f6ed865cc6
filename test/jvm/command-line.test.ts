import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mainOfJavaCommand, parseJavaCommand, parseJsvcCommand, parseToolCommand } from "../../src/jvm/command-line.ts";

const files: Readonly<Record<string, readonly string[]>> = {
  "args.txt": ["-Xmx2g", "-cp", "lib", "com.example.Main", "@other"],
  "flags.txt": ["-Xss1m", "@args.txt"],
  "value.txt": ["lib.jar"],
};
const parse = (line: string) => parseJavaCommand(line.split(" ").filter(Boolean), (path) => files[path]);

describe("the command line of java", () => {
  test.each([
    ["-Xmx1g com.example.Main -Xms1g", ["-Xmx1g"], "class", "com.example.Main"],
    ["-cp a.jar:b.jar -Dx=y Main", ["-Dx=y"], "class", "Main"],
    ["--class-path=a.jar com/example/Main", [], "class", "com.example.Main"],
    ["-Xmx1g -jar /srv/service.jar --port 80", ["-Xmx1g"], "jar", "service.jar"],
    ["-jar -Xmx1g service.jar", ["-Xmx1g"], "jar", "service.jar"],
    ["-p mods -m com.example/com.example.Main -Xmx1g", [], "module", "com.example.Main"],
    ["--module-path=mods --module=com.example", [], "module", "com.example"],
    [
      "--add-opens java.base/java.lang=ALL-UNNAMED Main",
      ["--add-opens=java.base/java.lang=ALL-UNNAMED"],
      "class",
      "Main",
    ],
    ["--add-modules=jdk.jfr --enable-preview Main", ["--add-modules=jdk.jfr", "--enable-preview"], "class", "Main"],
    ["--source 25 -Xmx1g src/Hello.java", ["-Xmx1g"], "source", "Hello.java"],
    ["@args.txt -Xms9g", ["-Xmx2g"], "class", "com.example.Main"],
    ["-cp @value.txt Main", [], "class", "Main"],
    ["@missing.txt -Xmx1g Main", ["-Xmx1g"], "class", "Main"],
    ["--disable-@files Main @args.txt", [], "class", "Main"],
    ["-Dx=y Main @args.txt", ["-Dx=y"], "class", "Main"],
  ])("%s", (line, flags, kind, name) => {
    expect(parse(line)).toEqual({ flags, main: { kind, name } });
  });

  test("a file of arguments names no further files", () => {
    expect(parse("@flags.txt").main?.name).toBe("@args.txt");
    expect(parse("@@args.txt").main?.name).toBe("@args.txt");
  });

  test("one that is cut off has no main program", () => {
    for (const line of ["", "-Xmx1g", "-cp", "--module", "-jar"]) expect(parse(line).main).toBeUndefined();
  });

  test("any words give an answer", () => {
    const word = fc.constantFrom(
      "-cp",
      "-jar",
      "-m",
      "--module=",
      "@args.txt",
      "@",
      "@@",
      "",
      "-",
      "--",
      "Main",
      "--add-opens",
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(parseJavaCommand(words, (path) => files[path]).flags.length).toBeLessThanOrEqual(words.length * 5);
      }),
      { seed: 7 },
    );
  });
});

describe("other launchers", () => {
  test("jsvc keeps its own options from the JVM", () => {
    const words =
      "-user tomcat -pidfile /run/x.pid -cp a.jar -Xmx1g -outfile &1 org.apache.catalina.startup.Bootstrap start";
    expect(parseJsvcCommand(words.split(" "))).toEqual({
      flags: ["-Xmx1g"],
      main: { kind: "class", name: "org.apache.catalina.startup.Bootstrap" },
    });
  });

  test("a tool of the JDK hands its JVM what has -J", () => {
    expect(parseToolCommand(["-J-Xmx1g", "-v", "4711"])).toEqual({ flags: ["-Xmx1g"], main: undefined });
  });
});

describe("the command in the perf counters", () => {
  test.each([
    ["com.example.Main a b", "com.example.Main"],
    ["m/m.Main x", "m.Main"],
    ["service.jar a.jar", "service.jar"],
    ["/srv/my app/service.jar --port 80", "service.jar"],
    ["jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher src/Hello.java a", "Hello.java"],
  ])("%s is %s", (command, name) => {
    expect(mainOfJavaCommand(command)?.name).toBe(name);
  });

  test("an empty one says nothing", () => {
    expect(mainOfJavaCommand(" ")).toBeUndefined();
  });
});
