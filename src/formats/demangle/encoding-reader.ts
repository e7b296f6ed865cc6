import { NameReader, NotMangled, skipCallOffset, skipDiscriminator } from "./name-reader.ts";
import { operators, specialNames, standardNames } from "./operators.ts";
import { skipExpression } from "./skip-expression.ts";
import { TypeReader } from "./type-reader.ts";

/** The last part of a name and the whole: constructors repeat the part. */
interface Name {
  readonly text: string;
  readonly last: string;
}

/**
 * Reads names; types and expressions within them are followed only as far as is needed to find where they end, and to count what later
 * parts may refer back to (substitutions). One reader per symbol.
 */
export class EncodingReader {
  readonly input: NameReader;
  /** Names that `S_`, `S0_` … stand for. */
  readonly substitutions: string[] = [];
  readonly #types: TypeReader;
  #depth = 0;

  constructor(symbol: string) {
    this.input = new NameReader(symbol, 2);
    this.#types = new TypeReader(this);
  }

  /** A whole symbol's name, without the types that follow. */
  encoding(): string {
    const { input } = this;
    const special = specialNames[input.peek() + input.peek(1)];
    if (special !== undefined) {
      input.at += 2;
      return special + (input.peek() === "N" || special.startsWith("g") ? this.name().text : this.type());
    }
    if (input.take("GTt")) return this.name().text;
    if (input.peek() === "T") return this.#thunk();
    if (input.take("GR")) return `reference temporary for ${this.name().text}`;
    return this.name().text;
  }

  /** Names are nested in each other; a crafted symbol may be so without end. */
  #deeper(): void {
    if (++this.#depth > 20_000) throw new NotMangled("too deep");
  }

  #thunk(): string {
    const { input } = this;
    input.expect("T");
    const offsets = input.take("c") ? 2 : 1;
    for (let offset = 0; offset < offsets; offset++) skipCallOffset(input);
    return `${offsets === 2 ? "covariant return" : "non-virtual"} thunk to ${this.encoding()}`;
  }

  name(): Name {
    this.#deeper();
    const { input } = this;
    if (input.take("N")) return this.#nested();
    if (input.take("Z")) return this.#local();
    if (input.peek() === "S" && input.peek(1) !== "t") {
      const text = this.substitution();
      this.templateArguments();
      return { text, last: lastOf(text) };
    }
    const isStandard = input.take("St");
    const part = this.unqualified("");
    const text = isStandard ? `std::${part}` : part;
    if (input.peek() === "I") {
      this.substitutions.push(text);
      this.templateArguments();
    }
    return { text, last: part };
  }

  /** `N…E`: each prefix may be referred to later, but the last one, which is the name itself. */
  #nested(): Name {
    const { input } = this;
    while ("rVKRO".includes(input.peek()) && !input.isAtEnd) input.at++;
    let name: Name = { text: "", last: "" };
    while (!input.take("E")) {
      if (input.take("M")) continue;
      const isReference = input.peek() === "S" && !input.startsWith("St");
      const before = name.text;
      name = this.#prefix(name);
      const isStandard = before === "" && name.text === "std";
      if (!isReference && !isStandard && input.peek() !== "E") this.substitutions.push(name.text);
    }
    return name;
  }

  /** A name with one more part, or with template arguments. */
  #prefix(name: Name): Name {
    const { input } = this;
    if (input.peek() === "I") {
      this.templateArguments();
      return name;
    }
    if (input.take("St")) return this.#within(name.text, "std");
    if (input.peek() === "S") {
      const text = this.substitution();
      return { text, last: lastOf(text) };
    }
    return this.#within(name.text, this.#prefixPart(name.last));
  }

  #within(outer: string, part: string): Name {
    return { text: outer === "" ? part : `${outer}::${part}`, last: part };
  }

  #prefixPart(before: string): string {
    const { input } = this;
    if (input.peek() === "T" && input.peek(1) !== "") {
      input.at++;
      input.sequence();
      return "T";
    }
    if (input.startsWith("DT") || input.startsWith("Dt")) {
      this.#types.skip();
      return "decltype()";
    }
    return this.unqualified(before);
  }

  /** `Z <function> E <what is in it>` */
  #local(): Name {
    const { input } = this;
    const outer = this.encoding();
    this.#types.skipParameters();
    input.expect("E");
    if (input.take("s")) {
      skipDiscriminator(input);
      return { text: `${outer}::string literal`, last: "" };
    }
    if (input.take("d")) {
      input.number();
      input.expect("_");
    }
    const inner = this.name();
    skipDiscriminator(input);
    return { text: `${outer}::${inner.text}`, last: inner.last };
  }

  unqualified(enclosing: string): string {
    const { input } = this;
    input.take("L");
    const text = this.#plain(enclosing);
    while (input.take("B")) input.sourceName();
    return text;
  }

  #plain(enclosing: string): string {
    const { input } = this;
    const character = input.peek();
    if (character >= "0" && character <= "9") return input.sourceName();
    if (character === "C" && "12345I".includes(input.peek(1))) {
      input.at += 1;
      const inherits = input.take("I");
      input.at += 1;
      if (inherits) this.name();
      return enclosing;
    }
    if (character === "D" && "0123456".includes(input.peek(1) || "x")) {
      input.at += 2;
      return `~${enclosing}`;
    }
    if (input.take("DC")) return this.#structuredBinding();
    if (input.take("Ut")) return this.#unnamed("unnamed type");
    if (input.take("Ul")) {
      this.#types.skipParameters();
      input.expect("E");
      return this.#unnamed("lambda");
    }
    return this.#operator();
  }

  #structuredBinding(): string {
    const names: string[] = [];
    while (!this.input.take("E")) names.push(this.input.sourceName());
    return `[${names.join(", ")}]`;
  }

  #unnamed(what: string): string {
    const number = this.input.number() ?? -1;
    this.input.expect("_");
    return `{${what}#${number + 2}}`;
  }

  #operator(): string {
    const { input } = this;
    if (input.take("cv")) return `operator ${this.type()}`;
    if (input.take("li")) return `operator"" ${input.sourceName()}`;
    const code = input.next() + input.next();
    const operator = operators[code];
    if (operator === undefined) throw new NotMangled(`expected an operator, got ${code}`);
    return `operator${operator}`;
  }

  /** `I…E`, if there is one. */
  templateArguments(): void {
    if (!this.input.take("I")) return;
    while (!this.input.take("E")) this.#templateArgument();
  }

  #templateArgument(): void {
    this.#deeper();
    const { input } = this;
    if (input.take("J")) {
      while (!input.take("E")) this.#templateArgument();
      return;
    }
    if (input.peek() === "L") {
      skipExpression(this);
    } else if (input.take("X")) {
      skipExpression(this);
      input.expect("E");
    } else {
      this.#types.skip();
    }
  }

  /** The text of a type as a name would be: only that of classes is needed. */
  type(): string {
    return this.#types.skip();
  }

  substitution(): string {
    const { input } = this;
    input.expect("S");
    const standard = standardNames[input.peek()];
    if (standard !== undefined) {
      input.at++;
      return standard;
    }
    const text = this.substitutions[input.sequence()];
    if (text === undefined) throw new NotMangled("expected an earlier part of the name");
    return text;
  }
}

function lastOf(text: string): string {
  const at = text.lastIndexOf("::");
  return at < 0 ? text : text.slice(at + 2);
}
