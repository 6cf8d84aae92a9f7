import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { visitor } from '../harness/browser.js';
import { both } from '../harness/engines.js';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ' +
  'Version/19.0 Mobile/15E148 Safari/604.1';

export default () =>
  describe('devices', () => {
    both('a device that is signed out is out at once', async (engine) => {
      const person = await engine.person();
      const [here, there] = [await visitor(engine), await visitor(engine, { userAgent: IPHONE })];
      for (const somebody of [here, there]) await somebody.signIn(person);
      await here.open('/devices');
      await here.inspect();
      assert.ok(await here.page.getByText('this device').isVisible());
      await here.press('Sign out Safari on iPhone');
      assert.equal(await here.notice(), 'The device is signed out.');
      assert.equal(await here.page.getByText('Safari on iPhone').count(), 0);
      await there.open('/devices');
      assert.equal(there.path(), '/account/acme/sign-in');

      await there.signIn(person);
      await here.open('/devices');
      await here.press('Sign out all others');
      assert.equal(await here.notice(), 'The devices are signed out.');
      await there.open();
      assert.equal(there.path(), '/account/acme/sign-in');
      await here.press('Sign out everywhere');
      assert.equal(here.path(), '/account/acme/sign-in');
      assert.equal(await here.session(), undefined);
      for (const somebody of [here, there]) await somebody.close();
    });
  });
