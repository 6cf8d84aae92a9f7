import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { column, refusal } from '../harness/expect.js';
import { events, teams } from '../harness/grove.js';

async function named(client, narrow) {
  return column(await narrow(teams(client)).order('name'));
}

export default () =>
  describe('and, or', () => {
    both('or joins conditions', async ({ admin }) => {
      assert.deepEqual(await named(admin, (q) => q.or('name.eq.aster,is_active.is.false')), [
        'aster',
        'cedar',
      ]);
      assert.deepEqual(await named(admin, (q) => q.or('name.eq.nobody')), []);
    });

    both('and within or, or within and', async ({ admin }) => {
      const or = 'and(name.gt.a,name.lt.b),and(is_active.is.false,or(name.eq.cedar,name.eq.birch))';
      assert.deepEqual(await named(admin, (q) => q.or(or)), ['aster', 'cedar']);
    });

    both('not before a condition and before a group', async ({ admin }) => {
      assert.deepEqual(await named(admin, (q) => q.or('name.not.eq.aster,name.eq.aster')), [
        'aster',
        'birch',
        'cedar',
        'dahlia',
      ]);
      assert.deepEqual(await named(admin, (q) => q.or('not.and(name.gte.b,name.lt.d)')), [
        'aster',
        'dahlia',
      ]);
      assert.deepEqual(await named(admin, (q) => q.or('not.or(name.eq.aster,name.eq.birch)')), [
        'cedar',
        'dahlia',
      ]);
    });

    both('several groups all hold', async ({ admin }) => {
      const narrow = (q) => q.or('name.eq.aster,name.eq.birch').or('name.eq.birch,name.eq.cedar');
      assert.deepEqual(await named(admin, narrow), ['birch']);
    });

    both('lists, quotes, paths and literals within groups', async ({ admin }) => {
      assert.deepEqual(await named(admin, (q) => q.or('name.in.(aster,birch),name.eq.cedar')), [
        'aster',
        'birch',
        'cedar',
      ]);
      assert.deepEqual(
        await named(admin, (q) => q.or('description.eq."100% wool, \\"soft\\" (and_warm)"')),
        ['cedar'],
      );
      assert.deepEqual(
        await named(admin, (q) => q.or('settings->>level.eq.3,settings->lead->>city.eq.Bern')),
        ['aster', 'birch'],
      );
      const { data } = await admin
        .from('roles')
        .select('name')
        .or('inherits.cs.{developer,analyst},inherits.ov.{org:admin}');
      assert.deepEqual(data, [{ name: 'platform_engineer' }]);
    });

    both('three-valued logic as in SQL', async ({ admin }) => {
      const answer = (filter) => events(admin).or(filter).order('resource_id');
      assert.deepEqual(
        column(
          await answer('processing_latency_ms.eq.12,processing_latency_ms.neq.12'),
          'resource_id',
        ),
        ['aster', 'birch', 'dahlia'],
      );
      assert.deepEqual(
        column(await answer('not.or(processing_latency_ms.eq.12,action.eq.none)'), 'resource_id'),
        ['birch', 'dahlia'],
      );
      assert.deepEqual(
        column(
          await answer('processing_latency_ms.is.null,processing_latency_ms.gt.100'),
          'resource_id',
        ),
        ['cedar', 'dahlia'],
      );
    });

    both('bare and, or and not in the query string', async ({ admin }) => {
      const rows = async (query) =>
        (
          await admin.send(
            'GET',
            `teams?select=name&metadata->>fixture=eq.grove&order=name&${query}`,
          )
        )
          .json()
          .map((row) => row.name);
      assert.deepEqual(await rows('and=(name.gt.a,or(name.lt.b,name.gte.d))'), ['aster', 'dahlia']);
      assert.deepEqual(await rows('not.or=(name.eq.aster,name.eq.birch)'), ['cedar', 'dahlia']);
      assert.deepEqual(await rows('not.and=(name.gt.b,name.lt.d)'), ['aster', 'dahlia']);
    });

    both('refuses groups that can not be parsed', async ({ admin }) => {
      for (const group of [
        '',
        'name',
        'name.eq',
        'name.eq.a,',
        'nor(name.eq.a)',
        'and(name.eq.a',
      ]) {
        const error = refusal(await teams(admin).or(group), 400, 'PGRST100');
        assert.match(error.message, /^"failed to parse logic tree \(/);
      }
    });

    both('bounds how deep groups nest', async ({ admin }) => {
      const deep = `${'and('.repeat(100)}name.eq.a${')'.repeat(100)}`;
      refusal(await teams(admin).or(deep), 400, 'PGRST100');
    });
  });
