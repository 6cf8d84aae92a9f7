import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { column, data, refusal } from '../harness/expect.js';
import { teams } from '../harness/grove.js';

/** The permissions of a shipped role, by name. */
const VIEWER_MAY = [
  'audit_events:read',
  'organization_members:read',
  'role_permissions:read',
  'roles:read',
  'system_settings:read',
  'team_members:read',
  'teams:read',
  'user_roles:read',
];

export default () =>
  describe('embedding', () => {
    both('many to one gives an object', async ({ admin }) => {
      const rows = data(await teams(admin, 'name, organizations(slug)').eq('name', 'aster'));
      assert.deepEqual(rows, [{ name: 'aster', organizations: { slug: 'acme' } }]);
    });

    both('one to many gives a list, empty where there is nothing', async ({ admin }) => {
      const rows = data(
        await teams(admin, 'name, team_members(role)')
          .order('name')
          .order('role', { referencedTable: 'team_members' }),
      );
      assert.deepEqual(rows, [
        { name: 'aster', team_members: [{ role: 'MEMBER' }, { role: 'OWNER' }] },
        { name: 'birch', team_members: [{ role: 'MAINTAINER' }] },
        { name: 'cedar', team_members: [] },
        { name: 'dahlia', team_members: [] },
      ]);
    });

    both('many to one is null where there is nothing', async ({ admin }) => {
      const rows = data(await teams(admin, 'name, parent:parent_team_id(name)').order('name'));
      assert.deepEqual(
        rows.map((row) => row.parent),
        [null, { name: 'aster' }, { name: 'aster' }, { name: 'birch' }],
      );
    });

    both('a reference to the same table, upwards and downwards', async ({ admin }) => {
      const columns =
        'name, up:parent_team_id(name, parent_team_id(name)), down:teams!parent_team_id(name)';
      const rows = data(
        await teams(admin, columns).order('name').order('name', { referencedTable: 'down' }),
      );
      assert.deepEqual(rows, [
        { name: 'aster', up: null, down: [{ name: 'birch' }, { name: 'cedar' }] },
        { name: 'birch', up: { name: 'aster', parent_team_id: null }, down: [{ name: 'dahlia' }] },
        { name: 'cedar', up: { name: 'aster', parent_team_id: null }, down: [] },
        { name: 'dahlia', up: { name: 'birch', parent_team_id: { name: 'aster' } }, down: [] },
      ]);
    });

    both('many to many through the table between', async ({ admin }) => {
      const role = await admin
        .from('roles')
        .select('name, permissions(name)')
        .eq('name', 'viewer')
        .order('name', { referencedTable: 'permissions' });
      assert.deepEqual(data(role), [
        { name: 'viewer', permissions: VIEWER_MAY.map((name) => ({ name })) },
      ]);
      const permission = await admin
        .from('permissions')
        .select('name, roles(name)')
        .eq('name', 'teams:create');
      assert.deepEqual(data(permission), [{ name: 'teams:create', roles: [{ name: 'member' }] }]);
    });

    both('people and their teams, through the memberships', async (visit) => {
      const { user } = visit.session('acme', 'viewer');
      const rows = data(
        await visit.admin
          .from('organization_members')
          .select('status, teams(name)')
          .eq('user_id', user.id)
          .eq('teams.metadata->>fixture', 'grove')
          .order('name', { referencedTable: 'teams' }),
      );
      assert.deepEqual(rows, [{ status: 'active', teams: [{ name: 'aster' }, { name: 'birch' }] }]);
      const members = data(
        await teams(visit.admin, 'organization_members(user_id)').eq('name', 'birch'),
      );
      assert.deepEqual(members, [{ organization_members: [{ user_id: user.id }] }]);
    });

    both('a hint chooses among several references', async (visit) => {
      const { user } = visit.session('acme', 'viewer');
      const held = (embed) =>
        visit.admin
          .from('user_roles')
          .select(`status, who:${embed}(user_id)`)
          .eq('user_id', user.id);
      const error = refusal(await held('organization_members'), 300, 'PGRST201');
      assert.equal(error.details.length, 2);
      assert.match(error.hint, /'organization_members!user_roles_user_id_fkey'/);
      const expected = [{ status: 'active', who: { user_id: user.id } }];
      assert.deepEqual(data(await held('organization_members!user_roles_user_id_fkey')), expected);
      assert.deepEqual(data(await held('user_roles_user_id_fkey')), expected);
      assert.deepEqual(data(await held('organization_members!assigned_by')), [
        { status: 'active', who: null },
      ]);
    });

    both('the column of a reference names what it refers to', async (visit) => {
      const rows = data(
        await visit.admin
          .from('team_members')
          .select('role, team:team_id(name)')
          .eq('team_id', visit.grove.birch),
      );
      assert.deepEqual(rows, [{ role: 'MAINTAINER', team: { name: 'birch' } }]);
    });

    both('deeper and side by side', async (visit) => {
      const columns = 'name, roles:user_roles(status)';
      refusal(await teams(visit.admin, columns), 400, 'PGRST200');
      const deep =
        'name, team_members(role, organization_members(status, user_roles!user_roles_user_id_fkey(roles(name)))), organizations(slug)';
      const rows = data(await teams(visit.admin, deep).eq('name', 'birch'));
      assert.deepEqual(rows, [
        {
          name: 'birch',
          team_members: [
            {
              role: 'MAINTAINER',
              organization_members: {
                status: 'active',
                user_roles: [{ roles: { name: 'viewer' } }],
              },
            },
          ],
          organizations: { slug: 'acme' },
        },
      ]);
    });

    both('filters inside an embed leave the outer rows', async ({ admin }) => {
      const rows = data(
        await teams(admin, 'name, team_members(role)')
          .in('name', ['aster', 'birch'])
          .eq('team_members.role', 'OWNER')
          .order('name'),
      );
      assert.deepEqual(rows, [
        { name: 'aster', team_members: [{ role: 'OWNER' }] },
        { name: 'birch', team_members: [] },
      ]);
    });

    both('or inside an embed', async ({ admin }) => {
      const rows = data(
        await teams(admin, 'name, team_members(role)')
          .eq('name', 'aster')
          .or('role.eq.OWNER,role.eq.MAINTAINER', { referencedTable: 'team_members' }),
      );
      assert.deepEqual(rows, [{ name: 'aster', team_members: [{ role: 'OWNER' }] }]);
    });

    both('!inner leaves out rows without a related one', async ({ admin }) => {
      const any = await teams(admin, 'name, team_members!inner(role)').order('name');
      assert.deepEqual(column(any), ['aster', 'birch']);
      const owned = await teams(admin, 'name, team_members!inner(role)').eq(
        'team_members.role',
        'MAINTAINER',
      );
      assert.deepEqual(data(owned), [{ name: 'birch', team_members: [{ role: 'MAINTAINER' }] }]);
      const under = await teams(admin, 'name, parent:parent_team_id!inner(name)')
        .eq('parent.name', 'aster')
        .order('name');
      assert.deepEqual(column(under), ['birch', 'cedar']);
      const holders = await admin
        .from('roles')
        .select('name, permissions!inner(name)')
        .eq('permissions.name', 'audit_events:create');
      assert.deepEqual(data(holders), [
        { name: 'developer', permissions: [{ name: 'audit_events:create' }] },
      ]);
    });

    both('!inner within !inner', async ({ admin }) => {
      const rows = teams(
        admin,
        'name, parent:parent_team_id!inner(name, up:parent_team_id!inner(name))',
      );
      assert.deepEqual(data(await rows), [
        { name: 'dahlia', parent: { name: 'birch', up: { name: 'aster' } } },
      ]);
    });

    both('is null and not null ask whether there is a related row', async ({ admin }) => {
      const lonely = await teams(admin, 'name, team_members()')
        .is('team_members', null)
        .order('name');
      assert.deepEqual(data(lonely), [{ name: 'cedar' }, { name: 'dahlia' }]);
      const owned = teams(admin, 'name, team_members()')
        .eq('team_members.role', 'OWNER')
        .not('team_members', 'is', null);
      assert.deepEqual(data(await owned), [{ name: 'aster' }]);
      const either = await teams(admin, 'name, team_members()')
        .or('team_members.not.is.null,name.eq.cedar')
        .order('name');
      assert.deepEqual(column(either), ['aster', 'birch', 'cedar']);
    });

    both('order, limit and offset count for each outer row', async ({ admin }) => {
      const rows = data(
        await teams(admin, 'name, down:teams!parent_team_id(name)')
          .in('name', ['aster', 'birch'])
          .order('name')
          .order('name', { referencedTable: 'down', ascending: false })
          .limit(1, { referencedTable: 'down' }),
      );
      assert.deepEqual(
        rows.map((row) => row.down),
        [[{ name: 'cedar' }], [{ name: 'dahlia' }]],
      );
      const second = data(
        await teams(admin, 'name, down:teams!parent_team_id(name)')
          .in('name', ['aster', 'birch'])
          .order('name')
          .order('name', { referencedTable: 'down' })
          .range(1, 1, { referencedTable: 'down' }),
      );
      assert.deepEqual(
        second.map((row) => row.down),
        [[{ name: 'cedar' }], []],
      );
    });

    both('order and limit of many to many', async ({ admin }) => {
      const rows = data(
        await admin
          .from('roles')
          .select('name, permissions(name)')
          .in('name', ['viewer', 'member'])
          .order('name')
          .order('name', { referencedTable: 'permissions', ascending: false })
          .limit(2, { referencedTable: 'permissions' }),
      );
      assert.deepEqual(rows, [
        { name: 'member', permissions: [{ name: 'teams:update' }, { name: 'teams:create' }] },
        { name: 'viewer', permissions: [{ name: 'user_roles:read' }, { name: 'teams:read' }] },
      ]);
    });

    both('the same relation twice under two names', async ({ admin }) => {
      const rows = data(
        await teams(admin, 'owners:team_members(role), others:team_members(role)')
          .eq('name', 'aster')
          .eq('owners.role', 'OWNER')
          .neq('others.role', 'OWNER'),
      );
      assert.deepEqual(rows, [{ owners: [{ role: 'OWNER' }], others: [{ role: 'MEMBER' }] }]);
    });

    both('an embed without columns is not shown', async ({ admin }) => {
      assert.deepEqual(data(await teams(admin, 'name, organizations()').eq('name', 'aster')), [
        { name: 'aster' },
      ]);
    });

    both('spreads an object among the outer columns', async ({ admin }) => {
      const rows = data(
        await teams(admin, 'name, ...organizations(slug), ...parent_team_id(above:name)').eq(
          'name',
          'birch',
        ),
      );
      assert.deepEqual(rows, [{ name: 'birch', slug: 'acme', above: 'aster' }]);
    });

    both('aliases, casts and paths inside an embed', async ({ admin }) => {
      const rows = data(
        await teams(
          admin,
          'parent:parent_team_id(title:display_name, level:settings->level, active:is_active::text)',
        ).eq('name', 'birch'),
      );
      assert.deepEqual(rows, [{ parent: { title: 'Aster', level: 3, active: 'true' } }]);
    });

    both('every column of an embed', async ({ admin, grove }) => {
      const [row] = data(await teams(admin, 'parent:parent_team_id(*)').eq('name', 'birch'));
      assert.equal(row.parent.id, grove.aster);
      assert.equal(Object.keys(row.parent).length, 13);
    });

    both('refuses relations that there are not', async ({ admin }) => {
      const error = refusal(await teams(admin, 'name, permissions(name)'), 400, 'PGRST200');
      assert.equal(
        error.message,
        "Could not find a relationship between 'teams' and 'permissions' in the schema cache",
      );
      refusal(await teams(admin, 'name, nowhere(name)'), 400, 'PGRST200');
      refusal(await teams(admin, 'name, organizations!team_id(name)'), 400, 'PGRST200');
    });

    both('refuses columns, filters and orders that an embed has not', async ({ admin }) => {
      refusal(await teams(admin, 'name, organizations(colour)'), 400, '42703');
      refusal(
        await teams(admin, 'name, organizations(slug)').eq('organizations.colour', 'red'),
        400,
        '42703',
      );
      refusal(await teams(admin, 'name').eq('organizations.slug', 'acme'), 400, 'PGRST108');
      refusal(
        await teams(admin, 'name').order('role', { referencedTable: 'team_members' }),
        400,
        'PGRST108',
      );
      refusal(await teams(admin, 'name, team_members()').eq('team_members', 'x'), 400, 'PGRST120');
    });

    both('bounds how deep embeds nest', async ({ admin }) => {
      const deep = `${'parent_team_id('.repeat(60)}name${')'.repeat(60)}`;
      const answer = await teams(admin, deep);
      assert.equal(answer.status, 400);
      assert.match(answer.error.code, /^PGRST/);
    });
  });
