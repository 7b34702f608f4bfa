"use client";
import { CONNECTION_KIND_INFO } from "#/agents/vocabulary/connection.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { Plug } from "#/app/_ui/icons.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { Connection } from "#/operations/connections/contract.ts";
import { useSignInToConnection, useTestConnection } from "../../_data/connections.ts";

interface ConnectionRowProps {
  readonly connection: Connection;
  readonly allowed: boolean;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

/** One connection: what it is, where its key goes, what the last test has found, and what can be done with it. */
export function ConnectionRow({ connection, allowed, onEdit, onDelete }: ConnectionRowProps) {
  const { id, name, kind, hosts, lastUsedAt, isSignedIn } = connection;
  const trial = useTestConnection();
  const test = () => trial.mutate(id, { onError: (error) => toast.error(describeError(error)) });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-mono text-[0.8125rem] font-medium break-all">{name}</span>
          <Badge>{CONNECTION_KIND_INFO[kind].label}</Badge>
          {isSignedIn === false && kind !== "mcp" && <Badge tone="warn">Needs sign-in</Badge>}
        </p>
        <p className="text-xs break-words text-muted-foreground">
          {hosts.join(", ")} ·{" "}
          {lastUsedAt === null ? (
            "never used"
          ) : (
            <>
              used <RelativeTime at={lastUsedAt} />
            </>
          )}
        </p>
        <TestResult test={connection.test} />
      </div>
      {allowed && (
        <div className="flex flex-wrap gap-2">
          {isSignedIn !== null && kind !== "mcp" && <SignIn connection={connection} />}
          <Button aria-label={`Test ${name}`} pending={trial.isPending} onClick={test}>
            Test
          </Button>
          <Button aria-label={`Edit ${name}`} onClick={onEdit}>
            Edit
          </Button>
          <Button variant="danger" aria-label={`Delete ${name}`} onClick={onDelete}>
            Delete
          </Button>
        </div>
      )}
    </li>
  );
}

/** Begins a sign-in in the browser, which goes on at the server. */
function SignIn({ connection: { id, name, isSignedIn } }: Pick<ConnectionRowProps, "connection">) {
  const begin = useSignInToConnection();
  return (
    <Button
      aria-label={isSignedIn ? `Sign in again to ${name}` : `Connect ${name}`}
      pending={begin.isPending || begin.isSuccess}
      onClick={() => begin.mutate(id, { onError: (error) => toast.error(describeError(error)) })}
    >
      <Plug aria-hidden /> {isSignedIn ? "Sign in again" : "Connect"}
    </Button>
  );
}

function TestResult({ test }: Pick<Connection, "test">) {
  if (!test) return <p className="text-xs text-muted-foreground">Not tested yet</p>;
  return (
    <output className={test.ok ? "block text-xs text-ink-2" : "block text-xs break-words text-fail-text"}>
      {test.message}{" "}
      <span className="text-muted-foreground">
        Tested <RelativeTime at={test.testedAt} />
      </span>
    </output>
  );
}
