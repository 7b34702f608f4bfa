/** The identity provider's components in our colours. CSS variables, so that they follow the theme. */
export const IDENTITY_APPEARANCE = {
  variables: {
    colorPrimary: "var(--identity-accent)",
    colorPrimaryForeground: "var(--on-accent)",
    colorBackground: "var(--raised)",
    colorForeground: "var(--ink)",
    colorMuted: "var(--well)",
    colorMutedForeground: "var(--ink-3)",
    colorNeutral: "var(--ink)",
    colorInput: "var(--raised)",
    colorInputForeground: "var(--ink)",
    colorBorder: "var(--field)",
    colorRing: "var(--identity-accent)",
    colorDanger: "var(--fail-text)",
    colorSuccess: "var(--ok)",
    colorWarning: "var(--wait-text)",
    fontFamily: "inherit",
    borderRadius: "0.5rem",
  },
} as const;
