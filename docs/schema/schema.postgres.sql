-- The schema of Mainstay on PostgreSQL 15 or newer, for its owner to run in an empty database
-- that has the role of servers. Generated from the entities' declarations.

CREATE SCHEMA IF NOT EXISTS "mainstay";
CREATE OR REPLACE FUNCTION "mainstay"."refuse_transition"()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = concat_ws(':', 'mainstay:transition', TG_TABLE_NAME, TG_ARGV[0],
            to_jsonb(OLD) ->> TG_ARGV[0], coalesce(to_jsonb(NEW) ->> TG_ARGV[0], '')),
        SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = TG_ARGV[0];
END
$$;
CREATE OR REPLACE FUNCTION "mainstay"."refuse_change"()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('app.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION USING
        ERRCODE = 'insufficient_privilege',
        MESSAGE = 'mainstay:append_only:' || TG_TABLE_NAME,
        SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END
$$;
GRANT USAGE ON SCHEMA "mainstay" TO "mainstay_app";

-- The record that migrations keep.
CREATE TABLE IF NOT EXISTS "mainstay"."mainstay_schema_objects" (
    "table_name" text COLLATE "C" NOT NULL,
    "kind" text COLLATE "C" NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "definition" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("table_name", "kind", "name")
);
CREATE TABLE IF NOT EXISTS "mainstay"."mainstay_schema_state" (
    "key" text COLLATE "C" NOT NULL PRIMARY KEY,
    "value" text COLLATE "C" NOT NULL
);
GRANT SELECT ON TABLE "mainstay"."mainstay_schema_objects", "mainstay"."mainstay_schema_state" TO "mainstay_app";

-- mainstay.organizations (identity)
CREATE TABLE "mainstay"."organizations" (
    "id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "slug" text COLLATE "C" NOT NULL,
    "primary_domain" text COLLATE "C",
    "additional_domains" text[] COLLATE "C",
    "max_seats" integer,
    "max_domains" integer,
    "settings" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "is_active" boolean NOT NULL DEFAULT true,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    CONSTRAINT "organizations_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "organizations_slug_key" UNIQUE ("slug"),
    CONSTRAINT "organizations_primary_domain_key" UNIQUE ("primary_domain"),
    CONSTRAINT "organizations_max_domains_check" CHECK ("max_domains" >= 1),
    CONSTRAINT "organizations_max_seats_check" CHECK ("max_seats" >= 1),
    CONSTRAINT "organizations_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "organizations_primary_domain_check" CHECK (char_length("primary_domain") <= 253),
    CONSTRAINT "organizations_slug_check" CHECK (char_length("slug") <= 63),
    CONSTRAINT "organizations_slug_form_check" CHECK (slug = lower(slug) and length(slug) >= 2)
);
ALTER TABLE "mainstay"."organizations" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."organizations" FOR SELECT USING ("id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."organizations" FOR INSERT WITH CHECK ("id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."organizations" FOR UPDATE USING ("id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."organizations" FOR DELETE USING ("id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."organizations" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."organizations" IS 'A company, institution or customer: the tenant that owns records.';
COMMENT ON COLUMN "mainstay"."organizations"."id" IS 'Identifier.';
COMMENT ON COLUMN "mainstay"."organizations"."name" IS 'The name that members see.';
COMMENT ON COLUMN "mainstay"."organizations"."slug" IS 'The short name in addresses; lower case.';
COMMENT ON COLUMN "mainstay"."organizations"."primary_domain" IS 'The domain whose addresses belong to it.';
COMMENT ON COLUMN "mainstay"."organizations"."additional_domains" IS 'Further domains.';
COMMENT ON COLUMN "mainstay"."organizations"."max_seats" IS 'Most members it may have; none means no limit (S2-B50).';
COMMENT ON COLUMN "mainstay"."organizations"."max_domains" IS 'Most domains it may have; none means no limit (S2-B50).';
COMMENT ON COLUMN "mainstay"."organizations"."settings" IS 'Settings of the organisation.';
COMMENT ON COLUMN "mainstay"."organizations"."metadata" IS 'Whatever integrations keep beside it.';
COMMENT ON COLUMN "mainstay"."organizations"."is_active" IS 'Whether its members may work.';
COMMENT ON COLUMN "mainstay"."organizations"."created_at" IS 'When it was made.';
COMMENT ON COLUMN "mainstay"."organizations"."updated_at" IS 'When it last changed.';
COMMENT ON COLUMN "mainstay"."organizations"."deleted_at" IS 'When it was deleted.';

-- mainstay.users (identity)
CREATE TABLE "mainstay"."users" (
    "id" uuid NOT NULL,
    "email" text COLLATE "C" NOT NULL,
    "username" text COLLATE "C",
    "status" text COLLATE "C" NOT NULL DEFAULT 'active',
    "is_active" boolean NOT NULL DEFAULT true,
    "is_platform_admin" boolean NOT NULL DEFAULT false,
    "email_verified" boolean NOT NULL DEFAULT false,
    "email_verified_at" timestamptz,
    "failed_login_attempts" integer NOT NULL DEFAULT 0,
    "locked_until" timestamptz,
    "must_change_password" boolean NOT NULL DEFAULT false,
    "last_password_change_at" timestamptz,
    "last_login_at" timestamptz,
    "last_login_ip" inet,
    "expires_at" timestamptz,
    "metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "users_email_key" UNIQUE ("email"),
    CONSTRAINT "users_username_key" UNIQUE ("username"),
    CONSTRAINT "users_email_check" CHECK (char_length("email") <= 320),
    CONSTRAINT "users_email_form_check" CHECK (email = lower(email)),
    CONSTRAINT "users_failed_login_attempts_check" CHECK ("failed_login_attempts" >= 0),
    CONSTRAINT "users_status_check" CHECK ("status" IN ('pending_verification', 'active', 'locked', 'suspended')),
    CONSTRAINT "users_username_check" CHECK (char_length("username") <= 100)
);
CREATE INDEX "users_status_idx" ON "mainstay"."users" ("status");
CREATE TRIGGER "users_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."users" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending_verification' THEN NEW."status" IN ('active', 'suspended') WHEN 'active' THEN NEW."status" IN ('locked', 'suspended') WHEN 'locked' THEN NEW."status" IN ('active', 'suspended') WHEN 'suspended' THEN NEW."status" IN ('active') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."users" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."users" FOR SELECT USING ("id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."users" FOR INSERT WITH CHECK ("id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."users" FOR UPDATE USING ("id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."users" FOR DELETE USING ("id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."users" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."users" IS 'A person''s account, one per person on the whole platform.';
COMMENT ON COLUMN "mainstay"."users"."id" IS 'Identifier.';
COMMENT ON COLUMN "mainstay"."users"."email" IS 'The address that names the account; lower case, unique over the platform.';
COMMENT ON COLUMN "mainstay"."users"."username" IS 'Another name to sign in with.';
COMMENT ON COLUMN "mainstay"."users"."status" IS 'Where the account stands.';
COMMENT ON COLUMN "mainstay"."users"."is_active" IS 'Whether the account may be used at all.';
COMMENT ON COLUMN "mainstay"."users"."is_platform_admin" IS 'Administers the installation itself, not one organisation.';
COMMENT ON COLUMN "mainstay"."users"."email_verified" IS 'Whether the address is the person''s own.';
COMMENT ON COLUMN "mainstay"."users"."email_verified_at" IS 'When that was shown.';
COMMENT ON COLUMN "mainstay"."users"."failed_login_attempts" IS 'Failed sign-ins since the last good one.';
COMMENT ON COLUMN "mainstay"."users"."locked_until" IS 'No sign-in before this time.';
COMMENT ON COLUMN "mainstay"."users"."must_change_password" IS 'The next sign-in asks for a new password.';
COMMENT ON COLUMN "mainstay"."users"."last_password_change_at" IS 'When the password was last changed.';
COMMENT ON COLUMN "mainstay"."users"."last_login_at" IS 'When the person last signed in.';
COMMENT ON COLUMN "mainstay"."users"."last_login_ip" IS 'From where.';
COMMENT ON COLUMN "mainstay"."users"."expires_at" IS 'The account ends then (demonstration accounts, S2-B44).';
COMMENT ON COLUMN "mainstay"."users"."metadata" IS 'Whatever the product keeps beside the account.';
COMMENT ON COLUMN "mainstay"."users"."created_at" IS 'When it was made.';
COMMENT ON COLUMN "mainstay"."users"."updated_at" IS 'When it last changed.';
COMMENT ON COLUMN "mainstay"."users"."deleted_at" IS 'When it was deleted.';

-- mainstay.organization_members (identity)
CREATE TABLE "mainstay"."organization_members" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active',
    "display_name" text COLLATE "C",
    "email" text COLLATE "C",
    "joined_at" timestamptz NOT NULL DEFAULT now(),
    "left_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "organization_members_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "organization_members_user_id_key" UNIQUE ("organization_id", "user_id"),
    CONSTRAINT "organization_members_display_name_check" CHECK (char_length("display_name") <= 255),
    CONSTRAINT "organization_members_email_check" CHECK (char_length("email") <= 320),
    CONSTRAINT "organization_members_status_check" CHECK ("status" IN ('invited', 'active', 'suspended', 'left'))
);
CREATE INDEX "organization_members_status_idx" ON "mainstay"."organization_members" ("organization_id", "status");
CREATE INDEX "organization_members_user_id_idx" ON "mainstay"."organization_members" ("organization_id", "user_id");
CREATE INDEX "organization_members_user_id_idx1" ON "mainstay"."organization_members" ("user_id");
CREATE TRIGGER "organization_members_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."organization_members" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'invited' THEN NEW."status" IN ('active', 'left') WHEN 'active' THEN NEW."status" IN ('suspended', 'left') WHEN 'suspended' THEN NEW."status" IN ('active', 'left') WHEN 'left' THEN NEW."status" IN ('invited', 'active') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."organization_members" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."organization_members" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."organization_members" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."organization_members" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."organization_members" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."organization_members" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."organization_members" IS 'A person''s membership in an organisation; what records refer to when they name a person.';
COMMENT ON COLUMN "mainstay"."organization_members"."id" IS 'Identifier.';
COMMENT ON COLUMN "mainstay"."organization_members"."organization_id" IS 'The organisation that it belongs to.';
COMMENT ON COLUMN "mainstay"."organization_members"."user_id" IS 'The person.';
COMMENT ON COLUMN "mainstay"."organization_members"."status" IS 'Where the membership stands.';
COMMENT ON COLUMN "mainstay"."organization_members"."display_name" IS 'The name under which colleagues know the person.';
COMMENT ON COLUMN "mainstay"."organization_members"."email" IS 'The address at which the organisation reaches the person.';
COMMENT ON COLUMN "mainstay"."organization_members"."joined_at" IS 'When the person joined.';
COMMENT ON COLUMN "mainstay"."organization_members"."left_at" IS 'When the person left.';
COMMENT ON COLUMN "mainstay"."organization_members"."created_at" IS 'When it was made.';
COMMENT ON COLUMN "mainstay"."organization_members"."updated_at" IS 'When it last changed.';

-- mainstay.user_accounts (identity)
CREATE TABLE "mainstay"."user_accounts" (
    "id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "provider" text COLLATE "C" NOT NULL,
    "provider_account_id" text COLLATE "C",
    "password_hash" text COLLATE "C",
    "access_token" bytea,
    "refresh_token" bytea,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "user_accounts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "user_accounts_user_id_provider_key" UNIQUE ("user_id", "provider"),
    CONSTRAINT "user_accounts_provider_provider_account_id_key" UNIQUE ("provider", "provider_account_id"),
    CONSTRAINT "user_accounts_password_hash_check" CHECK (char_length("password_hash") <= 255),
    CONSTRAINT "user_accounts_provider_account_id_check" CHECK (char_length("provider_account_id") <= 255),
    CONSTRAINT "user_accounts_provider_check" CHECK (char_length("provider") <= 50)
);
ALTER TABLE "mainstay"."user_accounts" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."user_accounts" FOR SELECT USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."user_accounts" FOR INSERT WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."user_accounts" FOR UPDATE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."user_accounts" FOR DELETE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."user_accounts" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."user_accounts" IS 'One way to sign in: a password, or an account at another provider.';
COMMENT ON COLUMN "mainstay"."user_accounts"."id" IS 'Identifies the row.';
COMMENT ON COLUMN "mainstay"."user_accounts"."user_id" IS 'The person.';
COMMENT ON COLUMN "mainstay"."user_accounts"."provider" IS '`password`, or the provider''s name.';
COMMENT ON COLUMN "mainstay"."user_accounts"."provider_account_id" IS 'The person''s identifier there.';
COMMENT ON COLUMN "mainstay"."user_accounts"."password_hash" IS 'The password''s hash in PHC form.';
COMMENT ON COLUMN "mainstay"."user_accounts"."access_token" IS 'The provider''s access token.';
COMMENT ON COLUMN "mainstay"."user_accounts"."refresh_token" IS 'The provider''s refresh token.';
COMMENT ON COLUMN "mainstay"."user_accounts"."created_at" IS 'When it was added.';
COMMENT ON COLUMN "mainstay"."user_accounts"."updated_at" IS 'When it last changed.';

-- mainstay.permissions (identity)
CREATE TABLE "mainstay"."permissions" (
    "id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "resource" text COLLATE "C" NOT NULL,
    "action" text COLLATE "C" NOT NULL,
    "conditions" jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "permissions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "permissions_name_key" UNIQUE ("name"),
    CONSTRAINT "permissions_resource_action_key" UNIQUE ("resource", "action"),
    CONSTRAINT "permissions_action_check" CHECK (char_length("action") <= 100),
    CONSTRAINT "permissions_description_check" CHECK (char_length("description") <= 1000),
    CONSTRAINT "permissions_name_check" CHECK (char_length("name") <= 200),
    CONSTRAINT "permissions_resource_check" CHECK (char_length("resource") <= 100)
);
ALTER TABLE "mainstay"."permissions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."permissions" FOR SELECT USING (TRUE);
CREATE POLICY "insert" ON "mainstay"."permissions" FOR INSERT WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."permissions" FOR UPDATE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."permissions" FOR DELETE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."permissions" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."permissions" IS 'Something that can be allowed: an action on a kind of record (S3-B149).';
COMMENT ON COLUMN "mainstay"."permissions"."id" IS 'Identifier.';
COMMENT ON COLUMN "mainstay"."permissions"."name" IS '`resource:action`.';
COMMENT ON COLUMN "mainstay"."permissions"."description" IS 'What it allows.';
COMMENT ON COLUMN "mainstay"."permissions"."resource" IS 'The table or surface; `*` is every one.';
COMMENT ON COLUMN "mainstay"."permissions"."action" IS 'What may be done; `*` is everything.';
COMMENT ON COLUMN "mainstay"."permissions"."conditions" IS 'When it holds; nothing means always.';
COMMENT ON COLUMN "mainstay"."permissions"."created_at" IS 'When it was made.';

-- mainstay.roles (identity)
CREATE TABLE "mainstay"."roles" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "inherits" text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
    "is_system" boolean NOT NULL DEFAULT false,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "roles_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "roles_name_key" UNIQUE ("organization_id", "name"),
    CONSTRAINT "roles_description_check" CHECK (char_length("description") <= 1000),
    CONSTRAINT "roles_name_check" CHECK (char_length("name") <= 100)
);
ALTER TABLE "mainstay"."roles" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."roles" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."roles" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."roles" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."roles" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."roles" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."roles" IS 'A named set of permissions of one organisation (S4-B47).';
COMMENT ON COLUMN "mainstay"."roles"."id" IS 'Identifier.';
COMMENT ON COLUMN "mainstay"."roles"."organization_id" IS 'The organisation that it belongs to.';
COMMENT ON COLUMN "mainstay"."roles"."name" IS 'The name by which it is assigned and inherited.';
COMMENT ON COLUMN "mainstay"."roles"."description" IS 'What it is for.';
COMMENT ON COLUMN "mainstay"."roles"."inherits" IS 'Names of roles whose permissions it has too (S4-B49).';
COMMENT ON COLUMN "mainstay"."roles"."is_system" IS 'Shipped with the product; can''t be removed.';
COMMENT ON COLUMN "mainstay"."roles"."created_at" IS 'When it was made.';
COMMENT ON COLUMN "mainstay"."roles"."updated_at" IS 'When it last changed.';

-- mainstay.role_permissions (identity)
CREATE TABLE "mainstay"."role_permissions" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "role_id" uuid NOT NULL,
    "permission_id" uuid NOT NULL,
    "conditions" jsonb,
    "granted_at" timestamptz NOT NULL DEFAULT now(),
    "granted_by" uuid,
    CONSTRAINT "role_permissions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "role_permissions_role_id_permission_id_key" UNIQUE ("organization_id", "role_id", "permission_id")
);
CREATE INDEX "role_permissions_permission_id_idx" ON "mainstay"."role_permissions" ("permission_id");
CREATE INDEX "role_permissions_granted_by_idx" ON "mainstay"."role_permissions" ("organization_id", "granted_by");
ALTER TABLE "mainstay"."role_permissions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."role_permissions" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."role_permissions" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."role_permissions" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."role_permissions" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."role_permissions" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."role_permissions" IS 'A permission that a role has.';
COMMENT ON COLUMN "mainstay"."role_permissions"."id" IS 'Identifier.';
COMMENT ON COLUMN "mainstay"."role_permissions"."organization_id" IS 'The organisation that it belongs to.';
COMMENT ON COLUMN "mainstay"."role_permissions"."role_id" IS 'The role.';
COMMENT ON COLUMN "mainstay"."role_permissions"."permission_id" IS 'The permission.';
COMMENT ON COLUMN "mainstay"."role_permissions"."conditions" IS 'When it holds; nothing means always.';
COMMENT ON COLUMN "mainstay"."role_permissions"."granted_at" IS 'When it was granted.';
COMMENT ON COLUMN "mainstay"."role_permissions"."granted_by" IS 'Who granted it; nothing means the system.';

-- mainstay.user_roles (identity)
CREATE TABLE "mainstay"."user_roles" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "role_id" uuid NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active',
    "assigned_at" timestamptz NOT NULL DEFAULT now(),
    "assigned_by" uuid,
    "expires_at" timestamptz,
    CONSTRAINT "user_roles_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "user_roles_user_id_role_id_key" UNIQUE ("organization_id", "user_id", "role_id"),
    CONSTRAINT "user_roles_status_check" CHECK ("status" IN ('active', 'expired', 'revoked'))
);
CREATE INDEX "user_roles_role_id_idx" ON "mainstay"."user_roles" ("organization_id", "role_id");
CREATE INDEX "user_roles_assigned_by_idx" ON "mainstay"."user_roles" ("organization_id", "assigned_by");
CREATE TRIGGER "user_roles_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."user_roles" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'active' THEN NEW."status" IN ('expired', 'revoked') WHEN 'expired' THEN NEW."status" IN ('active') WHEN 'revoked' THEN NEW."status" IN ('active') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."user_roles" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."user_roles" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."user_roles" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."user_roles" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."user_roles" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."user_roles" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."user_roles" IS 'A role that a member has, for good or for a time (S3-B149).';
COMMENT ON COLUMN "mainstay"."user_roles"."id" IS 'Identifier.';
COMMENT ON COLUMN "mainstay"."user_roles"."organization_id" IS 'The organisation that it belongs to.';
COMMENT ON COLUMN "mainstay"."user_roles"."user_id" IS 'The member, by user.';
COMMENT ON COLUMN "mainstay"."user_roles"."role_id" IS 'The role.';
COMMENT ON COLUMN "mainstay"."user_roles"."status" IS 'Where the assignment stands.';
COMMENT ON COLUMN "mainstay"."user_roles"."assigned_at" IS 'When it was assigned.';
COMMENT ON COLUMN "mainstay"."user_roles"."assigned_by" IS 'Who assigned it; nothing means the system.';
COMMENT ON COLUMN "mainstay"."user_roles"."expires_at" IS 'It ends then.';

-- mainstay.teams (identity)
CREATE TABLE "mainstay"."teams" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "display_name" text COLLATE "C",
    "description" text COLLATE "C",
    "avatar" text COLLATE "C",
    "parent_team_id" uuid,
    "settings" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "is_active" boolean NOT NULL DEFAULT true,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    CONSTRAINT "teams_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "teams_name_key" UNIQUE ("organization_id", "name"),
    CONSTRAINT "teams_avatar_check" CHECK (char_length("avatar") <= 2000),
    CONSTRAINT "teams_description_check" CHECK (char_length("description") <= 2000),
    CONSTRAINT "teams_display_name_check" CHECK (char_length("display_name") <= 255),
    CONSTRAINT "teams_name_check" CHECK (char_length("name") <= 100),
    CONSTRAINT "teams_own_parent_check" CHECK (parent_team_id <> id)
);
CREATE INDEX "teams_parent_team_id_idx" ON "mainstay"."teams" ("organization_id", "parent_team_id");
ALTER TABLE "mainstay"."teams" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."teams" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."teams" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."teams" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."teams" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."teams" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."teams" IS 'A group of members inside an organisation.';
COMMENT ON COLUMN "mainstay"."teams"."id" IS 'Identifier.';
COMMENT ON COLUMN "mainstay"."teams"."organization_id" IS 'The organisation that it belongs to.';
COMMENT ON COLUMN "mainstay"."teams"."name" IS 'The name that identifies it.';
COMMENT ON COLUMN "mainstay"."teams"."display_name" IS 'The name that people see.';
COMMENT ON COLUMN "mainstay"."teams"."description" IS 'What it does.';
COMMENT ON COLUMN "mainstay"."teams"."avatar" IS 'Address of its picture.';
COMMENT ON COLUMN "mainstay"."teams"."parent_team_id" IS 'The team that it belongs to.';
COMMENT ON COLUMN "mainstay"."teams"."settings" IS 'Settings of the team.';
COMMENT ON COLUMN "mainstay"."teams"."metadata" IS 'Whatever integrations keep beside it.';
COMMENT ON COLUMN "mainstay"."teams"."is_active" IS 'Whether it works.';
COMMENT ON COLUMN "mainstay"."teams"."created_at" IS 'When it was made.';
COMMENT ON COLUMN "mainstay"."teams"."updated_at" IS 'When it last changed.';
COMMENT ON COLUMN "mainstay"."teams"."deleted_at" IS 'When it was deleted.';

-- mainstay.team_members (identity)
CREATE TABLE "mainstay"."team_members" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "team_id" uuid NOT NULL,
    "role" text COLLATE "C" NOT NULL DEFAULT 'MEMBER',
    "joined_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "team_members_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "team_members_user_id_team_id_key" UNIQUE ("organization_id", "user_id", "team_id"),
    CONSTRAINT "team_members_role_check" CHECK ("role" IN ('OWNER', 'MAINTAINER', 'MEMBER'))
);
CREATE INDEX "team_members_team_id_idx" ON "mainstay"."team_members" ("organization_id", "team_id");
ALTER TABLE "mainstay"."team_members" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."team_members" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."team_members" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."team_members" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."team_members" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."team_members" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."team_members" IS 'A member of a team.';
COMMENT ON COLUMN "mainstay"."team_members"."id" IS 'Identifier.';
COMMENT ON COLUMN "mainstay"."team_members"."organization_id" IS 'The organisation that it belongs to.';
COMMENT ON COLUMN "mainstay"."team_members"."user_id" IS 'The member, by user.';
COMMENT ON COLUMN "mainstay"."team_members"."team_id" IS 'The team.';
COMMENT ON COLUMN "mainstay"."team_members"."role" IS 'What the member does there.';
COMMENT ON COLUMN "mainstay"."team_members"."joined_at" IS 'When the member joined.';

-- mainstay.sessions (identity)
CREATE TABLE "mainstay"."sessions" (
    "id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "organization_id" uuid,
    "token_hash" bytea,
    "refresh_token_hash" bytea NOT NULL,
    "ip_address" inet,
    "user_agent" text COLLATE "C",
    "device_id" text COLLATE "C",
    "device_name" text COLLATE "C",
    "device_type" text COLLATE "C",
    "location" text COLLATE "C",
    "expires_at" timestamptz NOT NULL,
    "refresh_expires_at" timestamptz NOT NULL,
    "last_activity_at" timestamptz NOT NULL,
    "is_active" boolean NOT NULL DEFAULT true,
    "revoked_at" timestamptz,
    "revoked_reason" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "sessions_refresh_token_hash_key" UNIQUE ("refresh_token_hash"),
    CONSTRAINT "sessions_device_id_check" CHECK (char_length("device_id") <= 255),
    CONSTRAINT "sessions_device_name_check" CHECK (char_length("device_name") <= 255),
    CONSTRAINT "sessions_device_type_check" CHECK (char_length("device_type") <= 50),
    CONSTRAINT "sessions_location_check" CHECK (char_length("location") <= 255),
    CONSTRAINT "sessions_revoked_reason_check" CHECK (char_length("revoked_reason") <= 255),
    CONSTRAINT "sessions_user_agent_check" CHECK (char_length("user_agent") <= 1000)
);
CREATE INDEX "sessions_user_id_is_active_idx" ON "mainstay"."sessions" ("user_id", "is_active");
CREATE INDEX "sessions_expires_at_idx" ON "mainstay"."sessions" ("expires_at");
CREATE INDEX "sessions_organization_id_idx" ON "mainstay"."sessions" ("organization_id");
ALTER TABLE "mainstay"."sessions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."sessions" FOR SELECT USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."sessions" FOR INSERT WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."sessions" FOR UPDATE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."sessions" FOR DELETE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."sessions" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."sessions" IS 'A person signed in at one device (S1-B40, S2-B3). Tokens are kept as hashes alone.';
COMMENT ON COLUMN "mainstay"."sessions"."id" IS 'Identifies the session; named in access tokens.';
COMMENT ON COLUMN "mainstay"."sessions"."user_id" IS 'The person.';
COMMENT ON COLUMN "mainstay"."sessions"."organization_id" IS 'The organisation that the person chose; none when there was nothing to choose from.';
COMMENT ON COLUMN "mainstay"."sessions"."token_hash" IS 'SHA-256 of the access token issued last.';
COMMENT ON COLUMN "mainstay"."sessions"."refresh_token_hash" IS 'SHA-256 of the refresh token.';
COMMENT ON COLUMN "mainstay"."sessions"."ip_address" IS 'Where the person signed in from.';
COMMENT ON COLUMN "mainstay"."sessions"."user_agent" IS 'The client''s program.';
COMMENT ON COLUMN "mainstay"."sessions"."device_id" IS 'The device, as the client names it.';
COMMENT ON COLUMN "mainstay"."sessions"."device_name" IS 'What the person calls the device.';
COMMENT ON COLUMN "mainstay"."sessions"."device_type" IS 'What kind of device.';
COMMENT ON COLUMN "mainstay"."sessions"."location" IS 'Roughly where the address is.';
COMMENT ON COLUMN "mainstay"."sessions"."expires_at" IS 'The session ends then.';
COMMENT ON COLUMN "mainstay"."sessions"."refresh_expires_at" IS 'The refresh token ends then.';
COMMENT ON COLUMN "mainstay"."sessions"."last_activity_at" IS 'When it was last used.';
COMMENT ON COLUMN "mainstay"."sessions"."is_active" IS 'Whether it may be used.';
COMMENT ON COLUMN "mainstay"."sessions"."revoked_at" IS 'When it was ended.';
COMMENT ON COLUMN "mainstay"."sessions"."revoked_reason" IS 'Why it was ended.';
COMMENT ON COLUMN "mainstay"."sessions"."created_at" IS 'When it began.';

-- mainstay.api_keys (identity)
CREATE TABLE "mainstay"."api_keys" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid,
    "team_id" uuid,
    "name" text COLLATE "C" NOT NULL,
    "key_hash" bytea NOT NULL,
    "key_prefix" text COLLATE "C" NOT NULL,
    "scopes" text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
    "rate_limit_per_hour" integer,
    "allowed_ips" text[] COLLATE "C",
    "allowed_origins" text[] COLLATE "C",
    "last_used_at" timestamptz,
    "last_used_ip" inet,
    "usage_count" bigint NOT NULL DEFAULT 0,
    "expires_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    "revoked_at" timestamptz,
    "revoked_reason" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "api_keys_key_hash_key" UNIQUE ("organization_id", "key_hash"),
    CONSTRAINT "api_keys_key_prefix_check" CHECK (char_length("key_prefix") <= 40),
    CONSTRAINT "api_keys_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "api_keys_one_owner_check" CHECK (user_id is null or team_id is null),
    CONSTRAINT "api_keys_rate_limit_per_hour_check" CHECK ("rate_limit_per_hour" >= 1),
    CONSTRAINT "api_keys_revoked_reason_check" CHECK (char_length("revoked_reason") <= 255)
);
CREATE INDEX "api_keys_user_id_idx" ON "mainstay"."api_keys" ("organization_id", "user_id");
CREATE INDEX "api_keys_team_id_idx" ON "mainstay"."api_keys" ("organization_id", "team_id");
ALTER TABLE "mainstay"."api_keys" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."api_keys" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."api_keys" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."api_keys" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."api_keys" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."api_keys" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."api_keys" IS 'A key of a program, with what it may do (S1-B41, S2-B45).';
COMMENT ON COLUMN "mainstay"."api_keys"."id" IS 'Identifies the key in audit events.';
COMMENT ON COLUMN "mainstay"."api_keys"."organization_id" IS 'The organisation that it works in.';
COMMENT ON COLUMN "mainstay"."api_keys"."user_id" IS 'The member that it belongs to.';
COMMENT ON COLUMN "mainstay"."api_keys"."team_id" IS 'The team that it belongs to.';
COMMENT ON COLUMN "mainstay"."api_keys"."name" IS 'What it is for.';
COMMENT ON COLUMN "mainstay"."api_keys"."key_hash" IS 'SHA-256 of the key.';
COMMENT ON COLUMN "mainstay"."api_keys"."key_prefix" IS 'The key''s first characters.';
COMMENT ON COLUMN "mainstay"."api_keys"."scopes" IS 'What it may do, each `resource:action`.';
COMMENT ON COLUMN "mainstay"."api_keys"."rate_limit_per_hour" IS 'Most requests an hour; none means no limit.';
COMMENT ON COLUMN "mainstay"."api_keys"."allowed_ips" IS 'Addresses or networks that may use it; none means any.';
COMMENT ON COLUMN "mainstay"."api_keys"."allowed_origins" IS 'Origins that may use it; none means any.';
COMMENT ON COLUMN "mainstay"."api_keys"."last_used_at" IS 'When it was last used.';
COMMENT ON COLUMN "mainstay"."api_keys"."last_used_ip" IS 'From where.';
COMMENT ON COLUMN "mainstay"."api_keys"."usage_count" IS 'How often it was used.';
COMMENT ON COLUMN "mainstay"."api_keys"."expires_at" IS 'It ends then.';
COMMENT ON COLUMN "mainstay"."api_keys"."is_active" IS 'Whether it may be used.';
COMMENT ON COLUMN "mainstay"."api_keys"."revoked_at" IS 'When it was withdrawn.';
COMMENT ON COLUMN "mainstay"."api_keys"."revoked_reason" IS 'Why it was withdrawn.';
COMMENT ON COLUMN "mainstay"."api_keys"."created_at" IS 'When it was made.';

-- mainstay.policy_versions (identity)
CREATE TABLE "mainstay"."policy_versions" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "version" uuid NOT NULL,
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "policy_versions_pkey" PRIMARY KEY ("organization_id", "id")
);
CREATE INDEX "policy_versions_updated_at_idx" ON "mainstay"."policy_versions" ("organization_id", "updated_at");
ALTER TABLE "mainstay"."policy_versions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."policy_versions" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."policy_versions" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."policy_versions" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."policy_versions" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."policy_versions" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."policy_versions" IS 'Says when who may do what last changed in an organisation; servers watch it and forget what they have cached.';
COMMENT ON COLUMN "mainstay"."policy_versions"."id" IS 'The organisation''s own identifier: one row each.';
COMMENT ON COLUMN "mainstay"."policy_versions"."organization_id" IS 'The organisation, or the nil identifier for the platform.';
COMMENT ON COLUMN "mainstay"."policy_versions"."version" IS 'Differs after each change.';
COMMENT ON COLUMN "mainstay"."policy_versions"."updated_at" IS 'When it last changed.';

-- mainstay.vault_keys (identity)
CREATE TABLE "mainstay"."vault_keys" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "purpose" text COLLATE "C" NOT NULL,
    "subject_id" uuid,
    "wrapped" bytea NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "vault_keys_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "vault_keys_purpose_subject_id_key" UNIQUE NULLS NOT DISTINCT ("organization_id", "purpose", "subject_id"),
    CONSTRAINT "vault_keys_purpose_check" CHECK ("purpose" IN ('tenant', 'subject', 'blind_index'))
);
ALTER TABLE "mainstay"."vault_keys" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."vault_keys" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."vault_keys" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."vault_keys" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."vault_keys" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."vault_keys" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."vault_keys" IS 'A data key of an organisation, wrapped by the master key.';
COMMENT ON COLUMN "mainstay"."vault_keys"."id" IS 'Identifies the row.';
COMMENT ON COLUMN "mainstay"."vault_keys"."organization_id" IS 'The organisation, or the nil identifier for the platform.';
COMMENT ON COLUMN "mainstay"."vault_keys"."purpose" IS 'What it is for.';
COMMENT ON COLUMN "mainstay"."vault_keys"."subject_id" IS 'The person, for a subject''s key.';
COMMENT ON COLUMN "mainstay"."vault_keys"."wrapped" IS 'The wrapped key.';
COMMENT ON COLUMN "mainstay"."vault_keys"."created_at" IS 'When it was made.';

-- mainstay.audit_events (audit)
CREATE TABLE "mainstay"."audit_events" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "actor_id" text COLLATE "C",
    "action" text COLLATE "C" NOT NULL,
    "resource_type" text COLLATE "C",
    "resource_id" text COLLATE "C",
    "resource_name" text COLLATE "C",
    "status" text COLLATE "C" NOT NULL DEFAULT 'success',
    "description" text COLLATE "C",
    "error_message" text COLLATE "C",
    "old_value" jsonb,
    "new_value" jsonb,
    "ip_address" inet,
    "user_agent" text COLLATE "C",
    "session_id" text COLLATE "C",
    "request_id" text COLLATE "C",
    "correlation_id" text COLLATE "C",
    "idempotency_key" text COLLATE "C",
    "data_classification" text COLLATE "C",
    "retention_policy" text COLLATE "C",
    "ttl" timestamptz,
    "hash" bytea,
    "hash_algorithm" text COLLATE "C",
    "archived_at" timestamptz,
    "event_version" text COLLATE "C" NOT NULL DEFAULT '1',
    "processing_latency_ms" bigint,
    "details" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "metadata" jsonb,
    "personal" bytea,
    "occurred_at" timestamptz NOT NULL DEFAULT now(),
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "audit_events_action_check" CHECK (char_length("action") <= 255),
    CONSTRAINT "audit_events_actor_id_check" CHECK (char_length("actor_id") <= 255),
    CONSTRAINT "audit_events_correlation_id_check" CHECK (char_length("correlation_id") <= 255),
    CONSTRAINT "audit_events_data_classification_check" CHECK (char_length("data_classification") <= 50),
    CONSTRAINT "audit_events_description_check" CHECK (char_length("description") <= 4000),
    CONSTRAINT "audit_events_error_message_check" CHECK (char_length("error_message") <= 4000),
    CONSTRAINT "audit_events_event_version_check" CHECK (char_length("event_version") <= 20),
    CONSTRAINT "audit_events_hash_algorithm_check" CHECK (char_length("hash_algorithm") <= 20),
    CONSTRAINT "audit_events_idempotency_key_check" CHECK (char_length("idempotency_key") <= 255),
    CONSTRAINT "audit_events_processing_latency_ms_check" CHECK ("processing_latency_ms" >= 0),
    CONSTRAINT "audit_events_request_id_check" CHECK (char_length("request_id") <= 255),
    CONSTRAINT "audit_events_resource_id_check" CHECK (char_length("resource_id") <= 255),
    CONSTRAINT "audit_events_resource_name_check" CHECK (char_length("resource_name") <= 255),
    CONSTRAINT "audit_events_resource_type_check" CHECK (char_length("resource_type") <= 255),
    CONSTRAINT "audit_events_retention_policy_check" CHECK (char_length("retention_policy") <= 100),
    CONSTRAINT "audit_events_session_id_check" CHECK (char_length("session_id") <= 255),
    CONSTRAINT "audit_events_status_check" CHECK ("status" IN ('success', 'failure', 'error')),
    CONSTRAINT "audit_events_user_agent_check" CHECK (char_length("user_agent") <= 1000)
);
CREATE UNIQUE INDEX "audit_events_idempotency_key_key" ON "mainstay"."audit_events" ("organization_id", "idempotency_key") WHERE idempotency_key is not null;
CREATE INDEX "audit_events_occurred_at_idx" ON "mainstay"."audit_events" ("organization_id", "occurred_at");
CREATE INDEX "audit_events_actor_id_occurred_at_idx" ON "mainstay"."audit_events" ("organization_id", "actor_id", "occurred_at");
CREATE INDEX "audit_events_action_occurred_at_idx" ON "mainstay"."audit_events" ("organization_id", "action", "occurred_at");
CREATE INDEX "audit_events_resource_type_resource_id_idx" ON "mainstay"."audit_events" ("organization_id", "resource_type", "resource_id");
CREATE INDEX "audit_events_correlation_id_idx" ON "mainstay"."audit_events" ("organization_id", "correlation_id") WHERE correlation_id is not null;
CREATE TRIGGER "audit_events_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."audit_events" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "audit_events_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."audit_events" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."audit_events" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."audit_events" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."audit_events" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."audit_events" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."audit_events" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."audit_events" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."audit_events" IS 'What happened: who did what to which record, when and how it ended.';
COMMENT ON COLUMN "mainstay"."audit_events"."id" IS 'Identifier; tells when the event was recorded.';
COMMENT ON COLUMN "mainstay"."audit_events"."organization_id" IS 'The organisation that it belongs to.';
COMMENT ON COLUMN "mainstay"."audit_events"."actor_id" IS 'Who did it: a user, key or principal of another system; may be a pseudonym.';
COMMENT ON COLUMN "mainstay"."audit_events"."action" IS 'What was done, as `resource.verb` or in the sender''s own words.';
COMMENT ON COLUMN "mainstay"."audit_events"."resource_type" IS 'The kind of record.';
COMMENT ON COLUMN "mainstay"."audit_events"."resource_id" IS 'The record.';
COMMENT ON COLUMN "mainstay"."audit_events"."resource_name" IS 'What the record is called.';
COMMENT ON COLUMN "mainstay"."audit_events"."status" IS 'How it ended.';
COMMENT ON COLUMN "mainstay"."audit_events"."description" IS 'What happened, in words; no personal data.';
COMMENT ON COLUMN "mainstay"."audit_events"."error_message" IS 'Why it failed.';
COMMENT ON COLUMN "mainstay"."audit_events"."old_value" IS 'The changed fields before.';
COMMENT ON COLUMN "mainstay"."audit_events"."new_value" IS 'The changed fields after.';
COMMENT ON COLUMN "mainstay"."audit_events"."ip_address" IS 'Where the request came from.';
COMMENT ON COLUMN "mainstay"."audit_events"."user_agent" IS 'The client.';
COMMENT ON COLUMN "mainstay"."audit_events"."session_id" IS 'The session.';
COMMENT ON COLUMN "mainstay"."audit_events"."request_id" IS 'The request, as the log names it.';
COMMENT ON COLUMN "mainstay"."audit_events"."correlation_id" IS 'What belongs together.';
COMMENT ON COLUMN "mainstay"."audit_events"."idempotency_key" IS 'By this key a repeated sending is recognised.';
COMMENT ON COLUMN "mainstay"."audit_events"."data_classification" IS 'How confidential the event is.';
COMMENT ON COLUMN "mainstay"."audit_events"."retention_policy" IS 'The policy by which it is kept.';
COMMENT ON COLUMN "mainstay"."audit_events"."ttl" IS 'When the event may be removed, as its sender sees it (S4); retention policies decide.';
COMMENT ON COLUMN "mainstay"."audit_events"."hash" IS 'The hash of the event''s leaf in the ledger.';
COMMENT ON COLUMN "mainstay"."audit_events"."hash_algorithm" IS 'How the hash was made.';
COMMENT ON COLUMN "mainstay"."audit_events"."archived_at" IS 'When the event was moved to an archive.';
COMMENT ON COLUMN "mainstay"."audit_events"."event_version" IS 'Version of the sender''s event format.';
COMMENT ON COLUMN "mainstay"."audit_events"."processing_latency_ms" IS 'How long the work took, in milliseconds.';
COMMENT ON COLUMN "mainstay"."audit_events"."details" IS 'Further facts; no personal data.';
COMMENT ON COLUMN "mainstay"."audit_events"."metadata" IS 'Whatever the sender keeps beside it.';
COMMENT ON COLUMN "mainstay"."audit_events"."personal" IS 'Personal data, sealed with the subject''s key.';
COMMENT ON COLUMN "mainstay"."audit_events"."occurred_at" IS 'When it happened.';
COMMENT ON COLUMN "mainstay"."audit_events"."created_at" IS 'When it was recorded.';

-- mainstay.ledger_pending (audit)
CREATE TABLE "mainstay"."ledger_pending" (
    "number" bigint NOT NULL,
    "organization_id" uuid NOT NULL,
    "leaf" bytea NOT NULL,
    "mac" bytea NOT NULL,
    CONSTRAINT "ledger_pending_pkey" PRIMARY KEY ("number")
);
ALTER TABLE "mainstay"."ledger_pending" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."ledger_pending" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."ledger_pending" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."ledger_pending" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."ledger_pending" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."ledger_pending" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."ledger_pending" IS 'An event whose leaf is not in its organisation''s log yet; written with the event and removed when the log has grown by it.';
COMMENT ON COLUMN "mainstay"."ledger_pending"."number" IS 'Grows with every event of a server, so that rows are appended; says nothing else.';
COMMENT ON COLUMN "mainstay"."ledger_pending"."organization_id" IS 'The organisation.';
COMMENT ON COLUMN "mainstay"."ledger_pending"."leaf" IS 'The exact bytes of the leaf.';
COMMENT ON COLUMN "mainstay"."ledger_pending"."mac" IS 'HMAC-SHA256 of the leaf under a key of the installation: who has the database alone can''t bring events into a log.';

-- mainstay.ledger_heads (audit)
CREATE TABLE "mainstay"."ledger_heads" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "origin" text COLLATE "C" NOT NULL,
    "verifier_key" text COLLATE "C" NOT NULL,
    "size" bigint NOT NULL,
    "root" bytea NOT NULL,
    "checkpoint" text COLLATE "C" NOT NULL,
    "anchored_size" bigint NOT NULL DEFAULT 0,
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "ledger_heads_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "ledger_heads_checkpoint_check" CHECK (char_length("checkpoint") <= 100000),
    CONSTRAINT "ledger_heads_origin_check" CHECK (char_length("origin") <= 500),
    CONSTRAINT "ledger_heads_verifier_key_check" CHECK (char_length("verifier_key") <= 1000)
);
ALTER TABLE "mainstay"."ledger_heads" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."ledger_heads" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."ledger_heads" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."ledger_heads" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."ledger_heads" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."ledger_heads" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."ledger_heads" IS 'The state of an organisation''s log.';
COMMENT ON COLUMN "mainstay"."ledger_heads"."id" IS 'The organisation''s own identifier: one row each.';
COMMENT ON COLUMN "mainstay"."ledger_heads"."organization_id" IS 'The organisation, or the nil identifier for the platform.';
COMMENT ON COLUMN "mainstay"."ledger_heads"."origin" IS 'The log''s identity, fixed when it began.';
COMMENT ON COLUMN "mainstay"."ledger_heads"."verifier_key" IS 'The public key that checkpoints are verified with, as a signed note''s verifier key.';
COMMENT ON COLUMN "mainstay"."ledger_heads"."size" IS 'How many leaves the log has.';
COMMENT ON COLUMN "mainstay"."ledger_heads"."root" IS 'The root of the tree (RFC 6962 §2.1).';
COMMENT ON COLUMN "mainstay"."ledger_heads"."checkpoint" IS 'The signed checkpoint.';
COMMENT ON COLUMN "mainstay"."ledger_heads"."anchored_size" IS 'The size of the last checkpoint that the platform''s log holds.';
COMMENT ON COLUMN "mainstay"."ledger_heads"."updated_at" IS 'When the log last grew.';

-- mainstay.ledger_tiles (audit)
CREATE TABLE "mainstay"."ledger_tiles" (
    "organization_id" uuid NOT NULL,
    "level" smallint NOT NULL,
    "number" bigint NOT NULL,
    "bytes" bytea NOT NULL,
    CONSTRAINT "ledger_tiles_pkey" PRIMARY KEY ("organization_id", "level", "number")
);
ALTER TABLE "mainstay"."ledger_tiles" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."ledger_tiles" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."ledger_tiles" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."ledger_tiles" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."ledger_tiles" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."ledger_tiles" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."ledger_tiles" IS 'A tile of a log: hashes of the tree, or leaves.';
COMMENT ON COLUMN "mainstay"."ledger_tiles"."organization_id" IS 'The organisation.';
COMMENT ON COLUMN "mainstay"."ledger_tiles"."level" IS 'The level of hashes from 0 up, as C2SP tlog-tiles count them; -1 for leaves.';
COMMENT ON COLUMN "mainstay"."ledger_tiles"."number" IS 'The place of a tile of hashes in its level; of leaves the index of the first.';
COMMENT ON COLUMN "mainstay"."ledger_tiles"."bytes" IS 'At most 256 hashes, or leaves as an entry bundle.';

-- mainstay.ledger_entries (audit)
CREATE TABLE "mainstay"."ledger_entries" (
    "organization_id" uuid NOT NULL,
    "first_index" bigint NOT NULL,
    "leaves" smallint NOT NULL,
    "first_id" uuid NOT NULL,
    "last_id" uuid NOT NULL,
    CONSTRAINT "ledger_entries_pkey" PRIMARY KEY ("organization_id", "first_index")
);
CREATE INDEX "ledger_entries_last_id_idx" ON "mainstay"."ledger_entries" ("organization_id", "last_id");
ALTER TABLE "mainstay"."ledger_entries" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."ledger_entries" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."ledger_entries" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."ledger_entries" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."ledger_entries" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."ledger_entries" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."ledger_entries" IS 'A run of consecutive leaves that was written at once, with the identifiers between which those of its events are: the way from an event to its place in the log.';
COMMENT ON COLUMN "mainstay"."ledger_entries"."organization_id" IS 'The organisation.';
COMMENT ON COLUMN "mainstay"."ledger_entries"."first_index" IS 'The index of the first leaf.';
COMMENT ON COLUMN "mainstay"."ledger_entries"."leaves" IS 'How many leaves there are, at most 256; runs never cross a multiple of it.';
COMMENT ON COLUMN "mainstay"."ledger_entries"."first_id" IS 'The smallest identifier of an event.';
COMMENT ON COLUMN "mainstay"."ledger_entries"."last_id" IS 'The largest identifier of an event.';

-- mainstay.ledger_leases (audit)
CREATE TABLE "mainstay"."ledger_leases" (
    "id" uuid NOT NULL,
    "leased_by" text COLLATE "C" NOT NULL,
    "leased_until" timestamptz NOT NULL,
    CONSTRAINT "ledger_leases_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "ledger_leases_leased_by_check" CHECK (char_length("leased_by") <= 255)
);
ALTER TABLE "mainstay"."ledger_leases" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."ledger_leases" FOR SELECT USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."ledger_leases" FOR INSERT WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."ledger_leases" FOR UPDATE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."ledger_leases" FOR DELETE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."ledger_leases" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."ledger_leases" IS 'Which server makes the logs grow. It saves others the work; that a log never forks is kept by its head alone.';
COMMENT ON COLUMN "mainstay"."ledger_leases"."id" IS 'The nil identifier: there is one row.';
COMMENT ON COLUMN "mainstay"."ledger_leases"."leased_by" IS 'The server.';
COMMENT ON COLUMN "mainstay"."ledger_leases"."leased_until" IS 'Until when no other takes over.';

-- mainstay.system_settings (governance)
CREATE TABLE "mainstay"."system_settings" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "namespace" text COLLATE "C" NOT NULL DEFAULT 'system',
    "key" text COLLATE "C" NOT NULL,
    "value" jsonb NOT NULL,
    "value_type" text COLLATE "C" NOT NULL DEFAULT 'string',
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "system_settings_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "system_settings_namespace_key_key" UNIQUE ("organization_id", "namespace", "key"),
    CONSTRAINT "system_settings_key_check" CHECK (char_length("key") <= 255),
    CONSTRAINT "system_settings_key_given_check" CHECK (key <> ''),
    CONSTRAINT "system_settings_namespace_check" CHECK (char_length("namespace") <= 100),
    CONSTRAINT "system_settings_namespace_given_check" CHECK (namespace <> ''),
    CONSTRAINT "system_settings_value_type_check" CHECK ("value_type" IN ('string', 'number', 'boolean', 'json'))
);
ALTER TABLE "mainstay"."system_settings" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."system_settings" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."system_settings" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."system_settings" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."system_settings" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."system_settings" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."system_settings" IS 'A named value that an organisation sets, in a namespace such as `system` or `compliance`.';
COMMENT ON COLUMN "mainstay"."system_settings"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."system_settings"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."system_settings"."namespace" IS 'What the setting belongs to.';
COMMENT ON COLUMN "mainstay"."system_settings"."key" IS 'The name of the setting, unique in its namespace.';
COMMENT ON COLUMN "mainstay"."system_settings"."value" IS 'The value.';
COMMENT ON COLUMN "mainstay"."system_settings"."value_type" IS 'What kind of value it is.';
COMMENT ON COLUMN "mainstay"."system_settings"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."system_settings"."updated_at" IS 'When the record was last changed.';

-- mainstay.job_states (governance)
CREATE TABLE "mainstay"."job_states" (
    "id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "paused" boolean NOT NULL DEFAULT false,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "attempts" integer NOT NULL DEFAULT 0,
    "run_at" timestamptz NOT NULL,
    "last_run_at" timestamptz,
    "leased_by" text COLLATE "C",
    "leased_until" timestamptz,
    "last_error" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "job_states_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "job_states_name_key" UNIQUE ("name"),
    CONSTRAINT "job_states_last_error_check" CHECK (char_length("last_error") <= 4000),
    CONSTRAINT "job_states_leased_by_check" CHECK (char_length("leased_by") <= 255),
    CONSTRAINT "job_states_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "job_states_status_check" CHECK ("status" IN ('pending', 'running', 'done', 'retrying', 'dead'))
);
CREATE TRIGGER "job_states_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."job_states" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('running', 'dead') WHEN 'running' THEN NEW."status" IN ('pending', 'done', 'retrying', 'dead') WHEN 'retrying' THEN NEW."status" IN ('running', 'dead') WHEN 'dead' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."job_states" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."job_states" FOR SELECT USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."job_states" FOR INSERT WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."job_states" FOR UPDATE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."job_states" FOR DELETE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."job_states" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."job_states" IS 'Where a queue or schedule stands, for all servers.';
COMMENT ON COLUMN "mainstay"."job_states"."id" IS 'Identifier.';
COMMENT ON COLUMN "mainstay"."job_states"."name" IS 'The queue''s table with its schema, or module and function of a schedule.';
COMMENT ON COLUMN "mainstay"."job_states"."paused" IS 'Nothing is started while this holds.';
COMMENT ON COLUMN "mainstay"."job_states"."status" IS 'Where the schedule stands; a queue''s own rows have theirs.';
COMMENT ON COLUMN "mainstay"."job_states"."attempts" IS 'Runs since the last one that succeeded.';
COMMENT ON COLUMN "mainstay"."job_states"."run_at" IS 'When the schedule is due.';
COMMENT ON COLUMN "mainstay"."job_states"."last_run_at" IS 'When it last succeeded.';
COMMENT ON COLUMN "mainstay"."job_states"."leased_by" IS 'Who works on it.';
COMMENT ON COLUMN "mainstay"."job_states"."leased_until" IS 'Until when nobody else may.';
COMMENT ON COLUMN "mainstay"."job_states"."last_error" IS 'Why the last run failed.';
COMMENT ON COLUMN "mainstay"."job_states"."created_at" IS 'When it was first seen.';
COMMENT ON COLUMN "mainstay"."job_states"."updated_at" IS 'When it last changed.';

-- References, which need all tables.
ALTER TABLE "mainstay"."organization_members" ADD CONSTRAINT "organization_members_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."organization_members" ADD CONSTRAINT "organization_members_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id");
ALTER TABLE "mainstay"."user_accounts" ADD CONSTRAINT "user_accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."roles" ADD CONSTRAINT "roles_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."role_permissions" ADD CONSTRAINT "role_permissions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."role_permissions" ADD CONSTRAINT "role_permissions_role_id_fkey" FOREIGN KEY ("organization_id", "role_id") REFERENCES "mainstay"."roles" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."role_permissions" ADD CONSTRAINT "role_permissions_permission_id_fkey" FOREIGN KEY ("permission_id") REFERENCES "mainstay"."permissions" ("id");
ALTER TABLE "mainstay"."role_permissions" ADD CONSTRAINT "role_permissions_granted_by_fkey" FOREIGN KEY ("organization_id", "granted_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("granted_by");
ALTER TABLE "mainstay"."user_roles" ADD CONSTRAINT "user_roles_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."user_roles" ADD CONSTRAINT "user_roles_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."user_roles" ADD CONSTRAINT "user_roles_role_id_fkey" FOREIGN KEY ("organization_id", "role_id") REFERENCES "mainstay"."roles" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."user_roles" ADD CONSTRAINT "user_roles_assigned_by_fkey" FOREIGN KEY ("organization_id", "assigned_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("assigned_by");
ALTER TABLE "mainstay"."teams" ADD CONSTRAINT "teams_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."teams" ADD CONSTRAINT "teams_parent_team_id_fkey" FOREIGN KEY ("organization_id", "parent_team_id") REFERENCES "mainstay"."teams" ("organization_id", "id") ON DELETE SET NULL ("parent_team_id");
ALTER TABLE "mainstay"."team_members" ADD CONSTRAINT "team_members_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."team_members" ADD CONSTRAINT "team_members_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."team_members" ADD CONSTRAINT "team_members_team_id_fkey" FOREIGN KEY ("organization_id", "team_id") REFERENCES "mainstay"."teams" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."sessions" ADD CONSTRAINT "sessions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id") ON DELETE SET NULL;
ALTER TABLE "mainstay"."api_keys" ADD CONSTRAINT "api_keys_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."api_keys" ADD CONSTRAINT "api_keys_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."api_keys" ADD CONSTRAINT "api_keys_team_id_fkey" FOREIGN KEY ("organization_id", "team_id") REFERENCES "mainstay"."teams" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."system_settings" ADD CONSTRAINT "system_settings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
