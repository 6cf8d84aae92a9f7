// What the data API says beyond PostgREST's dialect: distinct rows, groups, cursors, batches,
// nested inserts, keys of requests that may be sent again, and what a caller may do.

import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { data } from '../harness/expect.js';

/** The target of a page's `next` link. */
function next(answer) {
  const link = /^<\/rest\/v1\/(.*)>; rel="next"$/.exec(answer.header('link') ?? '');
  return link?.[1];
}

async function teams(admin, names) {
  const rows = names.map((name, place) => ({ name, description: `d${place % 2}` }));
  data(await admin.from('teams').insert(rows), 201);
}

export default () =>
  describe('beyond the dialect', () => {
    both('answers rows that are alike once', async ({ admin }) => {
      await teams(admin, ['alike-a', 'alike-b', 'alike-c']);
      const list = 'teams?name=like.alike-*';
      const shown = await admin.send('GET', `${list}&select=description&distinct=true`);
      assert.deepEqual(shown.json(), [{ description: 'd0' }, { description: 'd1' }]);
      const first = await admin.send(
        'GET',
        `${list}&select=name&distinct=on(description)&order=name.desc`,
      );
      assert.deepEqual(first.json(), [{ name: 'alike-c' }, { name: 'alike-b' }]);
      const groups = await admin.send('GET', `${list}&select=count()&group=description`);
      assert.deepEqual(groups.json(), [{ count: 2 }, { count: 1 }]);
    });

    both('reads page by page', async ({ admin }) => {
      await teams(admin, ['page-a', 'page-b', 'page-c', 'page-d', 'page-e']);
      const list = 'teams?name=like.page-*&select=name&order=description.desc,name&limit=2';
      const names = [];
      let target = `${list}&cursor=`;
      while (target) {
        const page = await admin.send('GET', target);
        assert.equal(page.status, 200);
        names.push(...page.json().map((row) => row.name));
        target = next(page);
      }
      assert.deepEqual(names, ['page-b', 'page-d', 'page-a', 'page-c', 'page-e']);
      const bad = await admin.send('GET', `${list}&cursor=AAAA`);
      assert.deepEqual([bad.status, bad.json().code], [400, 'MS010']);
    });

    both('does many things in one transaction', async ({ admin }) => {
      const operations = [
        { id: 'up', method: 'POST', path: '/teams', body: { name: 'batch-up' } },
        {
          method: 'POST',
          path: '/teams?select=name,parent:parent_team_id(name)',
          headers: { Prefer: 'return=representation' },
          body: { name: 'batch-down', parent_team_id: { $ref: 'up.id' } },
        },
        { id: 'all', method: 'GET', path: '/teams?select=name&parent_team_id=eq.${up.id}' },
      ];
      const answer = await admin.send('POST', 'batch', { body: operations });
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(
        answer.json().map(({ id, status, body }) => ({ id, status, body })),
        [
          { id: 'up', status: 201, body: null },
          { id: '1', status: 201, body: [{ name: 'batch-down', parent: { name: 'batch-up' } }] },
          { id: 'all', status: 200, body: [{ name: 'batch-down' }] },
        ],
      );
      const failing = [
        { method: 'DELETE', path: '/teams?name=like.batch-*' },
        { id: 'twice', method: 'POST', path: '/teams', body: { name: 'batch-up', id: 'x' } },
      ];
      const failed = await admin.send('POST', 'batch', { body: failing });
      assert.deepEqual([failed.status, failed.json().operation], [400, { id: 'twice', index: 1 }]);
      assert.equal(data(await admin.from('teams').select().like('name', 'batch-*')).length, 2);
    });

    both('adds rows with their related rows', async ({ admin }) => {
      const row = {
        name: 'nested-a',
        parent_team_id: null,
        'teams!parent_team_id': [{ name: 'nested-b' }, { name: 'nested-c' }],
      };
      const answer = await admin
        .from('teams')
        .insert(row)
        .select('name, parts:teams!parent_team_id(name)')
        .order('name', { referencedTable: 'parts' })
        .single();
      assert.deepEqual(data(answer, 201), {
        name: 'nested-a',
        parts: [{ name: 'nested-b' }, { name: 'nested-c' }],
      });
    });

    both('does once what is sent twice', async ({ admin }) => {
      const headers = { 'idempotency-key': 'once', prefer: 'return=representation' };
      const send = (name) =>
        admin.send('POST', 'teams?select=name', { headers, body: { name } });
      const first = await send('once-a');
      const again = await send('once-a');
      assert.deepEqual([first.status, first.json()], [201, [{ name: 'once-a' }]]);
      assert.deepEqual([again.status, again.json()], [201, [{ name: 'once-a' }]]);
      assert.equal(again.header('idempotent-replayed'), 'true');
      const other = await send('once-b');
      assert.deepEqual([other.status, other.json().code], [422, 'MS011']);
    });

    both('says what a caller may do', async ({ admin }) => {
      const may = await admin.rpc('may', { table: 'teams', method: 'DELETE' });
      assert.equal(data(may).allowed, true);
      const events = await admin.rpc('may', { table: 'audit_events', method: 'DELETE' });
      assert.equal(data(events).allowed, false);
    });
  });
