-- Takes a browser from whoever has had it before, in every workspace: its messages are for the person who has
-- subscribed it last.
create or replace function app.hand_over_browser(p_endpoint text, p_user uuid)
returns void
language plpgsql
as $$
begin
  perform set_config('role', 'app_system', true);
  delete from push_subscriptions p where p.endpoint = p_endpoint and p.user_id <> p_user;
end;
$$;
