import { FormatError } from "../../model/errors.ts";

/** Why Jolokia did not do what it was asked: `status` is like HTTP's, `type` the class of the exception. */
export interface JolokiaError {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

export type JolokiaReply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: JolokiaError };

/** Values of attributes by name, and what was said in place of the others. */
export interface Attributes {
  readonly values: Readonly<Record<string, unknown>>;
  readonly errors: readonly JolokiaError[];
}

/** What Jolokia writes in place of a value beyond `maxObjects`. */
const overLimit = "[Object limit exceeded]";
const longestMessage = 200;
/** More than was ever asked for. */
const deepest = 20;

/** The answer to a bulk request of `count` requests, in their order; one error where the agent refused the whole. */
export function parseReplies(text: string, count: number): readonly JolokiaReply[] | JolokiaError {
  const reply = parseJson(text);
  if (isRecord(reply) && !Array.isArray(reply)) {
    const error = errorOf(reply);
    if (error !== undefined) return error;
  }
  if (!Array.isArray(reply)) throw new FormatError(`expected an array of replies, got ${start(text)}`);
  if (reply.length !== count) throw new FormatError(`expected ${count} replies, got ${reply.length}`);
  return reply.map(replyOf);
}

/** Parts the values of one MBean from the errors that stand among them, as every version since 1.x writes these. */
export function attributesOf(value: unknown): Attributes {
  if (!isRecord(value)) return { values: {}, errors: [] };
  const values: (readonly [string, unknown])[] = [];
  const errors: JolokiaError[] = [];
  for (const [name, attribute] of Object.entries(value)) {
    const error = isRecord(attribute) && attribute[".error"] === true ? errorOf(attribute) : writtenErrorOf(attribute);
    if (error === undefined) values.push([name, attribute]);
    else errors.push(error);
  }
  return { values: Object.fromEntries(values), errors };
}

/** Whether a part of the value was left out, since it holds more objects than were asked for. */
export function isOverLimit(value: unknown, depth = deepest): boolean {
  if (value === overLimit) return true;
  return depth > 0 && isRecord(value) && Object.values(value).some((part) => isOverLimit(part, depth - 1));
}

/** Whether it has named parts: a JSON object, or an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError(`expected JSON, got ${start(text)}`, undefined, { cause });
  }
}

function replyOf(reply: unknown): JolokiaReply {
  if (!isRecord(reply)) throw new FormatError(`expected a reply, got ${typeof reply}`);
  const error = errorOf(reply);
  if (error !== undefined) return { ok: false, error };
  if (!("value" in reply)) throw new FormatError("expected a value or an error in a reply, got neither");
  return { ok: true, value: reply.value };
}

function errorOf(reply: Readonly<Record<string, unknown>>): JolokiaError | undefined {
  const { status, error, error_type: type } = reply;
  if (typeof error !== "string" && typeof type !== "string") return undefined;
  return {
    status: typeof status === "number" ? status : 500,
    type: typeof type === "string" ? type : "unknown",
    message: typeof error === "string" ? error.slice(0, longestMessage) : "",
  };
}

/** Agents up to 2.2 write the error of an attribute as text in place of its value. */
function writtenErrorOf(attribute: unknown): JolokiaError | undefined {
  if (typeof attribute !== "string" || !attribute.startsWith("ERROR: ")) return undefined;
  const [, message, type] = /^ERROR: (.*) \(class ([\w.$]+)\)$/s.exec(attribute) ?? [];
  if (message === undefined || type === undefined) return undefined;
  return { status: 500, type, message: message.slice(0, longestMessage) };
}

function start(text: string): string {
  return text === "" ? "nothing" : JSON.stringify(text.slice(0, 40));
}
