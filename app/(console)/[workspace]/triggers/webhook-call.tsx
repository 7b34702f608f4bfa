"use client";
import type { ReactNode } from "react";
import { CodeBlock } from "#/app/_ui/code-block.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { useWorkspace } from "../_shell/workspace-context.tsx";
import { writeCurl } from "../_webhook/signed-call.ts";
import { SampleCall } from "../_webhook/signed-call-snippet.tsx";

interface WebhookCallProps {
  readonly url: string;
  readonly secret: string;
  readonly workflowId: string;
}

/** Shows what a sender needs, each to copy: the address, the secret, and a command that works as it stands. */
export function WebhookCall({ url, secret, workflowId }: WebhookCallProps) {
  const { isPlain } = useWorkspace();
  return (
    <div className="flex flex-col gap-3.5">
      <Notice tone="info" title="Store the secret where only the sender can read it." />
      <Part name="URL">
        <CodeBlock code={url} what="address" />
      </Part>
      <Part name="Secret">
        <CodeBlock code={secret} what="secret" />
      </Part>
      <Part name="Try it">
        {isPlain ? (
          <PlainCall url={url} secret={secret} />
        ) : (
          <SampleCall url={url} secret={secret} workflowId={workflowId} />
        )}
      </Part>
    </div>
  );
}

/** Without scripts nobody knows the input of the workflow that was chosen. */
function PlainCall(address: Omit<WebhookCallProps, "workflowId">) {
  return (
    <>
      <p className="mb-1 text-xs text-muted-foreground">Put the workflow’s input in the place of {"{}"}.</p>
      <CodeBlock code={writeCurl({ ...address, body: {} })} what="shell commands" />
    </>
  );
}

function Part({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <h3 className="mb-1 text-[0.8125rem] font-medium">{name}</h3>
      {children}
    </div>
  );
}
