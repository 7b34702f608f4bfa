import type { SignIn } from "#/agents/vocabulary/connection.ts";

/** A server that many know: its address, how one signs in, and what there is to click. */
export interface McpPreset {
  readonly label: string;
  readonly url: string;
  readonly signIn: SignIn;
  /** Asked for at the sign-in, separated by spaces; without it, what the server says. */
  readonly scopes?: string;
  /** The steps to take there, one a line. */
  readonly steps: readonly string[];
  /** Tools that most people want of it. */
  readonly tools?: readonly string[];
}

const FIGMA_TOOLS = ["get_design_context", "get_variable_defs", "get_screenshot"];

export const MCP_PRESETS: Readonly<Record<string, McpPreset>> = {
  figma: {
    label: "Figma",
    url: "https://mcp.figma.com/mcp",
    signIn: "oauth2-code",
    scopes: "mcp:connect",
    steps: [
      "Figma lets in only the clients of its catalogue. If the sign-in is refused, use a token that a listed client of yours was given, or the desktop app.",
      "A Dev or Full seat is needed for more than six calls a month.",
      "Give tools the file key and the node from a link to a frame: figma.com/design/FILE_KEY/…?node-id=1-2.",
    ],
    tools: FIGMA_TOOLS,
  },
  "figma-desktop": {
    label: "Figma desktop app",
    url: "http://127.0.0.1:3845/mcp",
    signIn: "none",
    steps: [
      "Only where Cairn runs on the same machine as the app.",
      "Open the file in the Figma desktop app, switch to Dev Mode, and turn on “Enable desktop MCP server” in the inspect panel.",
      "Add 127.0.0.1:3845 to HTTP_ALLOW_HOSTS; npm start has it there already.",
      "Tools work in the open file: give them the node from a link to a frame (node-id=1-2), or select the frame in the app.",
    ],
    tools: FIGMA_TOOLS,
  },
  github: {
    label: "GitHub",
    url: "https://api.githubcopilot.com/mcp/",
    signIn: "bearer",
    steps: [
      "Make a fine-grained personal access token under Settings → Developer settings → Personal access tokens.",
      "Give it the repositories that agents may see, and read access to contents, issues and pull requests; write access only where they shall write.",
      "Paste the token here.",
    ],
    tools: ["get_file_contents", "search_code", "list_issues", "issue_read", "pull_request_read"],
  },
  linear: {
    label: "Linear",
    url: "https://mcp.linear.app/mcp",
    signIn: "oauth2-code",
    steps: ["Choose “Connect”, then the workspace of Linear that agents shall see, and approve."],
    tools: ["list_issues", "get_issue", "create_issue", "create_comment"],
  },
  notion: {
    label: "Notion",
    url: "https://mcp.notion.com/mcp",
    signIn: "oauth2-code",
    steps: [
      "Choose “Connect”, then the workspace of Notion. Agents see what the person who connects can see.",
    ],
    tools: ["notion-search", "notion-fetch"],
  },
  slack: {
    label: "Slack",
    url: "https://mcp.slack.com/mcp",
    signIn: "oauth2-code",
    scopes: "search:read.public channels:history users:read",
    steps: [
      "Slack registers no clients by itself: at api.slack.com/apps choose “Create New App”, from scratch. It has to stay internal to your organization, or be in Slack’s directory.",
      "Under Agents & AI Apps turn on Model Context Protocol.",
      "Under OAuth & Permissions add the redirect address that is shown below, and the scopes below as User Token Scopes. To send messages, add chat:write to both.",
      "Paste the client ID and the client secret from Basic Information → App Credentials here, then choose “Connect”.",
    ],
  },
  sentry: {
    label: "Sentry",
    url: "https://mcp.sentry.dev/mcp",
    signIn: "oauth2-code",
    steps: ["Choose “Connect”, then the organization of Sentry, and approve reading issues and projects."],
    tools: ["search_issues", "get_issue_details"],
  },
};
