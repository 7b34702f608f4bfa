import { listPrices } from "#/operations/prices/list.ts";
import { priceList } from "../../../../[workspace]/_data/prices.ts";
import { answer, Prefetched } from "../../../../[workspace]/prefetched.tsx";
import ConnectionsPage, { metadata } from "../../../../[workspace]/settings/connections/page.tsx";
import { currentVisit } from "../../../../[workspace]/visit.ts";

export { metadata };

/** The connections with the prices, which scripts ask for. */
export default async function PlainConnectionsPage() {
  const { caller } = await currentVisit();
  return (
    <Prefetched answers={[answer(priceList(), await listPrices(caller))]}>
      <ConnectionsPage />
    </Prefetched>
  );
}
