"use client";
import { CodeBlock } from "#/app/_ui/code-block.tsx";
import { makeSample } from "#/app/_ui/schema-fields.ts";
import { Tabs } from "#/app/_ui/tabs.tsx";
import { useWorkflow } from "../_data/workflows.ts";
import { RevealWebhook } from "./reveal-webhook.tsx";
import { writeCurl, writeNodeProgram } from "./signed-call.ts";

interface SignedCallSnippetProps {
  readonly webhookId: string;
  readonly workflowId: string;
  /** Sent instead of a sample made from the workflow's schema. */
  readonly body?: unknown;
}

/** A command that calls the webhook and works as it stands. The secret in it is shown when asked for. */
export function SignedCallSnippet({ webhookId, workflowId, body }: SignedCallSnippetProps) {
  const { data: workflow } = useWorkflow(workflowId);
  return (
    <RevealWebhook webhookId={webhookId} label="Show command and secret">
      {({ url, secret }) => (
        <SignedCallTabs url={url} secret={secret} body={body ?? makeSample(workflow?.inputSchema ?? null)} />
      )}
    </RevealWebhook>
  );
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
        { value: "curl", label: "curl", content: <CodeBlock what="shell commands" code={writeCurl(call)} /> },
        {
          value: "node",
          label: "Node",
          content: <CodeBlock what="Node program" code={writeNodeProgram(call)} />,
        },
      ]}
    />
  );
}
