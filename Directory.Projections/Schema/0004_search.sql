-- Indexes for filters and sorting. The expressions are those that FilterSql writes; tests hold the plans to them.

-- Equality on any attribute of any schema: the search document contains it.
create index scim_user_search on scim_user using gin (search jsonb_path_ops);
create index scim_group_search on scim_group using gin (search jsonb_path_ops);

create index scim_user_created on scim_user (tenant_id, created, id);
create index scim_user_last_modified on scim_user (tenant_id, last_modified, id);
create index scim_user_active on scim_user (tenant_id, active, id);
create index scim_group_created on scim_group (tenant_id, created, id);
create index scim_group_last_modified on scim_group (tenant_id, last_modified, id);

-- Equality, prefixes, order and presence. Collation "C" is the order of code points. A page of an index holds no long text, so its
-- first 300 characters stand for it. Most users have few of these, so who has none is left out.
create index scim_user_display_name on scim_user (tenant_id, (left(search->>'displayName', 300) collate "C"), id)
    where left(search->>'displayName', 300) is not null;
create index scim_user_name_formatted on scim_user (tenant_id, (left(search->'name'->>'formatted', 300) collate "C"), id)
    where left(search->'name'->>'formatted', 300) is not null;
create index scim_user_name_family_name on scim_user (tenant_id, (left(search->'name'->>'familyName', 300) collate "C"), id)
    where left(search->'name'->>'familyName', 300) is not null;
create index scim_user_name_given_name on scim_user (tenant_id, (left(search->'name'->>'givenName', 300) collate "C"), id)
    where left(search->'name'->>'givenName', 300) is not null;
create index scim_user_name_middle_name on scim_user (tenant_id, (left(search->'name'->>'middleName', 300) collate "C"), id)
    where left(search->'name'->>'middleName', 300) is not null;
create index scim_user_name_honorific_prefix on scim_user (tenant_id, (left(search->'name'->>'honorificPrefix', 300) collate "C"), id)
    where left(search->'name'->>'honorificPrefix', 300) is not null;
create index scim_user_name_honorific_suffix on scim_user (tenant_id, (left(search->'name'->>'honorificSuffix', 300) collate "C"), id)
    where left(search->'name'->>'honorificSuffix', 300) is not null;

-- Prefixes of the values of a list: each value is one lexeme, cut so that a tsvector holds the longest list.
create function scim_value_lexemes(elements jsonb) returns tsvector language sql immutable strict parallel safe
    return array_to_tsvector(array(
        select distinct left(e.v->>'value', 64) from jsonb_array_elements(elements) as e (v) where e.v->>'value' <> ''));
create index scim_user_email_prefixes on scim_user using gin (scim_value_lexemes(search->'emails'));
create index scim_user_with_emails on scim_user (tenant_id, id) where jsonb_exists(search, 'emails');
