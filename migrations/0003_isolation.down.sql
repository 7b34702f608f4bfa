do $$
declare
  p record;
begin
  for p in select schemaname, tablename, policyname from pg_policies where schemaname = 'public' loop
    execute format('drop policy %I on %I', p.policyname, p.tablename);
    execute format('alter table %I no force row level security', p.tablename);
    execute format('alter table %I disable row level security', p.tablename);
  end loop;
end $$;
revoke all on all tables in schema public from app_tenant, app_system;
