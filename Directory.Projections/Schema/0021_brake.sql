-- What the brakes of connections have counted: not made from events. See docs/administration.md.

create table brake_count (
    tenant_id     text   not null,
    connection_id uuid   not null,
    changes       bigint not null,                     -- counted ever: the number of the latest change
    counted_from  bigint not null default 0,           -- changes up to this number count no longer: somebody resumed
    primary key (tenant_id, connection_id)
);

-- One row for each deactivation or deletion; those that no brake asks about any more are removed.
create table brake_change (
    tenant_id     text        not null,
    connection_id uuid        not null,
    number        bigint      not null,
    time          timestamptz not null,
    is_allowed    boolean     not null constraint brake_change_allowed check (is_allowed),
    primary key (tenant_id, connection_id, number)
);
