// Control characters other than tab and line feed.
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g;

/** Text as it may be stored and sent: PostgreSQL refuses NUL, and JSON half of a surrogate pair. Long gaps, as of layout, are shortened. */
export function tidyText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(CONTROLS, " ")
    .replaceAll(/[^\S\n]{9,}/g, " ".repeat(8))
    .replaceAll(/\n(?:[^\S\n]*\n){2,}/g, "\n\n")
    .trim();
}
