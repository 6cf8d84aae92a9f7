import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { column, data, refusal } from '../harness/expect.js';
import { teams } from '../harness/grove.js';

const TENANT_TABLES = [
  'api_keys',
  'audit_events',
  'organization_members',
  'role_permissions',
  'roles',
  'system_settings',
  'team_members',
  'teams',
  'user_roles',
];

/** An identifier that no row has. */
const NOWHERE = '0190a0b0-9999-7999-8999-999999999999';

/** The answer's error with identifiers made alike. */
function blurred({ status, error }, ...ids) {
  const text = ids.reduce((all, id) => all.replaceAll(id, '?'), JSON.stringify(error));
  return [status, text];
}

/** Both organisations, and the person who belongs to both. */
function shared(visit) {
  const [acme, globex] = ['acme', 'globex'].map((slug) => visit.organization(slug));
  const isBoth = ({ email }) => globex.users.some((user) => user.email === email);
  return [[acme, globex], acme.users.find(isBoth)];
}

export default () =>
  describe('organisations', () => {
    both('every list holds one organisation', async (visit) => {
      const own = (slug) => visit.organization(slug).id;
      for (const table of TENANT_TABLES) {
        for (const [client, slug] of [
          [visit.admin, 'acme'],
          [visit.stranger, 'globex'],
        ]) {
          const seen = new Set(
            column(await client.from(table).select('organization_id'), 'organization_id'),
          );
          seen.delete(own(slug));
          assert.deepEqual([...seen], [], `${table} of ${slug}`);
        }
      }
      assert.deepEqual(column(await visit.stranger.from('organizations').select('slug'), 'slug'), [
        'globex',
      ]);
    });

    both("another's rows are not found by key, filter or count", async ({ stranger, grove }) => {
      assert.deepEqual(data(await stranger.from('teams').select().eq('id', grove.aster)), []);
      assert.deepEqual(data(await teams(stranger)), []);
      refusal(
        await stranger.from('teams').select().eq('id', grove.aster).single(),
        406,
        'PGRST116',
      );
      for (const count of ['exact', 'planned', 'estimated']) {
        assert.equal((await teams(stranger, '*', { count, head: true })).count, 0);
      }
      const around = await stranger
        .from('teams')
        .select('id')
        .or(`id.eq.${grove.aster},id.neq.${NOWHERE}`);
      assert.ok(!column(around, 'id').includes(grove.aster));
    });

    both("another's organisation is not found by its identifier", async (visit) => {
      const { id } = visit.organization('acme');
      for (const table of TENANT_TABLES) {
        assert.deepEqual(
          data(
            await visit.stranger.from(table).select('organization_id').eq('organization_id', id),
          ),
          [],
        );
      }
      assert.deepEqual(data(await visit.stranger.from('organizations').select().eq('id', id)), []);
      assert.deepEqual(
        data(await visit.stranger.from('organizations').select().eq('slug', 'acme')),
        [],
      );
    });

    both("embeds don't lead to another's rows", async ({ stranger }) => {
      const rows = data(
        await stranger.from('organizations').select('slug, teams(name), roles(organization_id)'),
      );
      assert.deepEqual(
        rows.map((row) => row.slug),
        ['globex'],
      );
      assert.ok(
        !rows[0].teams.some((team) => ['aster', 'birch', 'cedar', 'dahlia'].includes(team.name)),
      );
      const holders = data(
        await stranger.from('permissions').select('name, roles(name)').eq('name', 'teams:create'),
      );
      assert.deepEqual(holders, [{ name: 'teams:create', roles: [{ name: 'member' }] }]);
      const aggregated = data(
        await stranger.from('teams').select('count()').eq('metadata->>fixture', 'grove'),
      );
      assert.deepEqual(aggregated, [{ count: 0 }]);
    });

    both(
      "nothing is inferred from another's rows by expressions that fail on them",
      async (visit) => {
        const failing = (client) =>
          client.from('audit_events').select('action::int4').eq('resource_type', 'grove');
        refusal(await failing(visit.admin), 400, '22P02');
        assert.deepEqual(data(await failing(visit.stranger)), []);
        const flag = 'metadata->>fixture::bool';
        refusal(await visit.admin.from('teams').select(flag).eq('name', 'aster'), 400, '22P02');
        assert.equal((await visit.stranger.from('teams').select(flag)).status, 200);
      },
    );

    both(
      "another's rows can be neither changed nor removed",
      async ({ stranger, admin, grove }) => {
        const changed = await stranger
          .from('teams')
          .update({ description: 'theirs' }, { count: 'exact' })
          .eq('id', grove.aster)
          .select();
        assert.deepEqual([changed.status, changed.data, changed.count], [200, [], 0]);
        const removed = await stranger
          .from('teams')
          .delete({ count: 'exact' })
          .eq('id', grove.aster)
          .select();
        assert.deepEqual([removed.status, removed.data, removed.count], [200, [], 0]);
        const [row] = data(
          await admin.from('teams').select('description, deleted_at').eq('id', grove.aster),
        );
        assert.deepEqual(row, { description: 'Builds the core', deleted_at: null });
      },
    );

    both("rows can't be given to another organisation", async (visit) => {
      const { id } = visit.organization('acme');
      refusal(
        await visit.stranger.from('teams').insert({ name: 'tenancy-gift', organization_id: id }),
        403,
        '42501',
      );
      refusal(
        await visit.stranger
          .from('teams')
          .upsert({ name: 'aster', organization_id: id }, { onConflict: 'organization_id,name' }),
        403,
        '42501',
      );
      const own = data(
        await visit.stranger.from('teams').insert({ name: 'tenancy-move' }).select('id').single(),
        201,
      );
      refusal(
        await visit.stranger.from('teams').update({ organization_id: id }).eq('id', own.id),
        403,
        '42501',
      );
      assert.deepEqual(
        data(await visit.admin.from('teams').select('name').like('name', 'tenancy-%')),
        [],
      );
    });

    both("a reference to another's row is a reference to nothing", async ({ stranger, grove }) => {
      const refer = (id) =>
        stranger.from('teams').insert({ name: 'tenancy-child', parent_team_id: id });
      const [theirs, nowhere] = [await refer(grove.aster), await refer(NOWHERE)];
      refusal(theirs, 409, '23503');
      assert.deepEqual(blurred(theirs, grove.aster), blurred(nowhere, NOWHERE));
      const member = stranger
        .from('team_members')
        .insert({ team_id: grove.aster, user_id: NOWHERE });
      refusal(await member, 409, '23503');
    });

    both("another's people can't be made members of a team or given roles", async (visit) => {
      const { user } = visit.session('acme', 'viewer');
      const [role] = data(await visit.stranger.from('roles').select('id').eq('name', 'viewer'));
      const give = (id) =>
        visit.stranger.from('user_roles').insert({ user_id: id, role_id: role.id });
      const [theirs, nobody] = [await give(user.id), await give(NOWHERE)];
      refusal(theirs, 409, '23503');
      assert.deepEqual(blurred(theirs, user.id), blurred(nobody, NOWHERE));
    });

    both(
      "an upsert with another's identifier makes a row of one's own",
      async ({ stranger, admin, grove }) => {
        const upsert = (id, name) =>
          stranger.from('teams').upsert({ id, name, description: 'theirs' }).select('name');
        const [taken, free] = [
          await upsert(grove.birch, 'tenancy-a'),
          await upsert(NOWHERE, 'tenancy-b'),
        ];
        assert.deepEqual(data(taken, 201), [{ name: 'tenancy-a' }]);
        assert.deepEqual(data(free, 201), [{ name: 'tenancy-b' }]);
        const [row] = data(
          await admin.from('teams').select('name, description').eq('id', grove.birch),
        );
        assert.deepEqual(row, { name: 'birch', description: null });
      },
    );

    both(
      "PUT with another's identifier makes a row of one's own",
      async ({ stranger, admin, grove }) => {
        const body = { id: grove.cedar, name: 'tenancy-put' };
        const answer = await stranger.send('PUT', `teams?id=eq.${grove.cedar}`, { body });
        assert.equal(answer.status, 201);
        const [row] = data(await admin.from('teams').select('name').eq('id', grove.cedar));
        assert.deepEqual(row, { name: 'cedar' });
      },
    );

    both('names are unique within an organisation only', async ({ stranger }) => {
      assert.equal((await stranger.from('teams').insert({ name: 'dahlia' })).status, 201);
      refusal(await stranger.from('teams').insert({ name: 'dahlia' }), 409, '23505');
    });

    both('accounts are not found out by writing', async (visit) => {
      const add = (email) => visit.stranger.from('users').insert({ email });
      const { email } = visit.session('acme', 'viewer').user;
      const [known, unknown] = [await add(email), await add('nobody@example.test')];
      refusal(known, 403, '42501');
      assert.deepEqual(blurred(known), blurred(unknown));
      assert.deepEqual(
        data(await visit.stranger.from('users').select('id').eq('email', email)),
        [],
      );
    });

    both("another's audit trail is not seen", async ({ stranger, grove }) => {
      assert.deepEqual(
        data(await stranger.from('audit_events').select('id').eq('resource_type', 'grove')),
        [],
      );
      assert.deepEqual(
        data(await stranger.from('audit_events').select('id').eq('resource_id', grove.aster)),
        [],
      );
    });

    both('somebody in both sees the one whose key is sent', async (visit) => {
      const [organizations, person] = shared(visit);
      const { access_token: token } = await visit.signIn(null, person);
      for (const { slug, anon_key: apikey } of organizations) {
        const client = visit.caller({ apikey, authorization: `Bearer ${token}` });
        assert.deepEqual(column(await client.from('organizations').select('slug'), 'slug'), [slug]);
      }
    });

    both('somebody in both who signs in with a key chooses its organisation', async (visit) => {
      const [organizations, person] = shared(visit);
      for (const organization of organizations) {
        const { access_token: token } = await visit.signIn(organization, person);
        const client = visit.caller({ authorization: `Bearer ${token}` });
        const slugs = column(await client.from('organizations').select('slug'), 'slug');
        assert.deepEqual(slugs, [organization.slug]);
      }
    });

    both('somebody in both chooses one when signing in', async (visit) => {
      const [organizations, person] = shared(visit);
      for (const { id, slug } of organizations) {
        const chosen = { ...person, organization_id: id };
        const { access_token: token } = await visit.signIn(organizations[0], chosen);
        const client = visit.caller({ authorization: `Bearer ${token}` });
        assert.deepEqual(column(await client.from('organizations').select('slug'), 'slug'), [slug]);
        const other = organizations.find((organization) => organization.id !== id);
        const headers = { apikey: other.anon_key, authorization: `Bearer ${token}` };
        refusal(await visit.caller(headers).from('organizations').select('slug'), 401, 'PGRST302');
      }
    });

    both('somebody in both who names none goes where they were last', async (visit) => {
      const [organizations, person] = shared(visit);
      for (const { id, slug } of organizations) {
        await visit.signIn(null, { ...person, organization_id: id });
        const { access_token: token } = await visit.signIn(null, person);
        const client = visit.caller({ authorization: `Bearer ${token}` });
        assert.deepEqual(column(await client.from('organizations').select('slug'), 'slug'), [slug]);
      }
    });

    both("a key and somebody else's token are refused", async (visit) => {
      const { anon_key: key } = visit.organization('globex');
      const { access_token: token } = visit.session('acme', 'viewer');
      const mixed = visit.caller({ apikey: key, authorization: `Bearer ${token}` });
      refusal(await mixed.from('teams').select(), 401, 'PGRST302');
    });
  });
