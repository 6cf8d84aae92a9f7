import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { column, refusal } from '../harness/expect.js';

const send = (client, type, body, query = 'select=name,description,is_active') =>
  client.send('POST', `teams?${query}`, {
    headers: { 'content-type': type, prefer: 'return=representation' },
    body,
  });

export default () =>
  describe('request bodies', () => {
    both('NDJSON adds one row a line', async ({ admin }) => {
      const lines =
        '{"name":"body-nd-1","description":"a"}\n\n{"description":"b","name":"body-nd-2"}\n';
      const answer = await send(admin, 'application/x-ndjson', lines);
      assert.equal(answer.status, 201);
      assert.deepEqual(answer.json(), [
        { name: 'body-nd-1', description: 'a', is_active: true },
        { name: 'body-nd-2', description: 'b', is_active: true },
      ]);
    });

    both('a broken line refuses all, and says which', async ({ admin }) => {
      const error = refusal(
        await send(admin, 'application/x-ndjson', '{"name":"body-broken-1"}\n{"name":\n'),
        400,
        'PGRST102',
      );
      assert.match(error.details, /^Line 2: /);
      assert.deepEqual(
        column(await admin.from('teams').select('name').like('name', 'body-broken-%')),
        [],
      );
    });

    both('CSV adds one row a line, NULL is null', async ({ admin }) => {
      const csv =
        'name,description,is_active\nbody-csv-1,"a, ""b""\nc",false\nbody-csv-2,NULL,t\nbody-csv-3,,on\n';
      const answer = await send(admin, 'text/csv', csv);
      assert.equal(answer.status, 201);
      assert.deepEqual(answer.json(), [
        { name: 'body-csv-1', description: 'a, "b"\nc', is_active: false },
        { name: 'body-csv-2', description: null, is_active: true },
        { name: 'body-csv-3', description: '', is_active: true },
      ]);
    });

    both(
      'CSV with lines of different lengths, or unknown columns, is refused',
      async ({ admin }) => {
        const uneven = refusal(
          await send(admin, 'text/csv', 'name,description\nbody-uneven\n'),
          400,
          'PGRST102',
        );
        assert.equal(uneven.message, 'All lines must have same number of fields');
        refusal(await send(admin, 'text/csv', 'name,colour\nbody-colour,red\n'), 400, 'PGRST204');
        refusal(
          await send(admin, 'text/csv', 'name,is_active\nbody-perhaps,perhaps\n'),
          400,
          '22P02',
        );
      },
    );

    both('a form adds one row', async ({ admin }) => {
      const answer = await send(
        admin,
        'application/x-www-form-urlencoded',
        'name=body-form&description=a+%26+b&is_active=false',
      );
      assert.deepEqual(answer.json(), [
        { name: 'body-form', description: 'a & b', is_active: false },
      ]);
    });

    both('JSON rows must have the same keys', async ({ admin }) => {
      const error = refusal(
        await send(
          admin,
          'application/json',
          '[{"name":"body-keys-1"},{"name":"body-keys-2","description":"x"}]',
        ),
        400,
        'PGRST102',
      );
      assert.equal(error.message, 'All object keys must match');
    });

    both('refuses what is no JSON, or no row', async ({ admin }) => {
      for (const body of ['{"name":', '{"name":"a"} x', '"name"', '[1]', 'null', "{'name':'a'}"]) {
        refusal(await send(admin, 'application/json', body), 400, 'PGRST102');
      }
    });

    both('refuses a key given twice', async ({ admin }) => {
      refusal(
        await send(admin, 'application/json', '{"name":"body-twice","name":"body-again"}'),
        400,
        'PGRST102',
      );
    });

    both('refuses documents that nest too deeply', async ({ admin }) => {
      const deep = `{"name":"body-deep","settings":${'['.repeat(5000)}${']'.repeat(5000)}}`;
      const answer = await send(admin, 'application/json', deep);
      assert.ok(answer.status >= 400 && answer.status < 500, `status ${answer.status}`);
      assert.deepEqual(
        column(await admin.from('teams').select('name').eq('name', 'body-deep')),
        [],
      );
    });

    both('refuses types that it can not read', async ({ admin }) => {
      refusal(await send(admin, 'text/plain', 'name'), 400, 'PGRST102');
      refusal(await send(admin, 'image/png', 'name'), 400, 'PGRST102');
    });

    both('numbers keep their digits', async ({ admin }) => {
      const body =
        '{"name":"body-digits","settings":{"big":12345678901234567890.123456789,"tiny":1e-7,"whole":100}}';
      const answer = await send(admin, 'application/json', body, 'select=settings');
      assert.equal(answer.status, 201);
      assert.equal(
        answer.text.replaceAll(' ', ''),
        '[{"settings":{"big":12345678901234567890.123456789,"tiny":0.0000001,"whole":100}}]',
      );
    });

    both('many rows at once', async ({ admin }) => {
      const lines = Array.from(
        { length: 2000 },
        (_, n) => `{"action":"body.bulk","resource_id":"${n}"}`,
      ).join('\n');
      const answer = await admin.send('POST', 'audit_events', {
        headers: { 'content-type': 'application/x-ndjson', prefer: 'count=exact' },
        body: lines,
      });
      assert.deepEqual([answer.status, answer.header('content-range')], [201, '*/2000']);
      const counted = await admin
        .from('audit_events')
        .select('*', { count: 'exact', head: true })
        .eq('action', 'body.bulk');
      assert.equal(counted.count, 2000);
      const capped = await admin
        .from('audit_events')
        .select('resource_id')
        .eq('action', 'body.bulk');
      assert.equal(capped.data.length, 1000, 'lists are capped');
    });
  });
