import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { findApp, findInspectorOf } from "./app-processes.ts";
import { ProfileProblem } from "./problem.ts";
import { type Post, within } from "./record.ts";

/** The inspectors of processes that are at work. */
export interface Attached {
  /** One for each process of the app. */
  readonly posts: readonly Post[];
  /** Closes the inspectors, so that nobody else finds them open. */
  readonly detach: () => Promise<void>;
}

/** Opens the inspectors of the app that `npm start`, as a demonstration or in production, runs from this folder. */
export async function attachToApp(home: string): Promise<Attached> {
  const app = findApp(home);
  const log = path.join(home, "logs", "app.log");
  const from = existsSync(log) ? statSync(log).size : 0;
  for (const pid of app.pids) openInspector(pid);
  const connected = await Promise.all(
    app.pids.map(async (pid) =>
      connect(await (app.kind === "workers" ? findInspectorOf(pid) : findInspector(log, from))),
    ),
  );
  return {
    posts: connected.map(({ post }) => post),
    detach: async () => void (await Promise.all(connected.map(({ detach: leave }) => leave()))),
  };
}

function openInspector(pid: number): void {
  // Windows has no signals; Node has this in place of one.
  const open: unknown = Reflect.get(process, "_debugProcess");
  if (process.platform !== "win32") process.kill(pid, "SIGUSR1");
  else if (typeof open === "function") open.call(process, pid);
}

const LISTENING = /Debugger listening on (ws:\/\/\S+)/g;
const FOUND_WITHIN_TRIES = 100;

/** The app says in its log where its inspector listens; one that was open before says nothing anew. */
async function findInspector(log: string, from: number): Promise<string> {
  for (let tries = 0; tries < FOUND_WITHIN_TRIES; tries += 1) {
    await sleep(100);
    const text = existsSync(log)
      ? readFileSync(log)
          .subarray(tries < FOUND_WITHIN_TRIES / 2 ? from : 0)
          .toString()
      : "";
    const url = [...text.matchAll(LISTENING)].at(-1)?.[1];
    if (url !== undefined) return url;
  }
  throw new ProfileProblem(
    "The app did not open its inspector within 10 s. Is it stuck? See its log in .local/logs/app.log.",
  );
}

const Reply = v.object({
  id: v.optional(v.number(), 0),
  result: v.optional(v.unknown()),
  error: v.optional(v.object({ message: v.string() })),
});

interface Connected {
  readonly post: Post;
  readonly detach: () => Promise<void>;
}

async function connect(url: string): Promise<Connected> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  const opened = Promise.withResolvers<void>();
  socket.addEventListener("open", () => opened.resolve());
  socket.addEventListener("error", () =>
    opened.reject(
      new ProfileProblem("The app's inspector cannot be reached. Restart the app, and try again."),
    ),
  );
  socket.addEventListener("close", () => {
    for (const { reject } of waiting.values())
      reject(new ProfileProblem("The app ended while it was profiled."));
  });
  socket.addEventListener("message", ({ data }) => {
    const { id, result, error } = v.parse(Reply, JSON.parse(String(data)));
    if (error) waiting.get(id)?.reject(new Error(error.message));
    else waiting.get(id)?.resolve(result);
    waiting.delete(id);
  });
  await opened.promise;
  let sent = 0;
  const post: Post = (method, params = {}) => {
    sent += 1;
    const reply = Promise.withResolvers<unknown>();
    waiting.set(sent, reply);
    socket.send(JSON.stringify({ id: sent, method, params }));
    return reply.promise;
  };
  return { post, detach: () => detach(socket, post) };
}

const CLOSED_WITHIN_S = 5;

/** It closes with the connection that says so still open, and an app that is stuck does not answer: nobody waits for long. */
async function detach(socket: WebSocket, post: Post): Promise<void> {
  const expression = "setTimeout(() => process.getBuiltinModule('node:inspector').close(), 50); 0";
  await within(CLOSED_WITHIN_S, post("Runtime.evaluate", { expression }), "Closing").catch(() => undefined);
  socket.close();
}
