import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { column, data, refusal } from '../harness/expect.js';

const NIL = '00000000-0000-0000-0000-000000000000';

/** Adds teams to change; their names begin with `prefix`. */
async function plant(client, prefix, count = 2) {
  const rows = Array.from({ length: count }, (_, n) => ({ name: `${prefix}-${n + 1}` }));
  return data(await client.from('teams').insert(rows).select('id'), 201).map((row) => row.id);
}

export default () =>
  describe('update and delete', () => {
    both('changes the rows that match and tells nothing more', async ({ admin }) => {
      await plant(admin, 'update-plain');
      const answer = await admin
        .from('teams')
        .update({ description: 'changed' })
        .eq('name', 'update-plain-1');
      assert.equal(data(answer, 204), null);
      const rows = await admin
        .from('teams')
        .select('description')
        .like('name', 'update-plain-%')
        .order('name');
      assert.deepEqual(column(rows, 'description'), ['changed', null]);
    });

    both('gives the changed rows', async ({ admin }) => {
      await plant(admin, 'update-shown');
      const answer = await admin
        .from('teams')
        .update({ settings: { v: 2 }, display_name: 'V' })
        .like('name', 'update-shown-%')
        .select('name, settings, display_name');
      const rows = data(answer).sort((a, b) => (a.name < b.name ? -1 : 1));
      assert.deepEqual(
        rows,
        ['update-shown-1', 'update-shown-2'].map((name) => ({
          name,
          settings: { v: 2 },
          display_name: 'V',
        })),
      );
    });

    both('gives related rows of what was changed', async ({ admin, grove }) => {
      const [id] = await plant(admin, 'update-embed', 1);
      const answer = await admin
        .from('teams')
        .update({ parent_team_id: grove.birch })
        .eq('id', id)
        .select('name, parent:parent_team_id(name)')
        .single();
      assert.deepEqual(data(answer), { name: 'update-embed-1', parent: { name: 'birch' } });
    });

    both('sets null, and moves updated_at', async ({ admin }) => {
      const [id] = await plant(admin, 'update-null', 1);
      await admin.from('teams').update({ description: 'x' }).eq('id', id);
      const row = data(
        await admin
          .from('teams')
          .update({ description: null })
          .eq('id', id)
          .select('description, created_at, updated_at')
          .single(),
      );
      assert.equal(row.description, null);
      assert.ok(row.updated_at > row.created_at);
    });

    both('counts what it changed', async ({ admin }) => {
      await plant(admin, 'update-count', 3);
      const answer = await admin
        .from('teams')
        .update({ description: 'c' }, { count: 'exact' })
        .like('name', 'update-count-%');
      assert.deepEqual([answer.status, answer.count], [204, 3]);
      const none = await admin
        .from('teams')
        .update({ description: 'c' }, { count: 'exact' })
        .eq('id', NIL);
      assert.deepEqual([none.status, none.count], [204, 0]);
    });

    both('nothing that matches is no error', async ({ admin }) => {
      assert.deepEqual(
        data(await admin.from('teams').update({ description: 'x' }).eq('id', NIL).select()),
        [],
      );
      assert.deepEqual(data(await admin.from('teams').delete().eq('id', NIL).select()), []);
    });

    both('an update without changes changes nothing', async ({ admin }) => {
      const [id] = await plant(admin, 'update-empty', 1);
      assert.equal(data(await admin.from('teams').update({}).eq('id', id), 204), null);
    });

    both('single refuses other numbers of rows and changes nothing', async ({ admin }) => {
      await plant(admin, 'update-single');
      const rows = admin
        .from('teams')
        .update({ description: 'x' })
        .like('name', 'update-single-%')
        .select('name');
      refusal(await rows.single(), 406, 'PGRST116');
      const after = await admin.from('teams').select('description').like('name', 'update-single-%');
      assert.deepEqual(column(after, 'description'), [null, null]);
    });

    both('maxAffected bounds an update and a delete', async ({ admin }) => {
      await plant(admin, 'update-most', 3);
      const most = (query) => query.like('name', 'update-most-%').maxAffected(2);
      const error = refusal(
        await most(admin.from('teams').update({ description: 'x' })),
        400,
        'PGRST124',
      );
      assert.equal(error.details, 'The query affects 3 rows');
      refusal(await most(admin.from('teams').delete()), 400, 'PGRST124');
      const left = await admin.from('teams').select('description').like('name', 'update-most-%');
      assert.deepEqual(column(left, 'description'), [null, null, null]);
    });

    both('refuses what an insert refuses', async ({ admin }) => {
      const [id] = await plant(admin, 'update-bad', 2);
      const change = (values) => admin.from('teams').update(values).eq('id', id);
      refusal(await change({ name: 'update-bad-2' }), 409, '23505');
      refusal(await change({ parent_team_id: NIL }), 409, '23503');
      refusal(await change({ parent_team_id: id }), 400, '23514');
      refusal(await change({ name: null }), 400, '23502');
      refusal(await change({ is_active: 'perhaps' }), 400, '22P02');
      refusal(await change({ colour: 'red' }), 400, 'PGRST204');
      refusal(await admin.from('teams').update({ name: 'x' }).eq('colour', 'red'), 400, '42703');
      const [row] = data(
        await admin.from('teams').select('name, parent_team_id, is_active').eq('id', id),
      );
      assert.deepEqual(row, { name: 'update-bad-1', parent_team_id: null, is_active: true });
    });

    both('of several broken rules the same one is told everywhere', async ({ admin }) => {
      const rows = [1, 2].map((n) => ({ namespace: 'update-rules', key: `k${n}`, value: n }));
      const [one, two] = data(
        await admin.from('system_settings').insert(rows).select('id, namespace, key'),
        201,
      );
      const error = refusal(
        await admin.from('system_settings').update(two).eq('id', one.id),
        409,
        '23505',
      );
      assert.match(error.message, /"system_settings_pkey"/);
      refusal(
        await admin.from('system_settings').insert({ namespace: '', key: '', value: 1 }),
        400,
        '23514',
      );
    });

    both('refuses a body of several rows, and limits', async ({ admin }) => {
      refusal(
        await admin.send('PATCH', `teams?id=eq.${NIL}`, { body: [{ name: 'a' }, { name: 'b' }] }),
        400,
        'PGRST102',
      );
      refusal(await admin.send('PATCH', 'teams?limit=1', { body: { name: 'a' } }), 400, 'PGRST127');
    });

    both('refuses moves that a life cycle has not', async (visit) => {
      const { user } = visit.session('acme', 'viewer');
      const role = data(
        await visit.admin.from('roles').insert({ name: 'update-cycle' }).select('id').single(),
        201,
      );
      const held = { user_id: user.id, role_id: role.id };
      await visit.admin.from('user_roles').insert(held).throwOnError();
      const move = (status) =>
        visit.admin.from('user_roles').update({ status }).match(held).select('status');
      assert.deepEqual(data(await move('revoked')), [{ status: 'revoked' }]);
      const error = refusal(await move('expired'), 400, '23514');
      assert.match(error.message, /can't move from revoked to expired/);
      assert.deepEqual(data(await move('active')), [{ status: 'active' }]);
      refusal(await move('retired'), 400, '22P02');
      data(await visit.admin.from('roles').delete().eq('id', role.id), 204);
    });

    both('deletes the rows that match', async ({ admin }) => {
      await plant(admin, 'delete-plain');
      assert.equal(
        data(await admin.from('teams').delete().eq('name', 'delete-plain-1'), 204),
        null,
      );
      const left = await admin.from('teams').select('name').like('name', 'delete-plain-%');
      assert.deepEqual(column(left), ['delete-plain-2']);
    });

    both('gives the deleted rows, and counts them', async ({ admin }) => {
      await plant(admin, 'delete-shown');
      const answer = await admin
        .from('teams')
        .delete({ count: 'exact' })
        .like('name', 'delete-shown-%')
        .select('name');
      assert.deepEqual(
        data(answer)
          .map((row) => row.name)
          .sort(),
        ['delete-shown-1', 'delete-shown-2'],
      );
      assert.equal(answer.count, 2);
    });

    both('what is marked as deleted is seen only when asked for', async ({ admin }) => {
      const [id] = await plant(admin, 'delete-soft', 1);
      await admin.from('teams').delete().eq('id', id);
      assert.deepEqual(data(await admin.from('teams').select('name').eq('id', id)), []);
      const seen = await admin
        .from('teams')
        .select('name')
        .eq('id', id)
        .not('deleted_at', 'is', null);
      assert.deepEqual(column(seen), ['delete-soft-1']);
    });

    both('removes rows of tables that keep none, with what belongs to them', async (visit) => {
      const { user } = visit.session('acme', 'viewer');
      const role = data(
        await visit.admin.from('roles').insert({ name: 'delete-hard' }).select('id').single(),
        201,
      );
      await visit.admin
        .from('user_roles')
        .insert({ user_id: user.id, role_id: role.id })
        .throwOnError();
      const gone = await visit.admin
        .from('roles')
        .delete()
        .eq('id', role.id)
        .select('name, user_roles(status)');
      assert.deepEqual(data(gone), [{ name: 'delete-hard', user_roles: [{ status: 'active' }] }]);
      assert.deepEqual(
        data(await visit.admin.from('user_roles').select('id').eq('role_id', role.id)),
        [],
      );
    });

    both('audit events can be neither changed nor removed', async ({ admin }) => {
      const forged = admin
        .from('audit_events')
        .update({ action: 'nothing' })
        .eq('resource_type', 'grove');
      refusal(await forged, 403, '42501');
      refusal(await admin.from('audit_events').delete().eq('resource_type', 'grove'), 403, '42501');
      const counted = await admin
        .from('audit_events')
        .select('*', { count: 'exact', head: true })
        .eq('resource_type', 'grove');
      assert.equal(counted.count, 4);
    });
  });
