import { readFileSync } from "node:fs";
import path from "node:path";
import type { Call } from "./call-tree.ts";

export interface Flame {
  readonly title: string;
  readonly unit: "ms" | "bytes";
  readonly words: readonly string[];
  readonly root: Call;
}

/** What is narrower than this share of the whole is left out: nobody could see it. */
const NARROWEST = 0.001;

const ASSETS = path.join(import.meta.dirname, "page");
const asset = (name: string) => readFileSync(path.join(ASSETS, name), "utf8");

/** Writes flame graphs as one page that loads nothing. */
export function flamePage(subject: string, flames: readonly Flame[]): string {
  const data = flames.map(({ root, ...flame }) => ({
    ...flame,
    root: compact(root, root.total * NARROWEST),
  }));
  const title = escapeHtml(`Profile of ${subject}`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${title}</title>
<style>${asset("flame.css")}</style>
<h1>${title}</h1>
<main></main>
<script type="application/json" id="flames">${escapeScript(JSON.stringify(data))}</script>
<script>${asset("flame.js")}</script>
</html>
`;
}

interface CompactCall {
  readonly n: string;
  readonly p: string;
  readonly o: string;
  readonly s: number;
  readonly t: number;
  readonly c: readonly CompactCall[];
}

const compact = ({ name, place, owner, self, total, children }: Call, least: number): CompactCall => ({
  n: name,
  p: place,
  o: owner,
  s: round(self),
  t: round(total),
  c: children.filter((child) => child.total >= least).map((child) => compact(child, least)),
});

const round = (amount: number) => Math.round(amount * 100) / 100;

const escapeScript = (json: string) => json.replaceAll("<", String.raw`\u003c`);

const escapeHtml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
