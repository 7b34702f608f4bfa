import type { ReactNode } from "react";
import { Document } from "#/app/_ui/document.tsx";

export { metadata, viewport } from "#/app/_ui/document.tsx";

/** Of pages of a workspace. A way from these to the others loads the page anew, with the scripts that it needs. */
export default function Layout({ children }: { readonly children: ReactNode }) {
  return <Document hasIdentityForms={false}>{children}</Document>;
}
