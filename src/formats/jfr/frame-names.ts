/**
 * What JVMs append to the names of classes that they make at run time, and what is left of the name: numbers and addresses
 * there differ from run to run, so that equal code would not have equal names.
 */
const madeUp: readonly (readonly [RegExp, string])[] = [
  [/\$\$Lambda(?:\$\d+)?(?:[/.+](?:0x[\da-f]+|\d+))*(?=\.|$)/, "$$$$Lambda"],
  [/(\bLambdaForm\$[A-Za-z]+)\d*(?:[/.+](?:0x[\da-f]+|\d+))*(?=\.|$)/, "$1"],
  [/(\bGenerated(?:Serialization)?(?:Method|Constructor)Accessor)\d+/, "$1"],
  [/(?:[/.+]0x[\da-f]{6,})(?:\/\d+)?(?=\.|$)/, ""],
];

const mayBeMadeUp = /\$\$Lambda|LambdaForm\$|Accessor\d|[/.+]0x/;

/** The name of a Java class or method without what the JVM made up for this run: `Orders$$Lambda.run`. */
export function lastingName(name: string): string {
  if (!mayBeMadeUp.test(name)) return name;
  return madeUp.reduce((text, [pattern, lasting]) => text.replace(pattern, lasting), name);
}
