/** The names of recordings in what `JFR.check` prints. */
export function recordingNames(reply: string): readonly string[] {
  const lines = reply.matchAll(/^Recording \d+: name=(.*?)(?= duration=| maxsize=| maxage=| \(|$)/gm);
  return [...lines].map(([, name]) => name ?? "");
}

/** A reply of a few lines on one. */
export function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, " ");
}
