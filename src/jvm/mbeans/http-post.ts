import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { TargetError } from "../../model/errors.ts";

/** How to prove who is who over TLS, all in PEM. */
export interface TlsOptions {
  /** Certificates to trust in place of the usual ones. */
  readonly ca?: string | undefined;
  /** The client's own certificate and key. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** False: take any certificate. */
  readonly rejectUnauthorized?: boolean | undefined;
  /** Name that the certificate is for, where it is not the host of the address. */
  readonly serverName?: string | undefined;
}

export interface HttpPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpReply {
  readonly status: number;
  readonly body: string;
}

/** Posts to one server. */
export interface HttpPoster {
  post(post: HttpPost, signal: AbortSignal): Promise<HttpReply>;
  close(): void;
}

/**
 * Each request has its own connection, over TLS a resumed one. On one that is kept open, the way the JDK's HTTP server writes (Nagle's
 * algorithm, two packets) and delayed acknowledgements here make 45 ms of every reply that takes 5, for no less of the JVM's CPU.
 */
export function openPoster(url: URL, tls: TlsOptions, maxReplyBytes: number): HttpPoster {
  const isTls = url.protocol === "https:";
  const agent = isTls ? tlsAgent(tls) : new HttpAgent({ keepAlive: false });
  const request = isTls ? httpsRequest : httpRequest;
  return {
    post({ url, headers, body }, signal) {
      return new Promise((resolve, reject) => {
        const length = { "Content-Length": String(Buffer.byteLength(body)) };
        const sent = request(url, { agent, method: "POST", headers: { ...headers, ...length }, signal }, (reply) => {
          readReply(reply, maxReplyBytes).then(resolve, (error: unknown) => {
            sent.destroy();
            reject(error);
          });
        });
        sent.on("error", reject);
        sent.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

function tlsAgent({ ca, cert, key, rejectUnauthorized, serverName }: TlsOptions): HttpsAgent {
  const name = serverName === undefined ? {} : { servername: serverName };
  return new HttpsAgent({ ca, cert, key, ...name, rejectUnauthorized: rejectUnauthorized !== false, keepAlive: false });
}

async function readReply(reply: IncomingMessage, maxReplyBytes: number): Promise<HttpReply> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxReplyBytes) throw new TargetError(`its reply is longer than ${maxReplyBytes} bytes`);
    chunks.push(chunk);
  }
  return { status: reply.statusCode ?? 0, body: Buffer.concat(chunks, bytes).toString("utf8") };
}
