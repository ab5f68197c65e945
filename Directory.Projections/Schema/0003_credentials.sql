-- Credentials: not derived from events and not emptied by a rebuild. Secrets are kept as hashes, and nowhere else.

create table credential (
    id            uuid        not null primary key,
    tenant_id     text        not null,
    role          text        not null,               -- provisioner, auditor
    connection_id uuid,
    name          text        not null,
    prefix        text        not null,
    hash          bytea       not null unique,        -- SHA-256 of the token
    created_at    timestamptz not null,
    expires_at    timestamptz,
    revoked_at    timestamptz
);

create table administrator (
    id                   uuid        not null primary key,
    tenant_id            text        not null,
    name                 text        not null unique,
    password_hash        text        not null,
    must_change_password boolean     not null,
    created_at           timestamptz not null
);

-- Keys that belong to this installation, such as the one that cursors are sealed with.
create table installation_secret (
    name  text  not null primary key,
    value bytea not null
);
