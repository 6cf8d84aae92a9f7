import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { column, data, refusal } from '../harness/expect.js';

const post = (client, prefer, body, query = 'select=name') =>
  client.send('POST', `teams?${query}`, { headers: { prefer }, body });

export default () =>
  describe('preferences', () => {
    both('return=minimal, the default, has no body', async ({ admin }) => {
      const answer = await post(admin, 'return=minimal', { name: 'prefer-minimal' });
      assert.deepEqual([answer.status, answer.text, answer.header('location')], [201, '', null]);
      assert.equal(answer.header('preference-applied'), 'return=minimal');
      const silent = await admin.send('POST', 'teams', { body: { name: 'prefer-silent' } });
      assert.deepEqual(
        [silent.status, silent.text, silent.header('preference-applied')],
        [201, '', null],
      );
    });

    both('return=headers-only tells where the new row is', async ({ admin }) => {
      const answer = await post(admin, 'return=headers-only', { name: 'prefer-headers' });
      assert.deepEqual([answer.status, answer.text], [201, '']);
      assert.match(answer.header('location'), /^\/teams\?id=eq\.[0-9a-f-]{36}$/);
      const found = await admin.send('GET', `${answer.header('location').slice(1)}&select=name`);
      assert.deepEqual(found.json(), [{ name: 'prefer-headers' }]);
    });

    both('return=representation gives the rows', async ({ admin }) => {
      const answer = await post(admin, 'return=representation', { name: 'prefer-full' });
      assert.deepEqual([answer.status, answer.json()], [201, [{ name: 'prefer-full' }]]);
      assert.equal(answer.header('content-type'), 'application/json; charset=utf-8');
    });

    both('representations as CSV, NDJSON and one object', async ({ admin }) => {
      const as = async (accept, name) => {
        const headers = { prefer: 'return=representation', accept };
        return (
          await admin.send('POST', 'teams?select=name,is_active', { headers, body: { name } })
        ).text;
      };
      assert.equal(await as('text/csv', 'prefer-csv'), 'name,is_active\nprefer-csv,t');
      assert.equal(
        (await as('application/x-ndjson', 'prefer-lines')).trim(),
        '{"name":"prefer-lines","is_active":true}',
      );
      assert.equal(
        await as('application/vnd.pgrst.object+json', 'prefer-object'),
        '{"name":"prefer-object","is_active":true}',
      );
    });

    both('object+json refuses several new rows and adds none', async ({ admin }) => {
      const rows = [{ name: 'prefer-many-1' }, { name: 'prefer-many-2' }];
      refusal(await admin.from('teams').insert(rows).select().single(), 406, 'PGRST116');
      assert.deepEqual(
        column(await admin.from('teams').select('name').like('name', 'prefer-many-%')),
        [],
      );
    });

    both('tx=rollback answers and undoes', async ({ admin }) => {
      const inserted = await admin
        .from('teams')
        .insert({ name: 'prefer-undone' })
        .select('name')
        .rollback();
      assert.deepEqual(data(inserted, 201), [{ name: 'prefer-undone' }]);
      const updated = await admin
        .from('teams')
        .update({ description: 'undone' })
        .eq('name', 'aster')
        .select('description')
        .rollback();
      assert.deepEqual(data(updated), [{ description: 'undone' }]);
      const upserted = await admin
        .from('teams')
        .upsert({ name: 'aster', avatar: 'undone' }, { onConflict: 'name' })
        .select('avatar')
        .rollback();
      assert.deepEqual(data(upserted), [{ avatar: 'undone' }]);
      const deleted = await admin
        .from('teams')
        .delete()
        .eq('name', 'dahlia')
        .select('name')
        .rollback();
      assert.deepEqual(data(deleted), [{ name: 'dahlia' }]);
      const left = await admin
        .from('teams')
        .select('name, description, avatar')
        .in('name', ['prefer-undone', 'aster', 'dahlia'])
        .order('name');
      assert.deepEqual(data(left), [
        { name: 'aster', description: 'Builds the core', avatar: null },
        { name: 'dahlia', description: 'Ünïcode ☂ straße', avatar: null },
      ]);
    });

    both('confirms tx=rollback', async ({ admin }) => {
      const answer = await post(admin, 'tx=rollback, return=minimal', { name: 'prefer-confirm' });
      assert.equal(answer.header('preference-applied'), 'return=minimal, tx=rollback');
    });

    both('handling=strict refuses preferences that it does not know', async ({ admin }) => {
      const error = refusal(
        await post(admin, 'handling=strict, mood=good, return=everything', {
          name: 'prefer-strict',
        }),
        400,
        'PGRST122',
      );
      assert.equal(error.message, 'Invalid preferences given with handling=strict');
      assert.equal(error.details, 'Invalid preferences: mood=good, return=everything');
      assert.deepEqual(
        column(await admin.from('teams').select('name').eq('name', 'prefer-strict')),
        [],
      );
    });

    both('handling=lenient, the default, ignores them', async ({ admin }) => {
      const lenient = await post(admin, 'handling=lenient, mood=good', { name: 'prefer-lenient' });
      assert.deepEqual(
        [lenient.status, lenient.header('preference-applied')],
        [201, 'handling=lenient'],
      );
      const silent = await post(admin, 'mood=good', { name: 'prefer-moody' });
      assert.deepEqual([silent.status, silent.header('preference-applied')], [201, null]);
    });

    both('max-affected binds with handling=strict alone', async ({ admin }) => {
      await admin.from('teams').insert([{ name: 'prefer-bound-1' }, { name: 'prefer-bound-2' }]);
      const patch = (prefer) =>
        admin.send('PATCH', 'teams?name=like.prefer-bound-*', {
          headers: { prefer },
          body: { description: 'x' },
        });
      refusal(await patch('handling=strict, max-affected=1'), 400, 'PGRST124');
      assert.equal((await patch('max-affected=1')).status, 204);
      const strict = await patch('handling=strict, max-affected=2');
      assert.deepEqual(
        [strict.status, strict.header('preference-applied')],
        [204, 'handling=strict, max-affected=2'],
      );
    });

    both('a time zone that there is not is ignored, or refused when strict', async ({ admin }) => {
      const get = (prefer) =>
        admin.send('GET', 'teams?select=name&name=eq.aster', { headers: { prefer } });
      const known = await get('handling=strict, timezone=America/Lima');
      assert.equal(known.header('preference-applied'), 'handling=strict, timezone=America/Lima');
      assert.equal((await get('timezone=Atlantis/Capital')).status, 200);
      refusal(await get('handling=strict, timezone=Atlantis/Capital'), 400, 'PGRST122');
    });
  });
