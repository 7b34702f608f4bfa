"use client";
import { SunMoon } from "#/app/_ui/icons.tsx";
import { useTheme } from "next-themes";
import { Button } from "#/app/_ui/button.tsx";
import { THEME_NAMES, THEMES } from "#/app/_ui/themes.ts";

/** Goes to the next theme. Until pressed, the system decides. */
export function ThemeSwitch() {
  const { resolvedTheme, setTheme } = useTheme();
  const now = THEMES.findIndex((theme) => theme === resolvedTheme);
  const next = THEMES[(now + 1) % THEMES.length] ?? "light";
  return (
    <Button
      variant="ghost"
      size="icon"
      className="noscript:hidden"
      aria-label="Switch theme"
      title={`Theme: ${THEME_NAMES[THEMES[Math.max(now, 0)] ?? "light"]}`}
      suppressHydrationWarning
      onClick={() => setTheme(next)}
    >
      <SunMoon aria-hidden />
    </Button>
  );
}
