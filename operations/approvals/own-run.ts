/** Four eyes are those of two people, however each of them came here. Undefined stands for somebody unknown. @returns why the deciding may not, in words */
export function refuseOwnRun(
  behind: readonly string[],
  deciding: readonly (string | undefined)[],
): string | undefined {
  if (deciding.includes(undefined))
    return "Nobody knows who made this link, and this approval is for somebody else than whoever started the run. Ask for a new link.";
  const isOwn = deciding.some((person) => person !== undefined && behind.includes(person));
  return isOwn ? "You have started this run, and this approval is for somebody else." : undefined;
}
