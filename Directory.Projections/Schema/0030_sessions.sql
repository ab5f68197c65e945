-- Sign-in to the pages: sessions, failed attempts and the keys that cookies are protected with. Not made from events.

alter table administrator add column role text not null default 'admin'; -- admin, auditor

create table web_session (
    hash         bytea       not null primary key,     -- SHA-256 of what the cookie holds; a copy of the table opens nothing
    tenant_id    text        not null,
    account_id   uuid,                                 -- null: an OpenID provider vouches for the person
    subject      text        not null,                 -- the account's id, or the provider's name for the person
    name         text        not null,
    role         text        not null,                 -- admin, auditor; of a local account the account's counts
    created_at   timestamptz not null,
    last_seen_at timestamptz not null
);

create index web_session_account on web_session (account_id);
create index web_session_seen on web_session (last_seen_at);

create table sign_in_attempt (
    key          text        not null primary key,     -- account/<id> or address/<ip>
    failures     integer     not null,
    last_at      timestamptz not null,
    locked_until timestamptz
);

create table data_protection_key (
    name text not null primary key,
    xml  text not null
);
