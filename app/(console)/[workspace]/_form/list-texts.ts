/** Lists the texts of a field whose meaning the contract does not say. */
export const listTexts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
