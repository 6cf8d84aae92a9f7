import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { column, data, refusal } from '../harness/expect.js';

const PLUGINS = [
  ['search-owl', 'Sends alerts to the fat cats of the night shift'],
  ['search-lynx', 'Running queries and running jobs, alerting nobody'],
  ['search-wren', 'A white rat ran over the quick brown fox'],
  ['search-mute', null],
];

/** Plugins that only these tests know, with a version of each. */
async function plant(client) {
  const known = column(await client.from('plugins').select('name').like('name', 'search-*'));
  if (known.length > 0) return;
  const rows = PLUGINS.map(([name, description]) => ({
    name,
    description,
    display_name: name,
    current_version: '1.0',
  }));
  const planted = data(await client.from('plugins').insert(rows).select('id, name'), 201);
  const versions = planted.map(({ id }) => ({ plugin_id: id, version: '1.0' }));
  await client.from('plugin_versions').insert(versions).throwOnError();
}

/** The names of planted plugins that a search finds, without what they have in common. */
async function found(client, narrow) {
  await plant(client);
  const query = client.from('plugins').select('name').like('name', 'search-*').order('name');
  return column(await narrow(query)).map((name) => name.replace('search-', ''));
}

export default () =>
  describe('full-text search', () => {
    both('as to_tsquery: words by their stems, with operators', async ({ admin }) => {
      for (const [query, names] of [
        ['alert', ['lynx', 'owl']],
        [`'fat' & 'cat'`, ['owl']],
        ['alert & !cat', ['lynx']],
        ['cat | fox', ['owl', 'wren']],
        ['white <-> rat', ['wren']],
        ['white <-> ran', []],
        ['white <2> ran', ['wren']],
        ['quer:*', ['lynx']],
        ['!alert', ['wren']],
        ['the', []],
      ]) {
        assert.deepEqual(await found(admin, (q) => q.textSearch('description', query)), names, query);
      }
    });

    both('plain words, phrases and what people type', async ({ admin }) => {
      const search = (query, type) => found(admin, (q) => q.textSearch('description', query, { type }));
      assert.deepEqual(await search('The FAT cat', 'plain'), ['owl']);
      assert.deepEqual(await search('cat fat', 'plain'), ['owl']);
      assert.deepEqual(await search('cats of the night', 'phrase'), ['owl']);
      assert.deepEqual(await search('cat fat', 'phrase'), []);
      assert.deepEqual(await search('"quick brown" or jobs', 'websearch'), ['lynx', 'wren']);
      assert.deepEqual(await search('alerts -nobody', 'websearch'), ['owl']);
    });

    both('in a language, or without one', async ({ admin }) => {
      const search = (query, config) => found(admin, (q) => q.textSearch('description', query, { config }));
      assert.deepEqual(await search('jobs', 'english'), ['lynx']);
      assert.deepEqual(await search('jobs', 'simple'), ['lynx']);
      assert.deepEqual(await search('job', 'simple'), []);
      const unknown = await admin.from('plugins').select().textSearch('name', 'x', { config: 'klingon' });
      assert.match(refusal(unknown, 400, '42704').hint, /english and simple/);
    });

    both('among other conditions, negated and in groups', async ({ admin }) => {
      assert.deepEqual(await found(admin, (q) => q.not('description', 'fts', 'alert')), ['wren']);
      assert.deepEqual(
        await found(admin, (q) => q.or('description.wfts.fox,description.is.null')),
        ['mute', 'wren'],
      );
      assert.deepEqual(
        await found(admin, (q) => q.or('not.and(description.fts.alert,description.fts.cat)')),
        ['lynx', 'wren'],
      );
      assert.deepEqual(
        await found(admin, (q) => q.textSearch('name', 'owl').textSearch('description', 'night')),
        ['owl'],
      );
    });

    both('of embedded rows', async ({ admin }) => {
      await plant(admin);
      const versions = await admin
        .from('plugin_versions')
        .select('version, plugins!inner(name)')
        .textSearch('plugins.description', 'fat & cats');
      assert.deepEqual(data(versions), [{ version: '1.0', plugins: { name: 'search-owl' } }]);
    });

    both('finds what a row says now', async ({ admin }) => {
      await plant(admin);
      const plugins = () => admin.from('plugins');
      const row = { name: 'changing-search', display_name: 'c', current_version: '1' };
      const named = (word) => plugins().select('name').textSearch('description', word);
      await plugins().insert({ ...row, description: 'yesterday' }).throwOnError();
      await plugins().update({ description: 'tomorrow' }).eq('name', row.name).throwOnError();
      assert.deepEqual(column(await named('yesterday')), []);
      assert.deepEqual(column(await named('tomorrow')), [row.name]);
      const merge = { onConflict: 'name' };
      await plugins().upsert({ ...row, description: 'forever' }, merge).throwOnError();
      assert.deepEqual(column(await named('tomorrow')), []);
      const gone = await plugins().delete().textSearch('description', 'forever').select('name');
      assert.deepEqual(column(gone), [row.name]);
    });

    both('says what can be searched, and where a query does not fit', async ({ admin }) => {
      const other = await admin.from('plugins').select().textSearch('display_name', 'x');
      const { details, hint } = refusal(other, 400, 'PGRST127');
      assert.match(details, /'display_name' of 'plugins'/);
      assert.match(hint, /name, description/);
      const none = refusal(await admin.from('teams').select().textSearch('name', 'x'), 400, 'PGRST127');
      assert.match(none.hint, /No column of 'teams'/);
      for (const query of ['fat rat', 'fat &', '(fat', '& fat', 'fat:A']) {
        const answer = await admin.from('plugins').select().textSearch('description', query);
        refusal(answer, 400, '42601');
      }
    });
  });
