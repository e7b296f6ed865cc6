import { describe, expect, test } from "vitest";
import { redactFlags } from "../../src/jvm/redact-flags.ts";

const secret = "hunter2";

describe("flags that are shown", () => {
  test.each([
    "-Xmx1g",
    "-XX:+UseZGC",
    "-XX:MaxRAMPercentage=75.0",
    "-XX:HeapDumpPath=/var/dumps",
    "-Xlog:gc*:file=/var/log/gc.log:time,uptime:filecount=5",
    "-Djava.io.tmpdir=/data/tmp",
    "-Dcom.sun.management.jmxremote.port=9010",
    "-Dfeature.enabled=true",
    "-Dflag",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--enable-preview",
    "-server",
    "-ea:com.example...",
    "-javaagent:/opt/agent.jar",
  ])("%s stays as it is", (flag) => {
    expect(redactFlags([flag])).toEqual([flag]);
  });

  test.each([
    ["-Djavax.net.ssl.keyStorePassword=hunter2", "-Djavax.net.ssl.keyStorePassword=(redacted)"],
    ["-Dspring.datasource.url=jdbc:postgresql://db/x?user=a&password=hunter2", "-Dspring.datasource.url=(redacted)"],
    ["-Dany.name=hunter2", "-Dany.name=(redacted)"],
    ["-Djava.nio.file.token=hunter2", "-Djava.nio.file.token=(redacted)"],
    ["-Djdk.proxy=http://me:hunter2@proxy:80", "-Djdk.proxy=(redacted)"],
    ["-javaagent:/opt/jolokia.jar=port=8778,password=hunter2", "-javaagent:/opt/jolokia.jar=(redacted)"],
    ["-agentlib:jdwp=transport=dt_socket,address=hunter2", "-agentlib:jdwp=(redacted)"],
    ["-agentpath:/opt/x.so=hunter2", "-agentpath:/opt/x.so=(redacted)"],
    ["-Xrunhprof:hunter2", "-Xrunhprof=(redacted)"],
    ["-XX:OnOutOfMemoryError=curl -u me:hunter2 http://x", "-XX:OnOutOfMemoryError=(redacted)"],
    ["-Xlog:gc:file=http://me:hunter2@host/x", "-Xlog:gc:file=(redacted)"],
    ["hunter2", "(redacted)"],
    ["-hunter2", "(redacted)"],
    ["--api-key=hunter2", "--api-key=(redacted)"],
  ])("%s → %s", (flag, shown) => {
    expect(redactFlags([flag])).toEqual([shown]);
  });

  test("a value of more than one line goes as a whole", () => {
    expect(redactFlags([`-Da=1\n${secret}`, `-javaagent:/a.jar=x\n${secret}`]).join("")).not.toContain(secret);
  });
});
