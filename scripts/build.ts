import { chmodSync, cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";

// One JavaScript file per source file, so that workers and lazily loaded commands are found where they are in the source.
const top = join(import.meta.dirname, "..");
rmSync(join(top, "dist"), { recursive: true, force: true });
execaSync("tsc", ["-p", "tsconfig.build.json"], { cwd: top, preferLocal: true, stdio: "inherit" });
chmodSync(join(top, "dist/src/cli/main.js"), 0o755);
cpSync(join(top, "dashboards/generated"), join(top, "dist/dashboards/generated"), { recursive: true });
