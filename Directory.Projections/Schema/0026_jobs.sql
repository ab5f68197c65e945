-- Long work, kept apart from the events: what was asked for, how far it is, how it ended. See docs/jobs.md.

create table job (
    id               uuid        not null primary key,
    tenant_id        text        not null,
    kind             text        not null,
    state            text        not null,                -- waiting, running, done, failed, cancelled, interrupted
    input            jsonb       not null,
    origin           jsonb       not null,                -- who asked, under which request
    phase            text,                                -- what it is doing, in a few words
    done             bigint      not null default 0,
    total            bigint,                              -- null: not known
    cancel_requested boolean     not null default false,
    node             text,
    lease_until      timestamptz,                         -- a node that runs it renews this; past it the node is gone
    requested_at     timestamptz not null,
    started_at       timestamptz,
    ended_at         timestamptz,
    result           jsonb,
    error            text
);

-- One at a time of a kind, on whichever node.
create unique index job_running on job (kind) where state = 'running';
create index job_open on job (requested_at) where state in ('waiting', 'running');
create index job_newest on job (tenant_id, requested_at desc, id desc);
