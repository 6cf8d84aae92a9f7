import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { column, data, refusal } from '../harness/expect.js';

const NIL = '00000000-0000-0000-0000-000000000000';

export default () =>
  describe('insert', () => {
    both('adds a row and tells nothing more', async ({ admin }) => {
      const answer = await admin.from('teams').insert({ name: 'insert-one' });
      assert.equal(data(answer, 201), null);
      const [row] = data(
        await admin.from('teams').select('name, is_active, settings').eq('name', 'insert-one'),
      );
      assert.deepEqual(row, { name: 'insert-one', is_active: true, settings: {} });
    });

    both('gives the new row, or chosen columns of it', async ({ admin }) => {
      const all = data(await admin.from('teams').insert({ name: 'insert-all' }).select(), 201);
      assert.equal(all[0].name, 'insert-all');
      assert.equal(Object.keys(all[0]).length, 13);
      const one = data(
        await admin
          .from('teams')
          .insert({ name: 'insert-some' })
          .select('title:name, is_active')
          .single(),
        201,
      );
      assert.deepEqual(one, { title: 'insert-some', is_active: true });
    });

    both('gives related rows of the new row', async ({ admin, grove }) => {
      const row = { name: 'insert-embed', parent_team_id: grove.aster };
      const answer = await admin
        .from('teams')
        .insert(row)
        .select('name, parent:parent_team_id(name), organizations(slug)')
        .single();
      assert.deepEqual(data(answer, 201), {
        name: 'insert-embed',
        parent: { name: 'aster' },
        organizations: { slug: 'acme' },
      });
    });

    both('adds several rows in one transaction, in their order', async ({ admin }) => {
      const rows = ['c', 'a', 'b'].map((letter) => ({
        name: `insert-bulk-${letter}`,
        display_name: letter,
      }));
      assert.deepEqual(column201(await admin.from('teams').insert(rows).select('display_name')), [
        'c',
        'a',
        'b',
      ]);
      const clash = [{ name: 'insert-half' }, { name: 'insert-bulk-a' }];
      refusal(await admin.from('teams').insert(clash), 409, '23505');
      assert.deepEqual(
        column(await admin.from('teams').select('name').eq('name', 'insert-half')),
        [],
      );
    });

    both('what some rows lack is null, unless missing=default', async ({ admin }) => {
      const rows = (prefix) => [
        { name: `${prefix}-1`, description: 'x', is_active: false },
        { name: `${prefix}-2` },
      ];
      const refused = refusal(await admin.from('teams').insert(rows('insert-null')), 400, '23502');
      assert.match(
        refused.message,
        /null value in column "is_active" of relation "teams" violates not-null constraint/,
      );
      const inserted = await admin
        .from('teams')
        .insert(rows('insert-default'), { defaultToNull: false })
        .select('is_active, description');
      assert.deepEqual(data(inserted, 201), [
        { is_active: false, description: 'x' },
        { is_active: true, description: null },
      ]);
    });

    both('counts what it added', async ({ admin }) => {
      const answer = await admin
        .from('teams')
        .insert([{ name: 'insert-count-1' }, { name: 'insert-count-2' }], { count: 'exact' });
      assert.equal(answer.status, 201);
      assert.equal(answer.count, 2);
    });

    both('an empty list adds nothing', async ({ admin }) => {
      assert.deepEqual(data(await admin.from('teams').insert([]).select(), 201), []);
    });

    both('columns= takes only those', async ({ admin }) => {
      const answer = await admin.send('POST', 'teams?columns=name&select=name,description', {
        headers: { prefer: 'return=representation' },
        body: [{ name: 'insert-columns', description: 'dropped', anything: 1 }],
      });
      assert.equal(answer.status, 201);
      assert.deepEqual(answer.json(), [{ name: 'insert-columns', description: null }]);
    });

    both('takes an identifier of the client, and every kind of value', async ({ admin }) => {
      const id = '0190a0b0-1111-7222-8333-944445555666';
      const [row] = data(
        await admin
          .from('teams')
          .insert({
            id,
            name: 'insert-id',
            display_name: 'Ünï ☂',
            avatar: 'https://example.test/a?b=c&d="e"',
            settings: { z: [1, 2.5, -0.1, 1e3, null, true, 'x'], a: { nested: {} } },
            is_active: false,
          })
          .select('id, display_name, avatar, settings, is_active'),
        201,
      );
      assert.deepEqual(row, {
        id,
        display_name: 'Ünï ☂',
        avatar: 'https://example.test/a?b=c&d="e"',
        settings: { a: { nested: {} }, z: [1, 2.5, -0.1, 1000, null, true, 'x'] },
        is_active: false,
      });
    });

    both('refuses a second row with the same key', async ({ admin }) => {
      const error = refusal(await admin.from('teams').insert({ name: 'aster' }), 409, '23505');
      assert.equal(
        error.message,
        'duplicate key value violates unique constraint "teams_name_key"',
      );
      assert.doesNotMatch(JSON.stringify(error), /aster/, 'the details name no value');
    });

    both('refuses references to nothing', async ({ admin }) => {
      const error = refusal(
        await admin.from('teams').insert({ name: 'insert-orphan', parent_team_id: NIL }),
        409,
        '23503',
      );
      assert.match(error.message, /violates foreign key constraint "teams_parent_team_id_fkey"/);
      assert.deepEqual(
        column(await admin.from('teams').select('name').eq('name', 'insert-orphan')),
        [],
      );
    });

    both('refuses missing values', async ({ admin }) => {
      refusal(await admin.from('teams').insert({ description: 'nameless' }), 400, '23502');
      refusal(await admin.from('teams').insert({ name: null }), 400, '23502');
    });

    both('refuses what the rules of the table forbid', async ({ admin }) => {
      refusal(
        await admin.from('system_settings').insert({ namespace: '', key: 'k', value: 1 }),
        400,
        '23514',
      );
      refusal(
        await admin.from('audit_events').insert({ action: 'x', processing_latency_ms: -1 }),
        400,
        '23514',
      );
    });

    both('refuses values of another kind', async ({ admin }) => {
      const team = (values) => admin.from('teams').insert({ name: 'insert-wrong', ...values });
      refusal(await team({ is_active: 'perhaps' }), 400, '22P02');
      refusal(await team({ id: 'no-uuid' }), 400, '22P02');
      refusal(await team({ parent_team_id: 7 }), 400, '22P02');
      const event = (values) => admin.from('audit_events').insert({ action: 'x', ...values });
      refusal(await event({ status: 'splendid' }), 400, '22P02');
      refusal(await event({ occurred_at: 'soon' }), 400, '22007');
      refusal(await event({ ip_address: 'localhost' }), 400, '22P02');
      refusal(await event({ processing_latency_ms: 1.5 }), 400, '22P02');
      refusal(await event({ processing_latency_ms: '9223372036854775808' }), 400, '22003');
    });

    both('refuses texts that are too long, and NUL in them', async ({ admin }) => {
      const error = refusal(
        await admin.from('teams').insert({ name: 'x'.repeat(101) }),
        400,
        '22001',
      );
      assert.match(error.message, /teams\.name|"name"/);
      assert.equal(
        (await admin.from('teams').insert({ name: `insert-${'☂'.repeat(93)}` })).status,
        201,
      );
      refusal(await admin.from('teams').insert({ name: 'insert-\u0000' }), 400, '22P05');
      refusal(
        await admin.from('teams').insert({ name: 'insert-nul', settings: { a: '\u0000' } }),
        400,
        '22P05',
      );
    });

    both('refuses columns that there are not', async ({ admin }) => {
      const error = refusal(
        await admin.from('teams').insert({ name: 'insert-colour', colour: 'red' }),
        400,
        'PGRST204',
      );
      assert.equal(
        error.message,
        "Could not find the 'colour' column of 'teams' in the schema cache",
      );
      refusal(
        await admin.from('teams').insert([{ name: 'insert-colour', colour: 'red' }]),
        400,
        'PGRST204',
      );
      refusal(
        await admin.from('teams').insert({ name: 'insert-colour' }).select('colour'),
        400,
        '42703',
      );
      assert.deepEqual(
        column(await admin.from('teams').select('name').eq('name', 'insert-colour')),
        [],
      );
    });

    both('SQL in a value is text', async ({ admin }) => {
      const name = `insert'); delete from teams; --`;
      assert.equal((await admin.from('teams').insert({ name })).status, 201);
      assert.deepEqual(column(await admin.from('teams').select('name').eq('name', name)), [name]);
    });
  });

function column201(answer) {
  return data(answer, 201).map((row) => Object.values(row)[0]);
}
