import { listWorkflows } from "#/operations/workflows/list.ts";
import { MOST, workflowList } from "../../../[workspace]/_data/queries.ts";
import { answer, Prefetched } from "../../../[workspace]/prefetched.tsx";
import SettingsPage, { metadata } from "../../../[workspace]/settings/page.tsx";
import { currentVisit } from "../../../[workspace]/visit.ts";

export { metadata };

/** The settings with the workflows that a new key can be confined to: with scripts they are searched for. */
export default async function PlainSettingsPage() {
  const { caller } = await currentVisit();
  const workflows = await listWorkflows(caller, { limit: MOST });
  return (
    <Prefetched answers={[answer(workflowList(), workflows)]}>
      <SettingsPage />
    </Prefetched>
  );
}
