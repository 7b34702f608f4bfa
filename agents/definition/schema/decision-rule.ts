/**
 * The use that an action makes of the values of its approval's form: it needs them, it may bring some along, or it takes none.
 * Where there is an action “edit”, the values are what it changes, and no other action takes any.
 */
export type ValuesRule = "needed" | "welcome" | "none";

export function valuesRule(actions: readonly string[], action: string): ValuesRule {
  if (actions.includes("edit")) return action === "edit" ? "needed" : "none";
  return action === "reject" ? "welcome" : "needed";
}
