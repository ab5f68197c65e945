-- Integrity: not derived from the events alone and never emptied by a rebuild. See docs/verification-format.md.

create table seal_key (
    id         text        not null primary key,   -- SHA-256 of the public key, hex
    public_key text        not null,               -- PEM; the private key is not in the database
    first_used timestamptz not null
);

-- One chain over the events of all directories.
create table seal_block (
    number    bigint      not null primary key,
    first_seq bigint      not null unique,
    last_seq  bigint      not null unique,
    leaves    bigint      not null,
    root      bytea       not null,
    previous  bytea       not null,                -- hash of the block before
    hash      bytea       not null,
    signed_at timestamptz not null,
    key_id    text        not null references seal_key (id),
    signature bytea       not null                 -- ECDSA P-256, DER
);

-- One leaf for each event, one for each run of numbers that were never used.
create table seal_leaf (
    seq        bigint not null primary key,
    through    bigint not null,                    -- of a gap: its last number; of an event: seq
    block      bigint not null,
    commitment bytea,                              -- to the payload; null for a gap
    leaf       bytea  not null
);

-- Deleted when the payload is erased; without it a commitment tells nothing.
create table event_salt (
    seq  bigint not null primary key,
    salt bytea  not null
);

create table seal_checkpoint (
    block     bigint      not null primary key,
    hash      bytea       not null,
    last_seq  bigint      not null,
    time      timestamptz not null,
    key_id    text        not null,
    signature bytea       not null
);

-- The events that an erasure masked, with the commitment to what is left of each. The event user_erased holds the hash of the list.
create table erased_event (
    erasure    uuid   not null,
    seq        bigint not null,
    salt       bytea,                              -- null once a later erasure masked the same event
    commitment bytea  not null,
    primary key (erasure, seq)
);

create index erased_event_seq on erased_event (seq);

-- What the verify command found, newest last.
create table verification (
    id     bigint      not null generated always as identity primary key,
    at     timestamptz not null,
    status text        not null,                   -- ok, tampered
    report jsonb       not null
);
