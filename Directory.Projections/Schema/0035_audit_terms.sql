-- Entries are found by more terms than before; those of older entries are made again behind the writes. See docs/decisions/0041-audit-search.md.

truncate audit_term, audit_span;
