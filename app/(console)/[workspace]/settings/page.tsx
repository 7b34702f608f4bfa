import type { Metadata } from "next";
import Link from "next/link";
import { buttonLook } from "#/app/_ui/button.tsx";
import { Link as LinkIcon } from "#/app/_ui/icons.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { listApiKeys } from "#/operations/api-keys/list.ts";
import { getLimits } from "#/operations/limits/get.ts";
import { listMembers } from "#/operations/members/list.ts";
import { listSecrets } from "#/operations/secrets/list.ts";
import { allows } from "#/lib/auth/principal.ts";
import { limitPolicies } from "#/lib/cloud/limits.ts";
import { PlainTwin } from "../_form/plain-twin.tsx";
import { apiKeyList, MOST, secretList, workspaceLimits } from "../_data/queries.ts";
import { answer, type Answered, Prefetched } from "../prefetched.tsx";
import { currentVisit, type Visit } from "../visit.ts";
import { NotificationsCard } from "./_notifications/notifications-card.tsx";
import { ApiKeyList } from "./_api-keys/api-key-list.tsx";
import { DeploymentCard } from "./deployment-card.tsx";
import { LimitsCard } from "./limits-card.tsx";
import { MemberList } from "./member-list.tsx";
import { SecretList } from "./_secrets/secret-list.tsx";
import { StorageCard } from "./storage-card.tsx";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const visit = await currentVisit();
  const { caller, person, workspaceName } = visit;
  const [members, limits, own] = await Promise.all([
    listMembers(caller),
    getLimits(caller),
    answerForAdmins(visit),
  ]);
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
      {/* What the browser asks for stands last in its column: it pushes nothing down when it comes. */}
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-5">
          <Prefetched answers={own}>
            <ApiKeyList allowed={allows(person, "keys:write")} />
            <SecretList allowed={allows(person, "secrets:write")} />
          </Prefetched>
          <MemberList members={members} me={person.userId} />
          <StorageCard allowed={allows(person, "settings:write")} />
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <Prefetched answers={"refused" in limits ? [] : [answer(workspaceLimits(), limits)]}>
            <LimitsCard allowed={allows(person, "settings:write")} />
          </Prefetched>
          <DeploymentCard limits={limitPolicies} />
          <NotificationsCard />
        </div>
      </div>
    </>
  );
}

/** Keys and secrets, which stand first and would push down what is below them. */
async function answerForAdmins({ caller, person }: Visit): Promise<readonly Answered[]> {
  const [keys, secrets] = await Promise.all([
    allows(person, "keys:write") ? listApiKeys(caller, { limit: MOST }) : undefined,
    allows(person, "secrets:write") ? listSecrets(caller) : undefined,
  ]);
  return [...(keys ? [answer(apiKeyList(), keys)] : []), ...(secrets ? [answer(secretList(), secrets)] : [])];
}
