"use client";
import { LockKeyhole, Plus } from "#/app/_ui/icons.tsx";
import { useState } from "react";
import type { Secret } from "#/operations/secrets/contract.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { useSecrets } from "../_data/secrets.ts";
import { DeleteSecretDialog } from "./delete-secret-dialog.tsx";
import { SecretDialog } from "./secret-dialog.tsx";
import { SecretHostsDialog } from "./secret-hosts-dialog.tsx";

/** Lists the secrets that http and tool steps may send. Only admins see the names; nobody sees a value again. */
export function SecretList({ allowed }: { readonly allowed: boolean }) {
  const [adding, setAdding] = useState(false);
  const add = (
    <Button variant="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden /> New secret
    </Button>
  );
  return (
    <Card id="secrets" aria-label="Secrets">
      <CardHeader
        title="Secrets"
        description="For http and tool steps. Values are never shown again."
        actions={allowed && add}
      />
      {allowed ? (
        <Rows />
      ) : (
        <p className="px-4 py-3 text-muted-foreground">Only admins can see and set secrets.</p>
      )}
      <SecretDialog open={adding} onClose={() => setAdding(false)} />
    </Card>
  );
}

function Rows() {
  const { data, error, isPending, refetch } = useSecrets();
  const [replacing, setReplacing] = useState<Secret>();
  const [binding, setBinding] = useState<Secret>();
  const [deleting, setDeleting] = useState<Secret>();
  if (isPending) return <SkeletonRows rows={2} />;
  if (!data) return <LoadProblem what="secrets" error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) {
    return (
      <EmptyState icon={LockKeyhole} title="No secrets yet">
        A step sends one where its url, headers, query, body or input says{" "}
        <code className="font-mono text-[0.9em]">{"{{ secrets.NAME }}"}</code>; logs and outputs show •••NAME
        instead.
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="divide-y divide-border">
        {data.items.map((secret) => (
          <SecretRow
            key={secret.name}
            secret={secret}
            onReplace={() => setReplacing(secret)}
            onBind={() => setBinding(secret)}
            onDelete={() => setDeleting(secret)}
          />
        ))}
      </ul>
      <SecretDialog
        open={replacing !== undefined}
        secret={replacing}
        onClose={() => setReplacing(undefined)}
      />
      <SecretHostsDialog secret={binding} onClose={() => setBinding(undefined)} />
      <DeleteSecretDialog secret={deleting} onClose={() => setDeleting(undefined)} />
    </>
  );
}

interface SecretRowProps {
  readonly secret: Secret;
  readonly onReplace: () => void;
  readonly onBind: () => void;
  readonly onDelete: () => void;
}

function SecretRow({
  secret: { name, hosts, updatedAt, lastUsedAt },
  onReplace,
  onBind,
  onDelete,
}: SecretRowProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-48">
        <p className="font-mono text-[0.8125rem] font-medium break-all">{name}</p>
        <p className="text-xs break-words text-muted-foreground">
          {hosts === null
            ? "Not sent anywhere yet. Add the hosts it may be sent to."
            : `Sent to ${hosts.join(", ")}`}
        </p>
        <p className="text-xs text-muted-foreground">
          set <RelativeTime at={updatedAt} /> ·{" "}
          {lastUsedAt === null ? (
            "never used"
          ) : (
            <>
              used <RelativeTime at={lastUsedAt} />
            </>
          )}
        </p>
      </div>
      <div className="flex gap-2">
        <Button aria-label={`Hosts for ${name}`} onClick={onBind}>
          Hosts
        </Button>
        <Button aria-label={`Replace ${name}`} onClick={onReplace}>
          Replace
        </Button>
        <Button variant="danger" aria-label={`Delete ${name}`} onClick={onDelete}>
          Delete
        </Button>
      </div>
    </li>
  );
}
