import { createServer } from "node:http";
import type { SyntheticSeries } from "./synthetic-jvm.ts";

/** Serves series as Prometheus's text, with time that passes `speed` times as fast as it does. */
export function serveMetrics(series: readonly SyntheticSeries[], speed: number) {
  const begin = Date.now();
  const server = createServer((_request, response) => {
    const seconds = ((Date.now() - begin) / 1000) * speed;
    response.setHeader("content-type", "text/plain; version=0.0.4");
    response.end(textOf(series, seconds));
  });
  return new Promise<{ readonly url: string; readonly host: string; close(): Promise<void> }>((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const host = `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
      const close = () =>
        new Promise<void>((done) => {
          server.closeAllConnections();
          server.close(() => done());
        });
      resolve({ url: `http://${host}/metrics`, host, close });
    });
  });
}

function textOf(series: readonly SyntheticSeries[], seconds: number): string {
  const lines = series.flatMap(({ name, labels, at }) => {
    const value = at(seconds);
    if (value === undefined) return [];
    const inside = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
    return [`${name}{${inside.join(",")}} ${value}`];
  });
  return `${lines.join("\n")}\n`;
}
