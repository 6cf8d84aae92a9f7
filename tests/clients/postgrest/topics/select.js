import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { column, data, refusal } from '../harness/expect.js';
import { events, teams } from '../harness/grove.js';

const COLUMNS = [
  'id',
  'organization_id',
  'name',
  'display_name',
  'description',
  'avatar',
  'parent_team_id',
  'settings',
  'metadata',
  'is_active',
  'created_at',
  'updated_at',
  'deleted_at',
];

export default () =>
  describe('select', () => {
    both('gives every column in its declared order', async ({ admin, grove }) => {
      const [row] = data(await teams(admin, '*').eq('name', 'birch'));
      assert.deepEqual(Object.keys(row), COLUMNS);
      assert.equal(row.parent_team_id, grove.aster);
      assert.equal(row.avatar, null);
      assert.deepEqual(row.settings, {
        level: 1,
        tags: ['api'],
        lead: { name: 'Bo', city: 'Bern' },
        beta: false,
      });
    });

    both('gives chosen columns in the order asked for', async ({ admin }) => {
      const [row] = data(await teams(admin, 'is_active, name').eq('name', 'cedar'));
      assert.deepEqual(Object.entries(row), [
        ['is_active', false],
        ['name', 'cedar'],
      ]);
    });

    both('renames columns', async ({ admin }) => {
      const rows = data(
        await teams(admin, 'title:display_name, "the name":name').eq('name', 'aster'),
      );
      assert.deepEqual(rows, [{ title: 'Aster', 'the name': 'aster' }]);
    });

    both('casts values', async ({ admin }) => {
      const columns =
        'day:occurred_at::date, latency:processing_latency_ms::text, ' +
        'height:details->>height::numeric, whole:processing_latency_ms::float8';
      const rows = data(await events(admin, columns).eq('resource_id', 'birch'));
      assert.deepEqual(rows, [{ day: '2024-02-01', latency: '7', height: 1.5, whole: 7 }]);
    });

    both(
      'casts booleans, identifiers and documents to text as PostgreSQL does',
      async ({ admin, grove }) => {
        const columns = 'id::text, is_active::text, settings->lead::text';
        const rows = data(await teams(admin, columns).eq('name', 'birch'));
        assert.deepEqual(rows, [
          { id: grove.birch, is_active: 'true', lead: '{"city": "Bern", "name": "Bo"}' },
        ]);
      },
    );

    both('follows paths into documents', async ({ admin }) => {
      const columns =
        'settings->lead, settings->lead->>name, settings->tags->1, ' +
        'first:settings->tags->>0, last:settings->tags->-1, level:settings->level, ' +
        'text:settings->>level, nothing:settings->no->where';
      assert.deepEqual(data(await teams(admin, columns).eq('name', 'aster')), [
        {
          lead: { city: null, name: 'Ada' },
          name: 'Ada',
          tags: 'api',
          first: 'core',
          last: 'api',
          level: 3,
          text: '3',
          nothing: null,
        },
      ]);
    });

    both('tells a null in a document from a missing member by neither', async ({ admin }) => {
      const rows = data(
        await events(admin, 'resource_id, details->height, text:details->>height')
          .in('resource_id', ['cedar', 'dahlia'])
          .order('resource_id'),
      );
      assert.deepEqual(rows, [
        { resource_id: 'cedar', height: null, text: null },
        { resource_id: 'dahlia', height: null, text: null },
      ]);
    });

    both('prints instants in UTC, with the digits they have', async ({ admin }) => {
      assert.deepEqual(
        column(await events(admin, 'occurred_at').order('occurred_at'), 'occurred_at'),
        [
          '2024-01-15T10:30:00+00:00',
          '2024-02-01T00:00:00.123456+00:00',
          '2024-02-29T23:59:59+00:00',
          '2024-12-31T23:59:59.999999+00:00',
        ],
      );
    });

    both('takes defaults of the declaration for what was not given', async ({ admin }) => {
      const [row] = data(
        await teams(admin, 'is_active, settings, parent_team_id, avatar').eq('name', 'dahlia'),
      );
      assert.deepEqual(row, {
        is_active: true,
        settings: {},
        parent_team_id: row.parent_team_id,
        avatar: null,
      });
      const [event] = data(
        await events(admin, 'status, event_version, details').eq('resource_id', 'dahlia'),
      );
      assert.deepEqual(event, { status: 'error', event_version: '1.0', details: {} });
    });

    both('counts with an aggregate', async ({ admin }) => {
      const rows = data(await events(admin, 'action, count()').order('action'));
      assert.deepEqual(rows, [
        { action: 'grove.fell', count: 1 },
        { action: 'grove.plant', count: 1 },
        { action: 'grove.water', count: 2 },
      ]);
    });

    both('sums, and finds the least and the greatest', async ({ admin }) => {
      const columns =
        'total:processing_latency_ms.sum(), processing_latency_ms.max(), first:occurred_at.min()';
      assert.deepEqual(data(await events(admin, columns)), [
        { total: 2519, max: 2500, first: '2024-01-15T10:30:00+00:00' },
      ]);
    });

    both('refuses a column that does not exist', async ({ admin }) => {
      const error = refusal(await teams(admin, 'nam'), 400, '42703');
      assert.equal(error.message, 'column teams.nam does not exist');
    });

    both(
      'refuses a type that does not exist, and a cast that PostgreSQL lacks',
      async ({ admin }) => {
        const unknown = refusal(await teams(admin, 'name::colour'), 400, '42704');
        assert.equal(unknown.message, 'type "colour" does not exist');
        const impossible = refusal(await teams(admin, 'id::int4'), 400, '42846');
        assert.equal(impossible.message, 'cannot cast type uuid to integer');
      },
    );

    both('refuses a value that does not survive its cast', async ({ admin }) => {
      const error = refusal(await teams(admin, 'name::int4'), 400, '22P02');
      assert.match(error.message, /^invalid input syntax for type integer: "/);
      const text = refusal(await teams(admin, 'name::json'), 400, '22P02');
      assert.equal(text.message, 'invalid input syntax for type json');
    });

    both('refuses an arrow into what is no document', async ({ admin }) => {
      refusal(await teams(admin, 'name->x'), 404, '42883');
    });

    both('refuses a select that can not be parsed', async ({ admin }) => {
      for (const columns of ['name,,id', 'name(', '(name)', 'name:']) {
        const error = refusal(await teams(admin, columns), 400, 'PGRST100');
        assert.match(error.message, /^"failed to parse select parameter \(/);
      }
    });
  });
