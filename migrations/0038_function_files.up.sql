-- From here on the files in db/functions say what the functions are (docs/decisions/2026-11-29-functions-in-files.md); migrations change tables only.
-- What was applied last: a file with another hash is applied anew.
create table app.function_files (
  path text primary key,
  signature text not null,
  hash text not null
);

-- The functions as the migrations before this one made them, for the way back: those change functions themselves.
create table app.functions_before as
select p.oid::regprocedure::text as signature, pg_get_functiondef(p.oid) as definition
from pg_proc p
where p.pronamespace in ('app'::regnamespace, 'storage'::regnamespace);
