import { parseObjectName } from "../../formats/jolokia/object-name.ts";
import {
  attributesOf,
  isOverLimit,
  isRecord,
  type JolokiaError,
  type JolokiaReply,
} from "../../formats/jolokia/replies.ts";
import type { Answer } from "../../model/answer.ts";
import type { MBeanRead } from "../../model/target.ts";
import type { MBeanLimits } from "./limits.ts";
import { type Refusal, refusal } from "./no-answer.ts";

/**
 * The answer to one read. Attributes that an MBean does not have, or may not show, are left out; where none is left, the answer is the
 * reason for the first.
 */
export function answerOf(read: MBeanRead, reply: JolokiaReply, limits: MBeanLimits): Answer<unknown> {
  if (!reply.ok) return refusalOf(read.mbean, reply.error);
  const { value } = reply;
  if (isOverLimit(value)) {
    return refusal("failed", `"${read.mbean}" holds more than ${limits.maxObjects} values: ask for less of it`);
  }
  const isPattern = parseObjectName(read.mbean)?.isPattern === true;
  if (isPattern && isRecord(value) && Object.keys(value).length >= limits.maxCollectionSize) {
    return refusal("failed", `"${read.mbean}" matches ${limits.maxCollectionSize} MBeans or more: narrow the pattern`);
  }
  if (isPattern) return answerOfMany(read.mbean, value);
  if (isOperation(read)) return answered(value);
  return answerOfOne(read.mbean, value);
}

/** Why Jolokia refused, for a person. */
export function refusalOf(mbean: string, { status, type, message }: JolokiaError): Refusal {
  const name = type.slice(type.lastIndexOf(".") + 1);
  if (status === 403 || name === "SecurityException") {
    return refusal("denied", `the policy of the JVM's Jolokia agent forbids it: ${message}`);
  }
  if (name === "InstanceNotFoundException") return refusal("absent", `there is no MBean "${mbean}"`);
  if (name === "AttributeNotFoundException" || message.includes("No matching attributes")) {
    return refusal("absent", `"${mbean}" does not have it: ${message}`);
  }
  return refusal("failed", `reading "${mbean}" failed in the JVM: ${name}: ${message}`);
}

function answerOfOne(mbean: string, value: unknown): Answer<unknown> {
  const { values, errors } = attributesOf(value);
  const [first] = errors;
  return first !== undefined && Object.keys(values).length === 0 ? refusalOf(mbean, first) : answered(values);
}

function answerOfMany(mbean: string, value: unknown): Answer<unknown> {
  const all = Object.entries(isRecord(value) ? value : {}).map(([name, found]) => [name, attributesOf(found)] as const);
  const told = all.filter(([, { values }]) => Object.keys(values).length > 0);
  const [first] = all.flatMap(([, { errors }]) => errors);
  if (told.length === 0 && first !== undefined) return refusalOf(mbean, first);
  return answered(Object.fromEntries(told.map(([name, { values }]) => [name, values])));
}

function isOperation(read: MBeanRead): boolean {
  return read.attributes[0]?.endsWith(")") === true;
}

function answered(value: unknown): Answer<unknown> {
  return { ok: true, value, source: "mbeans", takenAtMillis: Date.now() };
}
