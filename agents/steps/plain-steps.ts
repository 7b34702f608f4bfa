import * as v from "valibot";
import { agent } from "#/agents/steps/agent/type.ts";
import { approval } from "#/agents/steps/approval/type.ts";
import { code } from "#/agents/steps/code/type.ts";
import { crew } from "#/agents/steps/crew/type.ts";
import { http } from "#/agents/steps/http/type.ts";
import { llm } from "#/agents/steps/llm/type.ts";
import { respond } from "#/agents/steps/respond/type.ts";
import { route } from "#/agents/steps/route/type.ts";
import { search } from "#/agents/steps/search/type.ts";
import { set } from "#/agents/steps/set/type.ts";
import { store } from "#/agents/steps/store/type.ts";
import { tool } from "#/agents/steps/tool/type.ts";
import { wait } from "#/agents/steps/wait/type.ts";
import { workflow } from "#/agents/steps/workflow/type.ts";

/** The types of steps that a map can do for an item: all but the map. A new type of step gets its line here. */
export const PLAIN_STEPS = {
  llm,
  agent,
  crew,
  search,
  approval,
  set,
  http,
  wait,
  tool,
  route,
  workflow,
  code,
  store,
  respond,
};

const schemas = Object.values(PLAIN_STEPS).map(({ schema }) => schema);

export const PlainStep = v.variant(
  "type",
  schemas,
  `type must be one of ${Object.keys(PLAIN_STEPS).join(", ")}`,
);
export type PlainStep = v.InferOutput<typeof PlainStep>;
