import { code } from "#/agents/tools/builtin/code.ts";
import { csvQuery } from "#/agents/tools/builtin/csv-query.ts";
import { currentTime } from "#/agents/tools/builtin/current-time.ts";
import { jsonQuery } from "#/agents/tools/builtin/json-query.ts";
import { memorySave, memorySearch } from "#/agents/tools/builtin/memory.ts";
import { sendEmail } from "#/agents/tools/builtin/send-email.ts";
import { slackMessage } from "#/agents/tools/builtin/slack-message.ts";
import { storeDelete, storeGet, storeList, storePut } from "#/agents/tools/builtin/store.ts";
import { webPage } from "#/agents/tools/builtin/web-page.ts";
import { webSearch } from "#/agents/tools/builtin/web-search.ts";
import { calculator } from "#/agents/tools/builtin/calculator.ts";
import { httpRequest } from "#/agents/tools/builtin/http-request.ts";
import { knowledgeSearch } from "#/agents/tools/builtin/knowledge-search.ts";
import type { ToolSource } from "#/agents/tools/source.ts";
import type { Tool } from "#/agents/tools/tool.ts";

const TOOLS: readonly Tool[] = [
  knowledgeSearch,
  webSearch,
  webPage,
  httpRequest,
  calculator,
  code,
  jsonQuery,
  csvQuery,
  currentTime,
  storeGet,
  storePut,
  storeDelete,
  storeList,
  memorySearch,
  memorySave,
  slackMessage,
  sendEmail,
];

/** The tools that every workspace has. */
export const builtInTools: ToolSource = {
  find: async (names) => TOOLS.filter(({ name }) => names.includes(name)),
  names: async () => builtInNames(),
};

/** The names of the tools that every workspace has. */
export const builtInNames = (): readonly string[] => TOOLS.map(({ name }) => name);
