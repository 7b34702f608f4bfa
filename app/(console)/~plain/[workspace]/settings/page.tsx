import { getNotifications } from "#/operations/notifications/get.ts";
import { getStorage } from "#/operations/storage/get.ts";
import { listWorkflows } from "#/operations/workflows/list.ts";
import { MOST, ownNotifications, storageUse, workflowList } from "../../../[workspace]/_data/queries.ts";
import { answer, Prefetched } from "../../../[workspace]/prefetched.tsx";
import SettingsPage, { metadata } from "../../../[workspace]/settings/page.tsx";
import { currentVisit } from "../../../[workspace]/visit.ts";

export { metadata };

/** The settings with all that scripts ask for: what is stored, the person's devices, and the workflows that a new key can be confined to. */
export default async function PlainSettingsPage() {
  const { caller } = await currentVisit();
  const [workflows, storage, notifications] = await Promise.all([
    listWorkflows(caller, { limit: MOST }),
    getStorage(caller),
    getNotifications(caller),
  ]);
  return (
    <Prefetched
      answers={[
        answer(workflowList(), workflows),
        answer(storageUse(), storage),
        answer(ownNotifications(), notifications),
      ]}
    >
      <SettingsPage />
    </Prefetched>
  );
}
