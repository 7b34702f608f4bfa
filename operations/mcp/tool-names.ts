/** The longest name that all clients and models take. */
const LONGEST = 64;

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Gives each workflow a name that models can call it by. Where two would have the same, or a reserved one, the later one's ends with a piece of its id: names stay when workflows are added. */
export function nameTools<W extends Named>(
  workflows: readonly W[],
  reserved: ReadonlySet<string>,
): ReadonlyMap<string, W> {
  const tools = new Map<string, W>();
  for (const workflow of workflows) {
    const name = toolName(workflow.name);
    const isTaken = reserved.has(name) || tools.has(name);
    tools.set(isTaken ? withId(name, workflow.id) : name, workflow);
  }
  return tools;
}

/** The name of a workflow with what models do not take replaced: “Research brief” → research-brief. */
function toolName(name: string): string {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9_]+/g, "-")
    .replaceAll(/^[-_]+|[-_]+$/g, "")
    .slice(0, LONGEST);
  return /^[a-z]/.test(plain) ? plain : `workflow-${plain}`.slice(0, LONGEST).replace(/-$/, "");
}

function withId(name: string, id: string): string {
  const end = `-${id.replaceAll("-", "").slice(-8)}`;
  return name.slice(0, LONGEST - end.length) + end;
}
