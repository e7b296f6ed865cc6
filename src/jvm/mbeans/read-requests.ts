import type { ExecRequest, ReadRequest } from "jolokia.js";
import { parseObjectName } from "../../formats/jolokia/object-name.ts";
import { allows, type Policy } from "../../model/policy.ts";
import type { MBeanRead } from "../../model/target.ts";
import { type Refusal, refusal } from "./no-answer.ts";

/** What one read becomes on the wire, or why it is not sent. */
export type ReadRequestOrRefusal = ReadRequest | ExecRequest | Refusal;

/** Operations that may be asked for like an attribute, by themselves, and the policy that each needs; no other is ever invoked. */
const operations: Readonly<Record<string, { readonly mbean: string; readonly policy: Policy }>> = {
  // Stops the threads for as long as it looks at their locks.
  "findDeadlockedThreads()": { mbean: "java.lang:type=Threading", policy: "diagnose" },
};

/** Refuses what would be dear (a pattern over a whole domain, all attributes of many MBeans), forbidden, or would spoil the request for others. */
export function requestOf(read: MBeanRead, policy: Policy): ReadRequestOrRefusal {
  const { mbean, attributes } = read;
  const name = parseObjectName(mbean);
  if (name === undefined) return refusal("failed", `"${mbean}" is not the name of an MBean`);
  if (attributes.some((attribute) => attribute.endsWith(")"))) return operationOf(read, policy);
  if (name.isPattern && (hasWildcard(name.domain) || name.exactKeys.length === 0)) {
    return refusal(
      "forbidden",
      `"${mbean}" would match too much: a pattern needs a domain and one exact key, such as type=…`,
    );
  }
  if (name.isPattern && attributes.length === 0) {
    return refusal("forbidden", `all attributes of every "${mbean}" would be too much: name those that are wanted`);
  }
  return { type: "read", mbean, ...(attributes.length === 0 ? {} : { attribute: [...attributes] }) };
}

function operationOf({ mbean, attributes }: MBeanRead, policy: Policy): ReadRequestOrRefusal {
  const [first = ""] = attributes;
  const operation = Object.hasOwn(operations, first) ? operations[first] : undefined;
  if (attributes.length !== 1 || operation?.mbean !== mbean) {
    return refusal("forbidden", `jprof invokes no operation of ${mbean} but those that it knows, one at a time`);
  }
  if (!allows(policy, operation.policy)) {
    return refusal(
      "forbidden",
      `${first} of ${mbean} needs the policy "${operation.policy}", and this one is "${policy}"`,
    );
  }
  return { type: "exec", mbean, operation: first.slice(0, -2) };
}

function hasWildcard(domain: string): boolean {
  return domain.includes("*") || domain.includes("?");
}
