/** Parts of names that the JVM, a framework or a compiler makes up anew in each run, and what stands for them. */
const generated: readonly { readonly pattern: RegExp; readonly name: string }[] = [
  // Foo$$Lambda/0x00007f1c2c0aa000.apply, Foo$$Lambda$14/0x0000000800c03000, Foo$$Lambda$123/1556995360, Foo$$Lambda.0x00007f…
  { pattern: /\$\$Lambda(?:\$\d+)?(?:[/.+](?:0x[0-9a-fA-F]+|\d+))*(?![\w$])/g, name: "$$$$Lambda" },
  // LambdaForm$MH/0x0000000800c03000, LambdaForm$DMH.0x…, LambdaForm$MH123
  { pattern: /\bLambdaForm\$(\w+?)\d*(?:[/.+](?:0x[0-9a-fA-F]+|\d+))*(?![\w$])/g, name: "LambdaForm$$$1" },
  { pattern: /\b(Generated(?:Serialization)?(?:Method|Constructor)Accessor)\d+/g, name: "$1" },
  // jdk.proxy2.$Proxy12, com.sun.proxy.$Proxy7
  { pattern: /\b(?:jdk\.proxy\d+|com\.sun\.proxy)\.\$Proxy\d+/g, name: "jdk.proxy.$$Proxy" },
  { pattern: /\$Proxy\d+\b/g, name: "$$Proxy" },
  // Foo$$SpringCGLIB$$0, Foo$$EnhancerBySpringCGLIB$$a1b2c3d4, Foo$$FastClassByGuice$$123
  { pattern: /\$\$((?:Enhancer|FastClass)By\w+?|SpringCGLIB|KeyFactoryByCGLIB)\$\$[0-9a-fA-F]+/g, name: "$$$$$1" },
  { pattern: /\$(MockitoMock|HibernateProxy|ByteBuddy)\$\w+/g, name: "$$$1" },
  { pattern: /\bGroovy_?Script\d+|\bScript\d+(?=\$|\.)/g, name: "Script" },
  // Hidden classes in general: Foo/0x0000000800c03000, Foo.0x0000000800c03000
  { pattern: /[/.+]0x[0-9a-fA-F]{6,}(?![\w$])/g, name: "" },
];
/** A name without any of these holds nothing generated; most names are done here. */
const mayBeGenerated = /\$\$|LambdaForm|Accessor\d|\$Proxy\d|0x|MockitoMock|HibernateProxy|ByteBuddy|Script\d/;

/** A frame's name without the parts that differ from run to run: `Foo$$Lambda/0x00007f….apply` is `Foo$$Lambda.apply`. */
export function alignedFrameName(name: string): string {
  if (!mayBeGenerated.test(name)) return name;
  return generated.reduce((text, rule) => text.replace(rule.pattern, rule.name), name);
}
