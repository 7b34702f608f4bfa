/** Turns a name such as `review_draft` or `reviewDraft` into words for people: “Review draft”. */
export function toLabel(name: string): string {
  const words = name
    .replaceAll(/[_-]+/g, " ")
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
