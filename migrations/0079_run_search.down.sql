drop policy search on run_words;
drop function app.asked_words();
revoke select on run_words from app_search;
revoke usage on schema app, public from app_search;
-- The role stays: other databases of the cluster may use it.
