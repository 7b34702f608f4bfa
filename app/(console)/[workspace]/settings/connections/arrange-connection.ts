import {
  CONNECTION_KIND_INFO,
  CONNECTION_KINDS,
  type ConnectionKind,
  type ConnectionKindInfo,
} from "#/agents/vocabulary/connection.ts";
import { SECRET_FIELD } from "#/lib/form-state.ts";
import { listTexts } from "../../_form/list-texts.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Begins the names of fields of a connection that are no secret. */
const OPEN_FIELD = "field.";

/** Names a field of a kind in a form: a page without scripts has those of all kinds. What is secret is given back to nobody. */
export const nameField = (kind: ConnectionKind, field: string, isSecret = false): string =>
  `${isSecret ? SECRET_FIELD : OPEN_FIELD}${kind}.${field}`;

/**
 * A connection has the fields of its kind, and of these the ones that its way of signing in asks for; `of` is the kind of a connection that there is. A
 * secret that was left empty is not sent: it stays as it is stored.
 */
export function arrangeConnection({ of, ...sent }: Fields): Fields {
  const others = Object.entries(sent).filter(([name]) => !isField(name));
  const kind = CONNECTION_KINDS.find((one) => one === (sent["kind"] ?? listTexts(of)[0]));
  return { ...Object.fromEntries(others), fields: kind ? readValues(kind, sent) : {} };
}

const isField = (name: string): boolean => name.startsWith(OPEN_FIELD) || name.startsWith(SECRET_FIELD);

function readValues(kind: ConnectionKind, sent: Fields): Readonly<Record<string, string>> {
  const info = CONNECTION_KIND_INFO[kind];
  const textOf = (field: string, isSecret?: boolean) => listTexts(sent[nameField(kind, field, isSecret)])[0];
  const signIn = textOf("signIn");
  const values = Object.entries(info.fields).flatMap(([name, { isSecret, signIns }]) => {
    const text = textOf(name, isSecret);
    const isAsked = signIns?.some((one) => one === readSignIn(info, signIn)) ?? true;
    return text === undefined || !isAsked || (isSecret && text === "") ? [] : [[name, text] as const];
  });
  return { ...Object.fromEntries(values), ...(signIn !== undefined && { signIn }) };
}

const readSignIn = ({ signIns }: ConnectionKindInfo, signIn: string | undefined) =>
  signIns.find((one) => one === signIn) ?? signIns[0];
