"use client";
import { KeyRound } from "lucide-react";
import { messageOf } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { CodeBlock } from "#/app/_ui/code-block.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { sampleOf } from "#/app/_ui/schema-fields.ts";
import { Tabs } from "#/app/_ui/tabs.tsx";
import { useRevealWebhook } from "../_data/webhooks.ts";
import { useWorkflow } from "../_data/workflows.ts";
import { curlOf, nodeOf } from "./signed-call.ts";

interface SignedCallSnippetProps {
  readonly webhookId: string;
  readonly workflowId: string;
  /** Sent instead of a sample made from the workflow's schema. */
  readonly body?: unknown;
}

/** A command that calls the webhook and works as it stands. The secret in it is shown when asked for. */
export function SignedCallSnippet({ webhookId, workflowId, body }: SignedCallSnippetProps) {
  const reveal = useRevealWebhook();
  const { data: workflow } = useWorkflow(workflowId);
  if (!reveal.data) {
    return (
      <>
        <Button pending={reveal.isPending} onClick={() => reveal.mutate(webhookId)}>
          <KeyRound aria-hidden /> Show the command with its secret
        </Button>
        {reveal.error && <Notice tone="bad" title="The secret could not be shown" className="mt-2">{messageOf(reveal.error)}</Notice>}
      </>
    );
  }
  return <SignedCallTabs url={reveal.data.url} secret={reveal.data.secret} body={body ?? sampleOf(workflow?.inputSchema ?? null)} />;
}

interface SignedCallTabsProps {
  readonly url: string;
  readonly secret: string;
  readonly body: unknown;
}

/** The call as shell commands and as a Node program. */
export function SignedCallTabs(call: SignedCallTabsProps) {
  return (
    <Tabs
      label="Ways to call the webhook"
      tabs={[
        { value: "curl", label: "curl", content: <CodeBlock what="shell commands" code={curlOf(call)} /> },
        { value: "node", label: "Node", content: <CodeBlock what="Node program" code={nodeOf(call)} /> },
      ]}
    />
  );
}
