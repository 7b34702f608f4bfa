import { readText, type ChatMessage, type ChatRequest } from "#/local/openai/chat.ts";
import {
  evidenceIn,
  fromMaterial,
  isCited,
  isJson,
  isMaterial,
  withoutSources,
  type Source,
} from "#/local/openai/evidence.ts";

/** A chat request as the offline model understands it. */
export interface Prompt {
  /** The question, without the material to answer it from. */
  readonly question: string;
  readonly evidence: readonly Source[];
  /** Tools called since the last user message. */
  readonly called: ReadonlySet<string>;
}

/** Words before a colon that announce material: "Write a brief from:", "Context from earlier tasks:". */
const ANNOUNCEMENT =
  /\b(?:from|context|notes?|text|material|sources?|evidence|research|findings|following|below|based on|passages|documents?|memories)\b[^\n:?]{0,60}:\s*/gi;
/** Sections of a task prompt that describe the form of the answer, not its subject. */
const FORM_SECTION =
  /^(?:criteria|expected (?:output|criteria)|this is the expected|answer with json|return the|format|these files are material)\b/i;
const INSTRUCTION =
  /^(?:the (?:brief|text|report|answer|summary)\b|answer|write|use|keep|return|make|be |do not|don't|please)/i;
const TASK_LABEL = /^(?:current task|task|question|goal|your (?:personal )?goal(?: is)?)\s*:\s*/i;
/** Messages by which an agent's loop steers the model; they do not change the question. */
const STEERING =
  /^(?:you have reached the (?:step|iteration) limit|stop using tools|give your (?:best )?final answer)/i;

export function readPrompt({ messages }: ChatRequest): Prompt {
  const asked = messages.findLast(
    ({ role, content }) => role === "user" && !STEERING.test(readText(content)),
  );
  const { question, material } = splitAtMaterial(withoutSources(readText(asked?.content)));
  return {
    question: findSubject(question),
    evidence: [...evidenceIn(messages), ...fromMaterial(material)],
    called: calledSince(messages, asked),
  };
}

interface SplitPrompt {
  readonly question: string;
  readonly material: string;
}

function splitAtMaterial(text: string): SplitPrompt {
  const paragraphs = text.split(/\n{2,}/);
  if (paragraphs.some(isJson)) return splitParagraphs(paragraphs, isJson);
  return splitAtAnnouncement(text) ?? splitLongRest(paragraphs) ?? { question: text, material: "" };
}

function splitParagraphs(
  paragraphs: readonly string[],
  isPartOfMaterial: (paragraph: string) => boolean,
): SplitPrompt {
  return {
    question: paragraphs.filter((paragraph) => !isPartOfMaterial(paragraph)).join("\n\n"),
    material: paragraphs.filter(isPartOfMaterial).join("\n\n"),
  };
}

function splitAtAnnouncement(text: string): SplitPrompt | undefined {
  for (const announcement of text.matchAll(ANNOUNCEMENT)) {
    const material = text.slice(announcement.index + announcement[0].length).trim();
    if (isMaterial(material))
      return withoutTrailingInstructions(text.slice(0, announcement.index).trim(), material.split(/\n{2,}/));
  }
  return undefined;
}

/** Splits off the instructions after the material: they belong to the question. */
function withoutTrailingInstructions(before: string, paragraphs: readonly string[]): SplitPrompt {
  const end = paragraphs.findLastIndex((paragraph) => !isInstruction(paragraph)) + 1;
  return {
    question: [before, ...paragraphs.slice(end)].join("\n\n"),
    material: paragraphs.slice(0, end).join("\n\n"),
  };
}

function isInstruction(paragraph: string): boolean {
  return !isCited(paragraph) && (INSTRUCTION.test(paragraph) || paragraph.trim().endsWith("?"));
}

/** A first paragraph and then much text: the text is what the paragraph speaks of. */
function splitLongRest([first = "", ...others]: readonly string[]): SplitPrompt | undefined {
  const rest = others.filter((paragraph) => !FORM_SECTION.test(paragraph)).join("\n\n");
  return rest.length > 160 && isMaterial(rest) ? { question: first, material: rest } : undefined;
}

/** The paragraph that says what is wanted, without its label. */
function findSubject(question: string): string {
  const paragraphs = question.split(/\n{2,}/).filter((paragraph) => !FORM_SECTION.test(paragraph.trim()));
  const labelled = paragraphs.find((paragraph) => TASK_LABEL.test(paragraph));
  return (labelled ?? paragraphs.join("\n")).replace(TASK_LABEL, "").trim();
}

function calledSince(messages: readonly ChatMessage[], asked: ChatMessage | undefined): ReadonlySet<string> {
  const since = asked === undefined ? messages : messages.slice(messages.indexOf(asked) + 1);
  return new Set(since.flatMap(({ tool_calls: calls }) => calls?.map((call) => call.function.name) ?? []));
}
