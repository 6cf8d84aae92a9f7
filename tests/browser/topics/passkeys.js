import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { visitor } from '../harness/browser.js';
import { both } from '../harness/engines.js';

/** A device that keeps passkeys and knows its owner. */
const DEVICE = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
};

/** A browser on a device of its own. */
async function owner(engine) {
  const somebody = await visitor(engine);
  const session = await somebody.context.newCDPSession(somebody.page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', { options: DEVICE });
  return somebody;
}

export default () =>
  describe('passkeys', () => {
    both('a person adds a passkey, signs in with it, and takes it away', async (engine) => {
      const [person, ada] = [await engine.person(), await owner(engine)];
      await ada.signIn(person);
      await ada.open('/factors');
      await ada.send({ 'What you call the passkey': 'Laptop' }, 'Add a passkey');
      await ada.inspect();
      await ada.press('Make a passkey');
      assert.equal(await ada.notice(), 'The passkey is added.');
      await ada.inspect();
      await ada.press('Sign out');

      await ada.open('/factors');
      await ada.press('Sign in with a passkey');
      await ada.press('Use your device');
      assert.equal(ada.path(), '/account/acme/factors');
      await ada.press('Remove Laptop');
      assert.equal(await ada.notice(), 'The passkey is gone.');
      await ada.press('Sign out');
      await ada.press('Sign in with a passkey');
      await ada.press('Use your device');
      assert.match(await ada.problem(), /not known here/);
      await ada.close();
    });

    both('a device without a passkey is told, and nothing is sent', async (engine) => {
      const ada = await owner(engine);
      await ada.open('/sign-in');
      await ada.press('Sign in with a passkey');
      await ada.page.getByRole('button', { name: 'Use your device' }).click();
      await ada.page.getByText('gave no answer').waitFor();
      assert.ok(await ada.page.getByRole('button', { name: 'Use your device' }).isEnabled());
      await ada.close();
    });
  });
