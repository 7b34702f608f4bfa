"use client";
import { CitationHome } from "#/app/_ui/citation.tsx";
import { createContext, type ReactNode, useContext } from "react";

/** The workspace at hand, as every part of the console may ask for it: its address and what the deployment has. */
export interface Workspace {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly role: "admin" | "member";
  /** The person who looks at it. */
  readonly personId: string;
  readonly model: string;
  /** Set when the model is not a real one. */
  readonly modelNote: string | null;
  /** The region that the deployment is named for. */
  readonly region: string | null;
  /** The build that made the page; null while developing. */
  readonly build: string | null;
  /** The page is for a browser without scripts: below `/~plain`, and not streamed. */
  readonly isPlain: boolean;
}

const Context = createContext<Workspace | undefined>(undefined);

interface WorkspaceProviderProps {
  readonly workspace: Workspace;
  readonly children: ReactNode;
}

export function WorkspaceProvider({ workspace, children }: WorkspaceProviderProps) {
  return (
    <Context value={workspace}>
      <CitationHome address={`/${workspace.slug}/knowledge/cited`}>{children}</CitationHome>
    </Context>
  );
}

/** The workspace of the address. @throws Error outside the console */
export function useWorkspace(): Workspace {
  const workspace = useContext(Context);
  if (!workspace) throw new Error("useWorkspace is for components below the [workspace] layout.");
  return workspace;
}

/** Makes addresses inside the workspace: `path("runs", id)`. */
export function useWorkspacePath(): (...parts: readonly string[]) => string {
  const { slug } = useWorkspace();
  return (...parts) => `/${[slug, ...parts].join("/")}`;
}

/** Makes the address of a page as a form is sent to it: the page's twin for browsers without scripts stays that. */
export function useFormPlace(place: string): string {
  const { slug, isPlain } = useWorkspace();
  return `${isPlain ? "/~plain" : ""}/${slug}/${place}`;
}
