"use client";
import { CodeBlock } from "#/app/_ui/code-block.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { makeSample } from "#/app/_ui/schema-fields.ts";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { Tabs } from "#/app/_ui/tabs.tsx";
import { useWorkflow } from "../_data/workflows.ts";
import { RevealWebhook } from "./reveal-webhook.tsx";
import { writeCurl, writeNodeProgram } from "./signed-call.ts";

interface SignedCallSnippetProps {
  readonly webhookId: string;
  readonly workflowId: string;
}

/** A command that calls the webhook and works as it stands. The secret in it is shown when asked for. */
export function SignedCallSnippet({ webhookId, workflowId }: SignedCallSnippetProps) {
  return (
    <RevealWebhook webhookId={webhookId} label="Show command and secret">
      {({ url, secret }) => <SampleCall url={url} secret={secret} workflowId={workflowId} />}
    </RevealWebhook>
  );
}

interface SampleCallProps {
  readonly url: string;
  readonly secret: string;
  readonly workflowId: string;
}

/** The call with an input that the workflow takes; until that is known there is none, for it would be refused. */
export function SampleCall({ url, secret, workflowId }: SampleCallProps) {
  const { data: workflow, error, refetch } = useWorkflow(workflowId);
  if (workflow) return <SignedCallTabs url={url} secret={secret} body={makeSample(workflow.inputSchema)} />;
  if (error) return <LoadProblem what="the workflow’s input" error={error} onRetry={() => void refetch()} />;
  return <SkeletonRows rows={4} />;
}

interface SignedCallTabsProps {
  readonly url: string;
  readonly secret: string;
  readonly body: unknown;
}

/** The call as shell commands and as a Node program. */
function SignedCallTabs(call: SignedCallTabsProps) {
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
