import Link from "next/link";
import { Badge } from "#/app/_ui/badge.tsx";
import { buttonLook } from "#/app/_ui/button.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import type { Member } from "#/operations/members/list.ts";

interface MemberListProps {
  readonly members: readonly Member[];
  /** The reader's own id. */
  readonly me: string;
}

export function MemberList({ members, me }: MemberListProps) {
  return (
    <Card id="members" aria-label="Members">
      <CardHeader
        title="Members"
        description="Who may come in, and with which role."
        actions={
          <Link href="/~people" prefetch={false} className={buttonLook({})}>
            Invite and manage
          </Link>
        }
      />
      <ul className="divide-y divide-border">
        {members.map(({ id, name, email, role }) => (
          <li key={id} className="flex items-center gap-3 px-4 py-2.5">
            <span
              aria-hidden
              className="grid size-8 shrink-0 place-items-center rounded-full bg-primary/12 text-xs font-semibold text-primary"
            >
              {(name ?? email ?? "?").charAt(0).toUpperCase()}
            </span>
            <div className="min-w-0 flex-1">
              <p className="truncate font-medium">
                {name ?? email ?? "Unnamed member"}
                {id === me && <span className="font-normal text-muted-foreground"> (you)</span>}
              </p>
              {name && email && <p className="truncate text-xs text-muted-foreground">{email}</p>}
            </div>
            <Badge>{role === "admin" ? "Admin" : "Member"}</Badge>
          </li>
        ))}
      </ul>
    </Card>
  );
}
