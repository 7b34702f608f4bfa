"use client";
import { SunMoon } from "#/app/_ui/icons.tsx";
import { useTheme } from "next-themes";
import { Button } from "#/app/_ui/button.tsx";
import { THEMES } from "#/app/_ui/themes.ts";

const NAMES: Readonly<Record<(typeof THEMES)[number], string>> = {
  light: "Light",
  dark: "Dark",
  contrast: "High contrast",
};

/** Goes to the next theme. Until pressed, the system decides. */
export function ThemeSwitch() {
  const { resolvedTheme, setTheme } = useTheme();
  const now = THEMES.findIndex((theme) => theme === resolvedTheme);
  const next = THEMES[(now + 1) % THEMES.length] ?? "light";
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label="Switch theme"
      title={`Theme: ${NAMES[THEMES[Math.max(now, 0)] ?? "light"]}`}
      suppressHydrationWarning
      onClick={() => setTheme(next)}
    >
      <SunMoon aria-hidden />
    </Button>
  );
}
