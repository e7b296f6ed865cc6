import { expect, test } from "vitest";
import { redactArgument, redactThreadName } from "../../analyzers/redaction.ts";

test("a thread's name becomes the shape of its pool", () => {
  const names = {
    main: "main",
    "http-nio-8080-exec-17": "http-nio-#-exec-#",
    "kafka-scheduler-3": "kafka-scheduler-#",
    "data-plane-kafka-network-thread-1-ListenerName(PLAINTEXT)-PLAINTEXT-0":
      "data-plane-kafka-network-thread-#-ListenerName(PLAINTEXT)-PLAINTEXT-#",
    "session 6f1c2b9e-1d2f-4c1e-9a70-0123456789ab": "session #",
    "worker token=abc,next": "worker token=#,next",
    "mail alice@example.org": "mail #",
    "RMI TCP Connection(2)-127.0.0.1": "RMI TCP Connection(#)-#",
    "Signal Dispatcher": "Signal Dispatcher",
    "": "",
  };
  expect(Object.fromEntries(Object.keys(names).map((name) => [name, redactThreadName(name)]))).toEqual(names);
});

test("nothing with a free text survives in an argument", () => {
  for (const argument of [
    "-Da=b",
    "-XX:OnError=gdb %p",
    "-agentlib:jdwp=address=5005",
    "password",
    "-cp",
    "@argfile",
    "--module-path=/x",
  ]) {
    expect(redactArgument(argument)).not.toMatch(/=b|gdb|5005|^password|argfile|\/x/);
  }
  for (const argument of ["-Xmx256m", "-Xss1M", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=200", "-server"])
    expect(redactArgument(argument)).toBe(argument);
});
