import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { startServer } from '../../clients/postgrest/harness/server.js';
import { visitor } from '../harness/browser.js';
import { both, SITE } from '../harness/engines.js';

/** A page of another origin, of the same site, that sends a form. */
async function startOtherPage(action, fields) {
  const inputs = Object.entries(fields).map(([name, text]) => `<input name=${name} value="${text}">`);
  const form = `<form method=post action="${action}">${inputs.join('')}<button>Go</button></form>`;
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(form);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://localhost:${server.address().port}/`, stop: () => server.close() };
}

const tokenOf = (somebody) =>
  somebody.page.locator('input[name=form_token]').first().getAttribute('value');

export default () =>
  describe('forms and cookies', () => {
    both('a form of another origin does nothing, whatever it knows', async (engine) => {
      const [person, ada] = [await engine.person(), await visitor(engine)];
      await ada.signIn(person);
      await ada.open('/devices');
      const fields = { scope: 'all', form_token: await tokenOf(ada) };
      const other = await startOtherPage(`${engine.url}/account/acme/devices/end`, fields);
      await ada.page.goto(other.url);
      await ada.press('Go');
      assert.match(await ada.page.getByRole('main').innerText(), /not sent from these pages/);
      other.stop();
      await ada.open('/devices');
      assert.equal(ada.path(), '/account/acme/devices');
      await ada.close();
    });

    both('a form is of use in its own browser alone', async (engine) => {
      const [person, ada, eve] = [await engine.person(), await visitor(engine), await visitor(engine)];
      await eve.open('/sign-in');
      const foreign = await tokenOf(eve);
      await ada.signIn(person);
      for (const form_token of [foreign, '', 'x']) {
        const form = { scope: 'all', form_token };
        const reply = await ada.context.request.post('/account/acme/devices/end', { form });
        assert.equal(reply.status(), 403);
      }
      await ada.open('/devices');
      assert.equal(ada.path(), '/account/acme/devices');
      for (const somebody of [ada, eve]) await somebody.close();
    });

    both('nobody is led elsewhere than the organisation allows', async (engine) => {
      const person = await engine.person();
      const signIn = async (next) => {
        const ada = await visitor(engine);
        await ada.open(`/sign-in?next=${encodeURIComponent(next)}`);
        const { email, password } = person;
        await ada.send({ 'E-mail address': email, Password: password }, 'Sign in');
        return ada;
      };
      for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:1']) {
        const ada = await signIn(next);
        assert.equal(ada.page.url(), `${engine.url}/account/acme`, next);
        await ada.close();
      }
      const ada = await signIn(`${SITE}/welcome?x=1`);
      const link = ada.page.getByRole('link', { name: /Go on to/ });
      assert.equal(await link.getAttribute('href'), `${SITE}/welcome?x=1`);
      await ada.inspect();
      await ada.close();
    });

    both('a cookie is new with each sign-in, and for no script', async (engine) => {
      const [person, ada] = [await engine.person(), await visitor(engine)];
      const planted = { name: 'mainstay-session', value: 'planted', url: engine.url };
      await ada.context.addCookies([planted]);
      await ada.signIn(person);
      const first = await ada.session();
      assert.notEqual(first.value, planted.value);
      assert.deepEqual([first.httpOnly, first.sameSite, first.path], [true, 'Lax', '/']);
      await ada.press('Sign out');
      await ada.signIn(person);
      assert.notEqual((await ada.session()).value, first.value);
      const reply = await ada.open('/devices');
      const headers = reply.headers();
      assert.equal(headers['cache-control'], 'no-store');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.match(headers['content-security-policy'], /default-src 'none'.*frame-ancestors 'none'/);
      await ada.context.clearCookies();
      await ada.context.addCookies([first]);
      await ada.open('/devices');
      assert.equal(ada.path(), '/account/acme/sign-in');
      await ada.close();
    });

    both('unknown organisations and pages are told', async (engine) => {
      const ada = await visitor(engine);
      await ada.page.goto('/account');
      await ada.inspect();
      await ada.send({ 'Short name of your organisation': 'nobody' }, 'Go on');
      assert.match(await ada.problem(), /no organisation “nobody”/);
      const reply = await ada.page.goto('/account/nobody/sign-in');
      assert.equal(reply.status(), 404);
      await ada.inspect();
      await ada.close();
    });

    test('behind https, cookies are for this host and encrypted connections alone', async () => {
      const server = await startServer(['--public-url', 'https://id.example.com']);
      const reply = await fetch(`${server.url}/account/acme/sign-in`);
      const cookie = reply.headers.get('set-cookie');
      assert.match(cookie, /^__Host-mainstay-visitor=.+; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
      await server.stop();
    });

    test('in plain text over a network there are no pages', async () => {
      const server = await startServer(['--public-url', 'http://id.example.com']);
      const reply = await fetch(`${server.url}/account/acme/sign-in`);
      assert.equal(reply.status, 403);
      assert.equal(reply.headers.get('set-cookie'), null);
      await server.stop();
    });
  });
