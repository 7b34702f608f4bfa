"use client";
import { Button } from "#/app/_ui/button.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { Inbox } from "#/app/_ui/icons.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { SampleSection } from "./sample.tsx";

const unreachable = new Error("The server could not be reached.");

/** What a page says when it is empty, loading or broken. */
export function MessagesSection() {
  return (
    <SampleSection id="messages" title="Messages">
      <PageHeader
        title="Approvals"
        description="Questions that wait for a person."
        actions={<Button variant="primary">Invite</Button>}
      />
      <Notice tone="info" title="This draft has changed since the try">
        Try it again to see what it does now.
      </Notice>
      <Notice tone="warn" title="12 runs wait for this connection" actions={<Button>Connect again</Button>}>
        Its token was revoked at the provider.
      </Notice>
      <Notice tone="bad" title="Publishing was refused">
        The step “send” needs an address: write one in its field “to”.
      </Notice>
      <div className="grid gap-4 md:grid-cols-3">
        <Card>
          <CardHeader title="Empty" />
          <EmptyState icon={Inbox} title="Nothing waits for you" actions={<Button>Open runs</Button>}>
            Questions of your runs appear here.
          </EmptyState>
        </Card>
        <Card>
          <CardHeader title="Loading" description="Rows keep their place." />
          <SkeletonRows rows={5} />
        </Card>
        <Card>
          <CardHeader title="Broken" actions={<Button>Help</Button>} />
          <LoadProblem what="approvals" error={unreachable} onRetry={() => undefined} />
        </Card>
      </div>
    </SampleSection>
  );
}
