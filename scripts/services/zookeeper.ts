import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { classPathOf } from "./artifacts.ts";
import { freePort, makeServiceFolder, type RunningService, type ServiceOptions, startService } from "./java-service.ts";

/** Starts a ZooKeeper server by itself. */
export async function startZooKeeper(options: ServiceOptions): Promise<RunningService> {
  const folder = makeServiceFolder("zookeeper");
  const client = await freePort();
  const config = join(folder, "zoo.cfg");
  writeFileSync(config, `tickTime=2000\ndataDir=${folder}/data\nclientPort=${client}\nclientPortAddress=127.0.0.1\n`);
  const flags = ["-Xmx128m", "-Dzookeeper.admin.enableServer=false"];
  const mainClass = "org.apache.zookeeper.server.ZooKeeperServerMain";
  const start = { name: "zookeeper", classPath: classPathOf("zookeeper"), mainClass, flags, args: [config], folder };
  return startService(
    { ...start, ports: { client }, ready: /PrepRequestProcessor .*started|binding to port/ },
    options,
  );
}
