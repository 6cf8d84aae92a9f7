// Sign-in as @supabase/auth-js sees it: the same tests on both engines, with a real mail server.

import { after, describe } from 'node:test';
import { startEngines, stopEngines } from './harness/engines.js';
import factors from './topics/factors.js';
import links from './topics/links.js';
import passkeys from './topics/passkeys.js';
import people from './topics/people.js';
import providers from './topics/providers.js';
import sessions from './topics/sessions.js';
import signUp from './topics/sign-up.js';

await startEngines();

describe('auth-js', () => {
  after(stopEngines, { timeout: 120_000 });
  for (const topic of [sessions, signUp, links, people, factors, passkeys, providers]) topic();
});
