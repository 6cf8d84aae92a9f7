import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { column, data, refusal } from '../harness/expect.js';
import { teams } from '../harness/grove.js';

const GROVE = 'teams?select=name&metadata->>fixture=eq.grove&order=name';

export default () =>
  describe('limit, range and count', () => {
    both('limit takes the first rows', async ({ admin }) => {
      assert.deepEqual(column(await teams(admin).order('name').limit(2)), ['aster', 'birch']);
      assert.deepEqual(column(await teams(admin).order('name').limit(9)), [
        'aster',
        'birch',
        'cedar',
        'dahlia',
      ]);
      assert.deepEqual(column(await teams(admin).limit(0)), []);
    });

    both('range takes rows from the middle', async ({ admin }) => {
      assert.deepEqual(column(await teams(admin).order('name').range(1, 2)), ['birch', 'cedar']);
      assert.deepEqual(column(await teams(admin).order('name').range(3, 8)), ['dahlia']);
    });

    both('Content-Range tells which rows there are', async ({ admin }) => {
      const range = async (query) =>
        (await admin.send('GET', GROVE + query)).header('content-range');
      assert.equal(await range(''), '0-3/*');
      assert.equal(await range('&limit=2'), '0-1/*');
      assert.equal(await range('&offset=1&limit=2'), '1-2/*');
      assert.equal(await range('&name=eq.nobody'), '*/*');
      assert.equal(await range('&offset=100'), '*/*');
    });

    both('a part of counted rows is 206, all of them 200', async ({ admin }) => {
      const part = await admin.send('GET', `${GROVE}&limit=2`, {
        headers: { prefer: 'count=exact' },
      });
      assert.deepEqual([part.status, part.header('content-range')], [206, '0-1/4']);
      const all = await admin.send('GET', GROVE, { headers: { prefer: 'count=exact' } });
      assert.deepEqual([all.status, all.header('content-range')], [200, '0-3/4']);
      const none = await admin.send('GET', `${GROVE}&name=eq.nobody`, {
        headers: { prefer: 'count=exact' },
      });
      assert.deepEqual([none.status, none.header('content-range')], [200, '*/0']);
    });

    both('the Range header, alone and with limit and offset', async ({ admin }) => {
      const rows = async (range, query = '') => {
        const headers = { 'range-unit': 'items', range, prefer: 'count=exact' };
        const answer = await admin.send('GET', GROVE + query, { headers });
        return [
          answer.status,
          answer.header('content-range'),
          ...answer.json().map((row) => row.name),
        ];
      };
      assert.deepEqual(await rows('1-2'), [206, '1-2/4', 'birch', 'cedar']);
      assert.deepEqual(await rows('2-'), [206, '2-3/4', 'cedar', 'dahlia']);
      assert.deepEqual(await rows('0-3'), [200, '0-3/4', 'aster', 'birch', 'cedar', 'dahlia']);
      assert.deepEqual(await rows('0-99', '&limit=1'), [206, '0-0/4', 'aster']);
      assert.deepEqual(await rows('items=1-2'), [
        200,
        '0-3/4',
        'aster',
        'birch',
        'cedar',
        'dahlia',
      ]);
    });

    both('refuses ranges that can not be satisfied', async ({ admin }) => {
      const counted = { prefer: 'count=exact' };
      const beyond = await admin.send('GET', `${GROVE}&offset=5`, { headers: counted });
      const error = refusal(beyond, 416, 'PGRST103');
      assert.equal(error.details, 'An offset of 5 was requested, but there are only 4 rows.');
      refusal(await admin.send('GET', GROVE, { headers: { range: '3-1' } }), 416, 'PGRST103');
      refusal(await admin.send('GET', `${GROVE}&limit=-1`), 416, 'PGRST103');
      refusal(await admin.send('GET', `${GROVE}&offset=-1`), 416, 'PGRST103');
      refusal(await admin.send('GET', `${GROVE}&limit=few`), 400, 'PGRST100');
    });

    both('counts exactly, by plan and by estimate', async ({ admin }) => {
      for (const count of ['exact', 'planned', 'estimated']) {
        const answer = await teams(admin, 'name', { count }).order('name').limit(3);
        assert.equal(answer.status, 206);
        assert.equal(answer.count, 4);
        assert.equal(answer.data.length, 3);
      }
      assert.equal((await teams(admin)).count, null);
    });

    both('head counts without rows', async ({ admin }) => {
      const answer = await teams(admin, '*', { count: 'exact', head: true }).gt('name', 'b');
      assert.equal(answer.count, 3);
      assert.equal(answer.data, null);
      assert.equal(data(answer), null);
    });

    both('HEAD answers with the headers of GET and no body', async ({ admin }) => {
      const headers = { prefer: 'count=exact' };
      const get = await admin.send('GET', `${GROVE}&limit=1`, { headers });
      const head = await admin.send('HEAD', `${GROVE}&limit=1`, { headers });
      assert.equal(head.text, '');
      for (const name of ['content-range', 'content-type', 'preference-applied']) {
        assert.equal(head.header(name), get.header(name));
      }
      assert.equal(head.status, get.status);
    });

    both('counts of rows with an inner join are of the rows that stay', async ({ admin }) => {
      const answer = await teams(admin, 'name, parent:parent_team_id!inner(name)', {
        count: 'exact',
      })
        .eq('parent.name', 'aster')
        .limit(1);
      assert.equal(answer.count, 2);
    });

    both('confirms which count it gave', async ({ admin }) => {
      const headers = { prefer: 'count=planned' };
      const answer = await admin.send('GET', GROVE, { headers });
      assert.equal(answer.header('preference-applied'), 'count=planned');
    });
  });
