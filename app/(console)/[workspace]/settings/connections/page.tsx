import type { Metadata } from "next";
import { allows } from "#/lib/auth/principal.ts";
import { listConnections } from "#/operations/connections/list.ts";
import { connectionList } from "../../_data/connections.ts";
import { answer, Prefetched } from "../../prefetched.tsx";
import { currentVisit } from "../../visit.ts";
import { ConnectionsView } from "./connections-view.tsx";

export const metadata: Metadata = { title: "Connections" };

export default async function ConnectionsPage() {
  const { caller, person } = await currentVisit();
  const connections = await listConnections(caller);
  return (
    <Prefetched answers={[answer(connectionList(), connections)]}>
      <ConnectionsView
        allowed={allows(person, "connections:write")}
        maySetPrices={allows(person, "settings:write")}
      />
    </Prefetched>
  );
}
