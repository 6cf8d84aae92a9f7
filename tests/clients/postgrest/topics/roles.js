import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { column, data, refusal } from '../harness/expect.js';
import { teams } from '../harness/grove.js';

const GOVERNED = [
  'api_keys',
  'audit_events',
  'organization_members',
  'organizations',
  'role_permissions',
  'roles',
  'sessions',
  'system_settings',
  'team_members',
  'teams',
  'user_accounts',
  'user_roles',
  'users',
  'vault_keys',
];

const NIL = '00000000-0000-0000-0000-000000000000';

export default () =>
  describe('who may do what', () => {
    both('somebody without a key reads public tables alone', async ({ anonymous }) => {
      for (const table of GOVERNED) {
        const error = refusal(await anonymous.from(table).select(), 401, '42501');
        assert.equal(error.message, `permission denied for table ${table}`);
      }
      assert.ok(data(await anonymous.from('permissions').select('name')).length > 0);
    });

    both('somebody without a key writes nothing', async ({ anonymous, admin }) => {
      refusal(await anonymous.from('teams').insert({ name: 'roles-anonymous' }), 401, '42501');
      refusal(
        await anonymous.from('teams').update({ description: 'x' }).eq('name', 'aster'),
        401,
        '42501',
      );
      refusal(await anonymous.from('teams').delete().eq('name', 'aster'), 401, '42501');
      refusal(
        await anonymous.from('teams').upsert({ name: 'aster' }, { onConflict: 'name' }),
        401,
        '42501',
      );
      refusal(
        await anonymous.from('permissions').insert({ name: 'a:b', resource: 'a', action: 'b' }),
        401,
        '42501',
      );
      assert.deepEqual(
        column(await admin.from('teams').select('name').eq('name', 'roles-anonymous')),
        [],
      );
    });

    both('the public key alone allows nothing', async (visit) => {
      const { anon_key: key } = visit.organization('acme');
      const anyone = visit.caller({ apikey: key, authorization: `Bearer ${key}` });
      const answer = await anyone.from('teams').select();
      assert.equal(answer.error.code, '42501');
      assert.ok([401, 403].includes(answer.status));
      assert.equal((await anyone.from('teams').insert({ name: 'roles-anon' })).error.code, '42501');
    });

    both('the service key works for its organisation', async (visit) => {
      const service = visit.service('acme');
      assert.deepEqual(column(await teams(service).order('name')), [
        'aster',
        'birch',
        'cedar',
        'dahlia',
      ]);
      assert.equal((await service.from('teams').insert({ name: 'roles-service' })).status, 201);
      assert.equal((await service.from('teams').delete().eq('name', 'roles-service')).status, 204);
    });

    both('credentials that do not hold are refused', async (visit) => {
      const { anon_key: key } = visit.organization('acme');
      const { access_token: token } = visit.session('acme', 'viewer');
      const forged = `${token.slice(0, -8)}AAAAAAAA`;
      for (const headers of [
        { apikey: 'nonsense' },
        { apikey: `${key.slice(0, -4)}AAAA` },
        { authorization: 'Bearer nonsense' },
        { apikey: key, authorization: `Bearer ${forged}` },
        { authorization: 'Basic YTpi' },
      ]) {
        refusal(await visit.caller(headers).from('permissions').select('name'), 401, 'PGRST301');
      }
    });

    both('a viewer reads', async ({ viewer }) => {
      assert.deepEqual(column(await teams(viewer).order('name')), [
        'aster',
        'birch',
        'cedar',
        'dahlia',
      ]);
      assert.equal((await teams(viewer, '*', { count: 'exact', head: true })).count, 4);
    });

    both('a viewer changes nothing', async ({ viewer, admin, grove }) => {
      refusal(await viewer.from('teams').insert({ name: 'roles-viewer' }), 403, '42501');
      refusal(
        await viewer.from('teams').update({ description: 'x' }).eq('id', grove.aster),
        403,
        '42501',
      );
      refusal(await viewer.from('teams').update({}).eq('id', grove.aster), 403, '42501');
      refusal(await viewer.from('teams').delete().eq('id', grove.aster), 403, '42501');
      refusal(
        await viewer
          .from('teams')
          .upsert({ name: 'aster', description: 'x' }, { onConflict: 'name' }),
        403,
        '42501',
      );
      refusal(await viewer.from('teams').insert([]), 403, '42501');
      refusal(
        await viewer.send('PUT', `teams?id=eq.${NIL}`, { body: { id: NIL, name: 'roles-put' } }),
        403,
        '42501',
      );
      const [row] = data(await admin.from('teams').select('description').eq('id', grove.aster));
      assert.equal(row.description, 'Builds the core');
    });

    both(
      'a viewer does not reach other tables through an embed, filter or order',
      async ({ viewer }) => {
        refusal(await viewer.from('api_keys').select(), 403, '42501');
        refusal(await teams(viewer, 'name, api_keys(name)'), 403, '42501');
        refusal(await teams(viewer, 'name, api_keys!inner()'), 403, '42501');
        refusal(await teams(viewer, 'name, api_keys()').is('api_keys', null), 403, '42501');
      },
    );

    both('a refusal is the same whether the row exists or not', async ({ viewer, grove }) => {
      const error = async (id) => (await viewer.from('teams').delete().eq('id', id)).error;
      assert.deepEqual(await error(grove.aster), await error(NIL));
    });

    both('a member adds and changes, but removes nothing', async (visit) => {
      const member = visit.person('acme', 'member');
      assert.equal((await member.from('teams').insert({ name: 'roles-member' })).status, 201);
      assert.equal(
        (await member.from('teams').update({ description: 'x' }).eq('name', 'roles-member')).status,
        204,
      );
      assert.equal(
        (
          await member
            .from('teams')
            .upsert({ name: 'roles-member', description: 'y' }, { onConflict: 'name' })
        ).status,
        200,
      );
      refusal(await member.from('teams').delete().eq('name', 'roles-member'), 403, '42501');
      refusal(await member.from('roles').insert({ name: 'roles-own' }), 403, '42501');
    });

    both('an analyst reads everything and writes no events', async (visit) => {
      const analyst = visit.person('acme', 'analyst');
      assert.equal(
        (
          await analyst
            .from('audit_events')
            .select('*', { count: 'exact', head: true })
            .eq('resource_type', 'grove')
        ).count,
        4,
      );
      refusal(await analyst.from('audit_events').insert({ action: 'x' }), 403, '42501');
    });

    both('a developer writes events and reads their own', async (visit) => {
      const developer = visit.person('acme', 'developer');
      const { user } = visit.session('acme', 'developer');
      assert.equal(
        (await developer.from('audit_events').insert({ action: 'roles.deployed' })).status,
        201,
      );
      const seen = data(await developer.from('audit_events').select('actor_id'));
      assert.ok(seen.every(({ actor_id: actor }) => actor === user.id));
      // It names nobody, so it is not theirs to see.
      const shown = await developer.from('audit_events').insert({ action: 'roles.shown' }).select();
      assert.deepEqual(data(shown, 201), []);
    });

    both('a role that is taken away ends at once', async (visit) => {
      const { user } = visit.session('acme', 'developer');
      const developer = visit.person('acme', 'developer');
      const role = data(
        await visit.admin.from('roles').insert({ name: 'roles-temporary' }).select('id').single(),
        201,
      );
      const permission = data(
        await visit.admin.from('permissions').select('id').eq('name', '*:read').single(),
      );
      await visit.admin
        .from('role_permissions')
        .insert({ role_id: role.id, permission_id: permission.id })
        .throwOnError();
      const held = { user_id: user.id, role_id: role.id };
      await visit.admin.from('user_roles').insert(held).throwOnError();
      data(await developer.from('api_keys').select('id').limit(1));
      await visit.admin.from('user_roles').delete().match(held).throwOnError();
      refusal(await developer.from('api_keys').select('id').limit(1), 403, '42501');
      await visit.admin.from('roles').delete().eq('id', role.id).throwOnError();
    });
  });
