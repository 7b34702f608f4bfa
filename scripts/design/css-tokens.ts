import type { DesignVariable } from "./variable.ts";

/** One value that the style sheet is given. */
interface TokenChange {
  readonly token: string;
  readonly theme: Theme;
  readonly before: string;
  readonly now: string;
}

export interface Merge {
  readonly css: string;
  readonly changes: readonly TokenChange[];
  /** Variables that no token of the style sheet is called by. */
  readonly unknown: readonly string[];
  /** Variables whose value is none that may stand in a style sheet. */
  readonly refused: readonly string[];
}

export const THEMES = ["light", "dark", "contrast"] as const;
export type Theme = (typeof THEMES)[number];

/** Where the values of each theme begin in the style sheet. */
const OPENINGS: Readonly<Record<Theme, RegExp>> = {
  light: /:root \{\n {2}color-scheme: light;/,
  dark: /@variant dark \{\n {4}color-scheme: dark;/,
  contrast: /@variant contrast \{\n {4}color-scheme: light;/,
};

/** Where the values begin that all themes share. */
const SHARED = /:root \{/;

/** Puts the values of variables into a style sheet of tokens. What it has no token for is left out, and nothing else of it changes. */
export function mergeVariables(css: string, variables: readonly DesignVariable[], usual: Theme): Merge {
  const changes: TokenChange[] = [];
  const unknown = new Set<string>();
  const refused = new Set<string>();
  let merged = css;
  for (const { name, value, mode } of variables) {
    const theme = themeOf(mode) ?? usual;
    const place = findToken(merged, theme, name);
    if (!place) unknown.add(name);
    else {
      const now = toCssValue(value, place.value);
      if (now === undefined) refused.add(name);
      else if (now !== place.value) {
        changes.push({ token: place.token, theme, before: place.value, now });
        merged = `${merged.slice(0, place.from)}${now}${merged.slice(place.to)}`;
      }
    }
  }
  return { css: merged, changes, unknown: [...unknown], refused: [...refused] };
}

/** The theme that a mode of Figma is called after: “Light”, “dark mode”, “High contrast”. */
function themeOf(mode: string | undefined): Theme | undefined {
  const words = mode?.toLowerCase() ?? "";
  return THEMES.toReversed().find((theme) => words.includes(theme));
}

interface Place {
  readonly token: string;
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

/** The declaration that a variable stands for: the one with the longest end of its name. `color/text/ink-2` is `--ink-2`. */
function findToken(css: string, theme: Theme, name: string): Place | undefined {
  const words = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const tokens = words.map((_, skipped) => `--${words.slice(skipped).join("-")}`);
  for (const opening of [OPENINGS[theme], SHARED])
    for (const token of tokens) {
      const place = findDeclaration(css, opening, token);
      if (place) return place;
    }
  return undefined;
}

function findDeclaration(css: string, opening: RegExp, token: string): Place | undefined {
  const opened = opening.exec(css);
  if (!opened) return undefined;
  const start = opened.index + opened[0].length;
  const block = css.slice(start, css.indexOf("}", start));
  const found = new RegExp(`(\\n\\s*${token}: )([^;\\n]+);`).exec(block);
  if (!found) return undefined;
  const [, head = "", value = ""] = found;
  const from = start + found.index + head.length;
  return { token, value, from, to: from + value.length };
}

const COLOUR = /^(?:#[0-9a-f]{3,8}|(?:rgba?|hsla?|oklch|oklab)\([\d.%,/\s+-]+\))$/i;
const NUMBER = /^-?\d+(?:\.\d+)?$/;
const LENGTH = /^-?\d+(?:\.\d+)?(px|rem|em|ms|s|%)?$/;
/** What Figma calls a pixel, as the style sheet counts. */
const IN_UNIT: Readonly<Record<string, (value: number) => string>> = {
  px: (value) => `${value}px`,
  rem: (value) => `${value / 16}rem`,
  ms: (value) => `${value}ms`,
  "": (value) => String(value),
};

/** A variable's value in the form of the one it replaces; undefined for what is no value of its kind. Nothing else than values comes through. */
function toCssValue(value: string, before: string): string | undefined {
  const text = value.trim();
  if (COLOUR.test(before)) return COLOUR.test(text) ? text.toLowerCase() : undefined;
  const length = LENGTH.exec(before);
  if (!length || !NUMBER.test(text)) return undefined;
  return IN_UNIT[length[1] ?? ""]?.(Number(text));
}
