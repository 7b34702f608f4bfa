-- Returns the day on which a run's rows should go: time counts from its end, a failed run is kept longer, and
-- one under way is kept on.
create or replace function app.run_expires_on(
  p_status text,
  p_finished_at timestamptz,
  p_limits jsonb,
  p_kind text
)
returns date
language sql stable
as $$
select app.first_after(
  coalesce(p_finished_at, now()),
  case
    when p_status in ('failed', 'timed_out')
      then greatest(app.retention_days(p_limits, p_kind), app.retention_days(p_limits, 'failed'))
    else app.retention_days(p_limits, p_kind)
  end
);
$$;
