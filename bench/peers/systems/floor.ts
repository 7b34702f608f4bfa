// The physical floor of one message a step: one HTTP hop to another process, which commits one statement. Nothing is decided, checked or retried.
import { fork } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import path from "node:path";
import { json } from "node:stream/consumers";
import { Client } from "pg";
import { offer, STEPS } from "../offer.ts";

const SCHEMA = `
  create table runs (id int primary key generated always as identity, step int not null default 0, state jsonb) with (fillfactor = 70);
  create table steps (run_id int, step int, state jsonb, primary key (run_id, step));`;

const connectionString = process.argv[2];
const owner = new Client({ connectionString });
await owner.connect();
const {
  rows: [known],
} = await owner.query("select to_regclass('runs') as runs");
if (known.runs === null) await owner.query(SCHEMA);

const worker = fork(path.join(import.meta.dirname, "floor-worker.ts"), [connectionString ?? ""]);
const [port] = await once(worker, "message");
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

function post(body: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { agent, port: Number(port), host: "127.0.0.1", method: "POST" },
      (response) => {
        json(response).then(response.statusCode === 200 ? resolve : reject, reject);
      },
    );
    request.once("error", reject);
    request.end(JSON.stringify(body));
  });
}

async function run(): Promise<void> {
  const {
    rows: [{ id }],
  } = await owner.query("insert into runs default values returning id");
  for (let step = 1; step <= STEPS; step += 1) await post({ id, step, state: { total: step } });
}

offer({ version: `Node ${process.versions.node}, pg`, run });
