import { answerAQuestion } from "#/agents/definition/templates/answer-a-question.ts";
import { answerMail } from "#/agents/definition/templates/answer-mail.ts";
import { blank } from "#/agents/definition/templates/blank.ts";
import { callAnApi } from "#/agents/definition/templates/call-an-api.ts";
import { crewOfTwo } from "#/agents/definition/templates/crew-of-two.ts";
import { listOfQuestions } from "#/agents/definition/templates/list-of-questions.ts";
import { researchWithApproval } from "#/agents/definition/templates/research-with-approval.ts";
import { supportAnswer } from "#/agents/definition/templates/support-answer.ts";
import type { Template } from "#/agents/definition/templates/template.ts";
import { triageARequest } from "#/agents/definition/templates/triage-a-request.ts";

/** The definitions that new workflows can start from. Each can be published as it is, and started with the examples of its input. */
export const TEMPLATES: readonly Template[] = [
  answerAQuestion,
  researchWithApproval,
  answerMail,
  supportAnswer,
  crewOfTwo,
  listOfQuestions,
  triageARequest,
  callAnApi,
  blank,
];

/** What is left to start from where none of the others is near. */
export const BLANK = blank;
