drop function app.commit_progress(uuid, jsonb);
