import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { data, refusal } from '../harness/expect.js';
import { teams } from '../harness/grove.js';

const members = { referencedTable: 'team_members' };

export default () =>
  describe('spreads and aggregates', () => {
    both('a spread of many rows gives an array for each column', async ({ admin }) => {
      const rows = data(
        await teams(admin, 'name, ...team_members(roles:role)').order('name').order('role', members),
      );
      assert.deepEqual(rows, [
        { name: 'aster', roles: ['MEMBER', 'OWNER'] },
        { name: 'birch', roles: ['MAINTAINER'] },
        { name: 'cedar', roles: [] },
        { name: 'dahlia', roles: [] },
      ]);
    });

    both('counts the rows of each embed', async ({ admin }) => {
      const rows = data(await teams(admin, 'name, team_members(count)').order('name'));
      assert.deepEqual(
        rows.map((row) => row.team_members),
        [[{ count: 2 }], [{ count: 1 }], [{ count: 0 }], [{ count: 0 }]],
      );
    });

    both('groups the rows of an embed by its other columns', async ({ admin }) => {
      const rows = data(
        await teams(admin, 'name, team_members(role, count())').in('name', ['aster', 'cedar']),
      );
      assert.deepEqual(rows, [
        {
          name: 'aster',
          team_members: [
            { role: 'MEMBER', count: 1 },
            { role: 'OWNER', count: 1 },
          ],
        },
        { name: 'cedar', team_members: [] },
      ]);
    });

    both('groups by columns of a to-one relation', async ({ admin }) => {
      assert.deepEqual(data(await teams(admin, 'count(), ...parent_team_id(above:name)')), [
        { count: 2, above: 'aster' },
        { count: 1, above: 'birch' },
        { count: 1, above: null },
      ]);
      assert.deepEqual(data(await teams(admin, 'count(), parent:parent_team_id(name)')), [
        { count: 2, parent: { name: 'aster' } },
        { count: 1, parent: { name: 'birch' } },
        { count: 1, parent: null },
      ]);
    });

    both('refuses aggregates in a spread of many rows', async ({ admin }) => {
      refusal(await teams(admin, 'name, ...team_members(count())'), 400, 'PGRST127');
    });

    both('csv has related records as JSON', async ({ admin }) => {
      const csv = data(
        await teams(admin, 'name, team_members(role), ...parent_team_id(above:name)')
          .in('name', ['birch', 'cedar'])
          .order('name')
          .csv(),
      );
      assert.deepEqual(csv.split('\n'), [
        'name,team_members,above',
        'birch,"[{""role"":""MAINTAINER""}]",aster',
        'cedar,[],aster',
      ]);
    });
  });
