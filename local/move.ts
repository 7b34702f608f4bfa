// npm run move -- <workspace> --from <folder or env file> --to <folder or env file>: one workspace to another deployment.
import { parseArgs } from "node:util";
import { abandonMove, deleteLeftovers, moveWorkspace, type MoveWishes } from "#/local/move/move-workspace.ts";
import { openPlace } from "#/local/move/open-place.ts";

const USAGE = `npm run move -- <workspace> --from <deployment> --to <deployment> [--delete | --abandon] [--patience <seconds>] [--without-people]
  <workspace>   its id, slug or organization
  <deployment>  the folder of one on this machine (its CAIRN_HOME), or a file with its variables
  --delete      when it has moved: delete the source's copy
  --abandon     before the switch: delete the target's copy, and let the source work on
  --without-people  although people sign in with another instance of the identity provider there: API keys, webhooks and schedules go on
  --patience    how long steps under way may take to end, 60 by default`;

const LINKS = (from: string, to: string) => `What has another address now:
  the app and the API    ${to} in place of ${from}; API keys, ids and paths are the same
  webhooks               ${to}/api/hooks/…; the old addresses answer 410 with the new one
  MCP                    ${to}/api/mcp
  approval links         those in mails that were sent before are over: open the inbox at ${to}
  connections            a sign-in that has to be repeated comes back to ${to}: allow its callback where apps are registered by hand
  devices                people turn notifications on again`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      from: { type: "string" },
      to: { type: "string" },
      delete: { type: "boolean", default: false },
      abandon: { type: "boolean", default: false },
      patience: { type: "string", default: "60" },
      "without-people": { type: "boolean", default: false },
    },
  });
  const [workspace, ...others] = positionals;
  const patienceMs = Number(values.patience) * 1_000;
  const isClear = others.length === 0 && patienceMs >= 0 && !(values.delete && values.abandon);
  if (!workspace || !values.from || !values.to || !isClear) throw new Error(USAGE);
  const from = await openPlace(values.from);
  try {
    const to = await openPlace(values.to);
    try {
      await act(
        {
          from,
          to,
          workspace,
          patienceMs,
          withoutPeople: values["without-people"],
          reached: (_step, text) => console.log(`cairn  ${text}`),
        },
        values,
      );
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

async function act(
  wishes: MoveWishes,
  asked: { readonly delete: boolean; readonly abandon: boolean },
): Promise<void> {
  if (asked.abandon) {
    await abandonMove(wishes);
    console.log("cairn  the move is given up; the source works on");
    return;
  }
  await moveWorkspace(wishes);
  console.log(LINKS(wishes.from.url, wishes.to.url));
  if (asked.delete) await deleteLeftovers(wishes);
  else
    console.log(
      "cairn  the source still has its copy: give the command again with --delete when all is well",
    );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
