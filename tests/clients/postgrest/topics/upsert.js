import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { data, refusal } from '../harness/expect.js';

async function setting(client, key, value) {
  const row = { namespace: 'upsert', key, value, value_type: 'json' };
  return data(await client.from('system_settings').insert(row).select('id').single(), 201).id;
}

async function valueOf(client, key) {
  return data(
    await client.from('system_settings').select('value').eq('namespace', 'upsert').eq('key', key),
  );
}

export default () =>
  describe('upsert', () => {
    both('merges into the row with the same primary key', async ({ admin }) => {
      const id = await setting(admin, 'by-id', 1);
      const row = { id, namespace: 'upsert', key: 'by-id', value: { now: 2 }, value_type: 'json' };
      const answer = await admin.from('system_settings').upsert(row).select('id, value');
      assert.deepEqual(data(answer, 200), [{ id, value: { now: 2 } }]);
      assert.deepEqual(await valueOf(admin, 'by-id'), [{ value: { now: 2 } }]);
    });

    both('adds where there is none', async ({ admin }) => {
      const row = { namespace: 'upsert', key: 'fresh', value: true, value_type: 'boolean' };
      assert.deepEqual(
        data(await admin.from('system_settings').upsert(row).select('key, value'), 201),
        [{ key: 'fresh', value: true }],
      );
    });

    both('merges by another unique key', async ({ admin }) => {
      const id = await setting(admin, 'by-key', 1);
      const row = { namespace: 'upsert', key: 'by-key', value: 'two', value_type: 'string' };
      const answer = await admin
        .from('system_settings')
        .upsert(row, { onConflict: 'namespace,key' })
        .select('id, value, value_type');
      assert.deepEqual(data(answer, 200), [{ id, value: 'two', value_type: 'string' }]);
    });

    both('leaves what the row does not mention', async ({ admin }) => {
      await admin
        .from('teams')
        .insert({ name: 'upsert-keep', description: 'kept', is_active: false });
      const answer = await admin
        .from('teams')
        .upsert({ name: 'upsert-keep', display_name: 'New' }, { onConflict: 'name' })
        .select('description, display_name, is_active');
      assert.deepEqual(data(answer, 200), [
        { description: 'kept', display_name: 'New', is_active: false },
      ]);
    });

    both('ignores rows that exist, and answers with the new ones', async ({ admin }) => {
      await setting(admin, 'ignored', 'old');
      const rows = ['ignored', 'added'].map((key) => ({
        namespace: 'upsert',
        key,
        value: 'new',
        value_type: 'string',
      }));
      const answer = await admin
        .from('system_settings')
        .upsert(rows, { onConflict: 'namespace,key', ignoreDuplicates: true })
        .select('key');
      assert.deepEqual(data(answer, 201), [{ key: 'added' }]);
      assert.deepEqual(await valueOf(admin, 'ignored'), [{ value: 'old' }]);
    });

    both('all ignored is 201 and no row', async ({ admin }) => {
      await setting(admin, 'all-ignored', 1);
      const row = { namespace: 'upsert', key: 'all-ignored', value: 2, value_type: 'number' };
      const answer = await admin
        .from('system_settings')
        .upsert(row, { onConflict: 'namespace,key', ignoreDuplicates: true })
        .select();
      assert.deepEqual(data(answer, 201), []);
    });

    both('several rows, some new and some not', async ({ admin }) => {
      await setting(admin, 'mix-1', 1);
      const rows = [1, 2, 3].map((n) => ({
        namespace: 'upsert',
        key: `mix-${n}`,
        value: n * 10,
        value_type: 'number',
      }));
      const answer = await admin
        .from('system_settings')
        .upsert(rows, { onConflict: 'namespace,key', count: 'exact' })
        .select('key, value');
      assert.deepEqual(data(answer, 201), [
        { key: 'mix-1', value: 10 },
        { key: 'mix-2', value: 20 },
        { key: 'mix-3', value: 30 },
      ]);
      assert.equal(answer.count, 3);
    });

    both('takes defaults for what new rows lack', async ({ admin }) => {
      const rows = [{ name: 'upsert-default-1', is_active: false }, { name: 'upsert-default-2' }];
      const answer = await admin
        .from('teams')
        .upsert(rows, { onConflict: 'name', defaultToNull: false })
        .select('is_active');
      assert.deepEqual(data(answer, 201), [{ is_active: false }, { is_active: true }]);
    });

    both('refuses the same key twice in one request', async ({ admin }) => {
      const rows = [1, 2].map((value) => ({
        namespace: 'upsert',
        key: 'twice',
        value,
        value_type: 'number',
      }));
      const error = refusal(
        await admin.from('system_settings').upsert(rows, { onConflict: 'namespace,key' }),
        400,
        '21000',
      );
      assert.equal(error.message, 'ON CONFLICT DO UPDATE command cannot affect row a second time');
      assert.deepEqual(await valueOf(admin, 'twice'), []);
    });

    both('refuses a conflict with another key than the one named', async ({ admin }) => {
      await setting(admin, 'other', 1);
      const row = { namespace: 'upsert', key: 'other', value: 2, value_type: 'number' };
      refusal(await admin.from('system_settings').upsert(row), 409, '23505');
    });

    both('refuses columns that are no key', async ({ admin }) => {
      const row = { namespace: 'upsert', key: 'x', value: 1, value_type: 'number' };
      refusal(
        await admin.from('system_settings').upsert(row, { onConflict: 'namespace' }),
        400,
        '42P10',
      );
      refusal(
        await admin.from('system_settings').upsert(row, { onConflict: 'colour' }),
        400,
        '42703',
      );
    });

    both('confirms how it resolved conflicts', async ({ admin }) => {
      const answer = await admin.send('POST', 'system_settings?on_conflict=namespace,key', {
        headers: { prefer: 'resolution=merge-duplicates, return=minimal' },
        body: { namespace: 'upsert', key: 'confirmed', value: 1, value_type: 'number' },
      });
      assert.equal(answer.status, 201);
      assert.equal(
        answer.header('preference-applied'),
        'resolution=merge-duplicates, return=minimal',
      );
    });
  });
