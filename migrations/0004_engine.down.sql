drop trigger delete_checkpoints on workspaces;
drop function app.delete_checkpoints();
drop function app.sweep_runs(integer, integer);
drop function app.journal_result(uuid, uuid, text, integer, jsonb);
drop function app.close_waits(uuid, uuid);
drop function app.commit_superstep(uuid, uuid, bigint, jsonb);
drop function app.newest_checkpoint(uuid, text);
drop function app.claim_run(uuid, uuid, text, integer, integer);
