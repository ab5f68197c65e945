-- Read models: derived from the events, emptied and refilled by a rebuild. See docs/data-model.md.

create table scim_user (
    tenant_id      text        not null,
    id             uuid        not null,
    version        bigint      not null,   -- meta.version: stream version of the last event that changed the resource
    stream_version bigint      not null,   -- of the last event
    created        timestamptz not null,
    last_modified  timestamptz not null,
    active         boolean     not null,
    user_name      text        not null,
    user_name_key  text        not null collate "C",   -- NFKC, case folded
    display_name   text,
    external_id    text        collate "C",
    managed_by     text,
    search         jsonb       not null,   -- the resource as filters see it
    body           text        not null,   -- the resource as clients see it, without location and groups
    primary key (tenant_id, id),
    -- Checked at commit, so that a rebuild may pass through states in which two users swap names.
    constraint scim_user_name_unique unique (tenant_id, user_name_key) deferrable initially deferred
);

create index scim_user_external_id on scim_user (tenant_id, external_id) where external_id is not null;

create table scim_group (
    tenant_id        text        not null,
    id               uuid        not null,
    version          bigint      not null,
    stream_version   bigint      not null,
    created          timestamptz not null,
    last_modified    timestamptz not null,
    display_name     text        not null,
    display_name_key text        not null collate "C",
    external_id      text        collate "C",
    managed_by       text,
    search           jsonb       not null,
    body             text        not null,   -- without location and members
    primary key (tenant_id, id),
    constraint scim_group_name_unique unique (tenant_id, display_name_key) deferrable initially deferred
);

create index scim_group_external_id on scim_group (tenant_id, external_id) where external_id is not null;

-- Deleted users and groups as they were last, so that they can be restored under the same id.
create table deleted_user (
    tenant_id      text        not null,
    id             uuid        not null,
    version        bigint      not null,
    stream_version bigint      not null,
    created        timestamptz not null,
    deleted_at     timestamptz not null,
    name           text        not null,
    managed_by     text,
    body           text        not null,
    primary key (tenant_id, id)
);

create table deleted_group (
    tenant_id      text        not null,
    id             uuid        not null,
    version        bigint      not null,
    stream_version bigint      not null,
    created        timestamptz not null,
    deleted_at     timestamptz not null,
    name           text        not null,
    managed_by     text,
    body           text        not null,
    primary key (tenant_id, id)
);

-- One row for each time someone was in a group: the current members are those whose interval is open.
create table group_member (
    tenant_id     text        not null,
    group_id      uuid        not null,
    member_id     uuid        not null,
    member_type   text        not null,
    member_name   text        not null,   -- userName of a user, displayName of a group; as it was last while a member
    display       text,                   -- displayName of a user
    added_at      timestamptz not null,
    added_by      uuid        not null,   -- event
    added_version bigint      not null,   -- of the group's stream
    removed_at    timestamptz,
    removed_by    uuid,                   -- event, of the group's stream or of the member's
    removed_version bigint,               -- of the group's stream; null when the member's own deletion ended it
    primary key (tenant_id, group_id, member_id, added_version)
);

create index group_member_of on group_member (tenant_id, member_id);
