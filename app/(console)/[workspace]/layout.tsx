import type { ReactNode } from "react";
import { ConsoleFrame } from "./console-frame.tsx";

interface WorkspaceLayoutProps {
  readonly params: Promise<{ readonly workspace: string }>;
  readonly children: ReactNode;
}

export default async function WorkspaceLayout({ params, children }: WorkspaceLayoutProps) {
  const { workspace } = await params;
  return (
    <ConsoleFrame named={workspace} isPlain={false}>
      {children}
    </ConsoleFrame>
  );
}
