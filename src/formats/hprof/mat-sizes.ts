import { alignUp, fieldBytes } from "./field-layout.ts";
import { type HeapSizes, learnSizes, type SizeInput, unknownLine } from "./sizes.ts";

/** Eclipse MAT's formula (`HprofParserHandlerImpl`), for comparison: it knows nothing of the VM but the reference size. */
export function matSizes(input: SizeInput): HeapSizes {
  const learned = learnSizes(input);
  const { referenceBytes, alignmentBytes } = learned.sizing;
  const pointerBytes = input.idBytes;
  const unaligned = new Float64Array(input.classes.length).fill(-1);
  input.classes.forEach((_, wanted) => {
    for (const index of unknownLine(input.classes, wanted, (at) => unaligned[at]! >= 0)) {
      const { superclass, fields } = input.classes[index]!;
      const own = fields.reduce((sum, { type }) => sum + fieldBytes(type, referenceBytes), 0);
      const header = pointerBytes + referenceBytes;
      unaligned[index] =
        superclass < 0 ? header : alignUp(own + Math.max(header, unaligned[superclass]!), referenceBytes);
    }
  });
  const base = alignUp(pointerBytes + referenceBytes + 4, referenceBytes);
  return {
    sizing: { ...learned.sizing, method: "mat", headerBytes: pointerBytes + referenceBytes },
    instanceBytes: Float64Array.from(input.classes, ({ kind }, i) =>
      kind === "instance" ? alignUp(unaligned[i]!, alignmentBytes) : 0,
    ),
    classObjectBytes: Float64Array.from(input.classes, ({ dumpedStaticTypes }) =>
      alignUp(
        dumpedStaticTypes.reduce((sum, type) => sum + fieldBytes(type, referenceBytes), 0),
        alignmentBytes,
      ),
    ),
    arrayBaseBytes: base,
    wideArrayBaseBytes: base,
  };
}
