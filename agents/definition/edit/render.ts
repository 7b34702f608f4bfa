import { Document, visit } from "yaml";
import { printDefinition } from "#/agents/definition/format/print.ts";

/** A value in one line, as it can stand between brackets and anywhere else. */
export function renderFlow(value: unknown, isJson: boolean): string {
  if (isJson) return JSON.stringify(value);
  const document = new Document([value], { aliasDuplicateObjects: false });
  visit(document, {
    Collection: (_key, collection) => {
      collection.flow = true;
    },
  });
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
  return text.trim().slice(1, -1).trim();
}

export function renderKey(key: string, isQuoted: boolean): string {
  return isQuoted ? JSON.stringify(key) : renderFlow(key, false);
}

/** `key: value` as lines of a block, the first without indentation, without the last line's end. */
export function renderPair(key: string, value: unknown): string {
  return printDefinition({ [key]: value }).replace(/\n$/, "");
}

/** `- value` as lines of a block. */
export function renderItem(value: unknown): string {
  return printDefinition([value]).replace(/\n$/, "");
}

/** Indents every line but the first; empty ones stay empty. */
export function indentRest(text: string, columns: number): string {
  return text.replaceAll(/\n(?=[^\n])/g, `\n${" ".repeat(columns)}`);
}
