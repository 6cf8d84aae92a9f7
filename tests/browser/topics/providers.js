import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { visitor } from '../harness/browser.js';
import { both, provider } from '../harness/engines.js';

export default () =>
  describe('providers', () => {
    both('a person comes by a provider, and only where it began', async (engine) => {
      const [email, ada, eve] = [engine.address(), await visitor(engine), await visitor(engine)];
      provider().expect({ sub: email, email, email_verified: true, name: 'Ada' });
      const button = ada.page.getByRole('link', { name: /^Sign in with / });
      await ada.open('/devices');
      // Another browser takes the way back.
      let at = await button.getAttribute('href');
      while (!at.includes('/link?')) {
        const reply = await ada.context.request.get(at, { maxRedirects: 0 });
        at = new URL(reply.headers().location, at).href;
      }
      await eve.page.goto(at);
      assert.match(await eve.problem(), /did not begin in this browser/);
      assert.equal(await eve.session(), undefined);

      await ada.open('/devices');
      await button.click();
      await ada.page.waitForURL(/\/account\/acme\/devices$/);
      await ada.open();
      assert.ok(await ada.page.getByRole('definition').getByText(email).isVisible());
      for (const somebody of [ada, eve]) await somebody.close();
    });
  });
