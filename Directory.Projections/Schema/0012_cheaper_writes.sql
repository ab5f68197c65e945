-- The same result as before. A function in SQL that cannot be inlined is read and planned anew by every statement that keeps the index;
-- one in PL/pgSQL is planned once in each session.
create or replace function scim_value_lexemes(elements jsonb) returns tsvector language plpgsql immutable strict parallel safe as $$
begin
    return array_to_tsvector(array(
        select distinct left(e.v->>'value', 64) from jsonb_array_elements(elements) as e (v) where e.v->>'value' <> ''));
end $$;
