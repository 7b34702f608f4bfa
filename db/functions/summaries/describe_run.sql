-- Trigger of agent_sessions: keeps the line that tells of a run, of its input from the start, of its output
-- or its error from its end.
create or replace function app.describe_run()
returns trigger
language plpgsql
as $$
begin
  -- A workspace that comes from another deployment brings it along.
  if current_setting('app.importing', true) = 'on' then
    return new;
  end if;
  if tg_op = 'INSERT' or new.finished_at is not null or new.error is not null then
    new.summary := app.summarize_run(new.status, new.input, new.output, new.error);
  end if;
  return new;
end;
$$;
