import type { EncodingReader } from "./encoding-reader.ts";
import { NotMangled } from "./name-reader.ts";
import { operators } from "./operators.ts";

/** Operators of one operand; `qu` has three, the others two. */
const unary = ["ps", "ng", "ad", "de", "co", "nt", "pp", "mm"];
const listed: readonly string[] = ["cl", "cv", "tl", "il"];

/** Finds the end of an expression in a template's arguments; the kinds that libraries are known to use. */
export function skipExpression(names: EncodingReader): void {
  const { input } = names;
  if (input.take("L")) return skipLiteral(names);
  if (input.peek() === "T" || input.startsWith("fp") || input.startsWith("fL")) return skipParameter(names);
  if (input.take("sr")) {
    names.type();
    names.unqualified("");
    return names.templateArguments();
  }
  const code = input.peek() + input.peek(1);
  if (code === "st" || code === "at" || code === "ti" || code === "sZ" || code === "sP") {
    input.at += 2;
    if (code === "sP") while (!input.take("E")) skipExpression(names);
    else names.type();
    return;
  }
  if (["sz", "az", "te", "nx", "sp", "tw"].includes(code)) {
    input.at += 2;
    return skipExpression(names);
  }
  if (listed.includes(code)) return skipList(names, code);
  if (code === "dt" || code === "pt") {
    input.at += 2;
    skipExpression(names);
    names.unqualified("");
    return names.templateArguments();
  }
  if (["sc", "cc", "dc", "rc"].includes(code)) {
    input.at += 2;
    names.type();
    return skipExpression(names);
  }
  skipOperation(names, code);
}

function skipOperation(names: EncodingReader, code: string): void {
  const { input } = names;
  if (operators[code] === undefined) {
    names.unqualified("");
    return names.templateArguments();
  }
  input.at += 2;
  if (code === "pp" || code === "mm") input.take("_");
  const operands = code === "qu" ? 3 : unary.includes(code) ? 1 : 2;
  for (let operand = 0; operand < operands; operand++) skipExpression(names);
}

/** `Lb1E`, `L_Z3fooiE`, `LDnE` */
function skipLiteral(names: EncodingReader): void {
  const { input } = names;
  if (input.take("_Z") || input.take("Z")) {
    names.encoding();
    while (input.peek() !== "E") names.type();
  } else {
    names.type();
    while (input.peek() !== "E") input.next();
  }
  input.expect("E");
}

function skipParameter(names: EncodingReader): void {
  const { input } = names;
  if (input.take("fL")) {
    input.number();
    input.expect("p");
  } else if (!input.take("fp")) {
    input.expect("T");
  } else if (input.take("T")) {
    return;
  }
  while ("rVK".includes(input.peek()) && !input.isAtEnd) input.at++;
  input.sequence();
}

function skipList(names: EncodingReader, code: string): void {
  const { input } = names;
  input.at += 2;
  if (code === "cv" || code === "tl") names.type();
  if (code === "cv" && !input.take("_")) return skipExpression(names);
  while (!input.take("E")) {
    if (input.isAtEnd) throw new NotMangled("cut off");
    skipExpression(names);
  }
}
