"use client";
import { KeyRound, Plus } from "#/app/_ui/icons.tsx";
import { useState } from "react";
import type { ApiKey } from "#/operations/api-keys/contract.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { RelativeTime, useNow } from "#/app/_ui/time.tsx";
import { useApiKeys } from "../../_data/api-keys.ts";
import { describeReach } from "./key-scopes.ts";
import { nearnessOf } from "./key-expiry.ts";
import { NewKeyDialog } from "./new-key-dialog.tsx";
import { RevokeKeyDialog } from "./revoke-key-dialog.tsx";

/** The keys with which programs call the API. Only admins see them. */
export function ApiKeyList({ allowed }: { readonly allowed: boolean }) {
  const [making, setMaking] = useState(false);
  const create = (
    <Button variant="primary" onClick={() => setMaking(true)}>
      <Plus aria-hidden /> New key
    </Button>
  );
  return (
    <Card id="api-keys" aria-label="API keys">
      <CardHeader
        title="API keys"
        description="For calling the API from code. A key is shown once; only its hash is stored."
        actions={allowed && create}
      />
      {allowed ? (
        <Rows />
      ) : (
        <p className="px-4 py-3 text-muted-foreground">Only admins can see and make keys.</p>
      )}
      <NewKeyDialog open={making} onClose={() => setMaking(false)} />
    </Card>
  );
}

function Rows() {
  const { data, error, isPending, refetch } = useApiKeys();
  const [revoking, setRevoking] = useState<ApiKey>();
  const now = useNow(60_000);
  if (isPending) return <SkeletonRows rows={2} />;
  if (!data) return <LoadProblem what="keys" error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) return <EmptyState icon={KeyRound} title="No API keys yet" />;
  return (
    <>
      <ul className="divide-y divide-border">
        {data.items.map((key) => (
          <KeyRow key={key.id} apiKey={key} now={now} onRevoke={() => setRevoking(key)} />
        ))}
      </ul>
      <RevokeKeyDialog apiKey={revoking} onClose={() => setRevoking(undefined)} />
    </>
  );
}

interface KeyRowProps {
  readonly apiKey: ApiKey;
  readonly now: number;
  readonly onRevoke: () => void;
}

function KeyRow({ apiKey, now, onRevoke }: KeyRowProps) {
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
      {!isOver && (
        <Button variant="danger" aria-label={`Revoke ${name}`} onClick={onRevoke}>
          Revoke
        </Button>
      )}
    </li>
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
