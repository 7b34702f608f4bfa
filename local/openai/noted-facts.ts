import { splitSentences } from "#/local/openai/language.ts";

const QUOTED = /"(?:[^"\\\n]|\\.)+"/g;
const MOST = 5;

const unquote = (quoted: string): string => quoted.slice(1, -1).replaceAll(/\\(.)/g, "$1");

/** What is worth noting of quoted texts: their statements, each once. Questions say nothing that could be noted. */
export function noteFacts(text: string): readonly string[] {
  const statements = (text.match(QUOTED) ?? [])
    .flatMap((quoted) => splitSentences(unquote(quoted)))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "" && !sentence.endsWith("?"));
  return [...new Set(statements)].slice(0, MOST);
}
