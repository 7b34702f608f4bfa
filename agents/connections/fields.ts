import {
  CONNECTION_KIND_INFO,
  type ConnectionField,
  type ConnectionKind,
  SIGN_INS,
  type SignIn,
} from "#/agents/vocabulary/connection.ts";
import { type Problem, pointer, unknownName } from "#/agents/definition/problem.ts";

type Fields = Readonly<Record<string, string>>;

/** The fields of a connection, parted by who may see them again. */
export interface ReadFields {
  readonly settings: Fields;
  readonly credentials: Fields;
  /** The hosts of the addresses that were given. */
  readonly hosts: readonly string[];
}

/** The field that chooses among a kind's ways of signing in. */
const SIGN_IN = "signIn";

/** Checks what was given for a kind of connection. All problems are told at once. */
export function readFields(
  kind: ConnectionKind,
  given: Fields,
): { readonly ok: true; readonly fields: ReadFields } | { readonly ok: false; readonly problems: Problem[] } {
  const { fields, signIns } = CONNECTION_KIND_INFO[kind];
  const signIn = signInOf(kind, given);
  if (!signIn) return { ok: false, problems: [unknownSignIn(signIns, given[SIGN_IN] ?? "")] };
  const asked = Object.entries(fields).filter(([, field]) => field.signIns?.includes(signIn) ?? true);
  const names = new Set(asked.map(([name]) => name));
  const problems = [
    ...Object.keys(given).flatMap((name) =>
      names.has(name) || name === SIGN_IN
        ? []
        : [unknownName({ path: pointer("fields", name), what: "field", name, known: names })],
    ),
    ...asked.flatMap(([name, field]) => problemsOfField(name, field, given[name] ?? "")),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const values = asked.map(([name, field]) => [name, field, given[name] || field.default || ""] as const);
  const part = (isSecret: boolean) =>
    Object.fromEntries(
      values.flatMap(([name, field, value]) =>
        (field.isSecret ?? false) === isSecret && value !== "" ? [[name, value]] : [],
      ),
    );
  const settings = { ...(signIns.length > 1 && { [SIGN_IN]: signIn }), ...part(false) };
  return { ok: true, fields: { settings, credentials: part(true), hosts: listHosts(values) } };
}

/** Fields of a connection that are asked for by the way of signing in that is now chosen: those of another way are left behind. */
export function carriedFields(kind: ConnectionKind, before: Fields, signIn: string | undefined): Fields {
  const chosen = signInOf(kind, { ...before, ...(signIn !== undefined && { [SIGN_IN]: signIn }) });
  const { fields } = CONNECTION_KIND_INFO[kind];
  return Object.fromEntries(
    Object.entries(before).filter(
      ([name]) => chosen === undefined || (fields[name]?.signIns?.includes(chosen) ?? true),
    ),
  );
}

/** The way of signing in of a connection; undefined for one that its kind does not know. */
export function signInOf(kind: ConnectionKind, settings: Fields): SignIn | undefined {
  const { signIns } = CONNECTION_KIND_INFO[kind];
  const chosen = settings[SIGN_IN];
  if (chosen === undefined || chosen === "") return signIns[0];
  const known = SIGN_INS.find((signIn) => signIn === chosen);
  return known && signIns.includes(known) ? known : undefined;
}

const unknownSignIn = (known: readonly string[], name: string): Problem =>
  unknownName({ path: pointer("fields", SIGN_IN), what: "way of signing in", name, known });

function problemsOfField(name: string, field: ConnectionField, value: string): readonly Problem[] {
  const message = findMistake(field, value || field.default || "");
  return message === undefined ? [] : [{ path: pointer("fields", name), message }];
}

function findMistake(
  { label, isRequired, form, choices }: ConnectionField,
  value: string,
): string | undefined {
  if (value === "") return isRequired ? `is missing: ${label}` : undefined;
  if (choices && !choices.includes(value)) return `must be one of ${choices.join(", ")}`;
  if (/[\r\n\0]/.test(value)) return "must be one line";
  return form && FORM_RULES[form](value);
}

const FORM_RULES: Readonly<
  Record<NonNullable<ConnectionField["form"]>, (value: string) => string | undefined>
> = {
  url: (value) => {
    const url = URL.parse(value);
    if (!url || !/^https?:$/.test(url.protocol) || url.hostname === "")
      return "must be an address such as https://api.example.com/v1";
    return url.username || url.password ? "must not contain a user name or password" : undefined;
  },
  host: (value) =>
    /^[a-z0-9.:[\]_-]{1,255}$/i.test(value) ? undefined : "must be a host such as mail.example.com",
  port: (value) =>
    /^\d{1,5}$/.test(value) && Number(value) > 0 && Number(value) < 65_536
      ? undefined
      : "must be a port from 1 to 65535",
};

type Value = readonly [name: string, field: ConnectionField, value: string];

function listHosts(values: readonly Value[]): readonly string[] {
  const port = values.find(([, { form }]) => form === "port")?.[2];
  const hosts = values.flatMap(([, { form }, value]) => {
    if (form === "url") return URL.parse(value)?.host ?? [];
    return form === "host" && value !== "" ? [`${value.toLowerCase()}${port ? `:${port}` : ""}`] : [];
  });
  return [...new Set(hosts)];
}
