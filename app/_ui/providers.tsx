"use client";
import { QueryClientProvider } from "@tanstack/react-query";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";
import { Toaster } from "sonner";
import { browserQueryClient } from "#/app/_ui/query-client.ts";
import { THEMES } from "#/app/_ui/themes.ts";

/** Theme, server state and toasts for everything below. */
export function Providers({ children }: { readonly children: ReactNode }) {
  return (
    <ThemeProvider
      attribute="data-theme"
      themes={[...THEMES]}
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
    >
      <QueryClientProvider client={browserQueryClient()}>
        {children}
        <Toaster
          theme="system"
          position="bottom-right"
          mobileOffset={{ bottom: "4.5rem" }}
          toastOptions={{ className: "!bg-raised !text-ink !border-line-2 !shadow-high" }}
        />
      </QueryClientProvider>
    </ThemeProvider>
  );
}
