import { FormatError } from "../../model/errors.ts";
import { type HttpRefusal, isHttpRefusal } from "./jolokia-client.ts";
import { type Refusal, refusal } from "./no-answer.ts";

const longestQuote = 120;

/** Why a whole request to `address` came to nothing, for a person; `signal` is the one that ends it. */
export function failureOf(error: unknown, address: string, signal: AbortSignal): Refusal {
  if (signal.aborted) return timeoutFailure(signal.reason, address);
  if (isHttpRefusal(error)) return statusFailure(error, address);
  if (error instanceof FormatError) {
    return refusal("failed", `${address} does not answer as a Jolokia agent does: ${error.message}`);
  }
  return error instanceof Error ? networkFailure(error, address) : refusal("failed", `${address}: ${String(error)}`);
}

function timeoutFailure(reason: unknown, address: string): Refusal {
  if (reason instanceof Error && reason.name === "TimeoutError") {
    return refusal("timeout", `${address} did not answer in time`);
  }
  return refusal("timeout", `the request to ${address} was given up before it was answered`);
}

function statusFailure({ status, body }: HttpRefusal, address: string): Refusal {
  if (status === 401) {
    return refusal("denied", `${address} wants another user and password, or token (HTTP 401)`);
  }
  if (status === 403) return refusal("denied", `${address} does not let jprof in (HTTP 403)`);
  if (status === 404) return refusal("failed", `there is no Jolokia agent at ${address} (HTTP 404): check its path`);
  if (status >= 300 && status < 400) {
    return refusal("failed", `${address} points elsewhere (HTTP ${status}): give the address that it points to`);
  }
  const said = body.replaceAll(/\s+/g, " ").slice(0, longestQuote).trim();
  return refusal("failed", `${address} answered with HTTP ${status}${said === "" ? "" : `: ${said}`}`);
}

function networkFailure(error: Error, address: string): Refusal {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "ECONNREFUSED") {
    return refusal(
      "failed",
      `nothing listens at ${address}: is the Jolokia agent loaded, and in the same network namespace?`,
    );
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return refusal("failed", `the host of ${address} is not known (${code})`);
  if (code === "ECONNRESET" || code === "EPIPE") {
    return refusal(
      "failed",
      `${address} ended the connection before its reply was whole: is it http where https is spoken?`,
    );
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL") || code.startsWith("ERR_TLS") || certificateCodes.has(code)) {
    return refusal("denied", `no secure connection to ${address}: ${error.message}`);
  }
  return refusal("failed", `${address}: ${error.message}`);
}

/** Of OpenSSL's verification, as Node names them. */
const certificateCodes: ReadonlySet<string> = new Set([
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
