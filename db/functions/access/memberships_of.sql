-- Lists the workspaces that a person is in, with the person's role: an access token names a person and no
-- workspace.
create or replace function app.memberships_of(p_user uuid)
returns jsonb
language plpgsql
as $$
begin
  perform set_config('role', 'app_system', true);
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'workspaceId', w.id, 'slug', w.slug, 'clerkOrgId', w.clerk_org_id, 'role', m.role
    ) order by w.slug), '[]')
    from members m
    join workspaces w on w.id = m.workspace_id
    where m.user_id = p_user
  );
end;
$$;
