"use client";
import { CONNECTION_KIND_INFO } from "#/agents/vocabulary/connection.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { Plug } from "#/app/_ui/icons.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import type { Connection } from "#/operations/connections/contract.ts";
import { useRefreshConnections } from "../../_data/connections.ts";
import { ButtonForm } from "../../_form/button-form.tsx";
import { showSignIn } from "../../_form/sign-in-link.tsx";
import { beginSignIn, tryConnection } from "./actions.ts";
import { DeleteConnectionWindow, EditConnectionWindow } from "./connection-windows.tsx";

interface ConnectionRowProps {
  readonly connection: Connection;
  readonly allowed: boolean;
}

/** One connection: what it is, where its key goes, what the last test has found, and what can be done with it. */
export function ConnectionRow({ connection, allowed }: ConnectionRowProps) {
  const { name, kind, hosts, lastUsedAt, isSignedIn } = connection;
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
        <div className="flex max-w-full flex-wrap gap-2">
          {isSignedIn !== null && kind !== "mcp" && <SignIn connection={connection} />}
          <Test connection={connection} />
          <EditConnectionWindow connection={connection} />
          <DeleteConnectionWindow connection={connection} />
        </div>
      )}
    </li>
  );
}

type Of = Pick<ConnectionRowProps, "connection">;

/** Tries the connection; the row says what came of it. */
function Test({ connection: { id, name } }: Of) {
  const refresh = useRefreshConnections();
  return (
    <ButtonForm
      button={{ "aria-label": `Test ${name}`, children: "Test" }}
      action={tryConnection}
      place={`settings/connections#test-${id}`}
      fixed={{ id }}
      done="Tested"
      onDone={refresh}
    />
  );
}

/** Begins a sign-in in the browser, which goes on at the server. */
function SignIn({ connection: { id, name, isSignedIn } }: Of) {
  return (
    <ButtonForm
      button={{
        "aria-label": isSignedIn ? `Sign in again to ${name}` : `Connect ${name}`,
        children: (
          <>
            <Plug aria-hidden /> {isSignedIn ? "Sign in again" : "Connect"}
          </>
        ),
      }}
      action={beginSignIn}
      place={`settings/connections#sign-in-${id}`}
      fixed={{ id }}
      done=""
      onDone={({ url }) => window.location.assign(url)}
      answered={showSignIn}
    />
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
