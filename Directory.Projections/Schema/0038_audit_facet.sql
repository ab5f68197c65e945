-- In which runs of the sequence something of few values occurs (an actor, a token, an action, an attribute), so that a search for it looks into
-- no other. The terms of older entries are made again behind the writes. See docs/decisions/0041-audit-search.md.

create table audit_facet (
    tenant_id text   not null,
    facet     text   not null,   -- as in audit_term
    run       bigint not null,   -- the sequence numbers of it divided by 8,192
    primary key (tenant_id, facet, run)
);

truncate audit_term, audit_span;

-- The numbers of the entries that have the terms, in no order. What begins with a word is gathered in memory first; where that is short, whole
-- pages of the table are read in place of rows.
create function audit_numbers(asked tsquery, most bigint) returns table (tenant_id text, seq bigint) language sql stable
    set work_mem = '128MB' set enable_seqscan = off as $$
    select t.tenant_id, t.seq from audit_term t where t.terms @@ asked limit most
$$;
