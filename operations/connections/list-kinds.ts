import {
  CONNECTION_KIND_INFO,
  CONNECTION_KINDS,
  type ConnectionField,
  type ConnectionKind,
  type ConnectionKindInfo,
} from "#/agents/vocabulary/connection.ts";

type KindWithFields = Omit<ConnectionKindInfo, "fields"> & {
  readonly kind: ConnectionKind;
  readonly fields: readonly (ConnectionField & { readonly name: string })[];
};

/** Lists the kinds of connections with the fields that each asks for. */
export function listConnectionKinds(): { readonly items: readonly KindWithFields[] } {
  return { items: CONNECTION_KINDS.map(describeKind) };
}

function describeKind(kind: ConnectionKind): KindWithFields {
  const { fields, ...info } = CONNECTION_KIND_INFO[kind];
  return { kind, ...info, fields: Object.entries(fields).map(([name, field]) => named(name, field)) };
}

const named = (name: string, field: ConnectionField) => ({ name, ...field });
