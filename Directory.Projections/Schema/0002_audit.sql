-- The audit: one row for each event, written in the event's own transaction. See docs/audit-api.md and docs/data-model.md.

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

-- Few and narrow: they are paid for in every write. What else can be searched for is in audit_term, which is filled behind the writes.
create unique index audit_entry_seq on audit_entry (tenant_id, seq desc);
create index audit_entry_target on audit_entry (tenant_id, stream_id, seq desc);
create index audit_entry_action on audit_entry (tenant_id, action, seq desc);
create index audit_entry_actor on audit_entry (tenant_id, actor_id, seq desc);
create index audit_entry_request on audit_entry (tenant_id, request_id);
create index audit_entry_no_op on audit_entry (tenant_id, seq desc) where no_op;

-- What an entry can be found by beside its columns: words, attribute paths, members, names, addresses. An entry with very many
-- members has several rows.
create table audit_term (
    tenant_id text     not null,
    seq       bigint   not null,
    part      smallint not null,
    terms     tsvector not null,
    primary key (tenant_id, seq, part)
);

create index audit_term_terms on audit_term using gin (terms);

-- Runs of sequence numbers, without a hole between them, below which no commit is missing and all entries are in audit_term; with
-- the earliest and latest time in each, so that a time becomes a place in the sequence.
create table audit_span (
    first_seq  bigint      not null primary key,
    last_seq   bigint      not null,
    first_time timestamptz,                            -- null: no entry in it
    last_time  timestamptz
);
