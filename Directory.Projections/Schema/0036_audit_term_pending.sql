-- A search looks into the index once for each bucket, and each time reads through what waits to be sorted into it: so little waits. Buckets
-- are shorter than they were; the terms of older entries are made again behind the writes. See docs/decisions/0041-audit-search.md.

alter index audit_term_terms set (gin_pending_list_limit = 64);
truncate audit_term, audit_span;
