import type { EncodingReader } from "./encoding-reader.ts";
import { NotMangled } from "./name-reader.ts";
import { operators } from "./operators.ts";

/** Operators of one operand; `qu` has three, the others two. */
const unary = ["ps", "ng", "ad", "de", "co", "nt", "pp", "mm"];
const listed: readonly string[] = ["cl", "cv", "tl", "il"];

const literals = ["L"];
const parameters = ["T", "fp", "fL"];
const ofTypes = ["st", "at", "ti", "sZ"];
const ofExpressions = ["sz", "az", "te", "nx", "sp", "tw"];
const members = ["dt", "pt"];
const casts = ["sc", "cc", "dc", "rc"];

/** Finds the end of an expression in a template's arguments; the kinds that libraries are known to use. */
export function skipExpression(names: EncodingReader): void {
  const { input } = names;
  const code = input.peek() + input.peek(1);
  if (literals.some((mark) => input.take(mark))) skipLiteral(names);
  else if (parameters.some((mark) => code.startsWith(mark))) skipParameter(names);
  else if (input.take("sr")) skipMember(names, () => names.type());
  else if (listed.includes(code)) skipList(names, code);
  else if (members.some((mark) => input.take(mark))) skipMember(names, () => skipExpression(names));
  else if (ofTypes.some((mark) => input.take(mark))) names.type();
  else if (ofExpressions.some((mark) => input.take(mark))) skipExpression(names);
  else if (casts.some((mark) => input.take(mark))) skipCast(names);
  else if (input.take("sP")) skipAll(names);
  else skipOperation(names, code);
}

function skipMember(names: EncodingReader, skipOwner: () => void): void {
  skipOwner();
  names.unqualified("");
  names.templateArguments();
}

function skipCast(names: EncodingReader): void {
  names.type();
  skipExpression(names);
}

/** Expressions up to an `E`. */
function skipAll(names: EncodingReader): void {
  while (!names.input.take("E")) {
    if (names.input.isAtEnd) throw new NotMangled("cut off");
    skipExpression(names);
  }
}

function skipOperation(names: EncodingReader, code: string): void {
  const { input } = names;
  if (operators[code] === undefined) {
    names.unqualified("");
    names.templateArguments();
    return;
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
  if (code === "cv" && !input.take("_")) {
    skipExpression(names);
    return;
  }
  skipAll(names);
}
