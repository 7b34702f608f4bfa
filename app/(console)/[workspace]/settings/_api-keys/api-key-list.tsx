"use client";
import { KeyRound } from "#/app/_ui/icons.tsx";
import type { ApiKey } from "#/operations/api-keys/contract.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { RelativeTime, useNow } from "#/app/_ui/time.tsx";
import { toast } from "#/app/_ui/toast.ts";
import { useApiKeys, useRefreshApiKeys } from "../../_data/api-keys.ts";
import { FormWindow } from "../../_form/form-window.tsx";
import { revokeKey } from "../actions.ts";
import { describeReach } from "./key-scopes.ts";
import { nearnessOf } from "./key-expiry.ts";
import { NewKeyWindow } from "./new-key-window.tsx";

/** The keys with which programs call the API. Only admins see them. */
export function ApiKeyList({ allowed }: { readonly allowed: boolean }) {
  return (
    <Card id="api-keys" aria-label="API keys">
      <CardHeader
        title="API keys"
        description="For calling the API from code. A key is shown once; only its hash is stored."
        actions={allowed && <NewKeyWindow />}
      />
      {allowed ? (
        <Rows />
      ) : (
        <p className="px-4 py-3 text-muted-foreground">Only admins can see and make keys.</p>
      )}
    </Card>
  );
}

function Rows() {
  const { data, error, isPending, refetch } = useApiKeys();
  const now = useNow(60_000);
  if (isPending) return <SkeletonRows rows={2} />;
  if (!data) return <LoadProblem what="keys" error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) return <EmptyState icon={KeyRound} title="No API keys yet" />;
  return (
    <ul className="divide-y divide-border">
      {data.items.map((key) => (
        <KeyRow key={key.id} apiKey={key} now={now} />
      ))}
    </ul>
  );
}

interface KeyRowProps {
  readonly apiKey: ApiKey;
  readonly now: number;
}

function KeyRow({ apiKey, now }: KeyRowProps) {
  const { name, prefix } = apiKey;
  const isOver = apiKey.revokedAt !== null || nearnessOf(apiKey.expiresAt, now) === "over";
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-48">
        <p className="font-medium break-words">{name}</p>
        <p className="text-xs break-words text-muted-foreground">
          <span className="font-mono">{prefix}…</span> · {describeReach(apiKey)}
        </p>
        <p className="text-xs text-muted-foreground">
          <LastUse at={apiKey.lastUsedAt} />
          {!isOver && <Ending apiKey={apiKey} now={now} />}
        </p>
      </div>
      <KeyState apiKey={apiKey} now={now} />
      {!isOver && <RevokeKey apiKey={apiKey} />}
    </li>
  );
}

function RevokeKey({ apiKey: { id, name } }: Pick<KeyRowProps, "apiKey">) {
  const refresh = useRefreshApiKeys();
  return (
    <FormWindow
      button={{ variant: "danger", "aria-label": `Revoke ${name}`, children: "Revoke" }}
      action={revokeKey}
      place={`settings#revoke-${id}`}
      fixed={{ id }}
      title={`Revoke “${name}”?`}
      description="Requests that use it will be refused. This can’t be undone."
      submit="Revoke"
      isDangerous
      done="Key revoked"
      onDone={() => {
        toast.success("Key revoked");
        return refresh();
      }}
    />
  );
}

function LastUse({ at }: { readonly at: string | null }) {
  if (at === null) return "Never used";
  return (
    <>
      Used <RelativeTime at={at} />
    </>
  );
}

/** When a key ends that has some time left; what ends soon is told by its mark. */
function Ending({ apiKey: { expiresAt }, now }: Pick<KeyRowProps, "apiKey" | "now">) {
  if (expiresAt === null) return " · never expires";
  if (nearnessOf(expiresAt, now) === "soon") return null;
  return (
    <>
      {" · expires "}
      <RelativeTime at={expiresAt} />
    </>
  );
}

/** Marks what is refused, and what will be within a week. */
function KeyState({ apiKey: { expiresAt, revokedAt }, now }: Pick<KeyRowProps, "apiKey" | "now">) {
  if (revokedAt !== null) return <Badge>Revoked</Badge>;
  const nearness = nearnessOf(expiresAt, now);
  if (nearness === "over") return <Badge>Expired</Badge>;
  if (expiresAt === null || nearness === "far") return null;
  return (
    <Badge tone="warn">
      Expires <RelativeTime at={expiresAt} />
    </Badge>
  );
}
