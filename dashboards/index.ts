import type { DashboardSpec } from "./build.ts";
import { hotPaths } from "./hot-paths.ts";
import { jprofItself } from "./jprof-itself.ts";
import { oneJvm } from "./jvm/index.ts";
import { jvmFleet } from "./jvm-fleet.ts";

/** Every dashboard; one line each. */
export const dashboards: readonly DashboardSpec[] = [jvmFleet, oneJvm, hotPaths, jprofItself];
