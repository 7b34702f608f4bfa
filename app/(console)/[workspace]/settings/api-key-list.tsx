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
import { RelativeTime } from "#/app/_ui/time.tsx";
import { useApiKeys } from "../_data/api-keys.ts";
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
  if (isPending) return <SkeletonRows rows={2} />;
  if (!data) return <LoadProblem what="keys" error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) return <EmptyState icon={KeyRound} title="No API keys yet" />;
  return (
    <>
      <ul className="divide-y divide-border">
        {data.items.map((key) => (
          <KeyRow key={key.id} apiKey={key} onRevoke={() => setRevoking(key)} />
        ))}
      </ul>
      <RevokeKeyDialog apiKey={revoking} onClose={() => setRevoking(undefined)} />
    </>
  );
}

function KeyRow({ apiKey, onRevoke }: { readonly apiKey: ApiKey; readonly onRevoke: () => void }) {
  const { name, prefix, scopes, lastUsedAt, revokedAt } = apiKey;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-48">
        <p className="font-medium">{name}</p>
        <p className="text-xs text-muted-foreground">
          <span className="font-mono">{prefix}…</span> · {scopes.join(", ")} ·{" "}
          {lastUsedAt === null ? (
            "never used"
          ) : (
            <>
              used <RelativeTime at={lastUsedAt} />
            </>
          )}
        </p>
      </div>
      {revokedAt === null ? (
        <Button variant="danger" aria-label={`Revoke ${name}`} onClick={onRevoke}>
          Revoke
        </Button>
      ) : (
        <Badge>Revoked</Badge>
      )}
    </li>
  );
}
