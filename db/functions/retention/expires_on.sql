-- Returns the day on which something goes that is stored now in the workspace at hand.
create or replace function app.expires_on(p_kind text)
returns date
language plpgsql stable
as $$
begin
  return app.first_after(
    now(), app.retention_days((select w.limits from workspaces w where w.id = app.workspace_id()), p_kind)
  );
end;
$$;
