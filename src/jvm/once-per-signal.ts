/**
 * Gives the same answer to all who ask with the same signal, which those of one poll have in common. So a question whose answer is used up
 * by asking, such as what happened since, can be asked by several.
 */
export function oncePerSignal<T>(ask: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T> {
  const answers = new WeakMap<AbortSignal, Promise<T>>();
  return (signal) => {
    const known = answers.get(signal);
    if (known !== undefined) return known;
    const answer = ask(signal);
    answers.set(signal, answer);
    return answer;
  };
}
