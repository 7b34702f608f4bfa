-- A search of runs uses the index of their words. Row-level security lets PostgreSQL look into an index
-- only by operators that it takes for leakproof, or by those that the policy itself is made of; @@ is not
-- leakproof, and nobody but a superuser may say otherwise. So the search is the policy: to this role,
-- run_words has the runs of its workspace that have the words in the setting app.words. It may read nothing
-- else, and change nothing.
do $$ begin
  create role app_search nologin;
exception when duplicate_object or unique_violation then null; end $$;
grant app_search to app_runtime;
grant usage on schema app, public to app_search;
grant select on run_words to app_search;

create function app.asked_words() returns tsquery language sql stable as $$ select null::tsquery $$;
-- "is true" keeps the planner from going through the workspace by the primary key: each word in the index
-- begins with its workspace, and how many rows that is, it does not know.
create policy search on run_words for select to app_search
  using ((workspace_id = (select app.workspace_id())) is true and words @@ (select app.asked_words()));
