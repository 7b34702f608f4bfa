/** The themes in the order in which the switch goes through them. */
export const THEMES = ["light", "dark", "contrast"] as const;

/** The name under which the system decides. */
export const SYSTEM_THEME = "system";

export const THEME_NAMES: Readonly<Record<(typeof THEMES)[number] | typeof SYSTEM_THEME, string>> = {
  light: "Light",
  dark: "Dark",
  contrast: "High contrast",
  system: "As the system",
};
