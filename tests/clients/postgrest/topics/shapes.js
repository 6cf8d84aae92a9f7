import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { data, refusal } from '../harness/expect.js';
import { events, teams } from '../harness/grove.js';

const CEDAR = 'teams?select=name,description,avatar&metadata->>fixture=eq.grove&name=eq.cedar';

export default () =>
  describe('shapes of answers', () => {
    both('single gives one object', async ({ admin }) => {
      assert.deepEqual(data(await teams(admin, 'name, is_active').eq('name', 'cedar').single()), {
        name: 'cedar',
        is_active: false,
      });
    });

    both('single refuses none and several', async ({ admin }) => {
      const none = refusal(await teams(admin).eq('name', 'nobody').single(), 406, 'PGRST116');
      assert.equal(none.message, 'Cannot coerce the result to a single JSON object');
      assert.equal(none.details, 'The result contains 0 rows');
      const several = refusal(await teams(admin).single(), 406, 'PGRST116');
      assert.equal(several.details, 'The result contains 4 rows');
    });

    both('single with a limit of one takes the first', async ({ admin }) => {
      assert.deepEqual(
        data(await teams(admin).order('name', { ascending: false }).limit(1).single()),
        { name: 'dahlia' },
      );
    });

    both('maybeSingle gives one, or null, and refuses several', async ({ admin }) => {
      assert.deepEqual(data(await teams(admin).eq('name', 'birch').maybeSingle()), {
        name: 'birch',
      });
      assert.equal(data(await teams(admin).eq('name', 'nobody').maybeSingle()), null);
      assert.equal((await teams(admin).maybeSingle()).error.code, 'PGRST116');
    });

    both('csv gives lines under a header', async ({ admin }) => {
      const csv = data(
        await teams(admin, 'name, display_name, description, is_active').order('name').csv(),
      );
      assert.deepEqual(csv.split('\n'), [
        'name,display_name,description,is_active',
        'aster,Aster,"Builds the core",t',
        'birch,Birch,,t',
        'cedar,,"100% wool, ""soft"" (and_warm)",f',
        'dahlia,DAHLIA,"Ünïcode ☂ straße",t',
      ]);
    });

    both('csv of numbers, instants, documents and lists', async ({ admin }) => {
      const csv = data(
        await events(admin, 'processing_latency_ms, occurred_at, details')
          .order('resource_id')
          .limit(2)
          .csv(),
      );
      assert.deepEqual(csv.split('\n'), [
        'processing_latency_ms,occurred_at,details',
        '12,"2024-01-15 10:30:00+00","{""by"": {""name"": ""Ada""}, ""kind"": ""tree"", ""tags"": [""a"", ""b""], ""height"": 3}"',
        '7,"2024-02-01 00:00:00.123456+00","{""kind"": ""tree"", ""tags"": [""b""], ""height"": 1.5}"',
      ]);
      const roles = data(
        await admin.from('roles').select('name, inherits').eq('name', 'platform_engineer').csv(),
      );
      assert.equal(roles, 'name,inherits\nplatform_engineer,"{developer,analyst}"');
    });

    both('csv without rows', async ({ admin }) => {
      const answer = await admin.send('GET', 'teams?select=name&name=eq.nobody', {
        headers: { accept: 'text/csv' },
      });
      assert.equal(answer.status, 200);
      assert.equal(answer.header('content-type'), 'text/csv; charset=utf-8');
      assert.equal(answer.text.trim(), 'name');
    });

    both('nulls can be left out, of rows and of one object', async ({ admin }) => {
      const rows = teams(admin, 'name, avatar, description').eq('name', 'birch');
      assert.deepEqual(data(await rows.stripNulls()), [{ name: 'birch' }]);
      const one = teams(admin, 'name, avatar, parent:parent_team_id(name, avatar)')
        .eq('name', 'birch')
        .single();
      assert.deepEqual(data(await one.stripNulls()), { name: 'birch', parent: { name: 'aster' } });
    });

    both('content types are those that were asked for', async ({ admin }) => {
      const type = async (accept) =>
        (await admin.send('GET', CEDAR, { headers: { accept } })).header('content-type');
      assert.equal(await type('*/*'), 'application/json; charset=utf-8');
      assert.equal(await type('application/json'), 'application/json; charset=utf-8');
      assert.equal(
        await type('application/vnd.pgrst.object+json'),
        'application/vnd.pgrst.object+json; charset=utf-8',
      );
      assert.equal(
        await type('application/vnd.pgrst.array+json;nulls=stripped'),
        'application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8',
      );
      assert.equal(await type('text/csv'), 'text/csv; charset=utf-8');
      assert.equal(
        await type('text/csv;q=0.5, application/json'),
        'application/json; charset=utf-8',
      );
    });

    both('NDJSON gives one object a line', async ({ admin }) => {
      const headers = { accept: 'application/x-ndjson' };
      const answer = await admin.send(
        'GET',
        'teams?select=name,settings->level&metadata->>fixture=eq.grove&order=name',
        { headers },
      );
      assert.equal(answer.header('content-type'), 'application/x-ndjson; charset=utf-8');
      assert.deepEqual(
        answer.text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
        [
          { name: 'aster', level: 3 },
          { name: 'birch', level: 1 },
          { name: 'cedar', level: 10 },
          { name: 'dahlia', level: null },
        ],
      );
    });

    both('refuses types that it has not', async ({ admin }) => {
      for (const accept of [
        'image/png',
        'application/geo+json',
        'application/vnd.pgrst.plan+json',
      ]) {
        refusal(await admin.send('GET', CEDAR, { headers: { accept } }), 406, 'PGRST107');
      }
    });

    both('an error is JSON whatever was asked for', async ({ admin }) => {
      const answer = await admin.send('GET', 'teams?select=colour', {
        headers: { accept: 'text/csv' },
      });
      refusal(answer, 400, '42703');
      assert.equal(answer.header('content-type'), 'application/json; charset=utf-8');
      assert.deepEqual(Object.keys(answer.json()), ['code', 'details', 'hint', 'message']);
    });

    both('compresses when the client can read it', async ({ admin }) => {
      const headers = { 'accept-encoding': 'gzip' };
      const answer = await admin.send('GET', 'roles?select=*&limit=50', { headers });
      assert.equal(answer.status, 200);
      assert.equal(answer.header('content-encoding'), 'gzip');
      assert.equal(answer.header('content-range'), '0-10/*');
      assert.ok(answer.json().length >= 11);
    });
  });
