import { SECRET_FIELD } from "#/lib/form-state.ts";
import { listTexts } from "../_form/list-texts.ts";
import { nameInForm, SERVER_FIELDS } from "./server-fields.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The way of signing in that each field of a form belongs to; undefined for those of all. */
const SIGN_IN_OF = new Map(SERVER_FIELDS.map((field) => [nameInForm(field), field.for]));

/** A new server has what its way of signing in asks for, and nothing that was left empty or belongs to another way. */
export function arrangeServer(fields: Fields): Fields {
  const given = Object.entries(fields).filter(([name, value]) => {
    const signIn = SIGN_IN_OF.get(name);
    return signIn === undefined || (signIn === fields["signIn"] && textOf(value).trim() !== "");
  });
  return Object.fromEntries(
    given.map(([name, value]) =>
      name.startsWith(SECRET_FIELD) ? [name.slice(SECRET_FIELD.length), textOf(value)] : [name, value],
    ),
  );
}

/** The decision about one tool is a list of one. */
export function arrangeTool({ name, isChosen, effect, accept, ...others }: Fields): Fields {
  return {
    ...others,
    tools: [
      {
        name: textOf(name),
        ...(isChosen !== undefined && { isChosen: readFlag(textOf(isChosen)) }),
        ...(effect !== undefined && { effect: textOf(effect) }),
        ...(accept !== undefined && { accept: textOf(accept) }),
      },
    ],
  };
}

/** A field that the contract knows is a text already; of others there is a list. */
const textOf = (value: unknown): string => (typeof value === "string" ? value : (listTexts(value)[0] ?? ""));

/** What is no flag stays what was sent, for the contract to refuse. */
const readFlag = (text: string): boolean | string =>
  text === "true" ? true : text === "false" ? false : text;
