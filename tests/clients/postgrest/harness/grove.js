// The records that reading tests share; no test changes them.

const FIXTURE = 'grove';

const TEAMS = [
  {
    name: 'aster',
    display_name: 'Aster',
    description: 'Builds the core',
    settings: { level: 3, tags: ['core', 'api'], lead: { name: 'Ada', city: null }, beta: true },
    metadata: { fixture: FIXTURE, since: 2019 },
  },
  {
    name: 'birch',
    parent: 'aster',
    display_name: 'Birch',
    settings: { level: 1, tags: ['api'], lead: { name: 'Bo', city: 'Bern' }, beta: false },
  },
  {
    name: 'cedar',
    parent: 'aster',
    description: '100% wool, "soft" (and_warm)',
    settings: { level: 10, tags: [], lead: null },
    is_active: false,
  },
  {
    name: 'dahlia',
    parent: 'birch',
    display_name: 'DAHLIA',
    description: 'Ünïcode ☂ straße',
  },
];

const EVENTS = [
  {
    action: 'grove.plant',
    resource_id: 'aster',
    description: 'Planted',
    ip_address: '192.0.2.1',
    processing_latency_ms: 12,
    details: { kind: 'tree', height: 3, tags: ['a', 'b'], by: { name: 'Ada' } },
    occurred_at: '2024-01-15T10:30:00Z',
  },
  {
    action: 'grove.water',
    resource_id: 'birch',
    ip_address: '2001:db8::1',
    processing_latency_ms: 7,
    details: { kind: 'tree', height: 1.5, tags: ['b'] },
    occurred_at: '2024-02-01T00:00:00.123456Z',
  },
  {
    action: 'grove.water',
    resource_id: 'cedar',
    status: 'failure',
    error_message: 'dry',
    details: { kind: 'shrub', height: null },
    occurred_at: '2024-02-29T23:59:59Z',
  },
  {
    action: 'grove.fell',
    resource_id: 'dahlia',
    status: 'error',
    processing_latency_ms: 2500,
    occurred_at: '2024-12-31T23:59:59.999999Z',
  },
];

const MEMBERS = [
  { role: 'admin', team: 'aster', as: 'OWNER' },
  { role: 'viewer', team: 'aster', as: 'MEMBER' },
  { role: 'viewer', team: 'birch', as: 'MAINTAINER' },
];

/** Adds the records at Acme, one after the other; gives the identifiers of teams, by name. */
export async function plantGrove(visit) {
  const { admin } = visit;
  const teams = {};
  for (const { parent, ...team } of TEAMS) {
    const metadata = { fixture: FIXTURE, ...team.metadata };
    const row = { ...team, metadata, parent_team_id: teams[parent] ?? null };
    const { data } = await admin.from('teams').insert(row).select('id').single().throwOnError();
    teams[team.name] = data.id;
  }
  for (const event of EVENTS) {
    await admin
      .from('audit_events')
      .insert({ ...event, resource_type: FIXTURE })
      .throwOnError();
  }
  for (const { role, team, as } of MEMBERS) {
    const member = { user_id: visit.session('acme', role).user.id, team_id: teams[team], role: as };
    await admin.from('team_members').insert(member).throwOnError();
  }
  return teams;
}

/** The four teams: aster, birch, cedar, dahlia. */
export function teams(client, columns = 'name', options) {
  return client.from('teams').select(columns, options).eq('metadata->>fixture', FIXTURE);
}

/** The four events, by the names of their teams. */
export function events(client, columns = 'resource_id', options) {
  return client.from('audit_events').select(columns, options).eq('resource_type', FIXTURE);
}
