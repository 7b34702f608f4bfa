import { agentTexts } from "#/agents/steps/agent/texts.ts";
import { approvalTexts } from "#/agents/steps/approval/texts.ts";
import { codeTexts } from "#/agents/steps/code/texts.ts";
import { crewTexts } from "#/agents/steps/crew/texts.ts";
import { httpTexts } from "#/agents/steps/http/texts.ts";
import { llmTexts } from "#/agents/steps/llm/texts.ts";
import { mapTexts } from "#/agents/steps/map/texts.ts";
import { respondTexts } from "#/agents/steps/respond/texts.ts";
import { routeTexts } from "#/agents/steps/route/texts.ts";
import { searchTexts } from "#/agents/steps/search/texts.ts";
import { setTexts } from "#/agents/steps/set/texts.ts";
import { storeTexts } from "#/agents/steps/store/texts.ts";
import { toolTexts } from "#/agents/steps/tool/texts.ts";
import { waitTexts } from "#/agents/steps/wait/texts.ts";
import { workflowTexts } from "#/agents/steps/workflow/texts.ts";
import type { StepTexts } from "#/agents/steps/step-type.ts";
import type { StepTypeName } from "#/agents/steps/table.ts";

/** The words for each type of step. Nothing else comes with them: every page that shows a run has them. */
const STEP_TEXTS: Readonly<Record<StepTypeName, StepTexts>> = {
  llm: llmTexts,
  agent: agentTexts,
  crew: crewTexts,
  search: searchTexts,
  approval: approvalTexts,
  set: setTexts,
  http: httpTexts,
  wait: waitTexts,
  tool: toolTexts,
  route: routeTexts,
  workflow: workflowTexts,
  code: codeTexts,
  store: storeTexts,
  respond: respondTexts,
  map: mapTexts,
};

const BY_NAME: ReadonlyMap<string, StepTexts> = new Map(Object.entries(STEP_TEXTS));

/** Returns the words for a type of step; undefined for what this version does not know. */
export const textsOf = (type: string | undefined): StepTexts | undefined => BY_NAME.get(type ?? "");
