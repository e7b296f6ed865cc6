import { expect, test } from "vitest";
import { whyTurnedAway } from "../../../src/jvm/attach/credentials.ts";

const service = { uid: 1000, gid: 1000 };

test("a JVM answers its own user and group, and root", () => {
  expect(whyTurnedAway(service, service, 17)).toBeUndefined();
  expect(whyTurnedAway({ uid: 0, gid: 0 }, service, 17)).toBeUndefined();
  expect(whyTurnedAway({ uid: 0, gid: 0 }, service, undefined)).toBeUndefined();
});

test("a JVM turns away other users, other groups, and before JDK 11 root", () => {
  expect(whyTurnedAway({ uid: 1001, gid: 1000 }, service, 17)?.reason).toBe(
    "the JVM runs as uid 1000, gid 1000 and jprof as uid 1001, gid 1000; run jprof as that user and group, or as root",
  );
  expect(whyTurnedAway({ uid: 1000, gid: 1001 }, service, 25)?.code).toBe("denied");
  expect(whyTurnedAway({ uid: 0, gid: 0 }, service, 8)?.reason).toContain("Java 8 answers its own user only");
});
