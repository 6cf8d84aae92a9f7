// The pages under /account as people use them: the same tests on both engines, with a real mail
// server and Chromium.

import { after, describe } from 'node:test';
import { startBrowser, stopBrowser } from './harness/browser.js';
import { startEngines, stopEngines } from './harness/engines.js';
import devices from './topics/devices.js';
import factors from './topics/factors.js';
import forms from './topics/forms.js';
import lockout from './topics/lockout.js';
import organizations from './topics/organizations.js';
import passkeys from './topics/passkeys.js';
import providers from './topics/providers.js';
import recovery from './topics/recovery.js';
import signUp from './topics/sign-up.js';

await startBrowser();
await startEngines();

describe('pages', () => {
  after(
    async () => {
      await stopBrowser();
      await stopEngines();
    },
    { timeout: 120_000 },
  );
  // Failures from one address count together, so those of the last topic come last.
  for (const topic of [
    signUp,
    factors,
    passkeys,
    providers,
    recovery,
    devices,
    organizations,
    forms,
    lockout,
  ]) topic();
});
