import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe } from 'node:test';
import { both, given, PASSWORD } from '../harness/engines.js';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code that an authenticator shows (RFC 6238). */
function code(secret) {
  const bits = [...secret].map((c) => BASE32.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const tag = createHmac('sha1', key).update(step).digest();
  const number = tag.readUInt32BE(tag[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

async function enroll(client, friendlyName) {
  const wanted = { factorType: 'totp', friendlyName, issuer: 'Acme' };
  return (await given(client.mfa.enroll(wanted))).data;
}

export default () =>
  describe('second factors', () => {
    both('a factor is enrolled, shown and taken away', async (engine) => {
      const { client, email } = await engine.person();
      const factor = await enroll(client, 'Phone');
      assert.match(factor.totp.qr_code, /^data:image\/svg\+xml;utf-8,/);
      const level = async () => (await given(client.mfa.getAuthenticatorAssuranceLevel())).data;
      assert.equal((await level()).nextLevel, 'aal1');
      const shown = { factorId: factor.id, code: code(factor.totp.secret) };
      await given(client.mfa.challengeAndVerify(shown));
      assert.deepEqual([(await level()).currentLevel, (await level()).nextLevel], ['aal2', 'aal2']);
      const { totp } = (await given(client.mfa.listFactors())).data;
      assert.deepEqual(totp.map(({ id, status }) => [id, status]), [[factor.id, 'verified']]);

      const other = engine.client();
      await given(other.signInWithPassword({ email, password: PASSWORD }));
      const asked = (await given(other.mfa.getAuthenticatorAssuranceLevel())).data;
      assert.deepEqual([asked.currentLevel, asked.nextLevel], ['aal1', 'aal2']);
      const { error } = await other.mfa.unenroll({ factorId: factor.id });
      assert.equal(error.code, 'insufficient_aal');
      await given(client.mfa.unenroll({ factorId: factor.id }));
      assert.deepEqual((await given(client.mfa.listFactors())).data.all, []);
    });

    both('codes are sent by mail and as text messages', async (engine) => {
      const { client, email } = await engine.person();
      const byMail = (await given(client.mfa.enroll({ factorType: 'email' }))).data;
      const asked = (await given(client.mfa.challenge({ factorId: byMail.id }))).data;
      const mail = await engine.mailbox.next(email);
      const shown = { factorId: byMail.id, challengeId: asked.id, code: mail.code };
      await given(client.mfa.verify(shown));
      const level = (await given(client.mfa.getAuthenticatorAssuranceLevel())).data;
      assert.equal(level.currentLevel, 'aal2');

      // A text message waits in the queue for who carries it; its code is sealed.
      const phone = '+4915112345678';
      const byText = (await given(client.mfa.enroll({ factorType: 'phone', phone }))).data;
      await given(client.mfa.challenge({ factorId: byText.id, channel: 'sms' }));
      const wanted = `recipient=eq.${encodeURIComponent(phone)}`;
      const [message] = await engine.rows(`outbound_messages?${wanted}`);
      assert.equal(message.channel, 'sms');
      assert.match(message.text_body, /^\{\{ code \}\} is your code for /);
      assert.ok(!('secrets' in message), JSON.stringify(message));
    });

    both('a wrong code and an unknown factor are refused', async (engine) => {
      const { client } = await engine.person();
      const { id } = await enroll(client, 'Key');
      const wrong = await client.mfa.challengeAndVerify({ factorId: id, code: '12' });
      assert.equal(wrong.error.code, 'mfa_verification_failed');
      const named = await client.mfa.enroll({ factorType: 'totp', friendlyName: 'Key' });
      assert.equal(named.error.code, 'mfa_factor_name_conflict');
      const factorId = '00000000-0000-8000-8000-000000000000';
      const unknown = await client.mfa.challenge({ factorId });
      assert.equal(unknown.error.code, 'mfa_factor_not_found');
    });
  });
