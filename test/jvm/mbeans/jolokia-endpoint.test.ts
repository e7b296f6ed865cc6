import { describe, expect, test } from "vitest";
import { jolokiaEndpointOf } from "../../../src/jvm/mbeans/jolokia-endpoint.ts";

const jar = "/opt/jolokia/jolokia-agent-jvm-2.6.0-javaagent.jar";

// What the agent itself said of where it listens, for each of these.
test.each([
  [`-javaagent:${jar}`, "http://127.0.0.1:8778/jolokia"],
  [`-javaagent:${jar}=port=8779,host=127.0.0.1`, "http://127.0.0.1:8779/jolokia"],
  [`-javaagent:${jar}=host=0.0.0.0,port=8779`, "http://127.0.0.1:8779/jolokia"],
  [`-javaagent:${jar}=host=*`, "http://127.0.0.1:8778/jolokia"],
  [`-javaagent:${jar}=host=[::],port=1`, "http://127.0.0.1:1/jolokia"],
  [`-javaagent:${jar}=host=localhost`, "http://127.0.0.1:8778/jolokia"],
  [`-javaagent:${jar}=host=[::1],port=8779`, "http://[::1]:8779/jolokia"],
  [`-javaagent:${jar}=host=::1`, "http://[::1]:8778/jolokia"],
  [`-javaagent:${jar}=host=10.1.2.3,protocol=https,port=8443`, "https://10.1.2.3:8443/jolokia"],
  [String.raw`-javaagent:${jar}=agentContext=/a\,b,port=8779`, "http://127.0.0.1:8779/a,b"],
  [`-javaagent:${jar}=user=me,password=a=b,port=8779`, "http://127.0.0.1:8779/jolokia"],
  ["-javaagent:jolokia-jvm-1.6.2-agent.jar=port=8779", "http://127.0.0.1:8779/jolokia"],
])("%s is at %s", (flag, url) => {
  expect(jolokiaEndpointOf(["-Xmx64m", flag])).toEqual({ url });
});

test.each([
  ["no agent", "-Xmx64m"],
  ["another agent", "-javaagent:/opt/jmx_prometheus_javaagent.jar=8080:config.yaml"],
  ["another agent in a folder of that name", "-javaagent:/opt/jolokia/other.jar=port=1"],
  ["a port that the system chooses", `-javaagent:${jar}=port=0`],
  ["a port that is none", `-javaagent:${jar}=port=x`],
  ["options that the agent would not take", `-javaagent:${jar}=(redacted)`],
  ["a host that a script would fill in", `-javaagent:${jar}=host=\${HOST}`],
  ["a file of options that cannot be read", `-javaagent:${jar}=config=/etc/jolokia.properties`],
])("%s gives no address", (_, flag) => {
  expect(jolokiaEndpointOf([flag])).toBeUndefined();
});

describe("beside the agent's options", () => {
  const file = "# Jolokia\nport=18105\nhost: *\n agentContext = /cfg\nprotocol https\npassword=secret\n! end\n";
  const read = (path: string) => (path === "/etc/jolokia.properties" ? file : undefined);
  const config = `-javaagent:${jar}=config=/etc/jolokia.properties`;

  test("the file that they name says the rest", () => {
    expect(jolokiaEndpointOf([config], read)).toEqual({ url: "https://127.0.0.1:18105/cfg" });
    expect(jolokiaEndpointOf([`${config},port=18106`], read)).toEqual({ url: "https://127.0.0.1:18106/cfg" });
    expect(jolokiaEndpointOf([`${config},port=18106`])).toEqual({ url: "http://127.0.0.1:18106/jolokia" });
  });

  test("system properties come after them and before the file", () => {
    expect(jolokiaEndpointOf(["-Djolokia.port=18101", `-javaagent:${jar}`])).toEqual({
      url: "http://127.0.0.1:18101/jolokia",
    });
    expect(jolokiaEndpointOf([`-javaagent:${jar}=port=18102`, "-Djolokia.port=18101"])).toEqual({
      url: "http://127.0.0.1:18102/jolokia",
    });
    expect(jolokiaEndpointOf(["-Djolokia.port=18120", config], read)).toEqual({ url: "https://127.0.0.1:18120/cfg" });
  });
});
