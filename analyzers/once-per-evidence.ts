/** Derives something of evidence once, however many analyzers ask for it; it goes with the evidence. */
export function oncePerEvidence<Evidence extends object, Derived>(
  derive: (evidence: Evidence) => Derived,
): (evidence: Evidence) => Derived {
  const known = new WeakMap<Evidence, Derived>();
  return (evidence) => {
    const earlier = known.get(evidence);
    if (earlier !== undefined) return earlier;
    const derived = derive(evidence);
    known.set(evidence, derived);
    return derived;
  };
}
