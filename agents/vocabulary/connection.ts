export const CONNECTION_KINDS = [
  "openai",
  "anthropic",
  "google",
  "gateway",
  "openai-compatible",
  "mcp",
  "http",
  "smtp",
  "slack",
  "github",
  "figma",
] as const;
export type ConnectionKind = (typeof CONNECTION_KINDS)[number];

/** The kinds whose connections serve models. */
const MODEL_KINDS = [
  "openai",
  "anthropic",
  "google",
  "gateway",
  "openai-compatible",
] as const satisfies readonly ConnectionKind[];
export type ModelKind = (typeof MODEL_KINDS)[number];

export const servesModels = (kind: ConnectionKind): kind is ModelKind =>
  MODEL_KINDS.some((known) => known === kind);

/** Ways in which a server is told who calls. */
export const SIGN_INS = ["none", "bearer", "basic", "header", "oauth2-client", "oauth2-code"] as const;
export type SignIn = (typeof SIGN_INS)[number];

/** One thing that a connection asks for. */
export interface ConnectionField {
  readonly label: string;
  readonly hint?: string;
  /** Sealed, and never shown again. */
  readonly isSecret?: true;
  readonly isRequired?: true;
  readonly form?: "url" | "host" | "port";
  readonly choices?: readonly string[];
  /** Stands where nothing was given. */
  readonly default?: string;
  /** Asked for by these ways of signing in only. */
  readonly signIns?: readonly SignIn[];
}

export interface ConnectionKindInfo {
  readonly label: string;
  readonly purpose: "models" | "tools" | "requests" | "mail";
  /** The ways of signing in that the kind knows, its usual one first. */
  readonly signIns: readonly SignIn[];
  readonly fields: Readonly<Record<string, ConnectionField>>;
}

const apiKey: ConnectionField = { label: "API key", isSecret: true, isRequired: true };
const model: ConnectionField = {
  label: "Usual model",
  hint: "Used where a step names the connection and no model.",
};
const address = (url: string): ConnectionField => ({ label: "Address", form: "url", default: url });
const token: ConnectionField = { label: "Token", isSecret: true, isRequired: true, signIns: ["bearer"] };

/** The fields of OAuth with a client of one's own. */
const OAUTH_FIELDS = {
  clientId: { label: "Client ID", isRequired: true, signIns: ["oauth2-client", "oauth2-code"] },
  clientSecret: {
    label: "Client secret",
    isSecret: true,
    isRequired: true,
    signIns: ["oauth2-client", "oauth2-code"],
  },
  authorizationUrl: {
    label: "Sign-in address",
    form: "url",
    isRequired: true,
    hint: "Where a person lets us in, such as https://accounts.example.com/oauth2/authorize.",
    signIns: ["oauth2-code"],
  },
  tokenUrl: {
    label: "Token address",
    form: "url",
    isRequired: true,
    signIns: ["oauth2-client", "oauth2-code"],
  },
  scopes: { label: "Scopes", hint: "Separated by spaces.", signIns: ["oauth2-client", "oauth2-code"] },
} as const satisfies Readonly<Record<string, ConnectionField>>;

/** Each kind of connection and what it asks for: forms, checks and documents are made from this table. */
export const CONNECTION_KIND_INFO: Readonly<Record<ConnectionKind, ConnectionKindInfo>> = {
  openai: {
    label: "OpenAI",
    purpose: "models",
    signIns: ["bearer"],
    fields: { apiKey, url: address("https://api.openai.com/v1"), model },
  },
  anthropic: {
    label: "Anthropic",
    purpose: "models",
    signIns: ["header"],
    fields: { apiKey, url: address("https://api.anthropic.com/v1"), model },
  },
  google: {
    label: "Google Gemini",
    purpose: "models",
    signIns: ["header"],
    fields: { apiKey, url: address("https://generativelanguage.googleapis.com/v1beta"), model },
  },
  gateway: {
    label: "Vercel AI Gateway",
    purpose: "models",
    signIns: ["bearer"],
    fields: { apiKey, url: address("https://ai-gateway.vercel.sh/v4/ai"), model },
  },
  "openai-compatible": {
    label: "OpenAI-compatible",
    purpose: "models",
    signIns: ["bearer"],
    fields: {
      url: {
        label: "Address",
        form: "url",
        isRequired: true,
        hint: "Up to and with /v1, such as http://localhost:11434/v1. For Azure: https://NAME.openai.azure.com/openai/v1.",
      },
      apiKey: { label: "API key", isSecret: true, hint: "Leave empty for a server that asks for none." },
      keyHeader: {
        label: "Header of the key",
        hint: "Only where it is not “Authorization: Bearer”, such as api-key.",
      },
      model,
    },
  },
  mcp: {
    label: "MCP server",
    purpose: "tools",
    signIns: ["none", "bearer", "oauth2-code"],
    fields: {
      url: { label: "Address", form: "url", isRequired: true },
      token,
      clientId: {
        label: "Client ID",
        hint: "Only for servers that register no clients by themselves.",
        signIns: ["oauth2-code"],
      },
      clientSecret: { label: "Client secret", isSecret: true, signIns: ["oauth2-code"] },
      scopes: {
        label: "Scopes",
        hint: "Separated by spaces; without any, what the server says.",
        signIns: ["oauth2-code"],
      },
    },
  },
  http: {
    label: "HTTP",
    purpose: "requests",
    signIns: ["bearer", "basic", "header", "oauth2-client", "oauth2-code", "none"],
    fields: {
      url: { label: "Address", form: "url", isRequired: true },
      token,
      username: { label: "User name", isRequired: true, signIns: ["basic"] },
      password: { label: "Password", isSecret: true, signIns: ["basic"] },
      headerName: { label: "Header", isRequired: true, signIns: ["header"], default: "X-API-Key" },
      headerValue: { label: "Value of the header", isSecret: true, isRequired: true, signIns: ["header"] },
      ...OAUTH_FIELDS,
    },
  },
  smtp: {
    label: "Mail (SMTP)",
    purpose: "mail",
    signIns: ["basic"],
    fields: {
      host: { label: "Server", form: "host", isRequired: true },
      port: { label: "Port", form: "port", default: "587" },
      security: {
        label: "Encryption",
        hint: "“none” sends mails and the password unencrypted: for a server of your own network only.",
        choices: ["starttls", "tls", "none"],
        default: "starttls",
      },
      username: { label: "User name" },
      password: { label: "Password", isSecret: true },
      from: { label: "From", isRequired: true, hint: "The address that mails come from." },
    },
  },
  slack: {
    label: "Slack",
    purpose: "tools",
    signIns: ["bearer"],
    fields: {
      token: { ...token, label: "Bot token", hint: "Begins with xoxb-." },
      url: address("https://slack.com/api"),
    },
  },
  github: {
    label: "GitHub",
    purpose: "tools",
    signIns: ["bearer"],
    fields: { token, url: address("https://api.github.com") },
  },
  figma: {
    label: "Figma",
    purpose: "tools",
    signIns: ["header"],
    fields: {
      token: { label: "Personal access token", isSecret: true, isRequired: true },
      url: address("https://api.figma.com"),
    },
  },
};

/** Letters in lower case and digits, parted by single `-` and `_`: tools of a connection are called `name__tool`. */
export const CONNECTION_NAME = /^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/;
export const LONGEST_CONNECTION_NAME = 32;
