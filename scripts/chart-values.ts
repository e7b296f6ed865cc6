import { z } from "zod";
import { agentSchema } from "../src/cli/agent-schema.ts";

const text = { type: "string" };
const switchable = { type: "boolean" };
const texts = { type: "object", additionalProperties: text };
/** What Kubernetes checks by itself. */
const object = { type: "object" };
const list = { type: "array", items: object };

/** The chart's `values.schema.json`, by which helm refuses what the agent would refuse. */
export function chartValuesSchemaText(): string {
  const { $schema: _, ...config } = z.toJSONSchema(agentSchema);
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    ...closed({
      global: object,
      image: closed({ repository: text, tag: text, pullPolicy: { enum: ["Always", "IfNotPresent", "Never"] } }),
      imagePullSecrets: list,
      daemonSet: closed({
        enabled: switchable,
        config: { ...config, required: ["listen"] },
        resourceAttributes: { type: "array", items: { type: "string", pattern: "^[^=,]+=[^,]*$" } },
        env: list,
        podLabels: texts,
        podAnnotations: texts,
        podSecurityContext: object,
        priorityClassName: text,
        updateStrategy: object,
        nodeSelector: texts,
        affinity: object,
        tolerations: list,
        resources: object,
      }),
      podMonitor: closed({
        enabled: switchable,
        interval: { type: "string", pattern: "^\\d+(ms|s|m)$" },
        labels: texts,
      }),
      prometheusRule: closed({ enabled: switchable, labels: texts }),
      dashboards: closed({ enabled: switchable, labels: texts, annotations: texts }),
      runbooks: text,
    }),
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** An object with these properties and no others. */
function closed(properties: Readonly<Record<string, object>>): object {
  return { type: "object", properties, additionalProperties: false };
}
