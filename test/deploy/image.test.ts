import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { outputOf, toolPath } from "./deploy-tools.ts";
import { deployFolder, readDeployed } from "./manifests.ts";

const hadolint = toolPath("hadolint", ["--version"]);
/** Instructions with their arguments; a line that ends in a backslash goes on in the next. */
const instructions = readDeployed("docker/Dockerfile")
  .replaceAll(/^#.*\n/gm, "")
  .replaceAll(/\\\n\s*/g, "")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => ({ name: line.split(" ")[0]!, rest: line.slice(line.indexOf(" ") + 1) }));
const last = (name: string) => instructions.findLast((instruction) => instruction.name === name)?.rest;

test("the image copies from a stage that it has, and does not run as root", () => {
  const stages = instructions.flatMap(({ name, rest }) =>
    name === "FROM" ? (/ AS (\w+)$/.exec(rest)?.[1] ?? []) : [],
  );
  const sources = instructions.flatMap(({ rest }) => /--from=(\w+)/.exec(rest)?.[1] ?? []);
  expect(sources).toEqual(stages);
  expect(last("USER")).toMatch(/^[1-9]\d*:[1-9]\d*$/);
});

test("nothing but the package goes into the image", () => {
  const lines = readDeployed("docker/Dockerfile.dockerignore").split("\n");
  expect(lines.filter((line) => line !== "" && !line.startsWith("#"))).toEqual(["*", "!jprof-*.tgz"]);
});

test("the image's health check tells health from illness and from nobody there", async () => {
  const [program, ...args] = JSON.parse(/CMD (\[.*\])$/.exec(last("HEALTHCHECK")!)![1]!) as string[];
  expect(program).toBe("node");
  let status = 200;
  const paths: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url);
    response.writeHead(status).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const own = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const check = async () => {
    const child = spawn(
      process.execPath,
      args.map((text) => text.replace("127.0.0.1:9464", own)),
    );
    return (await once(child, "exit"))[0] as number;
  };
  expect(await check()).toBe(0);
  status = 503;
  expect(await check()).toBe(1);
  server.close();
  server.closeAllConnections();
  expect(await check()).toBe(1);
  expect(paths).toEqual(["/healthz", "/healthz"]);
});

test.skipIf(hadolint === undefined)("a linter finds nothing in the Dockerfile", () => {
  expect(outputOf(hadolint!, [`${deployFolder}/docker/Dockerfile`])).toBe("");
});
