-- Files of users and groups known before, between their upload and their import. Not made from events; see docs/import.md.

create table import (
    id           uuid        not null primary key,
    tenant_id    text        not null,
    file_name    text,
    format       text        not null,                -- csv, json
    sha256       text        not null,
    bytes        bigint      not null,
    records      integer     not null,
    ignored      text[]      not null,                -- columns that mean nothing here
    withheld     text[]      not null,                -- names of secrets that were discarded
    uploaded_at  timestamptz not null,
    uploaded_by  text        not null,
    check_job    uuid,
    run_job      uuid,
    report       jsonb,                               -- of the check, null before it
    completed_at timestamptz
);

create index import_newest on import (tenant_id, uploaded_at desc, id desc);

-- What the file says, without secrets; gone once it is imported or a week old.
create table import_record (
    import_id  uuid    not null references import (id) on delete cascade,
    number     integer not null,
    line       integer not null,
    type       text    not null,
    name       text    not null,
    attributes text    not null,
    source_id  text,
    links      text    not null,
    withheld   text[]  not null,
    errors     text    not null,
    primary key (import_id, number)
);
