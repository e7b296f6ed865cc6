import { expect, test } from "vitest";
import lock from "../package-lock.json" with { type: "json" };

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const packages: Readonly<Record<string, LockedPackage>> = lock.packages;

test("the lock file names no registry", () => {
  expect(Object.keys(packages).filter((path) => packages[path]!.resolved !== undefined)).toEqual([]);
});

test("the lock file names the packages for every platform, so that `npm ci` takes it (npm run lock)", () => {
  const wanted = Object.values(packages).flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}));
  expect(wanted.filter((name) => packages[`node_modules/${name}`]?.version === undefined)).toEqual([]);
});
