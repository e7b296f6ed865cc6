/** `long java.util.zip.Deflater.init(int, int, boolean)`: a type, a class's method, its arguments. */
const signature = /^(?:\S+ )?([^\s()]+\.[^\s().]+)\([^()]*\)$/;
/** `Ljava/util/zip/Deflater;::init`, `java/util/zip/Deflater.init` */
const internal = /^L?([^\s;:()]+);?(?:::|\.)([^\s.:()]+)(?:\(.*)?$/;

/** A method's name in source form as other formats have it: `java.util.zip.Deflater.init`; other code keeps its name. */
export function methodName(text: string): string {
  const method = signature.exec(text)?.[1];
  if (method !== undefined) return withoutAddress(method);
  const match = text.includes("/") || text.includes("::") ? internal.exec(text) : null;
  return match ? withoutAddress(`${match[1]!.replaceAll("/", ".")}.${match[2]}`) : text;
}

/** Hidden classes have their address in the name: `Foo$$Lambda/0x00007f….run`, `Foo$$Lambda+0x….run`. */
function withoutAddress(method: string): string {
  return method.replace(/[/+.]0x[0-9a-f]{6,16}(?=\.)/, "");
}
