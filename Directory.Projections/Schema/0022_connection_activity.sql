-- How connections and tokens are used: not made from events, and written behind the requests. See docs/administration.md.

create table connection_activity (
    tenant_id           text        not null,
    connection_id       uuid        not null,
    last_request_at     timestamptz,
    last_request_status integer,
    last_request_from   text,
    last_test_at        timestamptz,                   -- when an identity provider last tried the connection out
    last_test_status    integer,
    last_test_client    text,                          -- okta, entra: whose test it looks like
    primary key (tenant_id, connection_id)
);

create table credential_use (
    credential_id uuid        not null primary key,
    at            timestamptz not null,                -- to the minute
    source        text
);

create table connection_day (
    tenant_id     text   not null,
    connection_id uuid   not null,
    day           date   not null,                     -- UTC
    requests      bigint not null,
    refused       bigint not null,                     -- of them
    primary key (tenant_id, connection_id, day)
);

create index request_log_connection_failure on request_log (tenant_id, connection_id, time desc, id desc) where status >= 400;
