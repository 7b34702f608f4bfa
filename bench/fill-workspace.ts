import { Client } from "pg";

export interface Filling {
  readonly ownerUrl: string;
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly runs: number;
  readonly linesPerRun: number;
}

/** Runs a batch: few enough that the server's memory and a partition's index keep up. */
const BATCH = 10_000;

/** Stores finished runs of a workflow with their logs, spread over the last 30 days, as a workspace that has been used for a while has them. */
export async function fillWorkspace({ ownerUrl, ...filling }: Filling): Promise<void> {
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    for (let stored = 0; stored < filling.runs; stored += BATCH) await storeBatch(owner, filling, stored);
    await owner.query("vacuum analyze agent_sessions, agent_logs, run_words");
  } finally {
    await owner.end();
  }
}

async function storeBatch(owner: Client, filling: Omit<Filling, "ownerUrl">, stored: number): Promise<void> {
  const { workspaceId, workflowId, runs, linesPerRun } = filling;
  await owner.query(
    `with made as (
       insert into agent_sessions (workspace_id, id, workflow_id, workflow_version_id, version, agent_type, status, created_at, started_at,
         finished_at, input, output, error, log_seq)
       select $1, gen_random_uuid(), $2, v.id, v.version, 'graph', case when n % 20 = 0 then 'failed' else 'succeeded' end,
         at, at, at + interval '4 seconds', jsonb_build_object('question', 'How long are backups of customer ' || n || ' kept?'),
         case when n % 20 > 0 then jsonb_build_object('answer', 'Thirty days, ticket ' || n) end,
         case when n % 20 = 0 then '{"code": "http-status", "message": "The server answered 503."}'::jsonb end, $5
       from workflow_versions v, generate_series($3::int, $4::int - 1) n,
         lateral (select now() - n * interval '26 seconds' as at) as moment
       where v.workspace_id = $1 and v.workflow_id = $2
       returning id, created_at)
     insert into agent_logs (workspace_id, id, session_id, step, kind, status, task_id, seq, started_at, timestamp, duration_ms, input, output)
     select $1, gen_random_uuid(), m.id, 'step-' || line, 'step', 'succeeded', m.id || ':' || line, line, m.created_at, m.created_at, 40,
       '{"asked": "something of usual length"}', '{"answer": "something of usual length"}'
     from made m, generate_series(1, $5::int) line`,
    [workspaceId, workflowId, stored, Math.min(runs, stored + BATCH), linesPerRun],
  );
}
