import { analyse } from "chardet";
import { decodeAs, type DecodedText } from "#/lib/bytes/decode-as.ts";

/** Statistics need no more of a long text. */
const SAMPLE_BYTES = 65_536;

/** Alphabets of their own are told apart by a few words. Those of Latin letters are not: “ï” of one is “ď” of the other. */
const LATIN = /^(?:ISO-8859-(?:1|2|9)|windows-125(?:0|2|4|7|8))$/i;
const LEAST_CONFIDENCE = 25;
const LEAST_CONFIDENCE_OF_LATIN = 40;

/** Bytes as text in the encoding that their statistics speak for; undefined when none is likely. UTF-8 has been tried before. */
export function guessText(bytes: Uint8Array): DecodedText | undefined {
  for (const { name, confidence } of analyse(bytes.subarray(0, SAMPLE_BYTES))) {
    if (confidence < (LATIN.test(name) ? LEAST_CONFIDENCE_OF_LATIN : LEAST_CONFIDENCE)) continue;
    const decoded = decodeAs(bytes, name);
    if (decoded && !UNLIKELY.test(decoded.text)) return decoded;
  }
  return guessWestern(bytes);
}

/** Characters that no text has: the upper controls, which TextDecoder makes of bytes that an encoding does not use, and private use. */
const UNLIKELY = /[\u0080-\u009F\uE000-\uF8FF\uFFFD]/;
const ACCENTED = /[\u00C0-\u024F]/g;
const LETTER = /\p{L}/gu;
/** Of the letters of a Western text, few have accents; in other encodings read as this one, nearly all. */
const MOST_ACCENTED = 1 / 3;

/** Short Western texts: too little for statistics, and by far the most frequent of what is not UTF-8. */
function guessWestern(bytes: Uint8Array): DecodedText | undefined {
  const decoded = decodeAs(bytes, "windows-1252");
  if (!decoded || UNLIKELY.test(decoded.text)) return undefined;
  const sample = decoded.text.slice(0, SAMPLE_BYTES);
  return countMatches(sample, ACCENTED) <= countMatches(sample, LETTER) * MOST_ACCENTED ? decoded : undefined;
}

const countMatches = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
