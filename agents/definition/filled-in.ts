import type { Step } from "#/agents/definition/format/definition.ts";

/** The texts of a step in which `{{ … }}` is filled in, by its type. Everywhere else a text stays as it is written. */
const FILLED_IN: { readonly [Type in Step["type"]]: readonly (keyof Extract<Step, { type: Type }>)[] } = {
  llm: ["prompt", "instructions"],
  agent: ["role", "goal", "backstory", "prompt"],
  search: ["query", "filter"],
  approval: ["title", "description", "show"],
  set: ["values"],
  http: ["url", "headers", "query", "body"],
  wait: ["for", "until", "event"],
  tool: ["input"],
  route: ["prompt", "routes"],
  workflow: ["input"],
  code: ["input"],
  respond: ["headers", "body"],
  map: ["items"],
};

export function isFilledIn({ type }: Pick<Step, "type">, key: string): boolean {
  const keys: readonly string[] = FILLED_IN[type];
  return keys.includes(key);
}
