-- Fills in what PostgreSQL answers for the inputs in the *.jsonl files of this folder.
--
-- Run by psql from this folder, in a UTF8 database of PostgreSQL 15 with ICU 72 whose collation is
-- C.UTF-8:
--   psql -X -v ON_ERROR_STOP=1 -f regenerate.sql
set timezone = 'UTC';
set extra_float_digits = 1;
set client_min_messages = warning;

create temporary table lines (number bigint generated always as identity, line json);

create function pg_temp.follow(document jsonb, path json) returns jsonb language plpgsql as $$
declare
    step json;
begin
    for step in select json_array_elements(path) loop
        document := case json_typeof(step)
            when 'string' then document -> (step #>> '{}')
            else document -> (step #>> '{}')::int
        end;
    end loop;
    return document;
end $$;

create function pg_temp.document(line json) returns json language plpgsql as $$
begin
    return json_build_object('in', line ->> 'in', 'out', (line ->> 'in')::jsonb::text);
exception when others then
    return json_build_object('in', line ->> 'in', 'error', sqlstate);
end $$;

create function pg_temp.value(line json) returns json language plpgsql as $$
declare
    printed text;
    as_json text;
    type_name text := line ->> 'type';
begin
    execute format('select format(''%%s'', $1::%s), to_json($1::%s)::text', type_name, type_name)
        into printed, as_json using line ->> 'in';
    return json_build_object(
        'type', type_name, 'in', line ->> 'in', 'text', printed, 'json', as_json);
exception when others then
    return json_build_object('type', type_name, 'in', line ->> 'in', 'error', sqlstate);
end $$;

create function pg_temp.path(line json) returns json language sql as $$
    select json_build_object(
        'document', line ->> 'document',
        'path', line -> 'path',
        'value', pg_temp.follow((line ->> 'document')::jsonb, line -> 'path')::text,
        'text', pg_temp.follow((line ->> 'document')::jsonb, line -> 'path') #>> '{}')
$$;

create function pg_temp.pair(line json) returns json language sql as $$
    select json_build_object(
        'a', line ->> 'a',
        'b', line ->> 'b',
        'order', jsonb_cmp((line ->> 'a')::jsonb, (line ->> 'b')::jsonb),
        'contains', (line ->> 'a')::jsonb @> (line ->> 'b')::jsonb)
$$;

create function pg_temp.text(line json) returns json language sql as $$
    select json_build_object(
        'in', line ->> 'in',
        'json', to_json(line ->> 'in')::text,
        'fold', replace(lower((line ->> 'in') collate "und-x-icu"), 'ς', 'σ'))
$$;

create function pg_temp.match(line json) returns json language sql as $$
    select json_build_object(
        'text', line ->> 'text',
        'pattern', line ->> 'pattern',
        'match', (line ->> 'text') like (line ->> 'pattern'))
$$;

\copy lines (line) from 'documents.jsonl' (format csv, quote e'\x01', delimiter e'\x02')
\copy (select pg_temp.document(line) from lines order by number) to 'documents.jsonl' (format csv, quote e'\x01', delimiter e'\x02')
truncate lines;
\copy lines (line) from 'values.jsonl' (format csv, quote e'\x01', delimiter e'\x02')
\copy (select pg_temp.value(line) from lines order by number) to 'values.jsonl' (format csv, quote e'\x01', delimiter e'\x02')
truncate lines;
\copy lines (line) from 'paths.jsonl' (format csv, quote e'\x01', delimiter e'\x02')
\copy (select pg_temp.path(line) from lines order by number) to 'paths.jsonl' (format csv, quote e'\x01', delimiter e'\x02')
truncate lines;
\copy lines (line) from 'pairs.jsonl' (format csv, quote e'\x01', delimiter e'\x02')
\copy (select pg_temp.pair(line) from lines order by number) to 'pairs.jsonl' (format csv, quote e'\x01', delimiter e'\x02')
truncate lines;
\copy lines (line) from 'texts.jsonl' (format csv, quote e'\x01', delimiter e'\x02')
\copy (select pg_temp.text(line) from lines order by number) to 'texts.jsonl' (format csv, quote e'\x01', delimiter e'\x02')
truncate lines;
\copy lines (line) from 'matches.jsonl' (format csv, quote e'\x01', delimiter e'\x02')
\copy (select pg_temp.match(line) from lines order by number) to 'matches.jsonl' (format csv, quote e'\x01', delimiter e'\x02')
