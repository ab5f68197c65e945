-- Whoever created a user or group over SCIM manages it. Rows written before this was told are brought to what their events give.

update scim_user u set managed_by = e.headers ->> 'actor_id' from mt_events e
where u.managed_by is null and e.tenant_id = u.tenant_id and e.stream_id = u.id and e.version = 1 and e.headers ->> 'actor_kind' = 'scim';
update deleted_user u set managed_by = e.headers ->> 'actor_id' from mt_events e
where u.managed_by is null and e.tenant_id = u.tenant_id and e.stream_id = u.id and e.version = 1 and e.headers ->> 'actor_kind' = 'scim';
update scim_group g set managed_by = e.headers ->> 'actor_id' from mt_events e
where g.managed_by is null and e.tenant_id = g.tenant_id and e.stream_id = g.id and e.version = 1 and e.headers ->> 'actor_kind' = 'scim';
update deleted_group g set managed_by = e.headers ->> 'actor_id' from mt_events e
where g.managed_by is null and e.tenant_id = g.tenant_id and e.stream_id = g.id and e.version = 1 and e.headers ->> 'actor_kind' = 'scim';

-- What is left to be taken over, and what a connection manages.
create index scim_user_local on scim_user (tenant_id, id) where managed_by is null;
create index scim_group_local on scim_group (tenant_id, id) where managed_by is null;
