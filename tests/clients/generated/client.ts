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
const answer = {
  made: rows[0]?.name,
  listed: (listed.data ?? []).map((team) => team.name),
  removed: removed.response.status,
};
console.log(JSON.stringify(answer));
