import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { column, refusal } from '../harness/expect.js';
import { events, teams } from '../harness/grove.js';

export default () =>
  describe('order', () => {
    both('ascends unless told otherwise', async ({ admin }) => {
      assert.deepEqual(column(await teams(admin).order('name')), [
        'aster',
        'birch',
        'cedar',
        'dahlia',
      ]);
      assert.deepEqual(column(await teams(admin).order('name', { ascending: false })), [
        'dahlia',
        'cedar',
        'birch',
        'aster',
      ]);
    });

    both('nulls come last ascending and first descending', async ({ admin }) => {
      const order = async (options) =>
        column(await events(admin).order('processing_latency_ms', options), 'resource_id');
      assert.deepEqual(await order({}), ['birch', 'aster', 'dahlia', 'cedar']);
      assert.deepEqual(await order({ ascending: false }), ['cedar', 'dahlia', 'aster', 'birch']);
    });

    both('nulls first and nulls last when asked for', async ({ admin }) => {
      const order = async (options) =>
        column(await events(admin).order('processing_latency_ms', options), 'resource_id');
      assert.deepEqual(await order({ nullsFirst: true }), ['cedar', 'birch', 'aster', 'dahlia']);
      assert.deepEqual(await order({ ascending: false, nullsFirst: false }), [
        'dahlia',
        'aster',
        'birch',
        'cedar',
      ]);
    });

    both('several columns in turn', async ({ admin }) => {
      const rows = await events(admin)
        .order('action', { ascending: false })
        .order('occurred_at', { ascending: false });
      assert.deepEqual(column(rows, 'resource_id'), ['cedar', 'birch', 'aster', 'dahlia']);
    });

    both('text by code point: upper case before lower', async ({ admin }) => {
      assert.deepEqual(
        column(await teams(admin, 'display_name').order('display_name'), 'display_name'),
        ['Aster', 'Birch', 'DAHLIA', null],
      );
    });

    both('ends with the key where the order does not decide', async ({ admin }) => {
      const rows = await teams(admin).order('is_active', { ascending: false });
      assert.deepEqual(column(rows), ['dahlia', 'birch', 'aster', 'cedar']);
      assert.deepEqual(column(await teams(admin)), ['aster', 'birch', 'cedar', 'dahlia']);
    });

    both('by a column of an embedded record', async ({ admin }) => {
      const rows = teams(admin, 'name, parent:parent_team_id(name)').neq('name', 'aster');
      assert.deepEqual(
        column(await rows.order('parent(name)', { ascending: false }).order('name')),
        ['dahlia', 'birch', 'cedar'],
      );
    });

    both('refuses columns, directions and relations that there are not', async ({ admin }) => {
      refusal(await teams(admin).order('colour'), 400, '42703');
      refusal(await admin.send('GET', 'teams?order=name.sideways'), 400, 'PGRST100');
      refusal(await teams(admin).order('parent(name)'), 400, 'PGRST108');
      refusal(
        await teams(admin, 'name, teams!parent_team_id(name)').order('teams(name)'),
        400,
        'PGRST118',
      );
    });
  });
