// A demonstration server of its own, on a free port and an empty folder.

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILT_HERE = fileURLToPath(new URL('../../../../target/debug/mainstay', import.meta.url));
const START_SECONDS = 120;
const STOP_SECONDS = 30;
/** Characters of the server's last words that a failure repeats. */
const LAST_WORDS = 4000;

/**
 * Starts `mainstay serve --demo`, where nothing else is said on a free port; gives its address and
 * what `demo.json` says.
 */
export async function startServer(options = [], listen = '127.0.0.1:0') {
  const data = await mkdtemp(join(tmpdir(), 'mainstay-clients-'));
  const binary = resolve(process.env.MAINSTAY_BIN ?? BUILT_HERE);
  const fixed = ['serve', '--demo', '--listen', listen, '--data', data];
  const child = spawn(binary, [...fixed, ...options], {
    cwd: data,
    env: unconfigured(process.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    const code = await stopped(child);
    process.off('exit', kill);
    await rm(data, { recursive: true, force: true });
    if (code !== 0) throw new Error(`the server stopped with ${code}`);
  };
  try {
    const url = await listening(child, binary);
    const demo = JSON.parse(await readFile(join(data, 'demo.json'), 'utf8'));
    return { url, demo, stop };
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
}

/** The environment without anything that would configure the server. */
function unconfigured(environment) {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith('MAINSTAY_'));
  return Object.fromEntries(kept);
}

/** The address that the server says it listens on. */
function listening(child, binary) {
  return new Promise((found, reject) => {
    let said = '';
    const fail = (why) => reject(new Error(`${binary} ${why}\n${said.slice(-LAST_WORDS)}`));
    const timer = setTimeout(
      () => fail(`was not ready in ${START_SECONDS} s`),
      START_SECONDS * 1000,
    );
    const hear = (chunk) => {
      said = (said + chunk).slice(-2 * LAST_WORDS);
      const address = /listening on (http:\/\/\S+)/.exec(said);
      if (!address) return;
      clearTimeout(timer);
      found(address[1].replace(/\/+$/, ''));
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.once('error', (error) => fail(`does not start: ${error.message}`));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      fail(`ended with ${code ?? signal}`);
    });
  });
}

/** Asks the server to stop and waits until it has; gives its exit code. */
async function stopped(child) {
  if (child.exitCode !== null) return child.exitCode;
  if (child.pid === undefined || child.signalCode !== null) return child.signalCode;
  const ended = new Promise((end) => {
    child.once('exit', (code, signal) => end(code ?? signal));
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS * 1000);
  child.kill('SIGTERM');
  const code = await ended;
  clearTimeout(timer);
  return code;
}
