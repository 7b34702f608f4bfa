import { evaluate, type Scope } from "#/agents/definition/expression.ts";

/** A piece of a template: text as it is, or an expression. */
export type Piece = { readonly text: string } | { readonly expression: string };

const PLACEHOLDER = /\{\{([\s\S]*?)\}\}/g;

/** Splits a text at its `{{ expressions }}`. */
export function piecesOf(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of template.matchAll(PLACEHOLDER)) {
    if (match.index > end) pieces.push({ text: template.slice(end, match.index) });
    pieces.push({ expression: (match[1] ?? "").trim() });
    end = match.index + match[0].length;
  }
  if (end < template.length) pieces.push({ text: template.slice(end) });
  return pieces;
}

/** Fills a text in: values that are not text appear as JSON, null as nothing. @throws ExpressionError */
export function renderText(template: string, scope: Scope): string {
  return piecesOf(template)
    .map((piece) => ("text" in piece ? piece.text : asText(evaluate(piece.expression, scope))))
    .join("");
}

/** Fills in every text of a value. A text that is one expression and nothing else becomes its value, type and all. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (typeof value === "string") return resolveText(value, scope);
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, scope)]));
}

function resolveText(template: string, scope: Scope): unknown {
  const [first, ...rest] = piecesOf(template.trim());
  if (first && "expression" in first && rest.length === 0) return evaluate(first.expression, scope);
  return renderText(template, scope);
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
