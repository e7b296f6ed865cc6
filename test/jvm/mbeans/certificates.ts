import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";

/** A certificate that signs itself, and its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Whether certificates can be made here. */
export const hasOpenssl = !execaSync("openssl", ["version"], { reject: false }).failed;

/** Part of a test's name where they cannot, so that a skipped test says why. */
export const noOpenssl = hasOpenssl ? "" : " (skipped: no openssl)";

/** Makes a certificate for one day, for 127.0.0.1 unless another subject is named. */
export function makeCertificate(name: string, alternativeName = "IP:127.0.0.1"): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "jprof-certificate-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  try {
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=${alternativeName}`, "-days", "1"];
    execaSync("openssl", ["req", "-x509", ...curve, ...subject, "-keyout", key, "-out", cert]);
    return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
