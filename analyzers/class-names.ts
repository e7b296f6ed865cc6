/** The name without its package and outer classes: `Node[]` for `java.util.HashMap$Node[]`; anonymous classes keep their outer class. */
export function simpleNameOf(className: string): string {
  const name = outerNameOf(className);
  const inner = /\$([A-Za-z_][^$]*)$/.exec(name)?.[1];
  return inner === undefined || name.includes("$$") ? name : inner;
}

/** The name without its package: `HashMap$Node[]`. */
export function outerNameOf(className: string): string {
  const name = stableNameOf(className);
  return name.slice(name.lastIndexOf(".") + 1);
}

/** The name without the addresses that the JVM appends to hidden classes, so that it is the same in the next run. */
export function stableNameOf(className: string): string {
  return className
    .replace(/(\$\$Lambda)[$/+.].*?((\[\])*)$/, "$1$2")
    .replace(/[+/.]0x[0-9a-f]+/gi, "")
    .replace(/(Generated(?:Method|Constructor|Serialization)\w*Accessor)\d+/, "$1");
}

/** The package of the class that is the element of any arrays: "" for the default package and primitives. */
export function packageOf(className: string): string {
  const name = stableNameOf(className).replace(/(\[\])+$/, "");
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(0, dot);
}

const primitives = new Set(["boolean", "byte", "char", "short", "int", "long", "float", "double"]);

/** Classes of the JDK, Scala's and Kotlin's libraries and primitive arrays: they hold what others give them. */
export function isPlatformClass(className: string): boolean {
  const element = className.replace(/(\[\])+$/, "");
  if (primitives.has(element)) return true;
  return /^(java|javax|jdk|sun|com\.sun|scala|kotlin|kotlinx)\./.test(element);
}

/** Classes that exist to hold the JVM's own tables: modules, class loading, locales, charsets, zip files. */
export function isJvmBaseline(className: string): boolean {
  return /^(jdk\.internal|sun\.(util|security|launcher|nio\.fs)|java\.lang\.(Module|ModuleLayer|Class|ClassLoader|invoke|module|reflect)|java\.util\.(zip|jar|Locale)|java\.net\.URLClassLoader|com\.sun\.(jmx|crypto))\b/.test(
    className,
  );
}
