import { createHash } from "node:crypto";
import type { Contract } from "#/lib/http/contract.ts";
import { type Outcome, refuse } from "#/lib/http/problem.ts";
import { newId } from "#/lib/id.ts";

/** Keeps a request by the key that its caller has chosen, or finds the one that was kept under it. */
export type KeepRequest<Tenant> = (
  tenant: Tenant,
  request: {
    readonly operation: string;
    readonly key: string;
    readonly fingerprint: string;
    readonly id: string;
  },
) => Promise<{ readonly fingerprint: string; readonly madeId: string; readonly isRepeated: boolean }>;

interface Kept {
  /** Of what the request makes. */
  readonly id: string;
  readonly operation: string;
  readonly key: string;
  /** The first under its key. */
  readonly isNew: boolean;
  readonly isRepeated: boolean;
}

interface Keyed {
  readonly contract: Contract;
  readonly parsed: {
    readonly params: unknown;
    readonly body: unknown;
    readonly upload: unknown;
    readonly idempotencyKey: string | undefined;
  };
}

/** Gives a request the id of what it makes. A key that came with another body before is refused: neither of the two can be what was meant. */
export async function keep<Tenant>(
  ports: { readonly keepRequest: KeepRequest<Tenant> },
  tenant: Tenant,
  { contract, parsed }: Keyed,
): Promise<Outcome<Kept>> {
  const operation = `${contract.method} ${fillPath(contract.path, parsed.params)}`;
  const { idempotencyKey: key } = parsed;
  if (!contract.idempotent || key === undefined)
    return { ok: true, value: { id: newId(), operation, key: "", isNew: false, isRepeated: false } };
  const fingerprint = sha256(canonical(parsed.body ?? (await toldApart(parsed.upload))));
  const kept = await ports.keepRequest(tenant, { operation, key, fingerprint, id: newId() });
  if (kept.fingerprint === fingerprint)
    return {
      ok: true,
      value: { id: kept.madeId, operation, key, isNew: !kept.isRepeated, isRepeated: kept.isRepeated },
    };
  return {
    ok: false,
    refusal: refuse(
      "idempotency-key-reused",
      "This Idempotency-Key was sent with another body before. Send the same body again, or choose a new key.",
    ),
  };
}

function fillPath(path: string, params: unknown): string {
  const values = new Map(Object.entries(typeof params === "object" && params !== null ? params : {}));
  return path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => String(values.get(name)));
}

const sha256 = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");

/** The fields of a form as JSON: a file is what it is called and what its bytes are, however the form was put together. */
async function toldApart(fields: unknown): Promise<unknown> {
  if (!isPlainObject(fields)) return fields;
  const told = Object.entries(fields).map(async ([name, value]: [string, unknown]) => [
    name,
    value instanceof File ? { name: value.name, sha256: sha256(await value.bytes()) } : value,
  ]);
  return Object.fromEntries(await Promise.all(told));
}

/** The same text for the same JSON, whatever the order of its keys. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, item: unknown) =>
      isPlainObject(item)
        ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : item,
    ) ?? ""
  );
}

function isPlainObject(item: unknown): item is object {
  return typeof item === "object" && item !== null && !Array.isArray(item);
}
