import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe } from 'node:test';
import { both } from '../harness/engines.js';

// The ES modules of these packages name files in a way that Node does not follow.
const require = createRequire(import.meta.url);
const { default: dataProvider } = require('@raphiniert/ra-data-postgrest');
const { fetchUtils } = require('ra-core');

const FIXTURE = 'react-admin';

/** The provider of an administrator's page. */
function providerOf(engine) {
  const { service_key: key } = engine.organization('acme');
  const httpClient = (url, options = {}) => {
    const headers = new Headers(options.headers);
    headers.set('apikey', key);
    headers.set('authorization', `Bearer ${key}`);
    return fetchUtils.fetchJson(url, { ...options, headers });
  };
  const apiUrl = `${engine.server.url}/rest/v1`;
  const primaryKeys = new Map();
  return dataProvider({ apiUrl, httpClient, defaultListOp: 'eq', primaryKeys, schema: () => '' });
}

/** Makes some teams; gives them. */
async function plant(provider, ...names) {
  const teams = [];
  for (const name of names) {
    const row = { name, description: FIXTURE };
    teams.push((await provider.create('teams', { data: row })).data);
  }
  return teams;
}

export default () =>
  describe('ra-data-postgrest', () => {
    both('lists are filtered, sorted and shown by pages', async (engine) => {
      const provider = providerOf(engine);
      const teams = await plant(provider, 'ra-alder', 'ra-beech', 'ra-elm');
      const page = (number) =>
        provider.getList('teams', {
          pagination: { page: number, perPage: 2 },
          sort: { field: 'name', order: 'DESC' },
          filter: { description: FIXTURE, 'name@like': 'ra-%' },
        });
      const [first, second] = [await page(1), await page(2)];
      assert.deepEqual([first.total, second.total], [3, 3]);
      assert.deepEqual(
        [first, second].map(({ data }) => data.map(({ name }) => name)),
        [['ra-elm', 'ra-beech'], ['ra-alder']],
      );
      await provider.deleteMany('teams', { ids: teams.map(({ id }) => id) });
      assert.equal((await page(1)).total, 0);
    });

    both('records are read one by one and together', async (engine) => {
      const provider = providerOf(engine);
      const [hazel, ivy] = await plant(provider, 'ra-hazel', 'ra-ivy');
      const one = await provider.getOne('teams', { id: hazel.id });
      assert.equal(one.data.name, 'ra-hazel');
      const many = await provider.getMany('teams', { ids: [hazel.id, ivy.id] });
      assert.deepEqual(many.data.map(({ name }) => name).sort(), ['ra-hazel', 'ra-ivy']);
      const change = { id: ivy.id, data: { parent_team_id: hazel.id }, previousData: ivy };
      await provider.update('teams', change);
      const below = await provider.getManyReference('teams', {
        target: 'parent_team_id',
        id: hazel.id,
        pagination: { page: 1, perPage: 10 },
        sort: { field: 'name', order: 'ASC' },
        filter: {},
      });
      assert.deepEqual(below.data.map(({ name }) => name), ['ra-ivy']);
      await provider.delete('teams', { id: ivy.id, previousData: ivy });
      await provider.delete('teams', { id: hazel.id, previousData: hazel });
    });

    both('records are changed one by one and together', async (engine) => {
      const provider = providerOf(engine);
      const teams = await plant(provider, 'ra-oak', 'ra-pine');
      const [oak, pine] = teams;
      const changed = await provider.update('teams', {
        id: oak.id,
        data: { display_name: 'Oak' },
        previousData: oak,
      });
      assert.equal(changed.data.display_name, 'Oak');
      const ids = [oak.id, pine.id];
      await provider.updateMany('teams', { ids, data: { display_name: 'Trees' } });
      const { data } = await provider.getMany('teams', { ids });
      assert.deepEqual(data.map((team) => team.display_name), ['Trees', 'Trees']);
      await provider.deleteMany('teams', { ids });
    });

    both('a refusal says why', async (engine) => {
      const provider = providerOf(engine);
      const wrong = provider.create('teams', { data: { name: 'x', is_active: 'perhaps' } });
      await assert.rejects(wrong, ({ status, body }) => status === 400 && body.code === '22P02');
    });
  });
