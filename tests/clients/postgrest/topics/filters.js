import assert from 'node:assert/strict';
import { both, describe } from '../harness/both.js';
import { column, refusal } from '../harness/expect.js';
import { events, teams } from '../harness/grove.js';

/** The teams whose events pass, in the alphabet's order. */
async function passing(client, narrow) {
  return column(await narrow(events(client)).order('resource_id'), 'resource_id');
}

/** The teams that pass, in the alphabet's order. */
async function named(client, narrow) {
  return column(await narrow(teams(client)).order('name'));
}

export default () =>
  describe('filters', () => {
    both('eq and neq, which null never passes', async ({ admin }) => {
      assert.deepEqual(await passing(admin, (q) => q.eq('processing_latency_ms', 12)), ['aster']);
      assert.deepEqual(await passing(admin, (q) => q.neq('processing_latency_ms', 12)), [
        'birch',
        'dahlia',
      ]);
      assert.deepEqual(
        await named(admin, (q) => q.eq('description', '100% wool, "soft" (and_warm)')),
        ['cedar'],
      );
      assert.deepEqual(await named(admin, (q) => q.neq('is_active', true)), ['cedar']);
    });

    both('gt, gte, lt and lte on numbers', async ({ admin }) => {
      const by = (operator, value) => (q) => q.filter('processing_latency_ms', operator, value);
      assert.deepEqual(await passing(admin, by('gt', 12)), ['dahlia']);
      assert.deepEqual(await passing(admin, by('gte', 12)), ['aster', 'dahlia']);
      assert.deepEqual(await passing(admin, by('lt', 12)), ['birch']);
      assert.deepEqual(await passing(admin, by('lte', 12)), ['aster', 'birch']);
    });

    both('ranges of instants, to the microsecond and in any zone', async ({ admin }) => {
      const from = (instant) => (q) => q.gte('occurred_at', instant);
      assert.deepEqual(await passing(admin, from('2024-02-01T00:00:00.123456Z')), [
        'birch',
        'cedar',
        'dahlia',
      ]);
      assert.deepEqual(await passing(admin, from('2024-02-01T00:00:00.123457Z')), [
        'cedar',
        'dahlia',
      ]);
      assert.deepEqual(await passing(admin, (q) => q.eq('occurred_at', '2024-01-15 12:30:00+02')), [
        'aster',
      ]);
      assert.deepEqual(await passing(admin, (q) => q.lt('occurred_at', '2024-02-29')), [
        'aster',
        'birch',
      ]);
    });

    both('text compares by code point', async ({ admin }) => {
      assert.deepEqual(await named(admin, (q) => q.lt('display_name', 'D')), ['aster', 'birch']);
      assert.deepEqual(await named(admin, (q) => q.gte('description', 'a')), ['dahlia']);
    });

    both('like and ilike, with % and *', async ({ admin }) => {
      assert.deepEqual(await named(admin, (q) => q.like('name', '%i%')), ['birch', 'dahlia']);
      assert.deepEqual(await named(admin, (q) => q.like('name', 'c*')), ['cedar']);
      assert.deepEqual(await named(admin, (q) => q.like('display_name', 'a%')), []);
      assert.deepEqual(await named(admin, (q) => q.ilike('display_name', 'a%')), ['aster']);
      assert.deepEqual(await named(admin, (q) => q.ilike('description', 'üNÏ*')), ['dahlia']);
      assert.deepEqual(await named(admin, (q) => q.like('name', '_____')), [
        'aster',
        'birch',
        'cedar',
      ]);
    });

    both('like takes escaped wildcards for themselves', async ({ admin }) => {
      assert.deepEqual(await named(admin, (q) => q.like('description', '100\\% wool%')), ['cedar']);
      assert.deepEqual(await named(admin, (q) => q.like('description', '%and\\_warm%')), ['cedar']);
      assert.deepEqual(await named(admin, (q) => q.like('description', '%and\\_w_r_)')), ['cedar']);
      refusal(await teams(admin).like('description', 'open\\'), 400, '22025');
    });

    both('likeAnyOf, likeAllOf and their siblings without case', async ({ admin }) => {
      assert.deepEqual(await named(admin, (q) => q.likeAnyOf('name', ['a%', 'c%'])), [
        'aster',
        'cedar',
      ]);
      assert.deepEqual(await named(admin, (q) => q.likeAllOf('name', ['%a%', '%d%'])), [
        'cedar',
        'dahlia',
      ]);
      assert.deepEqual(await named(admin, (q) => q.ilikeAnyOf('display_name', ['A%', 'd%'])), [
        'aster',
        'dahlia',
      ]);
      assert.deepEqual(await named(admin, (q) => q.ilikeAllOf('display_name', ['%h%', '%A'])), [
        'dahlia',
      ]);
    });

    both('eq(any) and its siblings', async ({ admin }) => {
      const by = (operator, value) => (q) => q.filter('processing_latency_ms', operator, value);
      assert.deepEqual(await passing(admin, by('eq(any)', '{7,12}')), ['aster', 'birch']);
      assert.deepEqual(await passing(admin, by('gt(all)', '{7,12}')), ['dahlia']);
      assert.deepEqual(await passing(admin, by('lt(any)', '{8,13}')), ['aster', 'birch']);
    });

    both('in, with values that need quotes', async ({ admin }) => {
      assert.deepEqual(await passing(admin, (q) => q.in('processing_latency_ms', [7, 2500, 9])), [
        'birch',
        'dahlia',
      ]);
      // postgrest-js leaves quotes within values as they are, so they are escaped here.
      const quoted = '("100% wool, \\"soft\\" (and_warm)","Builds the core")';
      assert.deepEqual(await named(admin, (q) => q.filter('description', 'in', quoted)), [
        'aster',
        'cedar',
      ]);
      assert.deepEqual(await named(admin, (q) => q.filter('name', 'in', '()')), []);
      assert.deepEqual(await named(admin, (q) => q.filter('name', 'in', '("aster",birch)')), [
        'aster',
        'birch',
      ]);
    });

    both('not in, which null does not pass either', async ({ admin }) => {
      assert.deepEqual(await passing(admin, (q) => q.notIn('processing_latency_ms', [7, 12])), [
        'dahlia',
      ]);
      assert.deepEqual(await passing(admin, (q) => q.not('processing_latency_ms', 'in', '(7)')), [
        'aster',
        'dahlia',
      ]);
    });

    both('is null, not null, true, false and unknown', async ({ admin }) => {
      assert.deepEqual(await passing(admin, (q) => q.is('processing_latency_ms', null)), ['cedar']);
      assert.deepEqual(
        await passing(admin, (q) => q.filter('processing_latency_ms', 'is', 'not_null')),
        ['aster', 'birch', 'dahlia'],
      );
      assert.deepEqual(await named(admin, (q) => q.is('is_active', true)), [
        'aster',
        'birch',
        'dahlia',
      ]);
      assert.deepEqual(await named(admin, (q) => q.is('is_active', false)), ['cedar']);
      assert.deepEqual(await named(admin, (q) => q.filter('is_active', 'is', 'unknown')), []);
      assert.deepEqual(await named(admin, (q) => q.not('parent_team_id', 'is', null)), [
        'birch',
        'cedar',
        'dahlia',
      ]);
    });

    both('is true only of booleans, and is nothing else', async ({ admin }) => {
      refusal(await teams(admin).is('name', true), 400, '42804');
      refusal(await teams(admin).filter('name', 'is', 'nothing'), 400, 'PGRST100');
    });

    both('isdistinct takes null for a value', async ({ admin }) => {
      assert.deepEqual(await passing(admin, (q) => q.isDistinct('processing_latency_ms', 12)), [
        'birch',
        'cedar',
        'dahlia',
      ]);
      assert.deepEqual(
        await passing(admin, (q) => q.not('processing_latency_ms', 'isdistinct', 12)),
        ['aster'],
      );
    });

    both('cs and cd on documents', async ({ admin }) => {
      assert.deepEqual(await named(admin, (q) => q.contains('settings', { tags: ['api'] })), [
        'aster',
        'birch',
      ]);
      assert.deepEqual(
        await named(admin, (q) => q.contains('settings', { lead: { name: 'Bo' }, level: 1 })),
        ['birch'],
      );
      assert.deepEqual(await named(admin, (q) => q.contains('settings->tags', '["core","api"]')), [
        'aster',
      ]);
      assert.deepEqual(
        await passing(admin, (q) =>
          q.containedBy('details', { kind: 'shrub', height: null, more: 1 }),
        ),
        ['cedar', 'dahlia'],
      );
      assert.deepEqual(await named(admin, (q) => q.not('settings', 'cs', '{"beta":true}')), [
        'birch',
        'cedar',
        'dahlia',
      ]);
    });

    both('cs, cd and ov on lists', async ({ admin }) => {
      const roles = async (narrow) =>
        column(
          await narrow(admin.from('roles').select('name').eq('is_system', true)).order('name'),
        );
      assert.deepEqual(await roles((q) => q.contains('inherits', ['developer', 'analyst'])), [
        'platform_engineer',
      ]);
      assert.deepEqual(
        await roles((q) => q.containedBy('inherits', ['viewer', 'member']).neq('inherits', '{}')),
        ['analyst', 'company_user', 'demo', 'developer', 'member', 'user'],
      );
      assert.deepEqual(await roles((q) => q.overlaps('inherits', ['admin', 'analyst'])), [
        'org:admin',
        'platform_engineer',
        'super_admin',
      ]);
      assert.deepEqual(await roles((q) => q.eq('inherits', '{}')), ['admin', 'viewer']);
      assert.deepEqual(await roles((q) => q.contains('inherits', [])), await roles((q) => q));
      assert.deepEqual(
        await roles((q) => q.filter('inherits', 'in', '("{viewer}","{developer,analyst}")')),
        ['demo', 'member', 'platform_engineer'],
      );
    });

    both(
      'identifiers and addresses compare by value, not by spelling',
      async ({ admin, grove }) => {
        assert.deepEqual(await named(admin, (q) => q.eq('id', grove.cedar.toUpperCase())), [
          'cedar',
        ]);
        assert.deepEqual(await named(admin, (q) => q.eq('parent_team_id', grove.aster)), [
          'birch',
          'cedar',
        ]);
        assert.deepEqual(await passing(admin, (q) => q.eq('ip_address', '2001:0DB8:0:0::1')), [
          'birch',
        ]);
        assert.deepEqual(await passing(admin, (q) => q.eq('ip_address', '192.0.2.1')), ['aster']);
      },
    );

    both('not in front of any operator', async ({ admin }) => {
      assert.deepEqual(await named(admin, (q) => q.not('name', 'eq', 'aster')), [
        'birch',
        'cedar',
        'dahlia',
      ]);
      assert.deepEqual(await named(admin, (q) => q.not('name', 'like', '%a%')), ['birch']);
      assert.deepEqual(await passing(admin, (q) => q.not('processing_latency_ms', 'gt', 7)), [
        'birch',
      ]);
      assert.deepEqual(await passing(admin, (q) => q.not('details', 'cd', '{}')), [
        'aster',
        'birch',
        'cedar',
      ]);
    });

    both('match, and several filters on one column', async ({ admin }) => {
      assert.deepEqual(await named(admin, (q) => q.match({ name: 'aster', is_active: true })), [
        'aster',
      ]);
      assert.deepEqual(await named(admin, (q) => q.gt('name', 'b').lt('name', 'd')), [
        'birch',
        'cedar',
      ]);
      assert.deepEqual(await named(admin, (q) => q.eq('name', 'aster').eq('name', 'birch')), []);
    });

    both('values are values, whatever they look like', async ({ admin }) => {
      for (const text of [
        "'; drop table teams; --",
        'aster" or "1"="1',
        'aster)',
        '%00',
        '\u{1F332}',
        'null',
      ]) {
        assert.deepEqual(await named(admin, (q) => q.eq('name', text)), []);
        assert.deepEqual(await named(admin, (q) => q.in('name', [text])), []);
      }
    });

    both('refuses values that the column can not have', async ({ admin }) => {
      const messages = [
        [
          events(admin).eq('processing_latency_ms', 'many'),
          'invalid input syntax for type bigint: "many"',
        ],
        [teams(admin).eq('id', 'aster'), 'invalid input syntax for type uuid: "aster"'],
        [
          teams(admin).eq('is_active', 'perhaps'),
          'invalid input syntax for type boolean: "perhaps"',
        ],
        [
          events(admin).eq('ip_address', '300.0.0.1'),
          'invalid input syntax for type inet: "300.0.0.1"',
        ],
      ];
      for (const [query, message] of messages) {
        assert.ok(refusal(await query, 400, '22P02').message.includes(message));
      }
      refusal(await events(admin).gt('occurred_at', 'yesterdayish'), 400, '22007');
      refusal(await events(admin).eq('occurred_at', '2024-02-30'), 400, '22008');
      refusal(await events(admin).eq('processing_latency_ms', '9223372036854775808'), 400, '22003');
      refusal(await teams(admin).contains('settings', '{open'), 400, '22P02');
      refusal(await admin.from('roles').select().contains('inherits', '{open'), 400, '22P02');
    });

    both('refuses operators that do not exist, and columns that do not', async ({ admin }) => {
      const operator = refusal(
        await teams(admin).filter('name', 'equals', 'aster'),
        400,
        'PGRST100',
      );
      assert.match(operator.details, /expecting operator \(eq, gt, \.\.\.\)$/);
      const error = refusal(await teams(admin).eq('colour', 'red'), 400, '42703');
      assert.equal(error.message, 'column teams.colour does not exist');
    });

    both('refuses operators that the type lacks', async ({ admin }) => {
      refusal(await events(admin).like('processing_latency_ms', '1%'), 404, '42883');
      refusal(await teams(admin).contains('name', '{a}'), 404, '42883');
      refusal(await teams(admin).overlaps('settings', '{a}'), 404, '42883');
    });

    both('regular expressions', async ({ admin }) => {
      assert.deepEqual(column(await teams(admin).regexMatch('name', '^a'), 'name'), ['aster']);
      assert.deepEqual(column(await teams(admin).regexIMatch('name', '^A'), 'name'), ['aster']);
      assert.deepEqual(column(await teams(admin).regexMatch('name', '^A'), 'name'), []);
      refusal(await teams(admin).regexMatch('name', '(a'), 400, '2201B');
    });

    both('says so where an operator is not served', async ({ admin }) => {
      refusal(await teams(admin).regexMatch('name', '(.)\\1'), 400, 'PGRST127');
      refusal(await teams(admin).regexMatch('name', 'a(?=s)'), 400, 'PGRST127');
    });
  });
