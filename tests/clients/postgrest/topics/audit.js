import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { data, refusal } from '../harness/expect.js';

/** What the trail says of a record: action, then what was noted of values. */
async function trail(client, id) {
  const columns = 'action, status, actor_id, old_value, new_value, details';
  return data(
    await client
      .from('audit_events')
      .select(columns)
      .eq('resource_type', 'teams')
      .eq('resource_id', id)
      .order('id'),
  );
}

async function plant(client, name) {
  return data(await client.from('teams').insert({ name }).select('id').single(), 201).id;
}

export default () =>
  describe('audit trail', () => {
    both('every write leaves its event, with who and what', async (visit) => {
      const { user } = visit.session('acme', 'admin');
      const id = await plant(visit.admin, 'audit-life');
      await visit.admin.from('teams').update({ description: 'new' }).eq('id', id).throwOnError();
      await visit.admin
        .from('teams')
        .upsert({ name: 'audit-life', description: 'newer' }, { onConflict: 'name' })
        .throwOnError();
      await visit.admin.from('teams').delete().eq('id', id).throwOnError();
      const events = await trail(visit.admin, id);
      assert.deepEqual(
        events.map((event) => event.action),
        ['teams.create', 'teams.update', 'teams.update', 'teams.delete'],
      );
      assert.ok(events.every((event) => event.actor_id === user.id && event.status === 'success'));
      assert.equal(events[0].new_value.name, 'audit-life');
      assert.equal(events[1].new_value.description, 'new');
      assert.equal(events[2].old_value.description, 'new');
      assert.deepEqual(events[1].details.columns, ['description', 'updated_at']);
    });

    both('what is refused or rolled back leaves no event of a change', async ({ admin }) => {
      const id = await plant(admin, 'audit-none');
      await admin.from('teams').update({ description: 'x' }).eq('id', id).rollback();
      refusal(await admin.from('teams').update({ name: 'aster' }).eq('id', id), 409, '23505');
      assert.deepEqual(
        (await trail(admin, id)).map((event) => event.action),
        ['teams.create'],
      );
    });

    both('personal data stands in no event', async (visit) => {
      const { user } = visit.session('acme', 'viewer');
      const secret = 'Audited Person Name';
      await visit.admin
        .from('organization_members')
        .update({ display_name: secret })
        .eq('user_id', user.id)
        .throwOnError();
      const rows = data(
        await visit.admin
          .from('audit_events')
          .select()
          .eq('resource_type', 'organization_members')
          .eq('action', 'organization_members.update'),
      );
      assert.ok(rows.length > 0);
      assert.doesNotMatch(JSON.stringify(rows), /Audited Person Name/);
    });

    both('a repeated sending is recognised by its key', async ({ admin }) => {
      const event = { action: 'audit.sent', idempotency_key: 'audit-once' };
      assert.equal((await admin.from('audit_events').insert(event)).status, 201);
      refusal(await admin.from('audit_events').insert(event), 409, '23505');
      const counted = await admin
        .from('audit_events')
        .select('*', { count: 'exact', head: true })
        .eq('action', 'audit.sent');
      assert.equal(counted.count, 1);
    });

    both('many rows leave one event that names them', async ({ admin }) => {
      const rows = data(
        await admin
          .from('teams')
          .insert([{ name: 'audit-bulk-1' }, { name: 'audit-bulk-2' }])
          .select('id'),
        201,
      );
      const ids = rows.map((row) => row.id);
      const events = data(
        await admin.from('audit_events').select('action, details').contains('details', { ids }),
      );
      assert.deepEqual(events, [{ action: 'teams.create', details: { ids, rows: 2 } }]);
    });
  });
