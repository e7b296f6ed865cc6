import type { EncodingReader } from "./encoding-reader.ts";
import { NotMangled } from "./name-reader.ts";
import { skipExpression } from "./skip-expression.ts";

const builtins: Readonly<Record<string, string>> = {
  v: "void",
  w: "wchar_t",
  b: "bool",
  c: "char",
  a: "signed char",
  h: "unsigned char",
  s: "short",
  t: "unsigned short",
  i: "int",
  j: "unsigned int",
  l: "long",
  m: "unsigned long",
  x: "long long",
  y: "unsigned long long",
  n: "__int128",
  o: "unsigned __int128",
  f: "float",
  d: "double",
  e: "long double",
  g: "__float128",
  z: "...",
};
/** Built in too, with two letters. */
const longBuiltins = ["Dd", "De", "Df", "Dh", "Di", "Ds", "Du", "Da", "Dc", "Dn"];
const deepest = 2_000;

/** Finds the end of a type, and counts it among what may be referred to later. */
export class TypeReader {
  readonly #names: EncodingReader;
  #depth = 0;

  constructor(names: EncodingReader) {
    this.#names = names;
  }

  /** Types up to an `E` that stays, or the end. */
  skipParameters(): void {
    const { input } = this.#names;
    while (!input.isAtEnd && input.peek() !== "E" && input.peek() !== "." && input.peek() !== "@") this.skip();
  }

  /** The type's text, as far as it has one: `*` of a pointer is kept, arguments are not. */
  skip(): string {
    if (++this.#depth > deepest) throw new NotMangled("too deep");
    const text = this.#type();
    this.#depth--;
    return text;
  }

  #type(): string {
    const { input, substitutions } = this.#names;
    const character = input.peek();
    const builtin = builtins[character];
    if (builtin !== undefined) {
      input.at++;
      return builtin;
    }
    if (longBuiltins.some((mark) => input.take(mark))) return "auto";
    if (character === "S" && input.peek(1) !== "t") return this.#substituted();
    const text = this.#compound(character);
    substitutions.push(text);
    return text;
  }

  /** A reference to an earlier part is not counted again, with template arguments it is. */
  #substituted(): string {
    const { input, substitutions } = this.#names;
    const text = this.#names.substitution();
    if (input.peek() !== "I") return text;
    this.#names.templateArguments();
    substitutions.push(text);
    return text;
  }

  #compound(character: string): string {
    const { input } = this.#names;
    switch (character) {
      case "P":
        input.at++;
        return `${this.skip()}*`;
      case "R":
        input.at++;
        return `${this.skip()}&`;
      case "O":
        input.at++;
        return `${this.skip()}&&`;
      case "r":
      case "V":
      case "K":
        return this.#qualified();
      case "C":
      case "G":
        input.at++;
        return this.skip();
      case "U":
        return this.#vendor();
      case "u":
        input.at++;
        return input.sourceName();
      case "F":
        return this.#function();
      case "A":
        return this.#array();
      case "M":
        input.at++;
        this.skip();
        return this.skip();
      case "T":
        return this.#templateParameter();
      case "D":
        return this.#extended();
      default:
        return this.#names.name().text;
    }
  }

  /** All of `const`, `volatile` and `restrict` at one place are one thing to refer to. */
  #qualified(): string {
    const { input } = this.#names;
    let text = "";
    for (; "rVK".includes(input.peek()) && !input.isAtEnd; input.at++) {
      text = `${{ r: " restrict", V: " volatile", K: " const" }[input.peek()]}${text}`;
    }
    return `${this.skip()}${text}`;
  }

  #vendor(): string {
    const { input } = this.#names;
    input.at++;
    input.sourceName();
    this.#names.templateArguments();
    return this.skip();
  }

  #function(): string {
    const { input } = this.#names;
    input.expect("F");
    input.take("Y");
    const result = this.skip();
    while (!(input.take("E") || input.take("RE") || input.take("OE"))) this.skip();
    return `${result} ()`;
  }

  #array(): string {
    const { input } = this.#names;
    input.expect("A");
    if (input.number() === undefined && input.peek() !== "_") skipExpression(this.#names);
    input.expect("_");
    return `${this.skip()} []`;
  }

  /** With arguments it is a template that is a parameter, and counts twice. */
  #templateParameter(): string {
    const { input, substitutions } = this.#names;
    if ("sue".includes(input.peek(1))) {
      input.at += 2;
      return this.#names.name().text;
    }
    input.at++;
    input.sequence();
    if (input.peek() !== "I") return "T";
    substitutions.push("T");
    this.#names.templateArguments();
    return "T";
  }

  #extended(): string {
    const { input } = this.#names;
    if (input.take("Dp")) return this.skip();
    if (input.take("DT") || input.take("Dt")) {
      skipExpression(this.#names);
      input.expect("E");
      return "decltype()";
    }
    if (input.take("Do")) return this.#function();
    if (input.take("DO")) {
      skipExpression(this.#names);
      input.expect("E");
      return this.#function();
    }
    if (input.take("Dv")) {
      if (input.number() === undefined) skipExpression(this.#names);
      input.expect("_");
      return this.skip();
    }
    throw new NotMangled("expected a type");
  }
}
