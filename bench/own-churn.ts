import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileJava, type Jdk } from "../test/jdk.ts";

/** The class path of the fixture Churn under a name of its own, so that an agent which is to watch it watches no one else's. */
export async function compileOwnChurn(jdk: Jdk, className: string, folder: string): Promise<string> {
  const churn = readFileSync(join(import.meta.dirname, "../fixtures/churn/Churn.java"), "utf8");
  const source = join(folder, `${className}.java`);
  writeFileSync(source, churn.replaceAll(/\bChurn\b/g, className));
  return compileJava(jdk, source);
}
