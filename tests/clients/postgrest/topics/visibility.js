import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { column, data, refusal } from '../harness/expect.js';

export default () =>
  describe('what may be seen', () => {
    both('personal columns are masked without unmask', async (visit) => {
      const { user } = visit.session('acme', 'admin');
      const rows = (client) =>
        client
          .from('organization_members')
          .select('display_name, email, status')
          .eq('user_id', user.id);
      assert.deepEqual(data(await rows(visit.viewer)), [
        { display_name: '***', email: '***', status: 'active' },
      ]);
      const [plain] = data(await rows(visit.admin));
      assert.equal(plain.email, user.email);
    });

    both('masked columns can be neither filtered nor ordered by', async ({ viewer }) => {
      const members = () => viewer.from('organization_members').select('status');
      for (const query of [
        members().eq('email', 'a@b'),
        members().like('display_name', 'a%'),
        members().order('email'),
        members().or('email.eq.a,status.eq.active'),
        members().not('email', 'is', null),
        viewer.from('organization_members').select('email, count()'),
      ]) {
        const answer = await query;
        if (answer.status === 200) assert.doesNotMatch(JSON.stringify(answer.data), /@/);
        else refusal(answer, 403, '42501');
      }
      refusal(await members().eq('email', 'a@b'), 403, '42501');
      refusal(await members().order('email'), 403, '42501');
    });

    both('masked columns stay masked through casts, aliases and embeds', async (visit) => {
      const { user } = visit.session('acme', 'viewer');
      const rows = data(
        await visit.viewer
          .from('team_members')
          .select('role, person:organization_members(mail:email::text)')
          .eq('user_id', user.id)
          .in('team_id', [visit.grove.aster, visit.grove.birch])
          .order('role'),
      );
      assert.deepEqual(rows, [
        { role: 'MAINTAINER', person: { mail: '***' } },
        { role: 'MEMBER', person: { mail: '***' } },
      ]);
      const csv = data(
        await visit.viewer.from('organization_members').select('email').limit(1).csv(),
      );
      assert.equal(csv, 'email\n***');
    });

    both('a masked column can not be filtered through an embed', async ({ viewer }) => {
      const inner = viewer
        .from('team_members')
        .select('role, organization_members!inner(status)')
        .like('organization_members.email', '%');
      refusal(await inner, 403, '42501');
    });

    both('restricted columns are left out, and refused by name', async ({ admin }) => {
      const [key] = data(await admin.from('api_keys').select().limit(1));
      assert.ok(key.key_prefix.startsWith('ms_'));
      assert.ok(!('key_hash' in key));
      refusal(await admin.from('api_keys').select('key_hash'), 403, '42501');
      refusal(await admin.from('api_keys').select('id').eq('key_hash', '\\x00'), 403, '42501');
      refusal(await admin.from('api_keys').select('id').order('key_hash'), 403, '42501');
    });

    both('secrets are not there at all', async ({ admin }) => {
      const [account] = data(await admin.from('user_accounts').select());
      assert.equal(account.provider, 'password');
      for (const column of ['password_hash', 'access_token', 'refresh_token']) {
        assert.ok(!(column in account), `${column} is hidden`);
        refusal(await admin.from('user_accounts').select(column), 403, '42501');
        refusal(
          await admin.from('user_accounts').select('id').not(column, 'is', null),
          403,
          '42501',
        );
      }
    });

    both('people see their own account, sessions and sign-in methods', async (visit) => {
      const { user } = visit.session('acme', 'viewer');
      assert.deepEqual(column(await visit.viewer.from('users').select('email'), 'email'), [
        user.email,
      ]);
      assert.deepEqual(
        column(await visit.viewer.from('user_accounts').select('user_id'), 'user_id'),
        [user.id],
      );
      const sessions = column(await visit.viewer.from('sessions').select('user_id'), 'user_id');
      assert.ok(sessions.length > 0);
      assert.deepEqual([...new Set(sessions)], [user.id]);
    });

    both('columns that the system sets can not be written', async ({ admin, grove }) => {
      refusal(
        await admin.from('roles').insert({ name: 'visible-system', is_system: true }),
        400,
        '428C9',
      );
      refusal(
        await admin.from('teams').insert({ name: 'visible-past', created_at: '2020-01-01' }),
        400,
        '428C9',
      );
      refusal(
        await admin.from('teams').update({ updated_at: '2020-01-01' }).eq('id', grove.aster),
        400,
        '428C9',
      );
      refusal(
        await admin.from('teams').update({ deleted_at: '2020-01-01' }).eq('id', grove.aster),
        400,
        '428C9',
      );
      refusal(
        await admin.from('audit_events').insert({ action: 'x', hash: '\\x00' }),
        400,
        '428C9',
      );
    });

    both('nobody promotes themselves', async (visit) => {
      const { user } = visit.session('acme', 'admin');
      const promote = visit.admin
        .from('users')
        .update({ is_platform_admin: true })
        .eq('id', user.id);
      refusal(await promote, 400, '428C9');
      const [row] = data(await visit.admin.from('users').select('is_platform_admin, status'));
      assert.deepEqual(row, { is_platform_admin: false, status: 'active' });
    });

    both('tables of the system can only be read', async (visit) => {
      const { user } = visit.session('acme', 'admin');
      refusal(
        await visit.admin
          .from('api_keys')
          .insert({ name: 'x', key_hash: '\\x00', key_prefix: 'x' }),
        403,
        '42501',
      );
      refusal(await visit.admin.from('sessions').delete().eq('user_id', user.id), 403, '42501');
      refusal(
        await visit.admin.from('permissions').insert({ name: 'a:b', resource: 'a', action: 'b' }),
        403,
        '42501',
      );
      refusal(
        await visit.admin.from('permissions').delete().eq('name', 'teams:read'),
        403,
        '42501',
      );
    });

    both('sealed columns are plain to those who may unmask, null to others', async (visit) => {
      const [admin, analyst] = [visit.admin, visit.person('acme', 'analyst')];
      const personal = { email: 'sealed@example.test' };
      const written = await admin
        .from('audit_events')
        .insert({ action: 'visible.sealed', personal });
      assert.equal(written.status, 201);
      const read = (client) =>
        client.from('audit_events').select('personal').eq('action', 'visible.sealed');
      assert.deepEqual(data(await read(admin)), [{ personal }]);
      assert.deepEqual(data(await read(analyst)), [{ personal: null }]);
      refusal(await read(analyst).eq('personal', 'x'), 403, '42501');
      refusal(await read(admin).eq('personal', 'x'), 400, 'PGRST127');
      refusal(await read(admin).like('personal', '%sealed%'), 404, '42883');
    });

    both('keys of the vault are not shown', async ({ admin }) => {
      refusal(await admin.from('vault_keys').select('wrapped'), 403, '42501');
      for (const row of data(await admin.from('vault_keys').select()))
        assert.ok(!('wrapped' in row));
    });
  });
