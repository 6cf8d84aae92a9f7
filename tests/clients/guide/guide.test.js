// Runs the commands of the guide as they stand there, and compares what they say with what the
// guide says that they say.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const binary = resolve(process.env.MAINSTAY_BIN ?? join(root, 'target/debug/mainstay'));
const run = promisify(execFile);

/** The blocks of the page: their language and text. */
async function blocks() {
  const page = await readFile(join(root, 'docs/guide-shop.md'), 'utf8');
  return [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => ({
    language,
    text,
  }));
}

/** Nothing configures the server but the guide, which listens on a free port here. */
function environment() {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('MAINSTAY_'));
  const path = [dirname(binary), process.env.PATH].join(delimiter);
  return { ...Object.fromEntries(kept), PATH: path, MAINSTAY_LISTEN: '127.0.0.1:0' };
}

/** Starts the server and waits until it listens. */
function serve(command, options) {
  const child = spawn('sh', ['-c', `exec ${command}`], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  return new Promise((ready, fail) => {
    const hear = (chunk) => {
      said += chunk;
      if (/listening on http/.test(said)) ready(child);
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`${command} ended with ${code}\n${said}`)));
  });
}

/** What Ctrl-C does. */
async function interrupt(child) {
  const ended = new Promise((end) => {
    child.once('exit', end);
  });
  child.kill('SIGINT');
  return ended;
}

test('the guide does what it says', { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-guide-'));
  let server;
  try {
    await cp(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
    const options = { cwd: folder, env: environment() };
    let said = '';
    let commands = 0;
    for (const { language, text } of await blocks()) {
      if (language === 'yaml') {
        const files = ['products', 'orders', 'order_lines'].map((name) =>
          readFile(join(folder, `examples/shop/${name}.yaml`), 'utf8'),
        );
        assert.ok((await Promise.all(files)).includes(text), 'a file is as the guide shows it');
      } else if (language === 'js') {
        await writeFile(join(folder, 'shop.mjs'), text);
      } else if (language === 'text') {
        assert.equal(said, text);
      } else if (text.startsWith('mainstay serve ')) {
        server = await serve(text.trim(), options);
      } else {
        if (text.startsWith('mainstay audit verify') && server) {
          assert.equal(await interrupt(server), 0);
          server = undefined;
        }
        said = (await run('sh', ['-ec', text], options)).stdout;
        commands += 1;
      }
    }
    assert.ok(commands >= 4, 'the guide has commands');
  } finally {
    server?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});
