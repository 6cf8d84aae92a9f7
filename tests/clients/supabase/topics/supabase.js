import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { both } from '../harness/engines.js';

/** The data of an answer, which must be no refusal. */
function data({ data, error }) {
  assert.equal(error, null);
  return data;
}

/** The names of teams that a test made. */
function names(client, fixture) {
  return client.from('teams').select('name').eq('metadata->>fixture', fixture).order('name');
}

export default () =>
  describe('supabase-js', () => {
    both('a person signs in, writes, reads and signs out', async (engine) => {
      const ada = await engine.person('acme', 'admin');
      const { user } = data(await ada.auth.getUser());
      assert.ok(user.email);
      const row = { name: 'larch', metadata: { fixture: 'supabase' } };
      const made = data(await ada.from('teams').insert(row).select().single());
      assert.equal(made.organization_id, engine.organization('acme').id);
      assert.deepEqual(data(await names(ada, 'supabase')), [{ name: 'larch' }]);
      const changed = ada.from('teams').update({ display_name: 'Larch' }).eq('id', made.id);
      assert.equal(data(await changed.select('display_name').single()).display_name, 'Larch');
      data(await ada.from('teams').delete().eq('id', made.id));
      assert.deepEqual(data(await names(ada, 'supabase')), []);
      assert.equal((await ada.auth.signOut()).error, null);
      const { error } = await ada.from('teams').select();
      assert.ok(error, 'the public key alone reads nothing');
    });

    both('nobody reaches rows of another organisation', async (engine) => {
      const ada = await engine.person('acme', 'admin');
      const stranger = await engine.person('globex', 'admin');
      const row = { name: 'rowan', metadata: { fixture: 'isolation' } };
      const { id } = data(await ada.from('teams').insert(row).select('id').single());
      assert.deepEqual(data(await names(stranger, 'isolation')), []);
      const theft = stranger.from('teams').update({ display_name: 'Mine' }).eq('id', id);
      assert.deepEqual(data(await theft.select()), []);
      data(await stranger.from('teams').delete().eq('id', id));
      const foreign = { ...row, organization_id: engine.organization('acme').id };
      const smuggled = await stranger.from('teams').insert({ ...foreign, name: 'smuggled' });
      assert.ok(smuggled.error);
      const left = await ada.from('teams').select('name, display_name').eq('id', id).single();
      assert.deepEqual(data(left), { name: 'rowan', display_name: null });
    });

    both('who may look can not write', async (engine) => {
      const viewer = await engine.person('acme', 'viewer');
      assert.ok(Array.isArray(data(await viewer.from('teams').select())));
      const { error, status } = await viewer.from('teams').insert({ name: 'yew' });
      assert.equal(status, 403);
      assert.equal(error.code, '42501');
    });

    both('a program counts, embeds, calls and administers', async (engine) => {
      const service = engine.client(engine.organization('acme').service_key);
      const { count, error } = await service
        .from('organization_members')
        .select('*', { count: 'exact', head: true });
      assert.equal(error, null);
      assert.ok(count > 0);
      const embedded = await service.from('team_members').select('role, teams(name)').limit(1);
      assert.ok(Array.isArray(data(embedded)));
      const { users } = data(await service.auth.admin.listUsers());
      assert.ok(users.length > 0);
      const unknown = await service.rpc('no_such_function');
      assert.equal(unknown.error.code, 'PGRST202');
    });
  });
