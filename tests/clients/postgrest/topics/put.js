import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { data, refusal } from '../harness/expect.js';

const ID = '0190a0b0-2222-7222-8333-944445555666';

const put = (client, query, body, prefer = 'return=representation') =>
  client.send('PUT', `teams?${query}`, { headers: { prefer }, body });

export default () =>
  describe('PUT', () => {
    both('makes the row of a key, then replaces it', async ({ admin }) => {
      const query = `id=eq.${ID}&select=id,name,description`;
      const made = await put(admin, query, { id: ID, name: 'put-one', description: 'first' });
      assert.deepEqual(
        [made.status, made.json()],
        [201, [{ id: ID, name: 'put-one', description: 'first' }]],
      );
      const replaced = await put(admin, query, { id: ID, name: 'put-one', description: 'second' });
      assert.deepEqual(
        [replaced.status, replaced.json()],
        [200, [{ id: ID, name: 'put-one', description: 'second' }]],
      );
      const silent = await put(
        admin,
        query,
        { id: ID, name: 'put-one', description: 'third' },
        'return=minimal',
      );
      assert.deepEqual([silent.status, silent.text], [204, '']);
      assert.deepEqual(
        data(await admin.from('teams').select('description').eq('id', ID).single()),
        { description: 'third' },
      );
    });

    both('refuses a body with another key', async ({ admin }) => {
      const other = ID.replace('2222', '3333');
      refusal(await put(admin, `id=eq.${ID}`, { id: other, name: 'put-other' }), 400, 'PGRST115');
      refusal(await put(admin, `id=eq.${ID}`, { name: 'put-none' }), 400, 'PGRST115');
      refusal(
        await put(admin, `id=eq.${ID}`, [
          { id: ID, name: 'put-a' },
          { id: ID, name: 'put-b' },
        ]),
        400,
        'PGRST115',
      );
    });

    both('refuses filters that are not the key', async ({ admin }) => {
      const body = { id: ID, name: 'put-filter' };
      refusal(await put(admin, '', body), 405, 'PGRST105');
      refusal(await put(admin, 'name=eq.put-filter', body), 405, 'PGRST105');
      refusal(await put(admin, `id=neq.${ID}`, body), 405, 'PGRST105');
      refusal(await put(admin, `id=eq.${ID}&name=eq.put-filter`, body), 405, 'PGRST105');
    });

    both('refuses limit and offset', async ({ admin }) => {
      refusal(
        await put(admin, `id=eq.${ID}&limit=1`, { id: ID, name: 'put-limit' }),
        400,
        'PGRST114',
      );
    });
  });
