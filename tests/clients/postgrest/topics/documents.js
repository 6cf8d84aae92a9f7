import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { column, refusal } from '../harness/expect.js';
import { events, teams } from '../harness/grove.js';

async function named(client, narrow) {
  return column(await narrow(teams(client)).order('name'));
}

export default () =>
  describe('documents', () => {
    both('->> compares as text', async ({ admin }) => {
      assert.deepEqual(await named(admin, (q) => q.eq('settings->>level', '10')), ['cedar']);
      assert.deepEqual(await named(admin, (q) => q.lt('settings->>level', '2')), [
        'birch',
        'cedar',
      ]);
      assert.deepEqual(await named(admin, (q) => q.in('settings->lead->>name', ['Ada', 'Bo'])), [
        'aster',
        'birch',
      ]);
      assert.deepEqual(await named(admin, (q) => q.ilike('settings->lead->>city', 'b%')), [
        'birch',
      ]);
      assert.deepEqual(await named(admin, (q) => q.eq('settings->>beta', 'true')), ['aster']);
    });

    both('-> compares as jsonb', async ({ admin }) => {
      assert.deepEqual(await named(admin, (q) => q.eq('settings->level', 3)), ['aster']);
      assert.deepEqual(await named(admin, (q) => q.gt('settings->level', 2)), ['aster', 'cedar']);
      assert.deepEqual(await named(admin, (q) => q.eq('settings->tags', '["core", "api"]')), [
        'aster',
      ]);
      assert.deepEqual(await named(admin, (q) => q.eq('settings->beta', false)), ['birch']);
      const answer = await events(admin).eq('details->height', '1.50').order('resource_id');
      assert.deepEqual(column(answer, 'resource_id'), ['birch']);
    });

    both('elements of arrays, from either end', async ({ admin }) => {
      assert.deepEqual(await named(admin, (q) => q.eq('settings->tags->>0', 'api')), ['birch']);
      assert.deepEqual(await named(admin, (q) => q.eq('settings->tags->>-1', 'api')), [
        'aster',
        'birch',
      ]);
    });

    both('a null in a document is null as text and a value as jsonb', async ({ admin }) => {
      assert.deepEqual(await named(admin, (q) => q.is('settings->>lead', null)), [
        'cedar',
        'dahlia',
      ]);
      assert.deepEqual(await named(admin, (q) => q.is('settings->lead', null)), ['dahlia']);
      assert.deepEqual(await named(admin, (q) => q.eq('settings->lead', 'null')), ['cedar']);
    });

    both('orders by text and by value', async ({ admin }) => {
      assert.deepEqual(column(await teams(admin).order('settings->>level').order('name')), [
        'birch',
        'cedar',
        'aster',
        'dahlia',
      ]);
      assert.deepEqual(
        column(
          await teams(admin).order('settings->lead->>name', { ascending: false }).order('name'),
        ),
        ['cedar', 'dahlia', 'birch', 'aster'],
      );
    });

    both('whole documents compare by content', async ({ admin }) => {
      assert.deepEqual(await named(admin, (q) => q.eq('settings', '{}')), ['dahlia']);
      const reordered =
        '{"beta": false, "tags": ["api"], "lead": {"city": "Bern", "name": "Bo"}, "level": 1.0}';
      assert.deepEqual(await named(admin, (q) => q.eq('settings', reordered)), ['birch']);
    });

    both('keys with quotes, spaces and SQL in them', async ({ admin }) => {
      for (const key of ["it's", 'two words', "x' or '1'='1", 'x;delete', 'ü', 'settings']) {
        assert.deepEqual(await named(admin, (q) => q.eq(`settings->>${key}`, 'x')), []);
      }
    });

    both('refuses to go on from a text', async ({ admin }) => {
      refusal(await teams(admin).eq('settings->>lead->name', 'Ada'), 404, '42883');
    });
  });
