"use client";
import { useWorkspace } from "../_shell/workspace-context.tsx";

/** Leads browsers without scripts to the twin of this page that needs none. @param page its path in the workspace, such as `settings` */
export function PlainTwin({ page }: { readonly page: string }) {
  const { slug, isPlain } = useWorkspace();
  if (isPlain) return null;
  return (
    <noscript>
      <meta httpEquiv="refresh" content={`0;url=/~plain/${slug}/${page}`} />
    </noscript>
  );
}
