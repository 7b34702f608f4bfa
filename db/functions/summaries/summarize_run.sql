-- Returns the one line that says what became of a run: its error, else its answer, else what it was asked.
create or replace function app.summarize_run(p_status text, p_input jsonb, p_output jsonb, p_error jsonb)
returns text
language sql immutable
as $$
select coalesce(
  case when p_status <> 'succeeded' then app.say_value(p_error -> 'message', 1) end,
  app.say_value(p_output, 4),
  app.say_value(p_input, 4)
);
$$;
