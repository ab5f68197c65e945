-- The audit: one row for each event, written in the event's own transaction. See docs/audit.md.

create table audit_entry (
    id             uuid        not null primary key,   -- of the event
    seq            bigint      not null,               -- global order
    tenant_id      text        not null,
    stream_type    text        not null,               -- user, group, provisioning
    stream_id      uuid        not null,
    stream_version bigint      not null,
    event_type     text        not null,
    action         text        not null,
    time           timestamptz not null,
    actor_kind     text        not null,               -- scim, admin, system
    actor_id       text,
    actor_name     text        not null,
    token_id       text,
    request_id     text,
    target_name    text        not null,               -- userName or displayName as it was then
    external_id    text,
    changes        jsonb       not null,
    members        jsonb,
    no_op          boolean     not null,
    sentence       text        not null,
    detail         jsonb       not null                -- request, source, what was sent
);

create unique index audit_entry_seq on audit_entry (tenant_id, seq desc);
create index audit_entry_target on audit_entry (tenant_id, stream_id, seq desc);
