"use client";
import { QueryClientProvider } from "@tanstack/react-query";
import { ThemeProvider } from "next-themes";
import { lazy, type ReactNode, Suspense } from "react";
import { browserQueryClient } from "#/app/_ui/query-client.ts";
import { SYSTEM_THEME, THEMES } from "#/app/_ui/themes.ts";
import { useSoonHydrated } from "#/app/_ui/use-hydrated.ts";

const Toasts = lazy(() => import("#/app/_ui/toasts.tsx").then((module) => ({ default: module.Toasts })));

/** Theme, server state and toasts for everything below. */
export function Providers({ children }: { readonly children: ReactNode }) {
  const hydrated = useSoonHydrated();
  return (
    <ThemeProvider
      attribute="data-theme"
      themes={[...THEMES]}
      defaultTheme={SYSTEM_THEME}
      enableSystem
      disableTransitionOnChange
    >
      <QueryClientProvider client={browserQueryClient()}>
        {children}
        {hydrated && (
          <Suspense fallback={null}>
            <Toasts />
          </Suspense>
        )}
      </QueryClientProvider>
    </ThemeProvider>
  );
}
