import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import pixelmatch from "pixelmatch";
import type { Locator } from "playwright-core";
import { PNG } from "pngjs";

const KEPT = path.resolve("tests/journeys/pictures");
const MADE = path.resolve(".local/pictures");

/** Another Chromium draws edges of letters otherwise: that many of a hundred pixels may differ, and the size by so many pixels. */
const MOST_PERCENT = 0.5;
const MOST_PIXELS = 2;

/**
 * Compares a part of a page with its kept picture. `PICTURES=keep` keeps the new one instead.
 * @returns what differs in words, with the places of the new picture and of the differences; undefined where nothing does
 */
export async function compareWithPicture(part: Locator, name: string): Promise<string | undefined> {
  const bytes = await part.screenshot({ animations: "disabled", caret: "hide" });
  const kept = path.join(KEPT, `${name}.png`);
  if (process.env["PICTURES"] === "keep") {
    save(kept, bytes);
    return undefined;
  }
  if (!existsSync(kept)) return `${name} has no kept picture. Look at the page, then run with PICTURES=keep.`;
  const difference = describeDifference(PNG.sync.read(readFileSync(kept)), PNG.sync.read(bytes), name);
  if (difference === undefined) return undefined;
  save(path.join(MADE, `${name}.png`), bytes);
  return `${name}: ${difference} New picture: .local/pictures/${name}.png. If it is right, run with PICTURES=keep.`;
}

function save(file: string, bytes: Uint8Array): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

function describeDifference(kept: PNG, made: PNG, name: string): string | undefined {
  const isOtherSize =
    Math.abs(kept.width - made.width) > MOST_PIXELS || Math.abs(kept.height - made.height) > MOST_PIXELS;
  if (isOtherSize) return `${made.width}×${made.height} instead of ${kept.width}×${kept.height} pixels.`;
  const width = Math.min(kept.width, made.width);
  const height = Math.min(kept.height, made.height);
  const marks = new PNG({ width, height });
  const count = pixelmatch(crop(kept, width, height), crop(made, width, height), marks.data, width, height);
  const percent = (100 * count) / (width * height);
  if (percent <= MOST_PERCENT) return undefined;
  save(path.join(MADE, `${name}-differences.png`), PNG.sync.write(marks));
  return `${percent.toFixed(2)} % of its pixels differ, see .local/pictures/${name}-differences.png.`;
}

function crop(picture: PNG, width: number, height: number): Uint8Array {
  const part = new PNG({ width, height });
  PNG.bitblt(picture, part, 0, 0, width, height, 0, 0);
  return part.data;
}
