import type { PushMessage } from "#/lib/push/send.ts";
import type { OpenQuestion } from "#/db/push.ts";

/** Nobody wants to hear of it much later: the inbox has it. */
const VALID_S = 12 * 60 * 60;
const LONGEST_TITLE = 110;
const LONGEST_BODY = 140;

interface Notification {
  readonly title: string;
  readonly body: string;
  /** A later notification of the same tag takes its place. */
  readonly tag: string;
  readonly navigate: string;
}

interface Told {
  readonly questions: readonly Pick<OpenQuestion, "id" | "title" | "workflowName">[];
  /** The number on the app's icon. */
  readonly waiting: number;
  /** The address of the workspace's inbox. */
  readonly inbox: string;
}

/**
 * Writes the message that tells of questions: one by its title, several by their number. It has nothing of what the answer rests on: it lies on locked screens.
 */
export function writeQuestions({ questions, waiting, inbox }: Told): PushMessage {
  const [question] = questions;
  if (question === undefined || questions.length > 1)
    return writeMessage(
      {
        title: `${questions.length} questions wait for you`,
        body: cut(questions.map(({ title }) => title).join(" · "), LONGEST_BODY),
        tag: "questions",
        navigate: inbox,
      },
      waiting,
    );
  return writeMessage(
    {
      title: cut(question.title, LONGEST_TITLE),
      body: cut(`${question.workflowName ?? "A workflow"} waits for your answer.`, LONGEST_BODY),
      tag: question.id,
      navigate: `${inbox}?item=${question.id}`,
    },
    waiting,
  );
}

/** Writes the message by which people see that a device is told. */
export const writeTest = (inbox: string): PushMessage =>
  writeMessage({
    title: "Notifications work",
    body: "Cairn tells this device when a question waits for you.",
    tag: "test",
    navigate: inbox,
  });

/** The declarative form: browsers that know it show the notification even where the app's worker is gone. */
const DECLARATIVE = 8030;

/** @param waiting the number on the app's icon; undefined leaves it as it is */
const writeMessage = (notification: Notification, waiting?: number): PushMessage => ({
  text: JSON.stringify({ web_push: DECLARATIVE, notification, app_badge: waiting }),
  topic: notification.tag.replaceAll("-", ""),
  validS: VALID_S,
});

/** Cuts a text without tearing a character in two halves. */
function cut(text: string, longest: number): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1).replace(HALF_AT_END, "")}…`;
}

const HALF_AT_END = /[\uD800-\uDBFF]$/;
