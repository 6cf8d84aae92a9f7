// The data API as @supabase/postgrest-js sees it: the same tests on both engines, which must give
// the same answers.

import { after, describe } from 'node:test';
import { startEngines, stopEngines } from './harness/engines.js';
import aggregates from './topics/aggregates.js';
import audit from './topics/audit.js';
import beyond from './topics/beyond.js';
import bodies from './topics/bodies.js';
import documents from './topics/documents.js';
import embed from './topics/embed.js';
import filters from './topics/filters.js';
import insert from './topics/insert.js';
import logic from './topics/logic.js';
import order from './topics/order.js';
import pages from './topics/pages.js';
import preferences from './topics/preferences.js';
import protocol from './topics/protocol.js';
import put from './topics/put.js';
import roles from './topics/roles.js';
import search from './topics/search.js';
import select from './topics/select.js';
import shapes from './topics/shapes.js';
import tenancy from './topics/tenancy.js';
import update from './topics/update.js';
import upsert from './topics/upsert.js';
import visibility from './topics/visibility.js';

const READING = [select, filters, logic, search, documents, order, pages, shapes, embed, aggregates];
const WRITING = [insert, upsert, update, put, preferences, bodies, beyond];
const GOVERNED = [protocol, visibility, roles, tenancy, audit];

await startEngines();

describe('postgrest-js', () => {
  after(stopEngines, { timeout: 120_000 });
  for (const topic of [...READING, ...WRITING, ...GOVERNED]) topic();
});
