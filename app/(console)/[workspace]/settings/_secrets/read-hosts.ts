/** Reads the hosts of a list that a person wrote, one a line or with commas. */
export const readHosts = (text: string): string[] => [
  ...new Set(
    text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((host) => host !== ""),
  ),
];

/** Writes hosts as a person does, one a line. */
export const writeHosts = (hosts: readonly string[] | null): string => (hosts ?? []).join("\n");
