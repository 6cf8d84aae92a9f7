// What a product would write over the generated types: every name in it is checked by them.

import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

declare const process: { argv: string[] };

type Team = components['schemas']['teams'];

const [url, key] = process.argv.slice(2);
const client = createClient<paths, 'application/json'>({
  baseUrl: url,
  headers: { apikey: key, authorization: `Bearer ${key}`, prefer: 'return=representation' },
});

const made = await client.POST('/rest/v1/teams', { body: { name: 'generated' } });
const rows: Team[] = made.data ?? [];
const listed = await client.GET('/rest/v1/teams', {
  params: { query: { name: 'eq.generated', select: 'name' } },
});
const removed = await client.DELETE('/rest/v1/teams', {
  params: { query: { name: 'eq.generated' } },
  headers: { prefer: 'return=minimal' },
});
// An operation of a batch may refer to what an earlier one has answered.
const batch = await client.POST('/rest/v1/batch', {
  headers: { 'Idempotency-Key': crypto.randomUUID() },
  body: [
    { id: 'team', method: 'POST', path: '/teams', body: { name: 'batched' } },
    { method: 'DELETE', path: '/teams?id=eq.${team.id}' },
  ],
});
const may = await client.POST('/rest/v1/rpc/may', { body: { table: 'teams', method: 'DELETE' } });
const page = await client.GET('/rest/v1/teams', {
  params: { query: { cursor: '', limit: 1, distinct: 'on(name)' } },
});
const changes = await client.GET('/rest/v1/{table}/changes', {
  params: { path: { table: 'teams' }, query: { since: 'now' } },
  parseAs: 'stream',
});
await changes.data?.cancel();
const answer = {
  made: rows[0]?.name,
  listed: (listed.data ?? []).map((team) => team.name),
  removed: removed.response.status,
  batch: (batch.data ?? []).map((operation) => operation.status),
  may: may.data?.allowed,
  refused: page.error?.code,
  changes: changes.response.headers.get('content-type'),
};
console.log(JSON.stringify(answer));
