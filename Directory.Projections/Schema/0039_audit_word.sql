-- Every word that an entry can be found by, so that a beginning can be looked up as the words that begin so. The terms of
-- older entries are made again behind the writes. See docs/decisions/0041-audit-search.md.

create table audit_word (
    tenant_id text not null,
    word      text collate "C" not null,
    primary key (tenant_id, word)
);

truncate audit_term, audit_span;
