import type { ReactNode } from "react";
import { ConsoleFrame } from "../../[workspace]/console-frame.tsx";

interface PlainLayoutProps {
  readonly params: Promise<{ readonly workspace: string }>;
  readonly children: ReactNode;
}

/**
 * Around pages for browsers without scripts. They are those of the console, without its `loading.tsx`: what React streams behind that is put in its place by
 * scripts, and nothing but the skeleton would be seen.
 */
export default async function PlainLayout({ params, children }: PlainLayoutProps) {
  const { workspace } = await params;
  return (
    <ConsoleFrame named={workspace} isPlain>
      {children}
    </ConsoleFrame>
  );
}
