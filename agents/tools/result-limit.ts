/** About 15,000 tokens: what a model still reads with attention, and a fraction of what it can take in. */
const RESULT_CHARACTERS = 60_000;

/** Returns what a model is given of a tool's result, whole or cut with a mark that it can read; undefined where nothing has to be cut. */
export function cutResult(json: string, most: number = RESULT_CHARACTERS): string | undefined {
  if (json.length <= most) return undefined;
  const kept = json.slice(0, most).toWellFormed();
  return `${kept}\n[Cut here: ${most} of ${json.length} characters are shown. Ask for less, such as one page or a narrower search.]`;
}
