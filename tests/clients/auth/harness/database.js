// A fresh database on the PostgreSQL of the test run.

import { randomBytes } from 'node:crypto';
import pg from 'pg';

const VARIABLE = 'MAINSTAY_TEST_POSTGRES';
const OWNER = 'mainstay_owner';
const APP = 'mainstay_app';
/** Names the lock under which concurrent test programs make the roles, as the Rust tests do. */
const ROLES_LOCK = 6027001501;

/** Creates an empty database; gives the options of a server on it, and how to remove it. */
export async function createDatabase() {
  const superuser = process.env[VARIABLE];
  if (!superuser) throw new Error(`${VARIABLE} is not set; run \`cargo xtask test\``);
  const name = `test_${randomBytes(8).toString('hex')}`;
  const as = (role) => {
    const url = new URL(superuser);
    url.username = role;
    url.pathname = `/${name}`;
    return url.href;
  };
  const run = async (work) => {
    const client = new pg.Client({ connectionString: superuser });
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  };
  await run(async (client) => {
    await client.query(roles(client.password));
    await client.query(
      `CREATE DATABASE ${name} OWNER ${OWNER} TEMPLATE template0
       ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`,
    );
  });
  return {
    options: ['--database', as(APP), '--migrate-database', as(OWNER)],
    drop: () => run((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

function roles(password) {
  const literal = password ? pg.escapeLiteral(password) : 'NULL';
  const create = (role) => `
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN
      CREATE ROLE ${role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD ${literal};
    END IF;`;
  return `DO $do$ BEGIN
    PERFORM pg_advisory_xact_lock(${ROLES_LOCK});
    ${create(OWNER)}
    ${create(APP)}
  END $do$`;
}
