import packageJson from "../../package.json" with { type: "json" };

/** Who made a report. */
export const tool = { name: packageJson.name, version: packageJson.version } as const;
