import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { visitor } from '../harness/browser.js';
import { both, provider } from '../harness/engines.js';

export default () =>
  describe('providers', () => {
    both('a person comes by a provider, and only where it began', async (engine) => {
      const [email, ada, eve] = [engine.address(), await visitor(engine), await visitor(engine)];
      provider().expect({ sub: email, email, email_verified: true, name: 'Ada' });
      const arrivals = [];
      ada.page.on('request', (request) => {
        if (request.url().includes('/link?')) arrivals.push(request.url());
      });
      await ada.open('/devices');
      await ada.page.getByRole('link', { name: /^Sign in with / }).click();
      await ada.page.waitForURL(/\/account\/acme\/devices$/);
      assert.equal(arrivals.length, 1);
      await ada.open();
      assert.ok(await ada.page.getByRole('definition').getByText(email).isVisible());

      await eve.page.goto(arrivals[0]);
      assert.match(await eve.problem(), /did not begin in this browser/);
      assert.equal(await eve.session(), undefined);
      for (const somebody of [ada, eve]) await somebody.close();
    });
  });
