// The whole API as @supabase/supabase-js sees it, and React-admin's data provider: the same tests
// on both engines.

import { after, describe } from 'node:test';
import { startEngines, stopEngines } from './harness/engines.js';
import reactAdmin from './topics/react-admin.js';
import supabase from './topics/supabase.js';

await startEngines();

describe('whole clients', () => {
  after(stopEngines, { timeout: 120_000 });
  supabase();
  reactAdmin();
});
