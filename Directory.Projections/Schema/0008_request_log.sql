-- Requests as such, apart from the audit: not made from events, purged by age. See docs/audit-api.md.

create table request_log (
    id            bigint      generated always as identity primary key,
    tenant_id     text        not null,
    time          timestamptz not null,                -- when it was received
    duration_us   bigint      not null,                -- until it was answered, after the commit
    method        text        not null,
    path          text        not null,
    route         text,                                -- the path with {id} for ids; null: no such endpoint
    status        integer     not null,
    scim_type     text,
    detail        text,
    connection_id text,
    connection    text,
    token_id      text,
    token_prefix  text,
    source        text,
    user_agent    text,
    request_id    text        not null,
    trace_id      text,
    times         bigint      not null                 -- more than 1: so many alike within a minute, told by the first
);

create index request_log_time on request_log (tenant_id, time desc, id desc);
create index request_log_failure on request_log (tenant_id, time desc, id desc) where status >= 400;
create index request_log_request on request_log (tenant_id, request_id);
create index request_log_age on request_log using brin (time);

-- Who read, searched or exported the audit, and who administered.
create table access_log (
    id           bigint      generated always as identity primary key,
    tenant_id    text        not null,
    time         timestamptz not null,
    actor_kind   text        not null,                 -- auditor, admin
    actor_id     text,
    actor_name   text        not null,
    token_prefix text,
    method       text        not null,
    path         text        not null,
    filter       text,                                 -- the query string
    format       text,                                 -- the media type of the answer
    status       integer     not null,
    count        bigint,                               -- entries or rows handed out
    source       text,
    user_agent   text,
    request_id   text        not null
);

create index access_log_time on access_log (tenant_id, time desc, id desc);
