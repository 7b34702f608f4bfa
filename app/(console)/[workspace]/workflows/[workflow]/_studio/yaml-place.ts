/** A position in a YAML text, as a path of keys. */
export interface YamlPlace {
  /** The keys around the place; a place in a list is a number. */
  readonly keys: readonly string[];
  /** The key whose value is being written; undefined where a key belongs. */
  readonly key?: string;
  /** The part of the key or value that is written so far. */
  readonly word: string;
}

const KEY = /^(\s*)((?:- )*)(?:"([^"]*)"|'([^']*)'|([\w$.-]+)):(?:\s|$)/;

const IN_BRACES = /[{,]\s*(\w*)$/;
const LAST_WORD = /[\w.-]*$/;

/** Reads the place at the end of a text by its indentation: a text that is being written is rarely valid. */
export function placeAt(before: string): YamlPlace {
  const lines = before.split("\n");
  const line = lines.pop() ?? "";
  const found = KEY.exec(line);
  const keys = keysAbove(lines, measureDepth(line));
  const word = LAST_WORD.exec(line)?.[0] ?? "";
  if (!found) return { keys, word };
  return IN_BRACES.test(line) ? { keys: [...keys, nameIn(found)], word } : { keys, key: nameIn(found), word };
}

const nameIn = (found: RegExpExecArray) => found[3] ?? found[4] ?? found[5] ?? "";
/** A dash is part of the indentation of what stands behind it. */
const measureDepth = (line: string): number => /^[\s-]*/.exec(line)?.[0].length ?? 0;
const measureSpace = (line: string): number => /^\s*/.exec(line)?.[0].length ?? 0;
const isEmpty = (line: string): boolean => /^\s*(?:#|$)/.test(line);

/** Goes up through lines that are indented less and less. Which place in a list it is makes no difference to its shape. */
function keysAbove(lines: readonly string[], depth: number): readonly string[] {
  const keys: string[] = [];
  let limit = depth;
  for (const line of lines.toReversed()) {
    if (isEmpty(line) || measureSpace(line) >= limit) continue;
    const isItem = measureDepth(line) > measureSpace(line);
    const found = KEY.exec(line);
    if (found && measureDepth(line) < limit) keys.unshift(nameIn(found));
    if (isItem) keys.unshift("0");
    limit = isItem ? measureSpace(line) + 1 : measureSpace(line);
  }
  return keys;
}
