/** Names of hidden fields begin with it; no operation has a field that does. */
export const FORM_FIELD = "cairn:";
/** The workspace that the page showed: a form is never done in another one. */
export const FORM_WORKSPACE = "cairn:workspace";
/** The build that made the page. */
export const FORM_BUILD = "cairn:build";
/** As the header Idempotency-Key: a form that is sent twice makes one thing. */
export const FORM_KEY = "cairn:key";
/** Names of fields with what nobody may see again begin with it, such as the value of a secret. They come back to nobody, not even to who has sent them. */
export const SECRET_FIELD = "secret.";

/** The answer to a form, as a page shows it. */
export interface FormState<Answer = unknown> {
  readonly status: "unsent" | "done" | "refused";
  /** The fields as they were sent, for those that have to be mended. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Sentences, by the name of the field that they stand at. */
  readonly problems: Readonly<Record<string, string>>;
  /** Says what is wrong with all of it, and what to do. */
  readonly message?: string;
  /** The operation's answer, as the API gives it. */
  readonly answer?: Answer;
}

/** A server action of a form: the first argument is what React puts there, and counts for nothing. */
export type FormAction<Answer = unknown> = (before: unknown, form: FormData) => Promise<FormState<Answer>>;

export const UNSENT: FormState<never> = { status: "unsent", values: {}, problems: {} };
