import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { column, refusal } from '../harness/expect.js';
import { teams } from '../harness/grove.js';

export default () =>
  describe('protocol', () => {
    both('OPTIONS tells the methods of a table', async ({ admin }) => {
      const allowed = async (table) => (await admin.send('OPTIONS', table)).header('allow');
      assert.equal(await allowed('teams'), 'OPTIONS,GET,HEAD,POST,PUT,PATCH,DELETE');
      assert.equal(await allowed('audit_events'), 'OPTIONS,GET,HEAD,POST');
      assert.equal(await allowed('sessions'), 'OPTIONS,GET,HEAD');
      refusal(await admin.send('OPTIONS', 'nothing'), 404, 'PGRST205');
    });

    both('refuses tables that there are not, and names a near one', async ({ admin }) => {
      const error = refusal(await admin.from('taems').select(), 404, 'PGRST205');
      assert.equal(error.message, "Could not find the table 'mainstay.taems' in the schema cache");
      assert.equal(error.hint, "Perhaps you meant the table 'mainstay.teams'");
      for (const method of ['POST', 'PATCH', 'PUT', 'DELETE']) {
        const body = method === 'DELETE' ? undefined : {};
        refusal(await admin.send(method, 'nothing?id=eq.1', { body }), 404, 'PGRST205');
      }
    });

    both('the schema can be named', async ({ admin }) => {
      assert.deepEqual(column(await teams(admin.schema('mainstay')).order('name').limit(1)), [
        'aster',
      ]);
      const headers = { 'accept-profile': 'mainstay' };
      const answer = await admin.send('GET', 'teams?select=name&limit=1', { headers });
      assert.equal(answer.header('content-profile'), 'mainstay');
      const written = await admin
        .schema('mainstay')
        .from('teams')
        .insert({ name: 'protocol-profile' });
      assert.equal(written.status, 201);
    });

    both('refuses schemas that there are not', async ({ admin }) => {
      const error = refusal(
        await admin.schema('elsewhere').from('teams').select(),
        406,
        'PGRST106',
      );
      assert.equal(error.message, 'Invalid schema: elsewhere');
      refusal(await admin.schema('elsewhere').from('teams').insert({ name: 'x' }), 406, 'PGRST106');
      refusal(await admin.schema('pg_catalog').from('pg_class').select(), 406, 'PGRST106');
    });

    both('refuses methods that there are not', async ({ admin }) => {
      refusal(await admin.send('PROPFIND', 'teams'), 405, 'PGRST117');
    });

    both('refuses invalid UTF-8 and NUL in a query', async ({ admin }) => {
      for (const query of ['name=eq.%FF', 'name=eq.%00', 'select=%FF']) {
        const answer = await admin.send('GET', `teams?select=name&${query}`);
        assert.ok([200, 400].includes(answer.status), `status ${answer.status}`);
        if (answer.status === 200) assert.deepEqual(answer.json(), []);
      }
    });

    both('an unknown function is 404', async ({ admin }) => {
      const error = refusal(await admin.rpc('no_such_action', { a: 1 }), 404, 'PGRST202');
      assert.match(error.message, /^Could not find the function mainstay\.no_such_action/);
      refusal(await admin.rpc('no_such_action', {}, { get: true }), 404, 'PGRST202');
      refusal(await admin.send('PATCH', 'rpc/no_such_action', { body: {} }), 405, 'PGRST101');
    });

    both('the root describes the API', async ({ admin }) => {
      const { status, header } = await admin.send('HEAD', '');
      assert.equal(status, 200);
      assert.match(header('content-type'), /^application\/openapi\+json/);
    });
  });
