import type { Metadata } from "next";
import { OfflineInbox } from "./offline-inbox.tsx";

export const metadata: Metadata = { title: "Offline", robots: { index: false } };

/** The page in the place of every page that cannot be fetched: the service worker keeps it. It is the same for everybody. */
export default function OfflinePage() {
  return <OfflineInbox />;
}
