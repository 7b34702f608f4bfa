/** Whether an action of an approval comes with the values of its form: with “edit” only where there is one, and never with a rejection. */
export function takesValues(actions: readonly string[], action: string): boolean {
  return actions.includes("edit") ? action === "edit" : action !== "reject";
}
