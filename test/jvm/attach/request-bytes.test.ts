import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeRequest, longestArgument, type Protocol } from "../../../src/jvm/attach/request-bytes.ts";

const v1: Protocol = { version: 1, streams: false };
const v2: Protocol = { version: 2, streams: true };

describe("a request", () => {
  test("of version 1 has three arguments, whatever is asked", () => {
    expect(textOf(v1, "jcmd", ["VM.uptime"])).toBe("1\0jcmd\0VM.uptime\0\0\0");
    expect(textOf(v1, "getversion", [])).toBe("1\0getversion\0\0\0\0");
  });

  test("of version 2 tells its size in bytes, and that the reply is not to be streamed", () => {
    expect(textOf(v2, "jcmd", ["VM.uptime"])).toBe("2\x0027\0jcmd streaming=0\0VM.uptime\0");
    expect(textOf(v2, "jcmd", ["é"])).toBe("2\x0020\0jcmd streaming=0\0é\0");
  });

  test("of version 1 tells a JVM that streams not to", () => {
    expect(textOf({ version: 1, streams: true }, "jcmd", ["VM.uptime"])).toBe("1\0jcmd streaming=0\0VM.uptime\0\0\0");
  });

  test("is refused where the JVM would hang up on it", () => {
    expect(encodeRequest(v1, "jcmd", ["x".repeat(1025)])).toMatchObject({ ok: false });
    expect(encodeRequest(v1, "jcmd", ["é".repeat(513)])).toMatchObject({ ok: false });
    expect(encodeRequest(v1, "jcmd", ["x".repeat(1024)])).toMatchObject({ ok: true });
    expect(encodeRequest(v1, "a-name-of-17-byte", [])).toMatchObject({ ok: false });
    expect(encodeRequest(v1, "jcmd", ["a\0b"])).toMatchObject({ ok: false });
    expect(encodeRequest(v1, "jcmd", ["", "", "", ""])).toMatchObject({ ok: false });
    expect(encodeRequest(v2, "jcmd", ["x".repeat(longestArgument(v2) + 1)])).toMatchObject({ ok: false });
    expect(encodeRequest(v2, "jcmd", ["x".repeat(longestArgument(v2))])).toMatchObject({ ok: true });
  });

  test("of version 2 is as long as it says", () => {
    const argument = fc.string({ unit: "grapheme", maxLength: 200 }).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 3 }), (texts) => {
        const encoded = encodeRequest(v2, "jcmd", texts);
        if (!encoded.ok) return false;
        const head = /^2\0(\d+)\0/.exec(Buffer.from(encoded.value).toString("latin1"));
        return Number(head?.[1]) === encoded.value.length - (head?.[0].length ?? 0);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

function textOf(protocol: Protocol, name: string, texts: readonly string[]): string {
  const encoded = encodeRequest(protocol, name, texts);
  return encoded.ok ? Buffer.from(encoded.value).toString() : encoded.reason;
}
