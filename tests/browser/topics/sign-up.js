import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { visitor } from '../harness/browser.js';
import { both, PASSWORD } from '../harness/engines.js';

export default () =>
  describe('signing up', () => {
    both('a person signs up, confirms the address by its link, and is in', async (engine) => {
      const [ada, email] = [await visitor(engine), engine.address()];
      await ada.page.goto('/account?organization=acme');
      assert.equal(ada.path(), '/account/acme/sign-in');
      await ada.inspect();
      await ada.page.getByRole('link', { name: 'Sign up' }).click();
      await ada.send({ 'Your name': 'Ada', 'E-mail address': email, Password: 'short' }, 'Sign up');
      assert.match(await ada.problem(), /at least 8 characters/);
      assert.ok(await ada.page.getByRole('alert').evaluate((it) => it === document.activeElement));
      await ada.inspect();
      await ada.send({ Password: PASSWORD }, 'Sign up');
      assert.equal(await ada.heading(), 'Look into your mail');
      await ada.inspect();

      const { link } = await engine.mailbox.next(email);
      await ada.page.goto(link);
      assert.ok(await ada.page.getByText(email).isVisible());
      await ada.inspect();
      await ada.press('Confirm the address and sign in');
      assert.equal(ada.path(), '/account/acme');
      await ada.inspect();
      assert.equal(await ada.page.getByLabel('Your name').inputValue(), 'Ada');
      await ada.send({ 'Your name': 'Ada Lovelace' }, 'Save');
      assert.equal(await ada.notice(), 'Your profile is saved.');

      await ada.page.goto(link);
      assert.ok(await ada.page.getByText('was used already').isVisible());
      await ada.press('Sign out');
      assert.equal(await ada.notice(), 'You are signed out.');
      await ada.open('/devices');
      assert.equal(ada.path(), '/account/acme/sign-in');
      await ada.close();
    });

    both('it all works without scripts, and with the code instead of the link', async (engine) => {
      const email = engine.address();
      const ada = await visitor(engine, { javaScriptEnabled: false });
      await ada.open('/sign-up');
      await ada.send({ 'Your name': 'Ada', 'E-mail address': email, Password: PASSWORD }, 'Sign up');
      const { code } = await engine.mailbox.next(email);
      const wrong = code === '000000' ? '000001' : '000000';
      await ada.send({ Code: wrong }, 'Go on');
      assert.match(await ada.problem(), /code is wrong/);
      await ada.send({ Code: code }, 'Go on');
      assert.equal(await ada.heading(), 'Your account');
      await ada.close();
    });

    both('an address that has an account is not told apart', async (engine) => {
      const { email } = await engine.person();
      const told = [];
      for (const address of [email, engine.address()]) {
        const somebody = await visitor(engine);
        await somebody.open('/sign-up');
        await somebody.send({ 'E-mail address': address, Password: PASSWORD }, 'Sign up');
        told.push((await somebody.page.getByRole('main').innerText()).replaceAll(address, ''));
        await somebody.close();
      }
      assert.equal(told[0], told[1]);
    });

    both('a person signs in by a link', async (engine) => {
      const [{ email }, ada] = [await engine.person(), await visitor(engine)];
      await ada.open('/devices');
      await ada.send({ 'Send a link and a code to': email }, 'Send');
      const { link } = await engine.mailbox.next(email);
      await ada.page.goto(link);
      await ada.press('Sign in');
      assert.equal(ada.path(), '/account/acme/devices');
      await ada.close();
    });
  });
