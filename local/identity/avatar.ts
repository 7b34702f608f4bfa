import { createHash } from "node:crypto";

const HUES = [25, 70, 115, 160, 198, 245, 290, 335];

/**
 * Draws the picture that somebody without a photo has, as Clerk makes one: the first letter of the name, in a colour that stays.
 * @param id what the colour is chosen by
 * @returns a data URL of an SVG image, readable on light and dark grounds
 */
export function drawAvatar(name: string, id: string): string {
  const hue = HUES[createHash("sha256").update(id).digest().readUInt8() % HUES.length];
  const letter = /[\p{L}\p{N}]/u.exec(name)?.[0].toUpperCase() ?? "";
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64">
<rect width="64" height="64" fill="oklch(0.5 0.07 ${hue})"/>
<text x="32" y="43" text-anchor="middle" fill="#fff" font-family="Geist, system-ui, sans-serif" font-size="30" font-weight="600">${letter}</text>
</svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
}
