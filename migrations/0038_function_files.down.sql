-- The functions become what the migrations before this one left.
set local check_function_bodies = off;
do $$
declare
  f record;
begin
  for f in
    select p.oid::regprocedure as signature
    from pg_proc p
    where p.pronamespace in ('app'::regnamespace, 'storage'::regnamespace)
      and not exists (select from app.functions_before b where to_regprocedure(b.signature) = p.oid)
  loop
    execute format('drop function %s', f.signature);
  end loop;
  for f in select b.signature, b.definition from app.functions_before b loop
    begin
      execute f.definition;
    exception when invalid_function_definition then
      execute format('drop function %s', f.signature);
      execute f.definition;
    end;
  end loop;
end $$;
grant execute on all functions in schema app to app_runtime, app_tenant, app_system;
revoke execute on all functions in schema storage from public;
grant execute on function storage.is_due(), storage.maintain(), storage.done() to app_system;
drop table app.functions_before, app.function_files;
set local check_function_bodies = on;
