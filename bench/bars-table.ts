/** One figure beside what it should be. */
export interface Bar {
  readonly what: string;
  readonly measured: string;
  readonly bar: string;
}

export function barsTable(bars: readonly Bar[]): string {
  const rows = [
    ["what", "measured", "bar"],
    ["---", "---", "---"],
    ...bars.map(({ what, measured, bar }) => [what, measured, bar]),
  ];
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
