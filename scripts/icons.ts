// Draws the icons of the installed app from app/icon.svg, in a Chromium of this machine: node scripts/icons.ts. What it writes is committed.
import { readFileSync, writeFileSync } from "node:fs";
import { chromium } from "playwright-core";

const FILES = [
  { file: "public/icons/icon-192.png", size: 192, shape: "rounded" },
  { file: "public/icons/icon-512.png", size: 512, shape: "rounded" },
  // Cut by the system to whatever shape it likes: the ground fills the square.
  { file: "public/icons/maskable-512.png", size: 512, shape: "square" },
  { file: "app/apple-icon.png", size: 180, shape: "square" },
  // Android draws it in one colour, by its alpha alone.
  { file: "public/icons/badge-96.png", size: 96, shape: "silhouette" },
] as const;

const svg = readFileSync("app/icon.svg", "utf8");

/** Changes the drawing: a square without corners, or the stones alone. */
function shapeSvg(shape: (typeof FILES)[number]["shape"]): string {
  if (shape === "square") return svg.replace(' rx="6"', "");
  return shape === "silhouette" ? svg.replace(/<rect[^>]*>/, "") : svg;
}

const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
for (const { file, size, shape } of FILES) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>*{margin:0;display:block}svg{width:100vw;height:100vh}</style>${shapeSvg(shape)}`,
  );
  writeFileSync(file, await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
