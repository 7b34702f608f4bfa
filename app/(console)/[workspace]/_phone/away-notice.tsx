"use client";
import { Notice } from "#/app/_ui/notice.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { Button } from "#/app/_ui/button.tsx";

/** Says that the inbox is not what it is now but what it was, and what becomes of decisions meanwhile. */
export function AwayNotice({ seenAt }: { readonly seenAt: number }) {
  return (
    <Notice
      tone="warn"
      title="You are offline"
      actions={<Button onClick={() => window.location.reload()}>Try again</Button>}
    >
      {seenAt > 0 && (
        <>
          Read last <RelativeTime at={new Date(seenAt).toISOString()} />.{" "}
        </>
      )}
      What you decide is kept on this device and sent once, when the network is back.
    </Notice>
  );
}
