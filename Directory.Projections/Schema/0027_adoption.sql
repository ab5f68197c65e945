-- Connections that asked to take over a local user or group and may not without an administrator. Not made from events: who asked is told
-- by the request log, what an administrator answered by the events of the user or group. A row goes when the taking over is done.

create table adoption_request (
    id            uuid        not null primary key default gen_random_uuid(),
    tenant_id     text        not null,
    resource_type text        not null,                   -- User, Group
    resource_id   uuid        not null,
    connection_id text        not null,
    connection    text        not null,                   -- its name
    reason        text        not null,                   -- as the connection was told
    answer        text        not null default 'pending', -- pending, consented, declined
    request_id    text        not null,                   -- of the newest request
    first_asked   timestamptz not null,
    last_asked    timestamptz not null,
    times         bigint      not null default 1,
    answered_at   timestamptz,
    answered_by   text,
    constraint adoption_request_once unique (tenant_id, resource_id, connection_id)
);

create index adoption_request_newest on adoption_request (tenant_id, answer, last_asked desc);
