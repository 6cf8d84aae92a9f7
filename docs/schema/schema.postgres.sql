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
CREATE OR REPLACE FUNCTION "mainstay"."forget_words"()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DELETE FROM %s AS w USING removed AS r WHERE %s', TG_ARGV[0], TG_ARGV[1]);
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION "mainstay"."id_at"(timestamp) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT rpad(lpad(to_hex((extract(epoch FROM $1) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$;
CREATE OR REPLACE FUNCTION "mainstay"."time_of"(uuid) RETURNS timestamp
LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT timestamp 'epoch' + interval '1 millisecond'
        * ('x' || left(replace($1::text, '-', ''), 12))::bit(48)::bigint
$$;
CREATE OR REPLACE FUNCTION "mainstay"."make_partition"(
    target regclass, spare regclass, month timestamp) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    lower uuid := "mainstay"."id_at"(month);
    upper uuid := "mainstay"."id_at"(month + interval '1 month');
    place text;
    name text;
    has_rows boolean;
BEGIN
    SELECT quote_ident(nspname), relname INTO place, name
        FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE pg_class.oid = target;
    IF to_regclass(place || '.' || quote_ident(name || to_char(month, '"_"YYYY"_"MM'))) IS NOT NULL THEN
        RETURN 0;
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE "id" >= %L AND "id" < %L)',
        spare, lower, upper) INTO has_rows;
    name := place || '.' || quote_ident(name || to_char(month, '"_"YYYY"_"MM'));
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name, target);
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
    IF has_rows THEN
        EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', target, spare);
        EXECUTE format('INSERT INTO %s SELECT * FROM %s WHERE "id" >= %L AND "id" < %L',
            name, spare, lower, upper);
        EXECUTE format('DELETE FROM %s WHERE "id" >= %L AND "id" < %L', spare, lower, upper);
    END IF;
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
        target, name, lower, upper);
    IF has_rows THEN
        EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s DEFAULT', target, spare);
    END IF;
    RETURN 1;
EXCEPTION WHEN invalid_object_definition THEN
    -- A partition of another name holds the month.
    RETURN 0;
END
$$;
CREATE OR REPLACE FUNCTION "mainstay"."make_partitions"() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    target regclass;
    spare regclass;
    months timestamp[];
    month timestamp;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(7885949423);
    PERFORM set_config('app.system', 'on', true), set_config('lock_timeout', '5s', true);
    FOREACH target IN ARRAY ARRAY(SELECT to_regclass(t) FROM unnest(ARRAY['"mainstay"."audit_events"', '"mainstay"."data_changes"', '"mainstay"."access_logs"', '"mainstay"."pci_access_logs"', '"mainstay"."transaction_logs"', '"mainstay"."compliance_check_logs"', '"mainstay"."file_access_logs"', '"mainstay"."metrics"', '"mainstay"."analytics_events"']) AS t WHERE to_regclass(t) IS NOT NULL) LOOP
        SELECT partdefid INTO spare FROM pg_partitioned_table WHERE partrelid = target;
        CONTINUE WHEN spare IS NULL;
        EXECUTE format(
            'SELECT array_agg(m) FROM (
                SELECT date_trunc(''month'', now() AT TIME ZONE ''UTC'') + make_interval(months => n)
                    FROM generate_series(0, 3) AS n
                UNION SELECT date_trunc(''month'', "mainstay"."time_of"("id")) FROM %s
                    WHERE "id" >= "mainstay"."id_at"(now() AT TIME ZONE ''UTC'' - interval ''10 years'')
                    AND "id" < "mainstay"."id_at"(now() AT TIME ZONE ''UTC'' + interval ''3 months'')
            ) AS wanted(m)', spare) INTO months;
        FOREACH month IN ARRAY months LOOP
            made := made + "mainstay"."make_partition"(target, spare, month);
        END LOOP;
    END LOOP;
    RETURN made;
END
$$;
REVOKE ALL ON FUNCTION "mainstay"."make_partitions"() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "mainstay"."make_partitions"() TO "mainstay_app";
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
    CONSTRAINT "organizations_max_domains_check" CHECK ("max_domains" >= 1),
    CONSTRAINT "organizations_max_seats_check" CHECK ("max_seats" >= 1),
    CONSTRAINT "organizations_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "organizations_primary_domain_check" CHECK (char_length("primary_domain") <= 253),
    CONSTRAINT "organizations_slug_check" CHECK (char_length("slug") <= 63),
    CONSTRAINT "organizations_slug_form_check" CHECK (slug = lower(slug) and length(slug) >= 2)
);
CREATE UNIQUE INDEX "organizations_primary_domain_key" ON "mainstay"."organizations" ("primary_domain") WHERE deleted_at is null;
CREATE INDEX "organizations_deleted_at_idx" ON "mainstay"."organizations" ("deleted_at");
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
    "is_anonymous" boolean NOT NULL DEFAULT false,
    "email_verified" boolean NOT NULL DEFAULT false,
    "email_verified_at" timestamptz,
    "new_email" text COLLATE "C",
    "invited_at" timestamptz,
    "banned_until" timestamptz,
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
    CONSTRAINT "users_email_check" CHECK (char_length("email") <= 320),
    CONSTRAINT "users_email_form_check" CHECK (email = lower(email)),
    CONSTRAINT "users_failed_login_attempts_check" CHECK ("failed_login_attempts" >= 0),
    CONSTRAINT "users_new_email_check" CHECK (char_length("new_email") <= 320),
    CONSTRAINT "users_status_check" CHECK ("status" IN ('pending_verification', 'active', 'locked', 'suspended')),
    CONSTRAINT "users_username_check" CHECK (char_length("username") <= 100)
);
CREATE UNIQUE INDEX "users_email_key" ON "mainstay"."users" ("email") WHERE deleted_at is null;
CREATE UNIQUE INDEX "users_username_key" ON "mainstay"."users" ("username") WHERE deleted_at is null;
CREATE INDEX "users_status_idx" ON "mainstay"."users" ("status");
CREATE INDEX "users_is_active_deleted_at_idx" ON "mainstay"."users" ("is_active", "deleted_at");
CREATE INDEX "users_deleted_at_idx" ON "mainstay"."users" ("deleted_at");
CREATE TRIGGER "users_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."users" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending_verification' THEN NEW."status" IN ('active', 'suspended') WHEN 'active' THEN NEW."status" IN ('locked', 'suspended') WHEN 'locked' THEN NEW."status" IN ('active', 'suspended') WHEN 'suspended' THEN NEW."status" IN ('active') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."users" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."users" FOR SELECT USING ("id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."users" FOR INSERT WITH CHECK ("id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."users" FOR UPDATE USING ("id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."users" FOR DELETE USING ("id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."users" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."users" IS 'A person''s account, one per person on the whole platform.';
COMMENT ON COLUMN "mainstay"."users"."id" IS 'Identifier.';
COMMENT ON COLUMN "mainstay"."users"."email" IS 'The address that names the account; lower case, unique over the platform. Of somebody who gave none it is one below `anonymous.invalid`, at which nobody can be reached (RFC 2606 §2).';
COMMENT ON COLUMN "mainstay"."users"."username" IS 'Another name to sign in with.';
COMMENT ON COLUMN "mainstay"."users"."status" IS 'Where the account stands.';
COMMENT ON COLUMN "mainstay"."users"."is_active" IS 'Whether the account may be used at all.';
COMMENT ON COLUMN "mainstay"."users"."is_platform_admin" IS 'Administers the installation itself, not one organisation.';
COMMENT ON COLUMN "mainstay"."users"."is_anonymous" IS 'Whether somebody uses the account without having said who they are.';
COMMENT ON COLUMN "mainstay"."users"."email_verified" IS 'Whether the address is the person''s own.';
COMMENT ON COLUMN "mainstay"."users"."email_verified_at" IS 'When that was shown.';
COMMENT ON COLUMN "mainstay"."users"."new_email" IS 'The address that is to name the account once the person has shown that it is theirs.';
COMMENT ON COLUMN "mainstay"."users"."invited_at" IS 'When an organisation asked the person to come.';
COMMENT ON COLUMN "mainstay"."users"."banned_until" IS 'Barred by an administrator until this time.';
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
    "app_metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
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
COMMENT ON COLUMN "mainstay"."organization_members"."app_metadata" IS 'What the organisation''s programs keep of the person; clients of `/auth/v1` see it as `app_metadata`.';
COMMENT ON COLUMN "mainstay"."organization_members"."joined_at" IS 'When the person joined.';
COMMENT ON COLUMN "mainstay"."organization_members"."left_at" IS 'When the person left.';
COMMENT ON COLUMN "mainstay"."organization_members"."created_at" IS 'When it was made.';
COMMENT ON COLUMN "mainstay"."organization_members"."updated_at" IS 'When it last changed.';

-- mainstay.subscriptions (identity)
CREATE TABLE "mainstay"."subscriptions" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid,
    "tier" text COLLATE "C" NOT NULL DEFAULT 'basic',
    "status" text COLLATE "C" NOT NULL DEFAULT 'active',
    "stripe_customer_id" text COLLATE "C",
    "stripe_subscription_id" text COLLATE "C",
    "billing_email" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "subscriptions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "subscriptions_user_id_key" UNIQUE NULLS NOT DISTINCT ("organization_id", "user_id"),
    CONSTRAINT "subscriptions_stripe_subscription_id_key" UNIQUE ("organization_id", "stripe_subscription_id"),
    CONSTRAINT "subscriptions_billing_email_check" CHECK (char_length("billing_email") <= 320),
    CONSTRAINT "subscriptions_status_check" CHECK ("status" IN ('incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled')),
    CONSTRAINT "subscriptions_stripe_customer_id_check" CHECK (char_length("stripe_customer_id") <= 255),
    CONSTRAINT "subscriptions_stripe_subscription_id_check" CHECK (char_length("stripe_subscription_id") <= 255),
    CONSTRAINT "subscriptions_tier_check" CHECK ("tier" IN ('basic', 'professional', 'enterprise'))
);
CREATE INDEX "subscriptions_stripe_customer_id_idx" ON "mainstay"."subscriptions" ("organization_id", "stripe_customer_id");
CREATE TRIGGER "subscriptions_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."subscriptions" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'incomplete' THEN NEW."status" IN ('active', 'trialing', 'incomplete_expired') WHEN 'trialing' THEN NEW."status" IN ('active', 'past_due', 'paused', 'canceled') WHEN 'active' THEN NEW."status" IN ('past_due', 'unpaid', 'paused', 'canceled') WHEN 'past_due' THEN NEW."status" IN ('active', 'unpaid', 'canceled') WHEN 'unpaid' THEN NEW."status" IN ('active', 'canceled') WHEN 'paused' THEN NEW."status" IN ('active', 'canceled') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."subscriptions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."subscriptions" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."subscriptions" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."subscriptions" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."subscriptions" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."subscriptions" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."subscriptions" IS 'A subscription of an organisation, or of one of its members (S2-B50, S2-B51).';
COMMENT ON COLUMN "mainstay"."subscriptions"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."subscriptions"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."subscriptions"."user_id" IS 'The member whose it is; none means the organisation''s.';
COMMENT ON COLUMN "mainstay"."subscriptions"."tier" IS 'How much is subscribed to.';
COMMENT ON COLUMN "mainstay"."subscriptions"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."subscriptions"."stripe_customer_id" IS 'The customer, as Stripe names it.';
COMMENT ON COLUMN "mainstay"."subscriptions"."stripe_subscription_id" IS 'The subscription, as Stripe names it.';
COMMENT ON COLUMN "mainstay"."subscriptions"."billing_email" IS 'Where invoices are sent.';
COMMENT ON COLUMN "mainstay"."subscriptions"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."subscriptions"."updated_at" IS 'When the record was last changed.';

-- mainstay.subscription_plans (identity)
CREATE TABLE "mainstay"."subscription_plans" (
    "id" uuid NOT NULL,
    "tier" text COLLATE "C" NOT NULL,
    "max_seats" integer,
    "max_domains" integer,
    "max_api_keys" integer,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "subscription_plans_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "subscription_plans_tier_key" UNIQUE ("tier"),
    CONSTRAINT "subscription_plans_max_api_keys_check" CHECK ("max_api_keys" >= 0),
    CONSTRAINT "subscription_plans_max_domains_check" CHECK ("max_domains" >= 0),
    CONSTRAINT "subscription_plans_max_seats_check" CHECK ("max_seats" >= 1),
    CONSTRAINT "subscription_plans_tier_check" CHECK ("tier" IN ('basic', 'professional', 'enterprise'))
);
ALTER TABLE "mainstay"."subscription_plans" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."subscription_plans" FOR SELECT USING (TRUE);
CREATE POLICY "insert" ON "mainstay"."subscription_plans" FOR INSERT WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."subscription_plans" FOR UPDATE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."subscription_plans" FOR DELETE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."subscription_plans" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."subscription_plans" IS 'What comes with a tier. A tier without a plan limits nothing; neither does a number that is not given.';
COMMENT ON COLUMN "mainstay"."subscription_plans"."id" IS 'Identifier.';
COMMENT ON COLUMN "mainstay"."subscription_plans"."tier" IS 'The tier. An organisation without a subscription that works has `basic` (S2-B50).';
COMMENT ON COLUMN "mainstay"."subscription_plans"."max_seats" IS 'Most members, with those who are invited.';
COMMENT ON COLUMN "mainstay"."subscription_plans"."max_domains" IS 'Most domains.';
COMMENT ON COLUMN "mainstay"."subscription_plans"."max_api_keys" IS 'Most API keys that work.';
COMMENT ON COLUMN "mainstay"."subscription_plans"."created_at" IS 'When it was made.';
COMMENT ON COLUMN "mainstay"."subscription_plans"."updated_at" IS 'When it last changed.';

-- mainstay.user_profiles (identity)
CREATE TABLE "mainstay"."user_profiles" (
    "user_id" uuid NOT NULL,
    "full_name" text COLLATE "C",
    "first_name" text COLLATE "C",
    "last_name" text COLLATE "C",
    "avatar_url" text COLLATE "C",
    "phone_number" text COLLATE "C",
    "address" text COLLATE "C",
    "timezone" text COLLATE "C" NOT NULL DEFAULT 'UTC',
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "user_profiles_pkey" PRIMARY KEY ("user_id"),
    CONSTRAINT "user_profiles_address_check" CHECK (char_length("address") <= 1000),
    CONSTRAINT "user_profiles_avatar_url_check" CHECK (char_length("avatar_url") <= 2000),
    CONSTRAINT "user_profiles_first_name_check" CHECK (char_length("first_name") <= 255),
    CONSTRAINT "user_profiles_full_name_check" CHECK (char_length("full_name") <= 255),
    CONSTRAINT "user_profiles_last_name_check" CHECK (char_length("last_name") <= 255),
    CONSTRAINT "user_profiles_phone_number_check" CHECK (char_length("phone_number") <= 32),
    CONSTRAINT "user_profiles_timezone_check" CHECK (char_length("timezone") <= 50)
);
ALTER TABLE "mainstay"."user_profiles" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."user_profiles" FOR SELECT USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."user_profiles" FOR INSERT WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."user_profiles" FOR UPDATE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."user_profiles" FOR DELETE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."user_profiles" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."user_profiles" IS 'What a person says of themselves; one row each (S3-B32).';
COMMENT ON COLUMN "mainstay"."user_profiles"."user_id" IS 'The person.';
COMMENT ON COLUMN "mainstay"."user_profiles"."full_name" IS 'The whole name, as the person writes it.';
COMMENT ON COLUMN "mainstay"."user_profiles"."first_name" IS 'The given name.';
COMMENT ON COLUMN "mainstay"."user_profiles"."last_name" IS 'The family name.';
COMMENT ON COLUMN "mainstay"."user_profiles"."avatar_url" IS 'Address of a picture.';
COMMENT ON COLUMN "mainstay"."user_profiles"."phone_number" IS 'The telephone number, with the country''s code.';
COMMENT ON COLUMN "mainstay"."user_profiles"."address" IS 'The postal address.';
COMMENT ON COLUMN "mainstay"."user_profiles"."timezone" IS 'The time zone in which times are shown, as the IANA database names it (S2-B52).';
COMMENT ON COLUMN "mainstay"."user_profiles"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."user_profiles"."updated_at" IS 'When the record was last changed.';

-- mainstay.user_settings (identity)
CREATE TABLE "mainstay"."user_settings" (
    "user_id" uuid NOT NULL,
    "theme" text COLLATE "C" NOT NULL DEFAULT 'dark',
    "language" text COLLATE "C" NOT NULL DEFAULT 'en',
    "notifications" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "privacy_settings" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "preferences" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "user_settings_pkey" PRIMARY KEY ("user_id"),
    CONSTRAINT "user_settings_language_check" CHECK (char_length("language") <= 35),
    CONSTRAINT "user_settings_theme_check" CHECK ("theme" IN ('dark', 'light', 'system'))
);
ALTER TABLE "mainstay"."user_settings" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."user_settings" FOR SELECT USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."user_settings" FOR INSERT WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."user_settings" FOR UPDATE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."user_settings" FOR DELETE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."user_settings" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."user_settings" IS 'How a person likes to work; one row each (S3-B33).';
COMMENT ON COLUMN "mainstay"."user_settings"."user_id" IS 'The person.';
COMMENT ON COLUMN "mainstay"."user_settings"."theme" IS 'How pages look (S2-B52).';
COMMENT ON COLUMN "mainstay"."user_settings"."language" IS 'The language of texts, as BCP 47 names it (S2-B52).';
COMMENT ON COLUMN "mainstay"."user_settings"."notifications" IS 'What the person wants to be told, and how.';
COMMENT ON COLUMN "mainstay"."user_settings"."privacy_settings" IS 'What others may see of the person.';
COMMENT ON COLUMN "mainstay"."user_settings"."preferences" IS 'Whatever the product keeps for the person.';
COMMENT ON COLUMN "mainstay"."user_settings"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."user_settings"."updated_at" IS 'When the record was last changed.';

-- mainstay.user_accounts (identity)
CREATE TABLE "mainstay"."user_accounts" (
    "id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "provider" text COLLATE "C" NOT NULL,
    "provider_account_id" text COLLATE "C",
    "email" text COLLATE "C",
    "email_verified" boolean NOT NULL DEFAULT false,
    "profile" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "last_sign_in_at" timestamptz,
    "password_hash" text COLLATE "C",
    "access_token" bytea,
    "refresh_token" bytea,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "user_accounts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "user_accounts_user_id_provider_key" UNIQUE ("user_id", "provider"),
    CONSTRAINT "user_accounts_provider_provider_account_id_key" UNIQUE ("provider", "provider_account_id"),
    CONSTRAINT "user_accounts_email_check" CHECK (char_length("email") <= 320),
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
COMMENT ON COLUMN "mainstay"."user_accounts"."provider_account_id" IS 'The person''s identifier there; of a password the account''s own (S1-B37).';
COMMENT ON COLUMN "mainstay"."user_accounts"."email" IS 'The address that the provider knows the person by.';
COMMENT ON COLUMN "mainstay"."user_accounts"."email_verified" IS 'Whether the provider says that the address is the person''s.';
COMMENT ON COLUMN "mainstay"."user_accounts"."profile" IS 'What else the provider says of the person.';
COMMENT ON COLUMN "mainstay"."user_accounts"."last_sign_in_at" IS 'When the person last came by it.';
COMMENT ON COLUMN "mainstay"."user_accounts"."password_hash" IS 'The password''s hash in PHC form.';
COMMENT ON COLUMN "mainstay"."user_accounts"."access_token" IS 'The provider''s access token.';
COMMENT ON COLUMN "mainstay"."user_accounts"."refresh_token" IS 'The provider''s refresh token.';
COMMENT ON COLUMN "mainstay"."user_accounts"."created_at" IS 'When it was added.';
COMMENT ON COLUMN "mainstay"."user_accounts"."updated_at" IS 'When it last changed.';

-- mainstay.user_mfa_factors (identity)
CREATE TABLE "mainstay"."user_mfa_factors" (
    "id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "method" text COLLATE "C" NOT NULL,
    "friendly_name" text COLLATE "C",
    "phone" text COLLATE "C",
    "email" text COLLATE "C",
    "secret" bytea,
    "backup_codes" bytea,
    "is_enabled" boolean NOT NULL DEFAULT false,
    "last_step" bigint,
    "code_hash" bytea,
    "failed_attempts" integer NOT NULL DEFAULT 0,
    "last_failed_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "user_mfa_factors_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "user_mfa_factors_email_check" CHECK (char_length("email") <= 320),
    CONSTRAINT "user_mfa_factors_failed_attempts_check" CHECK ("failed_attempts" >= 0),
    CONSTRAINT "user_mfa_factors_friendly_name_check" CHECK (char_length("friendly_name") <= 100),
    CONSTRAINT "user_mfa_factors_method_check" CHECK ("method" IN ('TOTP', 'SMS', 'EMAIL', 'WEBAUTHN')),
    CONSTRAINT "user_mfa_factors_phone_check" CHECK (char_length("phone") <= 16)
);
CREATE INDEX "user_mfa_factors_user_id_is_enabled_idx" ON "mainstay"."user_mfa_factors" ("user_id", "is_enabled");
ALTER TABLE "mainstay"."user_mfa_factors" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."user_mfa_factors" FOR SELECT USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."user_mfa_factors" FOR INSERT WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."user_mfa_factors" FOR UPDATE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."user_mfa_factors" FOR DELETE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."user_mfa_factors" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."user_mfa_factors" IS 'A second factor of a person (S1-B73, S1-B74).';
COMMENT ON COLUMN "mainstay"."user_mfa_factors"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."user_mfa_factors"."user_id" IS 'The person.';
COMMENT ON COLUMN "mainstay"."user_mfa_factors"."method" IS 'What kind of factor it is.';
COMMENT ON COLUMN "mainstay"."user_mfa_factors"."friendly_name" IS 'What the person calls it.';
COMMENT ON COLUMN "mainstay"."user_mfa_factors"."phone" IS 'The number that codes are sent to.';
COMMENT ON COLUMN "mainstay"."user_mfa_factors"."email" IS 'The address that codes are sent to.';
COMMENT ON COLUMN "mainstay"."user_mfa_factors"."secret" IS 'The key that codes are made from.';
COMMENT ON COLUMN "mainstay"."user_mfa_factors"."backup_codes" IS 'Hashes of the codes that stand in for a lost factor, each for one use.';
COMMENT ON COLUMN "mainstay"."user_mfa_factors"."is_enabled" IS 'Whether sign-in asks for it; it does once the person has shown to have it.';
COMMENT ON COLUMN "mainstay"."user_mfa_factors"."last_step" IS 'The step of the last code that was taken; none from before is taken again (RFC 6238 §5.2).';
COMMENT ON COLUMN "mainstay"."user_mfa_factors"."code_hash" IS 'The code that was sent last and not used, under a key that the database does not hold.';
COMMENT ON COLUMN "mainstay"."user_mfa_factors"."failed_attempts" IS 'Wrong codes since the last right one.';
COMMENT ON COLUMN "mainstay"."user_mfa_factors"."last_failed_at" IS 'When the last wrong code was given.';
COMMENT ON COLUMN "mainstay"."user_mfa_factors"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."user_mfa_factors"."updated_at" IS 'When the record was last changed.';

-- mainstay.webauthn_credentials (identity)
CREATE TABLE "mainstay"."webauthn_credentials" (
    "id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "factor_id" uuid,
    "friendly_name" text COLLATE "C",
    "rp_id" text COLLATE "C" NOT NULL,
    "credential_id" bytea NOT NULL,
    "user_handle" bytea NOT NULL,
    "public_key" bytea NOT NULL,
    "sign_count" bigint NOT NULL DEFAULT 0,
    "user_verified" boolean NOT NULL DEFAULT false,
    "backup_eligible" boolean NOT NULL DEFAULT false,
    "backed_up" boolean NOT NULL DEFAULT false,
    "transports" text[] COLLATE "C" NOT NULL,
    "last_used_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "webauthn_credentials_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "webauthn_credentials_credential_id_key" UNIQUE ("credential_id"),
    CONSTRAINT "webauthn_credentials_friendly_name_check" CHECK (char_length("friendly_name") <= 120),
    CONSTRAINT "webauthn_credentials_rp_id_check" CHECK (char_length("rp_id") <= 253),
    CONSTRAINT "webauthn_credentials_sign_count_check" CHECK ("sign_count" >= 0)
);
CREATE INDEX "webauthn_credentials_user_id_idx" ON "mainstay"."webauthn_credentials" ("user_id");
CREATE INDEX "webauthn_credentials_factor_id_idx" ON "mainstay"."webauthn_credentials" ("factor_id");
ALTER TABLE "mainstay"."webauthn_credentials" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."webauthn_credentials" FOR SELECT USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."webauthn_credentials" FOR INSERT WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."webauthn_credentials" FOR UPDATE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."webauthn_credentials" FOR DELETE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."webauthn_credentials" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."webauthn_credentials" IS 'A credential of an authenticator: a passkey, or the security key of a second factor.';
COMMENT ON COLUMN "mainstay"."webauthn_credentials"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."webauthn_credentials"."user_id" IS 'The person.';
COMMENT ON COLUMN "mainstay"."webauthn_credentials"."factor_id" IS 'The second factor that it is; none for a passkey.';
COMMENT ON COLUMN "mainstay"."webauthn_credentials"."friendly_name" IS 'What the person calls it.';
COMMENT ON COLUMN "mainstay"."webauthn_credentials"."rp_id" IS 'The site that it was made for (WebAuthn §5.4.2).';
COMMENT ON COLUMN "mainstay"."webauthn_credentials"."credential_id" IS 'What the authenticator calls it.';
COMMENT ON COLUMN "mainstay"."webauthn_credentials"."user_handle" IS 'What the authenticator calls the person: random, so that it tells nobody who that is.';
COMMENT ON COLUMN "mainstay"."webauthn_credentials"."public_key" IS 'The public key, and what it is bound to.';
COMMENT ON COLUMN "mainstay"."webauthn_credentials"."sign_count" IS 'Signatures that the authenticator has counted; 0 from one that does not count.';
COMMENT ON COLUMN "mainstay"."webauthn_credentials"."user_verified" IS 'Whether the authenticator has made sure who uses it.';
COMMENT ON COLUMN "mainstay"."webauthn_credentials"."backup_eligible" IS 'Whether the key may be copied to other devices.';
COMMENT ON COLUMN "mainstay"."webauthn_credentials"."backed_up" IS 'Whether it has been.';
COMMENT ON COLUMN "mainstay"."webauthn_credentials"."transports" IS 'How the authenticator is reached (WebAuthn §5.8.4).';
COMMENT ON COLUMN "mainstay"."webauthn_credentials"."last_used_at" IS 'When it last showed who its person is.';
COMMENT ON COLUMN "mainstay"."webauthn_credentials"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."webauthn_credentials"."updated_at" IS 'When the record was last changed.';

-- mainstay.user_verifications (identity)
CREATE TABLE "mainstay"."user_verifications" (
    "id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "type" text COLLATE "C" NOT NULL,
    "purpose" text COLLATE "C" NOT NULL DEFAULT 'signup',
    "organization_id" uuid,
    "email" text COLLATE "C",
    "token_hash" bytea NOT NULL,
    "code_hash" bytea,
    "attempts" integer NOT NULL DEFAULT 0,
    "redirect_to" text COLLATE "C",
    "code_challenge" text COLLATE "C",
    "expires_at" timestamptz NOT NULL,
    "verified_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "user_verifications_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "user_verifications_token_hash_key" UNIQUE ("token_hash"),
    CONSTRAINT "user_verifications_attempts_check" CHECK ("attempts" >= 0),
    CONSTRAINT "user_verifications_code_challenge_check" CHECK (char_length("code_challenge") <= 200),
    CONSTRAINT "user_verifications_email_check" CHECK (char_length("email") <= 320),
    CONSTRAINT "user_verifications_purpose_check" CHECK ("purpose" IN ('signup', 'invite', 'magic_link', 'recovery', 'email_change', 'email_change_current', 'reauthentication', 'authorization_code', 'unlock', 'second_factor')),
    CONSTRAINT "user_verifications_redirect_to_check" CHECK (char_length("redirect_to") <= 2000),
    CONSTRAINT "user_verifications_type_check" CHECK ("type" IN ('email', 'phone', 'password_reset'))
);
CREATE INDEX "user_verifications_user_id_type_idx" ON "mainstay"."user_verifications" ("user_id", "type");
CREATE INDEX "user_verifications_user_id_purpose_idx" ON "mainstay"."user_verifications" ("user_id", "purpose");
CREATE INDEX "user_verifications_expires_at_idx" ON "mainstay"."user_verifications" ("expires_at");
CREATE INDEX "user_verifications_organization_id_idx" ON "mainstay"."user_verifications" ("organization_id");
ALTER TABLE "mainstay"."user_verifications" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."user_verifications" FOR SELECT USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."user_verifications" FOR INSERT WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."user_verifications" FOR UPDATE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."user_verifications" FOR DELETE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."user_verifications" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."user_verifications" IS 'A token that was sent to a person, until it is used or its time has passed (S3-B150).';
COMMENT ON COLUMN "mainstay"."user_verifications"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."user_verifications"."user_id" IS 'The person.';
COMMENT ON COLUMN "mainstay"."user_verifications"."type" IS 'What the token shows.';
COMMENT ON COLUMN "mainstay"."user_verifications"."purpose" IS 'What the token is for.';
COMMENT ON COLUMN "mainstay"."user_verifications"."organization_id" IS 'The organisation that the person enters with it.';
COMMENT ON COLUMN "mainstay"."user_verifications"."email" IS 'The address that it was sent to.';
COMMENT ON COLUMN "mainstay"."user_verifications"."token_hash" IS 'SHA-256 of the token.';
COMMENT ON COLUMN "mainstay"."user_verifications"."code_hash" IS 'The short code beside it, under a key that the database does not hold.';
COMMENT ON COLUMN "mainstay"."user_verifications"."attempts" IS 'How often a wrong code was given.';
COMMENT ON COLUMN "mainstay"."user_verifications"."redirect_to" IS 'Where a browser goes on after the link.';
COMMENT ON COLUMN "mainstay"."user_verifications"."code_challenge" IS 'What whoever asked for it will prove to know (RFC 7636 §4.2), as `method:challenge`.';
COMMENT ON COLUMN "mainstay"."user_verifications"."expires_at" IS 'The token can''t be used after this time.';
COMMENT ON COLUMN "mainstay"."user_verifications"."verified_at" IS 'When it was used.';
COMMENT ON COLUMN "mainstay"."user_verifications"."created_at" IS 'When the record was created.';

-- mainstay.password_history (identity)
CREATE TABLE "mainstay"."password_history" (
    "id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "password_hash" text COLLATE "C" NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "password_history_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "password_history_password_hash_check" CHECK (char_length("password_hash") <= 255)
);
CREATE INDEX "password_history_user_id_created_at_idx" ON "mainstay"."password_history" ("user_id", "created_at" DESC);
ALTER TABLE "mainstay"."password_history" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."password_history" FOR SELECT USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."password_history" FOR INSERT WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."password_history" FOR UPDATE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."password_history" FOR DELETE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."password_history" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."password_history" IS 'A former password of a person (S2-B47).';
COMMENT ON COLUMN "mainstay"."password_history"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."password_history"."user_id" IS 'The person.';
COMMENT ON COLUMN "mainstay"."password_history"."password_hash" IS 'The password''s hash in PHC form.';
COMMENT ON COLUMN "mainstay"."password_history"."created_at" IS 'When the password was replaced.';

-- mainstay.login_attempts (identity)
CREATE TABLE "mainstay"."login_attempts" (
    "id" uuid NOT NULL,
    "user_id" uuid,
    "email" text COLLATE "C",
    "login_method" text COLLATE "C",
    "ip_address" inet,
    "network" inet,
    "user_agent" text COLLATE "C",
    "success" boolean NOT NULL,
    "failure_reason" text COLLATE "C",
    "attempted_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "login_attempts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "login_attempts_email_check" CHECK (char_length("email") <= 320),
    CONSTRAINT "login_attempts_failure_reason_check" CHECK (char_length("failure_reason") <= 100),
    CONSTRAINT "login_attempts_login_method_check" CHECK (char_length("login_method") <= 50),
    CONSTRAINT "login_attempts_user_agent_check" CHECK (char_length("user_agent") <= 1000)
);
CREATE INDEX "login_attempts_user_id_attempted_at_idx" ON "mainstay"."login_attempts" ("user_id", "attempted_at");
CREATE INDEX "login_attempts_email_attempted_at_idx" ON "mainstay"."login_attempts" ("email", "attempted_at");
CREATE INDEX "login_attempts_ip_address_attempted_at_idx" ON "mainstay"."login_attempts" ("ip_address", "attempted_at");
CREATE INDEX "login_attempts_network_attempted_at_idx" ON "mainstay"."login_attempts" ("network", "attempted_at");
CREATE INDEX "login_attempts_attempted_at_idx" ON "mainstay"."login_attempts" ("attempted_at");
ALTER TABLE "mainstay"."login_attempts" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."login_attempts" FOR SELECT USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."login_attempts" FOR INSERT WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."login_attempts" FOR UPDATE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."login_attempts" FOR DELETE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."login_attempts" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."login_attempts" IS 'An attempt to sign in, of a known person or an unknown one (S2-B48).';
COMMENT ON COLUMN "mainstay"."login_attempts"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."login_attempts"."user_id" IS 'The person; none when the address is nobody''s.';
COMMENT ON COLUMN "mainstay"."login_attempts"."email" IS 'The address that was given.';
COMMENT ON COLUMN "mainstay"."login_attempts"."login_method" IS 'How it was tried: `password`, `passkey`, a provider''s name.';
COMMENT ON COLUMN "mainstay"."login_attempts"."ip_address" IS 'Where the request came from.';
COMMENT ON COLUMN "mainstay"."login_attempts"."network" IS 'The place that its limits count by: the address, or of IPv6 its network of 64 bits.';
COMMENT ON COLUMN "mainstay"."login_attempts"."user_agent" IS 'The client''s program.';
COMMENT ON COLUMN "mainstay"."login_attempts"."success" IS 'Whether the person was let in.';
COMMENT ON COLUMN "mainstay"."login_attempts"."failure_reason" IS 'Why not.';
COMMENT ON COLUMN "mainstay"."login_attempts"."attempted_at" IS 'When.';

-- mainstay.onboarding_steps (identity)
CREATE TABLE "mainstay"."onboarding_steps" (
    "id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "order" integer NOT NULL DEFAULT 0,
    "required" boolean NOT NULL DEFAULT true,
    "validation_rules" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "onboarding_steps_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "onboarding_steps_name_key" UNIQUE ("name"),
    CONSTRAINT "onboarding_steps_description_check" CHECK (char_length("description") <= 2000),
    CONSTRAINT "onboarding_steps_name_check" CHECK (char_length("name") <= 100),
    CONSTRAINT "onboarding_steps_name_given_check" CHECK (name <> ''),
    CONSTRAINT "onboarding_steps_order_check" CHECK ("order" >= 0)
);
CREATE INDEX "onboarding_steps_order_idx" ON "mainstay"."onboarding_steps" ("order");
ALTER TABLE "mainstay"."onboarding_steps" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."onboarding_steps" FOR SELECT USING (TRUE);
CREATE POLICY "insert" ON "mainstay"."onboarding_steps" FOR INSERT WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."onboarding_steps" FOR UPDATE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."onboarding_steps" FOR DELETE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."onboarding_steps" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."onboarding_steps" IS 'A step that new people go through (S3-B151).';
COMMENT ON COLUMN "mainstay"."onboarding_steps"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."onboarding_steps"."name" IS 'The name by which states refer to it.';
COMMENT ON COLUMN "mainstay"."onboarding_steps"."description" IS 'What there is to do.';
COMMENT ON COLUMN "mainstay"."onboarding_steps"."order" IS 'Its place; smaller ones come first.';
COMMENT ON COLUMN "mainstay"."onboarding_steps"."required" IS 'Whether it can''t be skipped.';
COMMENT ON COLUMN "mainstay"."onboarding_steps"."validation_rules" IS 'What the data of a completed step must be like, as JSON Schema.';
COMMENT ON COLUMN "mainstay"."onboarding_steps"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."onboarding_steps"."updated_at" IS 'When the record was last changed.';

-- mainstay.onboarding_states (identity)
CREATE TABLE "mainstay"."onboarding_states" (
    "user_id" uuid NOT NULL,
    "step" text COLLATE "C" NOT NULL,
    "completed" boolean NOT NULL DEFAULT false,
    "data" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "completed_at" timestamptz,
    "metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "onboarding_states_pkey" PRIMARY KEY ("user_id", "step"),
    CONSTRAINT "onboarding_states_step_check" CHECK (char_length("step") <= 100),
    CONSTRAINT "onboarding_states_time_of_completed_check" CHECK (completed or completed_at is null)
);
CREATE INDEX "onboarding_states_step_idx" ON "mainstay"."onboarding_states" ("step");
ALTER TABLE "mainstay"."onboarding_states" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."onboarding_states" FOR SELECT USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."onboarding_states" FOR INSERT WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."onboarding_states" FOR UPDATE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."onboarding_states" FOR DELETE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."onboarding_states" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."onboarding_states" IS 'How far a person has come with a step; one row for each step that was begun.';
COMMENT ON COLUMN "mainstay"."onboarding_states"."user_id" IS 'The person.';
COMMENT ON COLUMN "mainstay"."onboarding_states"."step" IS 'The step, by name.';
COMMENT ON COLUMN "mainstay"."onboarding_states"."completed" IS 'Whether it is done.';
COMMENT ON COLUMN "mainstay"."onboarding_states"."data" IS 'What the person entered.';
COMMENT ON COLUMN "mainstay"."onboarding_states"."completed_at" IS 'When it was done.';
COMMENT ON COLUMN "mainstay"."onboarding_states"."metadata" IS 'Whatever the product keeps beside it.';
COMMENT ON COLUMN "mainstay"."onboarding_states"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."onboarding_states"."updated_at" IS 'When the record was last changed.';

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
COMMENT ON COLUMN "mainstay"."roles"."organization_id" IS 'The organisation that it belongs to (S4-B50).';
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
CREATE INDEX "teams_is_active_deleted_at_idx" ON "mainstay"."teams" ("organization_id", "is_active", "deleted_at");
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
CREATE INDEX "team_members_role_idx" ON "mainstay"."team_members" ("organization_id", "role");
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
    "refresh_generation" integer NOT NULL DEFAULT 0,
    "refreshed_at" timestamptz,
    "assurance_level" text COLLATE "C" NOT NULL DEFAULT 'aal1',
    "methods" jsonb NOT NULL DEFAULT '[]'::jsonb,
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
    CONSTRAINT "sessions_token_hash_key" UNIQUE ("token_hash"),
    CONSTRAINT "sessions_refresh_token_hash_key" UNIQUE ("refresh_token_hash"),
    CONSTRAINT "sessions_assurance_level_check" CHECK ("assurance_level" IN ('aal1', 'aal2')),
    CONSTRAINT "sessions_device_id_check" CHECK (char_length("device_id") <= 255),
    CONSTRAINT "sessions_device_name_check" CHECK (char_length("device_name") <= 255),
    CONSTRAINT "sessions_device_type_check" CHECK (char_length("device_type") <= 50),
    CONSTRAINT "sessions_kind_of_device_check" CHECK (device_type in ('web', 'mobile', 'api')),
    CONSTRAINT "sessions_location_check" CHECK (char_length("location") <= 255),
    CONSTRAINT "sessions_refresh_generation_check" CHECK ("refresh_generation" >= 0),
    CONSTRAINT "sessions_revoked_reason_check" CHECK (char_length("revoked_reason") <= 255),
    CONSTRAINT "sessions_user_agent_check" CHECK (char_length("user_agent") <= 1000)
);
CREATE INDEX "sessions_user_id_is_active_idx" ON "mainstay"."sessions" ("user_id", "is_active");
CREATE INDEX "sessions_is_active_expires_at_idx" ON "mainstay"."sessions" ("is_active", "expires_at");
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
COMMENT ON COLUMN "mainstay"."sessions"."refresh_generation" IS 'How often the refresh token was replaced.';
COMMENT ON COLUMN "mainstay"."sessions"."refreshed_at" IS 'When it was replaced last.';
COMMENT ON COLUMN "mainstay"."sessions"."assurance_level" IS 'How strongly the person has proved who they are.';
COMMENT ON COLUMN "mainstay"."sessions"."methods" IS 'By which methods and when, as the claim `amr` of access tokens says it.';
COMMENT ON COLUMN "mainstay"."sessions"."ip_address" IS 'Where the person signed in from.';
COMMENT ON COLUMN "mainstay"."sessions"."user_agent" IS 'The client''s program.';
COMMENT ON COLUMN "mainstay"."sessions"."device_id" IS 'The device, as the client names it.';
COMMENT ON COLUMN "mainstay"."sessions"."device_name" IS 'What the person calls the device.';
COMMENT ON COLUMN "mainstay"."sessions"."device_type" IS 'What kind of device: `web`, `mobile` or `api` (S2-B3).';
COMMENT ON COLUMN "mainstay"."sessions"."location" IS 'Roughly where the address is.';
COMMENT ON COLUMN "mainstay"."sessions"."expires_at" IS 'The session ends then.';
COMMENT ON COLUMN "mainstay"."sessions"."refresh_expires_at" IS 'The refresh token ends then.';
COMMENT ON COLUMN "mainstay"."sessions"."last_activity_at" IS 'When it was last used.';
COMMENT ON COLUMN "mainstay"."sessions"."is_active" IS 'Whether it may be used.';
COMMENT ON COLUMN "mainstay"."sessions"."revoked_at" IS 'When it was ended.';
COMMENT ON COLUMN "mainstay"."sessions"."revoked_reason" IS 'Why it was ended.';
COMMENT ON COLUMN "mainstay"."sessions"."created_at" IS 'When it began.';

-- mainstay.sign_in_flows (identity)
CREATE TABLE "mainstay"."sign_in_flows" (
    "id" uuid NOT NULL,
    "user_id" uuid,
    "organization_id" uuid,
    "provider" text COLLATE "C" NOT NULL,
    "state_hash" bytea NOT NULL,
    "redirect_to" text COLLATE "C" NOT NULL,
    "code_challenge" text COLLATE "C",
    "arrival" jsonb,
    "code_hash" bytea,
    "network" inet,
    "returned_at" timestamptz,
    "used_at" timestamptz,
    "expires_at" timestamptz NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "sign_in_flows_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "sign_in_flows_state_hash_key" UNIQUE ("state_hash"),
    CONSTRAINT "sign_in_flows_code_hash_key" UNIQUE ("code_hash"),
    CONSTRAINT "sign_in_flows_code_challenge_check" CHECK (char_length("code_challenge") <= 200),
    CONSTRAINT "sign_in_flows_provider_check" CHECK (char_length("provider") <= 50),
    CONSTRAINT "sign_in_flows_redirect_to_check" CHECK (char_length("redirect_to") <= 2000)
);
CREATE INDEX "sign_in_flows_network_created_at_idx" ON "mainstay"."sign_in_flows" ("network", "created_at");
CREATE INDEX "sign_in_flows_expires_at_idx" ON "mainstay"."sign_in_flows" ("expires_at");
CREATE INDEX "sign_in_flows_user_id_idx" ON "mainstay"."sign_in_flows" ("user_id");
CREATE INDEX "sign_in_flows_organization_id_idx" ON "mainstay"."sign_in_flows" ("organization_id");
ALTER TABLE "mainstay"."sign_in_flows" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."sign_in_flows" FOR SELECT USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."sign_in_flows" FOR INSERT WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."sign_in_flows" FOR UPDATE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."sign_in_flows" FOR DELETE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."sign_in_flows" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."sign_in_flows" IS 'A browser that was sent to a provider, until it has come back or its time has passed. It can be continued once, by the browser that began it.';
COMMENT ON COLUMN "mainstay"."sign_in_flows"."id" IS 'Identifier.';
COMMENT ON COLUMN "mainstay"."sign_in_flows"."user_id" IS 'Who adds the provider to their account; none when somebody signs in.';
COMMENT ON COLUMN "mainstay"."sign_in_flows"."organization_id" IS 'The organisation that the person enters.';
COMMENT ON COLUMN "mainstay"."sign_in_flows"."provider" IS 'The provider''s name.';
COMMENT ON COLUMN "mainstay"."sign_in_flows"."state_hash" IS 'SHA-256 of the state that the provider gives back.';
COMMENT ON COLUMN "mainstay"."sign_in_flows"."redirect_to" IS 'Where the browser goes on, checked when the flow began.';
COMMENT ON COLUMN "mainstay"."sign_in_flows"."code_challenge" IS 'What whoever began it will prove to know (RFC 7636 §4.2), as `method:challenge`.';
COMMENT ON COLUMN "mainstay"."sign_in_flows"."arrival" IS 'What the provider said of the person, until that is used.';
COMMENT ON COLUMN "mainstay"."sign_in_flows"."code_hash" IS 'SHA-256 of the code by which whoever began it goes on.';
COMMENT ON COLUMN "mainstay"."sign_in_flows"."network" IS 'The place that it began at, which its limit counts by: the address, or of IPv6 its network of 64 bits.';
COMMENT ON COLUMN "mainstay"."sign_in_flows"."returned_at" IS 'When the browser came back.';
COMMENT ON COLUMN "mainstay"."sign_in_flows"."used_at" IS 'When it was done with.';
COMMENT ON COLUMN "mainstay"."sign_in_flows"."expires_at" IS 'It can''t be continued after this time.';
COMMENT ON COLUMN "mainstay"."sign_in_flows"."created_at" IS 'When it began.';

-- mainstay.webauthn_challenges (identity)
CREATE TABLE "mainstay"."webauthn_challenges" (
    "id" uuid NOT NULL,
    "user_id" uuid,
    "session_id" uuid,
    "factor_id" uuid,
    "ceremony" text COLLATE "C" NOT NULL,
    "state" bytea NOT NULL,
    "ip_address" inet,
    "expires_at" timestamptz NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "webauthn_challenges_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "webauthn_challenges_ceremony_check" CHECK ("ceremony" IN ('registration', 'authentication'))
);
CREATE INDEX "webauthn_challenges_user_id_idx" ON "mainstay"."webauthn_challenges" ("user_id");
CREATE INDEX "webauthn_challenges_session_id_idx" ON "mainstay"."webauthn_challenges" ("session_id");
CREATE INDEX "webauthn_challenges_factor_id_idx" ON "mainstay"."webauthn_challenges" ("factor_id");
CREATE INDEX "webauthn_challenges_ip_address_idx" ON "mainstay"."webauthn_challenges" ("ip_address");
CREATE INDEX "webauthn_challenges_expires_at_idx" ON "mainstay"."webauthn_challenges" ("expires_at");
ALTER TABLE "mainstay"."webauthn_challenges" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."webauthn_challenges" FOR SELECT USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."webauthn_challenges" FOR INSERT WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."webauthn_challenges" FOR UPDATE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."webauthn_challenges" FOR DELETE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."webauthn_challenges" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."webauthn_challenges" IS 'A challenge that waits for its answer, for a few minutes and one attempt.';
COMMENT ON COLUMN "mainstay"."webauthn_challenges"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."webauthn_challenges"."user_id" IS 'The person; none for a sign-in, in which the authenticator says who it is.';
COMMENT ON COLUMN "mainstay"."webauthn_challenges"."session_id" IS 'The session that alone may answer.';
COMMENT ON COLUMN "mainstay"."webauthn_challenges"."factor_id" IS 'The second factor that it is about.';
COMMENT ON COLUMN "mainstay"."webauthn_challenges"."ceremony" IS 'What is asked for.';
COMMENT ON COLUMN "mainstay"."webauthn_challenges"."state" IS 'The challenge, and what the answer must hold.';
COMMENT ON COLUMN "mainstay"."webauthn_challenges"."ip_address" IS 'Where the request came from.';
COMMENT ON COLUMN "mainstay"."webauthn_challenges"."expires_at" IS 'It can''t be answered after this time.';
COMMENT ON COLUMN "mainstay"."webauthn_challenges"."created_at" IS 'When the record was created.';

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
    "installation" boolean NOT NULL DEFAULT false,
    "rate_limit_per_hour" integer,
    "limit_hour" timestamptz,
    "limit_taken" bigint NOT NULL DEFAULT 0,
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
    CONSTRAINT "api_keys_limit_taken_check" CHECK ("limit_taken" >= 0),
    CONSTRAINT "api_keys_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "api_keys_one_owner_check" CHECK (user_id is null or team_id is null),
    CONSTRAINT "api_keys_rate_limit_per_hour_check" CHECK ("rate_limit_per_hour" >= 1),
    CONSTRAINT "api_keys_revoked_reason_check" CHECK (char_length("revoked_reason") <= 255)
);
CREATE INDEX "api_keys_user_id_idx" ON "mainstay"."api_keys" ("organization_id", "user_id");
CREATE INDEX "api_keys_team_id_idx" ON "mainstay"."api_keys" ("organization_id", "team_id");
CREATE INDEX "api_keys_key_prefix_idx" ON "mainstay"."api_keys" ("organization_id", "key_prefix");
CREATE INDEX "api_keys_is_active_expires_at_idx" ON "mainstay"."api_keys" ("organization_id", "is_active", "expires_at");
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
COMMENT ON COLUMN "mainstay"."api_keys"."installation" IS 'Whether they hold for a product''s tables of the installation too. The operator gives it, no organisation.';
COMMENT ON COLUMN "mainstay"."api_keys"."rate_limit_per_hour" IS 'Most requests an hour; none means no limit.';
COMMENT ON COLUMN "mainstay"."api_keys"."limit_hour" IS 'The hour that requests were last taken for, of those that the limit allows.';
COMMENT ON COLUMN "mainstay"."api_keys"."limit_taken" IS 'Requests that servers have taken for it.';
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

-- mainstay.invitations (identity)
CREATE TABLE "mainstay"."invitations" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "email" text COLLATE "C" NOT NULL,
    "role_id" uuid,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "token_hash" bytea NOT NULL,
    "expires_at" timestamptz NOT NULL,
    "redirect_to" text COLLATE "C",
    "invited_by" uuid,
    "api_key_id" uuid,
    "sent_count" integer NOT NULL DEFAULT 1,
    "sent_at" timestamptz NOT NULL,
    "accepted_by" uuid,
    "accepted_at" timestamptz,
    "revoked_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "invitations_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "invitations_token_hash_key" UNIQUE ("organization_id", "token_hash"),
    CONSTRAINT "invitations_email_check" CHECK (char_length("email") <= 320),
    CONSTRAINT "invitations_redirect_to_check" CHECK (char_length("redirect_to") <= 2000),
    CONSTRAINT "invitations_sent_count_check" CHECK ("sent_count" >= 1),
    CONSTRAINT "invitations_status_check" CHECK ("status" IN ('pending', 'accepted', 'revoked', 'expired'))
);
CREATE UNIQUE INDEX "invitations_email_key" ON "mainstay"."invitations" ("organization_id", "email") WHERE status = 'pending';
CREATE INDEX "invitations_status_expires_at_idx" ON "mainstay"."invitations" ("organization_id", "status", "expires_at");
CREATE INDEX "invitations_role_id_idx" ON "mainstay"."invitations" ("organization_id", "role_id");
CREATE INDEX "invitations_invited_by_idx" ON "mainstay"."invitations" ("organization_id", "invited_by");
CREATE INDEX "invitations_api_key_id_idx" ON "mainstay"."invitations" ("organization_id", "api_key_id");
CREATE INDEX "invitations_accepted_by_idx" ON "mainstay"."invitations" ("organization_id", "accepted_by");
CREATE TRIGGER "invitations_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."invitations" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('accepted', 'revoked', 'expired') WHEN 'expired' THEN NEW."status" IN ('pending', 'revoked') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."invitations" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."invitations" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."invitations" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."invitations" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."invitations" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."invitations" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."invitations" IS 'An invitation of an address. It keeps a seat while it can be accepted (S2-B50).';
COMMENT ON COLUMN "mainstay"."invitations"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."invitations"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."invitations"."email" IS 'The address that it was sent to, and that names the account of who accepts it.';
COMMENT ON COLUMN "mainstay"."invitations"."role_id" IS 'The role that it gives; none gives no permissions.';
COMMENT ON COLUMN "mainstay"."invitations"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."invitations"."token_hash" IS 'SHA-256 of the token that was sent last.';
COMMENT ON COLUMN "mainstay"."invitations"."expires_at" IS 'It can''t be accepted after this time.';
COMMENT ON COLUMN "mainstay"."invitations"."redirect_to" IS 'Where a browser goes on after the link.';
COMMENT ON COLUMN "mainstay"."invitations"."invited_by" IS 'The member who invited.';
COMMENT ON COLUMN "mainstay"."invitations"."api_key_id" IS 'The program that invited.';
COMMENT ON COLUMN "mainstay"."invitations"."sent_count" IS 'How often it was sent.';
COMMENT ON COLUMN "mainstay"."invitations"."sent_at" IS 'When it was sent last.';
COMMENT ON COLUMN "mainstay"."invitations"."accepted_by" IS 'Who accepted it.';
COMMENT ON COLUMN "mainstay"."invitations"."accepted_at" IS 'When it was accepted.';
COMMENT ON COLUMN "mainstay"."invitations"."revoked_at" IS 'When it was taken back.';
COMMENT ON COLUMN "mainstay"."invitations"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."invitations"."updated_at" IS 'When the record was last changed.';

-- mainstay.organization_domains (identity)
CREATE TABLE "mainstay"."organization_domains" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "domain" text COLLATE "C" NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "challenge" text COLLATE "C" NOT NULL,
    "members_join" boolean NOT NULL DEFAULT false,
    "member_role" text COLLATE "C",
    "verified_at" timestamptz,
    "checked_at" timestamptz,
    "check_at" timestamptz NOT NULL,
    "missed" integer NOT NULL DEFAULT 0,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "organization_domains_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "organization_domains_domain_key" UNIQUE ("organization_id", "domain"),
    CONSTRAINT "organization_domains_challenge_check" CHECK (char_length("challenge") <= 100),
    CONSTRAINT "organization_domains_domain_check" CHECK (char_length("domain") <= 253),
    CONSTRAINT "organization_domains_member_role_check" CHECK (char_length("member_role") <= 100),
    CONSTRAINT "organization_domains_missed_check" CHECK ("missed" >= 0),
    CONSTRAINT "organization_domains_status_check" CHECK ("status" IN ('pending', 'verified', 'lapsed'))
);
CREATE INDEX "organization_domains_check_at_idx" ON "mainstay"."organization_domains" ("organization_id", "check_at");
CREATE TRIGGER "organization_domains_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."organization_domains" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('verified') WHEN 'verified' THEN NEW."status" IN ('lapsed') WHEN 'lapsed' THEN NEW."status" IN ('verified') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."organization_domains" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."organization_domains" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."organization_domains" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."organization_domains" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."organization_domains" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."organization_domains" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."organization_domains" IS 'A domain that an organisation says is its own, shown by a record in it (S2-B50).';
COMMENT ON COLUMN "mainstay"."organization_domains"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."organization_domains"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."organization_domains"."domain" IS 'The domain, in lower case.';
COMMENT ON COLUMN "mainstay"."organization_domains"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."organization_domains"."challenge" IS 'What the TXT record must say.';
COMMENT ON COLUMN "mainstay"."organization_domains"."members_join" IS 'Whether people with an address of the domain may join by themselves.';
COMMENT ON COLUMN "mainstay"."organization_domains"."member_role" IS 'The name of the role that they get then; none gives no permissions.';
COMMENT ON COLUMN "mainstay"."organization_domains"."verified_at" IS 'When it was shown to be the organisation''s.';
COMMENT ON COLUMN "mainstay"."organization_domains"."checked_at" IS 'When its record was looked for last.';
COMMENT ON COLUMN "mainstay"."organization_domains"."check_at" IS 'When it is looked for next.';
COMMENT ON COLUMN "mainstay"."organization_domains"."missed" IS 'How often it was not there since it was last found.';
COMMENT ON COLUMN "mainstay"."organization_domains"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."organization_domains"."updated_at" IS 'When the record was last changed.';

-- mainstay.verified_domains (identity)
CREATE TABLE "mainstay"."verified_domains" (
    "id" uuid NOT NULL,
    "domain" text COLLATE "C" NOT NULL,
    "organization_id" uuid NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "verified_domains_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "verified_domains_domain_key" UNIQUE ("domain"),
    CONSTRAINT "verified_domains_domain_check" CHECK (char_length("domain") <= 253)
);
CREATE INDEX "verified_domains_organization_id_idx" ON "mainstay"."verified_domains" ("organization_id");
ALTER TABLE "mainstay"."verified_domains" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."verified_domains" FOR SELECT USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."verified_domains" FOR INSERT WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."verified_domains" FOR UPDATE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."verified_domains" FOR DELETE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."verified_domains" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."verified_domains" IS 'Whose a domain is: one organisation''s of the whole installation.';
COMMENT ON COLUMN "mainstay"."verified_domains"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."verified_domains"."domain" IS 'The domain, in lower case.';
COMMENT ON COLUMN "mainstay"."verified_domains"."organization_id" IS 'The organisation.';
COMMENT ON COLUMN "mainstay"."verified_domains"."created_at" IS 'When the record was created.';

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
    "destroyed_at" timestamptz,
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
COMMENT ON COLUMN "mainstay"."vault_keys"."wrapped" IS 'The wrapped key; empty when it was destroyed.';
COMMENT ON COLUMN "mainstay"."vault_keys"."created_at" IS 'When it was made.';
COMMENT ON COLUMN "mainstay"."vault_keys"."destroyed_at" IS 'When it was destroyed, so that nothing that it sealed can be read again.';

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
    "event_version" text COLLATE "C" NOT NULL DEFAULT '1.0',
    "processing_latency_ms" bigint,
    "details" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "metadata" jsonb,
    "personal" bytea,
    "occurred_at" timestamptz NOT NULL DEFAULT now(),
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "preset" text COLLATE "C",
    "subject_id" uuid,
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
    CONSTRAINT "audit_events_preset_check" CHECK (char_length("preset") <= 50),
    CONSTRAINT "audit_events_processing_latency_ms_check" CHECK ("processing_latency_ms" >= 0),
    CONSTRAINT "audit_events_request_id_check" CHECK (char_length("request_id") <= 255),
    CONSTRAINT "audit_events_resource_id_check" CHECK (char_length("resource_id") <= 255),
    CONSTRAINT "audit_events_resource_name_check" CHECK (char_length("resource_name") <= 255),
    CONSTRAINT "audit_events_resource_type_check" CHECK (char_length("resource_type") <= 255),
    CONSTRAINT "audit_events_retention_policy_check" CHECK (char_length("retention_policy") <= 100),
    CONSTRAINT "audit_events_session_id_check" CHECK (char_length("session_id") <= 255),
    CONSTRAINT "audit_events_status_check" CHECK ("status" IN ('success', 'failure', 'error')),
    CONSTRAINT "audit_events_user_agent_check" CHECK (char_length("user_agent") <= 1000)
) PARTITION BY RANGE ("id");
CREATE INDEX "audit_events_occurred_at_idx" ON "mainstay"."audit_events" ("organization_id", "occurred_at");
CREATE INDEX "audit_events_actor_id_occurred_at_idx" ON "mainstay"."audit_events" ("organization_id", "actor_id", "occurred_at");
CREATE INDEX "audit_events_action_occurred_at_idx" ON "mainstay"."audit_events" ("organization_id", "action", "occurred_at");
CREATE INDEX "audit_events_resource_type_resource_id_idx" ON "mainstay"."audit_events" ("organization_id", "resource_type", "resource_id");
CREATE INDEX "audit_events_correlation_id_idx" ON "mainstay"."audit_events" ("organization_id", "correlation_id") WHERE correlation_id is not null;
CREATE TABLE "mainstay"."audit_events_words" ( /* definition 1 */
    "organization_id" uuid NOT NULL,
    "field" smallint NOT NULL,
    "word" text COLLATE "C" NOT NULL,
    "id" uuid NOT NULL,
    "places" text NOT NULL,
    CONSTRAINT "audit_events_words_pkey" PRIMARY KEY ("organization_id", "field", "word", "id")
);
CREATE INDEX "audit_events_words_row_idx" ON "mainstay"."audit_events_words" ("organization_id", "id");
ALTER TABLE "mainstay"."audit_events_words" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."audit_events_words" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."audit_events_words" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."audit_events_words" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."audit_events_words" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, DELETE ON TABLE "mainstay"."audit_events_words" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."audit_events_words" IS 'The words of audit_events in its columns description, details.';
CREATE TRIGGER "audit_events_words_forget" AFTER DELETE ON "mainstay"."audit_events" REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."forget_words"('"mainstay"."audit_events_words"', 'w."organization_id" = r."organization_id" AND w."id" = r."id"');
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
COMMENT ON COLUMN "mainstay"."audit_events"."description" IS 'What happened, in words; no personal data. Of an event classified PHI it is in `personal`.';
COMMENT ON COLUMN "mainstay"."audit_events"."error_message" IS 'Why it failed.';
COMMENT ON COLUMN "mainstay"."audit_events"."old_value" IS 'The changed fields before.';
COMMENT ON COLUMN "mainstay"."audit_events"."new_value" IS 'The changed fields after.';
COMMENT ON COLUMN "mainstay"."audit_events"."ip_address" IS 'Where the request came from.';
COMMENT ON COLUMN "mainstay"."audit_events"."user_agent" IS 'The client.';
COMMENT ON COLUMN "mainstay"."audit_events"."session_id" IS 'The session.';
COMMENT ON COLUMN "mainstay"."audit_events"."request_id" IS 'The request, as the log names it.';
COMMENT ON COLUMN "mainstay"."audit_events"."correlation_id" IS 'What belongs together.';
COMMENT ON COLUMN "mainstay"."audit_events"."idempotency_key" IS 'By this key a repeated sending is recognised.';
COMMENT ON COLUMN "mainstay"."audit_events"."data_classification" IS 'How confidential the event is: `public`, `internal`, `confidential`, `restricted` or `phi`. None is `internal`.';
COMMENT ON COLUMN "mainstay"."audit_events"."retention_policy" IS 'The policy by which it is kept.';
COMMENT ON COLUMN "mainstay"."audit_events"."ttl" IS 'When the event may be removed, as its sender sees it (S4); retention policies decide.';
COMMENT ON COLUMN "mainstay"."audit_events"."hash" IS 'The hash of the event''s leaf in the ledger.';
COMMENT ON COLUMN "mainstay"."audit_events"."hash_algorithm" IS 'How the hash was made.';
COMMENT ON COLUMN "mainstay"."audit_events"."archived_at" IS 'When the event was moved to an archive.';
COMMENT ON COLUMN "mainstay"."audit_events"."event_version" IS 'Version of the sender''s event format.';
COMMENT ON COLUMN "mainstay"."audit_events"."processing_latency_ms" IS 'How long the work took, in milliseconds.';
COMMENT ON COLUMN "mainstay"."audit_events"."details" IS 'Further facts; no personal data. Those of an event classified PHI are in `personal`.';
COMMENT ON COLUMN "mainstay"."audit_events"."metadata" IS 'Whatever the sender keeps beside it.';
COMMENT ON COLUMN "mainstay"."audit_events"."personal" IS 'Personal data, sealed with the subject''s key: a document of its own and, each in its place, the fields that a preset or the classification PHI has moved here.';
COMMENT ON COLUMN "mainstay"."audit_events"."occurred_at" IS 'When it happened.';
COMMENT ON COLUMN "mainstay"."audit_events"."created_at" IS 'When it was recorded.';
COMMENT ON COLUMN "mainstay"."audit_events"."preset" IS 'The preset that the event keeps, by its name.';
COMMENT ON COLUMN "mainstay"."audit_events"."subject_id" IS 'Whose personal data the event holds: a person''s identifier or the pseudonym that stands for it. Without one the event''s personal data is nobody else''s.';
CREATE TABLE "mainstay"."audit_events_idempotency_key_keys" (
    "organization_id" uuid NOT NULL,
    "idempotency_key" text COLLATE "C" NOT NULL,
    "id" uuid NOT NULL,
    CONSTRAINT "audit_events_idempotency_key_keys_pkey" PRIMARY KEY ("organization_id", "idempotency_key")
);
ALTER TABLE "mainstay"."audit_events_idempotency_key_keys" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."audit_events_idempotency_key_keys" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."audit_events_idempotency_key_keys" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."audit_events_idempotency_key_keys" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."audit_events_idempotency_key_keys" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."audit_events_idempotency_key_keys" TO "mainstay_app";
CREATE OR REPLACE FUNCTION "mainstay"."audit_events_idempotency_key_keys_hold"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('app.ignore_keys', true) = 'on'
        AND EXISTS (SELECT FROM "mainstay"."audit_events" WHERE "organization_id" = NEW."organization_id" AND "id" = NEW."id") THEN
        RETURN NEW;
    END IF;
    INSERT INTO "mainstay"."audit_events_idempotency_key_keys" ("organization_id", "idempotency_key", "id") VALUES (NEW."organization_id", NEW."idempotency_key", NEW."id") ON CONFLICT DO NOTHING;
    IF FOUND THEN
        RETURN NEW;
    END IF;
    IF current_setting('app.ignore_keys', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE unique_violation USING MESSAGE = 'a key of audit_events_idempotency_key_key exists',
        SCHEMA = 'mainstay', TABLE = 'audit_events', CONSTRAINT = 'audit_events_idempotency_key_key';
END
$$;
CREATE OR REPLACE FUNCTION "mainstay"."audit_events_idempotency_key_keys_release"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM "mainstay"."audit_events_idempotency_key_keys" WHERE "organization_id" = OLD."organization_id" AND "idempotency_key" = OLD."idempotency_key";
    RETURN OLD;
END
$$;
CREATE TRIGGER "audit_events_idempotency_key_keys_hold" BEFORE INSERT ON "mainstay"."audit_events" FOR EACH ROW WHEN (NEW."idempotency_key" IS NOT NULL) EXECUTE FUNCTION "mainstay"."audit_events_idempotency_key_keys_hold"();
CREATE TRIGGER "audit_events_idempotency_key_keys_release" AFTER DELETE ON "mainstay"."audit_events" FOR EACH ROW WHEN (OLD."idempotency_key" IS NOT NULL) EXECUTE FUNCTION "mainstay"."audit_events_idempotency_key_keys_release"();
INSERT INTO "mainstay"."audit_events_idempotency_key_keys" SELECT "organization_id", "idempotency_key", "id" FROM "mainstay"."audit_events" AS t WHERE t."idempotency_key" IS NOT NULL;
CREATE TABLE "mainstay"."audit_events_default" PARTITION OF "mainstay"."audit_events" DEFAULT;
ALTER TABLE "mainstay"."audit_events_default" ENABLE ROW LEVEL SECURITY;
SELECT "mainstay"."make_partitions"();

-- mainstay.audit_integrity_checks (audit)
CREATE TABLE "mainstay"."audit_integrity_checks" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "audit_event_id" uuid,
    "verification_timestamp" timestamptz NOT NULL,
    "verification_status" text COLLATE "C" NOT NULL,
    "verification_details" jsonb NOT NULL,
    "verified_by" text COLLATE "C",
    "hash_verified" text COLLATE "C",
    "expected_hash" text COLLATE "C",
    CONSTRAINT "audit_integrity_checks_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "audit_integrity_checks_expected_hash_check" CHECK (char_length("expected_hash") <= 64),
    CONSTRAINT "audit_integrity_checks_hash_verified_check" CHECK (char_length("hash_verified") <= 64),
    CONSTRAINT "audit_integrity_checks_verification_status_check" CHECK ("verification_status" IN ('success', 'failure', 'warning')),
    CONSTRAINT "audit_integrity_checks_verified_by_check" CHECK (char_length("verified_by") <= 255)
);
CREATE INDEX "audit_integrity_checks_audit_event_id_idx" ON "mainstay"."audit_integrity_checks" ("organization_id", "audit_event_id");
CREATE INDEX "audit_integrity_checks_verification_timestamp_idx" ON "mainstay"."audit_integrity_checks" ("organization_id", "verification_timestamp");
CREATE INDEX "audit_integrity_checks_verification_status_idx" ON "mainstay"."audit_integrity_checks" ("organization_id", "verification_status");
CREATE INDEX "audit_integrity_checks_verified_by_idx" ON "mainstay"."audit_integrity_checks" ("organization_id", "verified_by");
CREATE TRIGGER "audit_integrity_checks_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."audit_integrity_checks" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "audit_integrity_checks_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."audit_integrity_checks" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."audit_integrity_checks" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."audit_integrity_checks" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."audit_integrity_checks" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."audit_integrity_checks" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."audit_integrity_checks" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."audit_integrity_checks" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."audit_integrity_checks" IS 'A verification of an organisation''s log (S4-B36, S4-B38).';
COMMENT ON COLUMN "mainstay"."audit_integrity_checks"."id" IS 'Identifier.';
COMMENT ON COLUMN "mainstay"."audit_integrity_checks"."organization_id" IS 'The organisation, or the nil identifier for the platform.';
COMMENT ON COLUMN "mainstay"."audit_integrity_checks"."audit_event_id" IS 'The first event that is not as it was recorded.';
COMMENT ON COLUMN "mainstay"."audit_integrity_checks"."verification_timestamp" IS 'When.';
COMMENT ON COLUMN "mainstay"."audit_integrity_checks"."verification_status" IS 'How it ended.';
COMMENT ON COLUMN "mainstay"."audit_integrity_checks"."verification_details" IS 'Algorithm, numbers, the checkpoint and, when there is one, the first fault.';
COMMENT ON COLUMN "mainstay"."audit_integrity_checks"."verified_by" IS 'Who verified.';
COMMENT ON COLUMN "mainstay"."audit_integrity_checks"."hash_verified" IS 'The hash that was found, in hex.';
COMMENT ON COLUMN "mainstay"."audit_integrity_checks"."expected_hash" IS 'The hash that was expected, in hex.';

-- mainstay.audit_presets (audit)
CREATE TABLE "mainstay"."audit_presets" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "fields" jsonb NOT NULL,
    "validation" jsonb NOT NULL,
    "description" text COLLATE "C",
    "is_active" boolean NOT NULL DEFAULT true,
    "created_by" text COLLATE "C" NOT NULL,
    "updated_by" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "audit_presets_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "audit_presets_name_key" UNIQUE ("organization_id", "name"),
    CONSTRAINT "audit_presets_created_by_check" CHECK (char_length("created_by") <= 255),
    CONSTRAINT "audit_presets_description_check" CHECK (char_length("description") <= 4000),
    CONSTRAINT "audit_presets_name_check" CHECK (char_length("name") <= 50),
    CONSTRAINT "audit_presets_name_given_check" CHECK (name <> ''),
    CONSTRAINT "audit_presets_updated_by_check" CHECK (char_length("updated_by") <= 255)
);
CREATE INDEX "audit_presets_is_active_idx" ON "mainstay"."audit_presets" ("organization_id", "is_active");
ALTER TABLE "mainstay"."audit_presets" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."audit_presets" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."audit_presets" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."audit_presets" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."audit_presets" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."audit_presets" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."audit_presets" IS 'A sort of events that an organisation defines: which fields they have and what must hold for them.';
COMMENT ON COLUMN "mainstay"."audit_presets"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."audit_presets"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."audit_presets"."name" IS 'The name by which senders refer to it.';
COMMENT ON COLUMN "mainstay"."audit_presets"."fields" IS 'Which fields events have: `required`, `optional` (of their contents no others), `personal` (sealed) and `subject` (which tells whose personal data it is). Fields are columns of `audit_events` or places in its documents, such as `details.patient.name`.';
COMMENT ON COLUMN "mainstay"."audit_presets"."validation" IS 'The rules that fields keep: for each field a JSON Schema.';
COMMENT ON COLUMN "mainstay"."audit_presets"."description" IS 'What it is for.';
COMMENT ON COLUMN "mainstay"."audit_presets"."is_active" IS 'Whether it may be used.';
COMMENT ON COLUMN "mainstay"."audit_presets"."created_by" IS 'Who made it.';
COMMENT ON COLUMN "mainstay"."audit_presets"."updated_by" IS 'Who changed it last.';
COMMENT ON COLUMN "mainstay"."audit_presets"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."audit_presets"."updated_at" IS 'When the record was last changed.';

-- mainstay.security_events (audit)
CREATE TABLE "mainstay"."security_events" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "event_type" text COLLATE "C" NOT NULL,
    "severity" text COLLATE "C" NOT NULL,
    "user_id" uuid,
    "email" text COLLATE "C",
    "ip_address" inet,
    "user_agent" text COLLATE "C",
    "location" text COLLATE "C",
    "description" text COLLATE "C" NOT NULL,
    "metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "acknowledged" boolean NOT NULL DEFAULT false,
    "acknowledged_by" uuid,
    "acknowledged_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "security_events_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "security_events_description_check" CHECK (char_length("description") <= 4000),
    CONSTRAINT "security_events_email_check" CHECK (char_length("email") <= 255),
    CONSTRAINT "security_events_event_type_check" CHECK ("event_type" IN ('login_failed', 'login_success', 'brute_force_detected', 'session_revoked', 'password_changed', '2fa_enabled', '2fa_disabled', 'api_key_created', 'api_key_revoked', 'suspicious_activity', 'account_locked', 'audit_integrity_failed')),
    CONSTRAINT "security_events_location_check" CHECK (char_length("location") <= 255),
    CONSTRAINT "security_events_severity_check" CHECK ("severity" IN ('info', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT "security_events_user_agent_check" CHECK (char_length("user_agent") <= 1000)
);
CREATE INDEX "security_events_event_type_idx" ON "mainstay"."security_events" ("organization_id", "event_type");
CREATE INDEX "security_events_severity_idx" ON "mainstay"."security_events" ("organization_id", "severity");
CREATE INDEX "security_events_user_id_idx" ON "mainstay"."security_events" ("organization_id", "user_id");
CREATE INDEX "security_events_email_idx" ON "mainstay"."security_events" ("organization_id", "email");
CREATE INDEX "security_events_ip_address_idx" ON "mainstay"."security_events" ("organization_id", "ip_address");
CREATE INDEX "security_events_created_at_idx" ON "mainstay"."security_events" ("organization_id", "created_at");
ALTER TABLE "mainstay"."security_events" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."security_events" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."security_events" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."security_events" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."security_events" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."security_events" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."security_events" IS 'Something that concerns security, until somebody has seen it.';
COMMENT ON COLUMN "mainstay"."security_events"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."security_events"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."security_events"."event_type" IS 'What happened.';
COMMENT ON COLUMN "mainstay"."security_events"."severity" IS 'How much it matters.';
COMMENT ON COLUMN "mainstay"."security_events"."user_id" IS 'Whom it is about.';
COMMENT ON COLUMN "mainstay"."security_events"."email" IS 'The address that was used.';
COMMENT ON COLUMN "mainstay"."security_events"."ip_address" IS 'Where the request came from.';
COMMENT ON COLUMN "mainstay"."security_events"."user_agent" IS 'The client''s program.';
COMMENT ON COLUMN "mainstay"."security_events"."location" IS 'Roughly where the address is.';
COMMENT ON COLUMN "mainstay"."security_events"."description" IS 'What happened, in words.';
COMMENT ON COLUMN "mainstay"."security_events"."metadata" IS 'Further facts.';
COMMENT ON COLUMN "mainstay"."security_events"."acknowledged" IS 'Whether somebody has seen it.';
COMMENT ON COLUMN "mainstay"."security_events"."acknowledged_by" IS 'Who has seen it.';
COMMENT ON COLUMN "mainstay"."security_events"."acknowledged_at" IS 'When somebody has seen it.';
COMMENT ON COLUMN "mainstay"."security_events"."created_at" IS 'When the record was created.';

-- mainstay.data_changes (audit)
CREATE TABLE "mainstay"."data_changes" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "table_name" text COLLATE "C" NOT NULL,
    "record_id" text COLLATE "C" NOT NULL,
    "change_type" text COLLATE "C" NOT NULL,
    "old_values" jsonb,
    "new_values" jsonb,
    "changed_at" timestamptz NOT NULL DEFAULT now(),
    "changed_by" text COLLATE "C",
    CONSTRAINT "data_changes_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "data_changes_change_type_check" CHECK ("change_type" IN ('insert', 'update', 'delete')),
    CONSTRAINT "data_changes_changed_by_check" CHECK (char_length("changed_by") <= 255),
    CONSTRAINT "data_changes_record_id_check" CHECK (char_length("record_id") <= 255),
    CONSTRAINT "data_changes_table_name_check" CHECK (char_length("table_name") <= 255)
) PARTITION BY RANGE ("id");
CREATE INDEX "data_changes_table_name_record_id_idx" ON "mainstay"."data_changes" ("organization_id", "table_name", "record_id");
CREATE INDEX "data_changes_changed_by_changed_at_idx" ON "mainstay"."data_changes" ("organization_id", "changed_by", "changed_at");
CREATE INDEX "data_changes_changed_at_idx" ON "mainstay"."data_changes" ("organization_id", "changed_at");
CREATE TRIGGER "data_changes_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."data_changes" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "data_changes_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."data_changes" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."data_changes" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."data_changes" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."data_changes" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."data_changes" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."data_changes" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."data_changes" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."data_changes" IS 'A change of one row of a table, kept 7 years (S3-B13, S3-B62). It says what became of data; who meant what is told by audit events.';
COMMENT ON COLUMN "mainstay"."data_changes"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."data_changes"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."data_changes"."table_name" IS 'The table.';
COMMENT ON COLUMN "mainstay"."data_changes"."record_id" IS 'The row.';
COMMENT ON COLUMN "mainstay"."data_changes"."change_type" IS 'What was done to it.';
COMMENT ON COLUMN "mainstay"."data_changes"."old_values" IS 'The changed fields before; no personal data.';
COMMENT ON COLUMN "mainstay"."data_changes"."new_values" IS 'The changed fields after; no personal data.';
COMMENT ON COLUMN "mainstay"."data_changes"."changed_at" IS 'When.';
COMMENT ON COLUMN "mainstay"."data_changes"."changed_by" IS 'Who did it: a user, key or job; may be a pseudonym.';
CREATE TABLE "mainstay"."data_changes_default" PARTITION OF "mainstay"."data_changes" DEFAULT;
ALTER TABLE "mainstay"."data_changes_default" ENABLE ROW LEVEL SECURITY;
SELECT "mainstay"."make_partitions"();

-- mainstay.access_logs (audit)
CREATE TABLE "mainstay"."access_logs" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid,
    "resource" text COLLATE "C" NOT NULL,
    "action" text COLLATE "C" NOT NULL,
    "result" text COLLATE "C" NOT NULL,
    "timestamp" timestamptz NOT NULL DEFAULT now(),
    "details" jsonb NOT NULL DEFAULT '{}'::jsonb,
    CONSTRAINT "access_logs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "access_logs_action_check" CHECK (char_length("action") <= 100),
    CONSTRAINT "access_logs_resource_check" CHECK (char_length("resource") <= 255),
    CONSTRAINT "access_logs_result_check" CHECK ("result" IN ('allowed', 'denied'))
) PARTITION BY RANGE ("id");
CREATE INDEX "access_logs_user_id_timestamp_idx" ON "mainstay"."access_logs" ("organization_id", "user_id", "timestamp");
CREATE INDEX "access_logs_resource_timestamp_idx" ON "mainstay"."access_logs" ("organization_id", "resource", "timestamp");
CREATE INDEX "access_logs_result_timestamp_idx" ON "mainstay"."access_logs" ("organization_id", "result", "timestamp");
CREATE INDEX "access_logs_timestamp_idx" ON "mainstay"."access_logs" ("organization_id", "timestamp");
CREATE TRIGGER "access_logs_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."access_logs" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "access_logs_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."access_logs" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."access_logs" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."access_logs" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."access_logs" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."access_logs" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."access_logs" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."access_logs" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."access_logs" IS 'A decision on access to something, kept 7 years (S3-B65).';
COMMENT ON COLUMN "mainstay"."access_logs"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."access_logs"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."access_logs"."user_id" IS 'Who asked; none when nobody was signed in.';
COMMENT ON COLUMN "mainstay"."access_logs"."resource" IS 'What it was about.';
COMMENT ON COLUMN "mainstay"."access_logs"."action" IS 'What was to be done with it.';
COMMENT ON COLUMN "mainstay"."access_logs"."result" IS 'How it was decided.';
COMMENT ON COLUMN "mainstay"."access_logs"."timestamp" IS 'When.';
COMMENT ON COLUMN "mainstay"."access_logs"."details" IS 'Why, and further facts; no personal data.';
CREATE TABLE "mainstay"."access_logs_default" PARTITION OF "mainstay"."access_logs" DEFAULT;
ALTER TABLE "mainstay"."access_logs_default" ENABLE ROW LEVEL SECURITY;
SELECT "mainstay"."make_partitions"();

-- mainstay.pci_access_logs (audit)
CREATE TABLE "mainstay"."pci_access_logs" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "action" text COLLATE "C" NOT NULL,
    "card_last_4" text COLLATE "C",
    "accessed_at" timestamptz NOT NULL DEFAULT now(),
    "ip_address" bytea,
    "ip_address_blind" bytea,
    CONSTRAINT "pci_access_logs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "pci_access_logs_action_check" CHECK (char_length("action") <= 100),
    CONSTRAINT "pci_access_logs_card_last_4_check" CHECK (char_length("card_last_4") <= 4),
    CONSTRAINT "pci_access_logs_four_digits_check" CHECK (length(card_last_4) = 4 and ltrim(card_last_4, '0123456789') = '')
) PARTITION BY RANGE ("id");
CREATE INDEX "pci_access_logs_user_id_accessed_at_idx" ON "mainstay"."pci_access_logs" ("organization_id", "user_id", "accessed_at");
CREATE INDEX "pci_access_logs_accessed_at_idx" ON "mainstay"."pci_access_logs" ("organization_id", "accessed_at");
CREATE INDEX "pci_access_logs_ip_address_blind_idx" ON "mainstay"."pci_access_logs" ("organization_id", "ip_address_blind");
CREATE TRIGGER "pci_access_logs_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."pci_access_logs" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "pci_access_logs_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."pci_access_logs" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."pci_access_logs" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."pci_access_logs" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."pci_access_logs" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."pci_access_logs" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."pci_access_logs" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."pci_access_logs" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."pci_access_logs" IS 'An access to data of a payment card (S0-B54, S0-B59). Of its number the last four digits are kept, which PCI DSS allows.';
COMMENT ON COLUMN "mainstay"."pci_access_logs"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."pci_access_logs"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."pci_access_logs"."user_id" IS 'Who looked.';
COMMENT ON COLUMN "mainstay"."pci_access_logs"."action" IS 'What was done.';
COMMENT ON COLUMN "mainstay"."pci_access_logs"."card_last_4" IS 'The last four digits of the card''s number.';
COMMENT ON COLUMN "mainstay"."pci_access_logs"."accessed_at" IS 'When.';
COMMENT ON COLUMN "mainstay"."pci_access_logs"."ip_address" IS 'Where the request came from.';
COMMENT ON COLUMN "mainstay"."pci_access_logs"."ip_address_blind" IS 'Keyed hash of ip_address, by which equal values are found.';
CREATE TABLE "mainstay"."pci_access_logs_default" PARTITION OF "mainstay"."pci_access_logs" DEFAULT;
ALTER TABLE "mainstay"."pci_access_logs_default" ENABLE ROW LEVEL SECURITY;
SELECT "mainstay"."make_partitions"();

-- mainstay.transaction_logs (audit)
CREATE TABLE "mainstay"."transaction_logs" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "asset_id" uuid,
    "user_id" uuid,
    "transaction_type" text COLLATE "C" NOT NULL,
    "amount" numeric(78,0),
    "timestamp" timestamptz NOT NULL DEFAULT now(),
    "blockchain_hash" text COLLATE "C",
    CONSTRAINT "transaction_logs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "transaction_logs_blockchain_hash_check" CHECK (char_length("blockchain_hash") <= 100),
    CONSTRAINT "transaction_logs_transaction_type_check" CHECK (char_length("transaction_type") <= 50)
) PARTITION BY RANGE ("id");
CREATE INDEX "transaction_logs_asset_id_timestamp_idx" ON "mainstay"."transaction_logs" ("organization_id", "asset_id", "timestamp");
CREATE INDEX "transaction_logs_user_id_timestamp_idx" ON "mainstay"."transaction_logs" ("organization_id", "user_id", "timestamp");
CREATE INDEX "transaction_logs_blockchain_hash_idx" ON "mainstay"."transaction_logs" ("organization_id", "blockchain_hash");
CREATE INDEX "transaction_logs_timestamp_idx" ON "mainstay"."transaction_logs" ("organization_id", "timestamp");
CREATE TRIGGER "transaction_logs_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."transaction_logs" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "transaction_logs_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."transaction_logs" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."transaction_logs" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."transaction_logs" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."transaction_logs" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."transaction_logs" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."transaction_logs" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."transaction_logs" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."transaction_logs" IS 'A transaction with an asset, kept 10 years (S3-B64, S3-B68).';
COMMENT ON COLUMN "mainstay"."transaction_logs"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."transaction_logs"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."transaction_logs"."asset_id" IS 'The asset; the row outlasts it.';
COMMENT ON COLUMN "mainstay"."transaction_logs"."user_id" IS 'Who made it.';
COMMENT ON COLUMN "mainstay"."transaction_logs"."transaction_type" IS 'What kind of transaction it is, such as `mint`, `transfer` or `burn`.';
COMMENT ON COLUMN "mainstay"."transaction_logs"."amount" IS 'How much, in the asset''s smallest unit.';
COMMENT ON COLUMN "mainstay"."transaction_logs"."timestamp" IS 'When.';
COMMENT ON COLUMN "mainstay"."transaction_logs"."blockchain_hash" IS 'The transaction''s hash on the chain.';
CREATE TABLE "mainstay"."transaction_logs_default" PARTITION OF "mainstay"."transaction_logs" DEFAULT;
ALTER TABLE "mainstay"."transaction_logs_default" ENABLE ROW LEVEL SECURITY;
SELECT "mainstay"."make_partitions"();

-- mainstay.compliance_check_logs (audit)
CREATE TABLE "mainstay"."compliance_check_logs" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "asset_id" uuid,
    "user_id" uuid,
    "compliance_check" text COLLATE "C" NOT NULL,
    "result" text COLLATE "C" NOT NULL,
    "details" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "timestamp" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "compliance_check_logs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_check_logs_compliance_check_check" CHECK (char_length("compliance_check") <= 100),
    CONSTRAINT "compliance_check_logs_result_check" CHECK ("result" IN ('passed', 'failed', 'review'))
) PARTITION BY RANGE ("id");
CREATE INDEX "compliance_check_logs_asset_id_timestamp_idx" ON "mainstay"."compliance_check_logs" ("organization_id", "asset_id", "timestamp");
CREATE INDEX "compliance_check_logs_user_id_timestamp_idx" ON "mainstay"."compliance_check_logs" ("organization_id", "user_id", "timestamp");
CREATE INDEX "compliance_check_logs_result_timestamp_idx" ON "mainstay"."compliance_check_logs" ("organization_id", "result", "timestamp");
CREATE INDEX "compliance_check_logs_timestamp_idx" ON "mainstay"."compliance_check_logs" ("organization_id", "timestamp");
CREATE TRIGGER "compliance_check_logs_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."compliance_check_logs" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "compliance_check_logs_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."compliance_check_logs" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."compliance_check_logs" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."compliance_check_logs" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."compliance_check_logs" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."compliance_check_logs" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."compliance_check_logs" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."compliance_check_logs" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."compliance_check_logs" IS 'A check of the rules for an asset or person, kept 10 years (S3-B69).';
COMMENT ON COLUMN "mainstay"."compliance_check_logs"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."compliance_check_logs"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."compliance_check_logs"."asset_id" IS 'The asset; the row outlasts it.';
COMMENT ON COLUMN "mainstay"."compliance_check_logs"."user_id" IS 'Whom it was made for.';
COMMENT ON COLUMN "mainstay"."compliance_check_logs"."compliance_check" IS 'What was checked, such as `kyc`, `sanctions` or `transfer_limit`.';
COMMENT ON COLUMN "mainstay"."compliance_check_logs"."result" IS 'How it ended.';
COMMENT ON COLUMN "mainstay"."compliance_check_logs"."details" IS 'What was found; no personal data.';
COMMENT ON COLUMN "mainstay"."compliance_check_logs"."timestamp" IS 'When.';
CREATE TABLE "mainstay"."compliance_check_logs_default" PARTITION OF "mainstay"."compliance_check_logs" DEFAULT;
ALTER TABLE "mainstay"."compliance_check_logs_default" ENABLE ROW LEVEL SECURITY;
SELECT "mainstay"."make_partitions"();

-- mainstay.idempotency_keys (audit)
CREATE TABLE "mainstay"."idempotency_keys" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "request_hash" bytea NOT NULL,
    "answer" bytea,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "expires_at" timestamptz NOT NULL,
    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("organization_id", "id")
);
CREATE INDEX "idempotency_keys_expires_at_idx" ON "mainstay"."idempotency_keys" ("organization_id", "expires_at");
ALTER TABLE "mainstay"."idempotency_keys" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."idempotency_keys" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."idempotency_keys" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."idempotency_keys" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."idempotency_keys" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."idempotency_keys" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."idempotency_keys" IS 'The answer to a request that its client may send again (`Idempotency-Key`); written in the request''s own transaction, so that there are both or neither.';
COMMENT ON COLUMN "mainstay"."idempotency_keys"."id" IS 'From a hash of the caller and the key that the client chose.';
COMMENT ON COLUMN "mainstay"."idempotency_keys"."organization_id" IS 'The organisation, or the nil identifier of callers who are in none.';
COMMENT ON COLUMN "mainstay"."idempotency_keys"."request_hash" IS 'SHA-256 of the request: its method, target, headers that matter, and body.';
COMMENT ON COLUMN "mainstay"."idempotency_keys"."answer" IS 'Status, headers and body of the answer, as JSON.';
COMMENT ON COLUMN "mainstay"."idempotency_keys"."created_at" IS 'When the request was answered.';
COMMENT ON COLUMN "mainstay"."idempotency_keys"."expires_at" IS 'From when on the key may be used for another request.';

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
    "searched_size" bigint NOT NULL DEFAULT 0,
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
COMMENT ON COLUMN "mainstay"."ledger_heads"."searched_size" IS 'How many leaves, from the first, have their words in full-text search.';
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

-- mainstay.ledger_cosignatures (audit)
CREATE TABLE "mainstay"."ledger_cosignatures" (
    "organization_id" uuid NOT NULL,
    "witness" text COLLATE "C" NOT NULL,
    "size" bigint NOT NULL,
    "checkpoint" text COLLATE "C",
    "cosigned_at" timestamptz,
    "refusal" text COLLATE "C",
    "refused_size" bigint,
    "refused_at" timestamptz,
    CONSTRAINT "ledger_cosignatures_pkey" PRIMARY KEY ("organization_id", "witness"),
    CONSTRAINT "ledger_cosignatures_checkpoint_check" CHECK (char_length("checkpoint") <= 100000),
    CONSTRAINT "ledger_cosignatures_refusal_check" CHECK (char_length("refusal") <= 1000),
    CONSTRAINT "ledger_cosignatures_witness_check" CHECK (char_length("witness") <= 500)
);
ALTER TABLE "mainstay"."ledger_cosignatures" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."ledger_cosignatures" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."ledger_cosignatures" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."ledger_cosignatures" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."ledger_cosignatures" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."ledger_cosignatures" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."ledger_cosignatures" IS 'What a witness last said of a log: its newest cosignature, and why it gives no more.';
COMMENT ON COLUMN "mainstay"."ledger_cosignatures"."organization_id" IS 'The log: an organisation, or the nil identifier for the platform.';
COMMENT ON COLUMN "mainstay"."ledger_cosignatures"."witness" IS 'The witness''s public key, as a signed note''s verifier key.';
COMMENT ON COLUMN "mainstay"."ledger_cosignatures"."size" IS 'How many leaves the checkpoint has that it cosigned last; 0 for none.';
COMMENT ON COLUMN "mainstay"."ledger_cosignatures"."checkpoint" IS 'That checkpoint with the cosignature, as a signed note.';
COMMENT ON COLUMN "mainstay"."ledger_cosignatures"."cosigned_at" IS 'When it cosigned.';
COMMENT ON COLUMN "mainstay"."ledger_cosignatures"."refusal" IS 'Why it refused the log when it was last asked; none when it did not.';
COMMENT ON COLUMN "mainstay"."ledger_cosignatures"."refused_size" IS 'How many leaves the checkpoint has that it knows and the log does not continue.';
COMMENT ON COLUMN "mainstay"."ledger_cosignatures"."refused_at" IS 'Since when it refuses.';

-- mainstay.ledger_statements (audit)
CREATE TABLE "mainstay"."ledger_statements" (
    "organization_id" uuid NOT NULL,
    "leaf_index" bigint NOT NULL,
    "kind" text COLLATE "C" NOT NULL,
    "first_index" bigint NOT NULL,
    "end_index" bigint NOT NULL,
    "policy" text COLLATE "C",
    "reason" text COLLATE "C" NOT NULL,
    "note" text COLLATE "C" NOT NULL,
    "stated_at" timestamptz NOT NULL,
    CONSTRAINT "ledger_statements_pkey" PRIMARY KEY ("organization_id", "leaf_index"),
    CONSTRAINT "ledger_statements_kind_check" CHECK ("kind" IN ('tombstone', 'reanchor')),
    CONSTRAINT "ledger_statements_note_check" CHECK (char_length("note") <= 100000),
    CONSTRAINT "ledger_statements_policy_check" CHECK (char_length("policy") <= 1000),
    CONSTRAINT "ledger_statements_reason_check" CHECK (char_length("reason") <= 1000)
);
ALTER TABLE "mainstay"."ledger_statements" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."ledger_statements" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."ledger_statements" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."ledger_statements" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."ledger_statements" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."ledger_statements" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."ledger_statements" IS 'A signed statement of a log that stands in it as a leaf, so that it is found without reading the log. Nothing relies on the row: the note is verified.';
COMMENT ON COLUMN "mainstay"."ledger_statements"."organization_id" IS 'The organisation.';
COMMENT ON COLUMN "mainstay"."ledger_statements"."leaf_index" IS 'The index of the leaf that holds the statement.';
COMMENT ON COLUMN "mainstay"."ledger_statements"."kind" IS 'What it says.';
COMMENT ON COLUMN "mainstay"."ledger_statements"."first_index" IS 'The index of the first leaf that it is about.';
COMMENT ON COLUMN "mainstay"."ledger_statements"."end_index" IS 'The index after the last.';
COMMENT ON COLUMN "mainstay"."ledger_statements"."policy" IS 'The retention policy, by its name.';
COMMENT ON COLUMN "mainstay"."ledger_statements"."reason" IS 'Why, in words.';
COMMENT ON COLUMN "mainstay"."ledger_statements"."note" IS 'The signed note.';
COMMENT ON COLUMN "mainstay"."ledger_statements"."stated_at" IS 'When it was stated.';

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

-- mainstay.feature_flags (governance)
CREATE TABLE "mainstay"."feature_flags" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "feature" text COLLATE "C" NOT NULL,
    "enabled" boolean NOT NULL DEFAULT false,
    "conditions" jsonb,
    "description" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "feature_flags_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "feature_flags_feature_key" UNIQUE ("organization_id", "feature"),
    CONSTRAINT "feature_flags_description_check" CHECK (char_length("description") <= 2000),
    CONSTRAINT "feature_flags_feature_check" CHECK (char_length("feature") <= 100),
    CONSTRAINT "feature_flags_feature_given_check" CHECK (feature <> '')
);
ALTER TABLE "mainstay"."feature_flags" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."feature_flags" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."feature_flags" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."feature_flags" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."feature_flags" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."feature_flags" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."feature_flags" IS 'A feature that an organisation has switched on or off (S3-B79).';
COMMENT ON COLUMN "mainstay"."feature_flags"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."feature_flags"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."feature_flags"."feature" IS 'The name by which programs ask for it.';
COMMENT ON COLUMN "mainstay"."feature_flags"."enabled" IS 'Whether it is on.';
COMMENT ON COLUMN "mainstay"."feature_flags"."conditions" IS 'For whom it is on; none means for everyone.';
COMMENT ON COLUMN "mainstay"."feature_flags"."description" IS 'What it switches.';
COMMENT ON COLUMN "mainstay"."feature_flags"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."feature_flags"."updated_at" IS 'When the record was last changed.';

-- mainstay.tenant_data (governance)
CREATE TABLE "mainstay"."tenant_data" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "data" jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "tenant_data_pkey" PRIMARY KEY ("organization_id", "id")
);
ALTER TABLE "mainstay"."tenant_data" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."tenant_data" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."tenant_data" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."tenant_data" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."tenant_data" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."tenant_data" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."tenant_data" IS 'A document of an organisation, of any shape (S1-B64).';
COMMENT ON COLUMN "mainstay"."tenant_data"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."tenant_data"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."tenant_data"."data" IS 'The document.';
COMMENT ON COLUMN "mainstay"."tenant_data"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."tenant_data"."updated_at" IS 'When the record was last changed.';

-- mainstay.data_classifications (governance)
CREATE TABLE "mainstay"."data_classifications" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "table_name" text COLLATE "C" NOT NULL,
    "column_name" text COLLATE "C" NOT NULL DEFAULT '*',
    "classification" text COLLATE "C" NOT NULL,
    "contains_pii" boolean NOT NULL DEFAULT false,
    "contains_phi" boolean NOT NULL DEFAULT false,
    "encryption_required" boolean NOT NULL DEFAULT false,
    "retention_days" integer,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "data_classifications_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "data_classifications_table_name_column_name_key" UNIQUE ("organization_id", "table_name", "column_name"),
    CONSTRAINT "data_classifications_classification_check" CHECK ("classification" IN ('public', 'internal', 'confidential', 'restricted', 'phi')),
    CONSTRAINT "data_classifications_column_given_check" CHECK (column_name <> ''),
    CONSTRAINT "data_classifications_column_name_check" CHECK (char_length("column_name") <= 255),
    CONSTRAINT "data_classifications_phi_is_phi_check" CHECK (classification <> 'phi' or contains_phi),
    CONSTRAINT "data_classifications_retention_days_check" CHECK ("retention_days" >= 1),
    CONSTRAINT "data_classifications_table_given_check" CHECK (table_name <> ''),
    CONSTRAINT "data_classifications_table_name_check" CHECK (char_length("table_name") <= 255)
);
ALTER TABLE "mainstay"."data_classifications" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."data_classifications" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."data_classifications" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."data_classifications" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."data_classifications" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."data_classifications" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."data_classifications" IS 'How confidential a column is and how it is treated (S1-B76..B79). What the declarations say holds where an organisation has no row.';
COMMENT ON COLUMN "mainstay"."data_classifications"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."data_classifications"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."data_classifications"."table_name" IS 'The table.';
COMMENT ON COLUMN "mainstay"."data_classifications"."column_name" IS 'The column; `*` is every one that has no row of its own.';
COMMENT ON COLUMN "mainstay"."data_classifications"."classification" IS 'How confidential it is.';
COMMENT ON COLUMN "mainstay"."data_classifications"."contains_pii" IS 'Whether it tells something of a person.';
COMMENT ON COLUMN "mainstay"."data_classifications"."contains_phi" IS 'Whether it tells something of a person''s health.';
COMMENT ON COLUMN "mainstay"."data_classifications"."encryption_required" IS 'Whether it must be encrypted at rest.';
COMMENT ON COLUMN "mainstay"."data_classifications"."retention_days" IS 'Days that values are kept; none means that the retention policies decide.';
COMMENT ON COLUMN "mainstay"."data_classifications"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."data_classifications"."updated_at" IS 'When the record was last changed.';

-- mainstay.retention_policies (governance)
CREATE TABLE "mainstay"."retention_policies" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "data_classification" text COLLATE "C" NOT NULL,
    "table_name" text COLLATE "C",
    "retention_days" integer,
    "archive_after_days" integer,
    "description" text COLLATE "C",
    "is_active" boolean NOT NULL DEFAULT true,
    "created_by" text COLLATE "C" NOT NULL,
    "updated_by" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "retention_policies_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "retention_policies_name_key" UNIQUE ("organization_id", "name"),
    CONSTRAINT "retention_policies_archive_after_days_check" CHECK ("archive_after_days" >= 0),
    CONSTRAINT "retention_policies_archived_before_removal_check" CHECK (archive_after_days <= retention_days),
    CONSTRAINT "retention_policies_created_by_check" CHECK (char_length("created_by") <= 255),
    CONSTRAINT "retention_policies_data_classification_check" CHECK ("data_classification" IN ('public', 'internal', 'confidential', 'restricted', 'phi')),
    CONSTRAINT "retention_policies_description_check" CHECK (char_length("description") <= 4000),
    CONSTRAINT "retention_policies_name_check" CHECK (char_length("name") <= 50),
    CONSTRAINT "retention_policies_name_given_check" CHECK (name <> ''),
    CONSTRAINT "retention_policies_retention_days_check" CHECK ("retention_days" >= 1),
    CONSTRAINT "retention_policies_table_name_check" CHECK (char_length("table_name") <= 255),
    CONSTRAINT "retention_policies_updated_by_check" CHECK (char_length("updated_by") <= 255)
);
CREATE INDEX "retention_policies_data_classification_idx" ON "mainstay"."retention_policies" ("organization_id", "data_classification");
CREATE INDEX "retention_policies_is_active_idx" ON "mainstay"."retention_policies" ("organization_id", "is_active");
ALTER TABLE "mainstay"."retention_policies" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."retention_policies" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."retention_policies" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."retention_policies" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."retention_policies" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."retention_policies" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."retention_policies" IS 'How long data of one classification is kept and when it is archived (S4-B28..B33).';
COMMENT ON COLUMN "mainstay"."retention_policies"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."retention_policies"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."retention_policies"."name" IS 'The name by which audit events refer to it.';
COMMENT ON COLUMN "mainstay"."retention_policies"."data_classification" IS 'The classification that it applies to.';
COMMENT ON COLUMN "mainstay"."retention_policies"."table_name" IS 'The table that it is for; none means audit events.';
COMMENT ON COLUMN "mainstay"."retention_policies"."retention_days" IS 'Days that rows are kept; none means for ever (S3-B55).';
COMMENT ON COLUMN "mainstay"."retention_policies"."archive_after_days" IS 'Days after which rows are moved to an archive; none means never.';
COMMENT ON COLUMN "mainstay"."retention_policies"."description" IS 'What it is for, and which law asks for it.';
COMMENT ON COLUMN "mainstay"."retention_policies"."is_active" IS 'Whether it is applied.';
COMMENT ON COLUMN "mainstay"."retention_policies"."created_by" IS 'Who made it.';
COMMENT ON COLUMN "mainstay"."retention_policies"."updated_by" IS 'Who changed it last.';
COMMENT ON COLUMN "mainstay"."retention_policies"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."retention_policies"."updated_at" IS 'When the record was last changed.';

-- mainstay.privacy_requests (governance)
CREATE TABLE "mainstay"."privacy_requests" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "request_type" text COLLATE "C" NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "requested_at" timestamptz NOT NULL DEFAULT now(),
    "requested_by" uuid,
    "processed_at" timestamptz,
    "processed_by" uuid,
    "completed_at" timestamptz,
    "data_categories" text[] COLLATE "C",
    "systems_affected" text[] COLLATE "C",
    "result" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "privacy_requests_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "privacy_requests_completed_after_request_check" CHECK (completed_at >= requested_at),
    CONSTRAINT "privacy_requests_request_type_check" CHECK ("request_type" IN ('access', 'deletion', 'portability', 'rectification', 'restriction')),
    CONSTRAINT "privacy_requests_status_check" CHECK ("status" IN ('pending', 'in_progress', 'completed', 'rejected'))
);
CREATE INDEX "privacy_requests_user_id_idx" ON "mainstay"."privacy_requests" ("organization_id", "user_id");
CREATE INDEX "privacy_requests_request_type_idx" ON "mainstay"."privacy_requests" ("organization_id", "request_type");
CREATE INDEX "privacy_requests_status_idx" ON "mainstay"."privacy_requests" ("organization_id", "status");
CREATE INDEX "privacy_requests_requested_at_idx" ON "mainstay"."privacy_requests" ("organization_id", "requested_at" DESC);
CREATE INDEX "privacy_requests_requested_by_idx" ON "mainstay"."privacy_requests" ("organization_id", "requested_by");
CREATE INDEX "privacy_requests_processed_by_idx" ON "mainstay"."privacy_requests" ("organization_id", "processed_by");
CREATE TRIGGER "privacy_requests_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."privacy_requests" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('in_progress') WHEN 'in_progress' THEN NEW."status" IN ('completed', 'rejected') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."privacy_requests" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."privacy_requests" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."privacy_requests" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."privacy_requests" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."privacy_requests" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."privacy_requests" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."privacy_requests" IS 'What a person asked for about the data held of them, and what came of it (S1-B54).';
COMMENT ON COLUMN "mainstay"."privacy_requests"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."privacy_requests"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."privacy_requests"."user_id" IS 'Whose data it is about.';
COMMENT ON COLUMN "mainstay"."privacy_requests"."request_type" IS 'What is asked for.';
COMMENT ON COLUMN "mainstay"."privacy_requests"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."privacy_requests"."requested_at" IS 'When it was made.';
COMMENT ON COLUMN "mainstay"."privacy_requests"."requested_by" IS 'Who made it, when it was somebody else for the person.';
COMMENT ON COLUMN "mainstay"."privacy_requests"."processed_at" IS 'When somebody began to work on it.';
COMMENT ON COLUMN "mainstay"."privacy_requests"."processed_by" IS 'Who works on it.';
COMMENT ON COLUMN "mainstay"."privacy_requests"."completed_at" IS 'When it was completed.';
COMMENT ON COLUMN "mainstay"."privacy_requests"."data_categories" IS 'The sorts of data that it is about; none means all.';
COMMENT ON COLUMN "mainstay"."privacy_requests"."systems_affected" IS 'The systems that it concerns.';
COMMENT ON COLUMN "mainstay"."privacy_requests"."result" IS 'What came of it: counts, places, reasons.';
COMMENT ON COLUMN "mainstay"."privacy_requests"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."privacy_requests"."updated_at" IS 'When the record was last changed.';

-- mainstay.pseudonym_mappings (governance)
CREATE TABLE "mainstay"."pseudonym_mappings" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "timestamp" timestamptz NOT NULL DEFAULT now(),
    "pseudonym_id" text COLLATE "C" NOT NULL,
    "original_id" bytea NOT NULL,
    "strategy" text COLLATE "C" NOT NULL,
    "user_id" uuid,
    "original_id_blind" bytea,
    CONSTRAINT "pseudonym_mappings_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "pseudonym_mappings_pseudonym_id_key" UNIQUE ("organization_id", "pseudonym_id"),
    CONSTRAINT "pseudonym_mappings_original_id_blind_key" UNIQUE ("organization_id", "original_id_blind"),
    CONSTRAINT "pseudonym_mappings_pseudonym_given_check" CHECK (pseudonym_id <> ''),
    CONSTRAINT "pseudonym_mappings_pseudonym_id_check" CHECK (char_length("pseudonym_id") <= 255),
    CONSTRAINT "pseudonym_mappings_strategy_check" CHECK ("strategy" IN ('hash', 'token', 'encryption'))
);
CREATE INDEX "pseudonym_mappings_timestamp_idx" ON "mainstay"."pseudonym_mappings" ("organization_id", "timestamp");
CREATE INDEX "pseudonym_mappings_strategy_idx" ON "mainstay"."pseudonym_mappings" ("organization_id", "strategy");
CREATE INDEX "pseudonym_mappings_original_id_blind_idx" ON "mainstay"."pseudonym_mappings" ("organization_id", "original_id_blind");
ALTER TABLE "mainstay"."pseudonym_mappings" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."pseudonym_mappings" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."pseudonym_mappings" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."pseudonym_mappings" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."pseudonym_mappings" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."pseudonym_mappings" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."pseudonym_mappings" IS 'A pseudonym and the identifier that it stands for, which those with the permission can read (S4-B43..B45).';
COMMENT ON COLUMN "mainstay"."pseudonym_mappings"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."pseudonym_mappings"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."pseudonym_mappings"."timestamp" IS 'When the pseudonym was given.';
COMMENT ON COLUMN "mainstay"."pseudonym_mappings"."pseudonym_id" IS 'The pseudonym.';
COMMENT ON COLUMN "mainstay"."pseudonym_mappings"."original_id" IS 'The identifier that it stands for.';
COMMENT ON COLUMN "mainstay"."pseudonym_mappings"."strategy" IS 'How the pseudonym was made.';
COMMENT ON COLUMN "mainstay"."pseudonym_mappings"."user_id" IS 'The person, when it is a user: with the person''s key goes the way back.';
COMMENT ON COLUMN "mainstay"."pseudonym_mappings"."original_id_blind" IS 'Keyed hash of original_id, by which equal values are found.';

-- mainstay.backup_validations (governance)
CREATE TABLE "mainstay"."backup_validations" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "backup_date" date NOT NULL,
    "backup_type" text COLLATE "C" NOT NULL DEFAULT 'full',
    "validation_status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "validated_at" timestamptz,
    "validation_details" jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "backup_validations_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "backup_validations_backup_type_check" CHECK ("backup_type" IN ('full', 'incremental', 'wal')),
    CONSTRAINT "backup_validations_validation_status_check" CHECK ("validation_status" IN ('pending', 'passed', 'failed'))
);
CREATE INDEX "backup_validations_backup_date_idx" ON "mainstay"."backup_validations" ("organization_id", "backup_date" DESC);
CREATE TRIGGER "backup_validations_validation_status_life_cycle" BEFORE UPDATE OF "validation_status" ON "mainstay"."backup_validations" FOR EACH ROW WHEN (OLD."validation_status" IS DISTINCT FROM NEW."validation_status" AND NOT coalesce(CASE OLD."validation_status" WHEN 'pending' THEN NEW."validation_status" IN ('passed', 'failed') ELSE OLD."validation_status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('validation_status');
ALTER TABLE "mainstay"."backup_validations" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."backup_validations" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."backup_validations" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."backup_validations" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."backup_validations" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."backup_validations" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."backup_validations" IS 'The validation of a backup that an organisation relies on: evidence for its auditors (S1-B83).';
COMMENT ON COLUMN "mainstay"."backup_validations"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."backup_validations"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."backup_validations"."backup_date" IS 'The day of the backup.';
COMMENT ON COLUMN "mainstay"."backup_validations"."backup_type" IS 'What the backup holds.';
COMMENT ON COLUMN "mainstay"."backup_validations"."validation_status" IS 'How the validation ended.';
COMMENT ON COLUMN "mainstay"."backup_validations"."validated_at" IS 'When it ended.';
COMMENT ON COLUMN "mainstay"."backup_validations"."validation_details" IS 'What was looked at and found.';
COMMENT ON COLUMN "mainstay"."backup_validations"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."backup_validations"."updated_at" IS 'When the record was last changed.';

-- mainstay.recovery_tests (governance)
CREATE TABLE "mainstay"."recovery_tests" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "test_date" date NOT NULL,
    "recovery_type" text COLLATE "C" NOT NULL DEFAULT 'full',
    "rto_target" integer,
    "rto_actual" integer,
    "rpo_target" integer,
    "rpo_actual" integer,
    "test_result" text COLLATE "C",
    "notes" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "recovery_tests_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "recovery_tests_notes_check" CHECK (char_length("notes") <= 4000),
    CONSTRAINT "recovery_tests_recovery_type_check" CHECK ("recovery_type" IN ('full', 'pitr')),
    CONSTRAINT "recovery_tests_rpo_actual_check" CHECK ("rpo_actual" >= 0),
    CONSTRAINT "recovery_tests_rpo_target_check" CHECK ("rpo_target" >= 0),
    CONSTRAINT "recovery_tests_rto_actual_check" CHECK ("rto_actual" >= 0),
    CONSTRAINT "recovery_tests_rto_target_check" CHECK ("rto_target" >= 0),
    CONSTRAINT "recovery_tests_test_result_check" CHECK ("test_result" IN ('passed', 'partial', 'failed'))
);
CREATE INDEX "recovery_tests_test_date_idx" ON "mainstay"."recovery_tests" ("organization_id", "test_date" DESC);
ALTER TABLE "mainstay"."recovery_tests" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."recovery_tests" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."recovery_tests" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."recovery_tests" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."recovery_tests" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."recovery_tests" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."recovery_tests" IS 'A test of recovery: how long it took and how much was lost, beside the targets (S1-B55).';
COMMENT ON COLUMN "mainstay"."recovery_tests"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."recovery_tests"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."recovery_tests"."test_date" IS 'The day of the test.';
COMMENT ON COLUMN "mainstay"."recovery_tests"."recovery_type" IS 'What was restored.';
COMMENT ON COLUMN "mainstay"."recovery_tests"."rto_target" IS 'Most time that recovery may take, in minutes.';
COMMENT ON COLUMN "mainstay"."recovery_tests"."rto_actual" IS 'Time that it took, in minutes.';
COMMENT ON COLUMN "mainstay"."recovery_tests"."rpo_target" IS 'Most time whose changes may be lost, in minutes.';
COMMENT ON COLUMN "mainstay"."recovery_tests"."rpo_actual" IS 'Time whose changes were lost, in minutes.';
COMMENT ON COLUMN "mainstay"."recovery_tests"."test_result" IS 'How it ended; none until then.';
COMMENT ON COLUMN "mainstay"."recovery_tests"."notes" IS 'What was learned.';
COMMENT ON COLUMN "mainstay"."recovery_tests"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."recovery_tests"."updated_at" IS 'When the record was last changed.';

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

-- mainstay.identity_sequences (governance)
CREATE TABLE "mainstay"."identity_sequences" (
    "organization_id" uuid NOT NULL,
    "table_name" text COLLATE "C" NOT NULL,
    "next_number" bigint NOT NULL,
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "identity_sequences_pkey" PRIMARY KEY ("organization_id", "table_name"),
    CONSTRAINT "identity_sequences_table_name_check" CHECK (char_length("table_name") <= 200)
);
ALTER TABLE "mainstay"."identity_sequences" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."identity_sequences" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."identity_sequences" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."identity_sequences" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."identity_sequences" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."identity_sequences" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."identity_sequences" IS 'How far the numbers of a table''s rows are given out: to servers in blocks, so that some may stay unused.';
COMMENT ON COLUMN "mainstay"."identity_sequences"."organization_id" IS 'The organisation, or the nil identifier for a table of the installation.';
COMMENT ON COLUMN "mainstay"."identity_sequences"."table_name" IS 'The table, with its schema.';
COMMENT ON COLUMN "mainstay"."identity_sequences"."next_number" IS 'The number that nobody was given yet.';
COMMENT ON COLUMN "mainstay"."identity_sequences"."updated_at" IS 'When numbers were last given out.';

-- mainstay.delivery_destinations (delivery)
CREATE TABLE "mainstay"."delivery_destinations" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "type" text COLLATE "C" NOT NULL,
    "label" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "icon" text COLLATE "C",
    "instructions" text COLLATE "C",
    "disabled" boolean NOT NULL DEFAULT false,
    "disabled_at" timestamptz,
    "disabled_by" uuid,
    "count_usage" bigint NOT NULL DEFAULT 0,
    "last_used_at" timestamptz,
    "config" bytea NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    CONSTRAINT "delivery_destinations_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "delivery_destinations_count_usage_check" CHECK ("count_usage" >= 0),
    CONSTRAINT "delivery_destinations_description_check" CHECK (char_length("description") <= 4000),
    CONSTRAINT "delivery_destinations_icon_check" CHECK (char_length("icon") <= 255),
    CONSTRAINT "delivery_destinations_instructions_check" CHECK (char_length("instructions") <= 4000),
    CONSTRAINT "delivery_destinations_label_check" CHECK (char_length("label") <= 255),
    CONSTRAINT "delivery_destinations_label_given_check" CHECK (label <> ''),
    CONSTRAINT "delivery_destinations_type_check" CHECK ("type" IN ('email', 's3', 'ftp', 'webhook'))
);
CREATE UNIQUE INDEX "delivery_destinations_label_key" ON "mainstay"."delivery_destinations" ("organization_id", "label") WHERE deleted_at is null;
CREATE INDEX "delivery_destinations_type_idx" ON "mainstay"."delivery_destinations" ("organization_id", "type");
CREATE INDEX "delivery_destinations_disabled_idx" ON "mainstay"."delivery_destinations" ("organization_id", "disabled");
CREATE INDEX "delivery_destinations_last_used_at_idx" ON "mainstay"."delivery_destinations" ("organization_id", "last_used_at");
CREATE INDEX "delivery_destinations_created_at_idx" ON "mainstay"."delivery_destinations" ("organization_id", "created_at");
CREATE INDEX "delivery_destinations_updated_at_idx" ON "mainstay"."delivery_destinations" ("organization_id", "updated_at");
CREATE INDEX "delivery_destinations_disabled_by_idx" ON "mainstay"."delivery_destinations" ("organization_id", "disabled_by");
ALTER TABLE "mainstay"."delivery_destinations" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."delivery_destinations" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."delivery_destinations" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."delivery_destinations" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."delivery_destinations" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."delivery_destinations" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."delivery_destinations" IS 'A place that deliveries can be sent to (S4-B51).';
COMMENT ON COLUMN "mainstay"."delivery_destinations"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."delivery_destinations"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."delivery_destinations"."type" IS 'What kind of place it is.';
COMMENT ON COLUMN "mainstay"."delivery_destinations"."label" IS 'The name that people choose it by.';
COMMENT ON COLUMN "mainstay"."delivery_destinations"."description" IS 'What it is for.';
COMMENT ON COLUMN "mainstay"."delivery_destinations"."icon" IS 'The name of its picture.';
COMMENT ON COLUMN "mainstay"."delivery_destinations"."instructions" IS 'What people have to do so that it works.';
COMMENT ON COLUMN "mainstay"."delivery_destinations"."disabled" IS 'Nothing is sent there while this holds.';
COMMENT ON COLUMN "mainstay"."delivery_destinations"."disabled_at" IS 'Since when nothing is sent there.';
COMMENT ON COLUMN "mainstay"."delivery_destinations"."disabled_by" IS 'Who decided that.';
COMMENT ON COLUMN "mainstay"."delivery_destinations"."count_usage" IS 'How often something was sent there.';
COMMENT ON COLUMN "mainstay"."delivery_destinations"."last_used_at" IS 'When something was last sent there.';
COMMENT ON COLUMN "mainstay"."delivery_destinations"."config" IS 'What is needed to reach it: addresses, names, credentials, by kind.';
COMMENT ON COLUMN "mainstay"."delivery_destinations"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."delivery_destinations"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."delivery_destinations"."deleted_at" IS 'When the record was deleted; null while it is there.';

-- mainstay.destination_health (delivery)
CREATE TABLE "mainstay"."destination_health" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "destination_id" uuid NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'healthy',
    "last_check_at" timestamptz NOT NULL DEFAULT now(),
    "consecutive_failures" integer NOT NULL DEFAULT 0,
    "total_failures" integer NOT NULL DEFAULT 0,
    "total_deliveries" integer NOT NULL DEFAULT 0,
    "success_rate" numeric(5,2) NOT NULL DEFAULT 0.00,
    "average_response_time" integer,
    "last_failure_at" timestamptz,
    "last_success_at" timestamptz,
    "disabled_at" timestamptz,
    "disabled_reason" text COLLATE "C",
    "circuit_breaker_state" text COLLATE "C" NOT NULL DEFAULT 'closed',
    "circuit_breaker_opened_at" timestamptz,
    "metadata" jsonb,
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "destination_health_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "destination_health_destination_id_key" UNIQUE ("organization_id", "destination_id"),
    CONSTRAINT "destination_health_average_response_time_check" CHECK ("average_response_time" >= 0),
    CONSTRAINT "destination_health_circuit_breaker_state_check" CHECK ("circuit_breaker_state" IN ('closed', 'open', 'half-open')),
    CONSTRAINT "destination_health_consecutive_failures_check" CHECK ("consecutive_failures" >= 0),
    CONSTRAINT "destination_health_disabled_reason_check" CHECK (char_length("disabled_reason") <= 4000),
    CONSTRAINT "destination_health_status_check" CHECK ("status" IN ('healthy', 'degraded', 'unhealthy', 'disabled')),
    CONSTRAINT "destination_health_success_rate_check" CHECK ("success_rate" >= 0 AND "success_rate" <= 100),
    CONSTRAINT "destination_health_total_deliveries_check" CHECK ("total_deliveries" >= 0),
    CONSTRAINT "destination_health_total_failures_check" CHECK ("total_failures" >= 0)
);
CREATE INDEX "destination_health_status_idx" ON "mainstay"."destination_health" ("organization_id", "status");
CREATE INDEX "destination_health_last_check_at_idx" ON "mainstay"."destination_health" ("organization_id", "last_check_at");
CREATE INDEX "destination_health_consecutive_failures_idx" ON "mainstay"."destination_health" ("organization_id", "consecutive_failures");
CREATE INDEX "destination_health_success_rate_idx" ON "mainstay"."destination_health" ("organization_id", "success_rate");
CREATE INDEX "destination_health_circuit_breaker_state_idx" ON "mainstay"."destination_health" ("organization_id", "circuit_breaker_state");
CREATE INDEX "destination_health_last_failure_at_idx" ON "mainstay"."destination_health" ("organization_id", "last_failure_at");
CREATE INDEX "destination_health_last_success_at_idx" ON "mainstay"."destination_health" ("organization_id", "last_success_at");
CREATE INDEX "destination_health_disabled_at_idx" ON "mainstay"."destination_health" ("organization_id", "disabled_at");
CREATE INDEX "destination_health_updated_at_idx" ON "mainstay"."destination_health" ("organization_id", "updated_at");
CREATE TRIGGER "destination_health_circuit_breaker_state_life_cycle" BEFORE UPDATE OF "circuit_breaker_state" ON "mainstay"."destination_health" FOR EACH ROW WHEN (OLD."circuit_breaker_state" IS DISTINCT FROM NEW."circuit_breaker_state" AND NOT coalesce(CASE OLD."circuit_breaker_state" WHEN 'closed' THEN NEW."circuit_breaker_state" IN ('open') WHEN 'open' THEN NEW."circuit_breaker_state" IN ('half-open') WHEN 'half-open' THEN NEW."circuit_breaker_state" IN ('closed', 'open') ELSE OLD."circuit_breaker_state" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('circuit_breaker_state');
ALTER TABLE "mainstay"."destination_health" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."destination_health" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."destination_health" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."destination_health" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."destination_health" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."destination_health" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."destination_health" IS 'How a destination is: one row each (S4-B56).';
COMMENT ON COLUMN "mainstay"."destination_health"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."destination_health"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."destination_health"."destination_id" IS 'The destination.';
COMMENT ON COLUMN "mainstay"."destination_health"."status" IS 'How well it takes what is sent.';
COMMENT ON COLUMN "mainstay"."destination_health"."last_check_at" IS 'When that was last looked at.';
COMMENT ON COLUMN "mainstay"."destination_health"."consecutive_failures" IS 'Failures since the last success.';
COMMENT ON COLUMN "mainstay"."destination_health"."total_failures" IS 'All failures.';
COMMENT ON COLUMN "mainstay"."destination_health"."total_deliveries" IS 'All deliveries, those that failed too.';
COMMENT ON COLUMN "mainstay"."destination_health"."success_rate" IS 'Successes among all deliveries, in percent.';
COMMENT ON COLUMN "mainstay"."destination_health"."average_response_time" IS 'Mean time until the destination answers, in milliseconds.';
COMMENT ON COLUMN "mainstay"."destination_health"."last_failure_at" IS 'When a delivery last failed.';
COMMENT ON COLUMN "mainstay"."destination_health"."last_success_at" IS 'When a delivery last succeeded.';
COMMENT ON COLUMN "mainstay"."destination_health"."disabled_at" IS 'Since when it is not asked.';
COMMENT ON COLUMN "mainstay"."destination_health"."disabled_reason" IS 'Why it is not asked.';
COMMENT ON COLUMN "mainstay"."destination_health"."circuit_breaker_state" IS 'Whether something is sent at all.';
COMMENT ON COLUMN "mainstay"."destination_health"."circuit_breaker_opened_at" IS 'When the breaker last opened.';
COMMENT ON COLUMN "mainstay"."destination_health"."metadata" IS 'Further measurements, such as percentiles of the response time in milliseconds.';
COMMENT ON COLUMN "mainstay"."destination_health"."updated_at" IS 'When the record was last changed.';

-- mainstay.webhook_secrets (delivery)
CREATE TABLE "mainstay"."webhook_secrets" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "destination_id" uuid NOT NULL,
    "secret_key" bytea NOT NULL,
    "algorithm" text COLLATE "C" NOT NULL DEFAULT 'HMAC-SHA256',
    "is_active" boolean NOT NULL DEFAULT true,
    "is_primary" boolean NOT NULL DEFAULT false,
    "expires_at" timestamptz,
    "rotated_at" timestamptz,
    "usage_count" bigint NOT NULL DEFAULT 0,
    "last_used_at" timestamptz,
    "created_by" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "webhook_secrets_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "webhook_secrets_algorithm_check" CHECK ("algorithm" IN ('HMAC-SHA256', 'HMAC-SHA512')),
    CONSTRAINT "webhook_secrets_usage_count_check" CHECK ("usage_count" >= 0)
);
CREATE UNIQUE INDEX "webhook_secrets_destination_id_key" ON "mainstay"."webhook_secrets" ("organization_id", "destination_id") WHERE is_primary and is_active;
CREATE INDEX "webhook_secrets_destination_id_is_active_idx" ON "mainstay"."webhook_secrets" ("organization_id", "destination_id", "is_active");
CREATE INDEX "webhook_secrets_destination_id_is_primary_idx" ON "mainstay"."webhook_secrets" ("organization_id", "destination_id", "is_primary");
CREATE INDEX "webhook_secrets_is_active_idx" ON "mainstay"."webhook_secrets" ("organization_id", "is_active");
CREATE INDEX "webhook_secrets_is_primary_idx" ON "mainstay"."webhook_secrets" ("organization_id", "is_primary");
CREATE INDEX "webhook_secrets_expires_at_idx" ON "mainstay"."webhook_secrets" ("organization_id", "expires_at");
CREATE INDEX "webhook_secrets_created_at_idx" ON "mainstay"."webhook_secrets" ("organization_id", "created_at");
CREATE INDEX "webhook_secrets_last_used_at_idx" ON "mainstay"."webhook_secrets" ("organization_id", "last_used_at");
CREATE INDEX "webhook_secrets_created_by_idx" ON "mainstay"."webhook_secrets" ("organization_id", "created_by");
ALTER TABLE "mainstay"."webhook_secrets" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."webhook_secrets" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."webhook_secrets" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."webhook_secrets" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."webhook_secrets" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."webhook_secrets" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."webhook_secrets" IS 'A key that requests to a destination are signed with (S4-B57).';
COMMENT ON COLUMN "mainstay"."webhook_secrets"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."webhook_secrets"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."webhook_secrets"."destination_id" IS 'The destination.';
COMMENT ON COLUMN "mainstay"."webhook_secrets"."secret_key" IS 'The key.';
COMMENT ON COLUMN "mainstay"."webhook_secrets"."algorithm" IS 'How requests are signed.';
COMMENT ON COLUMN "mainstay"."webhook_secrets"."is_active" IS 'Whether it is used.';
COMMENT ON COLUMN "mainstay"."webhook_secrets"."is_primary" IS 'Whether it signs first.';
COMMENT ON COLUMN "mainstay"."webhook_secrets"."expires_at" IS 'It is not used after this time.';
COMMENT ON COLUMN "mainstay"."webhook_secrets"."rotated_at" IS 'When it took the place of another one.';
COMMENT ON COLUMN "mainstay"."webhook_secrets"."usage_count" IS 'How often it was used.';
COMMENT ON COLUMN "mainstay"."webhook_secrets"."last_used_at" IS 'When it was last used.';
COMMENT ON COLUMN "mainstay"."webhook_secrets"."created_by" IS 'Who made it.';
COMMENT ON COLUMN "mainstay"."webhook_secrets"."created_at" IS 'When the record was created.';

-- mainstay.delivery_queue (delivery)
CREATE TABLE "mainstay"."delivery_queue" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "destination_id" uuid NOT NULL,
    "payload" jsonb NOT NULL,
    "priority" integer NOT NULL DEFAULT 0,
    "scheduled_at" timestamptz NOT NULL DEFAULT now(),
    "processed_at" timestamptz,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "correlation_id" text COLLATE "C",
    "idempotency_key" text COLLATE "C",
    "attempts" integer NOT NULL DEFAULT 0,
    "retry_count" integer NOT NULL DEFAULT 0,
    "max_retries" integer NOT NULL DEFAULT 5,
    "next_retry_at" timestamptz,
    "last_error" text COLLATE "C",
    "leased_by" text COLLATE "C",
    "leased_until" timestamptz,
    "metadata" jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "delivery_queue_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "delivery_queue_idempotency_key_key" UNIQUE ("organization_id", "idempotency_key"),
    CONSTRAINT "delivery_queue_attempts_check" CHECK ("attempts" >= 0),
    CONSTRAINT "delivery_queue_correlation_id_check" CHECK (char_length("correlation_id") <= 255),
    CONSTRAINT "delivery_queue_idempotency_key_check" CHECK (char_length("idempotency_key") <= 255),
    CONSTRAINT "delivery_queue_last_error_check" CHECK (char_length("last_error") <= 4000),
    CONSTRAINT "delivery_queue_leased_by_check" CHECK (char_length("leased_by") <= 255),
    CONSTRAINT "delivery_queue_max_retries_check" CHECK ("max_retries" >= 0 AND "max_retries" <= 100),
    CONSTRAINT "delivery_queue_priority_check" CHECK ("priority" >= 0 AND "priority" <= 10),
    CONSTRAINT "delivery_queue_retry_count_check" CHECK ("retry_count" >= 0),
    CONSTRAINT "delivery_queue_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed'))
);
CREATE INDEX "delivery_queue_destination_id_idx" ON "mainstay"."delivery_queue" ("organization_id", "destination_id");
CREATE INDEX "delivery_queue_status_priority_idx" ON "mainstay"."delivery_queue" ("organization_id", "status", "priority");
CREATE INDEX "delivery_queue_status_scheduled_at_idx" ON "mainstay"."delivery_queue" ("organization_id", "status", "scheduled_at");
CREATE INDEX "delivery_queue_next_retry_at_status_idx" ON "mainstay"."delivery_queue" ("organization_id", "next_retry_at", "status");
CREATE INDEX "delivery_queue_priority_idx" ON "mainstay"."delivery_queue" ("organization_id", "priority");
CREATE INDEX "delivery_queue_scheduled_at_idx" ON "mainstay"."delivery_queue" ("organization_id", "scheduled_at");
CREATE INDEX "delivery_queue_correlation_id_idx" ON "mainstay"."delivery_queue" ("organization_id", "correlation_id");
CREATE INDEX "delivery_queue_created_at_idx" ON "mainstay"."delivery_queue" ("organization_id", "created_at");
CREATE INDEX "delivery_queue_status_scheduled_at_idx1" ON "mainstay"."delivery_queue" ("status", "scheduled_at");
CREATE TRIGGER "delivery_queue_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."delivery_queue" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing', 'failed') WHEN 'processing' THEN NEW."status" IN ('pending', 'completed', 'failed') WHEN 'failed' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."delivery_queue" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."delivery_queue" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."delivery_queue" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."delivery_queue" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."delivery_queue" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."delivery_queue" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."delivery_queue" IS 'Something to be sent to a destination (S4-B52, S4-B53).';
COMMENT ON COLUMN "mainstay"."delivery_queue"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."destination_id" IS 'Where it is sent.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."payload" IS 'What is sent.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."priority" IS 'Larger ones are sent first.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."scheduled_at" IS 'It is not sent before this time.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."processed_at" IS 'When it was last worked on.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."status" IS 'How far it is.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."correlation_id" IS 'What belongs together.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."idempotency_key" IS 'By this key a repeated request is recognised.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."attempts" IS 'Attempts that were begun, the first one included.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."retry_count" IS 'Attempts after the first one.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."max_retries" IS 'Most attempts after the first one.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."next_retry_at" IS 'When it is tried again.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."last_error" IS 'Why the last attempt failed.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."leased_by" IS 'The server that works on it.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."leased_until" IS 'Until when no other one may.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."metadata" IS 'What caused it, and further facts.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."delivery_queue"."updated_at" IS 'When the record was last changed.';

-- mainstay.delivery_logs (delivery)
CREATE TABLE "mainstay"."delivery_logs" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "delivery_id" uuid NOT NULL,
    "destination_id" uuid NOT NULL,
    "object_details" jsonb NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "attempts" jsonb NOT NULL DEFAULT '[]'::jsonb,
    "attempt_count" integer NOT NULL DEFAULT 0,
    "last_attempt_at" timestamptz,
    "delivered_at" timestamptz,
    "failure_reason" text COLLATE "C",
    "cross_system_reference" text COLLATE "C",
    "correlation_id" text COLLATE "C",
    "idempotency_key" text COLLATE "C",
    "details" jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "delivery_logs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "delivery_logs_attempt_count_check" CHECK ("attempt_count" >= 0),
    CONSTRAINT "delivery_logs_correlation_id_check" CHECK (char_length("correlation_id") <= 255),
    CONSTRAINT "delivery_logs_cross_system_reference_check" CHECK (char_length("cross_system_reference") <= 255),
    CONSTRAINT "delivery_logs_failure_reason_check" CHECK (char_length("failure_reason") <= 4000),
    CONSTRAINT "delivery_logs_idempotency_key_check" CHECK (char_length("idempotency_key") <= 255),
    CONSTRAINT "delivery_logs_status_check" CHECK ("status" IN ('pending', 'delivered', 'failed', 'retrying'))
);
CREATE INDEX "delivery_logs_delivery_id_idx" ON "mainstay"."delivery_logs" ("organization_id", "delivery_id");
CREATE INDEX "delivery_logs_destination_id_status_idx" ON "mainstay"."delivery_logs" ("organization_id", "destination_id", "status");
CREATE INDEX "delivery_logs_status_attempt_count_idx" ON "mainstay"."delivery_logs" ("organization_id", "status", "attempt_count");
CREATE INDEX "delivery_logs_attempt_count_idx" ON "mainstay"."delivery_logs" ("organization_id", "attempt_count");
CREATE INDEX "delivery_logs_last_attempt_at_idx" ON "mainstay"."delivery_logs" ("organization_id", "last_attempt_at");
CREATE INDEX "delivery_logs_delivered_at_idx" ON "mainstay"."delivery_logs" ("organization_id", "delivered_at");
CREATE INDEX "delivery_logs_cross_system_reference_idx" ON "mainstay"."delivery_logs" ("organization_id", "cross_system_reference");
CREATE INDEX "delivery_logs_correlation_id_idx" ON "mainstay"."delivery_logs" ("organization_id", "correlation_id");
CREATE INDEX "delivery_logs_idempotency_key_idx" ON "mainstay"."delivery_logs" ("organization_id", "idempotency_key");
CREATE INDEX "delivery_logs_created_at_idx" ON "mainstay"."delivery_logs" ("organization_id", "created_at");
CREATE INDEX "delivery_logs_updated_at_idx" ON "mainstay"."delivery_logs" ("organization_id", "updated_at");
CREATE TRIGGER "delivery_logs_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."delivery_logs" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('delivered', 'failed', 'retrying') WHEN 'retrying' THEN NEW."status" IN ('delivered', 'failed') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."delivery_logs" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."delivery_logs" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."delivery_logs" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."delivery_logs" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."delivery_logs" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."delivery_logs" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."delivery_logs" IS 'What became of a delivery, with each attempt (S4-B55). It stays when the queue is cleared.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."delivery_id" IS 'The delivery.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."destination_id" IS 'Where it was sent.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."object_details" IS 'What was sent: its type, identifier, name, size in bytes, format and address.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."status" IS 'What became of it.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."attempts" IS 'Each attempt with its time and outcome, the first one first.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."attempt_count" IS 'How many attempts there were.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."last_attempt_at" IS 'When it was last tried.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."delivered_at" IS 'When it arrived.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."failure_reason" IS 'Why it did not.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."cross_system_reference" IS 'What the receiving system calls it.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."correlation_id" IS 'What belongs together.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."idempotency_key" IS 'The key of the delivery, by which a repeated request is recognised.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."details" IS 'The answer of the destination, and further facts.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."delivery_logs"."updated_at" IS 'When the record was last changed.';

-- mainstay.report_templates (reports)
CREATE TABLE "mainstay"."report_templates" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "report_type" text COLLATE "C" NOT NULL,
    "definition" jsonb NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "report_templates_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "report_templates_name_key" UNIQUE ("organization_id", "name"),
    CONSTRAINT "report_templates_description_check" CHECK (char_length("description") <= 4000),
    CONSTRAINT "report_templates_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "report_templates_name_given_check" CHECK (name <> ''),
    CONSTRAINT "report_templates_report_type_check" CHECK (char_length("report_type") <= 50)
);
CREATE INDEX "report_templates_report_type_idx" ON "mainstay"."report_templates" ("organization_id", "report_type");
ALTER TABLE "mainstay"."report_templates" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."report_templates" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."report_templates" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."report_templates" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."report_templates" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."report_templates" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."report_templates" IS 'What a report holds and how it looks.';
COMMENT ON COLUMN "mainstay"."report_templates"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."report_templates"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."report_templates"."name" IS 'The name that people choose it by.';
COMMENT ON COLUMN "mainstay"."report_templates"."description" IS 'What it is for.';
COMMENT ON COLUMN "mainstay"."report_templates"."report_type" IS 'What kind of report it makes, such as `WEEKLY_COMPLIANCE` (S4-B13).';
COMMENT ON COLUMN "mainstay"."report_templates"."definition" IS 'Its parts: queries, tables, charts, texts.';
COMMENT ON COLUMN "mainstay"."report_templates"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."report_templates"."updated_at" IS 'When the record was last changed.';

-- mainstay.scheduled_reports (reports)
CREATE TABLE "mainstay"."scheduled_reports" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "report_type" text COLLATE "C" NOT NULL,
    "template_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "filters" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "recipients" text[] COLLATE "C" NOT NULL,
    "frequency" text COLLATE "C" NOT NULL,
    "format" text COLLATE "C" NOT NULL,
    "enabled" boolean NOT NULL DEFAULT true,
    "last_run" timestamptz,
    "next_run" timestamptz,
    "created_by" uuid,
    "updated_by" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "scheduled_reports_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "scheduled_reports_description_check" CHECK (char_length("description") <= 4000),
    CONSTRAINT "scheduled_reports_format_check" CHECK ("format" IN ('PDF', 'CSV', 'JSON')),
    CONSTRAINT "scheduled_reports_frequency_check" CHECK ("frequency" IN ('DAILY', 'WEEKLY', 'MONTHLY')),
    CONSTRAINT "scheduled_reports_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "scheduled_reports_name_given_check" CHECK (name <> ''),
    CONSTRAINT "scheduled_reports_report_type_check" CHECK (char_length("report_type") <= 50)
);
CREATE INDEX "scheduled_reports_template_id_idx" ON "mainstay"."scheduled_reports" ("organization_id", "template_id");
CREATE INDEX "scheduled_reports_enabled_idx" ON "mainstay"."scheduled_reports" ("organization_id", "enabled");
CREATE INDEX "scheduled_reports_next_run_idx" ON "mainstay"."scheduled_reports" ("organization_id", "next_run");
CREATE INDEX "scheduled_reports_created_at_idx" ON "mainstay"."scheduled_reports" ("organization_id", "created_at");
CREATE INDEX "scheduled_reports_created_by_idx" ON "mainstay"."scheduled_reports" ("organization_id", "created_by");
CREATE INDEX "scheduled_reports_updated_by_idx" ON "mainstay"."scheduled_reports" ("organization_id", "updated_by");
ALTER TABLE "mainstay"."scheduled_reports" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."scheduled_reports" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."scheduled_reports" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."scheduled_reports" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."scheduled_reports" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."scheduled_reports" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."scheduled_reports" IS 'A report that is made again and again and sent to people (S4-B58).';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."report_type" IS 'What kind of report it is, such as `DAILY_SUMMARY` or `WEEKLY_COMPLIANCE` (S4-B13).';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."template_id" IS 'What it holds and how it looks.';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."name" IS 'The name that people know it by.';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."description" IS 'What it is for.';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."filters" IS 'What is reported: classifications, actions, time range.';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."recipients" IS 'Who gets it: e-mail addresses or identifiers of users.';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."frequency" IS 'How often it is made.';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."format" IS 'What kind of file it becomes.';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."enabled" IS 'Whether it is made.';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."last_run" IS 'When it was last made.';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."next_run" IS 'When it is made next.';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."created_by" IS 'Who planned it.';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."updated_by" IS 'Who changed it last.';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."scheduled_reports"."updated_at" IS 'When the record was last changed.';

-- mainstay.reports (reports)
CREATE TABLE "mainstay"."reports" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "template_id" uuid,
    "scheduled_report_id" uuid,
    "report_type" text COLLATE "C" NOT NULL,
    "asset_id" uuid,
    "jurisdiction" text COLLATE "C",
    "period" text COLLATE "C",
    "report_data" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "file_id" uuid,
    "generated_at" timestamptz NOT NULL DEFAULT now(),
    "generated_by" uuid,
    "submitted_at" timestamptz,
    CONSTRAINT "reports_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "reports_jurisdiction_check" CHECK (char_length("jurisdiction") <= 100),
    CONSTRAINT "reports_period_check" CHECK (char_length("period") <= 50),
    CONSTRAINT "reports_report_type_check" CHECK (char_length("report_type") <= 50),
    CONSTRAINT "reports_submitted_after_generated_check" CHECK (submitted_at >= generated_at)
);
CREATE INDEX "reports_report_type_idx" ON "mainstay"."reports" ("organization_id", "report_type");
CREATE INDEX "reports_period_report_type_idx" ON "mainstay"."reports" ("organization_id", "period", "report_type");
CREATE INDEX "reports_generated_at_idx" ON "mainstay"."reports" ("organization_id", "generated_at");
CREATE INDEX "reports_template_id_idx" ON "mainstay"."reports" ("organization_id", "template_id");
CREATE INDEX "reports_scheduled_report_id_idx" ON "mainstay"."reports" ("organization_id", "scheduled_report_id");
CREATE INDEX "reports_asset_id_idx" ON "mainstay"."reports" ("organization_id", "asset_id");
CREATE INDEX "reports_file_id_idx" ON "mainstay"."reports" ("organization_id", "file_id");
CREATE INDEX "reports_generated_by_idx" ON "mainstay"."reports" ("organization_id", "generated_by");
ALTER TABLE "mainstay"."reports" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."reports" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."reports" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."reports" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."reports" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."reports" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."reports" IS 'A report that was made: of an asset, or for the authorities of a jurisdiction (S3-B57, S3-B154).';
COMMENT ON COLUMN "mainstay"."reports"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."reports"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."reports"."template_id" IS 'What it was made from.';
COMMENT ON COLUMN "mainstay"."reports"."scheduled_report_id" IS 'The schedule that it was made for.';
COMMENT ON COLUMN "mainstay"."reports"."report_type" IS 'What kind of report it is.';
COMMENT ON COLUMN "mainstay"."reports"."asset_id" IS 'The asset that it is about.';
COMMENT ON COLUMN "mainstay"."reports"."jurisdiction" IS 'Whose rules it follows.';
COMMENT ON COLUMN "mainstay"."reports"."period" IS 'The time that it covers, such as `2026-Q1`.';
COMMENT ON COLUMN "mainstay"."reports"."report_data" IS 'What it says.';
COMMENT ON COLUMN "mainstay"."reports"."file_id" IS 'The file that it became.';
COMMENT ON COLUMN "mainstay"."reports"."generated_at" IS 'When it was made.';
COMMENT ON COLUMN "mainstay"."reports"."generated_by" IS 'Who made it; none means the system.';
COMMENT ON COLUMN "mainstay"."reports"."submitted_at" IS 'When it was handed to the authority.';

-- mainstay.data_exports (reports)
CREATE TABLE "mainstay"."data_exports" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "export_type" text COLLATE "C" NOT NULL,
    "format" text COLLATE "C" NOT NULL DEFAULT 'csv',
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "parameters" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "file_path" text COLLATE "C",
    "file_url" text COLLATE "C",
    "file_size" bigint,
    "expires_at" timestamptz,
    "requested_by" uuid,
    "error_message" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "data_exports_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "data_exports_error_message_check" CHECK (char_length("error_message") <= 4000),
    CONSTRAINT "data_exports_export_type_check" CHECK (char_length("export_type") <= 100),
    CONSTRAINT "data_exports_file_path_check" CHECK (char_length("file_path") <= 1000),
    CONSTRAINT "data_exports_file_size_check" CHECK ("file_size" >= 0),
    CONSTRAINT "data_exports_file_url_check" CHECK (char_length("file_url") <= 2000),
    CONSTRAINT "data_exports_format_check" CHECK ("format" IN ('csv', 'xlsx', 'json')),
    CONSTRAINT "data_exports_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed'))
);
CREATE INDEX "data_exports_status_idx" ON "mainstay"."data_exports" ("organization_id", "status");
CREATE INDEX "data_exports_requested_by_idx" ON "mainstay"."data_exports" ("organization_id", "requested_by");
CREATE INDEX "data_exports_export_type_idx" ON "mainstay"."data_exports" ("organization_id", "export_type");
CREATE INDEX "data_exports_expires_at_idx" ON "mainstay"."data_exports" ("organization_id", "expires_at");
CREATE TRIGGER "data_exports_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."data_exports" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing') WHEN 'processing' THEN NEW."status" IN ('completed', 'failed') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."data_exports" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."data_exports" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."data_exports" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."data_exports" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."data_exports" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."data_exports" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."data_exports" IS 'Data that somebody asked for as a file.';
COMMENT ON COLUMN "mainstay"."data_exports"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."data_exports"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."data_exports"."export_type" IS 'What is exported.';
COMMENT ON COLUMN "mainstay"."data_exports"."format" IS 'What kind of file it becomes.';
COMMENT ON COLUMN "mainstay"."data_exports"."status" IS 'How far it is.';
COMMENT ON COLUMN "mainstay"."data_exports"."parameters" IS 'Which rows and columns.';
COMMENT ON COLUMN "mainstay"."data_exports"."file_path" IS 'Where the file is kept.';
COMMENT ON COLUMN "mainstay"."data_exports"."file_url" IS 'Where it can be fetched until it expires.';
COMMENT ON COLUMN "mainstay"."data_exports"."file_size" IS 'Its size in bytes.';
COMMENT ON COLUMN "mainstay"."data_exports"."expires_at" IS 'The file is removed after this time (S0-B70).';
COMMENT ON COLUMN "mainstay"."data_exports"."requested_by" IS 'Who asked for it.';
COMMENT ON COLUMN "mainstay"."data_exports"."error_message" IS 'Why there is no file.';
COMMENT ON COLUMN "mainstay"."data_exports"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."data_exports"."updated_at" IS 'When the record was last changed.';

-- mainstay.notifications (notify)
CREATE TABLE "mainstay"."notifications" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid,
    "recipient_type" text COLLATE "C" NOT NULL DEFAULT 'user',
    "category" text COLLATE "C" NOT NULL DEFAULT 'general',
    "channel" text COLLATE "C" NOT NULL,
    "subject" text COLLATE "C",
    "content" text COLLATE "C" NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "scheduled_for" timestamptz,
    "sent_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "notifications_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notifications_category_check" CHECK (char_length("category") <= 100),
    CONSTRAINT "notifications_channel_check" CHECK ("channel" IN ('email', 'sms', 'push', 'in_app')),
    CONSTRAINT "notifications_content_check" CHECK (char_length("content") <= 65536),
    CONSTRAINT "notifications_recipient_named_check" CHECK (recipient_type <> 'user' or user_id is not null),
    CONSTRAINT "notifications_recipient_type_check" CHECK ("recipient_type" IN ('user', 'customer', 'business')),
    CONSTRAINT "notifications_status_check" CHECK ("status" IN ('pending', 'sent', 'failed', 'read')),
    CONSTRAINT "notifications_subject_check" CHECK (char_length("subject") <= 998)
);
CREATE INDEX "notifications_user_id_channel_status_idx" ON "mainstay"."notifications" ("organization_id", "user_id", "channel", "status");
CREATE INDEX "notifications_scheduled_for_sent_at_idx" ON "mainstay"."notifications" ("organization_id", "scheduled_for", "sent_at");
CREATE TRIGGER "notifications_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."notifications" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('sent', 'failed') WHEN 'sent' THEN NEW."status" IN ('read') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."notifications" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."notifications" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."notifications" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."notifications" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."notifications" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."notifications" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."notifications" IS 'What one recipient is told, over one channel.';
COMMENT ON COLUMN "mainstay"."notifications"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."notifications"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."notifications"."user_id" IS 'The member that it is for; the messages of other recipients name an address.';
COMMENT ON COLUMN "mainstay"."notifications"."recipient_type" IS 'Who it is for.';
COMMENT ON COLUMN "mainstay"."notifications"."category" IS 'What it is about, such as `order_confirmed` or `tax_form`.';
COMMENT ON COLUMN "mainstay"."notifications"."channel" IS 'How it reaches the recipient.';
COMMENT ON COLUMN "mainstay"."notifications"."subject" IS 'The subject of a mail, the title of others.';
COMMENT ON COLUMN "mainstay"."notifications"."content" IS 'What it says.';
COMMENT ON COLUMN "mainstay"."notifications"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."notifications"."scheduled_for" IS 'Not before this time; none means at once.';
COMMENT ON COLUMN "mainstay"."notifications"."sent_at" IS 'When it was sent.';
COMMENT ON COLUMN "mainstay"."notifications"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."notifications"."updated_at" IS 'When the record was last changed.';

-- mainstay.notification_history (notify)
CREATE TABLE "mainstay"."notification_history" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "notification_id" uuid NOT NULL,
    "status_from" text COLLATE "C",
    "status_to" text COLLATE "C" NOT NULL,
    "changed_at" timestamptz NOT NULL DEFAULT now(),
    "error_message" text COLLATE "C",
    CONSTRAINT "notification_history_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_history_error_message_check" CHECK (char_length("error_message") <= 4000),
    CONSTRAINT "notification_history_status_from_check" CHECK ("status_from" IN ('pending', 'sent', 'failed', 'read')),
    CONSTRAINT "notification_history_status_to_check" CHECK ("status_to" IN ('pending', 'sent', 'failed', 'read'))
);
CREATE INDEX "notification_history_notification_id_changed_at_idx" ON "mainstay"."notification_history" ("organization_id", "notification_id", "changed_at");
CREATE TRIGGER "notification_history_status_from_life_cycle" BEFORE UPDATE OF "status_from" ON "mainstay"."notification_history" FOR EACH ROW WHEN (OLD."status_from" IS DISTINCT FROM NEW."status_from" AND NOT coalesce(CASE OLD."status_from" WHEN 'pending' THEN NEW."status_from" IN ('sent', 'failed') WHEN 'sent' THEN NEW."status_from" IN ('read') ELSE OLD."status_from" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status_from');
CREATE TRIGGER "notification_history_status_to_life_cycle" BEFORE UPDATE OF "status_to" ON "mainstay"."notification_history" FOR EACH ROW WHEN (OLD."status_to" IS DISTINCT FROM NEW."status_to" AND NOT coalesce(CASE OLD."status_to" WHEN 'pending' THEN NEW."status_to" IN ('sent', 'failed') WHEN 'sent' THEN NEW."status_to" IN ('read') ELSE OLD."status_to" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status_to');
CREATE TRIGGER "notification_history_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."notification_history" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "notification_history_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."notification_history" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."notification_history" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."notification_history" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."notification_history" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."notification_history" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."notification_history" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."notification_history" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."notification_history" IS 'A step in the life of a notification.';
COMMENT ON COLUMN "mainstay"."notification_history"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."notification_history"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."notification_history"."notification_id" IS 'The notification, which may be gone.';
COMMENT ON COLUMN "mainstay"."notification_history"."status_from" IS 'Where it stood; none for a new one.';
COMMENT ON COLUMN "mainstay"."notification_history"."status_to" IS 'Where it stands since.';
COMMENT ON COLUMN "mainstay"."notification_history"."changed_at" IS 'When it changed.';
COMMENT ON COLUMN "mainstay"."notification_history"."error_message" IS 'Why it failed.';

-- mainstay.notification_engagements (notify)
CREATE TABLE "mainstay"."notification_engagements" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "notification_id" uuid NOT NULL,
    "user_id" uuid,
    "opened_at" timestamptz,
    "clicked_at" timestamptz,
    "bounced" boolean NOT NULL DEFAULT false,
    "complained" boolean NOT NULL DEFAULT false,
    "user_agent" text COLLATE "C",
    "ip_address" inet,
    CONSTRAINT "notification_engagements_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_engagements_user_agent_check" CHECK (char_length("user_agent") <= 1000)
);
CREATE INDEX "notification_engagements_notification_id_idx" ON "mainstay"."notification_engagements" ("organization_id", "notification_id");
CREATE INDEX "notification_engagements_user_id_idx" ON "mainstay"."notification_engagements" ("organization_id", "user_id");
ALTER TABLE "mainstay"."notification_engagements" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."notification_engagements" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."notification_engagements" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."notification_engagements" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."notification_engagements" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."notification_engagements" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."notification_engagements" IS 'What its recipient did with a notification, as providers and links report it.';
COMMENT ON COLUMN "mainstay"."notification_engagements"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."notification_engagements"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."notification_engagements"."notification_id" IS 'The notification.';
COMMENT ON COLUMN "mainstay"."notification_engagements"."user_id" IS 'Who opened it, where that is a member.';
COMMENT ON COLUMN "mainstay"."notification_engagements"."opened_at" IS 'When it was first opened.';
COMMENT ON COLUMN "mainstay"."notification_engagements"."clicked_at" IS 'When a link in it was first followed.';
COMMENT ON COLUMN "mainstay"."notification_engagements"."bounced" IS 'Whether the address refused it.';
COMMENT ON COLUMN "mainstay"."notification_engagements"."complained" IS 'Whether it was reported as unwanted.';
COMMENT ON COLUMN "mainstay"."notification_engagements"."user_agent" IS 'The program that opened it.';
COMMENT ON COLUMN "mainstay"."notification_engagements"."ip_address" IS 'Where it was opened.';

-- mainstay.notification_attachments (notify)
CREATE TABLE "mainstay"."notification_attachments" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "notification_id" uuid NOT NULL,
    "file_key" text COLLATE "C" NOT NULL,
    "filename" text COLLATE "C" NOT NULL,
    "mime_type" text COLLATE "C" NOT NULL,
    "size_bytes" bigint NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "notification_attachments_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_attachments_file_key_check" CHECK (char_length("file_key") <= 1024),
    CONSTRAINT "notification_attachments_filename_check" CHECK (char_length("filename") <= 255),
    CONSTRAINT "notification_attachments_mime_type_check" CHECK (char_length("mime_type") <= 255),
    CONSTRAINT "notification_attachments_size_bytes_check" CHECK ("size_bytes" >= 0)
);
CREATE INDEX "notification_attachments_notification_id_idx" ON "mainstay"."notification_attachments" ("organization_id", "notification_id");
ALTER TABLE "mainstay"."notification_attachments" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."notification_attachments" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."notification_attachments" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."notification_attachments" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."notification_attachments" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."notification_attachments" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."notification_attachments" IS 'A file that goes with a notification.';
COMMENT ON COLUMN "mainstay"."notification_attachments"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."notification_attachments"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."notification_attachments"."notification_id" IS 'The notification.';
COMMENT ON COLUMN "mainstay"."notification_attachments"."file_key" IS 'Where the content is stored.';
COMMENT ON COLUMN "mainstay"."notification_attachments"."filename" IS 'The name that the recipient sees.';
COMMENT ON COLUMN "mainstay"."notification_attachments"."mime_type" IS 'What kind of content it is, such as `application/pdf`.';
COMMENT ON COLUMN "mainstay"."notification_attachments"."size_bytes" IS 'The length of the content in bytes.';
COMMENT ON COLUMN "mainstay"."notification_attachments"."created_at" IS 'When the record was created.';

-- mainstay.notification_templates (notify)
CREATE TABLE "mainstay"."notification_templates" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "type" text COLLATE "C" NOT NULL,
    "subject_template" text COLLATE "C",
    "body_template" text COLLATE "C" NOT NULL,
    "variables" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "notification_templates_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_templates_name_type_key" UNIQUE ("organization_id", "name", "type"),
    CONSTRAINT "notification_templates_body_template_check" CHECK (char_length("body_template") <= 65536),
    CONSTRAINT "notification_templates_description_check" CHECK (char_length("description") <= 2000),
    CONSTRAINT "notification_templates_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "notification_templates_subject_template_check" CHECK (char_length("subject_template") <= 998),
    CONSTRAINT "notification_templates_type_check" CHECK ("type" IN ('email', 'sms', 'push'))
);
ALTER TABLE "mainstay"."notification_templates" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."notification_templates" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."notification_templates" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."notification_templates" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."notification_templates" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."notification_templates" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."notification_templates" IS 'The text of a notification, with places for what differs.';
COMMENT ON COLUMN "mainstay"."notification_templates"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."notification_templates"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."notification_templates"."name" IS 'The name that people choose it by, unique for a channel.';
COMMENT ON COLUMN "mainstay"."notification_templates"."description" IS 'When it is used.';
COMMENT ON COLUMN "mainstay"."notification_templates"."type" IS 'The channel that it is written for.';
COMMENT ON COLUMN "mainstay"."notification_templates"."subject_template" IS 'The subject of a mail, the title of others.';
COMMENT ON COLUMN "mainstay"."notification_templates"."body_template" IS 'The text.';
COMMENT ON COLUMN "mainstay"."notification_templates"."variables" IS 'What the texts may name, each with its meaning.';
COMMENT ON COLUMN "mainstay"."notification_templates"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."notification_templates"."updated_at" IS 'When the record was last changed.';

-- mainstay.notification_triggers (notify)
CREATE TABLE "mainstay"."notification_triggers" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "event_type" text COLLATE "C" NOT NULL,
    "template_id" uuid NOT NULL,
    "enabled" boolean NOT NULL DEFAULT true,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "notification_triggers_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_triggers_event_type_key" UNIQUE ("organization_id", "event_type"),
    CONSTRAINT "notification_triggers_event_type_check" CHECK (char_length("event_type") <= 255)
);
CREATE INDEX "notification_triggers_template_id_idx" ON "mainstay"."notification_triggers" ("organization_id", "template_id");
ALTER TABLE "mainstay"."notification_triggers" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."notification_triggers" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."notification_triggers" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."notification_triggers" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."notification_triggers" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."notification_triggers" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."notification_triggers" IS 'An occasion on which a notification is sent: one template per kind of event (S0-B9).';
COMMENT ON COLUMN "mainstay"."notification_triggers"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."notification_triggers"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."notification_triggers"."event_type" IS 'What happens, such as `order_confirmed` or `ticket_sold`.';
COMMENT ON COLUMN "mainstay"."notification_triggers"."template_id" IS 'What is sent then.';
COMMENT ON COLUMN "mainstay"."notification_triggers"."enabled" IS 'Nothing is sent while this is false.';
COMMENT ON COLUMN "mainstay"."notification_triggers"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."notification_triggers"."updated_at" IS 'When the record was last changed.';

-- mainstay.notification_preferences (notify)
CREATE TABLE "mainstay"."notification_preferences" (
    "id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "channel" text COLLATE "C" NOT NULL,
    "category" text COLLATE "C" NOT NULL DEFAULT 'all',
    "is_enabled" boolean NOT NULL DEFAULT true,
    "event_types" text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "notification_preferences_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "notification_preferences_user_id_channel_category_key" UNIQUE ("user_id", "channel", "category"),
    CONSTRAINT "notification_preferences_category_check" CHECK (char_length("category") <= 100),
    CONSTRAINT "notification_preferences_channel_check" CHECK ("channel" IN ('email', 'sms', 'push'))
);
ALTER TABLE "mainstay"."notification_preferences" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."notification_preferences" FOR SELECT USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."notification_preferences" FOR INSERT WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."notification_preferences" FOR UPDATE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."notification_preferences" FOR DELETE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."notification_preferences" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."notification_preferences" IS 'Whether a person wants messages of a kind over a channel; wanted where there is no row.';
COMMENT ON COLUMN "mainstay"."notification_preferences"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."notification_preferences"."user_id" IS 'Whose wish it is.';
COMMENT ON COLUMN "mainstay"."notification_preferences"."channel" IS 'The channel.';
COMMENT ON COLUMN "mainstay"."notification_preferences"."category" IS 'What it is about: `all`, or a kind such as `security` or `marketing` (S2-B52).';
COMMENT ON COLUMN "mainstay"."notification_preferences"."is_enabled" IS 'Whether messages are wanted.';
COMMENT ON COLUMN "mainstay"."notification_preferences"."event_types" IS 'The events that it is about; none means all of the category.';
COMMENT ON COLUMN "mainstay"."notification_preferences"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."notification_preferences"."updated_at" IS 'When the record was last changed.';

-- mainstay.push_tokens (notify)
CREATE TABLE "mainstay"."push_tokens" (
    "id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "device_id" text COLLATE "C" NOT NULL,
    "token" bytea NOT NULL,
    "platform" text COLLATE "C" NOT NULL,
    "active" boolean NOT NULL DEFAULT true,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "push_tokens_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "push_tokens_user_id_device_id_key" UNIQUE ("user_id", "device_id"),
    CONSTRAINT "push_tokens_device_id_check" CHECK (char_length("device_id") <= 255),
    CONSTRAINT "push_tokens_platform_check" CHECK ("platform" IN ('ios', 'android', 'web'))
);
ALTER TABLE "mainstay"."push_tokens" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."push_tokens" FOR SELECT USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."push_tokens" FOR INSERT WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."push_tokens" FOR UPDATE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."push_tokens" FOR DELETE USING ("user_id" = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid) OR (SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."push_tokens" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."push_tokens" IS 'A device that takes messages for a person.';
COMMENT ON COLUMN "mainstay"."push_tokens"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."push_tokens"."user_id" IS 'Whose device it is.';
COMMENT ON COLUMN "mainstay"."push_tokens"."device_id" IS 'The device, as its operating system names it.';
COMMENT ON COLUMN "mainstay"."push_tokens"."token" IS 'What the provider knows the device by.';
COMMENT ON COLUMN "mainstay"."push_tokens"."platform" IS 'What the device runs.';
COMMENT ON COLUMN "mainstay"."push_tokens"."active" IS 'Whether the provider still knows it.';
COMMENT ON COLUMN "mainstay"."push_tokens"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."push_tokens"."updated_at" IS 'When the record was last changed.';

-- mainstay.notification_providers (notify)
CREATE TABLE "mainstay"."notification_providers" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "type" text COLLATE "C" NOT NULL,
    "config" bytea NOT NULL,
    "active" boolean NOT NULL DEFAULT true,
    "priority" integer NOT NULL DEFAULT 0,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "notification_providers_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_providers_carrier_channel_check" CHECK ((type = 'email' and name in ('sendgrid', 'ses')) or (type = 'sms' and name = 'twilio') or (type = 'push' and name = 'fcm')),
    CONSTRAINT "notification_providers_name_check" CHECK ("name" IN ('sendgrid', 'ses', 'twilio', 'fcm')),
    CONSTRAINT "notification_providers_priority_check" CHECK ("priority" >= 0),
    CONSTRAINT "notification_providers_type_check" CHECK ("type" IN ('email', 'sms', 'push'))
);
CREATE INDEX "notification_providers_type_active_priority_idx" ON "mainstay"."notification_providers" ("organization_id", "type", "active", "priority");
ALTER TABLE "mainstay"."notification_providers" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."notification_providers" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."notification_providers" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."notification_providers" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."notification_providers" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."notification_providers" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."notification_providers" IS 'An account with a carrier (S0-B10).';
COMMENT ON COLUMN "mainstay"."notification_providers"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."notification_providers"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."notification_providers"."name" IS 'The carrier.';
COMMENT ON COLUMN "mainstay"."notification_providers"."type" IS 'The channel that it serves.';
COMMENT ON COLUMN "mainstay"."notification_providers"."config" IS 'Keys and settings of the account, as JSON (S0-B45).';
COMMENT ON COLUMN "mainstay"."notification_providers"."active" IS 'Whether it is used.';
COMMENT ON COLUMN "mainstay"."notification_providers"."priority" IS 'Smaller is tried first; the others take over when it fails.';
COMMENT ON COLUMN "mainstay"."notification_providers"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."notification_providers"."updated_at" IS 'When the record was last changed.';

-- mainstay.outbound_messages (notify)
CREATE TABLE "mainstay"."outbound_messages" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "notification_id" uuid,
    "user_id" uuid,
    "channel" text COLLATE "C" NOT NULL,
    "recipient" text COLLATE "C" NOT NULL,
    "sender" text COLLATE "C",
    "subject" text COLLATE "C",
    "html_body" text COLLATE "C",
    "text_body" text COLLATE "C",
    "secrets" bytea,
    "status" text COLLATE "C" NOT NULL DEFAULT 'queued',
    "provider" text COLLATE "C",
    "priority" integer NOT NULL DEFAULT 0,
    "cost_cents" bigint,
    "attempts" integer NOT NULL DEFAULT 0,
    "max_attempts" integer NOT NULL DEFAULT 5,
    "run_at" timestamptz,
    "leased_by" text COLLATE "C",
    "leased_until" timestamptz,
    "last_error" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "outbound_messages_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "outbound_messages_attempts_check" CHECK ("attempts" >= 0),
    CONSTRAINT "outbound_messages_body_given_check" CHECK (html_body is not null or text_body is not null),
    CONSTRAINT "outbound_messages_channel_check" CHECK ("channel" IN ('email', 'sms', 'push')),
    CONSTRAINT "outbound_messages_cost_cents_check" CHECK ("cost_cents" >= 0),
    CONSTRAINT "outbound_messages_html_body_check" CHECK (char_length("html_body") <= 262144),
    CONSTRAINT "outbound_messages_last_error_check" CHECK (char_length("last_error") <= 4000),
    CONSTRAINT "outbound_messages_leased_by_check" CHECK (char_length("leased_by") <= 255),
    CONSTRAINT "outbound_messages_max_attempts_check" CHECK ("max_attempts" >= 1 AND "max_attempts" <= 100),
    CONSTRAINT "outbound_messages_provider_channel_check" CHECK (provider is null or (channel = 'email' and provider in ('sendgrid', 'ses')) or (channel = 'sms' and provider = 'twilio') or (channel = 'push' and provider = 'fcm')),
    CONSTRAINT "outbound_messages_provider_check" CHECK ("provider" IN ('sendgrid', 'ses', 'twilio', 'fcm')),
    CONSTRAINT "outbound_messages_recipient_check" CHECK (char_length("recipient") <= 320),
    CONSTRAINT "outbound_messages_sender_check" CHECK (char_length("sender") <= 320),
    CONSTRAINT "outbound_messages_status_check" CHECK ("status" IN ('queued', 'sending', 'sent', 'failed')),
    CONSTRAINT "outbound_messages_subject_check" CHECK (char_length("subject") <= 998),
    CONSTRAINT "outbound_messages_text_body_check" CHECK (char_length("text_body") <= 65536)
);
CREATE INDEX "outbound_messages_notification_id_idx" ON "mainstay"."outbound_messages" ("organization_id", "notification_id");
CREATE INDEX "outbound_messages_status_run_at_idx" ON "mainstay"."outbound_messages" ("status", "run_at");
CREATE INDEX "outbound_messages_user_id_idx" ON "mainstay"."outbound_messages" ("organization_id", "user_id");
CREATE TRIGGER "outbound_messages_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."outbound_messages" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'queued' THEN NEW."status" IN ('sending', 'failed') WHEN 'sending' THEN NEW."status" IN ('sent', 'failed', 'queued') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."outbound_messages" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."outbound_messages" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."outbound_messages" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."outbound_messages" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."outbound_messages" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."outbound_messages" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."outbound_messages" IS 'A message that leaves the server: what is sent, where to and over whom.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."notification_id" IS 'What it tells; none for a message of its own.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."user_id" IS 'The member that it goes to.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."channel" IS 'How it goes.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."recipient" IS 'The address, the number or the device that it goes to.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."sender" IS 'The address or number that it comes from; none means the provider''s own.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."subject" IS 'The subject of a mail, the title of others.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."html_body" IS 'The text of a mail as HTML.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."text_body" IS 'The plain text.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."secrets" IS 'What stands for `{{ link }}` and `{{ code }}` in the texts, until it is sent.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."provider" IS 'Who carries it; none until that is chosen.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."priority" IS 'Larger goes first.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."cost_cents" IS 'What it cost, in cents.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."attempts" IS 'Attempts begun.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."max_attempts" IS 'Attempts before it is given up.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."run_at" IS 'Not before this time; none means at once.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."leased_by" IS 'Which server works on it.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."leased_until" IS 'Until when no other server may.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."last_error" IS 'Why the last attempt failed.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."outbound_messages"."updated_at" IS 'When the record was last changed.';

-- mainstay.notification_batches (notify)
CREATE TABLE "mainstay"."notification_batches" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "total_count" integer NOT NULL DEFAULT 0,
    "sent_count" integer NOT NULL DEFAULT 0,
    "failed_count" integer NOT NULL DEFAULT 0,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "scheduled_for" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "notification_batches_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_batches_counts_check" CHECK (sent_count + failed_count <= total_count),
    CONSTRAINT "notification_batches_description_check" CHECK (char_length("description") <= 2000),
    CONSTRAINT "notification_batches_failed_count_check" CHECK ("failed_count" >= 0),
    CONSTRAINT "notification_batches_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "notification_batches_sent_count_check" CHECK ("sent_count" >= 0),
    CONSTRAINT "notification_batches_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    CONSTRAINT "notification_batches_total_count_check" CHECK ("total_count" >= 0)
);
CREATE INDEX "notification_batches_status_scheduled_for_idx" ON "mainstay"."notification_batches" ("organization_id", "status", "scheduled_for");
CREATE TRIGGER "notification_batches_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."notification_batches" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing', 'cancelled') WHEN 'processing' THEN NEW."status" IN ('completed', 'failed', 'cancelled') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."notification_batches" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."notification_batches" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."notification_batches" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."notification_batches" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."notification_batches" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."notification_batches" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."notification_batches" IS 'A notification that goes to many.';
COMMENT ON COLUMN "mainstay"."notification_batches"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."notification_batches"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."notification_batches"."name" IS 'The name that people know it by.';
COMMENT ON COLUMN "mainstay"."notification_batches"."description" IS 'What it is for.';
COMMENT ON COLUMN "mainstay"."notification_batches"."total_count" IS 'How many notifications it is.';
COMMENT ON COLUMN "mainstay"."notification_batches"."sent_count" IS 'How many were sent.';
COMMENT ON COLUMN "mainstay"."notification_batches"."failed_count" IS 'How many could not be sent.';
COMMENT ON COLUMN "mainstay"."notification_batches"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."notification_batches"."scheduled_for" IS 'Not before this time; none means at once.';
COMMENT ON COLUMN "mainstay"."notification_batches"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."notification_batches"."updated_at" IS 'When the record was last changed.';

-- mainstay.notification_schedules (notify)
CREATE TABLE "mainstay"."notification_schedules" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "notification_id" uuid NOT NULL,
    "scheduled_for" timestamptz NOT NULL,
    "recurring_rule" jsonb,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "notification_schedules_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_schedules_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed', 'cancelled'))
);
CREATE INDEX "notification_schedules_notification_id_idx" ON "mainstay"."notification_schedules" ("organization_id", "notification_id");
CREATE INDEX "notification_schedules_status_scheduled_for_idx" ON "mainstay"."notification_schedules" ("organization_id", "status", "scheduled_for");
CREATE TRIGGER "notification_schedules_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."notification_schedules" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing', 'cancelled') WHEN 'processing' THEN NEW."status" IN ('pending', 'completed', 'failed') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."notification_schedules" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."notification_schedules" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."notification_schedules" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."notification_schedules" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."notification_schedules" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."notification_schedules" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."notification_schedules" IS 'When a notification is sent, once or repeatedly.';
COMMENT ON COLUMN "mainstay"."notification_schedules"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."notification_schedules"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."notification_schedules"."notification_id" IS 'What is sent; repeated times send copies of it.';
COMMENT ON COLUMN "mainstay"."notification_schedules"."scheduled_for" IS 'The next time.';
COMMENT ON COLUMN "mainstay"."notification_schedules"."recurring_rule" IS 'How it repeats, such as `{"every": "1 week"}`; none means once.';
COMMENT ON COLUMN "mainstay"."notification_schedules"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."notification_schedules"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."notification_schedules"."updated_at" IS 'When the record was last changed.';

-- mainstay.notification_segments (notify)
CREATE TABLE "mainstay"."notification_segments" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "filters" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "user_count" integer NOT NULL DEFAULT 0,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "notification_segments_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_segments_name_key" UNIQUE ("organization_id", "name"),
    CONSTRAINT "notification_segments_description_check" CHECK (char_length("description") <= 2000),
    CONSTRAINT "notification_segments_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "notification_segments_user_count_check" CHECK ("user_count" >= 0)
);
ALTER TABLE "mainstay"."notification_segments" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."notification_segments" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."notification_segments" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."notification_segments" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."notification_segments" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."notification_segments" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."notification_segments" IS 'A group of people that batches go to, by what they have in common.';
COMMENT ON COLUMN "mainstay"."notification_segments"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."notification_segments"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."notification_segments"."name" IS 'The name that people choose it by.';
COMMENT ON COLUMN "mainstay"."notification_segments"."description" IS 'Who is in it.';
COMMENT ON COLUMN "mainstay"."notification_segments"."filters" IS 'The conditions that its people meet.';
COMMENT ON COLUMN "mainstay"."notification_segments"."user_count" IS 'How many people met them when they were last counted.';
COMMENT ON COLUMN "mainstay"."notification_segments"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."notification_segments"."updated_at" IS 'When the record was last changed.';

-- mainstay.notification_rate_limits (notify)
CREATE TABLE "mainstay"."notification_rate_limits" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid,
    "channel" text COLLATE "C" NOT NULL,
    "max_per_hour" integer,
    "max_per_day" integer,
    "current_count" integer NOT NULL DEFAULT 0,
    "reset_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "notification_rate_limits_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_rate_limits_user_id_channel_key" UNIQUE NULLS NOT DISTINCT ("organization_id", "user_id", "channel"),
    CONSTRAINT "notification_rate_limits_channel_check" CHECK ("channel" IN ('email', 'sms', 'push')),
    CONSTRAINT "notification_rate_limits_current_count_check" CHECK ("current_count" >= 0),
    CONSTRAINT "notification_rate_limits_hour_within_day_check" CHECK (max_per_hour <= max_per_day),
    CONSTRAINT "notification_rate_limits_max_per_day_check" CHECK ("max_per_day" >= 0),
    CONSTRAINT "notification_rate_limits_max_per_hour_check" CHECK ("max_per_hour" >= 0)
);
ALTER TABLE "mainstay"."notification_rate_limits" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."notification_rate_limits" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."notification_rate_limits" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."notification_rate_limits" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."notification_rate_limits" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."notification_rate_limits" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."notification_rate_limits" IS 'How much a member, or the organisation as a whole, is sent over a channel (S0-B71).';
COMMENT ON COLUMN "mainstay"."notification_rate_limits"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."notification_rate_limits"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."notification_rate_limits"."user_id" IS 'Whom it limits; none means all of the organisation together.';
COMMENT ON COLUMN "mainstay"."notification_rate_limits"."channel" IS 'The channel.';
COMMENT ON COLUMN "mainstay"."notification_rate_limits"."max_per_hour" IS 'Most messages in an hour; none means no limit.';
COMMENT ON COLUMN "mainstay"."notification_rate_limits"."max_per_day" IS 'Most messages in a day; none means no limit.';
COMMENT ON COLUMN "mainstay"."notification_rate_limits"."current_count" IS 'Messages since the count last began.';
COMMENT ON COLUMN "mainstay"."notification_rate_limits"."reset_at" IS 'When the count begins anew; none before the first message.';
COMMENT ON COLUMN "mainstay"."notification_rate_limits"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."notification_rate_limits"."updated_at" IS 'When the record was last changed.';

-- mainstay.notification_suppressions (notify)
CREATE TABLE "mainstay"."notification_suppressions" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "email" text COLLATE "C",
    "phone" text COLLATE "C",
    "reason" text COLLATE "C" NOT NULL,
    "suppressed_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "notification_suppressions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_suppressions_email_key" UNIQUE ("organization_id", "email"),
    CONSTRAINT "notification_suppressions_phone_key" UNIQUE ("organization_id", "phone"),
    CONSTRAINT "notification_suppressions_address_given_check" CHECK (email is not null or phone is not null),
    CONSTRAINT "notification_suppressions_email_check" CHECK (char_length("email") <= 320),
    CONSTRAINT "notification_suppressions_email_form_check" CHECK (email = lower(email)),
    CONSTRAINT "notification_suppressions_phone_check" CHECK (char_length("phone") <= 32),
    CONSTRAINT "notification_suppressions_reason_check" CHECK ("reason" IN ('bounced', 'complained', 'unsubscribed'))
);
ALTER TABLE "mainstay"."notification_suppressions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."notification_suppressions" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."notification_suppressions" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."notification_suppressions" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."notification_suppressions" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."notification_suppressions" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."notification_suppressions" IS 'An address or number that nothing is sent to (S0-B72).';
COMMENT ON COLUMN "mainstay"."notification_suppressions"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."notification_suppressions"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."notification_suppressions"."email" IS 'The address, in lower case.';
COMMENT ON COLUMN "mainstay"."notification_suppressions"."phone" IS 'The number, with its country''s code.';
COMMENT ON COLUMN "mainstay"."notification_suppressions"."reason" IS 'Why nothing is sent.';
COMMENT ON COLUMN "mainstay"."notification_suppressions"."suppressed_at" IS 'Since when.';

-- mainstay.files (files)
CREATE TABLE "mainstay"."files" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid,
    "filename" text COLLATE "C" NOT NULL,
    "original_filename" text COLLATE "C" NOT NULL,
    "mime_type" text COLLATE "C" NOT NULL,
    "extension" text COLLATE "C",
    "storage_provider" text COLLATE "C" NOT NULL DEFAULT 'local',
    "bucket_name" text COLLATE "C",
    "storage_path" text COLLATE "C" NOT NULL,
    "cdn_url" text COLLATE "C",
    "size_bytes" bigint NOT NULL,
    "hash_sha256" text COLLATE "C",
    "uploaded_by" uuid,
    "entity_type" text COLLATE "C",
    "entity_id" text COLLATE "C",
    "is_public" boolean NOT NULL DEFAULT false,
    "access_level" text COLLATE "C" NOT NULL DEFAULT 'internal',
    "status" text COLLATE "C" NOT NULL DEFAULT 'uploading',
    "metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "tags" text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    CONSTRAINT "files_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "files_access_level_check" CHECK ("access_level" IN ('private', 'internal', 'public')),
    CONSTRAINT "files_bucket_name_check" CHECK (char_length("bucket_name") <= 255),
    CONSTRAINT "files_cdn_url_check" CHECK (char_length("cdn_url") <= 2048),
    CONSTRAINT "files_entity_id_check" CHECK (char_length("entity_id") <= 255),
    CONSTRAINT "files_entity_type_check" CHECK (char_length("entity_type") <= 100),
    CONSTRAINT "files_entity_whole_check" CHECK ((entity_type is null) = (entity_id is null)),
    CONSTRAINT "files_extension_check" CHECK (char_length("extension") <= 32),
    CONSTRAINT "files_filename_check" CHECK (char_length("filename") <= 255),
    CONSTRAINT "files_hash_form_check" CHECK (length(hash_sha256) = 64 and hash_sha256 = lower(hash_sha256)),
    CONSTRAINT "files_hash_sha256_check" CHECK (char_length("hash_sha256") <= 64),
    CONSTRAINT "files_mime_type_check" CHECK (char_length("mime_type") <= 255),
    CONSTRAINT "files_original_filename_check" CHECK (char_length("original_filename") <= 255),
    CONSTRAINT "files_size_bytes_check" CHECK ("size_bytes" >= 0),
    CONSTRAINT "files_status_check" CHECK ("status" IN ('uploading', 'processing', 'completed', 'failed')),
    CONSTRAINT "files_storage_path_check" CHECK (char_length("storage_path") <= 1024),
    CONSTRAINT "files_storage_provider_check" CHECK ("storage_provider" IN ('local', 's3', 'gcs'))
);
CREATE INDEX "files_uploaded_by_idx" ON "mainstay"."files" ("organization_id", "uploaded_by");
CREATE INDEX "files_entity_type_entity_id_idx" ON "mainstay"."files" ("organization_id", "entity_type", "entity_id");
CREATE INDEX "files_status_idx" ON "mainstay"."files" ("organization_id", "status");
CREATE INDEX "files_hash_sha256_idx" ON "mainstay"."files" ("organization_id", "hash_sha256");
CREATE INDEX "files_created_at_idx" ON "mainstay"."files" ("organization_id", "created_at");
CREATE INDEX "files_venue_id_idx" ON "mainstay"."files" ("organization_id", "venue_id");
CREATE TRIGGER "files_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."files" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'uploading' THEN NEW."status" IN ('processing', 'failed') WHEN 'processing' THEN NEW."status" IN ('completed', 'failed') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."files" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."files" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."files" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."files" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."files" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."files" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."files" IS 'A stored file: what it is, where its content is and what it belongs to.';
COMMENT ON COLUMN "mainstay"."files"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."files"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."files"."venue_id" IS 'The venue that it belongs to.';
COMMENT ON COLUMN "mainstay"."files"."filename" IS 'The name that it is stored under.';
COMMENT ON COLUMN "mainstay"."files"."original_filename" IS 'The name that it came with.';
COMMENT ON COLUMN "mainstay"."files"."mime_type" IS 'What kind of content it is, such as `image/png`.';
COMMENT ON COLUMN "mainstay"."files"."extension" IS 'The end of its name, without the dot.';
COMMENT ON COLUMN "mainstay"."files"."storage_provider" IS 'Where the content is kept.';
COMMENT ON COLUMN "mainstay"."files"."bucket_name" IS 'The bucket that holds the content; none in the data folder.';
COMMENT ON COLUMN "mainstay"."files"."storage_path" IS 'Where in the folder or bucket the content is.';
COMMENT ON COLUMN "mainstay"."files"."cdn_url" IS 'The address at which a content delivery network serves it.';
COMMENT ON COLUMN "mainstay"."files"."size_bytes" IS 'The length of the content in bytes.';
COMMENT ON COLUMN "mainstay"."files"."hash_sha256" IS 'SHA-256 of the content in lower-case hexadecimal; equal content has equal hashes (S0-B53).';
COMMENT ON COLUMN "mainstay"."files"."uploaded_by" IS 'Who uploaded it.';
COMMENT ON COLUMN "mainstay"."files"."entity_type" IS 'What kind of record it belongs to, such as `event`; any kind (S0-B62).';
COMMENT ON COLUMN "mainstay"."files"."entity_id" IS 'The record that it belongs to, as its own table names it.';
COMMENT ON COLUMN "mainstay"."files"."is_public" IS 'Whether it is shown to people who have not signed in.';
COMMENT ON COLUMN "mainstay"."files"."access_level" IS 'Who may read it.';
COMMENT ON COLUMN "mainstay"."files"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."files"."metadata" IS 'Whatever else is known of it.';
COMMENT ON COLUMN "mainstay"."files"."tags" IS 'Words that people find it by.';
COMMENT ON COLUMN "mainstay"."files"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."files"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."files"."deleted_at" IS 'When the record was deleted; null while it is there.';

-- mainstay.file_versions (files)
CREATE TABLE "mainstay"."file_versions" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "file_id" uuid NOT NULL,
    "version_number" integer NOT NULL,
    "storage_path" text COLLATE "C" NOT NULL,
    "size_bytes" bigint NOT NULL,
    "hash_sha256" text COLLATE "C",
    "change_description" text COLLATE "C",
    "created_by" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "file_versions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "file_versions_file_id_version_number_key" UNIQUE ("organization_id", "file_id", "version_number"),
    CONSTRAINT "file_versions_change_description_check" CHECK (char_length("change_description") <= 2000),
    CONSTRAINT "file_versions_hash_form_check" CHECK (length(hash_sha256) = 64 and hash_sha256 = lower(hash_sha256)),
    CONSTRAINT "file_versions_hash_sha256_check" CHECK (char_length("hash_sha256") <= 64),
    CONSTRAINT "file_versions_size_bytes_check" CHECK ("size_bytes" >= 0),
    CONSTRAINT "file_versions_storage_path_check" CHECK (char_length("storage_path") <= 1024),
    CONSTRAINT "file_versions_version_number_check" CHECK ("version_number" >= 1)
);
CREATE INDEX "file_versions_created_by_idx" ON "mainstay"."file_versions" ("organization_id", "created_by");
ALTER TABLE "mainstay"."file_versions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."file_versions" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."file_versions" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."file_versions" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."file_versions" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."file_versions" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."file_versions" IS 'A former or present content of a file.';
COMMENT ON COLUMN "mainstay"."file_versions"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."file_versions"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."file_versions"."file_id" IS 'The file.';
COMMENT ON COLUMN "mainstay"."file_versions"."version_number" IS 'Counts from 1, for each file (S0-B63).';
COMMENT ON COLUMN "mainstay"."file_versions"."storage_path" IS 'Where the content is.';
COMMENT ON COLUMN "mainstay"."file_versions"."size_bytes" IS 'The length of the content in bytes.';
COMMENT ON COLUMN "mainstay"."file_versions"."hash_sha256" IS 'SHA-256 of the content in lower-case hexadecimal.';
COMMENT ON COLUMN "mainstay"."file_versions"."change_description" IS 'What is new in it.';
COMMENT ON COLUMN "mainstay"."file_versions"."created_by" IS 'Who made it.';
COMMENT ON COLUMN "mainstay"."file_versions"."created_at" IS 'When the record was created.';

-- mainstay.file_access_logs (files)
CREATE TABLE "mainstay"."file_access_logs" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "file_id" uuid NOT NULL,
    "accessed_by" uuid,
    "access_type" text COLLATE "C" NOT NULL,
    "ip_address" bytea,
    "user_agent" text COLLATE "C",
    "response_code" smallint,
    "bytes_sent" bigint,
    "accessed_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "file_access_logs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "file_access_logs_access_type_check" CHECK ("access_type" IN ('view', 'download', 'share', 'stream')),
    CONSTRAINT "file_access_logs_bytes_sent_check" CHECK ("bytes_sent" >= 0),
    CONSTRAINT "file_access_logs_response_code_check" CHECK ("response_code" >= 100 AND "response_code" <= 599),
    CONSTRAINT "file_access_logs_user_agent_check" CHECK (char_length("user_agent") <= 1000)
) PARTITION BY RANGE ("id");
CREATE INDEX "file_access_logs_file_id_idx" ON "mainstay"."file_access_logs" ("organization_id", "file_id");
CREATE INDEX "file_access_logs_accessed_by_idx" ON "mainstay"."file_access_logs" ("organization_id", "accessed_by");
CREATE INDEX "file_access_logs_accessed_at_idx" ON "mainstay"."file_access_logs" ("organization_id", "accessed_at");
CREATE TRIGGER "file_access_logs_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."file_access_logs" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "file_access_logs_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."file_access_logs" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."file_access_logs" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."file_access_logs" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."file_access_logs" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."file_access_logs" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."file_access_logs" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."file_access_logs" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."file_access_logs" IS 'An access to a file (S0-B59).';
COMMENT ON COLUMN "mainstay"."file_access_logs"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."file_access_logs"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."file_access_logs"."file_id" IS 'The file, which may be gone.';
COMMENT ON COLUMN "mainstay"."file_access_logs"."accessed_by" IS 'Who reached it; none for somebody who had not signed in.';
COMMENT ON COLUMN "mainstay"."file_access_logs"."access_type" IS 'How it was reached.';
COMMENT ON COLUMN "mainstay"."file_access_logs"."ip_address" IS 'Where the request came from.';
COMMENT ON COLUMN "mainstay"."file_access_logs"."user_agent" IS 'The client''s program.';
COMMENT ON COLUMN "mainstay"."file_access_logs"."response_code" IS 'The status of the HTTP answer.';
COMMENT ON COLUMN "mainstay"."file_access_logs"."bytes_sent" IS 'Bytes of content that were sent.';
COMMENT ON COLUMN "mainstay"."file_access_logs"."accessed_at" IS 'When it was reached.';
CREATE TABLE "mainstay"."file_access_logs_default" PARTITION OF "mainstay"."file_access_logs" DEFAULT;
ALTER TABLE "mainstay"."file_access_logs_default" ENABLE ROW LEVEL SECURITY;
SELECT "mainstay"."make_partitions"();

-- mainstay.upload_sessions (files)
CREATE TABLE "mainstay"."upload_sessions" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "session_token_hash" bytea NOT NULL,
    "uploaded_by" uuid,
    "filename" text COLLATE "C" NOT NULL,
    "mime_type" text COLLATE "C",
    "total_size" bigint NOT NULL,
    "total_chunks" integer NOT NULL DEFAULT 1,
    "uploaded_chunks" integer NOT NULL DEFAULT 0,
    "uploaded_bytes" bigint NOT NULL DEFAULT 0,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active',
    "expires_at" timestamptz NOT NULL,
    "completed_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "upload_sessions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "upload_sessions_session_token_hash_key" UNIQUE ("organization_id", "session_token_hash"),
    CONSTRAINT "upload_sessions_bytes_within_total_check" CHECK (uploaded_bytes <= total_size),
    CONSTRAINT "upload_sessions_chunks_within_total_check" CHECK (uploaded_chunks <= total_chunks),
    CONSTRAINT "upload_sessions_filename_check" CHECK (char_length("filename") <= 255),
    CONSTRAINT "upload_sessions_mime_type_check" CHECK (char_length("mime_type") <= 255),
    CONSTRAINT "upload_sessions_status_check" CHECK ("status" IN ('active', 'completed', 'cancelled')),
    CONSTRAINT "upload_sessions_total_chunks_check" CHECK ("total_chunks" >= 1),
    CONSTRAINT "upload_sessions_total_size_check" CHECK ("total_size" >= 0),
    CONSTRAINT "upload_sessions_uploaded_bytes_check" CHECK ("uploaded_bytes" >= 0),
    CONSTRAINT "upload_sessions_uploaded_chunks_check" CHECK ("uploaded_chunks" >= 0)
);
CREATE INDEX "upload_sessions_uploaded_by_idx" ON "mainstay"."upload_sessions" ("organization_id", "uploaded_by");
CREATE INDEX "upload_sessions_status_expires_at_idx" ON "mainstay"."upload_sessions" ("organization_id", "status", "expires_at");
CREATE TRIGGER "upload_sessions_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."upload_sessions" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'active' THEN NEW."status" IN ('completed', 'cancelled') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."upload_sessions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."upload_sessions" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."upload_sessions" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."upload_sessions" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."upload_sessions" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."upload_sessions" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."upload_sessions" IS 'An upload that comes in parts and can be resumed.';
COMMENT ON COLUMN "mainstay"."upload_sessions"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."upload_sessions"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."upload_sessions"."session_token_hash" IS 'SHA-256 of the token by which a client resumes it.';
COMMENT ON COLUMN "mainstay"."upload_sessions"."uploaded_by" IS 'Who uploads.';
COMMENT ON COLUMN "mainstay"."upload_sessions"."filename" IS 'The name of the file.';
COMMENT ON COLUMN "mainstay"."upload_sessions"."mime_type" IS 'What kind of content it is, such as `video/mp4`.';
COMMENT ON COLUMN "mainstay"."upload_sessions"."total_size" IS 'The length of the whole content in bytes.';
COMMENT ON COLUMN "mainstay"."upload_sessions"."total_chunks" IS 'How many parts it comes in.';
COMMENT ON COLUMN "mainstay"."upload_sessions"."uploaded_chunks" IS 'How many parts have arrived.';
COMMENT ON COLUMN "mainstay"."upload_sessions"."uploaded_bytes" IS 'How many bytes have arrived.';
COMMENT ON COLUMN "mainstay"."upload_sessions"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."upload_sessions"."expires_at" IS 'It must be complete by then (S0-B70).';
COMMENT ON COLUMN "mainstay"."upload_sessions"."completed_at" IS 'When the last part arrived.';
COMMENT ON COLUMN "mainstay"."upload_sessions"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."upload_sessions"."updated_at" IS 'When the record was last changed.';

-- mainstay.file_uploads (files)
CREATE TABLE "mainstay"."file_uploads" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid,
    "file_key" text COLLATE "C" NOT NULL,
    "file_name" text COLLATE "C" NOT NULL,
    "content_type" text COLLATE "C" NOT NULL,
    "size_bytes" bigint,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "processing_error" text COLLATE "C",
    "expires_at" timestamptz NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    CONSTRAINT "file_uploads_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "file_uploads_content_type_check" CHECK (char_length("content_type") <= 255),
    CONSTRAINT "file_uploads_file_key_check" CHECK (char_length("file_key") <= 1024),
    CONSTRAINT "file_uploads_file_name_check" CHECK (char_length("file_name") <= 255),
    CONSTRAINT "file_uploads_processing_error_check" CHECK (char_length("processing_error") <= 4000),
    CONSTRAINT "file_uploads_size_bytes_check" CHECK ("size_bytes" >= 0),
    CONSTRAINT "file_uploads_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed'))
);
CREATE INDEX "file_uploads_user_id_idx" ON "mainstay"."file_uploads" ("organization_id", "user_id");
CREATE INDEX "file_uploads_status_idx" ON "mainstay"."file_uploads" ("organization_id", "status");
CREATE INDEX "file_uploads_expires_at_idx" ON "mainstay"."file_uploads" ("organization_id", "expires_at");
CREATE INDEX "file_uploads_file_key_idx" ON "mainstay"."file_uploads" ("organization_id", "file_key");
CREATE INDEX "file_uploads_created_at_idx" ON "mainstay"."file_uploads" ("organization_id", "created_at");
CREATE TRIGGER "file_uploads_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."file_uploads" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing', 'failed') WHEN 'processing' THEN NEW."status" IN ('completed', 'failed') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."file_uploads" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."file_uploads" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."file_uploads" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."file_uploads" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."file_uploads" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."file_uploads" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."file_uploads" IS 'An upload that a client makes straight to the storage, before there is a file.';
COMMENT ON COLUMN "mainstay"."file_uploads"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."file_uploads"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."file_uploads"."user_id" IS 'Who uploads.';
COMMENT ON COLUMN "mainstay"."file_uploads"."file_key" IS 'Where the content is stored.';
COMMENT ON COLUMN "mainstay"."file_uploads"."file_name" IS 'The name of the file.';
COMMENT ON COLUMN "mainstay"."file_uploads"."content_type" IS 'What kind of content it is, such as `image/png`.';
COMMENT ON COLUMN "mainstay"."file_uploads"."size_bytes" IS 'The length of the content in bytes; none until it is known.';
COMMENT ON COLUMN "mainstay"."file_uploads"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."file_uploads"."processing_error" IS 'Why there will be no file.';
COMMENT ON COLUMN "mainstay"."file_uploads"."expires_at" IS 'It must have arrived by then (S0-B70).';
COMMENT ON COLUMN "mainstay"."file_uploads"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."file_uploads"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."file_uploads"."deleted_at" IS 'When the record was deleted; null while it is there.';

-- mainstay.av_scans (files)
CREATE TABLE "mainstay"."av_scans" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "file_hash" text COLLATE "C" NOT NULL,
    "clean" boolean NOT NULL,
    "threats" jsonb NOT NULL DEFAULT '[]'::jsonb,
    "scanned_at" timestamptz NOT NULL DEFAULT now(),
    "scan_engine" text COLLATE "C" NOT NULL,
    CONSTRAINT "av_scans_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "av_scans_file_hash_key" UNIQUE ("organization_id", "file_hash"),
    CONSTRAINT "av_scans_file_hash_check" CHECK (char_length("file_hash") <= 64),
    CONSTRAINT "av_scans_hash_form_check" CHECK (length(file_hash) = 64 and file_hash = lower(file_hash)),
    CONSTRAINT "av_scans_scan_engine_check" CHECK ("scan_engine" IN ('ClamAV', 'MockScanner'))
);
CREATE INDEX "av_scans_scanned_at_idx" ON "mainstay"."av_scans" ("organization_id", "scanned_at");
CREATE INDEX "av_scans_clean_idx" ON "mainstay"."av_scans" ("organization_id", "clean");
ALTER TABLE "mainstay"."av_scans" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."av_scans" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."av_scans" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."av_scans" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."av_scans" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."av_scans" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."av_scans" IS 'What a scan found in some content; equal content is scanned once (S0-B53).';
COMMENT ON COLUMN "mainstay"."av_scans"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."av_scans"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."av_scans"."file_hash" IS 'SHA-256 of the content in lower-case hexadecimal.';
COMMENT ON COLUMN "mainstay"."av_scans"."clean" IS 'Whether nothing was found.';
COMMENT ON COLUMN "mainstay"."av_scans"."threats" IS 'What was found, by name.';
COMMENT ON COLUMN "mainstay"."av_scans"."scanned_at" IS 'When the content was looked at.';
COMMENT ON COLUMN "mainstay"."av_scans"."scan_engine" IS 'What looked at it.';

-- mainstay.quarantined_files (files)
CREATE TABLE "mainstay"."quarantined_files" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "original_path" text COLLATE "C" NOT NULL,
    "quarantine_path" text COLLATE "C" NOT NULL,
    "file_hash" text COLLATE "C" NOT NULL,
    "threats" jsonb NOT NULL DEFAULT '[]'::jsonb,
    "quarantined_at" timestamptz NOT NULL DEFAULT now(),
    "restored_at" timestamptz,
    "deleted_at" timestamptz,
    CONSTRAINT "quarantined_files_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "quarantined_files_file_hash_check" CHECK (char_length("file_hash") <= 64),
    CONSTRAINT "quarantined_files_hash_form_check" CHECK (length(file_hash) = 64 and file_hash = lower(file_hash)),
    CONSTRAINT "quarantined_files_original_path_check" CHECK (char_length("original_path") <= 1024),
    CONSTRAINT "quarantined_files_quarantine_path_check" CHECK (char_length("quarantine_path") <= 1024)
);
CREATE INDEX "quarantined_files_file_hash_idx" ON "mainstay"."quarantined_files" ("organization_id", "file_hash");
CREATE INDEX "quarantined_files_quarantined_at_idx" ON "mainstay"."quarantined_files" ("organization_id", "quarantined_at");
CREATE INDEX "quarantined_files_deleted_at_idx" ON "mainstay"."quarantined_files" ("organization_id", "deleted_at");
ALTER TABLE "mainstay"."quarantined_files" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."quarantined_files" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."quarantined_files" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."quarantined_files" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."quarantined_files" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."quarantined_files" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."quarantined_files" IS 'A file that a scan found something in, moved to where nobody reads it.';
COMMENT ON COLUMN "mainstay"."quarantined_files"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."quarantined_files"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."quarantined_files"."original_path" IS 'Where the content was.';
COMMENT ON COLUMN "mainstay"."quarantined_files"."quarantine_path" IS 'Where it is now.';
COMMENT ON COLUMN "mainstay"."quarantined_files"."file_hash" IS 'SHA-256 of the content in lower-case hexadecimal.';
COMMENT ON COLUMN "mainstay"."quarantined_files"."threats" IS 'What was found, by name.';
COMMENT ON COLUMN "mainstay"."quarantined_files"."quarantined_at" IS 'When it was moved.';
COMMENT ON COLUMN "mainstay"."quarantined_files"."restored_at" IS 'When it was moved back, as there was nothing in it after all (S0-B69).';
COMMENT ON COLUMN "mainstay"."quarantined_files"."deleted_at" IS 'When the record was deleted; null while it is there.';

-- mainstay.storage_quotas (files)
CREATE TABLE "mainstay"."storage_quotas" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid,
    "venue_id" uuid,
    "max_storage_bytes" bigint NOT NULL,
    "max_files" bigint,
    "max_file_size_bytes" bigint,
    "limits_by_type" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "soft_limit_percentage" integer NOT NULL DEFAULT 80,
    "send_warnings" boolean NOT NULL DEFAULT true,
    "is_active" boolean NOT NULL DEFAULT true,
    "notes" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "storage_quotas_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "storage_quotas_user_id_venue_id_key" UNIQUE NULLS NOT DISTINCT ("organization_id", "user_id", "venue_id"),
    CONSTRAINT "storage_quotas_max_file_size_bytes_check" CHECK ("max_file_size_bytes" >= 1),
    CONSTRAINT "storage_quotas_max_files_check" CHECK ("max_files" >= 0),
    CONSTRAINT "storage_quotas_max_storage_bytes_check" CHECK ("max_storage_bytes" >= 1),
    CONSTRAINT "storage_quotas_notes_check" CHECK (char_length("notes") <= 2000),
    CONSTRAINT "storage_quotas_soft_limit_percentage_check" CHECK ("soft_limit_percentage" >= 1 AND "soft_limit_percentage" <= 100)
);
CREATE INDEX "storage_quotas_venue_id_idx" ON "mainstay"."storage_quotas" ("organization_id", "venue_id");
ALTER TABLE "mainstay"."storage_quotas" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."storage_quotas" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."storage_quotas" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."storage_quotas" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."storage_quotas" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."storage_quotas" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."storage_quotas" IS 'How much may be stored: by a member, at a venue, or, where neither is given, by the organisation as a whole.';
COMMENT ON COLUMN "mainstay"."storage_quotas"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."storage_quotas"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."storage_quotas"."user_id" IS 'The member that it limits.';
COMMENT ON COLUMN "mainstay"."storage_quotas"."venue_id" IS 'The venue that it limits.';
COMMENT ON COLUMN "mainstay"."storage_quotas"."max_storage_bytes" IS 'Most bytes of all files together (S0-B65).';
COMMENT ON COLUMN "mainstay"."storage_quotas"."max_files" IS 'Most files; none means no limit.';
COMMENT ON COLUMN "mainstay"."storage_quotas"."max_file_size_bytes" IS 'Most bytes of one file; none means no limit.';
COMMENT ON COLUMN "mainstay"."storage_quotas"."limits_by_type" IS 'Most bytes of all files of a type, such as `{"video/mp4": 1073741824}`.';
COMMENT ON COLUMN "mainstay"."storage_quotas"."soft_limit_percentage" IS 'The part of the limit, in percent, from which on warnings are sent (S0-B66).';
COMMENT ON COLUMN "mainstay"."storage_quotas"."send_warnings" IS 'Whether warnings are sent.';
COMMENT ON COLUMN "mainstay"."storage_quotas"."is_active" IS 'Whether the limit holds.';
COMMENT ON COLUMN "mainstay"."storage_quotas"."notes" IS 'Why it is as it is.';
COMMENT ON COLUMN "mainstay"."storage_quotas"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."storage_quotas"."updated_at" IS 'When the record was last changed.';

-- mainstay.storage_usage (files)
CREATE TABLE "mainstay"."storage_usage" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid,
    "venue_id" uuid,
    "total_storage_bytes" bigint NOT NULL DEFAULT 0,
    "total_files" bigint NOT NULL DEFAULT 0,
    "usage_by_type" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "peak_storage_bytes" bigint NOT NULL DEFAULT 0,
    "peak_storage_at" timestamptz,
    "last_calculated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "storage_usage_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "storage_usage_user_id_venue_id_key" UNIQUE NULLS NOT DISTINCT ("organization_id", "user_id", "venue_id"),
    CONSTRAINT "storage_usage_peak_reached_check" CHECK (peak_storage_bytes >= total_storage_bytes),
    CONSTRAINT "storage_usage_peak_storage_bytes_check" CHECK ("peak_storage_bytes" >= 0),
    CONSTRAINT "storage_usage_total_files_check" CHECK ("total_files" >= 0),
    CONSTRAINT "storage_usage_total_storage_bytes_check" CHECK ("total_storage_bytes" >= 0)
);
CREATE INDEX "storage_usage_venue_id_idx" ON "mainstay"."storage_usage" ("organization_id", "venue_id");
ALTER TABLE "mainstay"."storage_usage" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."storage_usage" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."storage_usage" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."storage_usage" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."storage_usage" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."storage_usage" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."storage_usage" IS 'How much is stored: by a member, at a venue, or by the organisation as a whole.';
COMMENT ON COLUMN "mainstay"."storage_usage"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."storage_usage"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."storage_usage"."user_id" IS 'The member who stores.';
COMMENT ON COLUMN "mainstay"."storage_usage"."venue_id" IS 'The venue that stores.';
COMMENT ON COLUMN "mainstay"."storage_usage"."total_storage_bytes" IS 'Bytes of all files together.';
COMMENT ON COLUMN "mainstay"."storage_usage"."total_files" IS 'How many files there are.';
COMMENT ON COLUMN "mainstay"."storage_usage"."usage_by_type" IS 'Bytes of the files of each type.';
COMMENT ON COLUMN "mainstay"."storage_usage"."peak_storage_bytes" IS 'The most that was ever stored, in bytes (S0-B68).';
COMMENT ON COLUMN "mainstay"."storage_usage"."peak_storage_at" IS 'When that was.';
COMMENT ON COLUMN "mainstay"."storage_usage"."last_calculated_at" IS 'When files were last counted.';

-- mainstay.quota_alerts (files)
CREATE TABLE "mainstay"."quota_alerts" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "quota_id" uuid NOT NULL,
    "user_id" uuid,
    "venue_id" uuid,
    "alert_type" text COLLATE "C" NOT NULL,
    "usage_percentage" numeric(7,2) NOT NULL,
    "current_usage_bytes" bigint NOT NULL,
    "quota_limit_bytes" bigint NOT NULL,
    "notification_sent" boolean NOT NULL DEFAULT false,
    "notification_sent_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "quota_alerts_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "quota_alerts_alert_type_check" CHECK ("alert_type" IN ('warning', 'exceeded', 'critical')),
    CONSTRAINT "quota_alerts_current_usage_bytes_check" CHECK ("current_usage_bytes" >= 0),
    CONSTRAINT "quota_alerts_quota_limit_bytes_check" CHECK ("quota_limit_bytes" >= 0),
    CONSTRAINT "quota_alerts_sent_at_given_check" CHECK (notification_sent = (notification_sent_at is not null)),
    CONSTRAINT "quota_alerts_usage_percentage_check" CHECK ("usage_percentage" >= 0)
);
CREATE INDEX "quota_alerts_quota_id_created_at_idx" ON "mainstay"."quota_alerts" ("organization_id", "quota_id", "created_at");
CREATE INDEX "quota_alerts_alert_type_notification_sent_idx" ON "mainstay"."quota_alerts" ("organization_id", "alert_type", "notification_sent");
CREATE INDEX "quota_alerts_user_id_idx" ON "mainstay"."quota_alerts" ("organization_id", "user_id");
CREATE INDEX "quota_alerts_venue_id_idx" ON "mainstay"."quota_alerts" ("organization_id", "venue_id");
ALTER TABLE "mainstay"."quota_alerts" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."quota_alerts" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."quota_alerts" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."quota_alerts" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."quota_alerts" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."quota_alerts" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."quota_alerts" IS 'The moment at which storage came near its quota or reached it.';
COMMENT ON COLUMN "mainstay"."quota_alerts"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."quota_alerts"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."quota_alerts"."quota_id" IS 'The quota.';
COMMENT ON COLUMN "mainstay"."quota_alerts"."user_id" IS 'The member that the quota limits.';
COMMENT ON COLUMN "mainstay"."quota_alerts"."venue_id" IS 'The venue that the quota limits.';
COMMENT ON COLUMN "mainstay"."quota_alerts"."alert_type" IS 'How near the quota is.';
COMMENT ON COLUMN "mainstay"."quota_alerts"."usage_percentage" IS 'What is stored, in percent of the quota.';
COMMENT ON COLUMN "mainstay"."quota_alerts"."current_usage_bytes" IS 'What is stored, in bytes.';
COMMENT ON COLUMN "mainstay"."quota_alerts"."quota_limit_bytes" IS 'The quota, in bytes.';
COMMENT ON COLUMN "mainstay"."quota_alerts"."notification_sent" IS 'Whether somebody was told (S0-B84).';
COMMENT ON COLUMN "mainstay"."quota_alerts"."notification_sent_at" IS 'When somebody was told.';
COMMENT ON COLUMN "mainstay"."quota_alerts"."created_at" IS 'When the record was created.';

-- mainstay.metrics (analytics)
CREATE TABLE "mainstay"."metrics" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "time" timestamptz NOT NULL DEFAULT now(),
    "metric_name" text COLLATE "C" NOT NULL,
    "metric_type" text COLLATE "C" NOT NULL DEFAULT 'gauge',
    "origin" text COLLATE "C" NOT NULL DEFAULT 'telemetry',
    "entity_type" text COLLATE "C",
    "entity_id" text COLLATE "C",
    "service_id" uuid,
    "plugin_id" uuid,
    "user_id" uuid,
    "team_id" uuid,
    "environment" text COLLATE "C",
    "value" numeric(18,5) NOT NULL,
    "unit" text COLLATE "C",
    "labels" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "dimensions" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "metrics_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "metrics_entity_id_check" CHECK (char_length("entity_id") <= 255),
    CONSTRAINT "metrics_entity_type_check" CHECK (char_length("entity_type") <= 100),
    CONSTRAINT "metrics_entity_whole_check" CHECK ((entity_type is null) = (entity_id is null)),
    CONSTRAINT "metrics_environment_check" CHECK (char_length("environment") <= 50),
    CONSTRAINT "metrics_metric_name_check" CHECK (char_length("metric_name") <= 255),
    CONSTRAINT "metrics_metric_type_check" CHECK ("metric_type" IN ('counter', 'gauge', 'histogram')),
    CONSTRAINT "metrics_origin_check" CHECK ("origin" IN ('telemetry', 'business')),
    CONSTRAINT "metrics_unit_check" CHECK (char_length("unit") <= 50)
) PARTITION BY RANGE ("id");
CREATE INDEX "metrics_metric_name_time_idx" ON "mainstay"."metrics" ("organization_id", "metric_name", "time" DESC);
CREATE INDEX "metrics_service_id_time_idx" ON "mainstay"."metrics" ("organization_id", "service_id", "time" DESC) WHERE service_id is not null;
CREATE INDEX "metrics_plugin_id_time_idx" ON "mainstay"."metrics" ("organization_id", "plugin_id", "time" DESC) WHERE plugin_id is not null;
CREATE INDEX "metrics_entity_type_entity_id_idx" ON "mainstay"."metrics" ("organization_id", "entity_type", "entity_id") WHERE entity_type is not null;
CREATE INDEX "metrics_time_idx" ON "mainstay"."metrics" ("organization_id", "time");
CREATE INDEX "metrics_time_brin_idx" ON "mainstay"."metrics" USING brin ("time");
ALTER TABLE "mainstay"."metrics" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."metrics" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."metrics" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."metrics" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."metrics" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."metrics" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."metrics" IS 'One measurement.';
COMMENT ON COLUMN "mainstay"."metrics"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."metrics"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."metrics"."time" IS 'When it was measured.';
COMMENT ON COLUMN "mainstay"."metrics"."metric_name" IS 'What is measured, such as `http_request_duration_seconds` or `ticket_sales`.';
COMMENT ON COLUMN "mainstay"."metrics"."metric_type" IS 'How its points are to be read.';
COMMENT ON COLUMN "mainstay"."metrics"."origin" IS 'What it is measured for.';
COMMENT ON COLUMN "mainstay"."metrics"."entity_type" IS 'What kind of record it is about.';
COMMENT ON COLUMN "mainstay"."metrics"."entity_id" IS 'The record that it is about, as its own table names it.';
COMMENT ON COLUMN "mainstay"."metrics"."service_id" IS 'The service that it is about.';
COMMENT ON COLUMN "mainstay"."metrics"."plugin_id" IS 'The plugin that it is about.';
COMMENT ON COLUMN "mainstay"."metrics"."user_id" IS 'The member that it is about.';
COMMENT ON COLUMN "mainstay"."metrics"."team_id" IS 'The team that it is about.';
COMMENT ON COLUMN "mainstay"."metrics"."environment" IS 'Where it was measured, such as `production`.';
COMMENT ON COLUMN "mainstay"."metrics"."value" IS 'The number: exact, as some are money, to five digits after the point.';
COMMENT ON COLUMN "mainstay"."metrics"."unit" IS 'What the number counts, such as `seconds` or `USD`.';
COMMENT ON COLUMN "mainstay"."metrics"."labels" IS 'What tells it from others of its name, each label a text.';
COMMENT ON COLUMN "mainstay"."metrics"."dimensions" IS 'What it can be grouped by.';
COMMENT ON COLUMN "mainstay"."metrics"."metadata" IS 'Whatever else is known of it.';
COMMENT ON COLUMN "mainstay"."metrics"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."metrics"."updated_at" IS 'When the record was last changed.';
CREATE TABLE "mainstay"."metrics_default" PARTITION OF "mainstay"."metrics" DEFAULT;
ALTER TABLE "mainstay"."metrics_default" ENABLE ROW LEVEL SECURITY;
SELECT "mainstay"."make_partitions"();

-- mainstay.metric_rollups (analytics)
CREATE TABLE "mainstay"."metric_rollups" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "aggregation_type" text COLLATE "C" NOT NULL,
    "metric_name" text COLLATE "C" NOT NULL,
    "entity_type" text COLLATE "C",
    "entity_id" text COLLATE "C",
    "dimensions" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "time_period" text COLLATE "C" NOT NULL,
    "period_start" timestamptz NOT NULL,
    "period_end" timestamptz NOT NULL,
    "value" numeric(18,5) NOT NULL,
    "unit" text COLLATE "C",
    "sample_count" bigint NOT NULL DEFAULT 0,
    "metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "metric_rollups_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "metric_rollups_aggregation_type_metric_name_entity_typ_1db4b42a" UNIQUE NULLS NOT DISTINCT ("organization_id", "aggregation_type", "metric_name", "entity_type", "entity_id", "time_period", "period_start"),
    CONSTRAINT "metric_rollups_aggregation_type_check" CHECK ("aggregation_type" IN ('sum', 'avg', 'min', 'max', 'count')),
    CONSTRAINT "metric_rollups_entity_id_check" CHECK (char_length("entity_id") <= 255),
    CONSTRAINT "metric_rollups_entity_type_check" CHECK (char_length("entity_type") <= 100),
    CONSTRAINT "metric_rollups_entity_whole_check" CHECK ((entity_type is null) = (entity_id is null)),
    CONSTRAINT "metric_rollups_metric_name_check" CHECK (char_length("metric_name") <= 255),
    CONSTRAINT "metric_rollups_period_order_check" CHECK (period_start < period_end),
    CONSTRAINT "metric_rollups_sample_count_check" CHECK ("sample_count" >= 0),
    CONSTRAINT "metric_rollups_time_period_check" CHECK ("time_period" IN ('hourly', 'daily', 'weekly', 'monthly')),
    CONSTRAINT "metric_rollups_unit_check" CHECK (char_length("unit") <= 50)
);
CREATE INDEX "metric_rollups_metric_name_idx" ON "mainstay"."metric_rollups" ("organization_id", "metric_name");
CREATE INDEX "metric_rollups_entity_type_entity_id_idx" ON "mainstay"."metric_rollups" ("organization_id", "entity_type", "entity_id");
CREATE INDEX "metric_rollups_time_period_period_start_idx" ON "mainstay"."metric_rollups" ("organization_id", "time_period", "period_start");
CREATE INDEX "metric_rollups_period_start_idx" ON "mainstay"."metric_rollups" ("organization_id", "period_start");
ALTER TABLE "mainstay"."metric_rollups" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."metric_rollups" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."metric_rollups" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."metric_rollups" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."metric_rollups" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."metric_rollups" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."metric_rollups" IS 'The points of a metric over a period, as one number (S0-B74).';
COMMENT ON COLUMN "mainstay"."metric_rollups"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."metric_rollups"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."metric_rollups"."aggregation_type" IS 'How the points became one number.';
COMMENT ON COLUMN "mainstay"."metric_rollups"."metric_name" IS 'What was measured.';
COMMENT ON COLUMN "mainstay"."metric_rollups"."entity_type" IS 'What kind of record it is about; none for all points of the metric.';
COMMENT ON COLUMN "mainstay"."metric_rollups"."entity_id" IS 'The record that it is about, as its own table names it.';
COMMENT ON COLUMN "mainstay"."metric_rollups"."dimensions" IS 'What the points have in common.';
COMMENT ON COLUMN "mainstay"."metric_rollups"."time_period" IS 'How long the period is.';
COMMENT ON COLUMN "mainstay"."metric_rollups"."period_start" IS 'When the period begins.';
COMMENT ON COLUMN "mainstay"."metric_rollups"."period_end" IS 'When it ends; points of that moment belong to the next one.';
COMMENT ON COLUMN "mainstay"."metric_rollups"."value" IS 'The number.';
COMMENT ON COLUMN "mainstay"."metric_rollups"."unit" IS 'What the number counts, such as `seconds` or `USD`.';
COMMENT ON COLUMN "mainstay"."metric_rollups"."sample_count" IS 'How many points it was made of.';
COMMENT ON COLUMN "mainstay"."metric_rollups"."metadata" IS 'Whatever else is known of it.';
COMMENT ON COLUMN "mainstay"."metric_rollups"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."metric_rollups"."updated_at" IS 'When the record was last changed.';

-- mainstay.analytics_events (analytics)
CREATE TABLE "mainstay"."analytics_events" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "event_type" text COLLATE "C" NOT NULL,
    "event_category" text COLLATE "C",
    "user_id" uuid,
    "team_id" uuid,
    "service_id" uuid,
    "plugin_id" uuid,
    "data" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "source" text COLLATE "C",
    "ip_address" inet,
    "user_agent" text COLLATE "C",
    "occurred_at" timestamptz NOT NULL DEFAULT now(),
    "processed_at" timestamptz,
    CONSTRAINT "analytics_events_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "analytics_events_event_category_check" CHECK (char_length("event_category") <= 100),
    CONSTRAINT "analytics_events_event_type_check" CHECK (char_length("event_type") <= 255),
    CONSTRAINT "analytics_events_source_check" CHECK ("source" IN ('ui', 'api', 'system', 'webhook')),
    CONSTRAINT "analytics_events_user_agent_check" CHECK (char_length("user_agent") <= 1000)
) PARTITION BY RANGE ("id");
CREATE INDEX "analytics_events_event_type_idx" ON "mainstay"."analytics_events" ("organization_id", "event_type");
CREATE INDEX "analytics_events_event_category_idx" ON "mainstay"."analytics_events" ("organization_id", "event_category");
CREATE INDEX "analytics_events_user_id_idx" ON "mainstay"."analytics_events" ("organization_id", "user_id");
CREATE INDEX "analytics_events_occurred_at_idx" ON "mainstay"."analytics_events" ("organization_id", "occurred_at" DESC);
CREATE INDEX "analytics_events_occurred_at_brin_idx" ON "mainstay"."analytics_events" USING brin ("occurred_at");
ALTER TABLE "mainstay"."analytics_events" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."analytics_events" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."analytics_events" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."analytics_events" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."analytics_events" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."analytics_events" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."analytics_events" IS 'Something that happened in a product.';
COMMENT ON COLUMN "mainstay"."analytics_events"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."analytics_events"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."analytics_events"."event_type" IS 'What happened, such as `plugin.installed`.';
COMMENT ON COLUMN "mainstay"."analytics_events"."event_category" IS 'What it belongs to, such as `plugins`.';
COMMENT ON COLUMN "mainstay"."analytics_events"."user_id" IS 'Who did it.';
COMMENT ON COLUMN "mainstay"."analytics_events"."team_id" IS 'The team that it concerns.';
COMMENT ON COLUMN "mainstay"."analytics_events"."service_id" IS 'The service that it concerns.';
COMMENT ON COLUMN "mainstay"."analytics_events"."plugin_id" IS 'The plugin that it concerns.';
COMMENT ON COLUMN "mainstay"."analytics_events"."data" IS 'What is to be known of it.';
COMMENT ON COLUMN "mainstay"."analytics_events"."metadata" IS 'What surrounds it, such as the version of the product.';
COMMENT ON COLUMN "mainstay"."analytics_events"."source" IS 'Where it was noticed.';
COMMENT ON COLUMN "mainstay"."analytics_events"."ip_address" IS 'Where the request came from.';
COMMENT ON COLUMN "mainstay"."analytics_events"."user_agent" IS 'The client''s program.';
COMMENT ON COLUMN "mainstay"."analytics_events"."occurred_at" IS 'When it happened.';
COMMENT ON COLUMN "mainstay"."analytics_events"."processed_at" IS 'When something was made of it.';
CREATE TABLE "mainstay"."analytics_events_default" PARTITION OF "mainstay"."analytics_events" DEFAULT;
ALTER TABLE "mainstay"."analytics_events_default" ENABLE ROW LEVEL SECURITY;
SELECT "mainstay"."make_partitions"();

-- mainstay.cost_records (analytics)
CREATE TABLE "mainstay"."cost_records" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "period_start" date NOT NULL,
    "period_end" date NOT NULL,
    "resource_type" text COLLATE "C" NOT NULL,
    "resource_id" text COLLATE "C",
    "connection_id" uuid,
    "service_id" uuid,
    "team_id" uuid,
    "cost" numeric(10,2) NOT NULL,
    "currency" text COLLATE "C" NOT NULL DEFAULT 'USD',
    "usage_amount" numeric(15,4),
    "usage_unit" text COLLATE "C",
    "cost_center" text COLLATE "C",
    "project" text COLLATE "C",
    "tags" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "cost_records_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "cost_records_cost_center_check" CHECK (char_length("cost_center") <= 100),
    CONSTRAINT "cost_records_currency_check" CHECK (char_length("currency") <= 3),
    CONSTRAINT "cost_records_currency_form_check" CHECK (length(currency) = 3 and currency = upper(currency)),
    CONSTRAINT "cost_records_period_order_check" CHECK (period_start <= period_end),
    CONSTRAINT "cost_records_project_check" CHECK (char_length("project") <= 100),
    CONSTRAINT "cost_records_resource_id_check" CHECK (char_length("resource_id") <= 255),
    CONSTRAINT "cost_records_resource_type_check" CHECK ("resource_type" IN ('compute', 'storage', 'network', 'service', 'integration')),
    CONSTRAINT "cost_records_usage_unit_check" CHECK (char_length("usage_unit") <= 50)
);
CREATE INDEX "cost_records_period_start_period_end_idx" ON "mainstay"."cost_records" ("organization_id", "period_start", "period_end");
CREATE INDEX "cost_records_service_id_idx" ON "mainstay"."cost_records" ("organization_id", "service_id");
CREATE INDEX "cost_records_team_id_idx" ON "mainstay"."cost_records" ("organization_id", "team_id");
CREATE INDEX "cost_records_resource_type_idx" ON "mainstay"."cost_records" ("organization_id", "resource_type");
CREATE INDEX "cost_records_connection_id_idx" ON "mainstay"."cost_records" ("organization_id", "connection_id");
ALTER TABLE "mainstay"."cost_records" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."cost_records" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."cost_records" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."cost_records" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."cost_records" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."cost_records" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."cost_records" IS 'What a resource cost over a period, in units of its currency (S1-B52).';
COMMENT ON COLUMN "mainstay"."cost_records"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."cost_records"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."cost_records"."period_start" IS 'The first day.';
COMMENT ON COLUMN "mainstay"."cost_records"."period_end" IS 'The last day.';
COMMENT ON COLUMN "mainstay"."cost_records"."resource_type" IS 'What was paid for.';
COMMENT ON COLUMN "mainstay"."cost_records"."resource_id" IS 'The resource, as who bills it names it.';
COMMENT ON COLUMN "mainstay"."cost_records"."connection_id" IS 'The connection whose calls it is.';
COMMENT ON COLUMN "mainstay"."cost_records"."service_id" IS 'The service that used it.';
COMMENT ON COLUMN "mainstay"."cost_records"."team_id" IS 'The team that bears it.';
COMMENT ON COLUMN "mainstay"."cost_records"."cost" IS 'What it cost; negative for what is given back.';
COMMENT ON COLUMN "mainstay"."cost_records"."currency" IS 'The currency, as ISO 4217 abbreviates it.';
COMMENT ON COLUMN "mainstay"."cost_records"."usage_amount" IS 'How much was used.';
COMMENT ON COLUMN "mainstay"."cost_records"."usage_unit" IS 'What that counts, such as `hour` or `api_call`.';
COMMENT ON COLUMN "mainstay"."cost_records"."cost_center" IS 'Who bears it, as the books name it.';
COMMENT ON COLUMN "mainstay"."cost_records"."project" IS 'What it was spent on.';
COMMENT ON COLUMN "mainstay"."cost_records"."tags" IS 'What it can be grouped by.';
COMMENT ON COLUMN "mainstay"."cost_records"."created_at" IS 'When the record was created.';

-- mainstay.dashboards (analytics)
CREATE TABLE "mainstay"."dashboards" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "type" text COLLATE "C" NOT NULL DEFAULT 'custom',
    "layout" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "filters" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "visibility" text COLLATE "C" NOT NULL DEFAULT 'private',
    "is_default" boolean NOT NULL DEFAULT false,
    "display_order" integer NOT NULL DEFAULT 0,
    "created_by" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "dashboards_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "dashboards_description_check" CHECK (char_length("description") <= 2000),
    CONSTRAINT "dashboards_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "dashboards_type_check" CHECK (char_length("type") <= 50),
    CONSTRAINT "dashboards_visibility_check" CHECK ("visibility" IN ('private', 'team', 'public'))
);
CREATE INDEX "dashboards_type_idx" ON "mainstay"."dashboards" ("organization_id", "type");
CREATE INDEX "dashboards_created_by_idx" ON "mainstay"."dashboards" ("organization_id", "created_by");
CREATE INDEX "dashboards_is_default_idx" ON "mainstay"."dashboards" ("organization_id", "is_default");
ALTER TABLE "mainstay"."dashboards" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."dashboards" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."dashboards" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."dashboards" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."dashboards" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."dashboards" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."dashboards" IS 'A page of widgets.';
COMMENT ON COLUMN "mainstay"."dashboards"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."dashboards"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."dashboards"."name" IS 'The name that people choose it by.';
COMMENT ON COLUMN "mainstay"."dashboards"."description" IS 'What it shows.';
COMMENT ON COLUMN "mainstay"."dashboards"."type" IS 'What it is about, such as `monitoring` or `sales`.';
COMMENT ON COLUMN "mainstay"."dashboards"."layout" IS 'How widgets are arranged.';
COMMENT ON COLUMN "mainstay"."dashboards"."filters" IS 'What all widgets are narrowed to, such as a range of time.';
COMMENT ON COLUMN "mainstay"."dashboards"."visibility" IS 'Who it is shown to.';
COMMENT ON COLUMN "mainstay"."dashboards"."is_default" IS 'Whether it is shown when nothing else is chosen.';
COMMENT ON COLUMN "mainstay"."dashboards"."display_order" IS 'Its place among others; smaller comes first.';
COMMENT ON COLUMN "mainstay"."dashboards"."created_by" IS 'Who made it.';
COMMENT ON COLUMN "mainstay"."dashboards"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."dashboards"."updated_at" IS 'When the record was last changed.';

-- mainstay.dashboard_widgets (analytics)
CREATE TABLE "mainstay"."dashboard_widgets" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "dashboard_id" uuid NOT NULL,
    "widget_type" text COLLATE "C" NOT NULL,
    "title" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "configuration" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "data_source" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "position" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "size" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "style" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "refresh_interval" integer NOT NULL DEFAULT 60,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "dashboard_widgets_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "dashboard_widgets_description_check" CHECK (char_length("description") <= 2000),
    CONSTRAINT "dashboard_widgets_refresh_interval_check" CHECK ("refresh_interval" >= 1),
    CONSTRAINT "dashboard_widgets_title_check" CHECK (char_length("title") <= 255),
    CONSTRAINT "dashboard_widgets_widget_type_check" CHECK (char_length("widget_type") <= 50)
);
CREATE INDEX "dashboard_widgets_dashboard_id_idx" ON "mainstay"."dashboard_widgets" ("organization_id", "dashboard_id");
CREATE INDEX "dashboard_widgets_widget_type_idx" ON "mainstay"."dashboard_widgets" ("organization_id", "widget_type");
ALTER TABLE "mainstay"."dashboard_widgets" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."dashboard_widgets" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."dashboard_widgets" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."dashboard_widgets" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."dashboard_widgets" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."dashboard_widgets" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."dashboard_widgets" IS 'A chart, number or list on a dashboard.';
COMMENT ON COLUMN "mainstay"."dashboard_widgets"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."dashboard_widgets"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."dashboard_widgets"."dashboard_id" IS 'The dashboard that it stands on.';
COMMENT ON COLUMN "mainstay"."dashboard_widgets"."widget_type" IS 'How it shows what it shows, such as `line_chart` or `number`.';
COMMENT ON COLUMN "mainstay"."dashboard_widgets"."title" IS 'What stands above it.';
COMMENT ON COLUMN "mainstay"."dashboard_widgets"."description" IS 'What it shows.';
COMMENT ON COLUMN "mainstay"."dashboard_widgets"."configuration" IS 'How it looks and behaves.';
COMMENT ON COLUMN "mainstay"."dashboard_widgets"."data_source" IS 'What it shows, such as `{"metric": "ticket_sales", "aggregation": "sum"}`.';
COMMENT ON COLUMN "mainstay"."dashboard_widgets"."position" IS 'Where on the dashboard it stands.';
COMMENT ON COLUMN "mainstay"."dashboard_widgets"."size" IS 'How much of the dashboard it takes.';
COMMENT ON COLUMN "mainstay"."dashboard_widgets"."style" IS 'Colours and the like.';
COMMENT ON COLUMN "mainstay"."dashboard_widgets"."refresh_interval" IS 'Seconds until it is drawn anew (S0-B75).';
COMMENT ON COLUMN "mainstay"."dashboard_widgets"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."dashboard_widgets"."updated_at" IS 'When the record was last changed.';

-- mainstay.alert_rules (monitoring)
CREATE TABLE "mainstay"."alert_rules" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "metric_type" text COLLATE "C" NOT NULL,
    "condition" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "threshold" numeric(18,5) NOT NULL,
    "severity" text COLLATE "C" NOT NULL DEFAULT 'medium',
    "is_enabled" boolean NOT NULL DEFAULT true,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "alert_rules_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "alert_rules_description_check" CHECK (char_length("description") <= 2000),
    CONSTRAINT "alert_rules_metric_type_check" CHECK (char_length("metric_type") <= 255),
    CONSTRAINT "alert_rules_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "alert_rules_severity_check" CHECK ("severity" IN ('low', 'medium', 'high', 'critical'))
);
CREATE INDEX "alert_rules_metric_type_is_enabled_idx" ON "mainstay"."alert_rules" ("organization_id", "metric_type", "is_enabled");
ALTER TABLE "mainstay"."alert_rules" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."alert_rules" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."alert_rules" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."alert_rules" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."alert_rules" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."alert_rules" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."alert_rules" IS 'A condition on a metric under which an alert is raised.';
COMMENT ON COLUMN "mainstay"."alert_rules"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."alert_rules"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."alert_rules"."name" IS 'The name that people know it by.';
COMMENT ON COLUMN "mainstay"."alert_rules"."description" IS 'What it watches for, and what to do then.';
COMMENT ON COLUMN "mainstay"."alert_rules"."metric_type" IS 'The name of the metric that it watches.';
COMMENT ON COLUMN "mainstay"."alert_rules"."condition" IS 'How the metric is compared and over which time, such as `{"operator": ">", "window": "5 minutes"}`.';
COMMENT ON COLUMN "mainstay"."alert_rules"."threshold" IS 'What the metric is compared with.';
COMMENT ON COLUMN "mainstay"."alert_rules"."severity" IS 'How urgent its alerts are.';
COMMENT ON COLUMN "mainstay"."alert_rules"."is_enabled" IS 'Nothing is raised while this is false.';
COMMENT ON COLUMN "mainstay"."alert_rules"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."alert_rules"."updated_at" IS 'When the record was last changed.';

-- mainstay.alerts (monitoring)
CREATE TABLE "mainstay"."alerts" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "rule_id" uuid,
    "alert_type" text COLLATE "C" NOT NULL,
    "severity" text COLLATE "C" NOT NULL,
    "title" text COLLATE "C" NOT NULL,
    "message" text COLLATE "C",
    "source" text COLLATE "C" NOT NULL DEFAULT 'monitoring',
    "metric_type" text COLLATE "C",
    "entity_type" text COLLATE "C",
    "entity_id" text COLLATE "C",
    "threshold_config" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "current_value" numeric(18,5),
    "threshold_value" numeric(18,5),
    "status" text COLLATE "C" NOT NULL DEFAULT 'active',
    "occurrence_count" integer NOT NULL DEFAULT 0,
    "error_rate" numeric(5,2) NOT NULL DEFAULT 0.00,
    "trend" text COLLATE "C" NOT NULL DEFAULT 'stable',
    "first_occurrence_at" timestamptz NOT NULL DEFAULT now(),
    "last_occurrence_at" timestamptz NOT NULL DEFAULT now(),
    "affected_components" text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
    "affected_users" text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
    "samples" text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
    "metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "triggered_at" timestamptz NOT NULL DEFAULT now(),
    "acknowledged_at" timestamptz,
    "acknowledged_by" uuid,
    "resolved_at" timestamptz,
    "resolved_by" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "alerts_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "alerts_alert_type_check" CHECK (char_length("alert_type") <= 50),
    CONSTRAINT "alerts_entity_id_check" CHECK (char_length("entity_id") <= 255),
    CONSTRAINT "alerts_entity_type_check" CHECK (char_length("entity_type") <= 100),
    CONSTRAINT "alerts_error_rate_check" CHECK ("error_rate" >= 0 AND "error_rate" <= 100),
    CONSTRAINT "alerts_message_check" CHECK (char_length("message") <= 4000),
    CONSTRAINT "alerts_metric_type_check" CHECK (char_length("metric_type") <= 255),
    CONSTRAINT "alerts_occurrence_count_check" CHECK ("occurrence_count" >= 0),
    CONSTRAINT "alerts_occurrence_order_check" CHECK (first_occurrence_at <= last_occurrence_at),
    CONSTRAINT "alerts_resolved_when_over_check" CHECK (resolved_at is null or status = 'resolved'),
    CONSTRAINT "alerts_severity_check" CHECK ("severity" IN ('low', 'medium', 'high', 'critical')),
    CONSTRAINT "alerts_source_check" CHECK (char_length("source") <= 255),
    CONSTRAINT "alerts_status_check" CHECK ("status" IN ('active', 'acknowledged', 'resolved')),
    CONSTRAINT "alerts_title_check" CHECK (char_length("title") <= 255),
    CONSTRAINT "alerts_trend_check" CHECK ("trend" IN ('stable', 'increasing', 'decreasing'))
);
CREATE INDEX "alerts_alert_type_idx" ON "mainstay"."alerts" ("organization_id", "alert_type");
CREATE INDEX "alerts_severity_idx" ON "mainstay"."alerts" ("organization_id", "severity");
CREATE INDEX "alerts_status_idx" ON "mainstay"."alerts" ("organization_id", "status");
CREATE INDEX "alerts_entity_type_entity_id_idx" ON "mainstay"."alerts" ("organization_id", "entity_type", "entity_id");
CREATE INDEX "alerts_first_occurrence_at_idx" ON "mainstay"."alerts" ("organization_id", "first_occurrence_at");
CREATE INDEX "alerts_last_occurrence_at_idx" ON "mainstay"."alerts" ("organization_id", "last_occurrence_at");
CREATE INDEX "alerts_triggered_at_idx" ON "mainstay"."alerts" ("organization_id", "triggered_at");
CREATE INDEX "alerts_resolved_at_idx" ON "mainstay"."alerts" ("organization_id", "resolved_at");
CREATE INDEX "alerts_rule_id_idx" ON "mainstay"."alerts" ("organization_id", "rule_id");
CREATE INDEX "alerts_acknowledged_by_idx" ON "mainstay"."alerts" ("organization_id", "acknowledged_by");
CREATE INDEX "alerts_resolved_by_idx" ON "mainstay"."alerts" ("organization_id", "resolved_by");
CREATE TRIGGER "alerts_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."alerts" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'active' THEN NEW."status" IN ('acknowledged', 'resolved') WHEN 'acknowledged' THEN NEW."status" IN ('resolved') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."alerts" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."alerts" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."alerts" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."alerts" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."alerts" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."alerts" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."alerts" IS 'Something that somebody should look at.';
COMMENT ON COLUMN "mainstay"."alerts"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."alerts"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."alerts"."rule_id" IS 'The rule that raised it; none for what is raised otherwise, or by a rule that is gone.';
COMMENT ON COLUMN "mainstay"."alerts"."alert_type" IS 'What it concerns, such as `SECURITY`, `PERFORMANCE` or `COMPLIANCE` (S4-B9).';
COMMENT ON COLUMN "mainstay"."alerts"."severity" IS 'How urgent it is.';
COMMENT ON COLUMN "mainstay"."alerts"."title" IS 'What happens, in a few words.';
COMMENT ON COLUMN "mainstay"."alerts"."message" IS 'What happens.';
COMMENT ON COLUMN "mainstay"."alerts"."source" IS 'Who noticed it.';
COMMENT ON COLUMN "mainstay"."alerts"."metric_type" IS 'The name of the metric that raised it.';
COMMENT ON COLUMN "mainstay"."alerts"."entity_type" IS 'What kind of record it is about.';
COMMENT ON COLUMN "mainstay"."alerts"."entity_id" IS 'The record that it is about, as its own table names it.';
COMMENT ON COLUMN "mainstay"."alerts"."threshold_config" IS 'The condition that was met.';
COMMENT ON COLUMN "mainstay"."alerts"."current_value" IS 'What the metric was.';
COMMENT ON COLUMN "mainstay"."alerts"."threshold_value" IS 'What the metric was compared with.';
COMMENT ON COLUMN "mainstay"."alerts"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."alerts"."occurrence_count" IS 'How often it happened.';
COMMENT ON COLUMN "mainstay"."alerts"."error_rate" IS 'How many of the tries failed, in percent (S4-B61).';
COMMENT ON COLUMN "mainstay"."alerts"."trend" IS 'Whether it becomes more frequent.';
COMMENT ON COLUMN "mainstay"."alerts"."first_occurrence_at" IS 'When it first happened.';
COMMENT ON COLUMN "mainstay"."alerts"."last_occurrence_at" IS 'When it last happened.';
COMMENT ON COLUMN "mainstay"."alerts"."affected_components" IS 'The parts of the system that are concerned.';
COMMENT ON COLUMN "mainstay"."alerts"."affected_users" IS 'The people who are concerned.';
COMMENT ON COLUMN "mainstay"."alerts"."samples" IS 'Some of the events that it was raised for.';
COMMENT ON COLUMN "mainstay"."alerts"."metadata" IS 'Whatever else is known of it.';
COMMENT ON COLUMN "mainstay"."alerts"."triggered_at" IS 'When it was raised.';
COMMENT ON COLUMN "mainstay"."alerts"."acknowledged_at" IS 'When somebody began to look after it.';
COMMENT ON COLUMN "mainstay"."alerts"."acknowledged_by" IS 'Who looks after it.';
COMMENT ON COLUMN "mainstay"."alerts"."resolved_at" IS 'When it was over.';
COMMENT ON COLUMN "mainstay"."alerts"."resolved_by" IS 'Who said so; none if it passed by itself.';
COMMENT ON COLUMN "mainstay"."alerts"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."alerts"."updated_at" IS 'When the record was last changed.';

-- mainstay.system_events (monitoring)
CREATE TABLE "mainstay"."system_events" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "event_type" text COLLATE "C" NOT NULL,
    "event_data" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "timestamp" timestamptz NOT NULL DEFAULT now(),
    "source" text COLLATE "C" NOT NULL,
    "severity" text COLLATE "C" NOT NULL DEFAULT 'info',
    CONSTRAINT "system_events_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "system_events_event_type_check" CHECK (char_length("event_type") <= 255),
    CONSTRAINT "system_events_severity_check" CHECK ("severity" IN ('info', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT "system_events_source_check" CHECK (char_length("source") <= 255)
);
CREATE INDEX "system_events_timestamp_idx" ON "mainstay"."system_events" ("organization_id", "timestamp");
CREATE TRIGGER "system_events_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."system_events" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "system_events_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."system_events" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."system_events" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."system_events" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."system_events" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."system_events" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."system_events" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."system_events" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."system_events" IS 'Something that a part of the system did, such as a start or a backup (S3-B62).';
COMMENT ON COLUMN "mainstay"."system_events"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."system_events"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."system_events"."event_type" IS 'What happened, such as `backup.completed`.';
COMMENT ON COLUMN "mainstay"."system_events"."event_data" IS 'What is to be known of it.';
COMMENT ON COLUMN "mainstay"."system_events"."timestamp" IS 'When it happened.';
COMMENT ON COLUMN "mainstay"."system_events"."source" IS 'The part of the system.';
COMMENT ON COLUMN "mainstay"."system_events"."severity" IS 'How much it matters.';

-- mainstay.system_errors (monitoring)
CREATE TABLE "mainstay"."system_errors" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "error_type" text COLLATE "C" NOT NULL,
    "error_message" text COLLATE "C" NOT NULL,
    "stack_trace" text COLLATE "C",
    "context" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "occurred_at" timestamptz NOT NULL DEFAULT now(),
    "resolved_at" timestamptz,
    CONSTRAINT "system_errors_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "system_errors_error_message_check" CHECK (char_length("error_message") <= 4000),
    CONSTRAINT "system_errors_error_type_check" CHECK (char_length("error_type") <= 255),
    CONSTRAINT "system_errors_stack_trace_check" CHECK (char_length("stack_trace") <= 65536)
);
CREATE INDEX "system_errors_occurred_at_idx" ON "mainstay"."system_errors" ("organization_id", "occurred_at");
ALTER TABLE "mainstay"."system_errors" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."system_errors" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."system_errors" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."system_errors" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."system_errors" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."system_errors" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."system_errors" IS 'An error of a part of the system.';
COMMENT ON COLUMN "mainstay"."system_errors"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."system_errors"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."system_errors"."error_type" IS 'What kind of error it is, such as `TimeoutError`.';
COMMENT ON COLUMN "mainstay"."system_errors"."error_message" IS 'What it says.';
COMMENT ON COLUMN "mainstay"."system_errors"."stack_trace" IS 'Where in the program it arose.';
COMMENT ON COLUMN "mainstay"."system_errors"."context" IS 'What was going on.';
COMMENT ON COLUMN "mainstay"."system_errors"."occurred_at" IS 'When it arose.';
COMMENT ON COLUMN "mainstay"."system_errors"."resolved_at" IS 'When it was dealt with.';

-- mainstay.compliance_assessments (compliance)
CREATE TABLE "mainstay"."compliance_assessments" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "framework" text COLLATE "C" NOT NULL,
    "framework_version" text COLLATE "C",
    "status" text COLLATE "C" NOT NULL DEFAULT 'in_progress',
    "overall_compliance_score" smallint,
    "assessment_date" timestamptz NOT NULL DEFAULT now(),
    "completion_date" timestamptz,
    "expiry_date" timestamptz,
    "created_by" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "compliance_assessments_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_assessments_framework_check" CHECK ("framework" IN ('SOC2', 'ISO27001', 'GDPR', 'NIS2', 'PIPEDA', 'HIPAA')),
    CONSTRAINT "compliance_assessments_framework_version_check" CHECK (char_length("framework_version") <= 20),
    CONSTRAINT "compliance_assessments_overall_compliance_score_check" CHECK ("overall_compliance_score" >= 0 AND "overall_compliance_score" <= 100),
    CONSTRAINT "compliance_assessments_status_check" CHECK ("status" IN ('in_progress', 'completed', 'cancelled', 'expired'))
);
CREATE INDEX "compliance_assessments_framework_idx" ON "mainstay"."compliance_assessments" ("organization_id", "framework");
CREATE INDEX "compliance_assessments_status_idx" ON "mainstay"."compliance_assessments" ("organization_id", "status");
CREATE INDEX "compliance_assessments_deleted_at_idx" ON "mainstay"."compliance_assessments" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "compliance_assessments_created_by_idx" ON "mainstay"."compliance_assessments" ("organization_id", "created_by");
CREATE TRIGGER "compliance_assessments_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."compliance_assessments" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'in_progress' THEN NEW."status" IN ('completed', 'cancelled') WHEN 'completed' THEN NEW."status" IN ('in_progress', 'expired') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."compliance_assessments" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."compliance_assessments" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."compliance_assessments" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."compliance_assessments" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."compliance_assessments" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."compliance_assessments" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."compliance_assessments" IS 'One look at how far an organisation meets a framework.';
COMMENT ON COLUMN "mainstay"."compliance_assessments"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."compliance_assessments"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."compliance_assessments"."framework" IS 'The framework.';
COMMENT ON COLUMN "mainstay"."compliance_assessments"."framework_version" IS 'Its edition.';
COMMENT ON COLUMN "mainstay"."compliance_assessments"."status" IS 'How far it is.';
COMMENT ON COLUMN "mainstay"."compliance_assessments"."overall_compliance_score" IS 'How much is met, 0 to 100.';
COMMENT ON COLUMN "mainstay"."compliance_assessments"."assessment_date" IS 'When it began.';
COMMENT ON COLUMN "mainstay"."compliance_assessments"."completion_date" IS 'When it was completed.';
COMMENT ON COLUMN "mainstay"."compliance_assessments"."expiry_date" IS 'Its result counts until then.';
COMMENT ON COLUMN "mainstay"."compliance_assessments"."created_by" IS 'Who began it.';
COMMENT ON COLUMN "mainstay"."compliance_assessments"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."compliance_assessments"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."compliance_assessments"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."compliance_assessments"."is_active" IS 'Whether it is looked at.';

-- mainstay.compliance_controls (compliance)
CREATE TABLE "mainstay"."compliance_controls" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "assessment_id" uuid NOT NULL,
    "control_code" text COLLATE "C" NOT NULL,
    "control_name" text COLLATE "C" NOT NULL,
    "control_description" text COLLATE "C",
    "control_category" text COLLATE "C",
    "status" text COLLATE "C" NOT NULL DEFAULT 'not_tested',
    "compliance_score" smallint,
    "findings" text COLLATE "C",
    "evidence_summary" text COLLATE "C",
    "remediation_notes" text COLLATE "C",
    "remediation_plan" text COLLATE "C",
    "assessor_id" uuid,
    "owner_id" uuid,
    "assigned_to" uuid,
    "assessment_date" date,
    "due_date" date,
    "completed_date" date,
    "last_reviewed_at" timestamptz,
    "next_review_date" timestamptz,
    "scan_source" text COLLATE "C",
    "scan_finding_type" text COLLATE "C",
    "scan_finding_id" text COLLATE "C",
    "scan_flagged_at" timestamptz,
    "scan_verified_at" timestamptz,
    "scan_domain" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "compliance_controls_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_controls_compliance_score_check" CHECK ("compliance_score" >= 0 AND "compliance_score" <= 100),
    CONSTRAINT "compliance_controls_control_category_check" CHECK (char_length("control_category") <= 100),
    CONSTRAINT "compliance_controls_control_code_check" CHECK (char_length("control_code") <= 100),
    CONSTRAINT "compliance_controls_control_description_check" CHECK (char_length("control_description") <= 8000),
    CONSTRAINT "compliance_controls_control_name_check" CHECK (char_length("control_name") <= 255),
    CONSTRAINT "compliance_controls_evidence_summary_check" CHECK (char_length("evidence_summary") <= 16000),
    CONSTRAINT "compliance_controls_findings_check" CHECK (char_length("findings") <= 16000),
    CONSTRAINT "compliance_controls_remediation_notes_check" CHECK (char_length("remediation_notes") <= 16000),
    CONSTRAINT "compliance_controls_remediation_plan_check" CHECK (char_length("remediation_plan") <= 16000),
    CONSTRAINT "compliance_controls_scan_domain_check" CHECK (char_length("scan_domain") <= 255),
    CONSTRAINT "compliance_controls_scan_finding_id_check" CHECK (char_length("scan_finding_id") <= 100),
    CONSTRAINT "compliance_controls_scan_finding_type_check" CHECK (char_length("scan_finding_type") <= 100),
    CONSTRAINT "compliance_controls_scan_source_check" CHECK ("scan_source" IN ('xasm', 'lightbox', 'manual')),
    CONSTRAINT "compliance_controls_status_check" CHECK ("status" IN ('not_tested', 'pending_assessment', 'compliant', 'partially_compliant', 'non_compliant', 'not_applicable'))
);
CREATE UNIQUE INDEX "compliance_controls_assessment_id_control_code_key" ON "mainstay"."compliance_controls" ("organization_id", "assessment_id", "control_code") WHERE deleted_at is null;
CREATE INDEX "compliance_controls_status_idx" ON "mainstay"."compliance_controls" ("organization_id", "status");
CREATE INDEX "compliance_controls_due_date_idx" ON "mainstay"."compliance_controls" ("organization_id", "due_date");
CREATE INDEX "compliance_controls_deleted_at_idx" ON "mainstay"."compliance_controls" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "compliance_controls_assessment_id_idx" ON "mainstay"."compliance_controls" ("organization_id", "assessment_id");
CREATE INDEX "compliance_controls_assessor_id_idx" ON "mainstay"."compliance_controls" ("organization_id", "assessor_id");
CREATE INDEX "compliance_controls_owner_id_idx" ON "mainstay"."compliance_controls" ("organization_id", "owner_id");
CREATE INDEX "compliance_controls_assigned_to_idx" ON "mainstay"."compliance_controls" ("organization_id", "assigned_to");
CREATE TABLE "mainstay"."compliance_controls_words" ( /* definition 1 */
    "organization_id" uuid NOT NULL,
    "field" smallint NOT NULL,
    "word" text COLLATE "C" NOT NULL,
    "id" uuid NOT NULL,
    "places" text NOT NULL,
    CONSTRAINT "compliance_controls_words_pkey" PRIMARY KEY ("organization_id", "field", "word", "id")
);
CREATE INDEX "compliance_controls_words_row_idx" ON "mainstay"."compliance_controls_words" ("organization_id", "id");
ALTER TABLE "mainstay"."compliance_controls_words" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."compliance_controls_words" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."compliance_controls_words" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."compliance_controls_words" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."compliance_controls_words" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, DELETE ON TABLE "mainstay"."compliance_controls_words" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."compliance_controls_words" IS 'The words of compliance_controls in its columns control_name, control_description.';
CREATE TRIGGER "compliance_controls_words_forget" AFTER DELETE ON "mainstay"."compliance_controls" REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."forget_words"('"mainstay"."compliance_controls_words"', 'w."organization_id" = r."organization_id" AND w."id" = r."id"');
CREATE TRIGGER "compliance_controls_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."compliance_controls" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'not_tested' THEN NEW."status" IN ('pending_assessment', 'compliant', 'partially_compliant', 'non_compliant', 'not_applicable') WHEN 'pending_assessment' THEN NEW."status" IN ('compliant', 'partially_compliant', 'non_compliant', 'not_applicable') WHEN 'compliant' THEN NEW."status" IN ('pending_assessment', 'partially_compliant', 'non_compliant', 'not_applicable') WHEN 'partially_compliant' THEN NEW."status" IN ('pending_assessment', 'compliant', 'non_compliant', 'not_applicable') WHEN 'non_compliant' THEN NEW."status" IN ('pending_assessment', 'compliant', 'partially_compliant', 'not_applicable') WHEN 'not_applicable' THEN NEW."status" IN ('pending_assessment', 'compliant', 'partially_compliant', 'non_compliant') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."compliance_controls" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."compliance_controls" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."compliance_controls" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."compliance_controls" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."compliance_controls" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."compliance_controls" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."compliance_controls" IS 'One demand of a framework, as one assessment finds it.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."assessment_id" IS 'The assessment.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."control_code" IS 'The framework''s name for it, such as `SOC2-CC6.1`.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."control_name" IS 'What it is called.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."control_description" IS 'What it demands.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."control_category" IS 'Part of the framework.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."status" IS 'Whether it is met.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."compliance_score" IS 'How much of it is met, 0 to 100.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."findings" IS 'What was found.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."evidence_summary" IS 'What shows it.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."remediation_notes" IS 'What was done.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."remediation_plan" IS 'What is to be done.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."assessor_id" IS 'Who looks at it.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."owner_id" IS 'Who answers for it.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."assigned_to" IS 'Who works on it.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."assessment_date" IS 'When it was looked at.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."due_date" IS 'When it is to be met.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."completed_date" IS 'When it was met.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."last_reviewed_at" IS 'When somebody last read it.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."next_review_date" IS 'When somebody is to look again.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."scan_source" IS 'What flagged it (S2-B54).';
COMMENT ON COLUMN "mainstay"."compliance_controls"."scan_finding_type" IS 'What kind of finding that was.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."scan_finding_id" IS 'The finding, as the scan names it.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."scan_flagged_at" IS 'When it was flagged.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."scan_verified_at" IS 'When a later scan found it met.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."scan_domain" IS 'The domain that was scanned.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."compliance_controls"."is_active" IS 'Whether it counts.';

-- mainstay.compliance_evidence (compliance)
CREATE TABLE "mainstay"."compliance_evidence" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "control_id" uuid NOT NULL,
    "evidence_type" text COLLATE "C" NOT NULL,
    "title" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "file_path" text COLLATE "C",
    "file_size" bigint,
    "file_type" text COLLATE "C",
    "data" jsonb NOT NULL DEFAULT '[]'::jsonb,
    "uploaded_by" uuid,
    "evidence_date" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "compliance_evidence_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_evidence_description_check" CHECK (char_length("description") <= 8000),
    CONSTRAINT "compliance_evidence_evidence_type_check" CHECK ("evidence_type" IN ('document', 'scan', 'screenshot', 'policy', 'log')),
    CONSTRAINT "compliance_evidence_file_path_check" CHECK (char_length("file_path") <= 500),
    CONSTRAINT "compliance_evidence_file_size_check" CHECK ("file_size" >= 0),
    CONSTRAINT "compliance_evidence_file_type_check" CHECK (char_length("file_type") <= 100),
    CONSTRAINT "compliance_evidence_title_check" CHECK (char_length("title") <= 255)
);
CREATE INDEX "compliance_evidence_control_id_evidence_date_idx" ON "mainstay"."compliance_evidence" ("organization_id", "control_id", "evidence_date");
CREATE INDEX "compliance_evidence_deleted_at_idx" ON "mainstay"."compliance_evidence" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "compliance_evidence_uploaded_by_idx" ON "mainstay"."compliance_evidence" ("organization_id", "uploaded_by");
CREATE TABLE "mainstay"."compliance_evidence_words" ( /* definition 1 */
    "organization_id" uuid NOT NULL,
    "field" smallint NOT NULL,
    "word" text COLLATE "C" NOT NULL,
    "id" uuid NOT NULL,
    "places" text NOT NULL,
    CONSTRAINT "compliance_evidence_words_pkey" PRIMARY KEY ("organization_id", "field", "word", "id")
);
CREATE INDEX "compliance_evidence_words_row_idx" ON "mainstay"."compliance_evidence_words" ("organization_id", "id");
ALTER TABLE "mainstay"."compliance_evidence_words" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."compliance_evidence_words" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."compliance_evidence_words" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."compliance_evidence_words" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."compliance_evidence_words" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, DELETE ON TABLE "mainstay"."compliance_evidence_words" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."compliance_evidence_words" IS 'The words of compliance_evidence in its columns title, description.';
CREATE TRIGGER "compliance_evidence_words_forget" AFTER DELETE ON "mainstay"."compliance_evidence" REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."forget_words"('"mainstay"."compliance_evidence_words"', 'w."organization_id" = r."organization_id" AND w."id" = r."id"');
ALTER TABLE "mainstay"."compliance_evidence" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."compliance_evidence" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."compliance_evidence" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."compliance_evidence" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."compliance_evidence" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."compliance_evidence" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."compliance_evidence" IS 'Something that shows that a control is met.';
COMMENT ON COLUMN "mainstay"."compliance_evidence"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."compliance_evidence"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."compliance_evidence"."control_id" IS 'The control.';
COMMENT ON COLUMN "mainstay"."compliance_evidence"."evidence_type" IS 'What kind it is.';
COMMENT ON COLUMN "mainstay"."compliance_evidence"."title" IS 'What it is called.';
COMMENT ON COLUMN "mainstay"."compliance_evidence"."description" IS 'What it shows.';
COMMENT ON COLUMN "mainstay"."compliance_evidence"."file_path" IS 'Where its file is.';
COMMENT ON COLUMN "mainstay"."compliance_evidence"."file_size" IS 'Bytes of the file.';
COMMENT ON COLUMN "mainstay"."compliance_evidence"."file_type" IS 'Media type of the file.';
COMMENT ON COLUMN "mainstay"."compliance_evidence"."data" IS 'What was recorded, where it is no file.';
COMMENT ON COLUMN "mainstay"."compliance_evidence"."uploaded_by" IS 'Who gave it.';
COMMENT ON COLUMN "mainstay"."compliance_evidence"."evidence_date" IS 'What time it is of.';
COMMENT ON COLUMN "mainstay"."compliance_evidence"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."compliance_evidence"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."compliance_evidence"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."compliance_evidence"."is_active" IS 'Whether it counts.';

-- mainstay.venue_verifications (compliance)
CREATE TABLE "mainstay"."venue_verifications" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "verification_type" text COLLATE "C" NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "submitted_at" timestamptz NOT NULL DEFAULT now(),
    "verified_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "venue_verifications_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "venue_verifications_status_check" CHECK ("status" IN ('pending', 'in_review', 'verified', 'rejected', 'expired')),
    CONSTRAINT "venue_verifications_verification_type_check" CHECK ("verification_type" IN ('kyc', 'kyb'))
);
CREATE INDEX "venue_verifications_venue_id_verification_type_idx" ON "mainstay"."venue_verifications" ("organization_id", "venue_id", "verification_type");
CREATE INDEX "venue_verifications_status_submitted_at_idx" ON "mainstay"."venue_verifications" ("organization_id", "status", "submitted_at");
CREATE TRIGGER "venue_verifications_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."venue_verifications" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('in_review', 'verified', 'rejected') WHEN 'in_review' THEN NEW."status" IN ('verified', 'rejected') WHEN 'verified' THEN NEW."status" IN ('expired') WHEN 'rejected' THEN NEW."status" IN ('pending') WHEN 'expired' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."venue_verifications" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."venue_verifications" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."venue_verifications" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."venue_verifications" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."venue_verifications" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."venue_verifications" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."venue_verifications" IS 'Whether a venue''s business and the persons behind it are who they say.';
COMMENT ON COLUMN "mainstay"."venue_verifications"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."venue_verifications"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."venue_verifications"."venue_id" IS 'The venue.';
COMMENT ON COLUMN "mainstay"."venue_verifications"."verification_type" IS 'What is verified.';
COMMENT ON COLUMN "mainstay"."venue_verifications"."status" IS 'How far it is.';
COMMENT ON COLUMN "mainstay"."venue_verifications"."submitted_at" IS 'When it was submitted.';
COMMENT ON COLUMN "mainstay"."venue_verifications"."verified_at" IS 'When it was verified.';
COMMENT ON COLUMN "mainstay"."venue_verifications"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."venue_verifications"."updated_at" IS 'When the record was last changed.';

-- mainstay.bank_verifications (compliance)
CREATE TABLE "mainstay"."bank_verifications" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "account_number" bytea NOT NULL,
    "routing_number" text COLLATE "C" NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "verified_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "account_number_blind" bytea,
    CONSTRAINT "bank_verifications_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "bank_verifications_routing_number_check" CHECK (char_length("routing_number") <= 34),
    CONSTRAINT "bank_verifications_status_check" CHECK ("status" IN ('pending', 'verified', 'failed'))
);
CREATE INDEX "bank_verifications_venue_id_status_idx" ON "mainstay"."bank_verifications" ("organization_id", "venue_id", "status");
CREATE INDEX "bank_verifications_account_number_blind_idx" ON "mainstay"."bank_verifications" ("organization_id", "account_number_blind");
CREATE TRIGGER "bank_verifications_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."bank_verifications" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('verified', 'failed') WHEN 'verified' THEN NEW."status" IN ('failed') WHEN 'failed' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."bank_verifications" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."bank_verifications" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."bank_verifications" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."bank_verifications" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."bank_verifications" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."bank_verifications" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."bank_verifications" IS 'Whether a bank account belongs to a venue.';
COMMENT ON COLUMN "mainstay"."bank_verifications"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."bank_verifications"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."bank_verifications"."venue_id" IS 'The venue.';
COMMENT ON COLUMN "mainstay"."bank_verifications"."account_number" IS 'The account (S0-B46); equality finds one that several venues name.';
COMMENT ON COLUMN "mainstay"."bank_verifications"."routing_number" IS 'The bank.';
COMMENT ON COLUMN "mainstay"."bank_verifications"."status" IS 'How far it is.';
COMMENT ON COLUMN "mainstay"."bank_verifications"."verified_at" IS 'When it was verified.';
COMMENT ON COLUMN "mainstay"."bank_verifications"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."bank_verifications"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."bank_verifications"."account_number_blind" IS 'Keyed hash of account_number, by which equal values are found.';

-- mainstay.payout_methods (compliance)
CREATE TABLE "mainstay"."payout_methods" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "method_type" text COLLATE "C" NOT NULL,
    "details" bytea NOT NULL,
    "is_default" boolean NOT NULL DEFAULT false,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "payout_methods_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "payout_methods_method_type_check" CHECK ("method_type" IN ('bank_account', 'debit_card', 'paypal', 'stripe', 'check'))
);
CREATE UNIQUE INDEX "payout_methods_venue_id_key" ON "mainstay"."payout_methods" ("organization_id", "venue_id") WHERE is_default = true;
CREATE INDEX "payout_methods_venue_id_idx" ON "mainstay"."payout_methods" ("organization_id", "venue_id");
ALTER TABLE "mainstay"."payout_methods" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."payout_methods" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."payout_methods" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."payout_methods" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."payout_methods" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."payout_methods" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."payout_methods" IS 'A way in which a venue is paid; one of them is the usual one.';
COMMENT ON COLUMN "mainstay"."payout_methods"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."payout_methods"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."payout_methods"."venue_id" IS 'The venue.';
COMMENT ON COLUMN "mainstay"."payout_methods"."method_type" IS 'How money is sent.';
COMMENT ON COLUMN "mainstay"."payout_methods"."details" IS 'Where it is sent, as a document (S0-B47).';
COMMENT ON COLUMN "mainstay"."payout_methods"."is_default" IS 'Whether it is the venue''s usual one.';
COMMENT ON COLUMN "mainstay"."payout_methods"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."payout_methods"."updated_at" IS 'When the record was last changed.';

-- mainstay.tax_records (compliance)
CREATE TABLE "mainstay"."tax_records" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid,
    "user_id" uuid,
    "tax_year" smallint NOT NULL,
    "form_type" text COLLATE "C" NOT NULL DEFAULT '1099-K',
    "gross_amount" numeric(14,2) NOT NULL DEFAULT 0.00,
    "transaction_count" integer NOT NULL DEFAULT 0,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "tax_records_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "tax_records_venue_id_user_id_tax_year_form_type_key" UNIQUE NULLS NOT DISTINCT ("organization_id", "venue_id", "user_id", "tax_year", "form_type"),
    CONSTRAINT "tax_records_form_type_check" CHECK ("form_type" IN ('1099-K')),
    CONSTRAINT "tax_records_gross_amount_check" CHECK ("gross_amount" >= 0),
    CONSTRAINT "tax_records_payee_check" CHECK (venue_id is not null or user_id is not null),
    CONSTRAINT "tax_records_status_check" CHECK ("status" IN ('pending', 'generated', 'filed', 'corrected', 'not_required')),
    CONSTRAINT "tax_records_tax_year_check" CHECK ("tax_year" >= 1900 AND "tax_year" <= 2200),
    CONSTRAINT "tax_records_transaction_count_check" CHECK ("transaction_count" >= 0)
);
CREATE INDEX "tax_records_tax_year_status_idx" ON "mainstay"."tax_records" ("organization_id", "tax_year", "status");
CREATE INDEX "tax_records_user_id_idx" ON "mainstay"."tax_records" ("organization_id", "user_id");
CREATE TRIGGER "tax_records_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."tax_records" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('generated', 'not_required') WHEN 'generated' THEN NEW."status" IN ('pending', 'filed') WHEN 'filed' THEN NEW."status" IN ('corrected') WHEN 'corrected' THEN NEW."status" IN ('filed') WHEN 'not_required' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."tax_records" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."tax_records" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."tax_records" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."tax_records" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."tax_records" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."tax_records" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."tax_records" IS 'What a payee, a venue or a person, took in a year.';
COMMENT ON COLUMN "mainstay"."tax_records"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."tax_records"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."tax_records"."venue_id" IS 'The venue that was paid.';
COMMENT ON COLUMN "mainstay"."tax_records"."user_id" IS 'The person who was paid.';
COMMENT ON COLUMN "mainstay"."tax_records"."tax_year" IS 'The calendar year.';
COMMENT ON COLUMN "mainstay"."tax_records"."form_type" IS 'The form that reports it.';
COMMENT ON COLUMN "mainstay"."tax_records"."gross_amount" IS 'What was paid before fees and refunds, in dollars.';
COMMENT ON COLUMN "mainstay"."tax_records"."transaction_count" IS 'Payments that it consists of: forms are due by amount and number.';
COMMENT ON COLUMN "mainstay"."tax_records"."status" IS 'How far it is.';
COMMENT ON COLUMN "mainstay"."tax_records"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."tax_records"."updated_at" IS 'When the record was last changed.';

-- mainstay.form_1099_records (compliance)
CREATE TABLE "mainstay"."form_1099_records" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "tax_record_id" uuid,
    "tax_year" smallint NOT NULL,
    "gross_amount" numeric(14,2) NOT NULL,
    "filed_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "form_1099_records_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "form_1099_records_gross_amount_check" CHECK ("gross_amount" >= 0),
    CONSTRAINT "form_1099_records_tax_year_check" CHECK ("tax_year" >= 1900 AND "tax_year" <= 2200)
);
CREATE INDEX "form_1099_records_venue_id_tax_year_idx" ON "mainstay"."form_1099_records" ("organization_id", "venue_id", "tax_year");
CREATE INDEX "form_1099_records_filed_at_idx" ON "mainstay"."form_1099_records" ("organization_id", "filed_at");
CREATE INDEX "form_1099_records_tax_record_id_idx" ON "mainstay"."form_1099_records" ("organization_id", "tax_record_id");
ALTER TABLE "mainstay"."form_1099_records" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."form_1099_records" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."form_1099_records" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."form_1099_records" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."form_1099_records" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."form_1099_records" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."form_1099_records" IS 'A form 1099 as it was made for a venue; a correction is another one.';
COMMENT ON COLUMN "mainstay"."form_1099_records"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."form_1099_records"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."form_1099_records"."venue_id" IS 'The venue that was paid.';
COMMENT ON COLUMN "mainstay"."form_1099_records"."tax_record_id" IS 'What it was made of.';
COMMENT ON COLUMN "mainstay"."form_1099_records"."tax_year" IS 'The calendar year.';
COMMENT ON COLUMN "mainstay"."form_1099_records"."gross_amount" IS 'What it tells, in dollars.';
COMMENT ON COLUMN "mainstay"."form_1099_records"."filed_at" IS 'When it was sent.';
COMMENT ON COLUMN "mainstay"."form_1099_records"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."form_1099_records"."updated_at" IS 'When the record was last changed.';

-- mainstay.ofac_sdn_entries (compliance)
CREATE TABLE "mainstay"."ofac_sdn_entries" (
    "id" uuid NOT NULL,
    "entry_number" bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "type" text COLLATE "C" NOT NULL,
    "aliases" text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
    "programs" text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "ofac_sdn_entries_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "ofac_sdn_entries_entry_number_key" UNIQUE ("entry_number"),
    CONSTRAINT "ofac_sdn_entries_entry_number_check" CHECK ("entry_number" >= 1),
    CONSTRAINT "ofac_sdn_entries_name_check" CHECK (char_length("name") <= 500),
    CONSTRAINT "ofac_sdn_entries_type_check" CHECK ("type" IN ('individual', 'entity', 'vessel', 'aircraft'))
);
CREATE INDEX "ofac_sdn_entries_name_idx" ON "mainstay"."ofac_sdn_entries" ("name");
CREATE TABLE "mainstay"."ofac_sdn_entries_words" ( /* definition 1 */
    "field" smallint NOT NULL,
    "word" text COLLATE "C" NOT NULL,
    "id" uuid NOT NULL,
    "places" text NOT NULL,
    CONSTRAINT "ofac_sdn_entries_words_pkey" PRIMARY KEY ("field", "word", "id")
);
CREATE INDEX "ofac_sdn_entries_words_row_idx" ON "mainstay"."ofac_sdn_entries_words" ("id");
ALTER TABLE "mainstay"."ofac_sdn_entries_words" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."ofac_sdn_entries_words" FOR SELECT USING (TRUE);
CREATE POLICY "insert" ON "mainstay"."ofac_sdn_entries_words" FOR INSERT WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."ofac_sdn_entries_words" FOR UPDATE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."ofac_sdn_entries_words" FOR DELETE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, DELETE ON TABLE "mainstay"."ofac_sdn_entries_words" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."ofac_sdn_entries_words" IS 'The words of ofac_sdn_entries in its columns name, aliases.';
CREATE TRIGGER "ofac_sdn_entries_words_forget" AFTER DELETE ON "mainstay"."ofac_sdn_entries" REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."forget_words"('"mainstay"."ofac_sdn_entries_words"', 'w."id" = r."id"');
ALTER TABLE "mainstay"."ofac_sdn_entries" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."ofac_sdn_entries" FOR SELECT USING (TRUE);
CREATE POLICY "insert" ON "mainstay"."ofac_sdn_entries" FOR INSERT WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."ofac_sdn_entries" FOR UPDATE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."ofac_sdn_entries" FOR DELETE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."ofac_sdn_entries" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."ofac_sdn_entries" IS 'An entry of the list of specially designated nationals, which is public and the same for all organisations.';
COMMENT ON COLUMN "mainstay"."ofac_sdn_entries"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."ofac_sdn_entries"."entry_number" IS 'The list''s own number of the entry.';
COMMENT ON COLUMN "mainstay"."ofac_sdn_entries"."name" IS 'Who is listed.';
COMMENT ON COLUMN "mainstay"."ofac_sdn_entries"."type" IS 'What is listed.';
COMMENT ON COLUMN "mainstay"."ofac_sdn_entries"."aliases" IS 'Other names.';
COMMENT ON COLUMN "mainstay"."ofac_sdn_entries"."programs" IS 'Why it is listed: names of sanctions programmes.';
COMMENT ON COLUMN "mainstay"."ofac_sdn_entries"."updated_at" IS 'When the record was last changed.';

-- mainstay.ofac_checks (compliance)
CREATE TABLE "mainstay"."ofac_checks" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "entity_type" text COLLATE "C" NOT NULL,
    "entity_id" text COLLATE "C" NOT NULL,
    "check_type" text COLLATE "C" NOT NULL,
    "screened_name" bytea,
    "match_found" boolean NOT NULL,
    "match_score" numeric(5,4),
    "matched_entry_id" uuid,
    "checked_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "ofac_checks_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "ofac_checks_check_type_check" CHECK ("check_type" IN ('onboarding', 'payout', 'periodic', 'manual')),
    CONSTRAINT "ofac_checks_entity_id_check" CHECK (char_length("entity_id") <= 255),
    CONSTRAINT "ofac_checks_entity_type_check" CHECK (char_length("entity_type") <= 100),
    CONSTRAINT "ofac_checks_match_score_check" CHECK ("match_score" >= 0 AND "match_score" <= 1)
);
CREATE INDEX "ofac_checks_entity_type_entity_id_checked_at_idx" ON "mainstay"."ofac_checks" ("organization_id", "entity_type", "entity_id", "checked_at");
CREATE INDEX "ofac_checks_checked_at_idx" ON "mainstay"."ofac_checks" ("organization_id", "checked_at") WHERE match_found = true;
CREATE TRIGGER "ofac_checks_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."ofac_checks" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "ofac_checks_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."ofac_checks" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."ofac_checks" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."ofac_checks" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."ofac_checks" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."ofac_checks" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."ofac_checks" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."ofac_checks" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."ofac_checks" IS 'That somebody was looked for on the list, and what was found; kept as it was.';
COMMENT ON COLUMN "mainstay"."ofac_checks"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."ofac_checks"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."ofac_checks"."entity_type" IS 'What was looked for: `venue`, `customer`, `user`.';
COMMENT ON COLUMN "mainstay"."ofac_checks"."entity_id" IS 'Its identifier.';
COMMENT ON COLUMN "mainstay"."ofac_checks"."check_type" IS 'Why.';
COMMENT ON COLUMN "mainstay"."ofac_checks"."screened_name" IS 'The name that was looked for.';
COMMENT ON COLUMN "mainstay"."ofac_checks"."match_found" IS 'Whether it is on the list.';
COMMENT ON COLUMN "mainstay"."ofac_checks"."match_score" IS 'How alike the names are, 0 to 1.';
COMMENT ON COLUMN "mainstay"."ofac_checks"."matched_entry_id" IS 'The entry that is most alike.';
COMMENT ON COLUMN "mainstay"."ofac_checks"."checked_at" IS 'When.';

-- mainstay.risk_assessments (compliance)
CREATE TABLE "mainstay"."risk_assessments" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "entity_type" text COLLATE "C" NOT NULL,
    "entity_id" text COLLATE "C" NOT NULL,
    "risk_score" numeric(5,2) NOT NULL,
    "risk_level" text COLLATE "C" NOT NULL,
    "factors" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "assessed_at" timestamptz NOT NULL DEFAULT now(),
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "risk_assessments_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "risk_assessments_entity_id_check" CHECK (char_length("entity_id") <= 255),
    CONSTRAINT "risk_assessments_entity_type_check" CHECK (char_length("entity_type") <= 100),
    CONSTRAINT "risk_assessments_risk_level_check" CHECK ("risk_level" IN ('low', 'medium', 'high', 'critical')),
    CONSTRAINT "risk_assessments_risk_score_check" CHECK ("risk_score" >= 0 AND "risk_score" <= 100)
);
CREATE INDEX "risk_assessments_entity_type_entity_id_assessed_at_idx" ON "mainstay"."risk_assessments" ("organization_id", "entity_type", "entity_id", "assessed_at");
CREATE INDEX "risk_assessments_risk_level_idx" ON "mainstay"."risk_assessments" ("organization_id", "risk_level");
ALTER TABLE "mainstay"."risk_assessments" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."risk_assessments" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."risk_assessments" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."risk_assessments" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."risk_assessments" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."risk_assessments" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."risk_assessments" IS 'How risky it was to deal with somebody at a time.';
COMMENT ON COLUMN "mainstay"."risk_assessments"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."risk_assessments"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."risk_assessments"."entity_type" IS 'What it is about: `venue`, `customer`, `user`.';
COMMENT ON COLUMN "mainstay"."risk_assessments"."entity_id" IS 'Its identifier.';
COMMENT ON COLUMN "mainstay"."risk_assessments"."risk_score" IS '0, no risk, to 100.';
COMMENT ON COLUMN "mainstay"."risk_assessments"."risk_level" IS 'The score in words.';
COMMENT ON COLUMN "mainstay"."risk_assessments"."factors" IS 'What the score consists of.';
COMMENT ON COLUMN "mainstay"."risk_assessments"."assessed_at" IS 'When it was made.';
COMMENT ON COLUMN "mainstay"."risk_assessments"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."risk_assessments"."updated_at" IS 'When the record was last changed.';

-- mainstay.risk_flags (compliance)
CREATE TABLE "mainstay"."risk_flags" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "entity_type" text COLLATE "C" NOT NULL,
    "entity_id" text COLLATE "C" NOT NULL,
    "flag_type" text COLLATE "C" NOT NULL,
    "severity" text COLLATE "C" NOT NULL,
    "flagged_at" timestamptz NOT NULL DEFAULT now(),
    "resolved_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "risk_flags_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "risk_flags_entity_id_check" CHECK (char_length("entity_id") <= 255),
    CONSTRAINT "risk_flags_entity_type_check" CHECK (char_length("entity_type") <= 100),
    CONSTRAINT "risk_flags_flag_type_check" CHECK (char_length("flag_type") <= 100),
    CONSTRAINT "risk_flags_severity_check" CHECK ("severity" IN ('low', 'medium', 'high', 'critical'))
);
CREATE INDEX "risk_flags_entity_type_entity_id_idx" ON "mainstay"."risk_flags" ("organization_id", "entity_type", "entity_id");
CREATE INDEX "risk_flags_severity_flagged_at_idx" ON "mainstay"."risk_flags" ("organization_id", "severity", "flagged_at") WHERE resolved_at is null;
ALTER TABLE "mainstay"."risk_flags" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."risk_flags" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."risk_flags" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."risk_flags" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."risk_flags" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."risk_flags" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."risk_flags" IS 'Something that speaks for a risk, until somebody has dealt with it.';
COMMENT ON COLUMN "mainstay"."risk_flags"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."risk_flags"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."risk_flags"."entity_type" IS 'What it is about: `venue`, `customer`, `user`.';
COMMENT ON COLUMN "mainstay"."risk_flags"."entity_id" IS 'Its identifier.';
COMMENT ON COLUMN "mainstay"."risk_flags"."flag_type" IS 'What was seen: `velocity`, `sanctions_match`, `chargebacks`; the list is open.';
COMMENT ON COLUMN "mainstay"."risk_flags"."severity" IS 'How much it matters.';
COMMENT ON COLUMN "mainstay"."risk_flags"."flagged_at" IS 'When it was seen.';
COMMENT ON COLUMN "mainstay"."risk_flags"."resolved_at" IS 'When somebody had dealt with it.';
COMMENT ON COLUMN "mainstay"."risk_flags"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."risk_flags"."updated_at" IS 'When the record was last changed.';

-- mainstay.compliance_documents (compliance)
CREATE TABLE "mainstay"."compliance_documents" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "entity_type" text COLLATE "C" NOT NULL,
    "entity_id" text COLLATE "C" NOT NULL,
    "document_type" text COLLATE "C" NOT NULL,
    "file_key" text COLLATE "C" NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "uploaded_at" timestamptz NOT NULL DEFAULT now(),
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "compliance_documents_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_documents_document_type_check" CHECK (char_length("document_type") <= 100),
    CONSTRAINT "compliance_documents_entity_id_check" CHECK (char_length("entity_id") <= 255),
    CONSTRAINT "compliance_documents_entity_type_check" CHECK (char_length("entity_type") <= 100),
    CONSTRAINT "compliance_documents_file_key_check" CHECK (char_length("file_key") <= 1024),
    CONSTRAINT "compliance_documents_status_check" CHECK ("status" IN ('pending', 'approved', 'rejected', 'expired'))
);
CREATE INDEX "compliance_documents_entity_type_entity_id_idx" ON "mainstay"."compliance_documents" ("organization_id", "entity_type", "entity_id");
CREATE INDEX "compliance_documents_status_uploaded_at_idx" ON "mainstay"."compliance_documents" ("organization_id", "status", "uploaded_at");
CREATE TRIGGER "compliance_documents_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."compliance_documents" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('approved', 'rejected') WHEN 'approved' THEN NEW."status" IN ('expired') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."compliance_documents" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."compliance_documents" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."compliance_documents" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."compliance_documents" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."compliance_documents" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."compliance_documents" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."compliance_documents" IS 'A document that was handed in for a venue, customer or user.';
COMMENT ON COLUMN "mainstay"."compliance_documents"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."compliance_documents"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."compliance_documents"."entity_type" IS 'What it was handed in for: `venue`, `customer`, `user`.';
COMMENT ON COLUMN "mainstay"."compliance_documents"."entity_id" IS 'Its identifier.';
COMMENT ON COLUMN "mainstay"."compliance_documents"."document_type" IS 'What it is: `business_license`, `bank_statement`, `passport`; the list is open.';
COMMENT ON COLUMN "mainstay"."compliance_documents"."file_key" IS 'The key of its file in the storage.';
COMMENT ON COLUMN "mainstay"."compliance_documents"."status" IS 'How far its review is.';
COMMENT ON COLUMN "mainstay"."compliance_documents"."uploaded_at" IS 'When it was handed in.';
COMMENT ON COLUMN "mainstay"."compliance_documents"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."compliance_documents"."updated_at" IS 'When the record was last changed.';

-- mainstay.compliance_batch_jobs (compliance)
CREATE TABLE "mainstay"."compliance_batch_jobs" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "job_type" text COLLATE "C" NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "started_at" timestamptz,
    "completed_at" timestamptz,
    "results" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "compliance_batch_jobs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_batch_jobs_job_type_check" CHECK ("job_type" IN ('ofac_screening', 'risk_assessment', 'tax_forms')),
    CONSTRAINT "compliance_batch_jobs_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed'))
);
CREATE INDEX "compliance_batch_jobs_job_type_created_at_idx" ON "mainstay"."compliance_batch_jobs" ("organization_id", "job_type", "created_at");
CREATE INDEX "compliance_batch_jobs_status_created_at_idx" ON "mainstay"."compliance_batch_jobs" ("organization_id", "status", "created_at");
CREATE TRIGGER "compliance_batch_jobs_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."compliance_batch_jobs" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing', 'failed') WHEN 'processing' THEN NEW."status" IN ('completed', 'failed') WHEN 'failed' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."compliance_batch_jobs" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."compliance_batch_jobs" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."compliance_batch_jobs" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."compliance_batch_jobs" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."compliance_batch_jobs" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."compliance_batch_jobs" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."compliance_batch_jobs" IS 'Work for many records at once.';
COMMENT ON COLUMN "mainstay"."compliance_batch_jobs"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."compliance_batch_jobs"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."compliance_batch_jobs"."job_type" IS 'What it does.';
COMMENT ON COLUMN "mainstay"."compliance_batch_jobs"."status" IS 'How far it is.';
COMMENT ON COLUMN "mainstay"."compliance_batch_jobs"."started_at" IS 'When it was begun.';
COMMENT ON COLUMN "mainstay"."compliance_batch_jobs"."completed_at" IS 'When it ended.';
COMMENT ON COLUMN "mainstay"."compliance_batch_jobs"."results" IS 'What came of it.';
COMMENT ON COLUMN "mainstay"."compliance_batch_jobs"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."compliance_batch_jobs"."updated_at" IS 'When the record was last changed.';

-- mainstay.integrations (integrations)
CREATE TABLE "mainstay"."integrations" (
    "id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "type" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "logo_url" text COLLATE "C",
    "documentation_url" text COLLATE "C",
    "active" boolean NOT NULL DEFAULT true,
    "config_schema" jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "integrations_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "integrations_name_key" UNIQUE ("name"),
    CONSTRAINT "integrations_description_check" CHECK (char_length("description") <= 4000),
    CONSTRAINT "integrations_documentation_url_check" CHECK (char_length("documentation_url") <= 2000),
    CONSTRAINT "integrations_logo_url_check" CHECK (char_length("logo_url") <= 2000),
    CONSTRAINT "integrations_name_check" CHECK (char_length("name") <= 100),
    CONSTRAINT "integrations_type_check" CHECK ("type" IN ('payment', 'crm', 'email', 'accounting'))
);
CREATE INDEX "integrations_type_idx" ON "mainstay"."integrations" ("type");
CREATE TABLE "mainstay"."integrations_words" ( /* definition 1 */
    "field" smallint NOT NULL,
    "word" text COLLATE "C" NOT NULL,
    "id" uuid NOT NULL,
    "places" text NOT NULL,
    CONSTRAINT "integrations_words_pkey" PRIMARY KEY ("field", "word", "id")
);
CREATE INDEX "integrations_words_row_idx" ON "mainstay"."integrations_words" ("id");
ALTER TABLE "mainstay"."integrations_words" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."integrations_words" FOR SELECT USING (TRUE);
CREATE POLICY "insert" ON "mainstay"."integrations_words" FOR INSERT WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."integrations_words" FOR UPDATE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."integrations_words" FOR DELETE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, DELETE ON TABLE "mainstay"."integrations_words" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."integrations_words" IS 'The words of integrations in its columns name, description.';
CREATE TRIGGER "integrations_words_forget" AFTER DELETE ON "mainstay"."integrations" REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."forget_words"('"mainstay"."integrations_words"', 'w."id" = r."id"');
ALTER TABLE "mainstay"."integrations" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."integrations" FOR SELECT USING (TRUE);
CREATE POLICY "insert" ON "mainstay"."integrations" FOR INSERT WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."integrations" FOR UPDATE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."integrations" FOR DELETE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."integrations" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."integrations" IS 'A system that can be connected to: Stripe, Square, Mailchimp. The catalogue is the installation''s, the same for all organisations.';
COMMENT ON COLUMN "mainstay"."integrations"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."integrations"."name" IS 'What it is called.';
COMMENT ON COLUMN "mainstay"."integrations"."type" IS 'What it is for.';
COMMENT ON COLUMN "mainstay"."integrations"."description" IS 'What it does.';
COMMENT ON COLUMN "mainstay"."integrations"."logo_url" IS 'Its picture.';
COMMENT ON COLUMN "mainstay"."integrations"."documentation_url" IS 'Where it is explained.';
COMMENT ON COLUMN "mainstay"."integrations"."active" IS 'Whether it can be connected to.';
COMMENT ON COLUMN "mainstay"."integrations"."config_schema" IS 'What its configuration looks like (JSON Schema).';
COMMENT ON COLUMN "mainstay"."integrations"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."integrations"."updated_at" IS 'When the record was last changed.';

-- mainstay.connections (integrations)
CREATE TABLE "mainstay"."connections" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "integration_id" uuid NOT NULL,
    "user_id" uuid,
    "venue_id" uuid,
    "status" text COLLATE "C" NOT NULL DEFAULT 'inactive',
    "credentials" bytea,
    "last_synced_at" timestamptz,
    "error_message" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "connections_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "connections_error_message_check" CHECK (char_length("error_message") <= 4000),
    CONSTRAINT "connections_one_owner_check" CHECK ((user_id is null) <> (venue_id is null)),
    CONSTRAINT "connections_status_check" CHECK ("status" IN ('inactive', 'active', 'error'))
);
CREATE INDEX "connections_status_idx" ON "mainstay"."connections" ("organization_id", "status");
CREATE INDEX "connections_integration_id_idx" ON "mainstay"."connections" ("integration_id");
CREATE INDEX "connections_user_id_idx" ON "mainstay"."connections" ("organization_id", "user_id");
CREATE INDEX "connections_venue_id_idx" ON "mainstay"."connections" ("organization_id", "venue_id");
CREATE TRIGGER "connections_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."connections" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'inactive' THEN NEW."status" IN ('active', 'error') WHEN 'active' THEN NEW."status" IN ('inactive', 'error') WHEN 'error' THEN NEW."status" IN ('active', 'inactive') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."connections" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."connections" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."connections" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."connections" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."connections" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."connections" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."connections" IS 'An account of a member or a venue at another system (S0-B82).';
COMMENT ON COLUMN "mainstay"."connections"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."connections"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."connections"."integration_id" IS 'The other system.';
COMMENT ON COLUMN "mainstay"."connections"."user_id" IS 'The member whose account it is.';
COMMENT ON COLUMN "mainstay"."connections"."venue_id" IS 'The venue whose account it is.';
COMMENT ON COLUMN "mainstay"."connections"."status" IS 'Whether it works.';
COMMENT ON COLUMN "mainstay"."connections"."credentials" IS 'What opens the account (S0-B48).';
COMMENT ON COLUMN "mainstay"."connections"."last_synced_at" IS 'When data were last exchanged.';
COMMENT ON COLUMN "mainstay"."connections"."error_message" IS 'Why the other system refuses.';
COMMENT ON COLUMN "mainstay"."connections"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."connections"."updated_at" IS 'When the record was last changed.';

-- mainstay.field_mappings (integrations)
CREATE TABLE "mainstay"."field_mappings" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "connection_id" uuid NOT NULL,
    "source_field" text COLLATE "C" NOT NULL,
    "target_field" text COLLATE "C" NOT NULL,
    "transformation_rule" jsonb,
    "enabled" boolean NOT NULL DEFAULT true,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "field_mappings_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "field_mappings_connection_id_source_field_target_field_key" UNIQUE ("organization_id", "connection_id", "source_field", "target_field"),
    CONSTRAINT "field_mappings_source_field_check" CHECK (char_length("source_field") <= 255),
    CONSTRAINT "field_mappings_target_field_check" CHECK (char_length("target_field") <= 255)
);
ALTER TABLE "mainstay"."field_mappings" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."field_mappings" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."field_mappings" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."field_mappings" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."field_mappings" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."field_mappings" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."field_mappings" IS 'A field of the other system and the one that it becomes here.';
COMMENT ON COLUMN "mainstay"."field_mappings"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."field_mappings"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."field_mappings"."connection_id" IS 'The connection.';
COMMENT ON COLUMN "mainstay"."field_mappings"."source_field" IS 'The field there.';
COMMENT ON COLUMN "mainstay"."field_mappings"."target_field" IS 'The field here.';
COMMENT ON COLUMN "mainstay"."field_mappings"."transformation_rule" IS 'How a value is changed on its way.';
COMMENT ON COLUMN "mainstay"."field_mappings"."enabled" IS 'Whether it is used.';
COMMENT ON COLUMN "mainstay"."field_mappings"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."field_mappings"."updated_at" IS 'When the record was last changed.';

-- mainstay.integration_configs (integrations)
CREATE TABLE "mainstay"."integration_configs" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid,
    "integration_id" uuid,
    "service" text COLLATE "C",
    "config" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "is_enabled" boolean NOT NULL DEFAULT true,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "integration_configs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "integration_configs_venue_id_integration_id_service_key" UNIQUE NULLS NOT DISTINCT ("organization_id", "venue_id", "integration_id", "service"),
    CONSTRAINT "integration_configs_of_something_check" CHECK (integration_id is not null or service is not null),
    CONSTRAINT "integration_configs_service_check" CHECK (char_length("service") <= 100)
);
CREATE INDEX "integration_configs_integration_id_idx" ON "mainstay"."integration_configs" ("integration_id");
ALTER TABLE "mainstay"."integration_configs" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."integration_configs" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."integration_configs" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."integration_configs" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."integration_configs" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."integration_configs" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."integration_configs" IS 'How an integration, or another external service, is set: for the organisation or one venue. Credentials don''t belong here but into connections.';
COMMENT ON COLUMN "mainstay"."integration_configs"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."integration_configs"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."integration_configs"."venue_id" IS 'The venue that it is for; none means all.';
COMMENT ON COLUMN "mainstay"."integration_configs"."integration_id" IS 'The integration.';
COMMENT ON COLUMN "mainstay"."integration_configs"."service" IS 'The service, where it is none of the integrations.';
COMMENT ON COLUMN "mainstay"."integration_configs"."config" IS 'The settings.';
COMMENT ON COLUMN "mainstay"."integration_configs"."is_enabled" IS 'Whether they hold.';
COMMENT ON COLUMN "mainstay"."integration_configs"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."integration_configs"."updated_at" IS 'When the record was last changed.';

-- mainstay.integration_health (integrations)
CREATE TABLE "mainstay"."integration_health" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "connection_id" uuid NOT NULL,
    "health_status" text COLLATE "C" NOT NULL DEFAULT 'unknown',
    "success_rate" numeric(5,2),
    "avg_response_time" numeric(10,2),
    "last_check_at" timestamptz,
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "integration_health_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "integration_health_connection_id_key" UNIQUE ("organization_id", "connection_id"),
    CONSTRAINT "integration_health_avg_response_time_check" CHECK ("avg_response_time" >= 0),
    CONSTRAINT "integration_health_health_status_check" CHECK ("health_status" IN ('healthy', 'degraded', 'down', 'unknown')),
    CONSTRAINT "integration_health_success_rate_check" CHECK ("success_rate" >= 0 AND "success_rate" <= 100)
);
CREATE INDEX "integration_health_health_status_idx" ON "mainstay"."integration_health" ("organization_id", "health_status");
ALTER TABLE "mainstay"."integration_health" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."integration_health" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."integration_health" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."integration_health" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."integration_health" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."integration_health" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."integration_health" IS 'How a connection did when it was last looked at.';
COMMENT ON COLUMN "mainstay"."integration_health"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."integration_health"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."integration_health"."connection_id" IS 'The connection.';
COMMENT ON COLUMN "mainstay"."integration_health"."health_status" IS 'How it does.';
COMMENT ON COLUMN "mainstay"."integration_health"."success_rate" IS 'Calls that succeeded, in percent.';
COMMENT ON COLUMN "mainstay"."integration_health"."avg_response_time" IS 'How long a call takes on average, in milliseconds.';
COMMENT ON COLUMN "mainstay"."integration_health"."last_check_at" IS 'When it was looked at.';
COMMENT ON COLUMN "mainstay"."integration_health"."updated_at" IS 'When the record was last changed.';

-- mainstay.webhook_events (integrations)
CREATE TABLE "mainstay"."webhook_events" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "source" text COLLATE "C" NOT NULL,
    "provider" text COLLATE "C",
    "integration_id" uuid,
    "connection_id" uuid,
    "event_type" text COLLATE "C" NOT NULL,
    "payload" jsonb NOT NULL,
    "signature" text COLLATE "C",
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "attempts" integer NOT NULL DEFAULT 0,
    "last_attempt_at" timestamptz,
    "error_message" text COLLATE "C",
    "is_processed" boolean NOT NULL DEFAULT false,
    "received_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "webhook_events_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "webhook_events_attempts_check" CHECK ("attempts" >= 0),
    CONSTRAINT "webhook_events_error_message_check" CHECK (char_length("error_message") <= 4000),
    CONSTRAINT "webhook_events_event_type_check" CHECK (char_length("event_type") <= 255),
    CONSTRAINT "webhook_events_provider_check" CHECK (char_length("provider") <= 100),
    CONSTRAINT "webhook_events_signature_check" CHECK (char_length("signature") <= 1000),
    CONSTRAINT "webhook_events_source_check" CHECK ("source" IN ('integration', 'notification', 'compliance')),
    CONSTRAINT "webhook_events_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed'))
);
CREATE INDEX "webhook_events_status_received_at_idx" ON "mainstay"."webhook_events" ("organization_id", "status", "received_at");
CREATE INDEX "webhook_events_provider_event_type_idx" ON "mainstay"."webhook_events" ("organization_id", "provider", "event_type");
CREATE INDEX "webhook_events_received_at_idx" ON "mainstay"."webhook_events" ("organization_id", "received_at");
CREATE INDEX "webhook_events_integration_id_idx" ON "mainstay"."webhook_events" ("integration_id");
CREATE INDEX "webhook_events_connection_id_idx" ON "mainstay"."webhook_events" ("organization_id", "connection_id");
CREATE TRIGGER "webhook_events_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."webhook_events" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing') WHEN 'processing' THEN NEW."status" IN ('completed', 'failed') WHEN 'failed' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."webhook_events" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."webhook_events" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."webhook_events" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."webhook_events" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."webhook_events" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."webhook_events" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."webhook_events" IS 'A call by another system, as it came.';
COMMENT ON COLUMN "mainstay"."webhook_events"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."webhook_events"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."webhook_events"."source" IS 'Which part of the product was called.';
COMMENT ON COLUMN "mainstay"."webhook_events"."provider" IS 'Who called.';
COMMENT ON COLUMN "mainstay"."webhook_events"."integration_id" IS 'The integration that it concerns.';
COMMENT ON COLUMN "mainstay"."webhook_events"."connection_id" IS 'The connection that it concerns.';
COMMENT ON COLUMN "mainstay"."webhook_events"."event_type" IS 'What happened there.';
COMMENT ON COLUMN "mainstay"."webhook_events"."payload" IS 'What was sent.';
COMMENT ON COLUMN "mainstay"."webhook_events"."signature" IS 'The signature that came with it.';
COMMENT ON COLUMN "mainstay"."webhook_events"."status" IS 'How far the work on it is.';
COMMENT ON COLUMN "mainstay"."webhook_events"."attempts" IS 'How often it was tried.';
COMMENT ON COLUMN "mainstay"."webhook_events"."last_attempt_at" IS 'When it was last tried.';
COMMENT ON COLUMN "mainstay"."webhook_events"."error_message" IS 'Why it failed.';
COMMENT ON COLUMN "mainstay"."webhook_events"."is_processed" IS 'Whether its work is done.';
COMMENT ON COLUMN "mainstay"."webhook_events"."received_at" IS 'When it came.';

-- mainstay.sync_jobs (integrations)
CREATE TABLE "mainstay"."sync_jobs" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "connection_id" uuid NOT NULL,
    "sync_type" text COLLATE "C" NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "priority" smallint NOT NULL DEFAULT 5,
    "scheduled_for" timestamptz NOT NULL DEFAULT now(),
    "started_at" timestamptz,
    "completed_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "sync_jobs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "sync_jobs_priority_check" CHECK ("priority" >= 1 AND "priority" <= 10),
    CONSTRAINT "sync_jobs_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    CONSTRAINT "sync_jobs_sync_type_check" CHECK ("sync_type" IN ('full', 'incremental'))
);
CREATE INDEX "sync_jobs_status_scheduled_for_idx" ON "mainstay"."sync_jobs" ("organization_id", "status", "scheduled_for");
CREATE INDEX "sync_jobs_connection_id_scheduled_for_idx" ON "mainstay"."sync_jobs" ("organization_id", "connection_id", "scheduled_for");
CREATE TRIGGER "sync_jobs_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."sync_jobs" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing', 'cancelled') WHEN 'processing' THEN NEW."status" IN ('completed', 'failed') WHEN 'failed' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."sync_jobs" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."sync_jobs" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."sync_jobs" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."sync_jobs" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."sync_jobs" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."sync_jobs" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."sync_jobs" IS 'Data to be fetched over a connection.';
COMMENT ON COLUMN "mainstay"."sync_jobs"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."sync_jobs"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."sync_jobs"."connection_id" IS 'The connection.';
COMMENT ON COLUMN "mainstay"."sync_jobs"."sync_type" IS 'How much is fetched.';
COMMENT ON COLUMN "mainstay"."sync_jobs"."status" IS 'How far it is.';
COMMENT ON COLUMN "mainstay"."sync_jobs"."priority" IS '1 is first, 10 is last.';
COMMENT ON COLUMN "mainstay"."sync_jobs"."scheduled_for" IS 'Not before.';
COMMENT ON COLUMN "mainstay"."sync_jobs"."started_at" IS 'When it was begun.';
COMMENT ON COLUMN "mainstay"."sync_jobs"."completed_at" IS 'When it ended.';
COMMENT ON COLUMN "mainstay"."sync_jobs"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."sync_jobs"."updated_at" IS 'When the record was last changed.';

-- mainstay.sync_logs (integrations)
CREATE TABLE "mainstay"."sync_logs" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "connection_id" uuid NOT NULL,
    "sync_type" text COLLATE "C" NOT NULL,
    "records_synced" bigint NOT NULL DEFAULT 0,
    "records_failed" bigint NOT NULL DEFAULT 0,
    "duration_ms" bigint,
    "status" text COLLATE "C" NOT NULL,
    "error_message" text COLLATE "C",
    "synced_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "sync_logs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "sync_logs_duration_ms_check" CHECK ("duration_ms" >= 0),
    CONSTRAINT "sync_logs_error_message_check" CHECK (char_length("error_message") <= 4000),
    CONSTRAINT "sync_logs_records_failed_check" CHECK ("records_failed" >= 0),
    CONSTRAINT "sync_logs_records_synced_check" CHECK ("records_synced" >= 0),
    CONSTRAINT "sync_logs_status_check" CHECK ("status" IN ('completed', 'partial', 'failed')),
    CONSTRAINT "sync_logs_sync_type_check" CHECK ("sync_type" IN ('full', 'incremental'))
);
CREATE INDEX "sync_logs_connection_id_synced_at_idx" ON "mainstay"."sync_logs" ("organization_id", "connection_id", "synced_at" DESC);
CREATE INDEX "sync_logs_status_synced_at_idx" ON "mainstay"."sync_logs" ("organization_id", "status", "synced_at");
CREATE TRIGGER "sync_logs_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."sync_logs" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "sync_logs_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."sync_logs" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."sync_logs" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."sync_logs" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."sync_logs" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."sync_logs" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."sync_logs" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."sync_logs" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."sync_logs" IS 'One synchronisation, as it went.';
COMMENT ON COLUMN "mainstay"."sync_logs"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."sync_logs"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."sync_logs"."connection_id" IS 'The connection.';
COMMENT ON COLUMN "mainstay"."sync_logs"."sync_type" IS 'How much was fetched.';
COMMENT ON COLUMN "mainstay"."sync_logs"."records_synced" IS 'Records that were taken.';
COMMENT ON COLUMN "mainstay"."sync_logs"."records_failed" IS 'Records that could not be taken.';
COMMENT ON COLUMN "mainstay"."sync_logs"."duration_ms" IS 'How long it took, in milliseconds.';
COMMENT ON COLUMN "mainstay"."sync_logs"."status" IS 'How it went.';
COMMENT ON COLUMN "mainstay"."sync_logs"."error_message" IS 'Why it failed.';
COMMENT ON COLUMN "mainstay"."sync_logs"."synced_at" IS 'When it ended.';

-- mainstay.oauth_tokens (integrations)
CREATE TABLE "mainstay"."oauth_tokens" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "connection_id" uuid NOT NULL,
    "provider" text COLLATE "C" NOT NULL,
    "access_token" bytea NOT NULL,
    "refresh_token" bytea,
    "expires_at" timestamptz,
    "scope" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "oauth_tokens_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "oauth_tokens_connection_id_provider_key" UNIQUE ("organization_id", "connection_id", "provider"),
    CONSTRAINT "oauth_tokens_provider_check" CHECK (char_length("provider") <= 100),
    CONSTRAINT "oauth_tokens_scope_check" CHECK (char_length("scope") <= 2000)
);
CREATE INDEX "oauth_tokens_expires_at_idx" ON "mainstay"."oauth_tokens" ("organization_id", "expires_at");
ALTER TABLE "mainstay"."oauth_tokens" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."oauth_tokens" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."oauth_tokens" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."oauth_tokens" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."oauth_tokens" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."oauth_tokens" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."oauth_tokens" IS 'What an OAuth provider gave for a connection.';
COMMENT ON COLUMN "mainstay"."oauth_tokens"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."oauth_tokens"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."oauth_tokens"."connection_id" IS 'The connection.';
COMMENT ON COLUMN "mainstay"."oauth_tokens"."provider" IS 'Who gave it.';
COMMENT ON COLUMN "mainstay"."oauth_tokens"."access_token" IS 'What opens the account (S0-B49).';
COMMENT ON COLUMN "mainstay"."oauth_tokens"."refresh_token" IS 'What gets another access token (S0-B49).';
COMMENT ON COLUMN "mainstay"."oauth_tokens"."expires_at" IS 'The access token works until then.';
COMMENT ON COLUMN "mainstay"."oauth_tokens"."scope" IS 'What it allows, separated by spaces (RFC 6749 §3.3).';
COMMENT ON COLUMN "mainstay"."oauth_tokens"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."oauth_tokens"."updated_at" IS 'When the record was last changed.';

-- mainstay.venue_api_keys (integrations)
CREATE TABLE "mainstay"."venue_api_keys" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "integration_id" uuid NOT NULL,
    "api_key" bytea NOT NULL,
    "api_secret" bytea,
    "environment" text COLLATE "C" NOT NULL,
    "active" boolean NOT NULL DEFAULT true,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "venue_api_keys_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "venue_api_keys_environment_check" CHECK ("environment" IN ('production', 'sandbox'))
);
CREATE UNIQUE INDEX "venue_api_keys_venue_id_integration_id_environment_key" ON "mainstay"."venue_api_keys" ("organization_id", "venue_id", "integration_id", "environment") WHERE active = true;
CREATE INDEX "venue_api_keys_venue_id_idx" ON "mainstay"."venue_api_keys" ("organization_id", "venue_id");
CREATE INDEX "venue_api_keys_integration_id_idx" ON "mainstay"."venue_api_keys" ("integration_id");
ALTER TABLE "mainstay"."venue_api_keys" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."venue_api_keys" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."venue_api_keys" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."venue_api_keys" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."venue_api_keys" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."venue_api_keys" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."venue_api_keys" IS 'A venue''s key at a system that knows no OAuth.';
COMMENT ON COLUMN "mainstay"."venue_api_keys"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."venue_api_keys"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."venue_api_keys"."venue_id" IS 'The venue.';
COMMENT ON COLUMN "mainstay"."venue_api_keys"."integration_id" IS 'The system.';
COMMENT ON COLUMN "mainstay"."venue_api_keys"."api_key" IS 'The key (S0-B50).';
COMMENT ON COLUMN "mainstay"."venue_api_keys"."api_secret" IS 'What belongs to the key (S0-B50).';
COMMENT ON COLUMN "mainstay"."venue_api_keys"."environment" IS 'Which world it opens.';
COMMENT ON COLUMN "mainstay"."venue_api_keys"."active" IS 'Whether it is used.';
COMMENT ON COLUMN "mainstay"."venue_api_keys"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."venue_api_keys"."updated_at" IS 'When the record was last changed.';

-- mainstay.venues (ticketing)
CREATE TABLE "mainstay"."venues" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "legal_name" text COLLATE "C",
    "tax_identifier" bytea,
    "address" text COLLATE "C",
    "city" text COLLATE "C",
    "region" text COLLATE "C",
    "postal_code" text COLLATE "C",
    "country" text COLLATE "C",
    "timezone" text COLLATE "C" NOT NULL DEFAULT 'UTC',
    "currency" text COLLATE "C" NOT NULL DEFAULT 'USD',
    "capacity" integer,
    "website_url" text COLLATE "C",
    "opened_on" date,
    "metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "is_active" boolean NOT NULL DEFAULT true,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    CONSTRAINT "venues_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "venues_address_check" CHECK (char_length("address") <= 500),
    CONSTRAINT "venues_capacity_check" CHECK ("capacity" >= 0),
    CONSTRAINT "venues_city_check" CHECK (char_length("city") <= 100),
    CONSTRAINT "venues_country_check" CHECK (char_length("country") <= 2),
    CONSTRAINT "venues_currency_check" CHECK (char_length("currency") <= 3),
    CONSTRAINT "venues_description_check" CHECK (char_length("description") <= 4000),
    CONSTRAINT "venues_legal_name_check" CHECK (char_length("legal_name") <= 255),
    CONSTRAINT "venues_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "venues_postal_code_check" CHECK (char_length("postal_code") <= 20),
    CONSTRAINT "venues_region_check" CHECK (char_length("region") <= 100),
    CONSTRAINT "venues_timezone_check" CHECK (char_length("timezone") <= 64),
    CONSTRAINT "venues_website_url_check" CHECK (char_length("website_url") <= 2000)
);
CREATE UNIQUE INDEX "venues_name_key" ON "mainstay"."venues" ("organization_id", "name") WHERE deleted_at is null;
CREATE INDEX "venues_country_city_idx" ON "mainstay"."venues" ("organization_id", "country", "city");
CREATE TABLE "mainstay"."venues_words" ( /* definition 1 */
    "organization_id" uuid NOT NULL,
    "field" smallint NOT NULL,
    "word" text COLLATE "C" NOT NULL,
    "id" uuid NOT NULL,
    "places" text NOT NULL,
    CONSTRAINT "venues_words_pkey" PRIMARY KEY ("organization_id", "field", "word", "id")
);
CREATE INDEX "venues_words_row_idx" ON "mainstay"."venues_words" ("organization_id", "id");
ALTER TABLE "mainstay"."venues_words" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."venues_words" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."venues_words" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."venues_words" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."venues_words" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, DELETE ON TABLE "mainstay"."venues_words" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."venues_words" IS 'The words of venues in its columns name, description.';
CREATE TRIGGER "venues_words_forget" AFTER DELETE ON "mainstay"."venues" REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."forget_words"('"mainstay"."venues_words"', 'w."organization_id" = r."organization_id" AND w."id" = r."id"');
ALTER TABLE "mainstay"."venues" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."venues" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."venues" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."venues" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."venues" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."venues" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."venues" IS 'A place with doors: a hall, club, stadium or field, run as a business of an organisation.';
COMMENT ON COLUMN "mainstay"."venues"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."venues"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."venues"."name" IS 'The name that guests know.';
COMMENT ON COLUMN "mainstay"."venues"."description" IS 'What guests should know.';
COMMENT ON COLUMN "mainstay"."venues"."legal_name" IS 'The name of the business that is paid.';
COMMENT ON COLUMN "mainstay"."venues"."tax_identifier" IS 'The number under which the business is taxed.';
COMMENT ON COLUMN "mainstay"."venues"."address" IS 'Street and number.';
COMMENT ON COLUMN "mainstay"."venues"."city" IS 'Town.';
COMMENT ON COLUMN "mainstay"."venues"."region" IS 'State, province or county.';
COMMENT ON COLUMN "mainstay"."venues"."postal_code" IS 'Postal code.';
COMMENT ON COLUMN "mainstay"."venues"."country" IS 'Country, two letters (ISO 3166-1).';
COMMENT ON COLUMN "mainstay"."venues"."timezone" IS 'Time zone of its doors and days (IANA).';
COMMENT ON COLUMN "mainstay"."venues"."currency" IS 'Currency that it sells in (ISO 4217).';
COMMENT ON COLUMN "mainstay"."venues"."capacity" IS 'Guests that it holds.';
COMMENT ON COLUMN "mainstay"."venues"."website_url" IS 'Its site.';
COMMENT ON COLUMN "mainstay"."venues"."opened_on" IS 'When it opened.';
COMMENT ON COLUMN "mainstay"."venues"."metadata" IS 'Whatever the product keeps beside it.';
COMMENT ON COLUMN "mainstay"."venues"."is_active" IS 'Whether events can be held.';
COMMENT ON COLUMN "mainstay"."venues"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."venues"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."venues"."deleted_at" IS 'When the record was deleted; null while it is there.';

-- mainstay.venue_members (ticketing)
CREATE TABLE "mainstay"."venue_members" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "role" text COLLATE "C" NOT NULL DEFAULT 'staff',
    "joined_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "venue_members_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "venue_members_user_id_venue_id_key" UNIQUE ("organization_id", "user_id", "venue_id"),
    CONSTRAINT "venue_members_role_check" CHECK ("role" IN ('owner', 'manager', 'staff', 'scanner'))
);
CREATE INDEX "venue_members_venue_id_idx" ON "mainstay"."venue_members" ("organization_id", "venue_id");
ALTER TABLE "mainstay"."venue_members" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."venue_members" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."venue_members" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."venue_members" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."venue_members" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."venue_members" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."venue_members" IS 'A member who works at a venue: whoever is not an administrator reaches the rows of these venues alone.';
COMMENT ON COLUMN "mainstay"."venue_members"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."venue_members"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."venue_members"."user_id" IS 'The member, by user.';
COMMENT ON COLUMN "mainstay"."venue_members"."venue_id" IS 'Where the member works.';
COMMENT ON COLUMN "mainstay"."venue_members"."role" IS 'What the member does there.';
COMMENT ON COLUMN "mainstay"."venue_members"."joined_at" IS 'When the member began.';

-- mainstay.customers (ticketing)
CREATE TABLE "mainstay"."customers" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid,
    "external_id" text COLLATE "C",
    "name" text COLLATE "C",
    "email" text COLLATE "C",
    "phone" text COLLATE "C",
    "country" text COLLATE "C",
    "accepts_marketing" boolean NOT NULL DEFAULT false,
    "metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    CONSTRAINT "customers_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "customers_external_id_key" UNIQUE ("organization_id", "external_id"),
    CONSTRAINT "customers_country_check" CHECK (char_length("country") <= 2),
    CONSTRAINT "customers_email_check" CHECK (char_length("email") <= 320),
    CONSTRAINT "customers_external_id_check" CHECK (char_length("external_id") <= 100),
    CONSTRAINT "customers_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "customers_phone_check" CHECK (char_length("phone") <= 32)
);
CREATE INDEX "customers_email_idx" ON "mainstay"."customers" ("organization_id", "email");
CREATE INDEX "customers_created_at_idx" ON "mainstay"."customers" ("organization_id", "created_at");
CREATE INDEX "customers_user_id_idx" ON "mainstay"."customers" ("organization_id", "user_id");
ALTER TABLE "mainstay"."customers" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."customers" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."customers" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."customers" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."customers" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."customers" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."customers" IS 'Somebody who buys tickets, with or without an account.';
COMMENT ON COLUMN "mainstay"."customers"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."customers"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."customers"."user_id" IS 'The account of a customer who has one here.';
COMMENT ON COLUMN "mainstay"."customers"."external_id" IS 'Its number in the system that it was imported from.';
COMMENT ON COLUMN "mainstay"."customers"."name" IS 'The name on tickets.';
COMMENT ON COLUMN "mainstay"."customers"."email" IS 'Where tickets are sent.';
COMMENT ON COLUMN "mainstay"."customers"."phone" IS 'Where changes are told.';
COMMENT ON COLUMN "mainstay"."customers"."country" IS 'Country, two letters (ISO 3166-1).';
COMMENT ON COLUMN "mainstay"."customers"."accepts_marketing" IS 'Whether offers may be sent.';
COMMENT ON COLUMN "mainstay"."customers"."metadata" IS 'Whatever the product keeps beside the customer.';
COMMENT ON COLUMN "mainstay"."customers"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."customers"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."customers"."deleted_at" IS 'When the record was deleted; null while it is there.';

-- mainstay.venue_events (ticketing)
CREATE TABLE "mainstay"."venue_events" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "category" text COLLATE "C",
    "status" text COLLATE "C" NOT NULL DEFAULT 'draft',
    "doors_open_at" timestamptz,
    "starts_at" timestamptz NOT NULL,
    "ends_at" timestamptz,
    "capacity" integer,
    "base_price_cents" bigint,
    "price_cents" bigint,
    "currency" text COLLATE "C" NOT NULL DEFAULT 'USD',
    "metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_by" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    CONSTRAINT "venue_events_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "venue_events_base_price_cents_check" CHECK ("base_price_cents" >= 0),
    CONSTRAINT "venue_events_capacity_check" CHECK ("capacity" >= 0),
    CONSTRAINT "venue_events_category_check" CHECK (char_length("category") <= 100),
    CONSTRAINT "venue_events_currency_check" CHECK (char_length("currency") <= 3),
    CONSTRAINT "venue_events_description_check" CHECK (char_length("description") <= 8000),
    CONSTRAINT "venue_events_doors_before_start_check" CHECK (doors_open_at is null or doors_open_at <= starts_at),
    CONSTRAINT "venue_events_ends_after_start_check" CHECK (ends_at is null or ends_at > starts_at),
    CONSTRAINT "venue_events_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "venue_events_price_cents_check" CHECK ("price_cents" >= 0),
    CONSTRAINT "venue_events_status_check" CHECK ("status" IN ('draft', 'published', 'on_sale', 'sold_out', 'postponed', 'cancelled', 'completed'))
);
CREATE INDEX "venue_events_venue_id_starts_at_idx" ON "mainstay"."venue_events" ("organization_id", "venue_id", "starts_at");
CREATE INDEX "venue_events_status_starts_at_idx" ON "mainstay"."venue_events" ("organization_id", "status", "starts_at");
CREATE INDEX "venue_events_starts_at_idx" ON "mainstay"."venue_events" ("organization_id", "starts_at");
CREATE INDEX "venue_events_created_by_idx" ON "mainstay"."venue_events" ("organization_id", "created_by");
CREATE TABLE "mainstay"."venue_events_words" ( /* definition 1 */
    "organization_id" uuid NOT NULL,
    "field" smallint NOT NULL,
    "word" text COLLATE "C" NOT NULL,
    "id" uuid NOT NULL,
    "places" text NOT NULL,
    CONSTRAINT "venue_events_words_pkey" PRIMARY KEY ("organization_id", "field", "word", "id")
);
CREATE INDEX "venue_events_words_row_idx" ON "mainstay"."venue_events_words" ("organization_id", "id");
ALTER TABLE "mainstay"."venue_events_words" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."venue_events_words" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."venue_events_words" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."venue_events_words" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."venue_events_words" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, DELETE ON TABLE "mainstay"."venue_events_words" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."venue_events_words" IS 'The words of venue_events in its columns name, description.';
CREATE TRIGGER "venue_events_words_forget" AFTER DELETE ON "mainstay"."venue_events" REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."forget_words"('"mainstay"."venue_events_words"', 'w."organization_id" = r."organization_id" AND w."id" = r."id"');
CREATE TRIGGER "venue_events_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."venue_events" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'draft' THEN NEW."status" IN ('published', 'cancelled') WHEN 'published' THEN NEW."status" IN ('on_sale', 'postponed', 'cancelled') WHEN 'on_sale' THEN NEW."status" IN ('sold_out', 'postponed', 'cancelled', 'completed') WHEN 'sold_out' THEN NEW."status" IN ('on_sale', 'postponed', 'cancelled', 'completed') WHEN 'postponed' THEN NEW."status" IN ('published', 'on_sale', 'cancelled') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."venue_events" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."venue_events" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."venue_events" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."venue_events" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."venue_events" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."venue_events" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."venue_events" IS 'A concert, match or show at a venue. The table is not called `events`, the word for what analytics records.';
COMMENT ON COLUMN "mainstay"."venue_events"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."venue_events"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."venue_events"."venue_id" IS 'Where it happens.';
COMMENT ON COLUMN "mainstay"."venue_events"."name" IS 'The name that guests know.';
COMMENT ON COLUMN "mainstay"."venue_events"."description" IS 'What guests should know.';
COMMENT ON COLUMN "mainstay"."venue_events"."category" IS 'What kind it is: concert, match, theatre.';
COMMENT ON COLUMN "mainstay"."venue_events"."status" IS 'How far it is.';
COMMENT ON COLUMN "mainstay"."venue_events"."doors_open_at" IS 'When guests are let in.';
COMMENT ON COLUMN "mainstay"."venue_events"."starts_at" IS 'When it starts.';
COMMENT ON COLUMN "mainstay"."venue_events"."ends_at" IS 'When it ends.';
COMMENT ON COLUMN "mainstay"."venue_events"."capacity" IS 'Tickets that can be sold.';
COMMENT ON COLUMN "mainstay"."venue_events"."base_price_cents" IS 'Price from which dynamic prices start, in cents.';
COMMENT ON COLUMN "mainstay"."venue_events"."price_cents" IS 'Price of a ticket now, in cents.';
COMMENT ON COLUMN "mainstay"."venue_events"."currency" IS 'Currency of its prices (ISO 4217).';
COMMENT ON COLUMN "mainstay"."venue_events"."metadata" IS 'Whatever the product keeps beside it.';
COMMENT ON COLUMN "mainstay"."venue_events"."created_by" IS 'Who planned it.';
COMMENT ON COLUMN "mainstay"."venue_events"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."venue_events"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."venue_events"."deleted_at" IS 'When the record was deleted; null while it is there.';

-- mainstay.tickets (ticketing)
CREATE TABLE "mainstay"."tickets" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "event_id" uuid NOT NULL,
    "customer_id" uuid,
    "ticket_number" text COLLATE "C" NOT NULL,
    "ticket_type" text COLLATE "C" NOT NULL DEFAULT 'general',
    "holder_name" text COLLATE "C",
    "holder_email" text COLLATE "C",
    "zone" text COLLATE "C",
    "section" text COLLATE "C",
    "seat_row" text COLLATE "C",
    "seat" text COLLATE "C",
    "price_cents" bigint NOT NULL DEFAULT 0,
    "currency" text COLLATE "C" NOT NULL DEFAULT 'USD',
    "status" text COLLATE "C" NOT NULL DEFAULT 'issued',
    "purchased_at" timestamptz NOT NULL DEFAULT now(),
    "valid_from" timestamptz,
    "valid_until" timestamptz,
    "used_at" timestamptz,
    "entry_count" integer NOT NULL DEFAULT 0,
    "code_key" bytea,
    "metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "tickets_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "tickets_ticket_number_key" UNIQUE ("organization_id", "ticket_number"),
    CONSTRAINT "tickets_currency_check" CHECK (char_length("currency") <= 3),
    CONSTRAINT "tickets_entry_count_check" CHECK ("entry_count" >= 0),
    CONSTRAINT "tickets_holder_email_check" CHECK (char_length("holder_email") <= 320),
    CONSTRAINT "tickets_holder_name_check" CHECK (char_length("holder_name") <= 255),
    CONSTRAINT "tickets_price_cents_check" CHECK ("price_cents" >= 0),
    CONSTRAINT "tickets_seat_check" CHECK (char_length("seat") <= 20),
    CONSTRAINT "tickets_seat_row_check" CHECK (char_length("seat_row") <= 20),
    CONSTRAINT "tickets_section_check" CHECK (char_length("section") <= 50),
    CONSTRAINT "tickets_status_check" CHECK ("status" IN ('reserved', 'issued', 'used', 'transferred', 'refunded', 'cancelled', 'expired')),
    CONSTRAINT "tickets_ticket_number_check" CHECK (char_length("ticket_number") <= 50),
    CONSTRAINT "tickets_ticket_type_check" CHECK (char_length("ticket_type") <= 100),
    CONSTRAINT "tickets_valid_for_some_time_check" CHECK (valid_from is null or valid_until is null or valid_until > valid_from),
    CONSTRAINT "tickets_zone_check" CHECK (char_length("zone") <= 100)
);
CREATE UNIQUE INDEX "tickets_event_id_section_seat_row_seat_key" ON "mainstay"."tickets" ("organization_id", "event_id", "section", "seat_row", "seat") NULLS NOT DISTINCT WHERE seat is not null and status in ('reserved', 'issued', 'used');
CREATE INDEX "tickets_event_id_status_idx" ON "mainstay"."tickets" ("organization_id", "event_id", "status");
CREATE INDEX "tickets_customer_id_purchased_at_idx" ON "mainstay"."tickets" ("organization_id", "customer_id", "purchased_at");
CREATE INDEX "tickets_venue_id_purchased_at_idx" ON "mainstay"."tickets" ("organization_id", "venue_id", "purchased_at");
CREATE TRIGGER "tickets_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."tickets" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'reserved' THEN NEW."status" IN ('issued', 'cancelled') WHEN 'issued' THEN NEW."status" IN ('used', 'transferred', 'refunded', 'cancelled', 'expired') WHEN 'used' THEN NEW."status" IN ('refunded') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."tickets" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."tickets" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."tickets" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."tickets" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."tickets" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."tickets" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."tickets" IS 'The right of one guest to enter one event.';
COMMENT ON COLUMN "mainstay"."tickets"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."tickets"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."tickets"."venue_id" IS 'Where it lets in.';
COMMENT ON COLUMN "mainstay"."tickets"."event_id" IS 'What it is for.';
COMMENT ON COLUMN "mainstay"."tickets"."customer_id" IS 'Who bought it.';
COMMENT ON COLUMN "mainstay"."tickets"."ticket_number" IS 'The number printed on it.';
COMMENT ON COLUMN "mainstay"."tickets"."ticket_type" IS 'What kind it is.';
COMMENT ON COLUMN "mainstay"."tickets"."holder_name" IS 'Who is let in.';
COMMENT ON COLUMN "mainstay"."tickets"."holder_email" IS 'Where changes are told.';
COMMENT ON COLUMN "mainstay"."tickets"."zone" IS 'The part of the venue that it lets into; none means all.';
COMMENT ON COLUMN "mainstay"."tickets"."section" IS 'Block.';
COMMENT ON COLUMN "mainstay"."tickets"."seat_row" IS 'Row.';
COMMENT ON COLUMN "mainstay"."tickets"."seat" IS 'Seat, sold to one guest at a time.';
COMMENT ON COLUMN "mainstay"."tickets"."price_cents" IS 'What was paid, in cents.';
COMMENT ON COLUMN "mainstay"."tickets"."currency" IS 'Currency of the price (ISO 4217).';
COMMENT ON COLUMN "mainstay"."tickets"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."tickets"."purchased_at" IS 'When it was bought.';
COMMENT ON COLUMN "mainstay"."tickets"."valid_from" IS 'Not valid before.';
COMMENT ON COLUMN "mainstay"."tickets"."valid_until" IS 'Not valid from then on.';
COMMENT ON COLUMN "mainstay"."tickets"."used_at" IS 'When its holder was first let in.';
COMMENT ON COLUMN "mainstay"."tickets"."entry_count" IS 'How often its holder was let in.';
COMMENT ON COLUMN "mainstay"."tickets"."code_key" IS 'The key of the codes that the holder shows: `ticket:time:nonce:hmac`.';
COMMENT ON COLUMN "mainstay"."tickets"."metadata" IS 'Whatever the product keeps beside it.';
COMMENT ON COLUMN "mainstay"."tickets"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."tickets"."updated_at" IS 'When the record was last changed.';

-- mainstay.scanner_devices (ticketing)
CREATE TABLE "mainstay"."scanner_devices" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "device_identifier" text COLLATE "C" NOT NULL,
    "model" text COLLATE "C",
    "app_version" text COLLATE "C",
    "zone" text COLLATE "C",
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "can_scan_offline" boolean NOT NULL DEFAULT false,
    "token_hash" bytea,
    "registered_by" uuid,
    "last_seen_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "scanner_devices_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "scanner_devices_device_identifier_key" UNIQUE ("organization_id", "device_identifier"),
    CONSTRAINT "scanner_devices_token_hash_key" UNIQUE ("organization_id", "token_hash"),
    CONSTRAINT "scanner_devices_app_version_check" CHECK (char_length("app_version") <= 50),
    CONSTRAINT "scanner_devices_device_identifier_check" CHECK (char_length("device_identifier") <= 255),
    CONSTRAINT "scanner_devices_model_check" CHECK (char_length("model") <= 255),
    CONSTRAINT "scanner_devices_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "scanner_devices_status_check" CHECK ("status" IN ('pending', 'active', 'suspended', 'revoked')),
    CONSTRAINT "scanner_devices_zone_check" CHECK (char_length("zone") <= 100)
);
CREATE INDEX "scanner_devices_venue_id_status_idx" ON "mainstay"."scanner_devices" ("organization_id", "venue_id", "status");
CREATE INDEX "scanner_devices_registered_by_idx" ON "mainstay"."scanner_devices" ("organization_id", "registered_by");
CREATE TRIGGER "scanner_devices_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."scanner_devices" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('active', 'revoked') WHEN 'active' THEN NEW."status" IN ('suspended', 'revoked') WHEN 'suspended' THEN NEW."status" IN ('active', 'revoked') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."scanner_devices" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."scanner_devices" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."scanner_devices" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."scanner_devices" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."scanner_devices" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."scanner_devices" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."scanner_devices" IS 'A device that scans tickets at a venue (S0-B91).';
COMMENT ON COLUMN "mainstay"."scanner_devices"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."scanner_devices"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."scanner_devices"."venue_id" IS 'Where it scans.';
COMMENT ON COLUMN "mainstay"."scanner_devices"."name" IS 'The name that staff know.';
COMMENT ON COLUMN "mainstay"."scanner_devices"."device_identifier" IS 'What the device calls itself: serial number or installation.';
COMMENT ON COLUMN "mainstay"."scanner_devices"."model" IS 'Maker, model and operating system.';
COMMENT ON COLUMN "mainstay"."scanner_devices"."app_version" IS 'Version of the program on it.';
COMMENT ON COLUMN "mainstay"."scanner_devices"."zone" IS 'The part of the venue whose doors it guards; none means any.';
COMMENT ON COLUMN "mainstay"."scanner_devices"."status" IS 'Whether it may scan.';
COMMENT ON COLUMN "mainstay"."scanner_devices"."can_scan_offline" IS 'Whether it may let guests in while it reaches no server.';
COMMENT ON COLUMN "mainstay"."scanner_devices"."token_hash" IS 'SHA-256 of the token that it shows.';
COMMENT ON COLUMN "mainstay"."scanner_devices"."registered_by" IS 'Who registered it.';
COMMENT ON COLUMN "mainstay"."scanner_devices"."last_seen_at" IS 'When it last spoke to a server.';
COMMENT ON COLUMN "mainstay"."scanner_devices"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."scanner_devices"."updated_at" IS 'When the record was last changed.';

-- mainstay.scan_policies (ticketing)
CREATE TABLE "mainstay"."scan_policies" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "event_id" uuid,
    "zone" text COLLATE "C",
    "name" text COLLATE "C" NOT NULL,
    "code_seconds" integer NOT NULL DEFAULT 30,
    "nonce_seconds" integer NOT NULL DEFAULT 60,
    "clock_tolerance_seconds" integer NOT NULL DEFAULT 5,
    "opens_minutes_before" integer NOT NULL DEFAULT 120,
    "closes_minutes_after" integer NOT NULL DEFAULT 0,
    "enforces_zones" boolean NOT NULL DEFAULT true,
    "max_reentries" integer NOT NULL DEFAULT 0,
    "reentry_cooldown_seconds" integer NOT NULL DEFAULT 0,
    "offline_minutes" integer NOT NULL DEFAULT 30,
    "is_active" boolean NOT NULL DEFAULT true,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "scan_policies_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "scan_policies_venue_id_event_id_zone_key" UNIQUE NULLS NOT DISTINCT ("organization_id", "venue_id", "event_id", "zone"),
    CONSTRAINT "scan_policies_clock_tolerance_seconds_check" CHECK ("clock_tolerance_seconds" >= 0 AND "clock_tolerance_seconds" <= 60),
    CONSTRAINT "scan_policies_closes_minutes_after_check" CHECK ("closes_minutes_after" >= 0),
    CONSTRAINT "scan_policies_code_seconds_check" CHECK ("code_seconds" >= 1 AND "code_seconds" <= 600),
    CONSTRAINT "scan_policies_codes_used_once_check" CHECK (nonce_seconds >= code_seconds),
    CONSTRAINT "scan_policies_max_reentries_check" CHECK ("max_reentries" >= 0),
    CONSTRAINT "scan_policies_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "scan_policies_nonce_seconds_check" CHECK ("nonce_seconds" >= 1 AND "nonce_seconds" <= 3600),
    CONSTRAINT "scan_policies_offline_minutes_check" CHECK ("offline_minutes" >= 0 AND "offline_minutes" <= 1440),
    CONSTRAINT "scan_policies_opens_minutes_before_check" CHECK ("opens_minutes_before" >= 0),
    CONSTRAINT "scan_policies_reentry_cooldown_seconds_check" CHECK ("reentry_cooldown_seconds" >= 0),
    CONSTRAINT "scan_policies_zone_check" CHECK (char_length("zone") <= 100)
);
CREATE INDEX "scan_policies_event_id_idx" ON "mainstay"."scan_policies" ("organization_id", "event_id");
ALTER TABLE "mainstay"."scan_policies" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."scan_policies" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."scan_policies" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."scan_policies" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."scan_policies" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."scan_policies" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."scan_policies" IS 'What the doors let in: of a venue, or of one event or zone, which go before the venue''s (S0-B91).';
COMMENT ON COLUMN "mainstay"."scan_policies"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."scan_policies"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."scan_policies"."venue_id" IS 'The venue whose doors follow it.';
COMMENT ON COLUMN "mainstay"."scan_policies"."event_id" IS 'The event that it is for; none means all.';
COMMENT ON COLUMN "mainstay"."scan_policies"."zone" IS 'The zone that it is for; none means all.';
COMMENT ON COLUMN "mainstay"."scan_policies"."name" IS 'The name that staff know.';
COMMENT ON COLUMN "mainstay"."scan_policies"."code_seconds" IS 'Seconds that a shown code is good for; older ones are `QR_EXPIRED`.';
COMMENT ON COLUMN "mainstay"."scan_policies"."nonce_seconds" IS 'Seconds that a code is remembered, so that it is used once.';
COMMENT ON COLUMN "mainstay"."scan_policies"."clock_tolerance_seconds" IS 'Seconds that a code may be ahead of the server''s clock; further ones are `INVALID_QR`.';
COMMENT ON COLUMN "mainstay"."scan_policies"."opens_minutes_before" IS 'Minutes before its start that an event lets in; `EVENT_NOT_STARTED` before.';
COMMENT ON COLUMN "mainstay"."scan_policies"."closes_minutes_after" IS 'Minutes after its end that an event lets in; `EVENT_ENDED` afterwards.';
COMMENT ON COLUMN "mainstay"."scan_policies"."enforces_zones" IS 'Whether tickets let into their zone alone.';
COMMENT ON COLUMN "mainstay"."scan_policies"."max_reentries" IS 'How often a guest who left is let in again; beyond it `MAX_REENTRIES_REACHED`.';
COMMENT ON COLUMN "mainstay"."scan_policies"."reentry_cooldown_seconds" IS 'Seconds between two entries of a guest; `COOLDOWN_ACTIVE` within them.';
COMMENT ON COLUMN "mainstay"."scan_policies"."offline_minutes" IS 'Minutes that a device may scan without a server.';
COMMENT ON COLUMN "mainstay"."scan_policies"."is_active" IS 'Whether it holds.';
COMMENT ON COLUMN "mainstay"."scan_policies"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."scan_policies"."updated_at" IS 'When the record was last changed.';

-- mainstay.offline_scan_cache (ticketing)
CREATE TABLE "mainstay"."offline_scan_cache" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "event_id" uuid NOT NULL,
    "device_id" uuid NOT NULL,
    "ticket_id" uuid NOT NULL,
    "zone" text COLLATE "C",
    "code_key_hash" bytea NOT NULL,
    "valid_from" timestamptz NOT NULL DEFAULT now(),
    "valid_until" timestamptz NOT NULL,
    "used_at" timestamptz,
    "reported_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "offline_scan_cache_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "offline_scan_cache_device_id_ticket_id_key" UNIQUE ("organization_id", "device_id", "ticket_id"),
    CONSTRAINT "offline_scan_cache_valid_for_some_time_check" CHECK (valid_until > valid_from),
    CONSTRAINT "offline_scan_cache_zone_check" CHECK (char_length("zone") <= 100)
);
CREATE INDEX "offline_scan_cache_valid_until_idx" ON "mainstay"."offline_scan_cache" ("organization_id", "valid_until");
CREATE INDEX "offline_scan_cache_event_id_idx" ON "mainstay"."offline_scan_cache" ("organization_id", "event_id");
CREATE INDEX "offline_scan_cache_ticket_id_idx" ON "mainstay"."offline_scan_cache" ("organization_id", "ticket_id");
CREATE INDEX "offline_scan_cache_venue_id_idx" ON "mainstay"."offline_scan_cache" ("organization_id", "venue_id");
ALTER TABLE "mainstay"."offline_scan_cache" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."offline_scan_cache" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."offline_scan_cache" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."offline_scan_cache" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."offline_scan_cache" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."offline_scan_cache" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."offline_scan_cache" IS 'A ticket that a device may let in without asking, for a while (S0-B91).';
COMMENT ON COLUMN "mainstay"."offline_scan_cache"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."offline_scan_cache"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."offline_scan_cache"."venue_id" IS 'Where the device scans.';
COMMENT ON COLUMN "mainstay"."offline_scan_cache"."event_id" IS 'What it scans for.';
COMMENT ON COLUMN "mainstay"."offline_scan_cache"."device_id" IS 'The device that took it.';
COMMENT ON COLUMN "mainstay"."offline_scan_cache"."ticket_id" IS 'The ticket.';
COMMENT ON COLUMN "mainstay"."offline_scan_cache"."zone" IS 'The part of the venue that the ticket lets into; none means all.';
COMMENT ON COLUMN "mainstay"."offline_scan_cache"."code_key_hash" IS 'SHA-256 of the key that the ticket''s codes are made with.';
COMMENT ON COLUMN "mainstay"."offline_scan_cache"."valid_from" IS 'The device may use it from then on.';
COMMENT ON COLUMN "mainstay"."offline_scan_cache"."valid_until" IS 'Until then: the policy''s offline minutes later.';
COMMENT ON COLUMN "mainstay"."offline_scan_cache"."used_at" IS 'When the device let it in.';
COMMENT ON COLUMN "mainstay"."offline_scan_cache"."reported_at" IS 'When the device told so.';
COMMENT ON COLUMN "mainstay"."offline_scan_cache"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."offline_scan_cache"."updated_at" IS 'When the record was last changed.';

-- mainstay.ticket_scans (ticketing)
CREATE TABLE "mainstay"."ticket_scans" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "event_id" uuid,
    "ticket_id" uuid,
    "device_id" uuid,
    "scanned_by" uuid,
    "zone" text COLLATE "C",
    "direction" text COLLATE "C" NOT NULL DEFAULT 'entry',
    "result" text COLLATE "C" NOT NULL,
    "reason" text COLLATE "C",
    "entry_number" integer,
    "code_issued_at" timestamptz,
    "nonce" text COLLATE "C",
    "is_offline" boolean NOT NULL DEFAULT false,
    "device_scan_id" text COLLATE "C",
    "conflicts_with_id" uuid,
    "scanned_at" timestamptz NOT NULL DEFAULT now(),
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "ticket_scans_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "ticket_scans_device_id_device_scan_id_key" UNIQUE ("organization_id", "device_id", "device_scan_id"),
    CONSTRAINT "ticket_scans_device_scan_id_check" CHECK (char_length("device_scan_id") <= 100),
    CONSTRAINT "ticket_scans_direction_check" CHECK ("direction" IN ('entry', 'exit')),
    CONSTRAINT "ticket_scans_entry_number_check" CHECK ("entry_number" >= 1),
    CONSTRAINT "ticket_scans_nonce_check" CHECK (char_length("nonce") <= 64),
    CONSTRAINT "ticket_scans_reason_check" CHECK ("reason" IN ('QR_EXPIRED', 'QR_ALREADY_USED', 'INVALID_QR', 'UNAUTHORIZED_DEVICE', 'VENUE_MISMATCH', 'WRONG_VENUE', 'EVENT_NOT_STARTED', 'EVENT_ENDED', 'TICKET_NOT_YET_VALID', 'TICKET_EXPIRED', 'TICKET_REFUNDED', 'TICKET_CANCELLED', 'TICKET_TRANSFERRED', 'INVALID_STATUS', 'WRONG_ZONE', 'DUPLICATE', 'COOLDOWN_ACTIVE', 'MAX_REENTRIES_REACHED')),
    CONSTRAINT "ticket_scans_reason_of_denial_check" CHECK ((result = 'denied') = (reason is not null)),
    CONSTRAINT "ticket_scans_result_check" CHECK ("result" IN ('allowed', 'denied')),
    CONSTRAINT "ticket_scans_zone_check" CHECK (char_length("zone") <= 100)
);
CREATE UNIQUE INDEX "ticket_scans_ticket_id_entry_number_key" ON "mainstay"."ticket_scans" ("organization_id", "ticket_id", "entry_number") WHERE result = 'allowed';
CREATE UNIQUE INDEX "ticket_scans_ticket_id_nonce_key" ON "mainstay"."ticket_scans" ("organization_id", "ticket_id", "nonce") WHERE result = 'allowed';
CREATE INDEX "ticket_scans_ticket_id_scanned_at_idx" ON "mainstay"."ticket_scans" ("organization_id", "ticket_id", "scanned_at" DESC);
CREATE INDEX "ticket_scans_event_id_scanned_at_idx" ON "mainstay"."ticket_scans" ("organization_id", "event_id", "scanned_at" DESC);
CREATE INDEX "ticket_scans_venue_id_scanned_at_idx" ON "mainstay"."ticket_scans" ("organization_id", "venue_id", "scanned_at" DESC);
CREATE TRIGGER "ticket_scans_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."ticket_scans" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "ticket_scans_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."ticket_scans" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."ticket_scans" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."ticket_scans" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."ticket_scans" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."ticket_scans" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."ticket_scans" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."ticket_scans" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."ticket_scans" IS 'A code shown at a door, and what was decided (S0-B91).';
COMMENT ON COLUMN "mainstay"."ticket_scans"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."venue_id" IS 'Where it was shown.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."event_id" IS 'The event that was on.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."ticket_id" IS 'The ticket, if it is known.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."device_id" IS 'The device that read it.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."scanned_by" IS 'The member at the device.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."zone" IS 'The zone behind the door.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."direction" IS 'Which way the guest went.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."result" IS 'What was decided.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."reason" IS 'Why nobody was let in.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."entry_number" IS 'Which entry of the ticket it is, from 1: of any number of scans at the same moment, one gets it. An offline entry that turns out to be one too many has none.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."code_issued_at" IS 'When the code was made, as it says.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."nonce" IS 'What makes the code unlike all others of the ticket.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."is_offline" IS 'Whether the device decided by itself.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."device_scan_id" IS 'The device''s own number of the scan, so that one sent twice counts once.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."conflicts_with_id" IS 'The entry of the same ticket that another device allowed.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."scanned_at" IS 'When the code was read.';
COMMENT ON COLUMN "mainstay"."ticket_scans"."created_at" IS 'When the record was created.';

-- mainstay.ticket_scan_logs (ticketing)
CREATE TABLE "mainstay"."ticket_scan_logs" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "scan_id" uuid,
    "device_id" uuid,
    "user_id" uuid,
    "event_type" text COLLATE "C" NOT NULL,
    "message" text COLLATE "C",
    "details" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "ticket_scan_logs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "ticket_scan_logs_event_type_check" CHECK ("event_type" IN ('scan_allowed', 'scan_denied', 'entry_forced', 'device_registered', 'device_revoked', 'offline_cache_issued', 'offline_scans_received', 'conflict_found')),
    CONSTRAINT "ticket_scan_logs_message_check" CHECK (char_length("message") <= 4000)
);
CREATE INDEX "ticket_scan_logs_scan_id_idx" ON "mainstay"."ticket_scan_logs" ("organization_id", "scan_id");
CREATE INDEX "ticket_scan_logs_device_id_created_at_idx" ON "mainstay"."ticket_scan_logs" ("organization_id", "device_id", "created_at" DESC);
CREATE INDEX "ticket_scan_logs_venue_id_created_at_idx" ON "mainstay"."ticket_scan_logs" ("organization_id", "venue_id", "created_at" DESC);
CREATE TRIGGER "ticket_scan_logs_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."ticket_scan_logs" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "ticket_scan_logs_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."ticket_scan_logs" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."ticket_scan_logs" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."ticket_scan_logs" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."ticket_scan_logs" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."ticket_scan_logs" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."ticket_scan_logs" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."ticket_scan_logs" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."ticket_scan_logs" IS 'What happened around the doors, line by line (S0-B91).';
COMMENT ON COLUMN "mainstay"."ticket_scan_logs"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."ticket_scan_logs"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."ticket_scan_logs"."venue_id" IS 'Where.';
COMMENT ON COLUMN "mainstay"."ticket_scan_logs"."scan_id" IS 'The scan that it is about.';
COMMENT ON COLUMN "mainstay"."ticket_scan_logs"."device_id" IS 'The device that it is about.';
COMMENT ON COLUMN "mainstay"."ticket_scan_logs"."user_id" IS 'The member who did it.';
COMMENT ON COLUMN "mainstay"."ticket_scan_logs"."event_type" IS 'What happened.';
COMMENT ON COLUMN "mainstay"."ticket_scan_logs"."message" IS 'In words.';
COMMENT ON COLUMN "mainstay"."ticket_scan_logs"."details" IS 'Further facts.';
COMMENT ON COLUMN "mainstay"."ticket_scan_logs"."created_at" IS 'When the record was created.';

-- mainstay.nft_mints (ticketing)
CREATE TABLE "mainstay"."nft_mints" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "ticket_id" uuid NOT NULL,
    "mint_address" text COLLATE "C",
    "transaction_signature" text COLLATE "C",
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "minted_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "nft_mints_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "nft_mints_ticket_id_key" UNIQUE ("organization_id", "ticket_id"),
    CONSTRAINT "nft_mints_mint_address_key" UNIQUE ("organization_id", "mint_address"),
    CONSTRAINT "nft_mints_transaction_signature_key" UNIQUE ("organization_id", "transaction_signature"),
    CONSTRAINT "nft_mints_mint_address_check" CHECK (char_length("mint_address") <= 44),
    CONSTRAINT "nft_mints_mint_address_form_check" CHECK (length(mint_address) >= 32),
    CONSTRAINT "nft_mints_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed')),
    CONSTRAINT "nft_mints_transaction_signature_check" CHECK (char_length("transaction_signature") <= 88)
);
CREATE INDEX "nft_mints_status_created_at_idx" ON "mainstay"."nft_mints" ("organization_id", "status", "created_at");
CREATE TRIGGER "nft_mints_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."nft_mints" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing', 'failed') WHEN 'processing' THEN NEW."status" IN ('completed', 'failed') WHEN 'failed' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."nft_mints" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."nft_mints" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."nft_mints" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."nft_mints" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."nft_mints" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."nft_mints" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."nft_mints" IS 'A ticket as a token on the chain.';
COMMENT ON COLUMN "mainstay"."nft_mints"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."nft_mints"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."nft_mints"."ticket_id" IS 'The ticket.';
COMMENT ON COLUMN "mainstay"."nft_mints"."mint_address" IS 'The token''s Solana address, 32 to 44 characters of base58 (S0-B81).';
COMMENT ON COLUMN "mainstay"."nft_mints"."transaction_signature" IS 'The signature of the minting transaction, base58.';
COMMENT ON COLUMN "mainstay"."nft_mints"."status" IS 'How far it is.';
COMMENT ON COLUMN "mainstay"."nft_mints"."minted_at" IS 'When it was final.';
COMMENT ON COLUMN "mainstay"."nft_mints"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."nft_mints"."updated_at" IS 'When the record was last changed.';

-- mainstay.nft_transfers (ticketing)
CREATE TABLE "mainstay"."nft_transfers" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "mint_address" text COLLATE "C" NOT NULL,
    "from_address" text COLLATE "C" NOT NULL,
    "to_address" text COLLATE "C" NOT NULL,
    "transaction_signature" text COLLATE "C" NOT NULL,
    "transferred_at" timestamptz NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "nft_transfers_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "nft_transfers_transaction_signature_mint_address_key" UNIQUE ("organization_id", "transaction_signature", "mint_address"),
    CONSTRAINT "nft_transfers_from_address_check" CHECK (char_length("from_address") <= 44),
    CONSTRAINT "nft_transfers_mint_address_check" CHECK (char_length("mint_address") <= 44),
    CONSTRAINT "nft_transfers_to_address_check" CHECK (char_length("to_address") <= 44),
    CONSTRAINT "nft_transfers_transaction_signature_check" CHECK (char_length("transaction_signature") <= 88)
);
CREATE INDEX "nft_transfers_mint_address_transferred_at_idx" ON "mainstay"."nft_transfers" ("organization_id", "mint_address", "transferred_at");
CREATE INDEX "nft_transfers_from_address_idx" ON "mainstay"."nft_transfers" ("organization_id", "from_address");
CREATE INDEX "nft_transfers_to_address_idx" ON "mainstay"."nft_transfers" ("organization_id", "to_address");
CREATE TRIGGER "nft_transfers_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."nft_transfers" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "nft_transfers_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."nft_transfers" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."nft_transfers" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."nft_transfers" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."nft_transfers" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."nft_transfers" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."nft_transfers" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."nft_transfers" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."nft_transfers" IS 'A token that changed hands, as the chain tells.';
COMMENT ON COLUMN "mainstay"."nft_transfers"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."nft_transfers"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."nft_transfers"."mint_address" IS 'The token''s Solana address.';
COMMENT ON COLUMN "mainstay"."nft_transfers"."from_address" IS 'Who gave it; public on the chain.';
COMMENT ON COLUMN "mainstay"."nft_transfers"."to_address" IS 'Who got it; public on the chain.';
COMMENT ON COLUMN "mainstay"."nft_transfers"."transaction_signature" IS 'The signature of the transaction, base58; one transaction may move several tokens.';
COMMENT ON COLUMN "mainstay"."nft_transfers"."transferred_at" IS 'When the chain took it.';
COMMENT ON COLUMN "mainstay"."nft_transfers"."created_at" IS 'When the record was created.';

-- mainstay.fraud_events (ticketing)
CREATE TABLE "mainstay"."fraud_events" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "event_type" text COLLATE "C" NOT NULL,
    "risk_score" numeric(5,2) NOT NULL,
    "details" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "detected_at" timestamptz NOT NULL DEFAULT now(),
    "resolved" boolean NOT NULL DEFAULT false,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "fraud_events_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "fraud_events_event_type_check" CHECK (char_length("event_type") <= 100),
    CONSTRAINT "fraud_events_risk_score_check" CHECK ("risk_score" >= 0 AND "risk_score" <= 100)
);
CREATE INDEX "fraud_events_event_type_detected_at_idx" ON "mainstay"."fraud_events" ("organization_id", "event_type", "detected_at");
CREATE INDEX "fraud_events_detected_at_idx" ON "mainstay"."fraud_events" ("organization_id", "detected_at");
CREATE INDEX "fraud_events_risk_score_idx" ON "mainstay"."fraud_events" ("organization_id", "risk_score") WHERE resolved = false;
ALTER TABLE "mainstay"."fraud_events" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."fraud_events" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."fraud_events" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."fraud_events" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."fraud_events" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."fraud_events" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."fraud_events" IS 'A sign of fraud that somebody should look at.';
COMMENT ON COLUMN "mainstay"."fraud_events"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."fraud_events"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."fraud_events"."event_type" IS 'What was seen: `bulk_purchase`, `card_testing`, `duplicate_scan`; the list is open.';
COMMENT ON COLUMN "mainstay"."fraud_events"."risk_score" IS 'How sure and how bad it is, 0 to 100.';
COMMENT ON COLUMN "mainstay"."fraud_events"."details" IS 'What was seen, in full.';
COMMENT ON COLUMN "mainstay"."fraud_events"."detected_at" IS 'When it was seen.';
COMMENT ON COLUMN "mainstay"."fraud_events"."resolved" IS 'Whether somebody has dealt with it.';
COMMENT ON COLUMN "mainstay"."fraud_events"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."fraud_events"."updated_at" IS 'When the record was last changed.';

-- mainstay.customer_rfm_scores (ticketing)
CREATE TABLE "mainstay"."customer_rfm_scores" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "customer_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "recency_score" smallint NOT NULL,
    "frequency_score" smallint NOT NULL,
    "monetary_score" smallint NOT NULL,
    "total_score" smallint NOT NULL,
    "days_since_last_purchase" integer,
    "total_purchases" integer NOT NULL DEFAULT 0,
    "total_spent" numeric(12,2) NOT NULL DEFAULT 0.00,
    "average_order_value" numeric(12,2) NOT NULL DEFAULT 0.00,
    "segment" text COLLATE "C" NOT NULL,
    "churn_risk" text COLLATE "C",
    "calculated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "customer_rfm_scores_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "customer_rfm_scores_customer_id_venue_id_key" UNIQUE ("organization_id", "customer_id", "venue_id"),
    CONSTRAINT "customer_rfm_scores_average_order_value_check" CHECK ("average_order_value" >= 0),
    CONSTRAINT "customer_rfm_scores_churn_risk_check" CHECK ("churn_risk" IN ('low', 'medium', 'high')),
    CONSTRAINT "customer_rfm_scores_days_since_last_purchase_check" CHECK ("days_since_last_purchase" >= 0),
    CONSTRAINT "customer_rfm_scores_frequency_score_check" CHECK ("frequency_score" >= 1 AND "frequency_score" <= 5),
    CONSTRAINT "customer_rfm_scores_monetary_score_check" CHECK ("monetary_score" >= 1 AND "monetary_score" <= 5),
    CONSTRAINT "customer_rfm_scores_recency_score_check" CHECK ("recency_score" >= 1 AND "recency_score" <= 5),
    CONSTRAINT "customer_rfm_scores_segment_check" CHECK (char_length("segment") <= 50),
    CONSTRAINT "customer_rfm_scores_total_purchases_check" CHECK ("total_purchases" >= 0),
    CONSTRAINT "customer_rfm_scores_total_score_check" CHECK ("total_score" >= 3 AND "total_score" <= 15),
    CONSTRAINT "customer_rfm_scores_total_spent_check" CHECK ("total_spent" >= 0)
);
CREATE INDEX "customer_rfm_scores_segment_idx" ON "mainstay"."customer_rfm_scores" ("organization_id", "segment");
CREATE INDEX "customer_rfm_scores_total_score_idx" ON "mainstay"."customer_rfm_scores" ("organization_id", "total_score");
CREATE INDEX "customer_rfm_scores_calculated_at_idx" ON "mainstay"."customer_rfm_scores" ("organization_id", "calculated_at");
CREATE INDEX "customer_rfm_scores_venue_id_segment_idx" ON "mainstay"."customer_rfm_scores" ("organization_id", "venue_id", "segment");
CREATE INDEX "customer_rfm_scores_venue_id_churn_risk_idx" ON "mainstay"."customer_rfm_scores" ("organization_id", "venue_id", "churn_risk");
ALTER TABLE "mainstay"."customer_rfm_scores" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."customer_rfm_scores" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."customer_rfm_scores" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."customer_rfm_scores" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."customer_rfm_scores" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."customer_rfm_scores" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."customer_rfm_scores" IS 'How recently, often and much a customer buys at a venue (S0-B76).';
COMMENT ON COLUMN "mainstay"."customer_rfm_scores"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."customer_rfm_scores"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."customer_rfm_scores"."customer_id" IS 'The customer.';
COMMENT ON COLUMN "mainstay"."customer_rfm_scores"."venue_id" IS 'Where the customer bought.';
COMMENT ON COLUMN "mainstay"."customer_rfm_scores"."recency_score" IS 'How recently, 1 to 5: bought within 30, 60, 90 or 180 days, or longer ago.';
COMMENT ON COLUMN "mainstay"."customer_rfm_scores"."frequency_score" IS 'How often, 1 to 5: at least 10, 7, 4 or 2 purchases, or fewer.';
COMMENT ON COLUMN "mainstay"."customer_rfm_scores"."monetary_score" IS 'How much, 1 to 5: the fifth of the customers that this one is in.';
COMMENT ON COLUMN "mainstay"."customer_rfm_scores"."total_score" IS 'The three scores together.';
COMMENT ON COLUMN "mainstay"."customer_rfm_scores"."days_since_last_purchase" IS 'Days since the last purchase.';
COMMENT ON COLUMN "mainstay"."customer_rfm_scores"."total_purchases" IS 'Purchases so far.';
COMMENT ON COLUMN "mainstay"."customer_rfm_scores"."total_spent" IS 'What they cost together.';
COMMENT ON COLUMN "mainstay"."customer_rfm_scores"."average_order_value" IS 'What one costs on average.';
COMMENT ON COLUMN "mainstay"."customer_rfm_scores"."segment" IS 'What customers with such scores are called: Champions, Loyal, At Risk; the list is open (S0-B33).';
COMMENT ON COLUMN "mainstay"."customer_rfm_scores"."churn_risk" IS 'How likely the customer is lost.';
COMMENT ON COLUMN "mainstay"."customer_rfm_scores"."calculated_at" IS 'When it was computed.';

-- mainstay.customer_segments (ticketing)
CREATE TABLE "mainstay"."customer_segments" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "segment_name" text COLLATE "C" NOT NULL,
    "customer_count" integer NOT NULL DEFAULT 0,
    "total_revenue" numeric(14,2) NOT NULL DEFAULT 0.00,
    "avg_order_value" numeric(12,2) NOT NULL DEFAULT 0.00,
    "avg_lifetime_value" numeric(12,2) NOT NULL DEFAULT 0.00,
    "avg_purchase_frequency" numeric(10,4) NOT NULL DEFAULT 0.0000,
    "last_calculated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "customer_segments_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "customer_segments_venue_id_segment_name_key" UNIQUE ("organization_id", "venue_id", "segment_name"),
    CONSTRAINT "customer_segments_avg_lifetime_value_check" CHECK ("avg_lifetime_value" >= 0),
    CONSTRAINT "customer_segments_avg_order_value_check" CHECK ("avg_order_value" >= 0),
    CONSTRAINT "customer_segments_avg_purchase_frequency_check" CHECK ("avg_purchase_frequency" >= 0),
    CONSTRAINT "customer_segments_customer_count_check" CHECK ("customer_count" >= 0),
    CONSTRAINT "customer_segments_segment_name_check" CHECK (char_length("segment_name") <= 100),
    CONSTRAINT "customer_segments_total_revenue_check" CHECK ("total_revenue" >= 0)
);
CREATE INDEX "customer_segments_last_calculated_at_idx" ON "mainstay"."customer_segments" ("organization_id", "last_calculated_at");
ALTER TABLE "mainstay"."customer_segments" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."customer_segments" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."customer_segments" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."customer_segments" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."customer_segments" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."customer_segments" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."customer_segments" IS 'The customers of one segment at a venue, together (S0-B77).';
COMMENT ON COLUMN "mainstay"."customer_segments"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."customer_segments"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."customer_segments"."venue_id" IS 'Where they bought.';
COMMENT ON COLUMN "mainstay"."customer_segments"."segment_name" IS 'What they are called.';
COMMENT ON COLUMN "mainstay"."customer_segments"."customer_count" IS 'How many they are.';
COMMENT ON COLUMN "mainstay"."customer_segments"."total_revenue" IS 'What they paid together.';
COMMENT ON COLUMN "mainstay"."customer_segments"."avg_order_value" IS 'What one purchase costs on average.';
COMMENT ON COLUMN "mainstay"."customer_segments"."avg_lifetime_value" IS 'What one of them is worth on average.';
COMMENT ON COLUMN "mainstay"."customer_segments"."avg_purchase_frequency" IS 'Purchases a year of one of them, on average.';
COMMENT ON COLUMN "mainstay"."customer_segments"."last_calculated_at" IS 'When it was computed.';

-- mainstay.customer_lifetime_values (ticketing)
CREATE TABLE "mainstay"."customer_lifetime_values" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "customer_id" uuid NOT NULL,
    "venue_id" uuid,
    "clv" numeric(12,2) NOT NULL,
    "avg_order_value" numeric(12,2),
    "purchase_frequency" numeric(10,4),
    "customer_lifespan_days" integer,
    "total_purchases" integer NOT NULL DEFAULT 0,
    "total_revenue" numeric(12,2) NOT NULL DEFAULT 0.00,
    "predicted_clv_12_months" numeric(12,2),
    "predicted_clv_24_months" numeric(12,2),
    "churn_probability" numeric(5,4),
    "calculated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "customer_lifetime_values_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "customer_lifetime_values_customer_id_key" UNIQUE ("organization_id", "customer_id"),
    CONSTRAINT "customer_lifetime_values_avg_order_value_check" CHECK ("avg_order_value" >= 0),
    CONSTRAINT "customer_lifetime_values_churn_probability_check" CHECK ("churn_probability" >= 0 AND "churn_probability" <= 1),
    CONSTRAINT "customer_lifetime_values_clv_check" CHECK ("clv" >= 0),
    CONSTRAINT "customer_lifetime_values_customer_lifespan_days_check" CHECK ("customer_lifespan_days" >= 0),
    CONSTRAINT "customer_lifetime_values_predicted_clv_12_months_check" CHECK ("predicted_clv_12_months" >= 0),
    CONSTRAINT "customer_lifetime_values_predicted_clv_24_months_check" CHECK ("predicted_clv_24_months" >= 0),
    CONSTRAINT "customer_lifetime_values_purchase_frequency_check" CHECK ("purchase_frequency" >= 0),
    CONSTRAINT "customer_lifetime_values_total_purchases_check" CHECK ("total_purchases" >= 0),
    CONSTRAINT "customer_lifetime_values_total_revenue_check" CHECK ("total_revenue" >= 0)
);
CREATE INDEX "customer_lifetime_values_clv_idx" ON "mainstay"."customer_lifetime_values" ("organization_id", "clv");
CREATE INDEX "customer_lifetime_values_calculated_at_idx" ON "mainstay"."customer_lifetime_values" ("organization_id", "calculated_at");
CREATE INDEX "customer_lifetime_values_venue_id_clv_idx" ON "mainstay"."customer_lifetime_values" ("organization_id", "venue_id", "clv");
ALTER TABLE "mainstay"."customer_lifetime_values" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."customer_lifetime_values" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."customer_lifetime_values" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."customer_lifetime_values" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."customer_lifetime_values" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."customer_lifetime_values" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."customer_lifetime_values" IS 'What a customer is worth, over all venues (S0-B78): one row a customer.';
COMMENT ON COLUMN "mainstay"."customer_lifetime_values"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."customer_lifetime_values"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."customer_lifetime_values"."customer_id" IS 'The customer.';
COMMENT ON COLUMN "mainstay"."customer_lifetime_values"."venue_id" IS 'Where the customer spent most.';
COMMENT ON COLUMN "mainstay"."customer_lifetime_values"."clv" IS 'What the customer is worth, paid and expected.';
COMMENT ON COLUMN "mainstay"."customer_lifetime_values"."avg_order_value" IS 'What one purchase costs on average.';
COMMENT ON COLUMN "mainstay"."customer_lifetime_values"."purchase_frequency" IS 'Purchases a year.';
COMMENT ON COLUMN "mainstay"."customer_lifetime_values"."customer_lifespan_days" IS 'Days from the first to the last purchase.';
COMMENT ON COLUMN "mainstay"."customer_lifetime_values"."total_purchases" IS 'Purchases so far.';
COMMENT ON COLUMN "mainstay"."customer_lifetime_values"."total_revenue" IS 'What they cost together.';
COMMENT ON COLUMN "mainstay"."customer_lifetime_values"."predicted_clv_12_months" IS 'What is expected within 12 months.';
COMMENT ON COLUMN "mainstay"."customer_lifetime_values"."predicted_clv_24_months" IS 'What is expected within 24 months.';
COMMENT ON COLUMN "mainstay"."customer_lifetime_values"."churn_probability" IS 'How likely the customer is lost, 0 to 1.';
COMMENT ON COLUMN "mainstay"."customer_lifetime_values"."calculated_at" IS 'When it was computed.';

-- mainstay.price_history (ticketing)
CREATE TABLE "mainstay"."price_history" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "event_id" uuid NOT NULL,
    "price_cents" bigint NOT NULL,
    "reason" text COLLATE "C",
    "changed_at" timestamptz NOT NULL DEFAULT now(),
    "changed_by" uuid,
    CONSTRAINT "price_history_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "price_history_price_cents_check" CHECK ("price_cents" >= 0),
    CONSTRAINT "price_history_reason_check" CHECK (char_length("reason") <= 1000)
);
CREATE INDEX "price_history_event_id_changed_at_idx" ON "mainstay"."price_history" ("organization_id", "event_id", "changed_at");
CREATE INDEX "price_history_venue_id_changed_at_idx" ON "mainstay"."price_history" ("organization_id", "venue_id", "changed_at");
CREATE TRIGGER "price_history_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."price_history" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "price_history_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."price_history" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."price_history" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."price_history" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."price_history" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."price_history" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."price_history" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."price_history" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."price_history" IS 'A price that was asked for an event from a moment on.';
COMMENT ON COLUMN "mainstay"."price_history"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."price_history"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."price_history"."venue_id" IS 'Where the event is.';
COMMENT ON COLUMN "mainstay"."price_history"."event_id" IS 'The event.';
COMMENT ON COLUMN "mainstay"."price_history"."price_cents" IS 'The price, in cents.';
COMMENT ON COLUMN "mainstay"."price_history"."reason" IS 'Why it changed.';
COMMENT ON COLUMN "mainstay"."price_history"."changed_at" IS 'Since when it was asked.';
COMMENT ON COLUMN "mainstay"."price_history"."changed_by" IS 'Who changed it; none means the system.';

-- mainstay.pending_price_changes (ticketing)
CREATE TABLE "mainstay"."pending_price_changes" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "event_id" uuid NOT NULL,
    "current_price" bigint NOT NULL,
    "recommended_price" bigint NOT NULL,
    "confidence" numeric(3,2) NOT NULL,
    "reasoning" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "demand_score" numeric(5,2),
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "approved_at" timestamptz,
    "approved_by" uuid,
    "approval_reason" text COLLATE "C",
    "rejected_at" timestamptz,
    "rejected_by" uuid,
    "rejection_reason" text COLLATE "C",
    CONSTRAINT "pending_price_changes_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "pending_price_changes_approval_reason_check" CHECK (char_length("approval_reason") <= 1000),
    CONSTRAINT "pending_price_changes_confidence_check" CHECK ("confidence" >= 0 AND "confidence" <= 1),
    CONSTRAINT "pending_price_changes_current_price_check" CHECK ("current_price" >= 0),
    CONSTRAINT "pending_price_changes_demand_score_check" CHECK ("demand_score" >= 0 AND "demand_score" <= 100),
    CONSTRAINT "pending_price_changes_one_decision_check" CHECK (approved_at is null or rejected_at is null),
    CONSTRAINT "pending_price_changes_recommended_price_check" CHECK ("recommended_price" >= 0),
    CONSTRAINT "pending_price_changes_rejection_reason_check" CHECK (char_length("rejection_reason") <= 1000)
);
CREATE UNIQUE INDEX "pending_price_changes_event_id_key" ON "mainstay"."pending_price_changes" ("organization_id", "event_id") WHERE approved_at is null and rejected_at is null;
CREATE INDEX "pending_price_changes_event_id_idx" ON "mainstay"."pending_price_changes" ("organization_id", "event_id");
CREATE INDEX "pending_price_changes_approved_at_idx" ON "mainstay"."pending_price_changes" ("organization_id", "approved_at");
CREATE INDEX "pending_price_changes_venue_id_idx" ON "mainstay"."pending_price_changes" ("organization_id", "venue_id");
CREATE INDEX "pending_price_changes_approved_by_idx" ON "mainstay"."pending_price_changes" ("organization_id", "approved_by");
CREATE INDEX "pending_price_changes_rejected_by_idx" ON "mainstay"."pending_price_changes" ("organization_id", "rejected_by");
ALTER TABLE "mainstay"."pending_price_changes" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."pending_price_changes" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."pending_price_changes" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."pending_price_changes" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."pending_price_changes" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."pending_price_changes" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."pending_price_changes" IS 'A price that the system proposes until somebody decides. What it is follows from the times: an event has one undecided proposal at most, and any number of decided ones (S0-B34, S0-B79).';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."venue_id" IS 'Where the event is.';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."event_id" IS 'The event.';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."current_price" IS 'The price now, in cents.';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."recommended_price" IS 'The proposed price, in cents.';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."confidence" IS 'How sure the system is, 0 to 1.';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."reasoning" IS 'What the proposal rests on.';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."demand_score" IS 'How much the event is wanted, 0 to 100.';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."approved_at" IS 'When somebody agreed.';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."approved_by" IS 'Who agreed.';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."approval_reason" IS 'Why.';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."rejected_at" IS 'When somebody declined.';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."rejected_by" IS 'Who declined.';
COMMENT ON COLUMN "mainstay"."pending_price_changes"."rejection_reason" IS 'Why.';

-- mainstay.venue_daily_stats (ticketing)
CREATE TABLE "mainstay"."venue_daily_stats" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "date" date NOT NULL,
    "revenue" numeric(12,2) NOT NULL DEFAULT 0.00,
    "ticket_sales" integer NOT NULL DEFAULT 0,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "venue_daily_stats_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "venue_daily_stats_venue_id_date_key" UNIQUE ("organization_id", "venue_id", "date"),
    CONSTRAINT "venue_daily_stats_ticket_sales_check" CHECK ("ticket_sales" >= 0)
);
CREATE INDEX "venue_daily_stats_date_idx" ON "mainstay"."venue_daily_stats" ("organization_id", "date");
ALTER TABLE "mainstay"."venue_daily_stats" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."venue_daily_stats" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."venue_daily_stats" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."venue_daily_stats" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."venue_daily_stats" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."venue_daily_stats" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."venue_daily_stats" IS 'What a venue sold on a day (S0-B80); reached by those who work there (S0-B41).';
COMMENT ON COLUMN "mainstay"."venue_daily_stats"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."venue_daily_stats"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."venue_daily_stats"."venue_id" IS 'The venue.';
COMMENT ON COLUMN "mainstay"."venue_daily_stats"."date" IS 'The day, in the venue''s time zone.';
COMMENT ON COLUMN "mainstay"."venue_daily_stats"."revenue" IS 'What was paid, in the venue''s currency.';
COMMENT ON COLUMN "mainstay"."venue_daily_stats"."ticket_sales" IS 'Tickets sold.';
COMMENT ON COLUMN "mainstay"."venue_daily_stats"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."venue_daily_stats"."updated_at" IS 'When the record was last changed.';

-- mainstay.event_daily_stats (ticketing)
CREATE TABLE "mainstay"."event_daily_stats" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "venue_id" uuid NOT NULL,
    "event_id" uuid NOT NULL,
    "date" date NOT NULL,
    "revenue" numeric(12,2) NOT NULL DEFAULT 0.00,
    "tickets_sold" integer NOT NULL DEFAULT 0,
    "capacity" integer,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "event_daily_stats_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "event_daily_stats_event_id_date_key" UNIQUE ("organization_id", "event_id", "date"),
    CONSTRAINT "event_daily_stats_capacity_check" CHECK ("capacity" >= 0),
    CONSTRAINT "event_daily_stats_tickets_sold_check" CHECK ("tickets_sold" >= 0)
);
CREATE INDEX "event_daily_stats_date_idx" ON "mainstay"."event_daily_stats" ("organization_id", "date");
CREATE INDEX "event_daily_stats_venue_id_idx" ON "mainstay"."event_daily_stats" ("organization_id", "venue_id");
ALTER TABLE "mainstay"."event_daily_stats" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."event_daily_stats" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."event_daily_stats" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."event_daily_stats" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."event_daily_stats" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("venue_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.venues', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.venues', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."event_daily_stats" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."event_daily_stats" IS 'What an event sold on a day (S0-B80); reached by those who work at its venue (S0-B42).';
COMMENT ON COLUMN "mainstay"."event_daily_stats"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."event_daily_stats"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."event_daily_stats"."venue_id" IS 'Where the event is.';
COMMENT ON COLUMN "mainstay"."event_daily_stats"."event_id" IS 'The event.';
COMMENT ON COLUMN "mainstay"."event_daily_stats"."date" IS 'The day, in the venue''s time zone.';
COMMENT ON COLUMN "mainstay"."event_daily_stats"."revenue" IS 'What was paid, in the event''s currency.';
COMMENT ON COLUMN "mainstay"."event_daily_stats"."tickets_sold" IS 'Tickets sold.';
COMMENT ON COLUMN "mainstay"."event_daily_stats"."capacity" IS 'Tickets that could be sold.';
COMMENT ON COLUMN "mainstay"."event_daily_stats"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."event_daily_stats"."updated_at" IS 'When the record was last changed.';

-- mainstay.plugins (catalog)
CREATE TABLE "mainstay"."plugins" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "display_name" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "long_description" text COLLATE "C",
    "current_version" text COLLATE "C" NOT NULL,
    "latest_version" text COLLATE "C",
    "category" text COLLATE "C",
    "tags" text[] COLLATE "C",
    "author" jsonb,
    "license" text COLLATE "C",
    "homepage" text COLLATE "C",
    "repository" text COLLATE "C",
    "documentation" text COLLATE "C",
    "install_count" integer NOT NULL DEFAULT 0,
    "rating" numeric(2,1),
    "rating_count" integer NOT NULL DEFAULT 0,
    "requirements" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "dependencies" jsonb NOT NULL DEFAULT '[]'::jsonb,
    "peer_dependencies" jsonb NOT NULL DEFAULT '[]'::jsonb,
    "config_schema" jsonb,
    "default_config" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "status" text COLLATE "C" NOT NULL DEFAULT 'available',
    "is_featured" boolean NOT NULL DEFAULT false,
    "is_verified" boolean NOT NULL DEFAULT false,
    "is_deprecated" boolean NOT NULL DEFAULT false,
    "vendor_id" text COLLATE "C",
    "price" jsonb NOT NULL DEFAULT '{"model": "free", "amount": 0, "currency": "USD"}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "published_at" timestamptz,
    "deprecated_at" timestamptz,
    CONSTRAINT "plugins_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "plugins_name_key" UNIQUE ("organization_id", "name"),
    CONSTRAINT "plugins_category_check" CHECK (char_length("category") <= 100),
    CONSTRAINT "plugins_current_version_check" CHECK (char_length("current_version") <= 50),
    CONSTRAINT "plugins_description_check" CHECK (char_length("description") <= 4000),
    CONSTRAINT "plugins_display_name_check" CHECK (char_length("display_name") <= 255),
    CONSTRAINT "plugins_documentation_check" CHECK (char_length("documentation") <= 500),
    CONSTRAINT "plugins_homepage_check" CHECK (char_length("homepage") <= 500),
    CONSTRAINT "plugins_install_count_check" CHECK ("install_count" >= 0),
    CONSTRAINT "plugins_latest_version_check" CHECK (char_length("latest_version") <= 50),
    CONSTRAINT "plugins_license_check" CHECK (char_length("license") <= 50),
    CONSTRAINT "plugins_long_description_check" CHECK (char_length("long_description") <= 65536),
    CONSTRAINT "plugins_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "plugins_rating_check" CHECK ("rating" >= 0 AND "rating" <= 5),
    CONSTRAINT "plugins_rating_count_check" CHECK ("rating_count" >= 0),
    CONSTRAINT "plugins_repository_check" CHECK (char_length("repository") <= 500),
    CONSTRAINT "plugins_status_check" CHECK ("status" IN ('available', 'installed', 'installing', 'updating', 'disabled', 'failed', 'uninstalling')),
    CONSTRAINT "plugins_vendor_id_check" CHECK (char_length("vendor_id") <= 100)
);
CREATE INDEX "plugins_category_idx" ON "mainstay"."plugins" ("organization_id", "category");
CREATE INDEX "plugins_status_idx" ON "mainstay"."plugins" ("organization_id", "status");
CREATE INDEX "plugins_is_featured_idx" ON "mainstay"."plugins" ("organization_id", "is_featured");
CREATE INDEX "plugins_category_status_idx" ON "mainstay"."plugins" ("organization_id", "category", "status") WHERE is_deprecated = false;
CREATE TABLE "mainstay"."plugins_words" ( /* definition 1 */
    "organization_id" uuid NOT NULL,
    "field" smallint NOT NULL,
    "word" text COLLATE "C" NOT NULL,
    "id" uuid NOT NULL,
    "places" text NOT NULL,
    CONSTRAINT "plugins_words_pkey" PRIMARY KEY ("organization_id", "field", "word", "id")
);
CREATE INDEX "plugins_words_row_idx" ON "mainstay"."plugins_words" ("organization_id", "id");
ALTER TABLE "mainstay"."plugins_words" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."plugins_words" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."plugins_words" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."plugins_words" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."plugins_words" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, DELETE ON TABLE "mainstay"."plugins_words" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."plugins_words" IS 'The words of plugins in its columns name, description.';
CREATE TRIGGER "plugins_words_forget" AFTER DELETE ON "mainstay"."plugins" REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."forget_words"('"mainstay"."plugins_words"', 'w."organization_id" = r."organization_id" AND w."id" = r."id"');
CREATE TRIGGER "plugins_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."plugins" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'available' THEN NEW."status" IN ('installing') WHEN 'installed' THEN NEW."status" IN ('updating', 'disabled', 'uninstalling') WHEN 'installing' THEN NEW."status" IN ('installed', 'failed') WHEN 'updating' THEN NEW."status" IN ('installed', 'failed') WHEN 'disabled' THEN NEW."status" IN ('installed', 'uninstalling') WHEN 'failed' THEN NEW."status" IN ('installing', 'updating', 'uninstalling') WHEN 'uninstalling' THEN NEW."status" IN ('available', 'failed') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."plugins" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."plugins" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."plugins" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."plugins" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."plugins" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."plugins" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."plugins" IS 'A plugin of the portal''s market.';
COMMENT ON COLUMN "mainstay"."plugins"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."plugins"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."plugins"."name" IS 'The name that identifies it.';
COMMENT ON COLUMN "mainstay"."plugins"."display_name" IS 'The name that people see.';
COMMENT ON COLUMN "mainstay"."plugins"."description" IS 'What it does.';
COMMENT ON COLUMN "mainstay"."plugins"."long_description" IS 'What it does, in full.';
COMMENT ON COLUMN "mainstay"."plugins"."current_version" IS 'The version that the portal offers.';
COMMENT ON COLUMN "mainstay"."plugins"."latest_version" IS 'The newest version there is.';
COMMENT ON COLUMN "mainstay"."plugins"."category" IS 'What it is for.';
COMMENT ON COLUMN "mainstay"."plugins"."tags" IS 'Words to find it by.';
COMMENT ON COLUMN "mainstay"."plugins"."author" IS 'Who wrote it.';
COMMENT ON COLUMN "mainstay"."plugins"."license" IS 'Its licence (SPDX).';
COMMENT ON COLUMN "mainstay"."plugins"."homepage" IS 'Its site.';
COMMENT ON COLUMN "mainstay"."plugins"."repository" IS 'Where its source is.';
COMMENT ON COLUMN "mainstay"."plugins"."documentation" IS 'Where it is explained.';
COMMENT ON COLUMN "mainstay"."plugins"."install_count" IS 'How often it was installed.';
COMMENT ON COLUMN "mainstay"."plugins"."rating" IS 'How good people find it, 0 to 5.';
COMMENT ON COLUMN "mainstay"."plugins"."rating_count" IS 'How many people said so.';
COMMENT ON COLUMN "mainstay"."plugins"."requirements" IS 'What it needs of the platform.';
COMMENT ON COLUMN "mainstay"."plugins"."dependencies" IS 'Plugins that come with it.';
COMMENT ON COLUMN "mainstay"."plugins"."peer_dependencies" IS 'Plugins that must be there.';
COMMENT ON COLUMN "mainstay"."plugins"."config_schema" IS 'What its configuration looks like (JSON Schema).';
COMMENT ON COLUMN "mainstay"."plugins"."default_config" IS 'Its configuration where nothing else is said.';
COMMENT ON COLUMN "mainstay"."plugins"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."plugins"."is_featured" IS 'Whether the market shows it first.';
COMMENT ON COLUMN "mainstay"."plugins"."is_verified" IS 'Whether somebody has reviewed it.';
COMMENT ON COLUMN "mainstay"."plugins"."is_deprecated" IS 'Whether it should not be used any more.';
COMMENT ON COLUMN "mainstay"."plugins"."vendor_id" IS 'Who sells it, as the market names them; no table lists vendors.';
COMMENT ON COLUMN "mainstay"."plugins"."price" IS 'What it costs: `model` (free, paid, subscription), `amount`, `currency` (S1-B17).';
COMMENT ON COLUMN "mainstay"."plugins"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."plugins"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."plugins"."published_at" IS 'When the market began to offer it.';
COMMENT ON COLUMN "mainstay"."plugins"."deprecated_at" IS 'Since when it should not be used any more.';

-- mainstay.plugin_versions (catalog)
CREATE TABLE "mainstay"."plugin_versions" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "plugin_id" uuid NOT NULL,
    "version" text COLLATE "C" NOT NULL,
    "changelog" text COLLATE "C",
    "release_notes" text COLLATE "C",
    "breaking_changes" boolean NOT NULL DEFAULT false,
    "min_platform_version" text COLLATE "C",
    "max_platform_version" text COLLATE "C",
    "min_backstage_version" text COLLATE "C",
    "max_backstage_version" text COLLATE "C",
    "security_scan_status" text COLLATE "C",
    "vulnerabilities" jsonb NOT NULL DEFAULT '[]'::jsonb,
    "package_url" text COLLATE "C",
    "package_size" bigint,
    "checksum" text COLLATE "C",
    "is_stable" boolean NOT NULL DEFAULT true,
    "is_beta" boolean NOT NULL DEFAULT false,
    "is_deprecated" boolean NOT NULL DEFAULT false,
    "released_at" timestamptz NOT NULL DEFAULT now(),
    "deprecated_at" timestamptz,
    CONSTRAINT "plugin_versions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "plugin_versions_plugin_id_version_key" UNIQUE ("organization_id", "plugin_id", "version"),
    CONSTRAINT "plugin_versions_changelog_check" CHECK (char_length("changelog") <= 65536),
    CONSTRAINT "plugin_versions_checksum_check" CHECK (char_length("checksum") <= 255),
    CONSTRAINT "plugin_versions_max_backstage_version_check" CHECK (char_length("max_backstage_version") <= 50),
    CONSTRAINT "plugin_versions_max_platform_version_check" CHECK (char_length("max_platform_version") <= 50),
    CONSTRAINT "plugin_versions_min_backstage_version_check" CHECK (char_length("min_backstage_version") <= 50),
    CONSTRAINT "plugin_versions_min_platform_version_check" CHECK (char_length("min_platform_version") <= 50),
    CONSTRAINT "plugin_versions_package_size_check" CHECK ("package_size" >= 0),
    CONSTRAINT "plugin_versions_package_url_check" CHECK (char_length("package_url") <= 500),
    CONSTRAINT "plugin_versions_release_notes_check" CHECK (char_length("release_notes") <= 65536),
    CONSTRAINT "plugin_versions_security_scan_status_check" CHECK ("security_scan_status" IN ('pending', 'passed', 'failed')),
    CONSTRAINT "plugin_versions_version_check" CHECK (char_length("version") <= 50)
);
CREATE INDEX "plugin_versions_version_idx" ON "mainstay"."plugin_versions" ("organization_id", "version");
CREATE INDEX "plugin_versions_released_at_idx" ON "mainstay"."plugin_versions" ("organization_id", "released_at" DESC);
CREATE TRIGGER "plugin_versions_security_scan_status_life_cycle" BEFORE UPDATE OF "security_scan_status" ON "mainstay"."plugin_versions" FOR EACH ROW WHEN (OLD."security_scan_status" IS DISTINCT FROM NEW."security_scan_status" AND NOT coalesce(CASE OLD."security_scan_status" WHEN 'pending' THEN NEW."security_scan_status" IN ('passed', 'failed') WHEN 'passed' THEN NEW."security_scan_status" IN ('pending', 'failed') WHEN 'failed' THEN NEW."security_scan_status" IN ('pending', 'passed') ELSE OLD."security_scan_status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('security_scan_status');
ALTER TABLE "mainstay"."plugin_versions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."plugin_versions" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."plugin_versions" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."plugin_versions" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."plugin_versions" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."plugin_versions" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."plugin_versions" IS 'A released version of a plugin (S1-B46).';
COMMENT ON COLUMN "mainstay"."plugin_versions"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."plugin_id" IS 'The plugin.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."version" IS 'The version.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."changelog" IS 'What changed, for those who build on it.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."release_notes" IS 'What changed, for those who use it.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."breaking_changes" IS 'Whether something that worked no longer does.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."min_platform_version" IS 'Oldest platform that it runs on.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."max_platform_version" IS 'Newest platform that it runs on.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."min_backstage_version" IS 'Oldest Backstage that it runs on.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."max_backstage_version" IS 'Newest Backstage that it runs on.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."security_scan_status" IS 'What a look for vulnerabilities found.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."vulnerabilities" IS 'The vulnerabilities.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."package_url" IS 'Where its package is.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."package_size" IS 'Bytes of the package.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."checksum" IS 'Checksum of the package.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."is_stable" IS 'Whether it is meant for everybody.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."is_beta" IS 'Whether it is meant for trying out.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."is_deprecated" IS 'Whether it should not be used any more.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."released_at" IS 'When it was released.';
COMMENT ON COLUMN "mainstay"."plugin_versions"."deprecated_at" IS 'Since when it should not be used any more.';

-- mainstay.plugin_installations (catalog)
CREATE TABLE "mainstay"."plugin_installations" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "plugin_id" uuid NOT NULL,
    "environment" text COLLATE "C" NOT NULL,
    "installed_version" text COLLATE "C" NOT NULL,
    "previous_version" text COLLATE "C",
    "installed_by" uuid,
    "installation_method" text COLLATE "C",
    "config" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "secrets" bytea,
    "health_status" text COLLATE "C" NOT NULL DEFAULT 'unknown',
    "health_check_url" text COLLATE "C",
    "last_health_check" timestamptz,
    "health_metrics" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "cpu_usage" numeric(5,2),
    "memory_usage" integer,
    "disk_usage" integer,
    "is_enabled" boolean NOT NULL DEFAULT true,
    "installed_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "disabled_at" timestamptz,
    "uninstalled_at" timestamptz,
    CONSTRAINT "plugin_installations_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "plugin_installations_plugin_id_environment_key" UNIQUE ("organization_id", "plugin_id", "environment"),
    CONSTRAINT "plugin_installations_cpu_usage_check" CHECK ("cpu_usage" >= 0),
    CONSTRAINT "plugin_installations_disk_usage_check" CHECK ("disk_usage" >= 0),
    CONSTRAINT "plugin_installations_environment_check" CHECK ("environment" IN ('development', 'staging', 'production')),
    CONSTRAINT "plugin_installations_health_check_url_check" CHECK (char_length("health_check_url") <= 500),
    CONSTRAINT "plugin_installations_health_status_check" CHECK ("health_status" IN ('healthy', 'degraded', 'unhealthy', 'unknown')),
    CONSTRAINT "plugin_installations_installation_method_check" CHECK ("installation_method" IN ('ui', 'api', 'cli', 'auto')),
    CONSTRAINT "plugin_installations_installed_version_check" CHECK (char_length("installed_version") <= 50),
    CONSTRAINT "plugin_installations_memory_usage_check" CHECK ("memory_usage" >= 0),
    CONSTRAINT "plugin_installations_previous_version_check" CHECK (char_length("previous_version") <= 50)
);
CREATE INDEX "plugin_installations_environment_idx" ON "mainstay"."plugin_installations" ("organization_id", "environment");
CREATE INDEX "plugin_installations_health_status_idx" ON "mainstay"."plugin_installations" ("organization_id", "health_status");
CREATE INDEX "plugin_installations_installed_by_idx" ON "mainstay"."plugin_installations" ("organization_id", "installed_by");
ALTER TABLE "mainstay"."plugin_installations" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."plugin_installations" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."plugin_installations" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."plugin_installations" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."plugin_installations" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."plugin_installations" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."plugin_installations" IS 'A plugin in an environment, with its configuration, health and needs (S1-B44, S1-B45).';
COMMENT ON COLUMN "mainstay"."plugin_installations"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."plugin_id" IS 'The plugin.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."environment" IS 'Where it is installed.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."installed_version" IS 'The version that is installed.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."previous_version" IS 'The version before, to go back to.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."installed_by" IS 'Who installed it.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."installation_method" IS 'How.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."config" IS 'Its configuration.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."secrets" IS 'The part of its configuration that nobody reads back (S1-B74).';
COMMENT ON COLUMN "mainstay"."plugin_installations"."health_status" IS 'How it does.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."health_check_url" IS 'Where its health is asked for.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."last_health_check" IS 'When it was asked for.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."health_metrics" IS 'What was measured.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."cpu_usage" IS 'Processor that it uses, in percent of one.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."memory_usage" IS 'Memory that it uses, in MB.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."disk_usage" IS 'Disk that it uses, in MB.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."is_enabled" IS 'Whether it works.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."installed_at" IS 'When it was installed.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."disabled_at" IS 'When it was switched off.';
COMMENT ON COLUMN "mainstay"."plugin_installations"."uninstalled_at" IS 'When it was taken away.';

-- mainstay.services (catalog)
CREATE TABLE "mainstay"."services" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "display_name" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "type" text COLLATE "C" NOT NULL,
    "lifecycle" text COLLATE "C" NOT NULL DEFAULT 'production',
    "tier" text COLLATE "C",
    "owner_id" uuid,
    "team_id" uuid NOT NULL,
    "repository_url" text COLLATE "C",
    "documentation_url" text COLLATE "C",
    "api_spec_url" text COLLATE "C",
    "tags" text[] COLLATE "C",
    "labels" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "annotations" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "health_status" text COLLATE "C" NOT NULL DEFAULT 'unknown',
    "health_check_url" text COLLATE "C",
    "last_health_check" timestamptz,
    "sla" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "metrics" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "depends_on" text[] COLLATE "C",
    "compliance_status" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    CONSTRAINT "services_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "services_name_key" UNIQUE ("organization_id", "name"),
    CONSTRAINT "services_api_spec_url_check" CHECK (char_length("api_spec_url") <= 500),
    CONSTRAINT "services_description_check" CHECK (char_length("description") <= 8000),
    CONSTRAINT "services_display_name_check" CHECK (char_length("display_name") <= 255),
    CONSTRAINT "services_documentation_url_check" CHECK (char_length("documentation_url") <= 500),
    CONSTRAINT "services_health_check_url_check" CHECK (char_length("health_check_url") <= 500),
    CONSTRAINT "services_health_status_check" CHECK ("health_status" IN ('healthy', 'degraded', 'unhealthy', 'unknown')),
    CONSTRAINT "services_lifecycle_check" CHECK ("lifecycle" IN ('experimental', 'development', 'staging', 'production', 'deprecated')),
    CONSTRAINT "services_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "services_repository_url_check" CHECK (char_length("repository_url") <= 500),
    CONSTRAINT "services_tier_check" CHECK ("tier" IN ('frontend', 'backend', 'data', 'infrastructure')),
    CONSTRAINT "services_type_check" CHECK ("type" IN ('service', 'website', 'library', 'application', 'tool', 'infrastructure'))
);
CREATE INDEX "services_type_idx" ON "mainstay"."services" ("organization_id", "type");
CREATE INDEX "services_lifecycle_idx" ON "mainstay"."services" ("organization_id", "lifecycle");
CREATE INDEX "services_team_id_idx" ON "mainstay"."services" ("organization_id", "team_id");
CREATE INDEX "services_owner_id_idx" ON "mainstay"."services" ("organization_id", "owner_id");
CREATE INDEX "services_health_status_idx" ON "mainstay"."services" ("organization_id", "health_status");
CREATE INDEX "services_team_id_lifecycle_idx" ON "mainstay"."services" ("organization_id", "team_id", "lifecycle") WHERE deleted_at is null;
CREATE TABLE "mainstay"."services_words" ( /* definition 1 */
    "organization_id" uuid NOT NULL,
    "field" smallint NOT NULL,
    "word" text COLLATE "C" NOT NULL,
    "id" uuid NOT NULL,
    "places" text NOT NULL,
    CONSTRAINT "services_words_pkey" PRIMARY KEY ("organization_id", "field", "word", "id")
);
CREATE INDEX "services_words_row_idx" ON "mainstay"."services_words" ("organization_id", "id");
ALTER TABLE "mainstay"."services_words" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."services_words" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."services_words" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."services_words" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."services_words" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, DELETE ON TABLE "mainstay"."services_words" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."services_words" IS 'The words of services in its columns name, description.';
CREATE TRIGGER "services_words_forget" AFTER DELETE ON "mainstay"."services" REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."forget_words"('"mainstay"."services_words"', 'w."organization_id" = r."organization_id" AND w."id" = r."id"');
CREATE TRIGGER "services_lifecycle_life_cycle" BEFORE UPDATE OF "lifecycle" ON "mainstay"."services" FOR EACH ROW WHEN (OLD."lifecycle" IS DISTINCT FROM NEW."lifecycle" AND NOT coalesce(CASE OLD."lifecycle" WHEN 'experimental' THEN NEW."lifecycle" IN ('development', 'staging', 'production', 'deprecated') WHEN 'development' THEN NEW."lifecycle" IN ('experimental', 'staging', 'production', 'deprecated') WHEN 'staging' THEN NEW."lifecycle" IN ('development', 'production', 'deprecated') WHEN 'production' THEN NEW."lifecycle" IN ('deprecated') WHEN 'deprecated' THEN NEW."lifecycle" IN ('production') ELSE OLD."lifecycle" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('lifecycle');
ALTER TABLE "mainstay"."services" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."services" FOR SELECT USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("team_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.teams', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.teams', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."services" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."services" FOR UPDATE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("team_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.teams', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.teams', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("team_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.teams', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.teams', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."services" FOR DELETE USING (("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) AND ("team_id" = ANY ((SELECT string_to_array(nullif(nullif(current_setting('app.teams', true), ''), '*'), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.teams', true) = '*'))) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."services" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."services" IS 'Something that an organisation runs. Members reach the services of their teams (S1-B68).';
COMMENT ON COLUMN "mainstay"."services"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."services"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."services"."name" IS 'The name that identifies it.';
COMMENT ON COLUMN "mainstay"."services"."display_name" IS 'The name that people see.';
COMMENT ON COLUMN "mainstay"."services"."description" IS 'What it does.';
COMMENT ON COLUMN "mainstay"."services"."type" IS 'What it is.';
COMMENT ON COLUMN "mainstay"."services"."lifecycle" IS 'How far its life is.';
COMMENT ON COLUMN "mainstay"."services"."tier" IS 'Which layer it belongs to.';
COMMENT ON COLUMN "mainstay"."services"."owner_id" IS 'Who answers for it.';
COMMENT ON COLUMN "mainstay"."services"."team_id" IS 'The team that runs it and reaches it.';
COMMENT ON COLUMN "mainstay"."services"."repository_url" IS 'Where its source is.';
COMMENT ON COLUMN "mainstay"."services"."documentation_url" IS 'Where it is explained.';
COMMENT ON COLUMN "mainstay"."services"."api_spec_url" IS 'Where its interface is described.';
COMMENT ON COLUMN "mainstay"."services"."tags" IS 'Words to find it by.';
COMMENT ON COLUMN "mainstay"."services"."labels" IS 'Names and values to find it by.';
COMMENT ON COLUMN "mainstay"."services"."annotations" IS 'Names and values for programs.';
COMMENT ON COLUMN "mainstay"."services"."metadata" IS 'Whatever the product keeps beside it.';
COMMENT ON COLUMN "mainstay"."services"."health_status" IS 'How it does.';
COMMENT ON COLUMN "mainstay"."services"."health_check_url" IS 'Where its health is asked for.';
COMMENT ON COLUMN "mainstay"."services"."last_health_check" IS 'When it was asked for.';
COMMENT ON COLUMN "mainstay"."services"."sla" IS 'What is promised, such as `{"availability": 99.9, "latency_p99": 500}` (S1-B49).';
COMMENT ON COLUMN "mainstay"."services"."metrics" IS 'What was measured.';
COMMENT ON COLUMN "mainstay"."services"."depends_on" IS 'Services that it names as needed, by identifier, as its own description has them. What the catalog goes by are the relationships (S1-B51).';
COMMENT ON COLUMN "mainstay"."services"."compliance_status" IS 'Frameworks that it meets, such as `{"soc2": true, "gdpr": true}` (S1-B50).';
COMMENT ON COLUMN "mainstay"."services"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."services"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."services"."deleted_at" IS 'When the record was deleted; null while it is there.';

-- mainstay.service_relationships (catalog)
CREATE TABLE "mainstay"."service_relationships" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "source_id" uuid NOT NULL,
    "target_id" uuid NOT NULL,
    "relationship_type" text COLLATE "C" NOT NULL,
    "metadata" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "strength" numeric(3,2),
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "validated_at" timestamptz,
    CONSTRAINT "service_relationships_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "service_relationships_source_id_target_id_relationship_type_key" UNIQUE ("organization_id", "source_id", "target_id", "relationship_type"),
    CONSTRAINT "service_relationships_relationship_type_check" CHECK ("relationship_type" IN ('depends_on', 'consumed_by', 'provides_api', 'consumes_api', 'deployed_with', 'owned_by', 'part_of')),
    CONSTRAINT "service_relationships_strength_check" CHECK ("strength" >= 0 AND "strength" <= 1),
    CONSTRAINT "service_relationships_two_services_check" CHECK (source_id <> target_id)
);
CREATE INDEX "service_relationships_target_id_idx" ON "mainstay"."service_relationships" ("organization_id", "target_id");
CREATE INDEX "service_relationships_relationship_type_idx" ON "mainstay"."service_relationships" ("organization_id", "relationship_type");
ALTER TABLE "mainstay"."service_relationships" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."service_relationships" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."service_relationships" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."service_relationships" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."service_relationships" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."service_relationships" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."service_relationships" IS 'That one service belongs to another in some way, from source to target (S1-B47).';
COMMENT ON COLUMN "mainstay"."service_relationships"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."service_relationships"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."service_relationships"."source_id" IS 'The service that is spoken of.';
COMMENT ON COLUMN "mainstay"."service_relationships"."target_id" IS 'The service that it belongs to.';
COMMENT ON COLUMN "mainstay"."service_relationships"."relationship_type" IS 'How.';
COMMENT ON COLUMN "mainstay"."service_relationships"."metadata" IS 'Whatever the product keeps beside it.';
COMMENT ON COLUMN "mainstay"."service_relationships"."strength" IS 'How much, 0 to 1.';
COMMENT ON COLUMN "mainstay"."service_relationships"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."service_relationships"."validated_at" IS 'When it was last seen to be so.';

-- mainstay.service_deployments (catalog)
CREATE TABLE "mainstay"."service_deployments" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "service_id" uuid NOT NULL,
    "environment" text COLLATE "C" NOT NULL,
    "version" text COLLATE "C" NOT NULL,
    "commit_sha" text COLLATE "C",
    "build_number" text COLLATE "C",
    "deployed_by" uuid,
    "deployment_method" text COLLATE "C",
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "health_status" text COLLATE "C",
    "previous_version" text COLLATE "C",
    "can_rollback" boolean NOT NULL DEFAULT true,
    "startup_time" integer,
    "deployment_duration" integer,
    "deployed_at" timestamptz NOT NULL DEFAULT now(),
    "completed_at" timestamptz,
    "rolled_back_at" timestamptz,
    CONSTRAINT "service_deployments_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "service_deployments_build_number_check" CHECK (char_length("build_number") <= 50),
    CONSTRAINT "service_deployments_commit_sha_check" CHECK (char_length("commit_sha") <= 40),
    CONSTRAINT "service_deployments_deployment_duration_check" CHECK ("deployment_duration" >= 0),
    CONSTRAINT "service_deployments_deployment_method_check" CHECK ("deployment_method" IN ('manual', 'ci/cd', 'gitops')),
    CONSTRAINT "service_deployments_environment_check" CHECK (char_length("environment") <= 50),
    CONSTRAINT "service_deployments_health_status_check" CHECK ("health_status" IN ('healthy', 'degraded', 'unhealthy', 'unknown')),
    CONSTRAINT "service_deployments_previous_version_check" CHECK (char_length("previous_version") <= 50),
    CONSTRAINT "service_deployments_startup_time_check" CHECK ("startup_time" >= 0),
    CONSTRAINT "service_deployments_status_check" CHECK ("status" IN ('pending', 'in_progress', 'completed', 'failed', 'rolled_back')),
    CONSTRAINT "service_deployments_version_check" CHECK (char_length("version") <= 50)
);
CREATE INDEX "service_deployments_service_id_environment_deployed_at_idx" ON "mainstay"."service_deployments" ("organization_id", "service_id", "environment", "deployed_at" DESC);
CREATE INDEX "service_deployments_environment_idx" ON "mainstay"."service_deployments" ("organization_id", "environment");
CREATE INDEX "service_deployments_status_idx" ON "mainstay"."service_deployments" ("organization_id", "status");
CREATE INDEX "service_deployments_deployed_at_idx" ON "mainstay"."service_deployments" ("organization_id", "deployed_at" DESC);
CREATE INDEX "service_deployments_deployed_by_idx" ON "mainstay"."service_deployments" ("organization_id", "deployed_by");
CREATE TRIGGER "service_deployments_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."service_deployments" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('in_progress', 'failed') WHEN 'in_progress' THEN NEW."status" IN ('completed', 'failed', 'rolled_back') WHEN 'completed' THEN NEW."status" IN ('rolled_back') WHEN 'failed' THEN NEW."status" IN ('rolled_back') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."service_deployments" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."service_deployments" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."service_deployments" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."service_deployments" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."service_deployments" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."service_deployments" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."service_deployments" IS 'A version of a service that was brought into an environment (S1-B48).';
COMMENT ON COLUMN "mainstay"."service_deployments"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."service_deployments"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."service_deployments"."service_id" IS 'The service.';
COMMENT ON COLUMN "mainstay"."service_deployments"."environment" IS 'Where.';
COMMENT ON COLUMN "mainstay"."service_deployments"."version" IS 'The version.';
COMMENT ON COLUMN "mainstay"."service_deployments"."commit_sha" IS 'The commit that it was built from.';
COMMENT ON COLUMN "mainstay"."service_deployments"."build_number" IS 'The build that made it.';
COMMENT ON COLUMN "mainstay"."service_deployments"."deployed_by" IS 'Who brought it.';
COMMENT ON COLUMN "mainstay"."service_deployments"."deployment_method" IS 'How.';
COMMENT ON COLUMN "mainstay"."service_deployments"."status" IS 'How far it is.';
COMMENT ON COLUMN "mainstay"."service_deployments"."health_status" IS 'How the service does since.';
COMMENT ON COLUMN "mainstay"."service_deployments"."previous_version" IS 'The version before, to go back to.';
COMMENT ON COLUMN "mainstay"."service_deployments"."can_rollback" IS 'Whether it can be taken back.';
COMMENT ON COLUMN "mainstay"."service_deployments"."startup_time" IS 'Seconds until the service answered.';
COMMENT ON COLUMN "mainstay"."service_deployments"."deployment_duration" IS 'Seconds that the deployment took.';
COMMENT ON COLUMN "mainstay"."service_deployments"."deployed_at" IS 'When it began.';
COMMENT ON COLUMN "mainstay"."service_deployments"."completed_at" IS 'When it was completed.';
COMMENT ON COLUMN "mainstay"."service_deployments"."rolled_back_at" IS 'When it was taken back.';

-- mainstay.ghost_search_queries (exposure)
CREATE TABLE "mainstay"."ghost_search_queries" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "query_type" text COLLATE "C" NOT NULL,
    "query_value" text COLLATE "C" NOT NULL,
    "results_count" integer NOT NULL DEFAULT 0,
    "search_sources" text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
    "response_time_ms" integer,
    "searched_at" timestamptz NOT NULL DEFAULT now(),
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "ghost_search_queries_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "ghost_search_queries_query_type_check" CHECK ("query_type" IN ('email', 'domain', 'phone', 'ip')),
    CONSTRAINT "ghost_search_queries_query_value_check" CHECK (char_length("query_value") <= 255),
    CONSTRAINT "ghost_search_queries_response_time_ms_check" CHECK ("response_time_ms" >= 0),
    CONSTRAINT "ghost_search_queries_results_count_check" CHECK ("results_count" >= 0)
);
CREATE INDEX "ghost_search_queries_searched_at_idx" ON "mainstay"."ghost_search_queries" ("organization_id", "searched_at");
CREATE INDEX "ghost_search_queries_deleted_at_idx" ON "mainstay"."ghost_search_queries" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "ghost_search_queries_user_id_idx" ON "mainstay"."ghost_search_queries" ("organization_id", "user_id");
ALTER TABLE "mainstay"."ghost_search_queries" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."ghost_search_queries" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."ghost_search_queries" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."ghost_search_queries" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."ghost_search_queries" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."ghost_search_queries" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."ghost_search_queries" IS 'One search of breach, paste and dark-web sources, as a member made it.';
COMMENT ON COLUMN "mainstay"."ghost_search_queries"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."ghost_search_queries"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."ghost_search_queries"."user_id" IS 'The member who searched; the search goes with the member (S2-B66).';
COMMENT ON COLUMN "mainstay"."ghost_search_queries"."query_type" IS 'What the search is for.';
COMMENT ON COLUMN "mainstay"."ghost_search_queries"."query_value" IS 'The address, domain or number that was searched for.';
COMMENT ON COLUMN "mainstay"."ghost_search_queries"."results_count" IS 'How many results came back.';
COMMENT ON COLUMN "mainstay"."ghost_search_queries"."search_sources" IS 'The sources that were asked.';
COMMENT ON COLUMN "mainstay"."ghost_search_queries"."response_time_ms" IS 'How long the search took, in milliseconds.';
COMMENT ON COLUMN "mainstay"."ghost_search_queries"."searched_at" IS 'When the search was made.';
COMMENT ON COLUMN "mainstay"."ghost_search_queries"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."ghost_search_queries"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."ghost_search_queries"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."ghost_search_queries"."is_active" IS 'Whether the record is in use.';

-- mainstay.monitored_emails (exposure)
CREATE TABLE "mainstay"."monitored_emails" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid,
    "created_by_user_id" uuid,
    "email_address" text COLLATE "C" NOT NULL,
    "monitor_scope" text COLLATE "C" NOT NULL,
    "last_checked" timestamptz,
    "findings_count" integer NOT NULL DEFAULT 0,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "monitored_emails_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "monitored_emails_email_address_check" CHECK (char_length("email_address") <= 255),
    CONSTRAINT "monitored_emails_findings_count_check" CHECK ("findings_count" >= 0),
    CONSTRAINT "monitored_emails_monitor_scope_check" CHECK ("monitor_scope" IN ('company', 'analyst', 'admin')),
    CONSTRAINT "monitored_emails_owner_check" CHECK (monitor_scope = 'company' or user_id is not null)
);
CREATE INDEX "monitored_emails_email_address_idx" ON "mainstay"."monitored_emails" ("organization_id", "email_address");
CREATE INDEX "monitored_emails_deleted_at_idx" ON "mainstay"."monitored_emails" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "monitored_emails_user_id_idx" ON "mainstay"."monitored_emails" ("organization_id", "user_id");
CREATE INDEX "monitored_emails_created_by_user_id_idx" ON "mainstay"."monitored_emails" ("organization_id", "created_by_user_id");
ALTER TABLE "mainstay"."monitored_emails" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."monitored_emails" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."monitored_emails" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."monitored_emails" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."monitored_emails" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."monitored_emails" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."monitored_emails" IS 'An e-mail address that is watched for exposure, for the organisation or for one member (S2-B53).';
COMMENT ON COLUMN "mainstay"."monitored_emails"."id" IS 'The address''s own identifier names the person whom it belongs to: the person need not have an account.';
COMMENT ON COLUMN "mainstay"."monitored_emails"."organization_id" IS 'The organisation that watches; the watch goes with it (S2-B68).';
COMMENT ON COLUMN "mainstay"."monitored_emails"."user_id" IS 'The member for whom it is watched, unless it is for the organisation (S2-B66).';
COMMENT ON COLUMN "mainstay"."monitored_emails"."created_by_user_id" IS 'Who began the watch (S2-B67).';
COMMENT ON COLUMN "mainstay"."monitored_emails"."email_address" IS 'The address.';
COMMENT ON COLUMN "mainstay"."monitored_emails"."monitor_scope" IS 'For whom it is watched.';
COMMENT ON COLUMN "mainstay"."monitored_emails"."last_checked" IS 'When it was last looked for.';
COMMENT ON COLUMN "mainstay"."monitored_emails"."findings_count" IS 'How many findings there are.';
COMMENT ON COLUMN "mainstay"."monitored_emails"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."monitored_emails"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."monitored_emails"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."monitored_emails"."is_active" IS 'Whether it is watched at present.';

-- mainstay.monitored_email_findings (exposure)
CREATE TABLE "mainstay"."monitored_email_findings" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "monitored_email_id" uuid NOT NULL,
    "finding_type" text COLLATE "C" NOT NULL,
    "source" text COLLATE "C" NOT NULL,
    "breach_name" text COLLATE "C",
    "breach_date" timestamptz,
    "details" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "severity" text COLLATE "C" NOT NULL,
    "notified" boolean NOT NULL DEFAULT false,
    "notified_at" timestamptz,
    "found_at" timestamptz NOT NULL DEFAULT now(),
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "monitored_email_findings_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "monitored_email_findings_breach_name_check" CHECK (char_length("breach_name") <= 255),
    CONSTRAINT "monitored_email_findings_finding_type_check" CHECK ("finding_type" IN ('breach', 'paste', 'darkweb', 'credential_leak')),
    CONSTRAINT "monitored_email_findings_severity_check" CHECK ("severity" IN ('info', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT "monitored_email_findings_source_check" CHECK (char_length("source") <= 100)
);
CREATE INDEX "monitored_email_findings_deleted_at_idx" ON "mainstay"."monitored_email_findings" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "monitored_email_findings_monitored_email_id_idx" ON "mainstay"."monitored_email_findings" ("organization_id", "monitored_email_id");
ALTER TABLE "mainstay"."monitored_email_findings" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."monitored_email_findings" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."monitored_email_findings" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."monitored_email_findings" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."monitored_email_findings" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."monitored_email_findings" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."monitored_email_findings" IS 'Something that was found about a watched address.';
COMMENT ON COLUMN "mainstay"."monitored_email_findings"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."monitored_email_findings"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."monitored_email_findings"."monitored_email_id" IS 'The address that it is about.';
COMMENT ON COLUMN "mainstay"."monitored_email_findings"."finding_type" IS 'Where it was found.';
COMMENT ON COLUMN "mainstay"."monitored_email_findings"."source" IS 'The source that reported it, such as a breach catalogue.';
COMMENT ON COLUMN "mainstay"."monitored_email_findings"."breach_name" IS 'What the breach is called.';
COMMENT ON COLUMN "mainstay"."monitored_email_findings"."breach_date" IS 'When the breach happened.';
COMMENT ON COLUMN "mainstay"."monitored_email_findings"."details" IS 'What the source says.';
COMMENT ON COLUMN "mainstay"."monitored_email_findings"."severity" IS 'How bad it is.';
COMMENT ON COLUMN "mainstay"."monitored_email_findings"."notified" IS 'Whether those concerned were told.';
COMMENT ON COLUMN "mainstay"."monitored_email_findings"."notified_at" IS 'When they were told.';
COMMENT ON COLUMN "mainstay"."monitored_email_findings"."found_at" IS 'When it was found.';
COMMENT ON COLUMN "mainstay"."monitored_email_findings"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."monitored_email_findings"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."monitored_email_findings"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."monitored_email_findings"."is_active" IS 'Whether the record is in use.';

-- mainstay.breach_files (exposure)
CREATE TABLE "mainstay"."breach_files" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid,
    "upload_id" text COLLATE "C",
    "filename" text COLLATE "C" NOT NULL,
    "file_path" text COLLATE "C" NOT NULL,
    "storage_location" text COLLATE "C" NOT NULL DEFAULT 'local',
    "file_size_bytes" bigint NOT NULL DEFAULT 0,
    "mime_type" text COLLATE "C",
    "content_hash" text COLLATE "C",
    "line_count" integer NOT NULL DEFAULT 0,
    "records_count" integer,
    "parsed_credential_count" integer NOT NULL DEFAULT 0,
    "is_indexed" boolean NOT NULL DEFAULT false,
    "processing_status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "processing_error" text COLLATE "C",
    "virus_scanned" boolean NOT NULL DEFAULT false,
    "virus_scan_result" text COLLATE "C",
    "security_flags" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "uploaded_at" timestamptz NOT NULL DEFAULT now(),
    "expires_at" timestamptz,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "breach_files_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "breach_files_upload_id_key" UNIQUE ("organization_id", "upload_id"),
    CONSTRAINT "breach_files_content_hash_check" CHECK (char_length("content_hash") <= 64),
    CONSTRAINT "breach_files_content_hash_form_check" CHECK (length(content_hash) = 64 and ltrim(content_hash, '0123456789abcdef') = ''),
    CONSTRAINT "breach_files_file_path_check" CHECK (char_length("file_path") <= 500),
    CONSTRAINT "breach_files_file_size_bytes_check" CHECK ("file_size_bytes" >= 0),
    CONSTRAINT "breach_files_filename_check" CHECK (char_length("filename") <= 255),
    CONSTRAINT "breach_files_line_count_check" CHECK ("line_count" >= 0),
    CONSTRAINT "breach_files_mime_type_check" CHECK (char_length("mime_type") <= 100),
    CONSTRAINT "breach_files_parsed_credential_count_check" CHECK ("parsed_credential_count" >= 0),
    CONSTRAINT "breach_files_processing_error_check" CHECK (char_length("processing_error") <= 4000),
    CONSTRAINT "breach_files_processing_status_check" CHECK ("processing_status" IN ('pending', 'processing', 'completed', 'failed')),
    CONSTRAINT "breach_files_records_count_check" CHECK ("records_count" >= 0),
    CONSTRAINT "breach_files_storage_location_check" CHECK ("storage_location" IN ('local', 's3')),
    CONSTRAINT "breach_files_upload_id_check" CHECK (char_length("upload_id") <= 255),
    CONSTRAINT "breach_files_virus_scan_result_check" CHECK (char_length("virus_scan_result") <= 100)
);
CREATE INDEX "breach_files_expires_at_idx" ON "mainstay"."breach_files" ("expires_at") WHERE expires_at is not null;
CREATE INDEX "breach_files_deleted_at_idx" ON "mainstay"."breach_files" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "breach_files_user_id_idx" ON "mainstay"."breach_files" ("organization_id", "user_id");
CREATE TRIGGER "breach_files_processing_status_life_cycle" BEFORE UPDATE OF "processing_status" ON "mainstay"."breach_files" FOR EACH ROW WHEN (OLD."processing_status" IS DISTINCT FROM NEW."processing_status" AND NOT coalesce(CASE OLD."processing_status" WHEN 'pending' THEN NEW."processing_status" IN ('processing') WHEN 'processing' THEN NEW."processing_status" IN ('completed', 'failed') ELSE OLD."processing_status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('processing_status');
ALTER TABLE "mainstay"."breach_files" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."breach_files" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."breach_files" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."breach_files" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."breach_files" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."breach_files" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."breach_files" IS 'A file of leaked credentials that a member uploaded for analysis.';
COMMENT ON COLUMN "mainstay"."breach_files"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."breach_files"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."breach_files"."user_id" IS 'The member who uploaded it; leaked credentials don''t outlive their owner (S2-B66).';
COMMENT ON COLUMN "mainstay"."breach_files"."upload_id" IS 'The name of the upload, given by whoever uploads.';
COMMENT ON COLUMN "mainstay"."breach_files"."filename" IS 'The file''s name.';
COMMENT ON COLUMN "mainstay"."breach_files"."file_path" IS 'Where it is in its storage.';
COMMENT ON COLUMN "mainstay"."breach_files"."storage_location" IS 'Which storage it is in.';
COMMENT ON COLUMN "mainstay"."breach_files"."file_size_bytes" IS 'Its size in bytes.';
COMMENT ON COLUMN "mainstay"."breach_files"."mime_type" IS 'Its media type.';
COMMENT ON COLUMN "mainstay"."breach_files"."content_hash" IS 'SHA-256 of its content, 64 lower-case hexadecimal digits (S2-B61).';
COMMENT ON COLUMN "mainstay"."breach_files"."line_count" IS 'How many lines it has.';
COMMENT ON COLUMN "mainstay"."breach_files"."records_count" IS 'How many records were found in it.';
COMMENT ON COLUMN "mainstay"."breach_files"."parsed_credential_count" IS 'How many of them are credentials.';
COMMENT ON COLUMN "mainstay"."breach_files"."is_indexed" IS 'Whether its records can be searched.';
COMMENT ON COLUMN "mainstay"."breach_files"."processing_status" IS 'How far the reading is.';
COMMENT ON COLUMN "mainstay"."breach_files"."processing_error" IS 'Why it could not be read.';
COMMENT ON COLUMN "mainstay"."breach_files"."virus_scanned" IS 'Whether it was scanned for viruses.';
COMMENT ON COLUMN "mainstay"."breach_files"."virus_scan_result" IS 'What the scan found.';
COMMENT ON COLUMN "mainstay"."breach_files"."security_flags" IS 'What else was noticed about it.';
COMMENT ON COLUMN "mainstay"."breach_files"."uploaded_at" IS 'When it was uploaded.';
COMMENT ON COLUMN "mainstay"."breach_files"."expires_at" IS 'When it is removed: 24 hours after the upload where it is for analysis alone (S2-B41).';
COMMENT ON COLUMN "mainstay"."breach_files"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."breach_files"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."breach_files"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."breach_files"."is_active" IS 'Whether the record is in use.';

-- mainstay.breach_file_records (exposure)
CREATE TABLE "mainstay"."breach_file_records" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "breach_file_id" uuid NOT NULL,
    "user_id" uuid,
    "email" text COLLATE "C" NOT NULL,
    "password_hash" text COLLATE "C",
    "password_encrypted" bytea,
    "additional_data" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "line_number" integer,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "breach_file_records_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "breach_file_records_email_check" CHECK (char_length("email") <= 255),
    CONSTRAINT "breach_file_records_line_number_check" CHECK ("line_number" >= 1),
    CONSTRAINT "breach_file_records_password_hash_check" CHECK (char_length("password_hash") <= 255)
);
CREATE INDEX "breach_file_records_email_idx" ON "mainstay"."breach_file_records" ("organization_id", "email");
CREATE INDEX "breach_file_records_deleted_at_idx" ON "mainstay"."breach_file_records" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "breach_file_records_breach_file_id_idx" ON "mainstay"."breach_file_records" ("organization_id", "breach_file_id");
CREATE INDEX "breach_file_records_user_id_idx" ON "mainstay"."breach_file_records" ("organization_id", "user_id");
ALTER TABLE "mainstay"."breach_file_records" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."breach_file_records" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."breach_file_records" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."breach_file_records" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."breach_file_records" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."breach_file_records" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."breach_file_records" IS 'A credential that was found in a breach file.';
COMMENT ON COLUMN "mainstay"."breach_file_records"."id" IS 'The record''s own identifier names the person whose credential leaked: the person need not have an account.';
COMMENT ON COLUMN "mainstay"."breach_file_records"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."breach_file_records"."breach_file_id" IS 'The file that it was found in; it goes with the file (S2-B69, S2-B71).';
COMMENT ON COLUMN "mainstay"."breach_file_records"."user_id" IS 'The member who uploaded it.';
COMMENT ON COLUMN "mainstay"."breach_file_records"."email" IS 'The address that the credential belongs to.';
COMMENT ON COLUMN "mainstay"."breach_file_records"."password_hash" IS 'The leaked hash of the password.';
COMMENT ON COLUMN "mainstay"."breach_file_records"."password_encrypted" IS 'The leaked password.';
COMMENT ON COLUMN "mainstay"."breach_file_records"."additional_data" IS 'What else the line says.';
COMMENT ON COLUMN "mainstay"."breach_file_records"."line_number" IS 'The line of the file, from 1.';
COMMENT ON COLUMN "mainstay"."breach_file_records"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."breach_file_records"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."breach_file_records"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."breach_file_records"."is_active" IS 'Whether the record is in use.';

-- mainstay.osint_profiles (exposure)
CREATE TABLE "mainstay"."osint_profiles" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "email" text COLLATE "C",
    "username" text COLLATE "C",
    "phone" text COLLATE "C",
    "notes" text COLLATE "C",
    "risk_score" double precision NOT NULL DEFAULT 0,
    "breach_count" integer NOT NULL DEFAULT 0,
    "social_media_json" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "exposed_passwords" bytea,
    "data_leaks" jsonb NOT NULL DEFAULT '[]'::jsonb,
    "user_id" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "osint_profiles_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "osint_profiles_breach_count_check" CHECK ("breach_count" >= 0),
    CONSTRAINT "osint_profiles_email_check" CHECK (char_length("email") <= 255),
    CONSTRAINT "osint_profiles_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "osint_profiles_notes_check" CHECK (char_length("notes") <= 65536),
    CONSTRAINT "osint_profiles_phone_check" CHECK (char_length("phone") <= 50),
    CONSTRAINT "osint_profiles_risk_score_check" CHECK ("risk_score" >= 0),
    CONSTRAINT "osint_profiles_username_check" CHECK (char_length("username") <= 255)
);
CREATE INDEX "osint_profiles_deleted_at_idx" ON "mainstay"."osint_profiles" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "osint_profiles_user_id_idx" ON "mainstay"."osint_profiles" ("organization_id", "user_id");
ALTER TABLE "mainstay"."osint_profiles" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."osint_profiles" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."osint_profiles" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."osint_profiles" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."osint_profiles" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."osint_profiles" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."osint_profiles" IS 'A person under investigation.';
COMMENT ON COLUMN "mainstay"."osint_profiles"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."osint_profiles"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."osint_profiles"."name" IS 'The person''s name.';
COMMENT ON COLUMN "mainstay"."osint_profiles"."email" IS 'The person''s address.';
COMMENT ON COLUMN "mainstay"."osint_profiles"."username" IS 'The name that the person uses in most places.';
COMMENT ON COLUMN "mainstay"."osint_profiles"."phone" IS 'The person''s telephone number.';
COMMENT ON COLUMN "mainstay"."osint_profiles"."notes" IS 'What the investigator notes.';
COMMENT ON COLUMN "mainstay"."osint_profiles"."risk_score" IS 'How exposed the person is; 0 means not at all (S2-B39).';
COMMENT ON COLUMN "mainstay"."osint_profiles"."breach_count" IS 'In how many breaches the person was found.';
COMMENT ON COLUMN "mainstay"."osint_profiles"."social_media_json" IS 'What social networks tell.';
COMMENT ON COLUMN "mainstay"."osint_profiles"."exposed_passwords" IS 'Passwords of the person that leaked; never read back.';
COMMENT ON COLUMN "mainstay"."osint_profiles"."data_leaks" IS 'What leaked of the person.';
COMMENT ON COLUMN "mainstay"."osint_profiles"."user_id" IS 'The member who investigates (S2-B67).';
COMMENT ON COLUMN "mainstay"."osint_profiles"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."osint_profiles"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."osint_profiles"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."osint_profiles"."is_active" IS 'Whether the record is in use.';

-- mainstay.osint_social_accounts (exposure)
CREATE TABLE "mainstay"."osint_social_accounts" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "profile_id" uuid NOT NULL,
    "platform" text COLLATE "C",
    "username" text COLLATE "C",
    "url" text COLLATE "C",
    "followers" integer,
    "posts_count" integer,
    "discovered_at" timestamptz DEFAULT now(),
    "user_id" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "osint_social_accounts_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "osint_social_accounts_followers_check" CHECK ("followers" >= 0),
    CONSTRAINT "osint_social_accounts_platform_check" CHECK (char_length("platform") <= 100),
    CONSTRAINT "osint_social_accounts_posts_count_check" CHECK ("posts_count" >= 0),
    CONSTRAINT "osint_social_accounts_url_check" CHECK (char_length("url") <= 2000),
    CONSTRAINT "osint_social_accounts_username_check" CHECK (char_length("username") <= 255)
);
CREATE INDEX "osint_social_accounts_deleted_at_idx" ON "mainstay"."osint_social_accounts" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "osint_social_accounts_profile_id_idx" ON "mainstay"."osint_social_accounts" ("organization_id", "profile_id");
CREATE INDEX "osint_social_accounts_user_id_idx" ON "mainstay"."osint_social_accounts" ("organization_id", "user_id");
ALTER TABLE "mainstay"."osint_social_accounts" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."osint_social_accounts" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."osint_social_accounts" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."osint_social_accounts" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."osint_social_accounts" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."osint_social_accounts" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."osint_social_accounts" IS 'An account of the person in a social network.';
COMMENT ON COLUMN "mainstay"."osint_social_accounts"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."osint_social_accounts"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."osint_social_accounts"."profile_id" IS 'The person.';
COMMENT ON COLUMN "mainstay"."osint_social_accounts"."platform" IS 'The network.';
COMMENT ON COLUMN "mainstay"."osint_social_accounts"."username" IS 'The person''s name there.';
COMMENT ON COLUMN "mainstay"."osint_social_accounts"."url" IS 'Address of the account.';
COMMENT ON COLUMN "mainstay"."osint_social_accounts"."followers" IS 'How many follow it.';
COMMENT ON COLUMN "mainstay"."osint_social_accounts"."posts_count" IS 'How much it has published.';
COMMENT ON COLUMN "mainstay"."osint_social_accounts"."discovered_at" IS 'When it was found.';
COMMENT ON COLUMN "mainstay"."osint_social_accounts"."user_id" IS 'The member who investigates.';
COMMENT ON COLUMN "mainstay"."osint_social_accounts"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."osint_social_accounts"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."osint_social_accounts"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."osint_social_accounts"."is_active" IS 'Whether the record is in use.';

-- mainstay.osint_breaches (exposure)
CREATE TABLE "mainstay"."osint_breaches" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "profile_id" uuid NOT NULL,
    "breach_name" text COLLATE "C",
    "breach_date" text COLLATE "C",
    "data_classes" text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
    "discovered_at" timestamptz DEFAULT now(),
    "user_id" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "osint_breaches_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "osint_breaches_breach_date_check" CHECK (char_length("breach_date") <= 50),
    CONSTRAINT "osint_breaches_breach_name_check" CHECK (char_length("breach_name") <= 255)
);
CREATE INDEX "osint_breaches_deleted_at_idx" ON "mainstay"."osint_breaches" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "osint_breaches_profile_id_idx" ON "mainstay"."osint_breaches" ("organization_id", "profile_id");
CREATE INDEX "osint_breaches_user_id_idx" ON "mainstay"."osint_breaches" ("organization_id", "user_id");
ALTER TABLE "mainstay"."osint_breaches" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."osint_breaches" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."osint_breaches" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."osint_breaches" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."osint_breaches" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."osint_breaches" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."osint_breaches" IS 'A breach in which the person was found.';
COMMENT ON COLUMN "mainstay"."osint_breaches"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."osint_breaches"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."osint_breaches"."profile_id" IS 'The person.';
COMMENT ON COLUMN "mainstay"."osint_breaches"."breach_name" IS 'What the breach is called.';
COMMENT ON COLUMN "mainstay"."osint_breaches"."breach_date" IS 'When it happened, as exactly as the source knows: a date, month or year.';
COMMENT ON COLUMN "mainstay"."osint_breaches"."data_classes" IS 'What kinds of data leaked, such as passwords or addresses.';
COMMENT ON COLUMN "mainstay"."osint_breaches"."discovered_at" IS 'When the person was found in it.';
COMMENT ON COLUMN "mainstay"."osint_breaches"."user_id" IS 'The member who investigates.';
COMMENT ON COLUMN "mainstay"."osint_breaches"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."osint_breaches"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."osint_breaches"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."osint_breaches"."is_active" IS 'Whether the record is in use.';

-- mainstay.osint_devices (exposure)
CREATE TABLE "mainstay"."osint_devices" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "profile_id" uuid,
    "ip_address" inet,
    "hostname" text COLLATE "C",
    "device_type" text COLLATE "C",
    "ports_open" integer[] NOT NULL DEFAULT '{}'::integer[],
    "vulnerabilities" jsonb NOT NULL DEFAULT '[]'::jsonb,
    "location" text COLLATE "C",
    "discovered_at" timestamptz DEFAULT now(),
    "user_id" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "osint_devices_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "osint_devices_device_type_check" CHECK (char_length("device_type") <= 100),
    CONSTRAINT "osint_devices_hostname_check" CHECK (char_length("hostname") <= 255),
    CONSTRAINT "osint_devices_location_check" CHECK (char_length("location") <= 255)
);
CREATE INDEX "osint_devices_deleted_at_idx" ON "mainstay"."osint_devices" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "osint_devices_profile_id_idx" ON "mainstay"."osint_devices" ("organization_id", "profile_id");
CREATE INDEX "osint_devices_user_id_idx" ON "mainstay"."osint_devices" ("organization_id", "user_id");
ALTER TABLE "mainstay"."osint_devices" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."osint_devices" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."osint_devices" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."osint_devices" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."osint_devices" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."osint_devices" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."osint_devices" IS 'A machine that open sources know of, of a person where one is known.';
COMMENT ON COLUMN "mainstay"."osint_devices"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."osint_devices"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."osint_devices"."profile_id" IS 'The person.';
COMMENT ON COLUMN "mainstay"."osint_devices"."ip_address" IS 'Its address.';
COMMENT ON COLUMN "mainstay"."osint_devices"."hostname" IS 'Its name.';
COMMENT ON COLUMN "mainstay"."osint_devices"."device_type" IS 'What it is, such as a camera or a web server.';
COMMENT ON COLUMN "mainstay"."osint_devices"."ports_open" IS 'The ports that answer.';
COMMENT ON COLUMN "mainstay"."osint_devices"."vulnerabilities" IS 'Known weaknesses, such as CVE numbers.';
COMMENT ON COLUMN "mainstay"."osint_devices"."location" IS 'Roughly where it is.';
COMMENT ON COLUMN "mainstay"."osint_devices"."discovered_at" IS 'When it was found.';
COMMENT ON COLUMN "mainstay"."osint_devices"."user_id" IS 'The member who investigates.';
COMMENT ON COLUMN "mainstay"."osint_devices"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."osint_devices"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."osint_devices"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."osint_devices"."is_active" IS 'Whether the record is in use.';

-- mainstay.github_findings (exposure)
CREATE TABLE "mainstay"."github_findings" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "gist_id" text COLLATE "C" NOT NULL,
    "gist_url" text COLLATE "C" NOT NULL,
    "filename" text COLLATE "C",
    "gist_created_at" timestamptz,
    "query_term" text COLLATE "C",
    "query_type" text COLLATE "C",
    "credential_type" text COLLATE "C",
    "credential_value" bytea,
    "context" text COLLATE "C",
    "discovered_at" timestamptz DEFAULT now(),
    "user_id" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "github_findings_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "github_findings_gist_id_key" UNIQUE ("organization_id", "gist_id"),
    CONSTRAINT "github_findings_context_check" CHECK (char_length("context") <= 65536),
    CONSTRAINT "github_findings_credential_type_check" CHECK (char_length("credential_type") <= 100),
    CONSTRAINT "github_findings_filename_check" CHECK (char_length("filename") <= 255),
    CONSTRAINT "github_findings_gist_id_check" CHECK (char_length("gist_id") <= 255),
    CONSTRAINT "github_findings_gist_url_check" CHECK (char_length("gist_url") <= 2000),
    CONSTRAINT "github_findings_query_term_check" CHECK (char_length("query_term") <= 255),
    CONSTRAINT "github_findings_query_type_check" CHECK ("query_type" IN ('email', 'api_key', 'database', 'password'))
);
CREATE INDEX "github_findings_query_term_idx" ON "mainstay"."github_findings" ("organization_id", "query_term");
CREATE INDEX "github_findings_query_type_idx" ON "mainstay"."github_findings" ("organization_id", "query_type");
CREATE INDEX "github_findings_deleted_at_idx" ON "mainstay"."github_findings" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "github_findings_user_id_idx" ON "mainstay"."github_findings" ("organization_id", "user_id");
ALTER TABLE "mainstay"."github_findings" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."github_findings" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."github_findings" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."github_findings" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."github_findings" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."github_findings" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."github_findings" IS 'A gist that holds a credential.';
COMMENT ON COLUMN "mainstay"."github_findings"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."github_findings"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."github_findings"."gist_id" IS 'The gist''s identifier; a gist is reported once, and a deleted report stays known (S2-B62).';
COMMENT ON COLUMN "mainstay"."github_findings"."gist_url" IS 'Its address.';
COMMENT ON COLUMN "mainstay"."github_findings"."filename" IS 'The file in it.';
COMMENT ON COLUMN "mainstay"."github_findings"."gist_created_at" IS 'When the gist was made.';
COMMENT ON COLUMN "mainstay"."github_findings"."query_term" IS 'The words that found it.';
COMMENT ON COLUMN "mainstay"."github_findings"."query_type" IS 'What the search is for.';
COMMENT ON COLUMN "mainstay"."github_findings"."credential_type" IS 'What kind of credential it holds.';
COMMENT ON COLUMN "mainstay"."github_findings"."credential_value" IS 'The credential; never read back.';
COMMENT ON COLUMN "mainstay"."github_findings"."context" IS 'The lines around it, without the credential.';
COMMENT ON COLUMN "mainstay"."github_findings"."discovered_at" IS 'When it was found.';
COMMENT ON COLUMN "mainstay"."github_findings"."user_id" IS 'The member who searched (S2-B67).';
COMMENT ON COLUMN "mainstay"."github_findings"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."github_findings"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."github_findings"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."github_findings"."is_active" IS 'Whether the record is in use.';

-- mainstay.pastebin_findings (exposure)
CREATE TABLE "mainstay"."pastebin_findings" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "paste_id" text COLLATE "C" NOT NULL,
    "paste_title" text COLLATE "C",
    "paste_url" text COLLATE "C" NOT NULL,
    "posted_date" text COLLATE "C",
    "query_term" text COLLATE "C",
    "query_type" text COLLATE "C",
    "credential_password" bytea,
    "context" text COLLATE "C",
    "discovered_at" timestamptz DEFAULT now(),
    "user_id" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "pastebin_findings_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "pastebin_findings_paste_id_key" UNIQUE ("organization_id", "paste_id"),
    CONSTRAINT "pastebin_findings_context_check" CHECK (char_length("context") <= 65536),
    CONSTRAINT "pastebin_findings_paste_id_check" CHECK (char_length("paste_id") <= 255),
    CONSTRAINT "pastebin_findings_paste_title_check" CHECK (char_length("paste_title") <= 500),
    CONSTRAINT "pastebin_findings_paste_url_check" CHECK (char_length("paste_url") <= 2000),
    CONSTRAINT "pastebin_findings_posted_date_check" CHECK (char_length("posted_date") <= 50),
    CONSTRAINT "pastebin_findings_query_term_check" CHECK (char_length("query_term") <= 255),
    CONSTRAINT "pastebin_findings_query_type_check" CHECK ("query_type" IN ('email', 'domain', 'username', 'password'))
);
CREATE INDEX "pastebin_findings_query_term_idx" ON "mainstay"."pastebin_findings" ("organization_id", "query_term");
CREATE INDEX "pastebin_findings_query_type_idx" ON "mainstay"."pastebin_findings" ("organization_id", "query_type");
CREATE INDEX "pastebin_findings_deleted_at_idx" ON "mainstay"."pastebin_findings" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "pastebin_findings_user_id_idx" ON "mainstay"."pastebin_findings" ("organization_id", "user_id");
ALTER TABLE "mainstay"."pastebin_findings" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."pastebin_findings" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."pastebin_findings" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."pastebin_findings" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."pastebin_findings" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."pastebin_findings" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."pastebin_findings" IS 'A paste that holds a credential.';
COMMENT ON COLUMN "mainstay"."pastebin_findings"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."pastebin_findings"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."pastebin_findings"."paste_id" IS 'The paste''s identifier; a paste is reported once, and a deleted report stays known (S2-B62).';
COMMENT ON COLUMN "mainstay"."pastebin_findings"."paste_title" IS 'Its title.';
COMMENT ON COLUMN "mainstay"."pastebin_findings"."paste_url" IS 'Its address.';
COMMENT ON COLUMN "mainstay"."pastebin_findings"."posted_date" IS 'When it was published, as the site says it.';
COMMENT ON COLUMN "mainstay"."pastebin_findings"."query_term" IS 'The words that found it.';
COMMENT ON COLUMN "mainstay"."pastebin_findings"."query_type" IS 'What the search is for.';
COMMENT ON COLUMN "mainstay"."pastebin_findings"."credential_password" IS 'The password in it; never read back.';
COMMENT ON COLUMN "mainstay"."pastebin_findings"."context" IS 'The lines around it, without the password.';
COMMENT ON COLUMN "mainstay"."pastebin_findings"."discovered_at" IS 'When it was found.';
COMMENT ON COLUMN "mainstay"."pastebin_findings"."user_id" IS 'The member who searched (S2-B67).';
COMMENT ON COLUMN "mainstay"."pastebin_findings"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."pastebin_findings"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."pastebin_findings"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."pastebin_findings"."is_active" IS 'Whether the record is in use.';

-- mainstay.opsych_search_results (exposure)
CREATE TABLE "mainstay"."opsych_search_results" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "search_id" text COLLATE "C" NOT NULL,
    "query_input" text COLLATE "C" NOT NULL,
    "query_type" text COLLATE "C",
    "platform" text COLLATE "C",
    "username" text COLLATE "C",
    "url" text COLLATE "C",
    "bio" text COLLATE "C",
    "source" text COLLATE "C",
    "discovered_at" timestamptz DEFAULT now(),
    "user_id" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "opsych_search_results_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "opsych_search_results_bio_check" CHECK (char_length("bio") <= 4000),
    CONSTRAINT "opsych_search_results_platform_check" CHECK (char_length("platform") <= 100),
    CONSTRAINT "opsych_search_results_query_input_check" CHECK (char_length("query_input") <= 255),
    CONSTRAINT "opsych_search_results_query_type_check" CHECK (char_length("query_type") <= 50),
    CONSTRAINT "opsych_search_results_search_id_check" CHECK (char_length("search_id") <= 100),
    CONSTRAINT "opsych_search_results_source_check" CHECK (char_length("source") <= 100),
    CONSTRAINT "opsych_search_results_url_check" CHECK (char_length("url") <= 2000),
    CONSTRAINT "opsych_search_results_username_check" CHECK (char_length("username") <= 255)
);
CREATE INDEX "opsych_search_results_search_id_idx" ON "mainstay"."opsych_search_results" ("organization_id", "search_id");
CREATE INDEX "opsych_search_results_query_input_idx" ON "mainstay"."opsych_search_results" ("organization_id", "query_input");
CREATE INDEX "opsych_search_results_platform_idx" ON "mainstay"."opsych_search_results" ("organization_id", "platform");
CREATE INDEX "opsych_search_results_username_idx" ON "mainstay"."opsych_search_results" ("organization_id", "username");
CREATE INDEX "opsych_search_results_deleted_at_idx" ON "mainstay"."opsych_search_results" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "opsych_search_results_user_id_idx" ON "mainstay"."opsych_search_results" ("organization_id", "user_id");
ALTER TABLE "mainstay"."opsych_search_results" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."opsych_search_results" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."opsych_search_results" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."opsych_search_results" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."opsych_search_results" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."opsych_search_results" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."opsych_search_results" IS 'An account that a search for a name or address found.';
COMMENT ON COLUMN "mainstay"."opsych_search_results"."id" IS 'The result''s own identifier names the person: the person need not have an account here.';
COMMENT ON COLUMN "mainstay"."opsych_search_results"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."opsych_search_results"."search_id" IS 'The search; its results share it.';
COMMENT ON COLUMN "mainstay"."opsych_search_results"."query_input" IS 'What was searched for.';
COMMENT ON COLUMN "mainstay"."opsych_search_results"."query_type" IS 'What kind of thing that is, such as a name or an address.';
COMMENT ON COLUMN "mainstay"."opsych_search_results"."platform" IS 'The network that has the account.';
COMMENT ON COLUMN "mainstay"."opsych_search_results"."username" IS 'The account''s name.';
COMMENT ON COLUMN "mainstay"."opsych_search_results"."url" IS 'The account''s address.';
COMMENT ON COLUMN "mainstay"."opsych_search_results"."bio" IS 'What the account says of its owner.';
COMMENT ON COLUMN "mainstay"."opsych_search_results"."source" IS 'The tool that found it, such as Sherlock or Holehe (S2-B33).';
COMMENT ON COLUMN "mainstay"."opsych_search_results"."discovered_at" IS 'When it was found.';
COMMENT ON COLUMN "mainstay"."opsych_search_results"."user_id" IS 'The member who searched (S2-B67).';
COMMENT ON COLUMN "mainstay"."opsych_search_results"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."opsych_search_results"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."opsych_search_results"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."opsych_search_results"."is_active" IS 'Whether the record is in use.';

-- mainstay.surface_scans (exposure)
CREATE TABLE "mainstay"."surface_scans" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "scanner" text COLLATE "C" NOT NULL,
    "record_kind" text COLLATE "C" NOT NULL DEFAULT 'history',
    "scan_id" text COLLATE "C",
    "target" text COLLATE "C" NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'completed',
    "scanned_at" timestamptz NOT NULL DEFAULT now(),
    "risk_score" integer DEFAULT 0,
    "risk_level" text COLLATE "C",
    "vulnerabilities_found" integer DEFAULT 0,
    "total_cves" integer DEFAULT 0,
    "critical_cves" integer DEFAULT 0,
    "open_ports_count" integer DEFAULT 0,
    "total_findings" integer DEFAULT 0,
    "critical_count" integer DEFAULT 0,
    "high_count" integer DEFAULT 0,
    "medium_count" integer DEFAULT 0,
    "low_count" integer DEFAULT 0,
    "total_tests" integer DEFAULT 0,
    "passed_tests" integer DEFAULT 0,
    "failed_tests" integer DEFAULT 0,
    "results" jsonb,
    "findings" jsonb,
    "summary_stats" jsonb,
    "scan_metadata" jsonb,
    "user_id" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "surface_scans_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "surface_scans_scan_id_key" UNIQUE ("organization_id", "scan_id"),
    CONSTRAINT "surface_scans_critical_count_check" CHECK ("critical_count" >= 0),
    CONSTRAINT "surface_scans_critical_cves_check" CHECK ("critical_cves" >= 0),
    CONSTRAINT "surface_scans_failed_tests_check" CHECK ("failed_tests" >= 0),
    CONSTRAINT "surface_scans_high_count_check" CHECK ("high_count" >= 0),
    CONSTRAINT "surface_scans_low_count_check" CHECK ("low_count" >= 0),
    CONSTRAINT "surface_scans_medium_count_check" CHECK ("medium_count" >= 0),
    CONSTRAINT "surface_scans_open_ports_count_check" CHECK ("open_ports_count" >= 0),
    CONSTRAINT "surface_scans_passed_tests_check" CHECK ("passed_tests" >= 0),
    CONSTRAINT "surface_scans_record_kind_check" CHECK ("record_kind" IN ('legacy', 'cache', 'summary', 'history')),
    CONSTRAINT "surface_scans_risk_level_check" CHECK ("risk_level" IN ('info', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT "surface_scans_risk_score_check" CHECK ("risk_score" >= 0 AND "risk_score" <= 100),
    CONSTRAINT "surface_scans_scan_id_check" CHECK (char_length("scan_id") <= 100),
    CONSTRAINT "surface_scans_scanner_check" CHECK ("scanner" IN ('asm', 'xasm', 'lightbox')),
    CONSTRAINT "surface_scans_status_check" CHECK ("status" IN ('pending', 'running', 'completed', 'failed')),
    CONSTRAINT "surface_scans_target_check" CHECK (char_length("target") <= 255),
    CONSTRAINT "surface_scans_total_cves_check" CHECK ("total_cves" >= 0),
    CONSTRAINT "surface_scans_total_findings_check" CHECK ("total_findings" >= 0),
    CONSTRAINT "surface_scans_total_tests_check" CHECK ("total_tests" >= 0),
    CONSTRAINT "surface_scans_vulnerabilities_found_check" CHECK ("vulnerabilities_found" >= 0)
);
CREATE UNIQUE INDEX "surface_scans_scanner_target_key" ON "mainstay"."surface_scans" ("organization_id", "scanner", "target") WHERE record_kind = 'legacy' and deleted_at is null;
CREATE INDEX "surface_scans_target_scanned_at_idx" ON "mainstay"."surface_scans" ("organization_id", "target", "scanned_at" DESC);
CREATE INDEX "surface_scans_deleted_at_idx" ON "mainstay"."surface_scans" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "surface_scans_user_id_idx" ON "mainstay"."surface_scans" ("organization_id", "user_id");
CREATE TRIGGER "surface_scans_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."surface_scans" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('running', 'failed') WHEN 'running' THEN NEW."status" IN ('completed', 'failed') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."surface_scans" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."surface_scans" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."surface_scans" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."surface_scans" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."surface_scans" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."surface_scans" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."surface_scans" IS 'A scan of a domain or host: what ran, when, and what it found in sum.';
COMMENT ON COLUMN "mainstay"."surface_scans"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."surface_scans"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."surface_scans"."scanner" IS 'What scanned.';
COMMENT ON COLUMN "mainstay"."surface_scans"."record_kind" IS 'What the row is.';
COMMENT ON COLUMN "mainstay"."surface_scans"."scan_id" IS 'The name of the run, used once (S2-B62).';
COMMENT ON COLUMN "mainstay"."surface_scans"."target" IS 'The domain or host that was scanned; one legacy row for each that is not deleted.';
COMMENT ON COLUMN "mainstay"."surface_scans"."status" IS 'How far the scan is.';
COMMENT ON COLUMN "mainstay"."surface_scans"."scanned_at" IS 'When it was scanned.';
COMMENT ON COLUMN "mainstay"."surface_scans"."risk_score" IS 'How exposed the target is, 0 to 100.';
COMMENT ON COLUMN "mainstay"."surface_scans"."risk_level" IS 'The same as a word.';
COMMENT ON COLUMN "mainstay"."surface_scans"."vulnerabilities_found" IS 'How many weaknesses were found.';
COMMENT ON COLUMN "mainstay"."surface_scans"."total_cves" IS 'How many of them have a CVE number.';
COMMENT ON COLUMN "mainstay"."surface_scans"."critical_cves" IS 'How many of those are critical.';
COMMENT ON COLUMN "mainstay"."surface_scans"."open_ports_count" IS 'How many ports answer.';
COMMENT ON COLUMN "mainstay"."surface_scans"."total_findings" IS 'How many findings there are.';
COMMENT ON COLUMN "mainstay"."surface_scans"."critical_count" IS 'How many of them are critical.';
COMMENT ON COLUMN "mainstay"."surface_scans"."high_count" IS 'How many are high.';
COMMENT ON COLUMN "mainstay"."surface_scans"."medium_count" IS 'How many are medium.';
COMMENT ON COLUMN "mainstay"."surface_scans"."low_count" IS 'How many are low.';
COMMENT ON COLUMN "mainstay"."surface_scans"."total_tests" IS 'How many tests were run.';
COMMENT ON COLUMN "mainstay"."surface_scans"."passed_tests" IS 'How many of them passed.';
COMMENT ON COLUMN "mainstay"."surface_scans"."failed_tests" IS 'How many failed.';
COMMENT ON COLUMN "mainstay"."surface_scans"."results" IS 'The results in full.';
COMMENT ON COLUMN "mainstay"."surface_scans"."findings" IS 'The findings in full.';
COMMENT ON COLUMN "mainstay"."surface_scans"."summary_stats" IS 'Sums that the scanner made.';
COMMENT ON COLUMN "mainstay"."surface_scans"."scan_metadata" IS 'How the scan was run.';
COMMENT ON COLUMN "mainstay"."surface_scans"."user_id" IS 'The member who asked for it (S2-B67).';
COMMENT ON COLUMN "mainstay"."surface_scans"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."surface_scans"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."surface_scans"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."surface_scans"."is_active" IS 'Whether the record is in use.';

-- mainstay.surface_findings (exposure)
CREATE TABLE "mainstay"."surface_findings" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "asset" text COLLATE "C" NOT NULL,
    "finding_type" text COLLATE "C" NOT NULL,
    "url" text COLLATE "C" NOT NULL,
    "description" text COLLATE "C",
    "severity" text COLLATE "C",
    "status_code" integer,
    "discovered_at" timestamptz DEFAULT now(),
    "scan_id" text COLLATE "C",
    "user_id" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "surface_findings_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "surface_findings_asset_check" CHECK (char_length("asset") <= 255),
    CONSTRAINT "surface_findings_description_check" CHECK (char_length("description") <= 65536),
    CONSTRAINT "surface_findings_finding_type_check" CHECK (char_length("finding_type") <= 100),
    CONSTRAINT "surface_findings_scan_id_check" CHECK (char_length("scan_id") <= 100),
    CONSTRAINT "surface_findings_severity_check" CHECK ("severity" IN ('info', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT "surface_findings_status_code_check" CHECK ("status_code" >= 100 AND "status_code" <= 599),
    CONSTRAINT "surface_findings_url_check" CHECK (char_length("url") <= 2000)
);
CREATE INDEX "surface_findings_asset_idx" ON "mainstay"."surface_findings" ("organization_id", "asset");
CREATE INDEX "surface_findings_finding_type_idx" ON "mainstay"."surface_findings" ("organization_id", "finding_type");
CREATE INDEX "surface_findings_severity_idx" ON "mainstay"."surface_findings" ("organization_id", "severity");
CREATE INDEX "surface_findings_deleted_at_idx" ON "mainstay"."surface_findings" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "surface_findings_scan_id_idx" ON "mainstay"."surface_findings" ("organization_id", "scan_id");
CREATE INDEX "surface_findings_user_id_idx" ON "mainstay"."surface_findings" ("organization_id", "user_id");
ALTER TABLE "mainstay"."surface_findings" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."surface_findings" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."surface_findings" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."surface_findings" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."surface_findings" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."surface_findings" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."surface_findings" IS 'One thing that a scan found.';
COMMENT ON COLUMN "mainstay"."surface_findings"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."surface_findings"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."surface_findings"."asset" IS 'The host or application that was tested.';
COMMENT ON COLUMN "mainstay"."surface_findings"."finding_type" IS 'What was found.';
COMMENT ON COLUMN "mainstay"."surface_findings"."url" IS 'Where it was found.';
COMMENT ON COLUMN "mainstay"."surface_findings"."description" IS 'What it means, in words.';
COMMENT ON COLUMN "mainstay"."surface_findings"."severity" IS 'How bad it is.';
COMMENT ON COLUMN "mainstay"."surface_findings"."status_code" IS 'What the server answered.';
COMMENT ON COLUMN "mainstay"."surface_findings"."discovered_at" IS 'When it was found.';
COMMENT ON COLUMN "mainstay"."surface_findings"."scan_id" IS 'The run that found it, by its name.';
COMMENT ON COLUMN "mainstay"."surface_findings"."user_id" IS 'The member who asked for the scan (S2-B67).';
COMMENT ON COLUMN "mainstay"."surface_findings"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."surface_findings"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."surface_findings"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."surface_findings"."is_active" IS 'Whether the record is in use.';

-- mainstay.scan_report_inputs (exposure)
CREATE TABLE "mainstay"."scan_report_inputs" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "scanner" text COLLATE "C" NOT NULL,
    "company" text COLLATE "C" NOT NULL,
    "results" jsonb NOT NULL,
    "scan_date" timestamptz DEFAULT now(),
    "expires_at" timestamptz NOT NULL,
    "user_id" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "scan_report_inputs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "scan_report_inputs_company_check" CHECK (char_length("company") <= 255),
    CONSTRAINT "scan_report_inputs_scanner_check" CHECK ("scanner" IN ('asm', 'xasm', 'lightbox')),
    CONSTRAINT "scan_report_inputs_scanner_check1" CHECK (scanner <> 'asm')
);
CREATE UNIQUE INDEX "scan_report_inputs_scanner_company_key" ON "mainstay"."scan_report_inputs" ("organization_id", "scanner", "company") WHERE deleted_at is null;
CREATE INDEX "scan_report_inputs_expires_at_idx" ON "mainstay"."scan_report_inputs" ("expires_at");
CREATE INDEX "scan_report_inputs_deleted_at_idx" ON "mainstay"."scan_report_inputs" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "scan_report_inputs_user_id_idx" ON "mainstay"."scan_report_inputs" ("organization_id", "user_id");
ALTER TABLE "mainstay"."scan_report_inputs" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."scan_report_inputs" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."scan_report_inputs" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."scan_report_inputs" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."scan_report_inputs" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."scan_report_inputs" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."scan_report_inputs" IS 'The newest result of a scanner for a company, kept for 48 hours to write reports from (S2-B42, S2-B43).';
COMMENT ON COLUMN "mainstay"."scan_report_inputs"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."scan_report_inputs"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."scan_report_inputs"."scanner" IS 'What scanned: `xasm` or `lightbox`.';
COMMENT ON COLUMN "mainstay"."scan_report_inputs"."company" IS 'The company or domain that was scanned; free text, not an organisation of this installation.';
COMMENT ON COLUMN "mainstay"."scan_report_inputs"."results" IS 'The results in full.';
COMMENT ON COLUMN "mainstay"."scan_report_inputs"."scan_date" IS 'When it was scanned.';
COMMENT ON COLUMN "mainstay"."scan_report_inputs"."expires_at" IS 'When the result is removed.';
COMMENT ON COLUMN "mainstay"."scan_report_inputs"."user_id" IS 'The member who asked for it (S2-B67).';
COMMENT ON COLUMN "mainstay"."scan_report_inputs"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."scan_report_inputs"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."scan_report_inputs"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."scan_report_inputs"."is_active" IS 'Whether the record is in use.';

-- mainstay.vulnerability_reports (exposure)
CREATE TABLE "mainstay"."vulnerability_reports" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "xasm_scan_id" uuid,
    "lightbox_scan_id" uuid,
    "risk_score" integer NOT NULL,
    "risk_level" text COLLATE "C" NOT NULL,
    "executive_summary" text COLLATE "C" NOT NULL,
    "report_json" jsonb NOT NULL,
    "ai_model" text COLLATE "C" NOT NULL,
    "generation_time_ms" integer,
    "generated_at" timestamptz NOT NULL DEFAULT now(),
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "vulnerability_reports_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "vulnerability_reports_ai_model_check" CHECK (char_length("ai_model") <= 50),
    CONSTRAINT "vulnerability_reports_executive_summary_check" CHECK (char_length("executive_summary") <= 65536),
    CONSTRAINT "vulnerability_reports_generation_time_ms_check" CHECK ("generation_time_ms" >= 0),
    CONSTRAINT "vulnerability_reports_risk_level_check" CHECK ("risk_level" IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW')),
    CONSTRAINT "vulnerability_reports_risk_score_check" CHECK ("risk_score" >= 0 AND "risk_score" <= 100)
);
CREATE INDEX "vulnerability_reports_generated_at_idx" ON "mainstay"."vulnerability_reports" ("organization_id", "generated_at");
CREATE INDEX "vulnerability_reports_deleted_at_idx" ON "mainstay"."vulnerability_reports" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "vulnerability_reports_user_id_idx" ON "mainstay"."vulnerability_reports" ("organization_id", "user_id");
CREATE INDEX "vulnerability_reports_xasm_scan_id_idx" ON "mainstay"."vulnerability_reports" ("organization_id", "xasm_scan_id");
CREATE INDEX "vulnerability_reports_lightbox_scan_id_idx" ON "mainstay"."vulnerability_reports" ("organization_id", "lightbox_scan_id");
ALTER TABLE "mainstay"."vulnerability_reports" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."vulnerability_reports" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."vulnerability_reports" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."vulnerability_reports" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."vulnerability_reports" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."vulnerability_reports" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."vulnerability_reports" IS 'A report on an organisation''s weaknesses, written by a language model from scan results (S2-B55).';
COMMENT ON COLUMN "mainstay"."vulnerability_reports"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."vulnerability_reports"."organization_id" IS 'The organisation that it is about; the report goes with it (S2-B68).';
COMMENT ON COLUMN "mainstay"."vulnerability_reports"."user_id" IS 'The member who asked for it; the report goes with the member (S2-B66).';
COMMENT ON COLUMN "mainstay"."vulnerability_reports"."xasm_scan_id" IS 'The attack surface result; empty once that has expired (S2-B73).';
COMMENT ON COLUMN "mainstay"."vulnerability_reports"."lightbox_scan_id" IS 'The web test''s result; empty once that has expired (S2-B73).';
COMMENT ON COLUMN "mainstay"."vulnerability_reports"."risk_score" IS 'How great the risk is, 0 to 100 (S2-B36).';
COMMENT ON COLUMN "mainstay"."vulnerability_reports"."risk_level" IS 'The same as a word.';
COMMENT ON COLUMN "mainstay"."vulnerability_reports"."executive_summary" IS 'The report in short.';
COMMENT ON COLUMN "mainstay"."vulnerability_reports"."report_json" IS 'The report in full.';
COMMENT ON COLUMN "mainstay"."vulnerability_reports"."ai_model" IS 'The model that wrote it.';
COMMENT ON COLUMN "mainstay"."vulnerability_reports"."generation_time_ms" IS 'How long that took, in milliseconds.';
COMMENT ON COLUMN "mainstay"."vulnerability_reports"."generated_at" IS 'When it was written.';
COMMENT ON COLUMN "mainstay"."vulnerability_reports"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."vulnerability_reports"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."vulnerability_reports"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."vulnerability_reports"."is_active" IS 'Whether the record is in use.';

-- mainstay.roadmap_profiles (exposure)
CREATE TABLE "mainstay"."roadmap_profiles" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid,
    "company_name" text COLLATE "C" NOT NULL,
    "company_size" text COLLATE "C",
    "industry" text COLLATE "C",
    "employee_count" integer,
    "current_security_score" integer NOT NULL DEFAULT 0,
    "target_security_score" integer NOT NULL DEFAULT 75,
    "handles_pii" boolean NOT NULL DEFAULT false,
    "handles_payment_data" boolean NOT NULL DEFAULT false,
    "handles_health_data" boolean NOT NULL DEFAULT false,
    "handles_financial_data" boolean NOT NULL DEFAULT false,
    "current_measures" jsonb NOT NULL DEFAULT '[]'::jsonb,
    "compliance_requirements" jsonb NOT NULL DEFAULT '[]'::jsonb,
    "assessment_responses" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "last_recalculated" timestamptz,
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "roadmap_profiles_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "roadmap_profiles_company_name_check" CHECK (char_length("company_name") <= 255),
    CONSTRAINT "roadmap_profiles_company_size_check" CHECK ("company_size" IN ('small', 'medium', 'large', 'enterprise')),
    CONSTRAINT "roadmap_profiles_current_security_score_check" CHECK ("current_security_score" >= 0 AND "current_security_score" <= 100),
    CONSTRAINT "roadmap_profiles_employee_count_check" CHECK ("employee_count" >= 0),
    CONSTRAINT "roadmap_profiles_industry_check" CHECK (char_length("industry") <= 100),
    CONSTRAINT "roadmap_profiles_target_security_score_check" CHECK ("target_security_score" >= 0 AND "target_security_score" <= 100)
);
CREATE INDEX "roadmap_profiles_industry_idx" ON "mainstay"."roadmap_profiles" ("organization_id", "industry");
CREATE INDEX "roadmap_profiles_deleted_at_idx" ON "mainstay"."roadmap_profiles" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "roadmap_profiles_user_id_idx" ON "mainstay"."roadmap_profiles" ("organization_id", "user_id");
ALTER TABLE "mainstay"."roadmap_profiles" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."roadmap_profiles" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."roadmap_profiles" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."roadmap_profiles" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."roadmap_profiles" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."roadmap_profiles" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."roadmap_profiles" IS 'What a company said of itself, and where its security stands and should stand.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."user_id" IS 'The member who answers for it (S2-B67).';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."company_name" IS 'The company''s name.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."company_size" IS 'How large it is.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."industry" IS 'What it does.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."employee_count" IS 'How many people work there.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."current_security_score" IS 'Where its security stands, 0 to 100 (S2-B37).';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."target_security_score" IS 'Where it should stand, 0 to 100.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."handles_pii" IS 'Whether it handles personal data.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."handles_payment_data" IS 'Whether it handles payment data.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."handles_health_data" IS 'Whether it handles health data.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."handles_financial_data" IS 'Whether it handles financial data.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."current_measures" IS 'What it does for security already.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."compliance_requirements" IS 'The frameworks that it must comply with.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."assessment_responses" IS 'What it answered when it was asked.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."last_recalculated" IS 'When its score was last worked out.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."roadmap_profiles"."is_active" IS 'Whether the record is in use.';

-- mainstay.roadmap_achievements (exposure)
CREATE TABLE "mainstay"."roadmap_achievements" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "profile_id" uuid NOT NULL,
    "user_id" uuid,
    "achievement_id" text COLLATE "C" NOT NULL,
    "achievement_name" text COLLATE "C" NOT NULL,
    "achievement_description" text COLLATE "C",
    "achievement_icon" text COLLATE "C",
    "requirement_type" text COLLATE "C",
    "requirement_value" integer,
    "unlocked_at" timestamptz NOT NULL DEFAULT now(),
    "is_claimed" boolean NOT NULL DEFAULT false,
    "claimed_at" timestamptz,
    "rewards" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "roadmap_achievements_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "roadmap_achievements_profile_id_achievement_id_key" UNIQUE ("organization_id", "profile_id", "achievement_id"),
    CONSTRAINT "roadmap_achievements_achievement_description_check" CHECK (char_length("achievement_description") <= 4000),
    CONSTRAINT "roadmap_achievements_achievement_icon_check" CHECK (char_length("achievement_icon") <= 50),
    CONSTRAINT "roadmap_achievements_achievement_id_check" CHECK (char_length("achievement_id") <= 100),
    CONSTRAINT "roadmap_achievements_achievement_name_check" CHECK (char_length("achievement_name") <= 255),
    CONSTRAINT "roadmap_achievements_requirement_type_check" CHECK (char_length("requirement_type") <= 50),
    CONSTRAINT "roadmap_achievements_requirement_value_check" CHECK ("requirement_value" >= 0)
);
CREATE INDEX "roadmap_achievements_achievement_id_idx" ON "mainstay"."roadmap_achievements" ("organization_id", "achievement_id");
CREATE INDEX "roadmap_achievements_user_id_idx" ON "mainstay"."roadmap_achievements" ("organization_id", "user_id");
ALTER TABLE "mainstay"."roadmap_achievements" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."roadmap_achievements" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."roadmap_achievements" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."roadmap_achievements" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."roadmap_achievements" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."roadmap_achievements" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."roadmap_achievements" IS 'Something that a company reached on its way, with what it earns (S2-B56).';
COMMENT ON COLUMN "mainstay"."roadmap_achievements"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."roadmap_achievements"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."roadmap_achievements"."profile_id" IS 'The roadmap; each achievement is reached once on it.';
COMMENT ON COLUMN "mainstay"."roadmap_achievements"."user_id" IS 'The member who reached it (S2-B67).';
COMMENT ON COLUMN "mainstay"."roadmap_achievements"."achievement_id" IS 'The code of the achievement.';
COMMENT ON COLUMN "mainstay"."roadmap_achievements"."achievement_name" IS 'Its name.';
COMMENT ON COLUMN "mainstay"."roadmap_achievements"."achievement_description" IS 'What it is for.';
COMMENT ON COLUMN "mainstay"."roadmap_achievements"."achievement_icon" IS 'Its picture.';
COMMENT ON COLUMN "mainstay"."roadmap_achievements"."requirement_type" IS 'What it takes, such as tasks completed.';
COMMENT ON COLUMN "mainstay"."roadmap_achievements"."requirement_value" IS 'How much of it.';
COMMENT ON COLUMN "mainstay"."roadmap_achievements"."unlocked_at" IS 'When it was reached.';
COMMENT ON COLUMN "mainstay"."roadmap_achievements"."is_claimed" IS 'Whether what it earns was taken.';
COMMENT ON COLUMN "mainstay"."roadmap_achievements"."claimed_at" IS 'When it was taken.';
COMMENT ON COLUMN "mainstay"."roadmap_achievements"."rewards" IS 'What it earns.';
COMMENT ON COLUMN "mainstay"."roadmap_achievements"."created_at" IS 'When the record was created.';

-- mainstay.roadmap_progress_history (exposure)
CREATE TABLE "mainstay"."roadmap_progress_history" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "profile_id" uuid NOT NULL,
    "security_score" integer,
    "tasks_completed" integer,
    "tasks_total" integer,
    "phase1_completed" integer NOT NULL DEFAULT 0,
    "phase2_completed" integer NOT NULL DEFAULT 0,
    "phase3_completed" integer NOT NULL DEFAULT 0,
    "phase4_completed" integer NOT NULL DEFAULT 0,
    "snapshot_date" timestamptz NOT NULL DEFAULT now(),
    "snapshot_reason" text COLLATE "C",
    CONSTRAINT "roadmap_progress_history_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "roadmap_progress_history_phase1_completed_check" CHECK ("phase1_completed" >= 0),
    CONSTRAINT "roadmap_progress_history_phase2_completed_check" CHECK ("phase2_completed" >= 0),
    CONSTRAINT "roadmap_progress_history_phase3_completed_check" CHECK ("phase3_completed" >= 0),
    CONSTRAINT "roadmap_progress_history_phase4_completed_check" CHECK ("phase4_completed" >= 0),
    CONSTRAINT "roadmap_progress_history_security_score_check" CHECK ("security_score" >= 0 AND "security_score" <= 100),
    CONSTRAINT "roadmap_progress_history_snapshot_reason_check" CHECK ("snapshot_reason" IN ('daily', 'task_completed', 'scan_run', 'manual')),
    CONSTRAINT "roadmap_progress_history_tasks_completed_check" CHECK ("tasks_completed" >= 0),
    CONSTRAINT "roadmap_progress_history_tasks_total_check" CHECK ("tasks_total" >= 0)
);
CREATE INDEX "roadmap_progress_history_profile_id_snapshot_date_idx" ON "mainstay"."roadmap_progress_history" ("organization_id", "profile_id", "snapshot_date");
CREATE INDEX "roadmap_progress_history_snapshot_date_idx" ON "mainstay"."roadmap_progress_history" ("organization_id", "snapshot_date");
ALTER TABLE "mainstay"."roadmap_progress_history" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."roadmap_progress_history" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."roadmap_progress_history" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."roadmap_progress_history" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."roadmap_progress_history" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."roadmap_progress_history" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."roadmap_progress_history" IS 'The state of a roadmap at a moment.';
COMMENT ON COLUMN "mainstay"."roadmap_progress_history"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."roadmap_progress_history"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."roadmap_progress_history"."profile_id" IS 'The roadmap.';
COMMENT ON COLUMN "mainstay"."roadmap_progress_history"."security_score" IS 'Where security stood, 0 to 100.';
COMMENT ON COLUMN "mainstay"."roadmap_progress_history"."tasks_completed" IS 'How many tasks were completed.';
COMMENT ON COLUMN "mainstay"."roadmap_progress_history"."tasks_total" IS 'How many tasks there were.';
COMMENT ON COLUMN "mainstay"."roadmap_progress_history"."phase1_completed" IS 'How many of phase 1 were completed (S2-B40).';
COMMENT ON COLUMN "mainstay"."roadmap_progress_history"."phase2_completed" IS 'How many of phase 2 were completed.';
COMMENT ON COLUMN "mainstay"."roadmap_progress_history"."phase3_completed" IS 'How many of phase 3 were completed.';
COMMENT ON COLUMN "mainstay"."roadmap_progress_history"."phase4_completed" IS 'How many of phase 4 were completed.';
COMMENT ON COLUMN "mainstay"."roadmap_progress_history"."snapshot_date" IS 'The moment.';
COMMENT ON COLUMN "mainstay"."roadmap_progress_history"."snapshot_reason" IS 'Why it was noted down.';

-- mainstay.roadmap_tasks (exposure)
CREATE TABLE "mainstay"."roadmap_tasks" (
    "id" uuid NOT NULL,
    "task_id" text COLLATE "C" NOT NULL,
    "task_name" text COLLATE "C" NOT NULL,
    "task_category" text COLLATE "C",
    "description" text COLLATE "C",
    "why_it_matters" text COLLATE "C",
    "how_to_fix" text COLLATE "C",
    "estimated_time_minutes" integer,
    "estimated_cost_min" numeric(12,2),
    "estimated_cost_max" numeric(12,2),
    "difficulty_level" text COLLATE "C",
    "security_score_impact" integer,
    "risk_level" text COLLATE "C",
    "applies_to_industries" text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
    "applies_to_sizes" text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
    "requires_compliance" text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
    "documentation_url" text COLLATE "C",
    "video_tutorial_url" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "roadmap_tasks_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "roadmap_tasks_task_id_key" UNIQUE ("task_id"),
    CONSTRAINT "roadmap_tasks_cost_range_check" CHECK (estimated_cost_min <= estimated_cost_max),
    CONSTRAINT "roadmap_tasks_description_check" CHECK (char_length("description") <= 65536),
    CONSTRAINT "roadmap_tasks_difficulty_level_check" CHECK ("difficulty_level" IN ('easy', 'medium', 'hard')),
    CONSTRAINT "roadmap_tasks_documentation_url_check" CHECK (char_length("documentation_url") <= 2000),
    CONSTRAINT "roadmap_tasks_estimated_cost_max_check" CHECK ("estimated_cost_max" >= 0),
    CONSTRAINT "roadmap_tasks_estimated_cost_min_check" CHECK ("estimated_cost_min" >= 0),
    CONSTRAINT "roadmap_tasks_estimated_time_minutes_check" CHECK ("estimated_time_minutes" >= 0),
    CONSTRAINT "roadmap_tasks_how_to_fix_check" CHECK (char_length("how_to_fix") <= 65536),
    CONSTRAINT "roadmap_tasks_risk_level_check" CHECK ("risk_level" IN ('info', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT "roadmap_tasks_task_category_check" CHECK (char_length("task_category") <= 50),
    CONSTRAINT "roadmap_tasks_task_id_check" CHECK (char_length("task_id") <= 100),
    CONSTRAINT "roadmap_tasks_task_name_check" CHECK (char_length("task_name") <= 255),
    CONSTRAINT "roadmap_tasks_video_tutorial_url_check" CHECK (char_length("video_tutorial_url") <= 2000),
    CONSTRAINT "roadmap_tasks_why_it_matters_check" CHECK (char_length("why_it_matters") <= 65536)
);
CREATE INDEX "roadmap_tasks_task_category_idx" ON "mainstay"."roadmap_tasks" ("task_category");
CREATE INDEX "roadmap_tasks_risk_level_idx" ON "mainstay"."roadmap_tasks" ("risk_level");
ALTER TABLE "mainstay"."roadmap_tasks" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."roadmap_tasks" FOR SELECT USING (TRUE);
CREATE POLICY "insert" ON "mainstay"."roadmap_tasks" FOR INSERT WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."roadmap_tasks" FOR UPDATE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."roadmap_tasks" FOR DELETE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."roadmap_tasks" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."roadmap_tasks" IS 'A task of the library, the same for all organisations.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."task_id" IS 'The code that roadmaps refer to.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."task_name" IS 'The task in a line.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."task_category" IS 'What it belongs to.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."description" IS 'What is to be done.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."why_it_matters" IS 'Why it matters.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."how_to_fix" IS 'How it is done.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."estimated_time_minutes" IS 'How long it takes, in minutes (S2-B38).';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."estimated_cost_min" IS 'What it costs at least, in US dollars.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."estimated_cost_max" IS 'What it costs at most, in US dollars.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."difficulty_level" IS 'How hard it is.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."security_score_impact" IS 'By how many points it lifts the security score.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."risk_level" IS 'How great the risk is that it removes.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."applies_to_industries" IS 'The industries that it is for; none means all.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."applies_to_sizes" IS 'The sizes of company that it is for; none means all.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."requires_compliance" IS 'The frameworks that ask for it.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."documentation_url" IS 'Where more can be read.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."video_tutorial_url" IS 'Where it can be watched.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."roadmap_tasks"."is_active" IS 'Whether new roadmaps use it.';

-- mainstay.roadmap_library_versions (exposure)
CREATE TABLE "mainstay"."roadmap_library_versions" (
    "id" uuid NOT NULL,
    "library_version" text COLLATE "C" NOT NULL,
    "total_tasks" integer,
    "changelog" text COLLATE "C",
    "last_updated" timestamptz NOT NULL DEFAULT now(),
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "roadmap_library_versions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "roadmap_library_versions_library_version_key" UNIQUE ("library_version"),
    CONSTRAINT "roadmap_library_versions_changelog_check" CHECK (char_length("changelog") <= 65536),
    CONSTRAINT "roadmap_library_versions_library_version_check" CHECK (char_length("library_version") <= 20),
    CONSTRAINT "roadmap_library_versions_total_tasks_check" CHECK ("total_tasks" >= 0)
);
ALTER TABLE "mainstay"."roadmap_library_versions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."roadmap_library_versions" FOR SELECT USING (TRUE);
CREATE POLICY "insert" ON "mainstay"."roadmap_library_versions" FOR INSERT WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."roadmap_library_versions" FOR UPDATE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."roadmap_library_versions" FOR DELETE USING ((SELECT current_setting('app.platform', true) = 'on') OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."roadmap_library_versions" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."roadmap_library_versions" IS 'A version of the task library, with what changed (S2-B57).';
COMMENT ON COLUMN "mainstay"."roadmap_library_versions"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."roadmap_library_versions"."library_version" IS 'The version, such as `1.0.0`.';
COMMENT ON COLUMN "mainstay"."roadmap_library_versions"."total_tasks" IS 'How many tasks it has.';
COMMENT ON COLUMN "mainstay"."roadmap_library_versions"."changelog" IS 'What changed.';
COMMENT ON COLUMN "mainstay"."roadmap_library_versions"."last_updated" IS 'When the library last changed.';
COMMENT ON COLUMN "mainstay"."roadmap_library_versions"."created_at" IS 'When the record was created.';

-- mainstay.roadmap_user_tasks (exposure)
CREATE TABLE "mainstay"."roadmap_user_tasks" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "profile_id" uuid NOT NULL,
    "task_id" text COLLATE "C" NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'not_started',
    "phase" integer NOT NULL DEFAULT 1,
    "priority_order" integer,
    "source" text COLLATE "C",
    "source_reference_id" uuid,
    "source_details" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "finding_type" text COLLATE "C",
    "finding_severity" text COLLATE "C",
    "scan_domain" text COLLATE "C",
    "scan_date" timestamptz,
    "matched_threat_actor" text COLLATE "C",
    "threat_actor_ttp" jsonb,
    "assigned_to_user_id" uuid,
    "started_at" timestamptz,
    "completed_at" timestamptz,
    "verified_at" timestamptz,
    "last_reminded" timestamptz,
    "user_notes" text COLLATE "C",
    "admin_notes" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "roadmap_user_tasks_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "roadmap_user_tasks_admin_notes_check" CHECK (char_length("admin_notes") <= 65536),
    CONSTRAINT "roadmap_user_tasks_finding_severity_check" CHECK ("finding_severity" IN ('info', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT "roadmap_user_tasks_finding_type_check" CHECK (char_length("finding_type") <= 100),
    CONSTRAINT "roadmap_user_tasks_matched_threat_actor_check" CHECK (char_length("matched_threat_actor") <= 255),
    CONSTRAINT "roadmap_user_tasks_phase_check" CHECK ("phase" >= 1 AND "phase" <= 4),
    CONSTRAINT "roadmap_user_tasks_scan_domain_check" CHECK (char_length("scan_domain") <= 255),
    CONSTRAINT "roadmap_user_tasks_source_check" CHECK ("source" IN ('profile', 'xasm_scan', 'lightbox_scan', 'compliance', 'ghost_search', 'adversary')),
    CONSTRAINT "roadmap_user_tasks_status_check" CHECK ("status" IN ('not_started', 'in_progress', 'completed', 'skipped', 'not_applicable')),
    CONSTRAINT "roadmap_user_tasks_task_id_check" CHECK (char_length("task_id") <= 100),
    CONSTRAINT "roadmap_user_tasks_user_notes_check" CHECK (char_length("user_notes") <= 65536)
);
CREATE INDEX "roadmap_user_tasks_profile_id_phase_priority_order_idx" ON "mainstay"."roadmap_user_tasks" ("organization_id", "profile_id", "phase", "priority_order");
CREATE INDEX "roadmap_user_tasks_status_idx" ON "mainstay"."roadmap_user_tasks" ("organization_id", "status");
CREATE INDEX "roadmap_user_tasks_phase_idx" ON "mainstay"."roadmap_user_tasks" ("organization_id", "phase");
CREATE INDEX "roadmap_user_tasks_source_idx" ON "mainstay"."roadmap_user_tasks" ("organization_id", "source");
CREATE INDEX "roadmap_user_tasks_deleted_at_idx" ON "mainstay"."roadmap_user_tasks" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "roadmap_user_tasks_task_id_idx" ON "mainstay"."roadmap_user_tasks" ("task_id");
CREATE INDEX "roadmap_user_tasks_assigned_to_user_id_idx" ON "mainstay"."roadmap_user_tasks" ("organization_id", "assigned_to_user_id");
CREATE TRIGGER "roadmap_user_tasks_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."roadmap_user_tasks" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'not_started' THEN NEW."status" IN ('in_progress', 'skipped', 'not_applicable') WHEN 'in_progress' THEN NEW."status" IN ('completed', 'skipped', 'not_applicable') WHEN 'skipped' THEN NEW."status" IN ('not_started') WHEN 'not_applicable' THEN NEW."status" IN ('not_started') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."roadmap_user_tasks" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."roadmap_user_tasks" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."roadmap_user_tasks" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."roadmap_user_tasks" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."roadmap_user_tasks" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."roadmap_user_tasks" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."roadmap_user_tasks" IS 'A task on a company''s roadmap.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."profile_id" IS 'The roadmap.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."task_id" IS 'The task of the library, by its code.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."status" IS 'Where the company stands with it.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."phase" IS 'The phase of the roadmap, 1 to 4 (S2-B24).';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."priority_order" IS 'Its place in the phase.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."source" IS 'What put it on the roadmap.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."source_reference_id" IS 'The record that did.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."source_details" IS 'What that record says.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."finding_type" IS 'What was found.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."finding_severity" IS 'How bad that is.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."scan_domain" IS 'The domain in which it was found.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."scan_date" IS 'When it was found.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."matched_threat_actor" IS 'A threat actor who uses such weaknesses (S2-B58).';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."threat_actor_ttp" IS 'That actor''s tactics, techniques and procedures.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."assigned_to_user_id" IS 'The member who works on it (S2-B67).';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."started_at" IS 'When work began.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."completed_at" IS 'When it was completed.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."verified_at" IS 'When someone saw that it holds.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."last_reminded" IS 'When the member was last reminded.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."user_notes" IS 'What the member notes.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."admin_notes" IS 'What an administrator notes.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."roadmap_user_tasks"."is_active" IS 'Whether the record is in use.';

-- mainstay.bait_tokens (exposure)
CREATE TABLE "mainstay"."bait_tokens" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "identifier" text COLLATE "C" NOT NULL,
    "bait_type" text COLLATE "C",
    "token_value" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "seeded_at" timestamptz DEFAULT now(),
    "seeded_location" text COLLATE "C",
    "first_access" timestamptz,
    "access_count" integer NOT NULL DEFAULT 0,
    "last_access" timestamptz,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active',
    "user_id" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "bait_tokens_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "bait_tokens_identifier_key" UNIQUE ("organization_id", "identifier"),
    CONSTRAINT "bait_tokens_access_count_check" CHECK ("access_count" >= 0),
    CONSTRAINT "bait_tokens_bait_type_check" CHECK ("bait_type" IN ('aws_key', 'stripe_token', 'database', 'ssh_key', 'github_token', 'slack_token')),
    CONSTRAINT "bait_tokens_identifier_check" CHECK (char_length("identifier") <= 255),
    CONSTRAINT "bait_tokens_seeded_location_check" CHECK (char_length("seeded_location") <= 500),
    CONSTRAINT "bait_tokens_status_check" CHECK ("status" IN ('active', 'triggered', 'expired', 'revoked'))
);
CREATE INDEX "bait_tokens_identifier_idx" ON "mainstay"."bait_tokens" ("identifier");
CREATE INDEX "bait_tokens_deleted_at_idx" ON "mainstay"."bait_tokens" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "bait_tokens_user_id_idx" ON "mainstay"."bait_tokens" ("organization_id", "user_id");
CREATE TRIGGER "bait_tokens_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."bait_tokens" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'active' THEN NEW."status" IN ('triggered', 'expired', 'revoked') WHEN 'triggered' THEN NEW."status" IN ('expired', 'revoked') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."bait_tokens" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."bait_tokens" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."bait_tokens" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."bait_tokens" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."bait_tokens" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."bait_tokens" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."bait_tokens" IS 'A false credential that was left where only an intruder would find it (S2-B59).';
COMMENT ON COLUMN "mainstay"."bait_tokens"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."bait_tokens"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."bait_tokens"."identifier" IS 'What an access is recognised by, such as `bait_abc123`; never used again (S2-B62).';
COMMENT ON COLUMN "mainstay"."bait_tokens"."bait_type" IS 'What it looks like.';
COMMENT ON COLUMN "mainstay"."bait_tokens"."token_value" IS 'The false credential; it opens nothing.';
COMMENT ON COLUMN "mainstay"."bait_tokens"."seeded_at" IS 'When it was left.';
COMMENT ON COLUMN "mainstay"."bait_tokens"."seeded_location" IS 'Where it was left.';
COMMENT ON COLUMN "mainstay"."bait_tokens"."first_access" IS 'When it was first tried.';
COMMENT ON COLUMN "mainstay"."bait_tokens"."access_count" IS 'How often it was tried.';
COMMENT ON COLUMN "mainstay"."bait_tokens"."last_access" IS 'When it was last tried.';
COMMENT ON COLUMN "mainstay"."bait_tokens"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."bait_tokens"."user_id" IS 'The member who left it (S2-B67).';
COMMENT ON COLUMN "mainstay"."bait_tokens"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."bait_tokens"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."bait_tokens"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."bait_tokens"."is_active" IS 'Whether the record is in use.';

-- mainstay.bait_accesses (exposure)
CREATE TABLE "mainstay"."bait_accesses" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "bait_id" uuid NOT NULL,
    "accessed_at" timestamptz DEFAULT now(),
    "source_ip" inet,
    "user_agent" text COLLATE "C",
    "request_type" text COLLATE "C",
    "request_headers" jsonb,
    "request_body" jsonb,
    "fingerprint" text COLLATE "C",
    "geolocation" text COLLATE "C",
    "threat_level" text COLLATE "C" NOT NULL DEFAULT 'medium',
    "notes" text COLLATE "C",
    "accept_language" text COLLATE "C",
    "referer" text COLLATE "C",
    "sec_fetch_headers" jsonb,
    "attribution_type" text COLLATE "C",
    "evidence_strength" text COLLATE "C",
    "user_id" uuid,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "deleted_at" timestamptz,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "bait_accesses_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "bait_accesses_accept_language_check" CHECK (char_length("accept_language") <= 255),
    CONSTRAINT "bait_accesses_attribution_type_check" CHECK ("attribution_type" IN ('human', 'bot', 'tool', 'spoofed')),
    CONSTRAINT "bait_accesses_evidence_strength_check" CHECK ("evidence_strength" IN ('court_ready', 'moderate', 'weak')),
    CONSTRAINT "bait_accesses_fingerprint_check" CHECK (char_length("fingerprint") <= 4000),
    CONSTRAINT "bait_accesses_geolocation_check" CHECK (char_length("geolocation") <= 255),
    CONSTRAINT "bait_accesses_notes_check" CHECK (char_length("notes") <= 65536),
    CONSTRAINT "bait_accesses_referer_check" CHECK (char_length("referer") <= 2000),
    CONSTRAINT "bait_accesses_request_type_check" CHECK ("request_type" IN ('http', 'api', 'ssh', 'database')),
    CONSTRAINT "bait_accesses_threat_level_check" CHECK ("threat_level" IN ('info', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT "bait_accesses_user_agent_check" CHECK (char_length("user_agent") <= 1000)
);
CREATE INDEX "bait_accesses_bait_id_accessed_at_idx" ON "mainstay"."bait_accesses" ("organization_id", "bait_id", "accessed_at");
CREATE INDEX "bait_accesses_deleted_at_idx" ON "mainstay"."bait_accesses" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "bait_accesses_user_id_idx" ON "mainstay"."bait_accesses" ("organization_id", "user_id");
ALTER TABLE "mainstay"."bait_accesses" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."bait_accesses" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."bait_accesses" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."bait_accesses" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."bait_accesses" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."bait_accesses" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."bait_accesses" IS 'One try of a bait, with what is known of who tried.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."bait_id" IS 'The bait; the access goes with it (S2-B70).';
COMMENT ON COLUMN "mainstay"."bait_accesses"."accessed_at" IS 'When it was tried.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."source_ip" IS 'From where.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."user_agent" IS 'With which program, as it says.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."request_type" IS 'How it was tried.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."request_headers" IS 'The request''s headers.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."request_body" IS 'The request''s body.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."fingerprint" IS 'What the client is recognised by.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."geolocation" IS 'Roughly where the address is.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."threat_level" IS 'How dangerous it is (S2-B32).';
COMMENT ON COLUMN "mainstay"."bait_accesses"."notes" IS 'What an analyst notes.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."accept_language" IS 'The languages that the client asks for.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."referer" IS 'The page that the client says it comes from.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."sec_fetch_headers" IS 'The headers that browsers add about a request''s cause.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."attribution_type" IS 'Who seems to be behind it.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."evidence_strength" IS 'How much it proves.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."user_id" IS 'The member who left the bait (S2-B67).';
COMMENT ON COLUMN "mainstay"."bait_accesses"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."updated_at" IS 'When the record was last changed.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."deleted_at" IS 'When the record was deleted; null while it is there.';
COMMENT ON COLUMN "mainstay"."bait_accesses"."is_active" IS 'Whether the record is in use.';

-- mainstay.assets (assets)
CREATE TABLE "mainstay"."assets" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "contract_address" text COLLATE "C",
    "asset_type" text COLLATE "C" NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "symbol" text COLLATE "C" NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'draft',
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "assets_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "assets_contract_address_key" UNIQUE ("organization_id", "contract_address"),
    CONSTRAINT "assets_asset_type_check" CHECK ("asset_type" IN ('bond', 'equity', 'fund', 'stablecoin', 'deposit', 'real_estate', 'commodity', 'other')),
    CONSTRAINT "assets_contract_address_check" CHECK (char_length("contract_address") <= 42),
    CONSTRAINT "assets_contract_address_form_check" CHECK (length(contract_address) = 42 and substr(contract_address, 1, 2) = '0x' and ltrim(substr(contract_address, 3), '0123456789abcdef') = ''),
    CONSTRAINT "assets_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "assets_status_check" CHECK ("status" IN ('draft', 'active', 'paused', 'matured', 'retired')),
    CONSTRAINT "assets_symbol_check" CHECK (char_length("symbol") <= 32)
);
CREATE INDEX "assets_asset_type_status_idx" ON "mainstay"."assets" ("organization_id", "asset_type", "status");
CREATE TRIGGER "assets_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."assets" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'draft' THEN NEW."status" IN ('active', 'retired') WHEN 'active' THEN NEW."status" IN ('paused', 'matured', 'retired') WHEN 'paused' THEN NEW."status" IN ('active', 'matured', 'retired') WHEN 'matured' THEN NEW."status" IN ('retired') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."assets" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."assets" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."assets" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."assets" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."assets" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."assets" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."assets" IS 'A token that stands for something of value, with its contract on a chain.';
COMMENT ON COLUMN "mainstay"."assets"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."assets"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."assets"."contract_address" IS 'Address of the contract: `0x` and 40 lower-case hexadecimal digits. Empty until the contract is deployed.';
COMMENT ON COLUMN "mainstay"."assets"."asset_type" IS 'What it stands for.';
COMMENT ON COLUMN "mainstay"."assets"."name" IS 'Its name.';
COMMENT ON COLUMN "mainstay"."assets"."symbol" IS 'Its short name, as exchanges show it.';
COMMENT ON COLUMN "mainstay"."assets"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."assets"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."assets"."updated_at" IS 'When the record was last changed.';

-- mainstay.asset_metadata (assets)
CREATE TABLE "mainstay"."asset_metadata" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "asset_id" uuid NOT NULL,
    "description" text COLLATE "C",
    "documentation" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "legal_info" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "regulatory_info" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "asset_metadata_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_metadata_asset_id_key" UNIQUE ("organization_id", "asset_id"),
    CONSTRAINT "asset_metadata_description_check" CHECK (char_length("description") <= 65536)
);
ALTER TABLE "mainstay"."asset_metadata" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."asset_metadata" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."asset_metadata" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."asset_metadata" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."asset_metadata" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."asset_metadata" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."asset_metadata" IS 'What is told of an asset; one row for each (S3-B41).';
COMMENT ON COLUMN "mainstay"."asset_metadata"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."asset_metadata"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."asset_metadata"."asset_id" IS 'The asset.';
COMMENT ON COLUMN "mainstay"."asset_metadata"."description" IS 'What it is, in words.';
COMMENT ON COLUMN "mainstay"."asset_metadata"."documentation" IS 'Documents such as prospectus and terms, by name with their addresses.';
COMMENT ON COLUMN "mainstay"."asset_metadata"."legal_info" IS 'Issuer, governing law and the like.';
COMMENT ON COLUMN "mainstay"."asset_metadata"."regulatory_info" IS 'Licences, exemptions, identifiers such as an ISIN.';
COMMENT ON COLUMN "mainstay"."asset_metadata"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."asset_metadata"."updated_at" IS 'When the record was last changed.';

-- mainstay.asset_configurations (assets)
CREATE TABLE "mainstay"."asset_configurations" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "asset_id" uuid NOT NULL,
    "configuration_data" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "extension_settings" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "compliance_rules" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "operational_params" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "asset_configurations_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_configurations_asset_id_key" UNIQUE ("organization_id", "asset_id")
);
ALTER TABLE "mainstay"."asset_configurations" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."asset_configurations" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."asset_configurations" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."asset_configurations" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."asset_configurations" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."asset_configurations" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."asset_configurations" IS 'How an asset is set up; one row for each.';
COMMENT ON COLUMN "mainstay"."asset_configurations"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."asset_configurations"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."asset_configurations"."asset_id" IS 'The asset.';
COMMENT ON COLUMN "mainstay"."asset_configurations"."configuration_data" IS 'What the contract was made with, such as its decimals.';
COMMENT ON COLUMN "mainstay"."asset_configurations"."extension_settings" IS 'Settings of the contract''s extensions.';
COMMENT ON COLUMN "mainstay"."asset_configurations"."compliance_rules" IS 'The rules as the contract was made with them; those in force are in `asset_compliance`.';
COMMENT ON COLUMN "mainstay"."asset_configurations"."operational_params" IS 'Limits and fees of its operation.';
COMMENT ON COLUMN "mainstay"."asset_configurations"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."asset_configurations"."updated_at" IS 'When the record was last changed.';

-- mainstay.asset_operations (assets)
CREATE TABLE "mainstay"."asset_operations" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "asset_id" uuid NOT NULL,
    "operation_type" text COLLATE "C" NOT NULL,
    "parameters" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "executed_at" timestamptz NOT NULL DEFAULT now(),
    "executed_by" uuid,
    CONSTRAINT "asset_operations_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_operations_operation_type_check" CHECK (char_length("operation_type") <= 100)
);
CREATE INDEX "asset_operations_asset_id_executed_at_idx" ON "mainstay"."asset_operations" ("organization_id", "asset_id", "executed_at");
CREATE INDEX "asset_operations_operation_type_idx" ON "mainstay"."asset_operations" ("organization_id", "operation_type");
CREATE INDEX "asset_operations_executed_at_idx" ON "mainstay"."asset_operations" ("organization_id", "executed_at");
CREATE INDEX "asset_operations_executed_by_idx" ON "mainstay"."asset_operations" ("organization_id", "executed_by");
ALTER TABLE "mainstay"."asset_operations" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."asset_operations" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."asset_operations" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."asset_operations" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."asset_operations" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."asset_operations" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."asset_operations" IS 'Something that was done with an asset, such as minting (S3-B42).';
COMMENT ON COLUMN "mainstay"."asset_operations"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."asset_operations"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."asset_operations"."asset_id" IS 'The asset.';
COMMENT ON COLUMN "mainstay"."asset_operations"."operation_type" IS 'What was done, such as `mint`, `burn`, `transfer` or `freeze`; contracts name their own.';
COMMENT ON COLUMN "mainstay"."asset_operations"."parameters" IS 'With which arguments.';
COMMENT ON COLUMN "mainstay"."asset_operations"."executed_at" IS 'When it was done.';
COMMENT ON COLUMN "mainstay"."asset_operations"."executed_by" IS 'The member who did it.';

-- mainstay.asset_transactions (assets)
CREATE TABLE "mainstay"."asset_transactions" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "asset_id" uuid NOT NULL,
    "operation_id" uuid,
    "transaction_hash" text COLLATE "C" NOT NULL,
    "operation_type" text COLLATE "C" NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "block_number" bigint,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "asset_transactions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_transactions_transaction_hash_asset_id_key" UNIQUE ("organization_id", "transaction_hash", "asset_id"),
    CONSTRAINT "asset_transactions_operation_id_key" UNIQUE ("organization_id", "operation_id"),
    CONSTRAINT "asset_transactions_block_number_check" CHECK ("block_number" >= 0),
    CONSTRAINT "asset_transactions_block_number_check1" CHECK (status not in ('confirmed', 'finalized') or block_number is not null),
    CONSTRAINT "asset_transactions_operation_type_check" CHECK (char_length("operation_type") <= 100),
    CONSTRAINT "asset_transactions_status_check" CHECK ("status" IN ('pending', 'confirmed', 'finalized', 'failed', 'dropped')),
    CONSTRAINT "asset_transactions_transaction_hash_check" CHECK (char_length("transaction_hash") <= 66),
    CONSTRAINT "asset_transactions_transaction_hash_form_check" CHECK (length(transaction_hash) = 66 and substr(transaction_hash, 1, 2) = '0x' and ltrim(substr(transaction_hash, 3), '0123456789abcdef') = '')
);
CREATE INDEX "asset_transactions_asset_id_block_number_idx" ON "mainstay"."asset_transactions" ("organization_id", "asset_id", "block_number");
CREATE INDEX "asset_transactions_status_idx" ON "mainstay"."asset_transactions" ("organization_id", "status");
CREATE TRIGGER "asset_transactions_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."asset_transactions" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('confirmed', 'failed', 'dropped') WHEN 'confirmed' THEN NEW."status" IN ('finalized', 'pending') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."asset_transactions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."asset_transactions" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."asset_transactions" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."asset_transactions" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."asset_transactions" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."asset_transactions" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."asset_transactions" IS 'A transaction on the chain that concerns an asset.';
COMMENT ON COLUMN "mainstay"."asset_transactions"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."asset_transactions"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."asset_transactions"."asset_id" IS 'The asset.';
COMMENT ON COLUMN "mainstay"."asset_transactions"."operation_id" IS 'The operation that it carries out; at most one transaction each (S3-B45).';
COMMENT ON COLUMN "mainstay"."asset_transactions"."transaction_hash" IS 'Its hash: `0x` and 64 lower-case hexadecimal digits.';
COMMENT ON COLUMN "mainstay"."asset_transactions"."operation_type" IS 'What it does, such as `mint` or `transfer`.';
COMMENT ON COLUMN "mainstay"."asset_transactions"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."asset_transactions"."block_number" IS 'The block that it is in, once confirmed.';
COMMENT ON COLUMN "mainstay"."asset_transactions"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."asset_transactions"."updated_at" IS 'When the record was last changed.';

-- mainstay.asset_events (assets)
CREATE TABLE "mainstay"."asset_events" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "asset_id" uuid NOT NULL,
    "event_type" text COLLATE "C" NOT NULL,
    "event_data" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "block_number" bigint NOT NULL,
    "transaction_hash" text COLLATE "C" NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "asset_events_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_events_block_number_check" CHECK ("block_number" >= 0),
    CONSTRAINT "asset_events_event_type_check" CHECK (char_length("event_type") <= 100),
    CONSTRAINT "asset_events_transaction_hash_check" CHECK (char_length("transaction_hash") <= 66),
    CONSTRAINT "asset_events_transaction_hash_form_check" CHECK (length(transaction_hash) = 66 and substr(transaction_hash, 1, 2) = '0x' and ltrim(substr(transaction_hash, 3), '0123456789abcdef') = '')
);
CREATE INDEX "asset_events_asset_id_block_number_idx" ON "mainstay"."asset_events" ("organization_id", "asset_id", "block_number");
CREATE INDEX "asset_events_event_type_idx" ON "mainstay"."asset_events" ("organization_id", "event_type");
CREATE INDEX "asset_events_transaction_hash_idx" ON "mainstay"."asset_events" ("organization_id", "transaction_hash");
CREATE TRIGGER "asset_events_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."asset_events" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "asset_events_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."asset_events" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."asset_events" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."asset_events" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."asset_events" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."asset_events" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."asset_events" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."asset_events" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."asset_events" IS 'An event that an asset''s contract emitted. A replaced block takes nothing back: what it undoes is a further event.';
COMMENT ON COLUMN "mainstay"."asset_events"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."asset_events"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."asset_events"."asset_id" IS 'The asset.';
COMMENT ON COLUMN "mainstay"."asset_events"."event_type" IS 'The event''s name in the contract, such as `Transfer`.';
COMMENT ON COLUMN "mainstay"."asset_events"."event_data" IS 'Its arguments; amounts as decimal text, for they exceed a JSON number.';
COMMENT ON COLUMN "mainstay"."asset_events"."block_number" IS 'The block that it is in.';
COMMENT ON COLUMN "mainstay"."asset_events"."transaction_hash" IS 'The transaction that it is in: `0x` and 64 lower-case hexadecimal digits.';
COMMENT ON COLUMN "mainstay"."asset_events"."created_at" IS 'When the record was created.';

-- mainstay.asset_holders (assets)
CREATE TABLE "mainstay"."asset_holders" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "asset_id" uuid NOT NULL,
    "holder_address" text COLLATE "C" NOT NULL,
    "balance" numeric(78,0) NOT NULL,
    "percentage" numeric(7,4),
    "verified" boolean NOT NULL DEFAULT false,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "asset_holders_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_holders_asset_id_holder_address_key" UNIQUE ("organization_id", "asset_id", "holder_address"),
    CONSTRAINT "asset_holders_holder_address_check" CHECK (char_length("holder_address") <= 42),
    CONSTRAINT "asset_holders_holder_address_form_check" CHECK (length(holder_address) = 42 and substr(holder_address, 1, 2) = '0x' and ltrim(substr(holder_address, 3), '0123456789abcdef') = ''),
    CONSTRAINT "asset_holders_percentage_check" CHECK ("percentage" >= 0 AND "percentage" <= 100)
);
CREATE INDEX "asset_holders_holder_address_asset_id_idx" ON "mainstay"."asset_holders" ("organization_id", "holder_address", "asset_id");
CREATE INDEX "asset_holders_balance_idx" ON "mainstay"."asset_holders" ("organization_id", "balance");
ALTER TABLE "mainstay"."asset_holders" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."asset_holders" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."asset_holders" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."asset_holders" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."asset_holders" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."asset_holders" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."asset_holders" IS 'What an address holds of an asset now (S3-B43).';
COMMENT ON COLUMN "mainstay"."asset_holders"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."asset_holders"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."asset_holders"."asset_id" IS 'The asset.';
COMMENT ON COLUMN "mainstay"."asset_holders"."holder_address" IS 'The holder: `0x` and 40 lower-case hexadecimal digits.';
COMMENT ON COLUMN "mainstay"."asset_holders"."balance" IS 'How much it holds, in the asset''s smallest unit.';
COMMENT ON COLUMN "mainstay"."asset_holders"."percentage" IS 'The part of the supply that this is, in percent.';
COMMENT ON COLUMN "mainstay"."asset_holders"."verified" IS 'Whether the holder''s identity is verified.';
COMMENT ON COLUMN "mainstay"."asset_holders"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."asset_holders"."updated_at" IS 'When the record was last changed.';

-- mainstay.ownership_history (assets)
CREATE TABLE "mainstay"."ownership_history" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "asset_id" uuid NOT NULL,
    "holder_address" text COLLATE "C" NOT NULL,
    "balance" numeric(78,0) NOT NULL,
    "timestamp" timestamptz NOT NULL,
    "transaction_hash" text COLLATE "C",
    CONSTRAINT "ownership_history_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "ownership_history_holder_address_check" CHECK (char_length("holder_address") <= 42),
    CONSTRAINT "ownership_history_holder_address_form_check" CHECK (length(holder_address) = 42 and substr(holder_address, 1, 2) = '0x' and ltrim(substr(holder_address, 3), '0123456789abcdef') = ''),
    CONSTRAINT "ownership_history_transaction_hash_check" CHECK (char_length("transaction_hash") <= 66),
    CONSTRAINT "ownership_history_transaction_hash_form_check" CHECK (length(transaction_hash) = 66 and substr(transaction_hash, 1, 2) = '0x' and ltrim(substr(transaction_hash, 3), '0123456789abcdef') = '')
);
CREATE INDEX "ownership_history_asset_id_timestamp_idx" ON "mainstay"."ownership_history" ("organization_id", "asset_id", "timestamp");
CREATE INDEX "ownership_history_holder_address_timestamp_idx" ON "mainstay"."ownership_history" ("organization_id", "holder_address", "timestamp");
CREATE TRIGGER "ownership_history_append_only" BEFORE UPDATE OR DELETE ON "mainstay"."ownership_history" FOR EACH ROW EXECUTE FUNCTION "mainstay"."refuse_change"();
CREATE TRIGGER "ownership_history_append_only_truncate" BEFORE TRUNCATE ON "mainstay"."ownership_history" FOR EACH STATEMENT EXECUTE FUNCTION "mainstay"."refuse_change"();
ALTER TABLE "mainstay"."ownership_history" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."ownership_history" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."ownership_history" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."ownership_history" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."ownership_history" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT ON TABLE "mainstay"."ownership_history" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."ownership_history" IS 'What an address held of an asset from a moment on.';
COMMENT ON COLUMN "mainstay"."ownership_history"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."ownership_history"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."ownership_history"."asset_id" IS 'The asset.';
COMMENT ON COLUMN "mainstay"."ownership_history"."holder_address" IS 'The holder: `0x` and 40 lower-case hexadecimal digits.';
COMMENT ON COLUMN "mainstay"."ownership_history"."balance" IS 'How much it held from then on, in the asset''s smallest unit.';
COMMENT ON COLUMN "mainstay"."ownership_history"."timestamp" IS 'The moment: the time of the transaction''s block.';
COMMENT ON COLUMN "mainstay"."ownership_history"."transaction_hash" IS 'The transaction that changed the balance: `0x` and 64 lower-case hexadecimal digits.';

-- mainstay.asset_permissions (assets)
CREATE TABLE "mainstay"."asset_permissions" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "asset_id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "permission_type" text COLLATE "C" NOT NULL,
    "granted_at" timestamptz NOT NULL DEFAULT now(),
    "granted_by" uuid,
    "expires_at" timestamptz,
    CONSTRAINT "asset_permissions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_permissions_asset_id_user_id_permission_type_key" UNIQUE ("organization_id", "asset_id", "user_id", "permission_type"),
    CONSTRAINT "asset_permissions_expiry_check" CHECK (expires_at > granted_at),
    CONSTRAINT "asset_permissions_permission_type_check" CHECK ("permission_type" IN ('view', 'manage', 'supply', 'custody', 'compliance', 'emergency', 'admin'))
);
CREATE INDEX "asset_permissions_user_id_asset_id_idx" ON "mainstay"."asset_permissions" ("organization_id", "user_id", "asset_id");
CREATE INDEX "asset_permissions_granted_by_idx" ON "mainstay"."asset_permissions" ("organization_id", "granted_by");
ALTER TABLE "mainstay"."asset_permissions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."asset_permissions" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."asset_permissions" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."asset_permissions" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."asset_permissions" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."asset_permissions" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."asset_permissions" IS 'Something that a member may do with one asset.';
COMMENT ON COLUMN "mainstay"."asset_permissions"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."asset_permissions"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."asset_permissions"."asset_id" IS 'The asset.';
COMMENT ON COLUMN "mainstay"."asset_permissions"."user_id" IS 'The member.';
COMMENT ON COLUMN "mainstay"."asset_permissions"."permission_type" IS 'What the member may do.';
COMMENT ON COLUMN "mainstay"."asset_permissions"."granted_at" IS 'When it was granted.';
COMMENT ON COLUMN "mainstay"."asset_permissions"."granted_by" IS 'Who granted it.';
COMMENT ON COLUMN "mainstay"."asset_permissions"."expires_at" IS 'It ends then; none means never.';

-- mainstay.asset_metrics (assets)
CREATE TABLE "mainstay"."asset_metrics" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "asset_id" uuid NOT NULL,
    "metric_type" text COLLATE "C" NOT NULL,
    "value" numeric(18,6) NOT NULL,
    "calculated_at" timestamptz NOT NULL DEFAULT now(),
    "period" text COLLATE "C" NOT NULL,
    "benchmark" numeric(18,6),
    CONSTRAINT "asset_metrics_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_metrics_asset_id_metric_type_period_calculated_at_key" UNIQUE ("organization_id", "asset_id", "metric_type", "period", "calculated_at"),
    CONSTRAINT "asset_metrics_metric_type_check" CHECK (char_length("metric_type") <= 100),
    CONSTRAINT "asset_metrics_period_check" CHECK ("period" IN ('hourly', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly'))
);
CREATE INDEX "asset_metrics_metric_type_idx" ON "mainstay"."asset_metrics" ("organization_id", "metric_type");
CREATE INDEX "asset_metrics_calculated_at_asset_id_idx" ON "mainstay"."asset_metrics" ("organization_id", "calculated_at", "asset_id");
ALTER TABLE "mainstay"."asset_metrics" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."asset_metrics" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."asset_metrics" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."asset_metrics" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."asset_metrics" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."asset_metrics" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."asset_metrics" IS 'A number that tells how an asset does, such as its yield, beside what it is measured against (S3-B44).';
COMMENT ON COLUMN "mainstay"."asset_metrics"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."asset_metrics"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."asset_metrics"."asset_id" IS 'The asset.';
COMMENT ON COLUMN "mainstay"."asset_metrics"."metric_type" IS 'What is measured, such as `total_value_locked` or `yield`.';
COMMENT ON COLUMN "mainstay"."asset_metrics"."value" IS 'The number.';
COMMENT ON COLUMN "mainstay"."asset_metrics"."calculated_at" IS 'When it was worked out.';
COMMENT ON COLUMN "mainstay"."asset_metrics"."period" IS 'The span that it is about.';
COMMENT ON COLUMN "mainstay"."asset_metrics"."benchmark" IS 'What it is measured against.';

-- mainstay.asset_analytics (assets)
CREATE TABLE "mainstay"."asset_analytics" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "asset_id" uuid NOT NULL,
    "analytics_type" text COLLATE "C" NOT NULL,
    "data" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "timestamp" timestamptz NOT NULL,
    "aggregation_period" text COLLATE "C" NOT NULL,
    CONSTRAINT "asset_analytics_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_analytics_asset_id_analytics_type_aggregation_pe_3da7ab1a" UNIQUE ("organization_id", "asset_id", "analytics_type", "aggregation_period", "timestamp"),
    CONSTRAINT "asset_analytics_aggregation_period_check" CHECK ("aggregation_period" IN ('hourly', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly')),
    CONSTRAINT "asset_analytics_analytics_type_check" CHECK (char_length("analytics_type") <= 100)
);
ALTER TABLE "mainstay"."asset_analytics" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."asset_analytics" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."asset_analytics" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."asset_analytics" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."asset_analytics" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."asset_analytics" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."asset_analytics" IS 'Sums over an asset''s events, as the system works them out.';
COMMENT ON COLUMN "mainstay"."asset_analytics"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."asset_analytics"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."asset_analytics"."asset_id" IS 'The asset.';
COMMENT ON COLUMN "mainstay"."asset_analytics"."analytics_type" IS 'What is summed up, such as `transfer_volume`.';
COMMENT ON COLUMN "mainstay"."asset_analytics"."data" IS 'The sums.';
COMMENT ON COLUMN "mainstay"."asset_analytics"."timestamp" IS 'When the span begins.';
COMMENT ON COLUMN "mainstay"."asset_analytics"."aggregation_period" IS 'The span that is summed up.';

-- mainstay.identities (assets)
CREATE TABLE "mainstay"."identities" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "onchain_id" text COLLATE "C" NOT NULL,
    "verification_status" text COLLATE "C" NOT NULL DEFAULT 'pending',
    "verified_at" timestamptz,
    "issuer" text COLLATE "C",
    "claims_hash" text COLLATE "C",
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "identities_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "identities_onchain_id_key" UNIQUE ("organization_id", "onchain_id"),
    CONSTRAINT "identities_id_user_id_key" UNIQUE ("organization_id", "id", "user_id"),
    CONSTRAINT "identities_claims_hash_check" CHECK (char_length("claims_hash") <= 66),
    CONSTRAINT "identities_claims_hash_form_check" CHECK (length(claims_hash) = 66 and substr(claims_hash, 1, 2) = '0x' and ltrim(substr(claims_hash, 3), '0123456789abcdef') = ''),
    CONSTRAINT "identities_issuer_check" CHECK (char_length("issuer") <= 255),
    CONSTRAINT "identities_onchain_id_check" CHECK (char_length("onchain_id") <= 42),
    CONSTRAINT "identities_onchain_id_form_check" CHECK (length(onchain_id) = 42 and substr(onchain_id, 1, 2) = '0x' and ltrim(substr(onchain_id, 3), '0123456789abcdef') = ''),
    CONSTRAINT "identities_verification_status_check" CHECK ("verification_status" IN ('pending', 'verified', 'rejected', 'expired', 'revoked')),
    CONSTRAINT "identities_verified_check" CHECK (verification_status <> 'verified' or verified_at is not null)
);
CREATE INDEX "identities_user_id_onchain_id_idx" ON "mainstay"."identities" ("organization_id", "user_id", "onchain_id");
CREATE TRIGGER "identities_verification_status_life_cycle" BEFORE UPDATE OF "verification_status" ON "mainstay"."identities" FOR EACH ROW WHEN (OLD."verification_status" IS DISTINCT FROM NEW."verification_status" AND NOT coalesce(CASE OLD."verification_status" WHEN 'pending' THEN NEW."verification_status" IN ('verified', 'rejected') WHEN 'verified' THEN NEW."verification_status" IN ('expired', 'revoked') WHEN 'rejected' THEN NEW."verification_status" IN ('pending') WHEN 'expired' THEN NEW."verification_status" IN ('pending', 'revoked') ELSE OLD."verification_status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('verification_status');
ALTER TABLE "mainstay"."identities" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."identities" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."identities" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."identities" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."identities" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."identities" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."identities" IS 'A member''s identity on the chain (ERC-734, ERC-735), by which token contracts know the member.';
COMMENT ON COLUMN "mainstay"."identities"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."identities"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."identities"."user_id" IS 'The member; the record outlasts the membership.';
COMMENT ON COLUMN "mainstay"."identities"."onchain_id" IS 'Address of the identity contract: `0x` and 40 lower-case hexadecimal digits.';
COMMENT ON COLUMN "mainstay"."identities"."verification_status" IS 'Where its verification stands.';
COMMENT ON COLUMN "mainstay"."identities"."verified_at" IS 'When it was verified.';
COMMENT ON COLUMN "mainstay"."identities"."issuer" IS 'Who verified it: a name or an address.';
COMMENT ON COLUMN "mainstay"."identities"."claims_hash" IS 'Hash of the claims: `0x` and 64 lower-case hexadecimal digits.';
COMMENT ON COLUMN "mainstay"."identities"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."identities"."updated_at" IS 'When the record was last changed.';

-- mainstay.identity_claims (assets)
CREATE TABLE "mainstay"."identity_claims" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "identity_id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "provider_id" uuid,
    "claim_type" text COLLATE "C" NOT NULL,
    "claim_data" bytea,
    "issued_at" timestamptz NOT NULL DEFAULT now(),
    "expires_at" timestamptz,
    "revoked_at" timestamptz,
    CONSTRAINT "identity_claims_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "identity_claims_claim_type_check" CHECK (char_length("claim_type") <= 100),
    CONSTRAINT "identity_claims_expiry_check" CHECK (expires_at > issued_at),
    CONSTRAINT "identity_claims_revocation_check" CHECK (revoked_at >= issued_at)
);
CREATE INDEX "identity_claims_identity_id_claim_type_idx" ON "mainstay"."identity_claims" ("organization_id", "identity_id", "claim_type");
CREATE INDEX "identity_claims_claim_type_idx" ON "mainstay"."identity_claims" ("organization_id", "claim_type");
CREATE INDEX "identity_claims_expires_at_idx" ON "mainstay"."identity_claims" ("organization_id", "expires_at");
CREATE INDEX "identity_claims_provider_id_idx" ON "mainstay"."identity_claims" ("organization_id", "provider_id");
CREATE INDEX "identity_claims_identity_id_user_id_idx" ON "mainstay"."identity_claims" ("organization_id", "identity_id", "user_id");
ALTER TABLE "mainstay"."identity_claims" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."identity_claims" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."identity_claims" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."identity_claims" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."identity_claims" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."identity_claims" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."identity_claims" IS 'Something that a provider states of an identity, such as its country (S3-B152).';
COMMENT ON COLUMN "mainstay"."identity_claims"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."identity_claims"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."identity_claims"."identity_id" IS 'The identity.';
COMMENT ON COLUMN "mainstay"."identity_claims"."user_id" IS 'The identity''s member, whose key seals the claim.';
COMMENT ON COLUMN "mainstay"."identity_claims"."provider_id" IS 'Who states it.';
COMMENT ON COLUMN "mainstay"."identity_claims"."claim_type" IS 'What it is about, such as `kyc` or `country`.';
COMMENT ON COLUMN "mainstay"."identity_claims"."claim_data" IS 'What it says.';
COMMENT ON COLUMN "mainstay"."identity_claims"."issued_at" IS 'When it was stated.';
COMMENT ON COLUMN "mainstay"."identity_claims"."expires_at" IS 'It holds until then; none means for ever.';
COMMENT ON COLUMN "mainstay"."identity_claims"."revoked_at" IS 'When it was taken back.';

-- mainstay.verification_providers (assets)
CREATE TABLE "mainstay"."verification_providers" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "provider_type" text COLLATE "C" NOT NULL,
    "api_config" bytea,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active',
    "trust_level" integer NOT NULL DEFAULT 50,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "verification_providers_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "verification_providers_name_provider_type_key" UNIQUE ("organization_id", "name", "provider_type"),
    CONSTRAINT "verification_providers_name_check" CHECK (char_length("name") <= 255),
    CONSTRAINT "verification_providers_provider_type_check" CHECK ("provider_type" IN ('kyc', 'kyb', 'aml')),
    CONSTRAINT "verification_providers_status_check" CHECK ("status" IN ('active', 'suspended', 'retired')),
    CONSTRAINT "verification_providers_trust_level_check" CHECK ("trust_level" >= 0 AND "trust_level" <= 100)
);
CREATE TRIGGER "verification_providers_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."verification_providers" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'active' THEN NEW."status" IN ('suspended', 'retired') WHEN 'suspended' THEN NEW."status" IN ('active', 'retired') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."verification_providers" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."verification_providers" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."verification_providers" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."verification_providers" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."verification_providers" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."verification_providers" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."verification_providers" IS 'One who verifies people, businesses or money (S3-B155).';
COMMENT ON COLUMN "mainstay"."verification_providers"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."verification_providers"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."verification_providers"."name" IS 'The provider''s name.';
COMMENT ON COLUMN "mainstay"."verification_providers"."provider_type" IS 'What it verifies.';
COMMENT ON COLUMN "mainstay"."verification_providers"."api_config" IS 'Address, keys and options of its interface; never read back.';
COMMENT ON COLUMN "mainstay"."verification_providers"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."verification_providers"."trust_level" IS 'How far it is trusted, 0 to 100.';
COMMENT ON COLUMN "mainstay"."verification_providers"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."verification_providers"."updated_at" IS 'When the record was last changed.';

-- mainstay.compliance_rules (assets)
CREATE TABLE "mainstay"."compliance_rules" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "rule_type" text COLLATE "C" NOT NULL,
    "jurisdiction" text COLLATE "C" NOT NULL,
    "parameters" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "active" boolean NOT NULL DEFAULT true,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "compliance_rules_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_rules_jurisdiction_check" CHECK (char_length("jurisdiction") <= 100),
    CONSTRAINT "compliance_rules_rule_type_check" CHECK ("rule_type" IN ('country_allow_list', 'country_block_list', 'identity_allow_list', 'identity_block_list', 'address_block_list', 'identity_verification', 'investor_count', 'supply_limit', 'time_lock', 'transfer_approval'))
);
CREATE INDEX "compliance_rules_rule_type_jurisdiction_idx" ON "mainstay"."compliance_rules" ("organization_id", "rule_type", "jurisdiction");
CREATE INDEX "compliance_rules_jurisdiction_idx" ON "mainstay"."compliance_rules" ("organization_id", "jurisdiction");
ALTER TABLE "mainstay"."compliance_rules" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."compliance_rules" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."compliance_rules" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."compliance_rules" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."compliance_rules" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."compliance_rules" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."compliance_rules" IS 'A rule of a jurisdiction; kept for ever (S3-B51).';
COMMENT ON COLUMN "mainstay"."compliance_rules"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."compliance_rules"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."compliance_rules"."rule_type" IS 'What it looks at.';
COMMENT ON COLUMN "mainstay"."compliance_rules"."jurisdiction" IS 'Where it holds: a country or union, such as `CH` or `EU`.';
COMMENT ON COLUMN "mainstay"."compliance_rules"."parameters" IS 'What it demands.';
COMMENT ON COLUMN "mainstay"."compliance_rules"."active" IS 'Whether it holds at present.';
COMMENT ON COLUMN "mainstay"."compliance_rules"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."compliance_rules"."updated_at" IS 'When the record was last changed.';

-- mainstay.compliance_modules (assets)
CREATE TABLE "mainstay"."compliance_modules" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "module_name" text COLLATE "C" NOT NULL,
    "version" text COLLATE "C" NOT NULL,
    "contract_address" text COLLATE "C",
    "capabilities" text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
    "status" text COLLATE "C" NOT NULL DEFAULT 'active',
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "compliance_modules_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_modules_module_name_version_key" UNIQUE ("organization_id", "module_name", "version"),
    CONSTRAINT "compliance_modules_contract_address_check" CHECK (char_length("contract_address") <= 42),
    CONSTRAINT "compliance_modules_contract_address_form_check" CHECK (length(contract_address) = 42 and substr(contract_address, 1, 2) = '0x' and ltrim(substr(contract_address, 3), '0123456789abcdef') = ''),
    CONSTRAINT "compliance_modules_module_name_check" CHECK (char_length("module_name") <= 255),
    CONSTRAINT "compliance_modules_status_check" CHECK ("status" IN ('active', 'disabled', 'deprecated')),
    CONSTRAINT "compliance_modules_version_check" CHECK (char_length("version") <= 50)
);
CREATE TRIGGER "compliance_modules_status_life_cycle" BEFORE UPDATE OF "status" ON "mainstay"."compliance_modules" FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'active' THEN NEW."status" IN ('disabled', 'deprecated') WHEN 'disabled' THEN NEW."status" IN ('active', 'deprecated') ELSE OLD."status" IS NULL END, FALSE)) EXECUTE FUNCTION "mainstay"."refuse_transition"('status');
ALTER TABLE "mainstay"."compliance_modules" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."compliance_modules" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."compliance_modules" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."compliance_modules" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."compliance_modules" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."compliance_modules" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."compliance_modules" IS 'A contract that checks rules.';
COMMENT ON COLUMN "mainstay"."compliance_modules"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."compliance_modules"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."compliance_modules"."module_name" IS 'Its name.';
COMMENT ON COLUMN "mainstay"."compliance_modules"."version" IS 'Its version.';
COMMENT ON COLUMN "mainstay"."compliance_modules"."contract_address" IS 'Address of the contract: `0x` and 40 lower-case hexadecimal digits.';
COMMENT ON COLUMN "mainstay"."compliance_modules"."capabilities" IS 'The types of rule that it can check.';
COMMENT ON COLUMN "mainstay"."compliance_modules"."status" IS 'Where it stands.';
COMMENT ON COLUMN "mainstay"."compliance_modules"."created_at" IS 'When the record was created.';
COMMENT ON COLUMN "mainstay"."compliance_modules"."updated_at" IS 'When the record was last changed.';

-- mainstay.asset_compliance (assets)
CREATE TABLE "mainstay"."asset_compliance" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "asset_id" uuid NOT NULL,
    "rule_id" uuid NOT NULL,
    "module_id" uuid,
    "parameters" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "active" boolean NOT NULL DEFAULT true,
    "configured_at" timestamptz NOT NULL DEFAULT now(),
    "configured_by" uuid,
    CONSTRAINT "asset_compliance_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_compliance_asset_id_rule_id_key" UNIQUE ("organization_id", "asset_id", "rule_id")
);
CREATE INDEX "asset_compliance_rule_id_idx" ON "mainstay"."asset_compliance" ("organization_id", "rule_id");
CREATE INDEX "asset_compliance_module_id_idx" ON "mainstay"."asset_compliance" ("organization_id", "module_id");
CREATE INDEX "asset_compliance_configured_by_idx" ON "mainstay"."asset_compliance" ("organization_id", "configured_by");
ALTER TABLE "mainstay"."asset_compliance" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."asset_compliance" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."asset_compliance" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."asset_compliance" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."asset_compliance" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."asset_compliance" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."asset_compliance" IS 'A rule that an asset keeps; each rule once.';
COMMENT ON COLUMN "mainstay"."asset_compliance"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."asset_compliance"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."asset_compliance"."asset_id" IS 'The asset.';
COMMENT ON COLUMN "mainstay"."asset_compliance"."rule_id" IS 'The rule.';
COMMENT ON COLUMN "mainstay"."asset_compliance"."module_id" IS 'The contract that checks it.';
COMMENT ON COLUMN "mainstay"."asset_compliance"."parameters" IS 'What it demands of this asset, over what the rule says.';
COMMENT ON COLUMN "mainstay"."asset_compliance"."active" IS 'Whether the asset keeps it at present.';
COMMENT ON COLUMN "mainstay"."asset_compliance"."configured_at" IS 'When it was set.';
COMMENT ON COLUMN "mainstay"."asset_compliance"."configured_by" IS 'Who set it.';

-- mainstay.compliance_violations (assets)
CREATE TABLE "mainstay"."compliance_violations" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "asset_id" uuid NOT NULL,
    "user_id" uuid,
    "violation_type" text COLLATE "C" NOT NULL,
    "details" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "detected_at" timestamptz NOT NULL DEFAULT now(),
    "resolved_at" timestamptz,
    CONSTRAINT "compliance_violations_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_violations_resolution_check" CHECK (resolved_at >= detected_at),
    CONSTRAINT "compliance_violations_violation_type_check" CHECK (char_length("violation_type") <= 100)
);
CREATE INDEX "compliance_violations_asset_id_detected_at_idx" ON "mainstay"."compliance_violations" ("organization_id", "asset_id", "detected_at");
CREATE INDEX "compliance_violations_user_id_detected_at_idx" ON "mainstay"."compliance_violations" ("organization_id", "user_id", "detected_at");
CREATE INDEX "compliance_violations_detected_at_asset_id_user_id_idx" ON "mainstay"."compliance_violations" ("organization_id", "detected_at", "asset_id", "user_id");
ALTER TABLE "mainstay"."compliance_violations" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."compliance_violations" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."compliance_violations" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."compliance_violations" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."compliance_violations" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."compliance_violations" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."compliance_violations" IS 'A rule that was broken, kept for ten years (S3-B56, S3-B153).';
COMMENT ON COLUMN "mainstay"."compliance_violations"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."compliance_violations"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."compliance_violations"."asset_id" IS 'The asset; it stays as long as the record does.';
COMMENT ON COLUMN "mainstay"."compliance_violations"."user_id" IS 'The member who broke it, where known; the record outlasts the membership.';
COMMENT ON COLUMN "mainstay"."compliance_violations"."violation_type" IS 'Which kind of rule was broken, such as `country_block_list`.';
COMMENT ON COLUMN "mainstay"."compliance_violations"."details" IS 'What happened.';
COMMENT ON COLUMN "mainstay"."compliance_violations"."detected_at" IS 'When it was noticed.';
COMMENT ON COLUMN "mainstay"."compliance_violations"."resolved_at" IS 'When it was settled.';

-- mainstay.violation_resolutions (assets)
CREATE TABLE "mainstay"."violation_resolutions" (
    "id" uuid NOT NULL,
    "organization_id" uuid NOT NULL,
    "violation_id" uuid NOT NULL,
    "resolution_type" text COLLATE "C" NOT NULL,
    "resolution_data" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "resolved_by" uuid,
    "resolved_at" timestamptz NOT NULL DEFAULT now(),
    "notes" text COLLATE "C",
    CONSTRAINT "violation_resolutions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "violation_resolutions_notes_check" CHECK (char_length("notes") <= 65536),
    CONSTRAINT "violation_resolutions_resolution_type_check" CHECK ("resolution_type" IN ('corrected', 'reversed', 'waived', 'false_positive', 'reported'))
);
CREATE INDEX "violation_resolutions_violation_id_idx" ON "mainstay"."violation_resolutions" ("organization_id", "violation_id");
CREATE INDEX "violation_resolutions_resolved_by_idx" ON "mainstay"."violation_resolutions" ("organization_id", "resolved_by");
ALTER TABLE "mainstay"."violation_resolutions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "select" ON "mainstay"."violation_resolutions" FOR SELECT USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "insert" ON "mainstay"."violation_resolutions" FOR INSERT WITH CHECK ("organization_id" = ANY ((SELECT string_to_array(nullif(current_setting('app.write_tenants', true), ''), ',')::uuid[])::uuid[]) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "update" ON "mainstay"."violation_resolutions" FOR UPDATE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on')) WITH CHECK ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
CREATE POLICY "delete" ON "mainstay"."violation_resolutions" FOR DELETE USING ("organization_id" = (SELECT nullif(current_setting('app.current_tenant', true), '')::uuid) OR (SELECT current_setting('app.system', true) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "mainstay"."violation_resolutions" TO "mainstay_app";
COMMENT ON TABLE "mainstay"."violation_resolutions" IS 'What was done about a violation, kept as long as it.';
COMMENT ON COLUMN "mainstay"."violation_resolutions"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."violation_resolutions"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."violation_resolutions"."violation_id" IS 'The violation; the resolution goes with it.';
COMMENT ON COLUMN "mainstay"."violation_resolutions"."resolution_type" IS 'What was done.';
COMMENT ON COLUMN "mainstay"."violation_resolutions"."resolution_data" IS 'What shows it.';
COMMENT ON COLUMN "mainstay"."violation_resolutions"."resolved_by" IS 'Who did it.';
COMMENT ON COLUMN "mainstay"."violation_resolutions"."resolved_at" IS 'When it was done.';
COMMENT ON COLUMN "mainstay"."violation_resolutions"."notes" IS 'What is to be said of it.';

-- mainstay.metrics_hourly (analytics), a view
CREATE VIEW "mainstay"."metrics_hourly" WITH (security_invoker = true) AS SELECT "point"."organization_id" AS "organization_id", date_trunc('hour', "point"."time", 'UTC') AS "hour", "point"."metric_name" AS "metric_name", "point"."service_id" AS "service_id", "point"."plugin_id" AS "plugin_id", "point"."environment" AS "environment", (sum("point"."value")::double precision / count("point"."value")) AS "avg_value", max("point"."value") AS "max_value", min("point"."value") AS "min_value", count(*) AS "sample_count" FROM "mainstay"."metrics" AS "point" WHERE TRUE GROUP BY "point"."organization_id", date_trunc('hour', "point"."time", 'UTC'), "point"."metric_name", "point"."service_id", "point"."plugin_id", "point"."environment";
GRANT SELECT ON TABLE "mainstay"."metrics_hourly" TO "mainstay_app";
COMMENT ON VIEW "mainstay"."metrics_hourly" IS 'The points of each metric, hour by hour (S1-B57).';
COMMENT ON COLUMN "mainstay"."metrics_hourly"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."metrics_hourly"."hour" IS 'When the hour begins.';
COMMENT ON COLUMN "mainstay"."metrics_hourly"."metric_name" IS 'What was measured.';
COMMENT ON COLUMN "mainstay"."metrics_hourly"."service_id" IS 'The service that it is about.';
COMMENT ON COLUMN "mainstay"."metrics_hourly"."plugin_id" IS 'The plugin that it is about.';
COMMENT ON COLUMN "mainstay"."metrics_hourly"."environment" IS 'Where it was measured.';
COMMENT ON COLUMN "mainstay"."metrics_hourly"."avg_value" IS 'The mean of the points.';
COMMENT ON COLUMN "mainstay"."metrics_hourly"."max_value" IS 'The largest point.';
COMMENT ON COLUMN "mainstay"."metrics_hourly"."min_value" IS 'The smallest point.';
COMMENT ON COLUMN "mainstay"."metrics_hourly"."sample_count" IS 'How many points there are.';

-- mainstay.service_health_summary (catalog), a view
CREATE VIEW "mainstay"."service_health_summary" WITH (security_invoker = true) AS SELECT "service"."id" AS "id", "service"."organization_id" AS "organization_id", "service"."name" AS "name", "service"."health_status" AS "health_status", "service"."lifecycle" AS "lifecycle", "service"."team_id" AS "team_id", "team"."name" AS "team_name", (SELECT count(DISTINCT "relationship"."target_id") FROM "mainstay"."service_relationships" AS "relationship" WHERE TRUE AND "relationship"."organization_id" = "service"."organization_id" AND "relationship"."source_id" = "service"."id") AS "dependency_count", (SELECT (sum("latency"."value")::double precision / count("latency"."value")) FROM "mainstay"."metrics" AS "latency" WHERE TRUE AND "latency"."organization_id" = "service"."organization_id" AND "latency"."service_id" = "service"."id" AND "latency"."metric_name" = 'latency_p99' AND "latency"."time" > (now() - interval '3600 seconds')) AS "avg_latency", (SELECT (sum("errors"."value")::double precision / count("errors"."value")) FROM "mainstay"."metrics" AS "errors" WHERE TRUE AND "errors"."organization_id" = "service"."organization_id" AND "errors"."service_id" = "service"."id" AND "errors"."metric_name" = 'error_rate' AND "errors"."time" > (now() - interval '3600 seconds')) AS "avg_error_rate" FROM "mainstay"."services" AS "service" LEFT JOIN "mainstay"."teams" AS "team" ON "team"."deleted_at" IS NULL AND "team"."organization_id" = "service"."organization_id" AND "team"."id" = "service"."team_id" WHERE "service"."deleted_at" IS NULL;
GRANT SELECT ON TABLE "mainstay"."service_health_summary" TO "mainstay_app";
COMMENT ON VIEW "mainstay"."service_health_summary" IS 'How each service does: its team, what it depends on, and its last hour (S1-B65). It is computed when it is read, so it needs no refreshing.';
COMMENT ON COLUMN "mainstay"."service_health_summary"."id" IS 'The identifier of the record.';
COMMENT ON COLUMN "mainstay"."service_health_summary"."organization_id" IS 'The organisation that the record belongs to.';
COMMENT ON COLUMN "mainstay"."service_health_summary"."name" IS 'The name that identifies it.';
COMMENT ON COLUMN "mainstay"."service_health_summary"."health_status" IS 'How it does.';
COMMENT ON COLUMN "mainstay"."service_health_summary"."lifecycle" IS 'How far its life is.';
COMMENT ON COLUMN "mainstay"."service_health_summary"."team_id" IS 'The team that runs it.';
COMMENT ON COLUMN "mainstay"."service_health_summary"."team_name" IS 'The name of that team.';
COMMENT ON COLUMN "mainstay"."service_health_summary"."dependency_count" IS 'Services that it has relationships to.';
COMMENT ON COLUMN "mainstay"."service_health_summary"."avg_latency" IS 'The mean of `latency_p99` over the last hour; none when nothing was measured.';
COMMENT ON COLUMN "mainstay"."service_health_summary"."avg_error_rate" IS 'The mean of `error_rate` over the last hour; none when nothing was measured.';

-- References, which need all tables.
ALTER TABLE "mainstay"."organization_members" ADD CONSTRAINT "organization_members_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."organization_members" ADD CONSTRAINT "organization_members_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id");
ALTER TABLE "mainstay"."subscriptions" ADD CONSTRAINT "subscriptions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."subscriptions" ADD CONSTRAINT "subscriptions_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."user_profiles" ADD CONSTRAINT "user_profiles_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."user_settings" ADD CONSTRAINT "user_settings_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."user_accounts" ADD CONSTRAINT "user_accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."user_mfa_factors" ADD CONSTRAINT "user_mfa_factors_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."webauthn_credentials" ADD CONSTRAINT "webauthn_credentials_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."webauthn_credentials" ADD CONSTRAINT "webauthn_credentials_factor_id_fkey" FOREIGN KEY ("factor_id") REFERENCES "mainstay"."user_mfa_factors" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."user_verifications" ADD CONSTRAINT "user_verifications_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."user_verifications" ADD CONSTRAINT "user_verifications_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."password_history" ADD CONSTRAINT "password_history_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."login_attempts" ADD CONSTRAINT "login_attempts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id") ON DELETE SET NULL;
ALTER TABLE "mainstay"."onboarding_states" ADD CONSTRAINT "onboarding_states_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."onboarding_states" ADD CONSTRAINT "onboarding_states_step_fkey" FOREIGN KEY ("step") REFERENCES "mainstay"."onboarding_steps" ("name");
ALTER TABLE "mainstay"."roles" ADD CONSTRAINT "roles_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id") ON DELETE CASCADE;
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
ALTER TABLE "mainstay"."sign_in_flows" ADD CONSTRAINT "sign_in_flows_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."sign_in_flows" ADD CONSTRAINT "sign_in_flows_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."webauthn_challenges" ADD CONSTRAINT "webauthn_challenges_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."webauthn_challenges" ADD CONSTRAINT "webauthn_challenges_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "mainstay"."sessions" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."webauthn_challenges" ADD CONSTRAINT "webauthn_challenges_factor_id_fkey" FOREIGN KEY ("factor_id") REFERENCES "mainstay"."user_mfa_factors" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."api_keys" ADD CONSTRAINT "api_keys_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."api_keys" ADD CONSTRAINT "api_keys_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."api_keys" ADD CONSTRAINT "api_keys_team_id_fkey" FOREIGN KEY ("organization_id", "team_id") REFERENCES "mainstay"."teams" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."invitations" ADD CONSTRAINT "invitations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."invitations" ADD CONSTRAINT "invitations_role_id_fkey" FOREIGN KEY ("organization_id", "role_id") REFERENCES "mainstay"."roles" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."invitations" ADD CONSTRAINT "invitations_invited_by_fkey" FOREIGN KEY ("organization_id", "invited_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."invitations" ADD CONSTRAINT "invitations_api_key_id_fkey" FOREIGN KEY ("organization_id", "api_key_id") REFERENCES "mainstay"."api_keys" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."invitations" ADD CONSTRAINT "invitations_accepted_by_fkey" FOREIGN KEY ("organization_id", "accepted_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("accepted_by");
ALTER TABLE "mainstay"."organization_domains" ADD CONSTRAINT "organization_domains_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."verified_domains" ADD CONSTRAINT "verified_domains_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."audit_presets" ADD CONSTRAINT "audit_presets_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."system_settings" ADD CONSTRAINT "system_settings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."feature_flags" ADD CONSTRAINT "feature_flags_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."tenant_data" ADD CONSTRAINT "tenant_data_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."data_classifications" ADD CONSTRAINT "data_classifications_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."retention_policies" ADD CONSTRAINT "retention_policies_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."privacy_requests" ADD CONSTRAINT "privacy_requests_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."privacy_requests" ADD CONSTRAINT "privacy_requests_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id");
ALTER TABLE "mainstay"."privacy_requests" ADD CONSTRAINT "privacy_requests_requested_by_fkey" FOREIGN KEY ("organization_id", "requested_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id");
ALTER TABLE "mainstay"."privacy_requests" ADD CONSTRAINT "privacy_requests_processed_by_fkey" FOREIGN KEY ("organization_id", "processed_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id");
ALTER TABLE "mainstay"."pseudonym_mappings" ADD CONSTRAINT "pseudonym_mappings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."backup_validations" ADD CONSTRAINT "backup_validations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."recovery_tests" ADD CONSTRAINT "recovery_tests_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."delivery_destinations" ADD CONSTRAINT "delivery_destinations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."delivery_destinations" ADD CONSTRAINT "delivery_destinations_disabled_by_fkey" FOREIGN KEY ("organization_id", "disabled_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("disabled_by");
ALTER TABLE "mainstay"."destination_health" ADD CONSTRAINT "destination_health_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."destination_health" ADD CONSTRAINT "destination_health_destination_id_fkey" FOREIGN KEY ("organization_id", "destination_id") REFERENCES "mainstay"."delivery_destinations" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."webhook_secrets" ADD CONSTRAINT "webhook_secrets_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."webhook_secrets" ADD CONSTRAINT "webhook_secrets_destination_id_fkey" FOREIGN KEY ("organization_id", "destination_id") REFERENCES "mainstay"."delivery_destinations" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."webhook_secrets" ADD CONSTRAINT "webhook_secrets_created_by_fkey" FOREIGN KEY ("organization_id", "created_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("created_by");
ALTER TABLE "mainstay"."delivery_queue" ADD CONSTRAINT "delivery_queue_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."delivery_queue" ADD CONSTRAINT "delivery_queue_destination_id_fkey" FOREIGN KEY ("organization_id", "destination_id") REFERENCES "mainstay"."delivery_destinations" ("organization_id", "id");
ALTER TABLE "mainstay"."delivery_logs" ADD CONSTRAINT "delivery_logs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."delivery_logs" ADD CONSTRAINT "delivery_logs_destination_id_fkey" FOREIGN KEY ("organization_id", "destination_id") REFERENCES "mainstay"."delivery_destinations" ("organization_id", "id");
ALTER TABLE "mainstay"."report_templates" ADD CONSTRAINT "report_templates_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."scheduled_reports" ADD CONSTRAINT "scheduled_reports_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."scheduled_reports" ADD CONSTRAINT "scheduled_reports_template_id_fkey" FOREIGN KEY ("organization_id", "template_id") REFERENCES "mainstay"."report_templates" ("organization_id", "id");
ALTER TABLE "mainstay"."scheduled_reports" ADD CONSTRAINT "scheduled_reports_created_by_fkey" FOREIGN KEY ("organization_id", "created_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("created_by");
ALTER TABLE "mainstay"."scheduled_reports" ADD CONSTRAINT "scheduled_reports_updated_by_fkey" FOREIGN KEY ("organization_id", "updated_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("updated_by");
ALTER TABLE "mainstay"."reports" ADD CONSTRAINT "reports_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."reports" ADD CONSTRAINT "reports_template_id_fkey" FOREIGN KEY ("organization_id", "template_id") REFERENCES "mainstay"."report_templates" ("organization_id", "id") ON DELETE SET NULL ("template_id");
ALTER TABLE "mainstay"."reports" ADD CONSTRAINT "reports_scheduled_report_id_fkey" FOREIGN KEY ("organization_id", "scheduled_report_id") REFERENCES "mainstay"."scheduled_reports" ("organization_id", "id") ON DELETE SET NULL ("scheduled_report_id");
ALTER TABLE "mainstay"."reports" ADD CONSTRAINT "reports_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "mainstay"."assets" ("organization_id", "id") ON DELETE SET NULL ("asset_id");
ALTER TABLE "mainstay"."reports" ADD CONSTRAINT "reports_file_id_fkey" FOREIGN KEY ("organization_id", "file_id") REFERENCES "mainstay"."files" ("organization_id", "id") ON DELETE SET NULL ("file_id");
ALTER TABLE "mainstay"."reports" ADD CONSTRAINT "reports_generated_by_fkey" FOREIGN KEY ("organization_id", "generated_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("generated_by");
ALTER TABLE "mainstay"."data_exports" ADD CONSTRAINT "data_exports_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."data_exports" ADD CONSTRAINT "data_exports_requested_by_fkey" FOREIGN KEY ("organization_id", "requested_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("requested_by");
ALTER TABLE "mainstay"."notifications" ADD CONSTRAINT "notifications_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."notifications" ADD CONSTRAINT "notifications_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."notification_history" ADD CONSTRAINT "notification_history_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."notification_engagements" ADD CONSTRAINT "notification_engagements_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."notification_engagements" ADD CONSTRAINT "notification_engagements_notification_id_fkey" FOREIGN KEY ("organization_id", "notification_id") REFERENCES "mainstay"."notifications" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."notification_engagements" ADD CONSTRAINT "notification_engagements_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."notification_attachments" ADD CONSTRAINT "notification_attachments_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."notification_attachments" ADD CONSTRAINT "notification_attachments_notification_id_fkey" FOREIGN KEY ("organization_id", "notification_id") REFERENCES "mainstay"."notifications" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."notification_templates" ADD CONSTRAINT "notification_templates_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."notification_triggers" ADD CONSTRAINT "notification_triggers_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."notification_triggers" ADD CONSTRAINT "notification_triggers_template_id_fkey" FOREIGN KEY ("organization_id", "template_id") REFERENCES "mainstay"."notification_templates" ("organization_id", "id");
ALTER TABLE "mainstay"."notification_preferences" ADD CONSTRAINT "notification_preferences_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."push_tokens" ADD CONSTRAINT "push_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "mainstay"."users" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."notification_providers" ADD CONSTRAINT "notification_providers_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."outbound_messages" ADD CONSTRAINT "outbound_messages_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."outbound_messages" ADD CONSTRAINT "outbound_messages_notification_id_fkey" FOREIGN KEY ("organization_id", "notification_id") REFERENCES "mainstay"."notifications" ("organization_id", "id") ON DELETE SET NULL ("notification_id");
ALTER TABLE "mainstay"."outbound_messages" ADD CONSTRAINT "outbound_messages_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."notification_batches" ADD CONSTRAINT "notification_batches_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."notification_schedules" ADD CONSTRAINT "notification_schedules_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."notification_schedules" ADD CONSTRAINT "notification_schedules_notification_id_fkey" FOREIGN KEY ("organization_id", "notification_id") REFERENCES "mainstay"."notifications" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."notification_segments" ADD CONSTRAINT "notification_segments_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."notification_rate_limits" ADD CONSTRAINT "notification_rate_limits_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."notification_rate_limits" ADD CONSTRAINT "notification_rate_limits_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."notification_suppressions" ADD CONSTRAINT "notification_suppressions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."files" ADD CONSTRAINT "files_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."files" ADD CONSTRAINT "files_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id") ON DELETE SET NULL ("venue_id");
ALTER TABLE "mainstay"."files" ADD CONSTRAINT "files_uploaded_by_fkey" FOREIGN KEY ("organization_id", "uploaded_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("uploaded_by");
ALTER TABLE "mainstay"."file_versions" ADD CONSTRAINT "file_versions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."file_versions" ADD CONSTRAINT "file_versions_file_id_fkey" FOREIGN KEY ("organization_id", "file_id") REFERENCES "mainstay"."files" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."file_versions" ADD CONSTRAINT "file_versions_created_by_fkey" FOREIGN KEY ("organization_id", "created_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("created_by");
ALTER TABLE "mainstay"."file_access_logs" ADD CONSTRAINT "file_access_logs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."upload_sessions" ADD CONSTRAINT "upload_sessions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."upload_sessions" ADD CONSTRAINT "upload_sessions_uploaded_by_fkey" FOREIGN KEY ("organization_id", "uploaded_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("uploaded_by");
ALTER TABLE "mainstay"."file_uploads" ADD CONSTRAINT "file_uploads_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."file_uploads" ADD CONSTRAINT "file_uploads_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."av_scans" ADD CONSTRAINT "av_scans_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."quarantined_files" ADD CONSTRAINT "quarantined_files_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."storage_quotas" ADD CONSTRAINT "storage_quotas_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."storage_quotas" ADD CONSTRAINT "storage_quotas_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."storage_quotas" ADD CONSTRAINT "storage_quotas_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."storage_usage" ADD CONSTRAINT "storage_usage_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."storage_usage" ADD CONSTRAINT "storage_usage_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."storage_usage" ADD CONSTRAINT "storage_usage_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."quota_alerts" ADD CONSTRAINT "quota_alerts_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."quota_alerts" ADD CONSTRAINT "quota_alerts_quota_id_fkey" FOREIGN KEY ("organization_id", "quota_id") REFERENCES "mainstay"."storage_quotas" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."quota_alerts" ADD CONSTRAINT "quota_alerts_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."quota_alerts" ADD CONSTRAINT "quota_alerts_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."metrics" ADD CONSTRAINT "metrics_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."metric_rollups" ADD CONSTRAINT "metric_rollups_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."analytics_events" ADD CONSTRAINT "analytics_events_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."cost_records" ADD CONSTRAINT "cost_records_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."cost_records" ADD CONSTRAINT "cost_records_connection_id_fkey" FOREIGN KEY ("organization_id", "connection_id") REFERENCES "mainstay"."connections" ("organization_id", "id") ON DELETE SET NULL ("connection_id");
ALTER TABLE "mainstay"."cost_records" ADD CONSTRAINT "cost_records_service_id_fkey" FOREIGN KEY ("organization_id", "service_id") REFERENCES "mainstay"."services" ("organization_id", "id") ON DELETE SET NULL ("service_id");
ALTER TABLE "mainstay"."cost_records" ADD CONSTRAINT "cost_records_team_id_fkey" FOREIGN KEY ("organization_id", "team_id") REFERENCES "mainstay"."teams" ("organization_id", "id") ON DELETE SET NULL ("team_id");
ALTER TABLE "mainstay"."dashboards" ADD CONSTRAINT "dashboards_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."dashboards" ADD CONSTRAINT "dashboards_created_by_fkey" FOREIGN KEY ("organization_id", "created_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("created_by");
ALTER TABLE "mainstay"."dashboard_widgets" ADD CONSTRAINT "dashboard_widgets_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."dashboard_widgets" ADD CONSTRAINT "dashboard_widgets_dashboard_id_fkey" FOREIGN KEY ("organization_id", "dashboard_id") REFERENCES "mainstay"."dashboards" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."alert_rules" ADD CONSTRAINT "alert_rules_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."alerts" ADD CONSTRAINT "alerts_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."alerts" ADD CONSTRAINT "alerts_rule_id_fkey" FOREIGN KEY ("organization_id", "rule_id") REFERENCES "mainstay"."alert_rules" ("organization_id", "id") ON DELETE SET NULL ("rule_id");
ALTER TABLE "mainstay"."alerts" ADD CONSTRAINT "alerts_acknowledged_by_fkey" FOREIGN KEY ("organization_id", "acknowledged_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("acknowledged_by");
ALTER TABLE "mainstay"."alerts" ADD CONSTRAINT "alerts_resolved_by_fkey" FOREIGN KEY ("organization_id", "resolved_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("resolved_by");
ALTER TABLE "mainstay"."system_events" ADD CONSTRAINT "system_events_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."system_errors" ADD CONSTRAINT "system_errors_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."compliance_assessments" ADD CONSTRAINT "compliance_assessments_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."compliance_assessments" ADD CONSTRAINT "compliance_assessments_created_by_fkey" FOREIGN KEY ("organization_id", "created_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("created_by");
ALTER TABLE "mainstay"."compliance_controls" ADD CONSTRAINT "compliance_controls_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."compliance_controls" ADD CONSTRAINT "compliance_controls_assessment_id_fkey" FOREIGN KEY ("organization_id", "assessment_id") REFERENCES "mainstay"."compliance_assessments" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."compliance_controls" ADD CONSTRAINT "compliance_controls_assessor_id_fkey" FOREIGN KEY ("organization_id", "assessor_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("assessor_id");
ALTER TABLE "mainstay"."compliance_controls" ADD CONSTRAINT "compliance_controls_owner_id_fkey" FOREIGN KEY ("organization_id", "owner_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("owner_id");
ALTER TABLE "mainstay"."compliance_controls" ADD CONSTRAINT "compliance_controls_assigned_to_fkey" FOREIGN KEY ("organization_id", "assigned_to") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("assigned_to");
ALTER TABLE "mainstay"."compliance_evidence" ADD CONSTRAINT "compliance_evidence_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."compliance_evidence" ADD CONSTRAINT "compliance_evidence_control_id_fkey" FOREIGN KEY ("organization_id", "control_id") REFERENCES "mainstay"."compliance_controls" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."compliance_evidence" ADD CONSTRAINT "compliance_evidence_uploaded_by_fkey" FOREIGN KEY ("organization_id", "uploaded_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("uploaded_by");
ALTER TABLE "mainstay"."venue_verifications" ADD CONSTRAINT "venue_verifications_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."venue_verifications" ADD CONSTRAINT "venue_verifications_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id");
ALTER TABLE "mainstay"."bank_verifications" ADD CONSTRAINT "bank_verifications_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."bank_verifications" ADD CONSTRAINT "bank_verifications_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id");
ALTER TABLE "mainstay"."payout_methods" ADD CONSTRAINT "payout_methods_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."payout_methods" ADD CONSTRAINT "payout_methods_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id");
ALTER TABLE "mainstay"."tax_records" ADD CONSTRAINT "tax_records_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."tax_records" ADD CONSTRAINT "tax_records_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id");
ALTER TABLE "mainstay"."tax_records" ADD CONSTRAINT "tax_records_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id");
ALTER TABLE "mainstay"."form_1099_records" ADD CONSTRAINT "form_1099_records_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."form_1099_records" ADD CONSTRAINT "form_1099_records_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id");
ALTER TABLE "mainstay"."form_1099_records" ADD CONSTRAINT "form_1099_records_tax_record_id_fkey" FOREIGN KEY ("organization_id", "tax_record_id") REFERENCES "mainstay"."tax_records" ("organization_id", "id");
ALTER TABLE "mainstay"."risk_assessments" ADD CONSTRAINT "risk_assessments_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."risk_flags" ADD CONSTRAINT "risk_flags_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."compliance_documents" ADD CONSTRAINT "compliance_documents_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."compliance_batch_jobs" ADD CONSTRAINT "compliance_batch_jobs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."connections" ADD CONSTRAINT "connections_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."connections" ADD CONSTRAINT "connections_integration_id_fkey" FOREIGN KEY ("integration_id") REFERENCES "mainstay"."integrations" ("id");
ALTER TABLE "mainstay"."connections" ADD CONSTRAINT "connections_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."connections" ADD CONSTRAINT "connections_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."field_mappings" ADD CONSTRAINT "field_mappings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."field_mappings" ADD CONSTRAINT "field_mappings_connection_id_fkey" FOREIGN KEY ("organization_id", "connection_id") REFERENCES "mainstay"."connections" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."integration_configs" ADD CONSTRAINT "integration_configs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."integration_configs" ADD CONSTRAINT "integration_configs_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."integration_configs" ADD CONSTRAINT "integration_configs_integration_id_fkey" FOREIGN KEY ("integration_id") REFERENCES "mainstay"."integrations" ("id");
ALTER TABLE "mainstay"."integration_health" ADD CONSTRAINT "integration_health_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."integration_health" ADD CONSTRAINT "integration_health_connection_id_fkey" FOREIGN KEY ("organization_id", "connection_id") REFERENCES "mainstay"."connections" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."webhook_events" ADD CONSTRAINT "webhook_events_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."webhook_events" ADD CONSTRAINT "webhook_events_integration_id_fkey" FOREIGN KEY ("integration_id") REFERENCES "mainstay"."integrations" ("id") ON DELETE SET NULL;
ALTER TABLE "mainstay"."webhook_events" ADD CONSTRAINT "webhook_events_connection_id_fkey" FOREIGN KEY ("organization_id", "connection_id") REFERENCES "mainstay"."connections" ("organization_id", "id") ON DELETE SET NULL ("connection_id");
ALTER TABLE "mainstay"."sync_jobs" ADD CONSTRAINT "sync_jobs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."sync_jobs" ADD CONSTRAINT "sync_jobs_connection_id_fkey" FOREIGN KEY ("organization_id", "connection_id") REFERENCES "mainstay"."connections" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."oauth_tokens" ADD CONSTRAINT "oauth_tokens_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."oauth_tokens" ADD CONSTRAINT "oauth_tokens_connection_id_fkey" FOREIGN KEY ("organization_id", "connection_id") REFERENCES "mainstay"."connections" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."venue_api_keys" ADD CONSTRAINT "venue_api_keys_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."venue_api_keys" ADD CONSTRAINT "venue_api_keys_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."venue_api_keys" ADD CONSTRAINT "venue_api_keys_integration_id_fkey" FOREIGN KEY ("integration_id") REFERENCES "mainstay"."integrations" ("id");
ALTER TABLE "mainstay"."venues" ADD CONSTRAINT "venues_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."venue_members" ADD CONSTRAINT "venue_members_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."venue_members" ADD CONSTRAINT "venue_members_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."venue_members" ADD CONSTRAINT "venue_members_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."customers" ADD CONSTRAINT "customers_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."customers" ADD CONSTRAINT "customers_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."venue_events" ADD CONSTRAINT "venue_events_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."venue_events" ADD CONSTRAINT "venue_events_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id");
ALTER TABLE "mainstay"."venue_events" ADD CONSTRAINT "venue_events_created_by_fkey" FOREIGN KEY ("organization_id", "created_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("created_by");
ALTER TABLE "mainstay"."tickets" ADD CONSTRAINT "tickets_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."tickets" ADD CONSTRAINT "tickets_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id");
ALTER TABLE "mainstay"."tickets" ADD CONSTRAINT "tickets_event_id_fkey" FOREIGN KEY ("organization_id", "event_id") REFERENCES "mainstay"."venue_events" ("organization_id", "id");
ALTER TABLE "mainstay"."tickets" ADD CONSTRAINT "tickets_customer_id_fkey" FOREIGN KEY ("organization_id", "customer_id") REFERENCES "mainstay"."customers" ("organization_id", "id") ON DELETE SET NULL ("customer_id");
ALTER TABLE "mainstay"."scanner_devices" ADD CONSTRAINT "scanner_devices_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."scanner_devices" ADD CONSTRAINT "scanner_devices_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id");
ALTER TABLE "mainstay"."scanner_devices" ADD CONSTRAINT "scanner_devices_registered_by_fkey" FOREIGN KEY ("organization_id", "registered_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("registered_by");
ALTER TABLE "mainstay"."scan_policies" ADD CONSTRAINT "scan_policies_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."scan_policies" ADD CONSTRAINT "scan_policies_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."scan_policies" ADD CONSTRAINT "scan_policies_event_id_fkey" FOREIGN KEY ("organization_id", "event_id") REFERENCES "mainstay"."venue_events" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."offline_scan_cache" ADD CONSTRAINT "offline_scan_cache_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."offline_scan_cache" ADD CONSTRAINT "offline_scan_cache_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."offline_scan_cache" ADD CONSTRAINT "offline_scan_cache_event_id_fkey" FOREIGN KEY ("organization_id", "event_id") REFERENCES "mainstay"."venue_events" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."offline_scan_cache" ADD CONSTRAINT "offline_scan_cache_device_id_fkey" FOREIGN KEY ("organization_id", "device_id") REFERENCES "mainstay"."scanner_devices" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."offline_scan_cache" ADD CONSTRAINT "offline_scan_cache_ticket_id_fkey" FOREIGN KEY ("organization_id", "ticket_id") REFERENCES "mainstay"."tickets" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."nft_mints" ADD CONSTRAINT "nft_mints_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."nft_mints" ADD CONSTRAINT "nft_mints_ticket_id_fkey" FOREIGN KEY ("organization_id", "ticket_id") REFERENCES "mainstay"."tickets" ("organization_id", "id");
ALTER TABLE "mainstay"."fraud_events" ADD CONSTRAINT "fraud_events_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."customer_rfm_scores" ADD CONSTRAINT "customer_rfm_scores_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."customer_rfm_scores" ADD CONSTRAINT "customer_rfm_scores_customer_id_fkey" FOREIGN KEY ("organization_id", "customer_id") REFERENCES "mainstay"."customers" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."customer_rfm_scores" ADD CONSTRAINT "customer_rfm_scores_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."customer_segments" ADD CONSTRAINT "customer_segments_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."customer_segments" ADD CONSTRAINT "customer_segments_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."customer_lifetime_values" ADD CONSTRAINT "customer_lifetime_values_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."customer_lifetime_values" ADD CONSTRAINT "customer_lifetime_values_customer_id_fkey" FOREIGN KEY ("organization_id", "customer_id") REFERENCES "mainstay"."customers" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."customer_lifetime_values" ADD CONSTRAINT "customer_lifetime_values_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id") ON DELETE SET NULL ("venue_id");
ALTER TABLE "mainstay"."pending_price_changes" ADD CONSTRAINT "pending_price_changes_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."pending_price_changes" ADD CONSTRAINT "pending_price_changes_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."pending_price_changes" ADD CONSTRAINT "pending_price_changes_event_id_fkey" FOREIGN KEY ("organization_id", "event_id") REFERENCES "mainstay"."venue_events" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."pending_price_changes" ADD CONSTRAINT "pending_price_changes_approved_by_fkey" FOREIGN KEY ("organization_id", "approved_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("approved_by");
ALTER TABLE "mainstay"."pending_price_changes" ADD CONSTRAINT "pending_price_changes_rejected_by_fkey" FOREIGN KEY ("organization_id", "rejected_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("rejected_by");
ALTER TABLE "mainstay"."venue_daily_stats" ADD CONSTRAINT "venue_daily_stats_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."venue_daily_stats" ADD CONSTRAINT "venue_daily_stats_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."event_daily_stats" ADD CONSTRAINT "event_daily_stats_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."event_daily_stats" ADD CONSTRAINT "event_daily_stats_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "mainstay"."venues" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."event_daily_stats" ADD CONSTRAINT "event_daily_stats_event_id_fkey" FOREIGN KEY ("organization_id", "event_id") REFERENCES "mainstay"."venue_events" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."plugins" ADD CONSTRAINT "plugins_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."plugin_versions" ADD CONSTRAINT "plugin_versions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."plugin_versions" ADD CONSTRAINT "plugin_versions_plugin_id_fkey" FOREIGN KEY ("organization_id", "plugin_id") REFERENCES "mainstay"."plugins" ("organization_id", "id");
ALTER TABLE "mainstay"."plugin_installations" ADD CONSTRAINT "plugin_installations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."plugin_installations" ADD CONSTRAINT "plugin_installations_plugin_id_fkey" FOREIGN KEY ("organization_id", "plugin_id") REFERENCES "mainstay"."plugins" ("organization_id", "id");
ALTER TABLE "mainstay"."plugin_installations" ADD CONSTRAINT "plugin_installations_installed_by_fkey" FOREIGN KEY ("organization_id", "installed_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("installed_by");
ALTER TABLE "mainstay"."services" ADD CONSTRAINT "services_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."services" ADD CONSTRAINT "services_owner_id_fkey" FOREIGN KEY ("organization_id", "owner_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("owner_id");
ALTER TABLE "mainstay"."services" ADD CONSTRAINT "services_team_id_fkey" FOREIGN KEY ("organization_id", "team_id") REFERENCES "mainstay"."teams" ("organization_id", "id");
ALTER TABLE "mainstay"."service_relationships" ADD CONSTRAINT "service_relationships_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."service_relationships" ADD CONSTRAINT "service_relationships_source_id_fkey" FOREIGN KEY ("organization_id", "source_id") REFERENCES "mainstay"."services" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."service_relationships" ADD CONSTRAINT "service_relationships_target_id_fkey" FOREIGN KEY ("organization_id", "target_id") REFERENCES "mainstay"."services" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."service_deployments" ADD CONSTRAINT "service_deployments_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."service_deployments" ADD CONSTRAINT "service_deployments_service_id_fkey" FOREIGN KEY ("organization_id", "service_id") REFERENCES "mainstay"."services" ("organization_id", "id");
ALTER TABLE "mainstay"."service_deployments" ADD CONSTRAINT "service_deployments_deployed_by_fkey" FOREIGN KEY ("organization_id", "deployed_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("deployed_by");
ALTER TABLE "mainstay"."ghost_search_queries" ADD CONSTRAINT "ghost_search_queries_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."ghost_search_queries" ADD CONSTRAINT "ghost_search_queries_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."monitored_emails" ADD CONSTRAINT "monitored_emails_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."monitored_emails" ADD CONSTRAINT "monitored_emails_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."monitored_emails" ADD CONSTRAINT "monitored_emails_created_by_user_id_fkey" FOREIGN KEY ("organization_id", "created_by_user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("created_by_user_id");
ALTER TABLE "mainstay"."monitored_email_findings" ADD CONSTRAINT "monitored_email_findings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."monitored_email_findings" ADD CONSTRAINT "monitored_email_findings_monitored_email_id_fkey" FOREIGN KEY ("organization_id", "monitored_email_id") REFERENCES "mainstay"."monitored_emails" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."breach_files" ADD CONSTRAINT "breach_files_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."breach_files" ADD CONSTRAINT "breach_files_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."breach_file_records" ADD CONSTRAINT "breach_file_records_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."breach_file_records" ADD CONSTRAINT "breach_file_records_breach_file_id_fkey" FOREIGN KEY ("organization_id", "breach_file_id") REFERENCES "mainstay"."breach_files" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."breach_file_records" ADD CONSTRAINT "breach_file_records_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."osint_profiles" ADD CONSTRAINT "osint_profiles_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."osint_profiles" ADD CONSTRAINT "osint_profiles_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."osint_social_accounts" ADD CONSTRAINT "osint_social_accounts_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."osint_social_accounts" ADD CONSTRAINT "osint_social_accounts_profile_id_fkey" FOREIGN KEY ("organization_id", "profile_id") REFERENCES "mainstay"."osint_profiles" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."osint_social_accounts" ADD CONSTRAINT "osint_social_accounts_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."osint_breaches" ADD CONSTRAINT "osint_breaches_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."osint_breaches" ADD CONSTRAINT "osint_breaches_profile_id_fkey" FOREIGN KEY ("organization_id", "profile_id") REFERENCES "mainstay"."osint_profiles" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."osint_breaches" ADD CONSTRAINT "osint_breaches_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."osint_devices" ADD CONSTRAINT "osint_devices_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."osint_devices" ADD CONSTRAINT "osint_devices_profile_id_fkey" FOREIGN KEY ("organization_id", "profile_id") REFERENCES "mainstay"."osint_profiles" ("organization_id", "id") ON DELETE SET NULL ("profile_id");
ALTER TABLE "mainstay"."osint_devices" ADD CONSTRAINT "osint_devices_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."github_findings" ADD CONSTRAINT "github_findings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."github_findings" ADD CONSTRAINT "github_findings_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."pastebin_findings" ADD CONSTRAINT "pastebin_findings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."pastebin_findings" ADD CONSTRAINT "pastebin_findings_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."opsych_search_results" ADD CONSTRAINT "opsych_search_results_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."opsych_search_results" ADD CONSTRAINT "opsych_search_results_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."surface_scans" ADD CONSTRAINT "surface_scans_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."surface_scans" ADD CONSTRAINT "surface_scans_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."surface_findings" ADD CONSTRAINT "surface_findings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."surface_findings" ADD CONSTRAINT "surface_findings_scan_id_fkey" FOREIGN KEY ("organization_id", "scan_id") REFERENCES "mainstay"."surface_scans" ("organization_id", "scan_id") ON DELETE SET NULL ("scan_id");
ALTER TABLE "mainstay"."surface_findings" ADD CONSTRAINT "surface_findings_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."scan_report_inputs" ADD CONSTRAINT "scan_report_inputs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."scan_report_inputs" ADD CONSTRAINT "scan_report_inputs_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."vulnerability_reports" ADD CONSTRAINT "vulnerability_reports_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."vulnerability_reports" ADD CONSTRAINT "vulnerability_reports_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."vulnerability_reports" ADD CONSTRAINT "vulnerability_reports_xasm_scan_id_fkey" FOREIGN KEY ("organization_id", "xasm_scan_id") REFERENCES "mainstay"."scan_report_inputs" ("organization_id", "id") ON DELETE SET NULL ("xasm_scan_id");
ALTER TABLE "mainstay"."vulnerability_reports" ADD CONSTRAINT "vulnerability_reports_lightbox_scan_id_fkey" FOREIGN KEY ("organization_id", "lightbox_scan_id") REFERENCES "mainstay"."scan_report_inputs" ("organization_id", "id") ON DELETE SET NULL ("lightbox_scan_id");
ALTER TABLE "mainstay"."roadmap_profiles" ADD CONSTRAINT "roadmap_profiles_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."roadmap_profiles" ADD CONSTRAINT "roadmap_profiles_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."roadmap_achievements" ADD CONSTRAINT "roadmap_achievements_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."roadmap_achievements" ADD CONSTRAINT "roadmap_achievements_profile_id_fkey" FOREIGN KEY ("organization_id", "profile_id") REFERENCES "mainstay"."roadmap_profiles" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."roadmap_achievements" ADD CONSTRAINT "roadmap_achievements_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."roadmap_progress_history" ADD CONSTRAINT "roadmap_progress_history_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."roadmap_progress_history" ADD CONSTRAINT "roadmap_progress_history_profile_id_fkey" FOREIGN KEY ("organization_id", "profile_id") REFERENCES "mainstay"."roadmap_profiles" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."roadmap_user_tasks" ADD CONSTRAINT "roadmap_user_tasks_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."roadmap_user_tasks" ADD CONSTRAINT "roadmap_user_tasks_profile_id_fkey" FOREIGN KEY ("organization_id", "profile_id") REFERENCES "mainstay"."roadmap_profiles" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."roadmap_user_tasks" ADD CONSTRAINT "roadmap_user_tasks_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "mainstay"."roadmap_tasks" ("task_id");
ALTER TABLE "mainstay"."roadmap_user_tasks" ADD CONSTRAINT "roadmap_user_tasks_assigned_to_user_id_fkey" FOREIGN KEY ("organization_id", "assigned_to_user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("assigned_to_user_id");
ALTER TABLE "mainstay"."bait_tokens" ADD CONSTRAINT "bait_tokens_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."bait_tokens" ADD CONSTRAINT "bait_tokens_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."bait_accesses" ADD CONSTRAINT "bait_accesses_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."bait_accesses" ADD CONSTRAINT "bait_accesses_bait_id_fkey" FOREIGN KEY ("organization_id", "bait_id") REFERENCES "mainstay"."bait_tokens" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."bait_accesses" ADD CONSTRAINT "bait_accesses_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("user_id");
ALTER TABLE "mainstay"."assets" ADD CONSTRAINT "assets_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."asset_metadata" ADD CONSTRAINT "asset_metadata_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."asset_metadata" ADD CONSTRAINT "asset_metadata_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "mainstay"."assets" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."asset_configurations" ADD CONSTRAINT "asset_configurations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."asset_configurations" ADD CONSTRAINT "asset_configurations_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "mainstay"."assets" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."asset_operations" ADD CONSTRAINT "asset_operations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."asset_operations" ADD CONSTRAINT "asset_operations_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "mainstay"."assets" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."asset_operations" ADD CONSTRAINT "asset_operations_executed_by_fkey" FOREIGN KEY ("organization_id", "executed_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("executed_by");
ALTER TABLE "mainstay"."asset_transactions" ADD CONSTRAINT "asset_transactions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."asset_transactions" ADD CONSTRAINT "asset_transactions_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "mainstay"."assets" ("organization_id", "id");
ALTER TABLE "mainstay"."asset_transactions" ADD CONSTRAINT "asset_transactions_operation_id_fkey" FOREIGN KEY ("organization_id", "operation_id") REFERENCES "mainstay"."asset_operations" ("organization_id", "id") ON DELETE SET NULL ("operation_id");
ALTER TABLE "mainstay"."asset_events" ADD CONSTRAINT "asset_events_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."asset_events" ADD CONSTRAINT "asset_events_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "mainstay"."assets" ("organization_id", "id");
ALTER TABLE "mainstay"."asset_holders" ADD CONSTRAINT "asset_holders_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."asset_holders" ADD CONSTRAINT "asset_holders_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "mainstay"."assets" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."ownership_history" ADD CONSTRAINT "ownership_history_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."ownership_history" ADD CONSTRAINT "ownership_history_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "mainstay"."assets" ("organization_id", "id");
ALTER TABLE "mainstay"."asset_permissions" ADD CONSTRAINT "asset_permissions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."asset_permissions" ADD CONSTRAINT "asset_permissions_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "mainstay"."assets" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."asset_permissions" ADD CONSTRAINT "asset_permissions_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."asset_permissions" ADD CONSTRAINT "asset_permissions_granted_by_fkey" FOREIGN KEY ("organization_id", "granted_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("granted_by");
ALTER TABLE "mainstay"."asset_metrics" ADD CONSTRAINT "asset_metrics_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."asset_metrics" ADD CONSTRAINT "asset_metrics_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "mainstay"."assets" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."asset_analytics" ADD CONSTRAINT "asset_analytics_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."asset_analytics" ADD CONSTRAINT "asset_analytics_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "mainstay"."assets" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."identities" ADD CONSTRAINT "identities_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."identities" ADD CONSTRAINT "identities_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id");
ALTER TABLE "mainstay"."identity_claims" ADD CONSTRAINT "identity_claims_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."identity_claims" ADD CONSTRAINT "identity_claims_provider_id_fkey" FOREIGN KEY ("organization_id", "provider_id") REFERENCES "mainstay"."verification_providers" ("organization_id", "id") ON DELETE SET NULL ("provider_id");
ALTER TABLE "mainstay"."identity_claims" ADD CONSTRAINT "identity_claims_identity_id_user_id_fkey" FOREIGN KEY ("organization_id", "identity_id", "user_id") REFERENCES "mainstay"."identities" ("organization_id", "id", "user_id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."verification_providers" ADD CONSTRAINT "verification_providers_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."compliance_rules" ADD CONSTRAINT "compliance_rules_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."compliance_modules" ADD CONSTRAINT "compliance_modules_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."asset_compliance" ADD CONSTRAINT "asset_compliance_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."asset_compliance" ADD CONSTRAINT "asset_compliance_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "mainstay"."assets" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."asset_compliance" ADD CONSTRAINT "asset_compliance_rule_id_fkey" FOREIGN KEY ("organization_id", "rule_id") REFERENCES "mainstay"."compliance_rules" ("organization_id", "id");
ALTER TABLE "mainstay"."asset_compliance" ADD CONSTRAINT "asset_compliance_module_id_fkey" FOREIGN KEY ("organization_id", "module_id") REFERENCES "mainstay"."compliance_modules" ("organization_id", "id") ON DELETE SET NULL ("module_id");
ALTER TABLE "mainstay"."asset_compliance" ADD CONSTRAINT "asset_compliance_configured_by_fkey" FOREIGN KEY ("organization_id", "configured_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("configured_by");
ALTER TABLE "mainstay"."compliance_violations" ADD CONSTRAINT "compliance_violations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."compliance_violations" ADD CONSTRAINT "compliance_violations_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "mainstay"."assets" ("organization_id", "id");
ALTER TABLE "mainstay"."compliance_violations" ADD CONSTRAINT "compliance_violations_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id");
ALTER TABLE "mainstay"."violation_resolutions" ADD CONSTRAINT "violation_resolutions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "mainstay"."organizations" ("id");
ALTER TABLE "mainstay"."violation_resolutions" ADD CONSTRAINT "violation_resolutions_violation_id_fkey" FOREIGN KEY ("organization_id", "violation_id") REFERENCES "mainstay"."compliance_violations" ("organization_id", "id") ON DELETE CASCADE;
ALTER TABLE "mainstay"."violation_resolutions" ADD CONSTRAINT "violation_resolutions_resolved_by_fkey" FOREIGN KEY ("organization_id", "resolved_by") REFERENCES "mainstay"."organization_members" ("organization_id", "user_id") ON DELETE SET NULL ("resolved_by");
