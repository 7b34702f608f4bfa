import type { Metadata } from "next";
import Link from "next/link";
import { buttonLook } from "#/app/_ui/button.tsx";
import { Link as LinkIcon } from "#/app/_ui/icons.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { getLimits } from "#/operations/limits/get.ts";
import { listMembers } from "#/operations/members/list.ts";
import { allows } from "#/lib/auth/principal.ts";
import { limitPolicies } from "#/lib/cloud/limits.ts";
import { PlainTwin } from "../_form/plain-twin.tsx";
import { workspaceLimits } from "../_data/queries.ts";
import { answer, Prefetched } from "../prefetched.tsx";
import { currentVisit } from "../visit.ts";
import { NotificationsCard } from "./_notifications/notifications-card.tsx";
import { ApiKeyList } from "./_api-keys/api-key-list.tsx";
import { DeploymentCard } from "./deployment-card.tsx";
import { LimitsCard } from "./limits-card.tsx";
import { MemberList } from "./member-list.tsx";
import { SecretList } from "./secret-list.tsx";
import { StorageCard } from "./storage-card.tsx";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const { caller, person, workspaceName } = await currentVisit();
  const [members, limits] = await Promise.all([listMembers(caller), getLimits(caller)]);
  return (
    <>
      <PlainTwin page="settings" />
      <PageHeader
        title="Settings"
        description={`Members, keys, limits and storage of ${workspaceName}, and your own devices.`}
        actions={
          <Link href={`/${person.slug}/settings/connections`} className={buttonLook()}>
            <LinkIcon aria-hidden /> Connections
          </Link>
        }
      />
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-5">
          <ApiKeyList allowed={allows(person, "keys:write")} />
          <SecretList allowed={allows(person, "secrets:write")} />
          <StorageCard allowed={allows(person, "settings:write")} />
          <MemberList members={members} me={person.userId} />
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <NotificationsCard />
          <Prefetched answers={"refused" in limits ? [] : [answer(workspaceLimits(), limits)]}>
            <LimitsCard allowed={allows(person, "settings:write")} />
          </Prefetched>
          <DeploymentCard limits={limitPolicies} />
        </div>
      </div>
    </>
  );
}
