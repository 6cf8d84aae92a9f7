-- The schema of Mainstay on SQLite. Generated from the entities' declarations. Servers register
-- the functions whose names begin with ms_.

-- The record that migrations keep.
CREATE TABLE IF NOT EXISTS "mainstay_schema_objects" (
    "table_name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "definition" TEXT NOT NULL,
    PRIMARY KEY ("table_name", "kind", "name")
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "mainstay_schema_state" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- mainstay.organizations (identity)
-- A company, institution or customer: the tenant that owns records.
CREATE TABLE "organizations" (
    -- Identifier.
    "id" BLOB /* uuid */ NOT NULL,
    -- The name that members see.
    "name" TEXT NOT NULL,
    -- The short name in addresses; lower case.
    "slug" TEXT NOT NULL,
    -- The domain whose addresses belong to it.
    "primary_domain" TEXT,
    -- Further domains.
    "additional_domains" TEXT /* text[] */,
    -- Most members it may have; none means no limit (S2-B50).
    "max_seats" INTEGER,
    -- Most domains it may have; none means no limit (S2-B50).
    "max_domains" INTEGER,
    -- Settings of the organisation.
    "settings" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Whatever integrations keep beside it.
    "metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Whether its members may work.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- When it was made.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it was deleted.
    "deleted_at" INTEGER /* timestamptz */,
    CONSTRAINT "organizations_slug_key" UNIQUE ("slug"),
    CONSTRAINT "organizations_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "organizations_id_check" CHECK (length("id") = 16),
    CONSTRAINT "organizations_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "organizations_max_domains_check" CHECK ("max_domains" >= 1),
    CONSTRAINT "organizations_max_seats_check" CHECK ("max_seats" >= 1),
    CONSTRAINT "organizations_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "organizations_primary_domain_check" CHECK (length("primary_domain") <= 253),
    CONSTRAINT "organizations_slug_check" CHECK (length("slug") <= 63),
    CONSTRAINT "organizations_slug_form_check" CHECK (slug = lower(slug) and length(slug) >= 2)
) STRICT;
CREATE UNIQUE INDEX "organizations_primary_domain_key" ON "organizations" ("primary_domain") WHERE deleted_at is null;
CREATE INDEX "organizations_deleted_at_idx" ON "organizations" ("deleted_at");

-- mainstay.users (identity)
-- A person's account, one per person on the whole platform.
CREATE TABLE "users" (
    -- Identifier.
    "id" BLOB /* uuid */ NOT NULL,
    -- The address that names the account; lower case, unique over the platform. Of somebody who gave none it is one below `anonymous.invalid`, at which nobody can be reached (RFC 2606 §2).
    "email" TEXT NOT NULL,
    -- Another name to sign in with.
    "username" TEXT,
    -- Where the account stands.
    "status" TEXT NOT NULL DEFAULT 'active',
    -- Whether the account may be used at all.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- Administers the installation itself, not one organisation.
    "is_platform_admin" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Whether somebody uses the account without having said who they are.
    "is_anonymous" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Whether the address is the person's own.
    "email_verified" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- When that was shown.
    "email_verified_at" INTEGER /* timestamptz */,
    -- The address that is to name the account once the person has shown that it is theirs.
    "new_email" TEXT,
    -- When an organisation asked the person to come.
    "invited_at" INTEGER /* timestamptz */,
    -- Barred by an administrator until this time.
    "banned_until" INTEGER /* timestamptz */,
    -- Failed sign-ins since the last good one.
    "failed_login_attempts" INTEGER NOT NULL DEFAULT 0,
    -- No sign-in before this time.
    "locked_until" INTEGER /* timestamptz */,
    -- The next sign-in asks for a new password.
    "must_change_password" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- When the password was last changed.
    "last_password_change_at" INTEGER /* timestamptz */,
    -- When the person last signed in.
    "last_login_at" INTEGER /* timestamptz */,
    -- From where.
    "last_login_ip" TEXT /* inet */,
    -- The account ends then (demonstration accounts, S2-B44).
    "expires_at" INTEGER /* timestamptz */,
    -- Whatever the product keeps beside the account.
    "metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When it was made.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it was deleted.
    "deleted_at" INTEGER /* timestamptz */,
    CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "users_email_check" CHECK (length("email") <= 320),
    CONSTRAINT "users_email_form_check" CHECK (email = lower(email)),
    CONSTRAINT "users_email_verified_check" CHECK ("email_verified" IN (0, 1)),
    CONSTRAINT "users_failed_login_attempts_check" CHECK ("failed_login_attempts" >= 0),
    CONSTRAINT "users_id_check" CHECK (length("id") = 16),
    CONSTRAINT "users_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "users_is_anonymous_check" CHECK ("is_anonymous" IN (0, 1)),
    CONSTRAINT "users_is_platform_admin_check" CHECK ("is_platform_admin" IN (0, 1)),
    CONSTRAINT "users_must_change_password_check" CHECK ("must_change_password" IN (0, 1)),
    CONSTRAINT "users_new_email_check" CHECK (length("new_email") <= 320),
    CONSTRAINT "users_status_check" CHECK ("status" IN ('pending_verification', 'active', 'locked', 'suspended')),
    CONSTRAINT "users_username_check" CHECK (length("username") <= 100)
) STRICT;
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email") WHERE deleted_at is null;
CREATE UNIQUE INDEX "users_username_key" ON "users" ("username") WHERE deleted_at is null;
CREATE INDEX "users_status_idx" ON "users" ("status");
CREATE INDEX "users_is_active_deleted_at_idx" ON "users" ("is_active", "deleted_at");
CREATE INDEX "users_deleted_at_idx" ON "users" ("deleted_at");
CREATE TRIGGER "users_status_life_cycle" BEFORE UPDATE OF "status" ON "users" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending_verification' THEN NEW."status" IN ('active', 'suspended') WHEN 'active' THEN NEW."status" IN ('locked', 'suspended') WHEN 'locked' THEN NEW."status" IN ('active', 'suspended') WHEN 'suspended' THEN NEW."status" IN ('active') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:users:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.organization_members (identity)
-- A person's membership in an organisation; what records refer to when they name a person.
CREATE TABLE "organization_members" (
    -- Identifier.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that it belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The person.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- Where the membership stands.
    "status" TEXT NOT NULL DEFAULT 'active',
    -- The name under which colleagues know the person.
    "display_name" TEXT,
    -- The address at which the organisation reaches the person.
    "email" TEXT,
    -- What the organisation's programs keep of the person; clients of `/auth/v1` see it as `app_metadata`.
    "app_metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the person joined.
    "joined_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the person left.
    "left_at" INTEGER /* timestamptz */,
    -- When it was made.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "organization_members_user_id_key" UNIQUE ("organization_id", "user_id"),
    CONSTRAINT "organization_members_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "organization_members_display_name_check" CHECK (length("display_name") <= 255),
    CONSTRAINT "organization_members_email_check" CHECK (length("email") <= 320),
    CONSTRAINT "organization_members_id_check" CHECK (length("id") = 16),
    CONSTRAINT "organization_members_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "organization_members_status_check" CHECK ("status" IN ('invited', 'active', 'suspended', 'left')),
    CONSTRAINT "organization_members_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "organization_members_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "organization_members_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id")
) STRICT;
CREATE INDEX "organization_members_status_idx" ON "organization_members" ("organization_id", "status");
CREATE INDEX "organization_members_user_id_idx" ON "organization_members" ("organization_id", "user_id");
CREATE INDEX "organization_members_user_id_idx1" ON "organization_members" ("user_id");
CREATE TRIGGER "organization_members_status_life_cycle" BEFORE UPDATE OF "status" ON "organization_members" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'invited' THEN NEW."status" IN ('active', 'left') WHEN 'active' THEN NEW."status" IN ('suspended', 'left') WHEN 'suspended' THEN NEW."status" IN ('active', 'left') WHEN 'left' THEN NEW."status" IN ('invited', 'active') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:organization_members:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.subscriptions (identity)
-- A subscription of an organisation, or of one of its members (S2-B50, S2-B51).
CREATE TABLE "subscriptions" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The member whose it is; none means the organisation's.
    "user_id" BLOB /* uuid */,
    -- How much is subscribed to.
    "tier" TEXT NOT NULL DEFAULT 'basic',
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'active',
    -- The customer, as Stripe names it.
    "stripe_customer_id" TEXT,
    -- The subscription, as Stripe names it.
    "stripe_subscription_id" TEXT,
    -- Where invoices are sent.
    "billing_email" TEXT,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "subscriptions_stripe_subscription_id_key" UNIQUE ("organization_id", "stripe_subscription_id"),
    CONSTRAINT "subscriptions_user_id_key" UNIQUE ("organization_id", "user_id"),
    CONSTRAINT "subscriptions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "subscriptions_billing_email_check" CHECK (length("billing_email") <= 320),
    CONSTRAINT "subscriptions_id_check" CHECK (length("id") = 16),
    CONSTRAINT "subscriptions_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "subscriptions_status_check" CHECK ("status" IN ('incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled')),
    CONSTRAINT "subscriptions_stripe_customer_id_check" CHECK (length("stripe_customer_id") <= 255),
    CONSTRAINT "subscriptions_stripe_subscription_id_check" CHECK (length("stripe_subscription_id") <= 255),
    CONSTRAINT "subscriptions_tier_check" CHECK ("tier" IN ('basic', 'professional', 'enterprise')),
    CONSTRAINT "subscriptions_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "subscriptions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "subscriptions_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX "subscriptions_user_id_key" ON "subscriptions" ("organization_id", coalesce("user_id", 0)) WHERE "user_id" IS NULL;
CREATE INDEX "subscriptions_stripe_customer_id_idx" ON "subscriptions" ("organization_id", "stripe_customer_id");
CREATE TRIGGER "subscriptions_status_life_cycle" BEFORE UPDATE OF "status" ON "subscriptions" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'incomplete' THEN NEW."status" IN ('active', 'trialing', 'incomplete_expired') WHEN 'trialing' THEN NEW."status" IN ('active', 'past_due', 'paused', 'canceled') WHEN 'active' THEN NEW."status" IN ('past_due', 'unpaid', 'paused', 'canceled') WHEN 'past_due' THEN NEW."status" IN ('active', 'unpaid', 'canceled') WHEN 'unpaid' THEN NEW."status" IN ('active', 'canceled') WHEN 'paused' THEN NEW."status" IN ('active', 'canceled') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:subscriptions:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.subscription_plans (identity)
-- What comes with a tier. A tier without a plan limits nothing; neither does a number that is not given.
CREATE TABLE "subscription_plans" (
    -- Identifier.
    "id" BLOB /* uuid */ NOT NULL,
    -- The tier. An organisation without a subscription that works has `basic` (S2-B50).
    "tier" TEXT NOT NULL,
    -- Most members, with those who are invited.
    "max_seats" INTEGER,
    -- Most domains.
    "max_domains" INTEGER,
    -- Most API keys that work.
    "max_api_keys" INTEGER,
    -- When it was made.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "subscription_plans_tier_key" UNIQUE ("tier"),
    CONSTRAINT "subscription_plans_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "subscription_plans_id_check" CHECK (length("id") = 16),
    CONSTRAINT "subscription_plans_max_api_keys_check" CHECK ("max_api_keys" >= 0),
    CONSTRAINT "subscription_plans_max_domains_check" CHECK ("max_domains" >= 0),
    CONSTRAINT "subscription_plans_max_seats_check" CHECK ("max_seats" >= 1),
    CONSTRAINT "subscription_plans_tier_check" CHECK ("tier" IN ('basic', 'professional', 'enterprise'))
) STRICT;

-- mainstay.user_profiles (identity)
-- What a person says of themselves; one row each (S3-B32).
CREATE TABLE "user_profiles" (
    -- The person.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- The whole name, as the person writes it.
    "full_name" TEXT,
    -- The given name.
    "first_name" TEXT,
    -- The family name.
    "last_name" TEXT,
    -- Address of a picture.
    "avatar_url" TEXT,
    -- The telephone number, with the country's code.
    "phone_number" TEXT,
    -- The postal address.
    "address" TEXT,
    -- The time zone in which times are shown, as the IANA database names it (S2-B52).
    "timezone" TEXT NOT NULL DEFAULT 'UTC',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "user_profiles_pkey" PRIMARY KEY ("user_id"),
    CONSTRAINT "user_profiles_address_check" CHECK (length("address") <= 1000),
    CONSTRAINT "user_profiles_avatar_url_check" CHECK (length("avatar_url") <= 2000),
    CONSTRAINT "user_profiles_first_name_check" CHECK (length("first_name") <= 255),
    CONSTRAINT "user_profiles_full_name_check" CHECK (length("full_name") <= 255),
    CONSTRAINT "user_profiles_last_name_check" CHECK (length("last_name") <= 255),
    CONSTRAINT "user_profiles_phone_number_check" CHECK (length("phone_number") <= 32),
    CONSTRAINT "user_profiles_timezone_check" CHECK (length("timezone") <= 50),
    CONSTRAINT "user_profiles_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "user_profiles_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
) STRICT;

-- mainstay.user_settings (identity)
-- How a person likes to work; one row each (S3-B33).
CREATE TABLE "user_settings" (
    -- The person.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- How pages look (S2-B52).
    "theme" TEXT NOT NULL DEFAULT 'dark',
    -- The language of texts, as BCP 47 names it (S2-B52).
    "language" TEXT NOT NULL DEFAULT 'en',
    -- What the person wants to be told, and how.
    "notifications" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- What others may see of the person.
    "privacy_settings" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Whatever the product keeps for the person.
    "preferences" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "user_settings_pkey" PRIMARY KEY ("user_id"),
    CONSTRAINT "user_settings_language_check" CHECK (length("language") <= 35),
    CONSTRAINT "user_settings_theme_check" CHECK ("theme" IN ('dark', 'light', 'system')),
    CONSTRAINT "user_settings_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "user_settings_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
) STRICT;

-- mainstay.user_accounts (identity)
-- One way to sign in: a password, or an account at another provider.
CREATE TABLE "user_accounts" (
    -- Identifies the row.
    "id" BLOB /* uuid */ NOT NULL,
    -- The person.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- `password`, or the provider's name.
    "provider" TEXT NOT NULL,
    -- The person's identifier there; of a password the account's own (S1-B37).
    "provider_account_id" TEXT,
    -- The address that the provider knows the person by.
    "email" TEXT,
    -- Whether the provider says that the address is the person's.
    "email_verified" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- What else the provider says of the person.
    "profile" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the person last came by it.
    "last_sign_in_at" INTEGER /* timestamptz */,
    -- The password's hash in PHC form.
    "password_hash" TEXT,
    -- The provider's access token.
    "access_token" BLOB,
    -- The provider's refresh token.
    "refresh_token" BLOB,
    -- When it was added.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "user_accounts_provider_provider_account_id_key" UNIQUE ("provider", "provider_account_id"),
    CONSTRAINT "user_accounts_user_id_provider_key" UNIQUE ("user_id", "provider"),
    CONSTRAINT "user_accounts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "user_accounts_email_check" CHECK (length("email") <= 320),
    CONSTRAINT "user_accounts_email_verified_check" CHECK ("email_verified" IN (0, 1)),
    CONSTRAINT "user_accounts_id_check" CHECK (length("id") = 16),
    CONSTRAINT "user_accounts_password_hash_check" CHECK (length("password_hash") <= 255),
    CONSTRAINT "user_accounts_provider_account_id_check" CHECK (length("provider_account_id") <= 255),
    CONSTRAINT "user_accounts_provider_check" CHECK (length("provider") <= 50),
    CONSTRAINT "user_accounts_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "user_accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
) STRICT;

-- mainstay.user_mfa_factors (identity)
-- A second factor of a person (S1-B73, S1-B74).
CREATE TABLE "user_mfa_factors" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The person.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- What kind of factor it is.
    "method" TEXT NOT NULL,
    -- What the person calls it.
    "friendly_name" TEXT,
    -- The number that codes are sent to.
    "phone" TEXT,
    -- The address that codes are sent to.
    "email" TEXT,
    -- The key that codes are made from.
    "secret" BLOB,
    -- Hashes of the codes that stand in for a lost factor, each for one use.
    "backup_codes" BLOB,
    -- Whether sign-in asks for it; it does once the person has shown to have it.
    "is_enabled" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- The step of the last code that was taken; none from before is taken again (RFC 6238 §5.2).
    "last_step" INTEGER,
    -- The code that was sent last and not used, under a key that the database does not hold.
    "code_hash" BLOB,
    -- Wrong codes since the last right one.
    "failed_attempts" INTEGER NOT NULL DEFAULT 0,
    -- When the last wrong code was given.
    "last_failed_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "user_mfa_factors_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "user_mfa_factors_email_check" CHECK (length("email") <= 320),
    CONSTRAINT "user_mfa_factors_failed_attempts_check" CHECK ("failed_attempts" >= 0),
    CONSTRAINT "user_mfa_factors_friendly_name_check" CHECK (length("friendly_name") <= 100),
    CONSTRAINT "user_mfa_factors_id_check" CHECK (length("id") = 16),
    CONSTRAINT "user_mfa_factors_is_enabled_check" CHECK ("is_enabled" IN (0, 1)),
    CONSTRAINT "user_mfa_factors_method_check" CHECK ("method" IN ('TOTP', 'SMS', 'EMAIL', 'WEBAUTHN')),
    CONSTRAINT "user_mfa_factors_phone_check" CHECK (length("phone") <= 16),
    CONSTRAINT "user_mfa_factors_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "user_mfa_factors_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
) STRICT;
CREATE INDEX "user_mfa_factors_user_id_is_enabled_idx" ON "user_mfa_factors" ("user_id", "is_enabled");

-- mainstay.webauthn_credentials (identity)
-- A credential of an authenticator: a passkey, or the security key of a second factor.
CREATE TABLE "webauthn_credentials" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The person.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- The second factor that it is; none for a passkey.
    "factor_id" BLOB /* uuid */,
    -- What the person calls it.
    "friendly_name" TEXT,
    -- The site that it was made for (WebAuthn §5.4.2).
    "rp_id" TEXT NOT NULL,
    -- What the authenticator calls it.
    "credential_id" BLOB NOT NULL,
    -- What the authenticator calls the person: random, so that it tells nobody who that is.
    "user_handle" BLOB NOT NULL,
    -- The public key, and what it is bound to.
    "public_key" BLOB NOT NULL,
    -- Signatures that the authenticator has counted; 0 from one that does not count.
    "sign_count" INTEGER NOT NULL DEFAULT 0,
    -- Whether the authenticator has made sure who uses it.
    "user_verified" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Whether the key may be copied to other devices.
    "backup_eligible" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Whether it has been.
    "backed_up" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- How the authenticator is reached (WebAuthn §5.8.4).
    "transports" TEXT /* text[] */ NOT NULL,
    -- When it last showed who its person is.
    "last_used_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "webauthn_credentials_credential_id_key" UNIQUE ("credential_id"),
    CONSTRAINT "webauthn_credentials_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "webauthn_credentials_backed_up_check" CHECK ("backed_up" IN (0, 1)),
    CONSTRAINT "webauthn_credentials_backup_eligible_check" CHECK ("backup_eligible" IN (0, 1)),
    CONSTRAINT "webauthn_credentials_factor_id_check" CHECK (length("factor_id") = 16),
    CONSTRAINT "webauthn_credentials_friendly_name_check" CHECK (length("friendly_name") <= 120),
    CONSTRAINT "webauthn_credentials_id_check" CHECK (length("id") = 16),
    CONSTRAINT "webauthn_credentials_rp_id_check" CHECK (length("rp_id") <= 253),
    CONSTRAINT "webauthn_credentials_sign_count_check" CHECK ("sign_count" >= 0),
    CONSTRAINT "webauthn_credentials_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "webauthn_credentials_user_verified_check" CHECK ("user_verified" IN (0, 1)),
    CONSTRAINT "webauthn_credentials_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "webauthn_credentials_factor_id_fkey" FOREIGN KEY ("factor_id") REFERENCES "user_mfa_factors" ("id") ON DELETE CASCADE
) STRICT;
CREATE INDEX "webauthn_credentials_user_id_idx" ON "webauthn_credentials" ("user_id");
CREATE INDEX "webauthn_credentials_factor_id_idx" ON "webauthn_credentials" ("factor_id");

-- mainstay.user_verifications (identity)
-- A token that was sent to a person, until it is used or its time has passed (S3-B150).
CREATE TABLE "user_verifications" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The person.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- What the token shows.
    "type" TEXT NOT NULL,
    -- What the token is for.
    "purpose" TEXT NOT NULL DEFAULT 'signup',
    -- The organisation that the person enters with it.
    "organization_id" BLOB /* uuid */,
    -- The address that it was sent to.
    "email" TEXT,
    -- SHA-256 of the token.
    "token_hash" BLOB NOT NULL,
    -- The short code beside it, under a key that the database does not hold.
    "code_hash" BLOB,
    -- How often a wrong code was given.
    "attempts" INTEGER NOT NULL DEFAULT 0,
    -- Where a browser goes on after the link.
    "redirect_to" TEXT,
    -- What whoever asked for it will prove to know (RFC 7636 §4.2), as `method:challenge`.
    "code_challenge" TEXT,
    -- The token can't be used after this time.
    "expires_at" INTEGER /* timestamptz */ NOT NULL,
    -- When it was used.
    "verified_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "user_verifications_token_hash_key" UNIQUE ("token_hash"),
    CONSTRAINT "user_verifications_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "user_verifications_attempts_check" CHECK ("attempts" >= 0),
    CONSTRAINT "user_verifications_code_challenge_check" CHECK (length("code_challenge") <= 200),
    CONSTRAINT "user_verifications_email_check" CHECK (length("email") <= 320),
    CONSTRAINT "user_verifications_id_check" CHECK (length("id") = 16),
    CONSTRAINT "user_verifications_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "user_verifications_purpose_check" CHECK ("purpose" IN ('signup', 'invite', 'magic_link', 'recovery', 'email_change', 'email_change_current', 'reauthentication', 'authorization_code', 'unlock', 'second_factor')),
    CONSTRAINT "user_verifications_redirect_to_check" CHECK (length("redirect_to") <= 2000),
    CONSTRAINT "user_verifications_type_check" CHECK ("type" IN ('email', 'phone', 'password_reset')),
    CONSTRAINT "user_verifications_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "user_verifications_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "user_verifications_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE CASCADE
) STRICT;
CREATE INDEX "user_verifications_user_id_type_idx" ON "user_verifications" ("user_id", "type");
CREATE INDEX "user_verifications_user_id_purpose_idx" ON "user_verifications" ("user_id", "purpose");
CREATE INDEX "user_verifications_expires_at_idx" ON "user_verifications" ("expires_at");
CREATE INDEX "user_verifications_organization_id_idx" ON "user_verifications" ("organization_id");

-- mainstay.password_history (identity)
-- A former password of a person (S2-B47).
CREATE TABLE "password_history" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The person.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- The password's hash in PHC form.
    "password_hash" TEXT NOT NULL,
    -- When the password was replaced.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "password_history_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "password_history_id_check" CHECK (length("id") = 16),
    CONSTRAINT "password_history_password_hash_check" CHECK (length("password_hash") <= 255),
    CONSTRAINT "password_history_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "password_history_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
) STRICT;
CREATE INDEX "password_history_user_id_created_at_idx" ON "password_history" ("user_id", "created_at" DESC);

-- mainstay.login_attempts (identity)
-- An attempt to sign in, of a known person or an unknown one (S2-B48).
CREATE TABLE "login_attempts" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The person; none when the address is nobody's.
    "user_id" BLOB /* uuid */,
    -- The address that was given.
    "email" TEXT,
    -- How it was tried: `password`, `passkey`, a provider's name.
    "login_method" TEXT,
    -- Where the request came from.
    "ip_address" TEXT /* inet */,
    -- The place that its limits count by: the address, or of IPv6 its network of 64 bits.
    "network" TEXT /* inet */,
    -- The client's program.
    "user_agent" TEXT,
    -- Whether the person was let in.
    "success" INTEGER /* boolean */ NOT NULL,
    -- Why not.
    "failure_reason" TEXT,
    -- When.
    "attempted_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "login_attempts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "login_attempts_email_check" CHECK (length("email") <= 320),
    CONSTRAINT "login_attempts_failure_reason_check" CHECK (length("failure_reason") <= 100),
    CONSTRAINT "login_attempts_id_check" CHECK (length("id") = 16),
    CONSTRAINT "login_attempts_login_method_check" CHECK (length("login_method") <= 50),
    CONSTRAINT "login_attempts_success_check" CHECK ("success" IN (0, 1)),
    CONSTRAINT "login_attempts_user_agent_check" CHECK (length("user_agent") <= 1000),
    CONSTRAINT "login_attempts_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "login_attempts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE SET NULL
) STRICT;
CREATE INDEX "login_attempts_user_id_attempted_at_idx" ON "login_attempts" ("user_id", "attempted_at");
CREATE INDEX "login_attempts_email_attempted_at_idx" ON "login_attempts" ("email", "attempted_at");
CREATE INDEX "login_attempts_ip_address_attempted_at_idx" ON "login_attempts" ("ip_address", "attempted_at");
CREATE INDEX "login_attempts_network_attempted_at_idx" ON "login_attempts" ("network", "attempted_at");
CREATE INDEX "login_attempts_attempted_at_idx" ON "login_attempts" ("attempted_at");

-- mainstay.onboarding_steps (identity)
-- A step that new people go through (S3-B151).
CREATE TABLE "onboarding_steps" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The name by which states refer to it.
    "name" TEXT NOT NULL,
    -- What there is to do.
    "description" TEXT,
    -- Its place; smaller ones come first.
    "order" INTEGER NOT NULL DEFAULT 0,
    -- Whether it can't be skipped.
    "required" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- What the data of a completed step must be like, as JSON Schema.
    "validation_rules" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "onboarding_steps_name_key" UNIQUE ("name"),
    CONSTRAINT "onboarding_steps_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "onboarding_steps_description_check" CHECK (length("description") <= 2000),
    CONSTRAINT "onboarding_steps_id_check" CHECK (length("id") = 16),
    CONSTRAINT "onboarding_steps_name_check" CHECK (length("name") <= 100),
    CONSTRAINT "onboarding_steps_name_given_check" CHECK (name <> ''),
    CONSTRAINT "onboarding_steps_order_check" CHECK ("order" >= 0),
    CONSTRAINT "onboarding_steps_required_check" CHECK ("required" IN (0, 1))
) STRICT;
CREATE INDEX "onboarding_steps_order_idx" ON "onboarding_steps" ("order");

-- mainstay.onboarding_states (identity)
-- How far a person has come with a step; one row for each step that was begun.
CREATE TABLE "onboarding_states" (
    -- The person.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- The step, by name.
    "step" TEXT NOT NULL,
    -- Whether it is done.
    "completed" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- What the person entered.
    "data" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When it was done.
    "completed_at" INTEGER /* timestamptz */,
    -- Whatever the product keeps beside it.
    "metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "onboarding_states_pkey" PRIMARY KEY ("user_id", "step"),
    CONSTRAINT "onboarding_states_completed_check" CHECK ("completed" IN (0, 1)),
    CONSTRAINT "onboarding_states_step_check" CHECK (length("step") <= 100),
    CONSTRAINT "onboarding_states_time_of_completed_check" CHECK (completed or completed_at is null),
    CONSTRAINT "onboarding_states_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "onboarding_states_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "onboarding_states_step_fkey" FOREIGN KEY ("step") REFERENCES "onboarding_steps" ("name")
) STRICT;
CREATE INDEX "onboarding_states_step_idx" ON "onboarding_states" ("step");

-- mainstay.permissions (identity)
-- Something that can be allowed: an action on a kind of record (S3-B149).
CREATE TABLE "permissions" (
    -- Identifier.
    "id" BLOB /* uuid */ NOT NULL,
    -- `resource:action`.
    "name" TEXT NOT NULL,
    -- What it allows.
    "description" TEXT,
    -- The table or surface; `*` is every one.
    "resource" TEXT NOT NULL,
    -- What may be done; `*` is everything.
    "action" TEXT NOT NULL,
    -- When it holds; nothing means always.
    "conditions" TEXT /* jsonb */,
    -- When it was made.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "permissions_resource_action_key" UNIQUE ("resource", "action"),
    CONSTRAINT "permissions_name_key" UNIQUE ("name"),
    CONSTRAINT "permissions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "permissions_action_check" CHECK (length("action") <= 100),
    CONSTRAINT "permissions_description_check" CHECK (length("description") <= 1000),
    CONSTRAINT "permissions_id_check" CHECK (length("id") = 16),
    CONSTRAINT "permissions_name_check" CHECK (length("name") <= 200),
    CONSTRAINT "permissions_resource_check" CHECK (length("resource") <= 100)
) STRICT;

-- mainstay.roles (identity)
-- A named set of permissions of one organisation (S4-B47).
CREATE TABLE "roles" (
    -- Identifier.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that it belongs to (S4-B50).
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The name by which it is assigned and inherited.
    "name" TEXT NOT NULL,
    -- What it is for.
    "description" TEXT,
    -- Names of roles whose permissions it has too (S4-B49).
    "inherits" TEXT /* text[] */ NOT NULL DEFAULT '[]',
    -- Shipped with the product; can't be removed.
    "is_system" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- When it was made.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "roles_name_key" UNIQUE ("organization_id", "name"),
    CONSTRAINT "roles_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "roles_description_check" CHECK (length("description") <= 1000),
    CONSTRAINT "roles_id_check" CHECK (length("id") = 16),
    CONSTRAINT "roles_is_system_check" CHECK ("is_system" IN (0, 1)),
    CONSTRAINT "roles_name_check" CHECK (length("name") <= 100),
    CONSTRAINT "roles_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "roles_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- mainstay.role_permissions (identity)
-- A permission that a role has.
CREATE TABLE "role_permissions" (
    -- Identifier.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that it belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The role.
    "role_id" BLOB /* uuid */ NOT NULL,
    -- The permission.
    "permission_id" BLOB /* uuid */ NOT NULL,
    -- When it holds; nothing means always.
    "conditions" TEXT /* jsonb */,
    -- When it was granted.
    "granted_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Who granted it; nothing means the system.
    "granted_by" BLOB /* uuid */,
    CONSTRAINT "role_permissions_role_id_permission_id_key" UNIQUE ("organization_id", "role_id", "permission_id"),
    CONSTRAINT "role_permissions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "role_permissions_granted_by_check" CHECK (length("granted_by") = 16),
    CONSTRAINT "role_permissions_id_check" CHECK (length("id") = 16),
    CONSTRAINT "role_permissions_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "role_permissions_permission_id_check" CHECK (length("permission_id") = 16),
    CONSTRAINT "role_permissions_role_id_check" CHECK (length("role_id") = 16),
    CONSTRAINT "role_permissions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "role_permissions_role_id_fkey" FOREIGN KEY ("organization_id", "role_id") REFERENCES "roles" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "role_permissions_permission_id_fkey" FOREIGN KEY ("permission_id") REFERENCES "permissions" ("id"),
    CONSTRAINT "role_permissions_granted_by_fkey" FOREIGN KEY ("organization_id", "granted_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "role_permissions_permission_id_idx" ON "role_permissions" ("permission_id");
CREATE INDEX "role_permissions_granted_by_idx" ON "role_permissions" ("organization_id", "granted_by");
CREATE TRIGGER "role_permissions_granted_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "role_permissions" SET "granted_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "granted_by" = OLD."user_id"; END;

-- mainstay.user_roles (identity)
-- A role that a member has, for good or for a time (S3-B149).
CREATE TABLE "user_roles" (
    -- Identifier.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that it belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The member, by user.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- The role.
    "role_id" BLOB /* uuid */ NOT NULL,
    -- Where the assignment stands.
    "status" TEXT NOT NULL DEFAULT 'active',
    -- When it was assigned.
    "assigned_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Who assigned it; nothing means the system.
    "assigned_by" BLOB /* uuid */,
    -- It ends then.
    "expires_at" INTEGER /* timestamptz */,
    CONSTRAINT "user_roles_user_id_role_id_key" UNIQUE ("organization_id", "user_id", "role_id"),
    CONSTRAINT "user_roles_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "user_roles_assigned_by_check" CHECK (length("assigned_by") = 16),
    CONSTRAINT "user_roles_id_check" CHECK (length("id") = 16),
    CONSTRAINT "user_roles_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "user_roles_role_id_check" CHECK (length("role_id") = 16),
    CONSTRAINT "user_roles_status_check" CHECK ("status" IN ('active', 'expired', 'revoked')),
    CONSTRAINT "user_roles_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "user_roles_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "user_roles_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE,
    CONSTRAINT "user_roles_role_id_fkey" FOREIGN KEY ("organization_id", "role_id") REFERENCES "roles" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "user_roles_assigned_by_fkey" FOREIGN KEY ("organization_id", "assigned_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "user_roles_role_id_idx" ON "user_roles" ("organization_id", "role_id");
CREATE INDEX "user_roles_assigned_by_idx" ON "user_roles" ("organization_id", "assigned_by");
CREATE TRIGGER "user_roles_status_life_cycle" BEFORE UPDATE OF "status" ON "user_roles" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'active' THEN NEW."status" IN ('expired', 'revoked') WHEN 'expired' THEN NEW."status" IN ('active') WHEN 'revoked' THEN NEW."status" IN ('active') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:user_roles:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "user_roles_assigned_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "user_roles" SET "assigned_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "assigned_by" = OLD."user_id"; END;

-- mainstay.teams (identity)
-- A group of members inside an organisation.
CREATE TABLE "teams" (
    -- Identifier.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that it belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The name that identifies it.
    "name" TEXT NOT NULL,
    -- The name that people see.
    "display_name" TEXT,
    -- What it does.
    "description" TEXT,
    -- Address of its picture.
    "avatar" TEXT,
    -- The team that it belongs to.
    "parent_team_id" BLOB /* uuid */,
    -- Settings of the team.
    "settings" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Whatever integrations keep beside it.
    "metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Whether it works.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- When it was made.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it was deleted.
    "deleted_at" INTEGER /* timestamptz */,
    CONSTRAINT "teams_name_key" UNIQUE ("organization_id", "name"),
    CONSTRAINT "teams_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "teams_avatar_check" CHECK (length("avatar") <= 2000),
    CONSTRAINT "teams_description_check" CHECK (length("description") <= 2000),
    CONSTRAINT "teams_display_name_check" CHECK (length("display_name") <= 255),
    CONSTRAINT "teams_id_check" CHECK (length("id") = 16),
    CONSTRAINT "teams_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "teams_name_check" CHECK (length("name") <= 100),
    CONSTRAINT "teams_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "teams_own_parent_check" CHECK (parent_team_id <> id),
    CONSTRAINT "teams_parent_team_id_check" CHECK (length("parent_team_id") = 16),
    CONSTRAINT "teams_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "teams_parent_team_id_fkey" FOREIGN KEY ("organization_id", "parent_team_id") REFERENCES "teams" ("organization_id", "id")
) STRICT;
CREATE INDEX "teams_is_active_deleted_at_idx" ON "teams" ("organization_id", "is_active", "deleted_at");
CREATE INDEX "teams_parent_team_id_idx" ON "teams" ("organization_id", "parent_team_id");
CREATE TRIGGER "teams_parent_team_id_fkey_set_null" AFTER DELETE ON "teams" FOR EACH ROW BEGIN UPDATE "teams" SET "parent_team_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "parent_team_id" = OLD."id"; END;

-- mainstay.team_members (identity)
-- A member of a team.
CREATE TABLE "team_members" (
    -- Identifier.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that it belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The member, by user.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- The team.
    "team_id" BLOB /* uuid */ NOT NULL,
    -- What the member does there.
    "role" TEXT NOT NULL DEFAULT 'MEMBER',
    -- When the member joined.
    "joined_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "team_members_user_id_team_id_key" UNIQUE ("organization_id", "user_id", "team_id"),
    CONSTRAINT "team_members_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "team_members_id_check" CHECK (length("id") = 16),
    CONSTRAINT "team_members_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "team_members_role_check" CHECK ("role" IN ('OWNER', 'MAINTAINER', 'MEMBER')),
    CONSTRAINT "team_members_team_id_check" CHECK (length("team_id") = 16),
    CONSTRAINT "team_members_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "team_members_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "team_members_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE,
    CONSTRAINT "team_members_team_id_fkey" FOREIGN KEY ("organization_id", "team_id") REFERENCES "teams" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "team_members_role_idx" ON "team_members" ("organization_id", "role");
CREATE INDEX "team_members_team_id_idx" ON "team_members" ("organization_id", "team_id");

-- mainstay.sessions (identity)
-- A person signed in at one device (S1-B40, S2-B3). Tokens are kept as hashes alone.
CREATE TABLE "sessions" (
    -- Identifies the session; named in access tokens.
    "id" BLOB /* uuid */ NOT NULL,
    -- The person.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the person chose; none when there was nothing to choose from.
    "organization_id" BLOB /* uuid */,
    -- SHA-256 of the access token issued last.
    "token_hash" BLOB,
    -- SHA-256 of the refresh token.
    "refresh_token_hash" BLOB NOT NULL,
    -- How often the refresh token was replaced.
    "refresh_generation" INTEGER NOT NULL DEFAULT 0,
    -- When it was replaced last.
    "refreshed_at" INTEGER /* timestamptz */,
    -- How strongly the person has proved who they are.
    "assurance_level" TEXT NOT NULL DEFAULT 'aal1',
    -- By which methods and when, as the claim `amr` of access tokens says it.
    "methods" TEXT /* jsonb */ NOT NULL DEFAULT '[]',
    -- Where the person signed in from.
    "ip_address" TEXT /* inet */,
    -- The client's program.
    "user_agent" TEXT,
    -- The device, as the client names it.
    "device_id" TEXT,
    -- What the person calls the device.
    "device_name" TEXT,
    -- What kind of device: `web`, `mobile` or `api` (S2-B3).
    "device_type" TEXT,
    -- Roughly where the address is.
    "location" TEXT,
    -- The session ends then.
    "expires_at" INTEGER /* timestamptz */ NOT NULL,
    -- The refresh token ends then.
    "refresh_expires_at" INTEGER /* timestamptz */ NOT NULL,
    -- When it was last used.
    "last_activity_at" INTEGER /* timestamptz */ NOT NULL,
    -- Whether it may be used.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- When it was ended.
    "revoked_at" INTEGER /* timestamptz */,
    -- Why it was ended.
    "revoked_reason" TEXT,
    -- When it began.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "sessions_refresh_token_hash_key" UNIQUE ("refresh_token_hash"),
    CONSTRAINT "sessions_token_hash_key" UNIQUE ("token_hash"),
    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "sessions_assurance_level_check" CHECK ("assurance_level" IN ('aal1', 'aal2')),
    CONSTRAINT "sessions_device_id_check" CHECK (length("device_id") <= 255),
    CONSTRAINT "sessions_device_name_check" CHECK (length("device_name") <= 255),
    CONSTRAINT "sessions_device_type_check" CHECK (length("device_type") <= 50),
    CONSTRAINT "sessions_id_check" CHECK (length("id") = 16),
    CONSTRAINT "sessions_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "sessions_kind_of_device_check" CHECK (device_type in ('web', 'mobile', 'api')),
    CONSTRAINT "sessions_location_check" CHECK (length("location") <= 255),
    CONSTRAINT "sessions_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "sessions_refresh_generation_check" CHECK ("refresh_generation" >= 0),
    CONSTRAINT "sessions_revoked_reason_check" CHECK (length("revoked_reason") <= 255),
    CONSTRAINT "sessions_user_agent_check" CHECK (length("user_agent") <= 1000),
    CONSTRAINT "sessions_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "sessions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE SET NULL
) STRICT;
CREATE INDEX "sessions_user_id_is_active_idx" ON "sessions" ("user_id", "is_active");
CREATE INDEX "sessions_is_active_expires_at_idx" ON "sessions" ("is_active", "expires_at");
CREATE INDEX "sessions_expires_at_idx" ON "sessions" ("expires_at");
CREATE INDEX "sessions_organization_id_idx" ON "sessions" ("organization_id");

-- mainstay.sign_in_flows (identity)
-- A browser that was sent to a provider, until it has come back or its time has passed. It can be continued once, by the browser that began it.
CREATE TABLE "sign_in_flows" (
    -- Identifier.
    "id" BLOB /* uuid */ NOT NULL,
    -- Who adds the provider to their account; none when somebody signs in.
    "user_id" BLOB /* uuid */,
    -- The organisation that the person enters.
    "organization_id" BLOB /* uuid */,
    -- The provider's name.
    "provider" TEXT NOT NULL,
    -- SHA-256 of the state that the provider gives back.
    "state_hash" BLOB NOT NULL,
    -- Where the browser goes on, checked when the flow began.
    "redirect_to" TEXT NOT NULL,
    -- What whoever began it will prove to know (RFC 7636 §4.2), as `method:challenge`.
    "code_challenge" TEXT,
    -- What the provider said of the person, until that is used.
    "arrival" TEXT /* jsonb */,
    -- SHA-256 of the code by which whoever began it goes on.
    "code_hash" BLOB,
    -- The place that it began at, which its limit counts by: the address, or of IPv6 its network of 64 bits.
    "network" TEXT /* inet */,
    -- When the browser came back.
    "returned_at" INTEGER /* timestamptz */,
    -- When it was done with.
    "used_at" INTEGER /* timestamptz */,
    -- It can't be continued after this time.
    "expires_at" INTEGER /* timestamptz */ NOT NULL,
    -- When it began.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "sign_in_flows_code_hash_key" UNIQUE ("code_hash"),
    CONSTRAINT "sign_in_flows_state_hash_key" UNIQUE ("state_hash"),
    CONSTRAINT "sign_in_flows_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "sign_in_flows_code_challenge_check" CHECK (length("code_challenge") <= 200),
    CONSTRAINT "sign_in_flows_id_check" CHECK (length("id") = 16),
    CONSTRAINT "sign_in_flows_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "sign_in_flows_provider_check" CHECK (length("provider") <= 50),
    CONSTRAINT "sign_in_flows_redirect_to_check" CHECK (length("redirect_to") <= 2000),
    CONSTRAINT "sign_in_flows_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "sign_in_flows_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "sign_in_flows_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE CASCADE
) STRICT;
CREATE INDEX "sign_in_flows_network_created_at_idx" ON "sign_in_flows" ("network", "created_at");
CREATE INDEX "sign_in_flows_expires_at_idx" ON "sign_in_flows" ("expires_at");
CREATE INDEX "sign_in_flows_user_id_idx" ON "sign_in_flows" ("user_id");
CREATE INDEX "sign_in_flows_organization_id_idx" ON "sign_in_flows" ("organization_id");

-- mainstay.webauthn_challenges (identity)
-- A challenge that waits for its answer, for a few minutes and one attempt.
CREATE TABLE "webauthn_challenges" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The person; none for a sign-in, in which the authenticator says who it is.
    "user_id" BLOB /* uuid */,
    -- The session that alone may answer.
    "session_id" BLOB /* uuid */,
    -- The second factor that it is about.
    "factor_id" BLOB /* uuid */,
    -- What is asked for.
    "ceremony" TEXT NOT NULL,
    -- The challenge, and what the answer must hold.
    "state" BLOB NOT NULL,
    -- Where the request came from.
    "ip_address" TEXT /* inet */,
    -- It can't be answered after this time.
    "expires_at" INTEGER /* timestamptz */ NOT NULL,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "webauthn_challenges_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "webauthn_challenges_ceremony_check" CHECK ("ceremony" IN ('registration', 'authentication')),
    CONSTRAINT "webauthn_challenges_factor_id_check" CHECK (length("factor_id") = 16),
    CONSTRAINT "webauthn_challenges_id_check" CHECK (length("id") = 16),
    CONSTRAINT "webauthn_challenges_session_id_check" CHECK (length("session_id") = 16),
    CONSTRAINT "webauthn_challenges_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "webauthn_challenges_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "webauthn_challenges_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions" ("id") ON DELETE CASCADE,
    CONSTRAINT "webauthn_challenges_factor_id_fkey" FOREIGN KEY ("factor_id") REFERENCES "user_mfa_factors" ("id") ON DELETE CASCADE
) STRICT;
CREATE INDEX "webauthn_challenges_user_id_idx" ON "webauthn_challenges" ("user_id");
CREATE INDEX "webauthn_challenges_session_id_idx" ON "webauthn_challenges" ("session_id");
CREATE INDEX "webauthn_challenges_factor_id_idx" ON "webauthn_challenges" ("factor_id");
CREATE INDEX "webauthn_challenges_ip_address_idx" ON "webauthn_challenges" ("ip_address");
CREATE INDEX "webauthn_challenges_expires_at_idx" ON "webauthn_challenges" ("expires_at");

-- mainstay.api_keys (identity)
-- A key of a program, with what it may do (S1-B41, S2-B45).
CREATE TABLE "api_keys" (
    -- Identifies the key in audit events.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that it works in.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The member that it belongs to.
    "user_id" BLOB /* uuid */,
    -- The team that it belongs to.
    "team_id" BLOB /* uuid */,
    -- What it is for.
    "name" TEXT NOT NULL,
    -- SHA-256 of the key.
    "key_hash" BLOB NOT NULL,
    -- The key's first characters.
    "key_prefix" TEXT NOT NULL,
    -- What it may do, each `resource:action`.
    "scopes" TEXT /* text[] */ NOT NULL DEFAULT '[]',
    -- Whether they hold for a product's tables of the installation too. The operator gives it, no organisation.
    "installation" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Most requests an hour; none means no limit.
    "rate_limit_per_hour" INTEGER,
    -- The hour that requests were last taken for, of those that the limit allows.
    "limit_hour" INTEGER /* timestamptz */,
    -- Requests that servers have taken for it.
    "limit_taken" INTEGER NOT NULL DEFAULT 0,
    -- Addresses or networks that may use it; none means any.
    "allowed_ips" TEXT /* text[] */,
    -- Origins that may use it; none means any.
    "allowed_origins" TEXT /* text[] */,
    -- When it was last used.
    "last_used_at" INTEGER /* timestamptz */,
    -- From where.
    "last_used_ip" TEXT /* inet */,
    -- How often it was used.
    "usage_count" INTEGER NOT NULL DEFAULT 0,
    -- It ends then.
    "expires_at" INTEGER /* timestamptz */,
    -- Whether it may be used.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- When it was withdrawn.
    "revoked_at" INTEGER /* timestamptz */,
    -- Why it was withdrawn.
    "revoked_reason" TEXT,
    -- When it was made.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "api_keys_key_hash_key" UNIQUE ("organization_id", "key_hash"),
    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "api_keys_id_check" CHECK (length("id") = 16),
    CONSTRAINT "api_keys_installation_check" CHECK ("installation" IN (0, 1)),
    CONSTRAINT "api_keys_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "api_keys_key_prefix_check" CHECK (length("key_prefix") <= 40),
    CONSTRAINT "api_keys_limit_taken_check" CHECK ("limit_taken" >= 0),
    CONSTRAINT "api_keys_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "api_keys_one_owner_check" CHECK (user_id is null or team_id is null),
    CONSTRAINT "api_keys_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "api_keys_rate_limit_per_hour_check" CHECK ("rate_limit_per_hour" >= 1),
    CONSTRAINT "api_keys_revoked_reason_check" CHECK (length("revoked_reason") <= 255),
    CONSTRAINT "api_keys_team_id_check" CHECK (length("team_id") = 16),
    CONSTRAINT "api_keys_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "api_keys_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "api_keys_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE,
    CONSTRAINT "api_keys_team_id_fkey" FOREIGN KEY ("organization_id", "team_id") REFERENCES "teams" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "api_keys_user_id_idx" ON "api_keys" ("organization_id", "user_id");
CREATE INDEX "api_keys_team_id_idx" ON "api_keys" ("organization_id", "team_id");
CREATE INDEX "api_keys_key_prefix_idx" ON "api_keys" ("organization_id", "key_prefix");
CREATE INDEX "api_keys_is_active_expires_at_idx" ON "api_keys" ("organization_id", "is_active", "expires_at");

-- mainstay.invitations (identity)
-- An invitation of an address. It keeps a seat while it can be accepted (S2-B50).
CREATE TABLE "invitations" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The address that it was sent to, and that names the account of who accepts it.
    "email" TEXT NOT NULL,
    -- The role that it gives; none gives no permissions.
    "role_id" BLOB /* uuid */,
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- SHA-256 of the token that was sent last.
    "token_hash" BLOB NOT NULL,
    -- It can't be accepted after this time.
    "expires_at" INTEGER /* timestamptz */ NOT NULL,
    -- Where a browser goes on after the link.
    "redirect_to" TEXT,
    -- The member who invited.
    "invited_by" BLOB /* uuid */,
    -- The program that invited.
    "api_key_id" BLOB /* uuid */,
    -- How often it was sent.
    "sent_count" INTEGER NOT NULL DEFAULT 1,
    -- When it was sent last.
    "sent_at" INTEGER /* timestamptz */ NOT NULL,
    -- Who accepted it.
    "accepted_by" BLOB /* uuid */,
    -- When it was accepted.
    "accepted_at" INTEGER /* timestamptz */,
    -- When it was taken back.
    "revoked_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "invitations_token_hash_key" UNIQUE ("organization_id", "token_hash"),
    CONSTRAINT "invitations_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "invitations_accepted_by_check" CHECK (length("accepted_by") = 16),
    CONSTRAINT "invitations_api_key_id_check" CHECK (length("api_key_id") = 16),
    CONSTRAINT "invitations_email_check" CHECK (length("email") <= 320),
    CONSTRAINT "invitations_id_check" CHECK (length("id") = 16),
    CONSTRAINT "invitations_invited_by_check" CHECK (length("invited_by") = 16),
    CONSTRAINT "invitations_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "invitations_redirect_to_check" CHECK (length("redirect_to") <= 2000),
    CONSTRAINT "invitations_role_id_check" CHECK (length("role_id") = 16),
    CONSTRAINT "invitations_sent_count_check" CHECK ("sent_count" >= 1),
    CONSTRAINT "invitations_status_check" CHECK ("status" IN ('pending', 'accepted', 'revoked', 'expired')),
    CONSTRAINT "invitations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "invitations_role_id_fkey" FOREIGN KEY ("organization_id", "role_id") REFERENCES "roles" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "invitations_invited_by_fkey" FOREIGN KEY ("organization_id", "invited_by") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE,
    CONSTRAINT "invitations_api_key_id_fkey" FOREIGN KEY ("organization_id", "api_key_id") REFERENCES "api_keys" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "invitations_accepted_by_fkey" FOREIGN KEY ("organization_id", "accepted_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX "invitations_email_key" ON "invitations" ("organization_id", "email") WHERE status = 'pending';
CREATE INDEX "invitations_status_expires_at_idx" ON "invitations" ("organization_id", "status", "expires_at");
CREATE INDEX "invitations_role_id_idx" ON "invitations" ("organization_id", "role_id");
CREATE INDEX "invitations_invited_by_idx" ON "invitations" ("organization_id", "invited_by");
CREATE INDEX "invitations_api_key_id_idx" ON "invitations" ("organization_id", "api_key_id");
CREATE INDEX "invitations_accepted_by_idx" ON "invitations" ("organization_id", "accepted_by");
CREATE TRIGGER "invitations_status_life_cycle" BEFORE UPDATE OF "status" ON "invitations" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('accepted', 'revoked', 'expired') WHEN 'expired' THEN NEW."status" IN ('pending', 'revoked') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:invitations:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "invitations_accepted_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "invitations" SET "accepted_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "accepted_by" = OLD."user_id"; END;

-- mainstay.organization_domains (identity)
-- A domain that an organisation says is its own, shown by a record in it (S2-B50).
CREATE TABLE "organization_domains" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The domain, in lower case.
    "domain" TEXT NOT NULL,
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- What the TXT record must say.
    "challenge" TEXT NOT NULL,
    -- Whether people with an address of the domain may join by themselves.
    "members_join" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- The name of the role that they get then; none gives no permissions.
    "member_role" TEXT,
    -- When it was shown to be the organisation's.
    "verified_at" INTEGER /* timestamptz */,
    -- When its record was looked for last.
    "checked_at" INTEGER /* timestamptz */,
    -- When it is looked for next.
    "check_at" INTEGER /* timestamptz */ NOT NULL,
    -- How often it was not there since it was last found.
    "missed" INTEGER NOT NULL DEFAULT 0,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "organization_domains_domain_key" UNIQUE ("organization_id", "domain"),
    CONSTRAINT "organization_domains_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "organization_domains_challenge_check" CHECK (length("challenge") <= 100),
    CONSTRAINT "organization_domains_domain_check" CHECK (length("domain") <= 253),
    CONSTRAINT "organization_domains_id_check" CHECK (length("id") = 16),
    CONSTRAINT "organization_domains_member_role_check" CHECK (length("member_role") <= 100),
    CONSTRAINT "organization_domains_members_join_check" CHECK ("members_join" IN (0, 1)),
    CONSTRAINT "organization_domains_missed_check" CHECK ("missed" >= 0),
    CONSTRAINT "organization_domains_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "organization_domains_status_check" CHECK ("status" IN ('pending', 'verified', 'lapsed')),
    CONSTRAINT "organization_domains_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "organization_domains_check_at_idx" ON "organization_domains" ("organization_id", "check_at");
CREATE TRIGGER "organization_domains_status_life_cycle" BEFORE UPDATE OF "status" ON "organization_domains" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('verified') WHEN 'verified' THEN NEW."status" IN ('lapsed') WHEN 'lapsed' THEN NEW."status" IN ('verified') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:organization_domains:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.verified_domains (identity)
-- Whose a domain is: one organisation's of the whole installation.
CREATE TABLE "verified_domains" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The domain, in lower case.
    "domain" TEXT NOT NULL,
    -- The organisation.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "verified_domains_domain_key" UNIQUE ("domain"),
    CONSTRAINT "verified_domains_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "verified_domains_domain_check" CHECK (length("domain") <= 253),
    CONSTRAINT "verified_domains_id_check" CHECK (length("id") = 16),
    CONSTRAINT "verified_domains_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "verified_domains_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE CASCADE
) STRICT;
CREATE INDEX "verified_domains_organization_id_idx" ON "verified_domains" ("organization_id");

-- mainstay.policy_versions (identity)
-- Says when who may do what last changed in an organisation; servers watch it and forget what they have cached.
CREATE TABLE "policy_versions" (
    -- The organisation's own identifier: one row each.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation, or the nil identifier for the platform.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Differs after each change.
    "version" BLOB /* uuid */ NOT NULL,
    -- When it last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "policy_versions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "policy_versions_id_check" CHECK (length("id") = 16),
    CONSTRAINT "policy_versions_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "policy_versions_version_check" CHECK (length("version") = 16)
) STRICT, WITHOUT ROWID;
CREATE INDEX "policy_versions_updated_at_idx" ON "policy_versions" ("organization_id", "updated_at");

-- mainstay.vault_keys (identity)
-- A data key of an organisation, wrapped by the master key.
CREATE TABLE "vault_keys" (
    -- Identifies the row.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation, or the nil identifier for the platform.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What it is for.
    "purpose" TEXT NOT NULL,
    -- The person, for a subject's key.
    "subject_id" BLOB /* uuid */,
    -- The wrapped key; empty when it was destroyed.
    "wrapped" BLOB NOT NULL,
    -- When it was made.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it was destroyed, so that nothing that it sealed can be read again.
    "destroyed_at" INTEGER /* timestamptz */,
    CONSTRAINT "vault_keys_purpose_subject_id_key" UNIQUE ("organization_id", "purpose", "subject_id"),
    CONSTRAINT "vault_keys_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "vault_keys_id_check" CHECK (length("id") = 16),
    CONSTRAINT "vault_keys_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "vault_keys_purpose_check" CHECK ("purpose" IN ('tenant', 'subject', 'blind_index')),
    CONSTRAINT "vault_keys_subject_id_check" CHECK (length("subject_id") = 16)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX "vault_keys_purpose_subject_id_key" ON "vault_keys" ("organization_id", "purpose", coalesce("subject_id", 0)) WHERE "subject_id" IS NULL;

-- mainstay.audit_events (audit)
-- What happened: who did what to which record, when and how it ended.
CREATE TABLE "audit_events" (
    -- Identifier; tells when the event was recorded.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that it belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Who did it: a user, key or principal of another system; may be a pseudonym.
    "actor_id" TEXT,
    -- What was done, as `resource.verb` or in the sender's own words.
    "action" TEXT NOT NULL,
    -- The kind of record.
    "resource_type" TEXT,
    -- The record.
    "resource_id" TEXT,
    -- What the record is called.
    "resource_name" TEXT,
    -- How it ended.
    "status" TEXT NOT NULL DEFAULT 'success',
    -- What happened, in words; no personal data. Of an event classified PHI it is in `personal`.
    "description" TEXT,
    -- Why it failed.
    "error_message" TEXT,
    -- The changed fields before.
    "old_value" TEXT /* jsonb */,
    -- The changed fields after.
    "new_value" TEXT /* jsonb */,
    -- Where the request came from.
    "ip_address" TEXT /* inet */,
    -- The client.
    "user_agent" TEXT,
    -- The session.
    "session_id" TEXT,
    -- The request, as the log names it.
    "request_id" TEXT,
    -- What belongs together.
    "correlation_id" TEXT,
    -- By this key a repeated sending is recognised.
    "idempotency_key" TEXT,
    -- How confidential the event is: `public`, `internal`, `confidential`, `restricted` or `phi`. None is `internal`.
    "data_classification" TEXT,
    -- The policy by which it is kept.
    "retention_policy" TEXT,
    -- When the event may be removed, as its sender sees it (S4); retention policies decide.
    "ttl" INTEGER /* timestamptz */,
    -- The hash of the event's leaf in the ledger.
    "hash" BLOB,
    -- How the hash was made.
    "hash_algorithm" TEXT,
    -- When the event was moved to an archive.
    "archived_at" INTEGER /* timestamptz */,
    -- Version of the sender's event format.
    "event_version" TEXT NOT NULL DEFAULT '1.0',
    -- How long the work took, in milliseconds.
    "processing_latency_ms" INTEGER,
    -- Further facts; no personal data. Those of an event classified PHI are in `personal`.
    "details" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Whatever the sender keeps beside it.
    "metadata" TEXT /* jsonb */,
    -- Personal data, sealed with the subject's key: a document of its own and, each in its place, the fields that a preset or the classification PHI has moved here.
    "personal" BLOB,
    -- When it happened.
    "occurred_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it was recorded.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- The preset that the event keeps, by its name.
    "preset" TEXT,
    -- Whose personal data the event holds: a person's identifier or the pseudonym that stands for it. Without one the event's personal data is nobody else's.
    "subject_id" BLOB /* uuid */,
    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "audit_events_action_check" CHECK (length("action") <= 255),
    CONSTRAINT "audit_events_actor_id_check" CHECK (length("actor_id") <= 255),
    CONSTRAINT "audit_events_correlation_id_check" CHECK (length("correlation_id") <= 255),
    CONSTRAINT "audit_events_data_classification_check" CHECK (length("data_classification") <= 50),
    CONSTRAINT "audit_events_description_check" CHECK (length("description") <= 4000),
    CONSTRAINT "audit_events_error_message_check" CHECK (length("error_message") <= 4000),
    CONSTRAINT "audit_events_event_version_check" CHECK (length("event_version") <= 20),
    CONSTRAINT "audit_events_hash_algorithm_check" CHECK (length("hash_algorithm") <= 20),
    CONSTRAINT "audit_events_id_check" CHECK (length("id") = 16),
    CONSTRAINT "audit_events_idempotency_key_check" CHECK (length("idempotency_key") <= 255),
    CONSTRAINT "audit_events_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "audit_events_preset_check" CHECK (length("preset") <= 50),
    CONSTRAINT "audit_events_processing_latency_ms_check" CHECK ("processing_latency_ms" >= 0),
    CONSTRAINT "audit_events_request_id_check" CHECK (length("request_id") <= 255),
    CONSTRAINT "audit_events_resource_id_check" CHECK (length("resource_id") <= 255),
    CONSTRAINT "audit_events_resource_name_check" CHECK (length("resource_name") <= 255),
    CONSTRAINT "audit_events_resource_type_check" CHECK (length("resource_type") <= 255),
    CONSTRAINT "audit_events_retention_policy_check" CHECK (length("retention_policy") <= 100),
    CONSTRAINT "audit_events_session_id_check" CHECK (length("session_id") <= 255),
    CONSTRAINT "audit_events_status_check" CHECK ("status" IN ('success', 'failure', 'error')),
    CONSTRAINT "audit_events_subject_id_check" CHECK (length("subject_id") = 16),
    CONSTRAINT "audit_events_user_agent_check" CHECK (length("user_agent") <= 1000)
) STRICT;
CREATE UNIQUE INDEX "audit_events_idempotency_key_key" ON "audit_events" ("organization_id", "idempotency_key") WHERE idempotency_key is not null;
CREATE INDEX "audit_events_occurred_at_idx" ON "audit_events" ("organization_id", "occurred_at");
CREATE INDEX "audit_events_actor_id_occurred_at_idx" ON "audit_events" ("organization_id", "actor_id", "occurred_at");
CREATE INDEX "audit_events_action_occurred_at_idx" ON "audit_events" ("organization_id", "action", "occurred_at");
CREATE INDEX "audit_events_resource_type_resource_id_idx" ON "audit_events" ("organization_id", "resource_type", "resource_id");
CREATE INDEX "audit_events_correlation_id_idx" ON "audit_events" ("organization_id", "correlation_id") WHERE correlation_id is not null;
CREATE TABLE "audit_events_words" ( /* definition 1 */
    "organization_id" BLOB /* uuid */ NOT NULL,
    "field" INTEGER NOT NULL,
    "word" TEXT NOT NULL,
    "id" BLOB /* uuid */ NOT NULL,
    CONSTRAINT "audit_events_words_pkey" PRIMARY KEY ("organization_id", "field", "word", "id")
) STRICT, WITHOUT ROWID;
CREATE TRIGGER "audit_events_words_forget" AFTER DELETE ON "audit_events" FOR EACH ROW BEGIN DELETE FROM "audit_events_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."description"))); DELETE FROM "audit_events_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_json_words(OLD."details"))); END;
CREATE TRIGGER "audit_events_append_only_update" BEFORE UPDATE ON "audit_events" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:audit_events'); END;
CREATE TRIGGER "audit_events_append_only_delete" BEFORE DELETE ON "audit_events" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:audit_events'); END;
CREATE INDEX "audit_events_append_only_guard" ON "audit_events" ("organization_id") WHERE NOT ms_governed();

-- mainstay.audit_integrity_checks (audit)
-- A verification of an organisation's log (S4-B36, S4-B38).
CREATE TABLE "audit_integrity_checks" (
    -- Identifier.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation, or the nil identifier for the platform.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The first event that is not as it was recorded.
    "audit_event_id" BLOB /* uuid */,
    -- When.
    "verification_timestamp" INTEGER /* timestamptz */ NOT NULL,
    -- How it ended.
    "verification_status" TEXT NOT NULL,
    -- Algorithm, numbers, the checkpoint and, when there is one, the first fault.
    "verification_details" TEXT /* jsonb */ NOT NULL,
    -- Who verified.
    "verified_by" TEXT,
    -- The hash that was found, in hex.
    "hash_verified" TEXT,
    -- The hash that was expected, in hex.
    "expected_hash" TEXT,
    CONSTRAINT "audit_integrity_checks_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "audit_integrity_checks_audit_event_id_check" CHECK (length("audit_event_id") = 16),
    CONSTRAINT "audit_integrity_checks_expected_hash_check" CHECK (length("expected_hash") <= 64),
    CONSTRAINT "audit_integrity_checks_hash_verified_check" CHECK (length("hash_verified") <= 64),
    CONSTRAINT "audit_integrity_checks_id_check" CHECK (length("id") = 16),
    CONSTRAINT "audit_integrity_checks_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "audit_integrity_checks_verification_status_check" CHECK ("verification_status" IN ('success', 'failure', 'warning')),
    CONSTRAINT "audit_integrity_checks_verified_by_check" CHECK (length("verified_by") <= 255)
) STRICT;
CREATE INDEX "audit_integrity_checks_audit_event_id_idx" ON "audit_integrity_checks" ("organization_id", "audit_event_id");
CREATE INDEX "audit_integrity_checks_verification_timestamp_idx" ON "audit_integrity_checks" ("organization_id", "verification_timestamp");
CREATE INDEX "audit_integrity_checks_verification_status_idx" ON "audit_integrity_checks" ("organization_id", "verification_status");
CREATE INDEX "audit_integrity_checks_verified_by_idx" ON "audit_integrity_checks" ("organization_id", "verified_by");
CREATE TRIGGER "audit_integrity_checks_append_only_update" BEFORE UPDATE ON "audit_integrity_checks" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:audit_integrity_checks'); END;
CREATE TRIGGER "audit_integrity_checks_append_only_delete" BEFORE DELETE ON "audit_integrity_checks" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:audit_integrity_checks'); END;
CREATE INDEX "audit_integrity_checks_append_only_guard" ON "audit_integrity_checks" ("organization_id") WHERE NOT ms_governed();

-- mainstay.audit_presets (audit)
-- A sort of events that an organisation defines: which fields they have and what must hold for them.
CREATE TABLE "audit_presets" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The name by which senders refer to it.
    "name" TEXT NOT NULL,
    -- Which fields events have: `required`, `optional` (of their contents no others), `personal` (sealed) and `subject` (which tells whose personal data it is). Fields are columns of `audit_events` or places in its documents, such as `details.patient.name`.
    "fields" TEXT /* jsonb */ NOT NULL,
    -- The rules that fields keep: for each field a JSON Schema.
    "validation" TEXT /* jsonb */ NOT NULL,
    -- What it is for.
    "description" TEXT,
    -- Whether it may be used.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- Who made it.
    "created_by" TEXT NOT NULL,
    -- Who changed it last.
    "updated_by" TEXT,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "audit_presets_name_key" UNIQUE ("organization_id", "name"),
    CONSTRAINT "audit_presets_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "audit_presets_created_by_check" CHECK (length("created_by") <= 255),
    CONSTRAINT "audit_presets_description_check" CHECK (length("description") <= 4000),
    CONSTRAINT "audit_presets_id_check" CHECK (length("id") = 16),
    CONSTRAINT "audit_presets_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "audit_presets_name_check" CHECK (length("name") <= 50),
    CONSTRAINT "audit_presets_name_given_check" CHECK (name <> ''),
    CONSTRAINT "audit_presets_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "audit_presets_updated_by_check" CHECK (length("updated_by") <= 255),
    CONSTRAINT "audit_presets_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "audit_presets_is_active_idx" ON "audit_presets" ("organization_id", "is_active");

-- mainstay.security_events (audit)
-- Something that concerns security, until somebody has seen it.
CREATE TABLE "security_events" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What happened.
    "event_type" TEXT NOT NULL,
    -- How much it matters.
    "severity" TEXT NOT NULL,
    -- Whom it is about.
    "user_id" BLOB /* uuid */,
    -- The address that was used.
    "email" TEXT,
    -- Where the request came from.
    "ip_address" TEXT /* inet */,
    -- The client's program.
    "user_agent" TEXT,
    -- Roughly where the address is.
    "location" TEXT,
    -- What happened, in words.
    "description" TEXT NOT NULL,
    -- Further facts.
    "metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Whether somebody has seen it.
    "acknowledged" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Who has seen it.
    "acknowledged_by" BLOB /* uuid */,
    -- When somebody has seen it.
    "acknowledged_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "security_events_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "security_events_acknowledged_by_check" CHECK (length("acknowledged_by") = 16),
    CONSTRAINT "security_events_acknowledged_check" CHECK ("acknowledged" IN (0, 1)),
    CONSTRAINT "security_events_description_check" CHECK (length("description") <= 4000),
    CONSTRAINT "security_events_email_check" CHECK (length("email") <= 255),
    CONSTRAINT "security_events_event_type_check" CHECK ("event_type" IN ('login_failed', 'login_success', 'brute_force_detected', 'session_revoked', 'password_changed', '2fa_enabled', '2fa_disabled', 'api_key_created', 'api_key_revoked', 'suspicious_activity', 'account_locked', 'audit_integrity_failed')),
    CONSTRAINT "security_events_id_check" CHECK (length("id") = 16),
    CONSTRAINT "security_events_location_check" CHECK (length("location") <= 255),
    CONSTRAINT "security_events_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "security_events_severity_check" CHECK ("severity" IN ('info', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT "security_events_user_agent_check" CHECK (length("user_agent") <= 1000),
    CONSTRAINT "security_events_user_id_check" CHECK (length("user_id") = 16)
) STRICT;
CREATE INDEX "security_events_event_type_idx" ON "security_events" ("organization_id", "event_type");
CREATE INDEX "security_events_severity_idx" ON "security_events" ("organization_id", "severity");
CREATE INDEX "security_events_user_id_idx" ON "security_events" ("organization_id", "user_id");
CREATE INDEX "security_events_email_idx" ON "security_events" ("organization_id", "email");
CREATE INDEX "security_events_ip_address_idx" ON "security_events" ("organization_id", "ip_address");
CREATE INDEX "security_events_created_at_idx" ON "security_events" ("organization_id", "created_at");

-- mainstay.data_changes (audit)
-- A change of one row of a table, kept 7 years (S3-B13, S3-B62). It says what became of data; who meant what is told by audit events.
CREATE TABLE "data_changes" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The table.
    "table_name" TEXT NOT NULL,
    -- The row.
    "record_id" TEXT NOT NULL,
    -- What was done to it.
    "change_type" TEXT NOT NULL,
    -- The changed fields before; no personal data.
    "old_values" TEXT /* jsonb */,
    -- The changed fields after; no personal data.
    "new_values" TEXT /* jsonb */,
    -- When.
    "changed_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Who did it: a user, key or job; may be a pseudonym.
    "changed_by" TEXT,
    CONSTRAINT "data_changes_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "data_changes_change_type_check" CHECK ("change_type" IN ('insert', 'update', 'delete')),
    CONSTRAINT "data_changes_changed_by_check" CHECK (length("changed_by") <= 255),
    CONSTRAINT "data_changes_id_check" CHECK (length("id") = 16),
    CONSTRAINT "data_changes_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "data_changes_record_id_check" CHECK (length("record_id") <= 255),
    CONSTRAINT "data_changes_table_name_check" CHECK (length("table_name") <= 255)
) STRICT;
CREATE INDEX "data_changes_table_name_record_id_idx" ON "data_changes" ("organization_id", "table_name", "record_id");
CREATE INDEX "data_changes_changed_by_changed_at_idx" ON "data_changes" ("organization_id", "changed_by", "changed_at");
CREATE INDEX "data_changes_changed_at_idx" ON "data_changes" ("organization_id", "changed_at");
CREATE TRIGGER "data_changes_append_only_update" BEFORE UPDATE ON "data_changes" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:data_changes'); END;
CREATE TRIGGER "data_changes_append_only_delete" BEFORE DELETE ON "data_changes" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:data_changes'); END;
CREATE INDEX "data_changes_append_only_guard" ON "data_changes" ("organization_id") WHERE NOT ms_governed();

-- mainstay.access_logs (audit)
-- A decision on access to something, kept 7 years (S3-B65).
CREATE TABLE "access_logs" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Who asked; none when nobody was signed in.
    "user_id" BLOB /* uuid */,
    -- What it was about.
    "resource" TEXT NOT NULL,
    -- What was to be done with it.
    "action" TEXT NOT NULL,
    -- How it was decided.
    "result" TEXT NOT NULL,
    -- When.
    "timestamp" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Why, and further facts; no personal data.
    "details" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    CONSTRAINT "access_logs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "access_logs_action_check" CHECK (length("action") <= 100),
    CONSTRAINT "access_logs_id_check" CHECK (length("id") = 16),
    CONSTRAINT "access_logs_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "access_logs_resource_check" CHECK (length("resource") <= 255),
    CONSTRAINT "access_logs_result_check" CHECK ("result" IN ('allowed', 'denied')),
    CONSTRAINT "access_logs_user_id_check" CHECK (length("user_id") = 16)
) STRICT;
CREATE INDEX "access_logs_user_id_timestamp_idx" ON "access_logs" ("organization_id", "user_id", "timestamp");
CREATE INDEX "access_logs_resource_timestamp_idx" ON "access_logs" ("organization_id", "resource", "timestamp");
CREATE INDEX "access_logs_result_timestamp_idx" ON "access_logs" ("organization_id", "result", "timestamp");
CREATE INDEX "access_logs_timestamp_idx" ON "access_logs" ("organization_id", "timestamp");
CREATE TRIGGER "access_logs_append_only_update" BEFORE UPDATE ON "access_logs" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:access_logs'); END;
CREATE TRIGGER "access_logs_append_only_delete" BEFORE DELETE ON "access_logs" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:access_logs'); END;
CREATE INDEX "access_logs_append_only_guard" ON "access_logs" ("organization_id") WHERE NOT ms_governed();

-- mainstay.pci_access_logs (audit)
-- An access to data of a payment card (S0-B54, S0-B59). Of its number the last four digits are kept, which PCI DSS allows.
CREATE TABLE "pci_access_logs" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Who looked.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- What was done.
    "action" TEXT NOT NULL,
    -- The last four digits of the card's number.
    "card_last_4" TEXT,
    -- When.
    "accessed_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Where the request came from.
    "ip_address" BLOB,
    -- Keyed hash of ip_address, by which equal values are found.
    "ip_address_blind" BLOB,
    CONSTRAINT "pci_access_logs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "pci_access_logs_action_check" CHECK (length("action") <= 100),
    CONSTRAINT "pci_access_logs_card_last_4_check" CHECK (length("card_last_4") <= 4),
    CONSTRAINT "pci_access_logs_four_digits_check" CHECK (length(card_last_4) = 4 and ltrim(card_last_4, '0123456789') = ''),
    CONSTRAINT "pci_access_logs_id_check" CHECK (length("id") = 16),
    CONSTRAINT "pci_access_logs_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "pci_access_logs_user_id_check" CHECK (length("user_id") = 16)
) STRICT;
CREATE INDEX "pci_access_logs_user_id_accessed_at_idx" ON "pci_access_logs" ("organization_id", "user_id", "accessed_at");
CREATE INDEX "pci_access_logs_accessed_at_idx" ON "pci_access_logs" ("organization_id", "accessed_at");
CREATE INDEX "pci_access_logs_ip_address_blind_idx" ON "pci_access_logs" ("organization_id", "ip_address_blind");
CREATE TRIGGER "pci_access_logs_append_only_update" BEFORE UPDATE ON "pci_access_logs" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:pci_access_logs'); END;
CREATE TRIGGER "pci_access_logs_append_only_delete" BEFORE DELETE ON "pci_access_logs" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:pci_access_logs'); END;
CREATE INDEX "pci_access_logs_append_only_guard" ON "pci_access_logs" ("organization_id") WHERE NOT ms_governed();

-- mainstay.transaction_logs (audit)
-- A transaction with an asset, kept 10 years (S3-B64, S3-B68).
CREATE TABLE "transaction_logs" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The asset; the row outlasts it.
    "asset_id" BLOB /* uuid */,
    -- Who made it.
    "user_id" BLOB /* uuid */,
    -- What kind of transaction it is, such as `mint`, `transfer` or `burn`.
    "transaction_type" TEXT NOT NULL,
    -- How much, in the asset's smallest unit.
    "amount" TEXT /* numeric(78,0) */,
    -- When.
    "timestamp" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- The transaction's hash on the chain.
    "blockchain_hash" TEXT,
    CONSTRAINT "transaction_logs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "transaction_logs_amount_check" CHECK (length("amount") = 78),
    CONSTRAINT "transaction_logs_asset_id_check" CHECK (length("asset_id") = 16),
    CONSTRAINT "transaction_logs_blockchain_hash_check" CHECK (length("blockchain_hash") <= 100),
    CONSTRAINT "transaction_logs_id_check" CHECK (length("id") = 16),
    CONSTRAINT "transaction_logs_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "transaction_logs_transaction_type_check" CHECK (length("transaction_type") <= 50),
    CONSTRAINT "transaction_logs_user_id_check" CHECK (length("user_id") = 16)
) STRICT;
CREATE INDEX "transaction_logs_asset_id_timestamp_idx" ON "transaction_logs" ("organization_id", "asset_id", "timestamp");
CREATE INDEX "transaction_logs_user_id_timestamp_idx" ON "transaction_logs" ("organization_id", "user_id", "timestamp");
CREATE INDEX "transaction_logs_blockchain_hash_idx" ON "transaction_logs" ("organization_id", "blockchain_hash");
CREATE INDEX "transaction_logs_timestamp_idx" ON "transaction_logs" ("organization_id", "timestamp");
CREATE TRIGGER "transaction_logs_append_only_update" BEFORE UPDATE ON "transaction_logs" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:transaction_logs'); END;
CREATE TRIGGER "transaction_logs_append_only_delete" BEFORE DELETE ON "transaction_logs" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:transaction_logs'); END;
CREATE INDEX "transaction_logs_append_only_guard" ON "transaction_logs" ("organization_id") WHERE NOT ms_governed();

-- mainstay.compliance_check_logs (audit)
-- A check of the rules for an asset or person, kept 10 years (S3-B69).
CREATE TABLE "compliance_check_logs" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The asset; the row outlasts it.
    "asset_id" BLOB /* uuid */,
    -- Whom it was made for.
    "user_id" BLOB /* uuid */,
    -- What was checked, such as `kyc`, `sanctions` or `transfer_limit`.
    "compliance_check" TEXT NOT NULL,
    -- How it ended.
    "result" TEXT NOT NULL,
    -- What was found; no personal data.
    "details" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When.
    "timestamp" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "compliance_check_logs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_check_logs_asset_id_check" CHECK (length("asset_id") = 16),
    CONSTRAINT "compliance_check_logs_compliance_check_check" CHECK (length("compliance_check") <= 100),
    CONSTRAINT "compliance_check_logs_id_check" CHECK (length("id") = 16),
    CONSTRAINT "compliance_check_logs_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "compliance_check_logs_result_check" CHECK ("result" IN ('passed', 'failed', 'review')),
    CONSTRAINT "compliance_check_logs_user_id_check" CHECK (length("user_id") = 16)
) STRICT;
CREATE INDEX "compliance_check_logs_asset_id_timestamp_idx" ON "compliance_check_logs" ("organization_id", "asset_id", "timestamp");
CREATE INDEX "compliance_check_logs_user_id_timestamp_idx" ON "compliance_check_logs" ("organization_id", "user_id", "timestamp");
CREATE INDEX "compliance_check_logs_result_timestamp_idx" ON "compliance_check_logs" ("organization_id", "result", "timestamp");
CREATE INDEX "compliance_check_logs_timestamp_idx" ON "compliance_check_logs" ("organization_id", "timestamp");
CREATE TRIGGER "compliance_check_logs_append_only_update" BEFORE UPDATE ON "compliance_check_logs" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:compliance_check_logs'); END;
CREATE TRIGGER "compliance_check_logs_append_only_delete" BEFORE DELETE ON "compliance_check_logs" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:compliance_check_logs'); END;
CREATE INDEX "compliance_check_logs_append_only_guard" ON "compliance_check_logs" ("organization_id") WHERE NOT ms_governed();

-- mainstay.idempotency_keys (audit)
-- The answer to a request that its client may send again (`Idempotency-Key`); written in the request's own transaction, so that there are both or neither.
CREATE TABLE "idempotency_keys" (
    -- From a hash of the caller and the key that the client chose.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation, or the nil identifier of callers who are in none.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- SHA-256 of the request: its method, target, headers that matter, and body.
    "request_hash" BLOB NOT NULL,
    -- Status, headers and body of the answer, as JSON.
    "answer" BLOB,
    -- When the request was answered.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- From when on the key may be used for another request.
    "expires_at" INTEGER /* timestamptz */ NOT NULL,
    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "idempotency_keys_id_check" CHECK (length("id") = 16),
    CONSTRAINT "idempotency_keys_organization_id_check" CHECK (length("organization_id") = 16)
) STRICT, WITHOUT ROWID;
CREATE INDEX "idempotency_keys_expires_at_idx" ON "idempotency_keys" ("organization_id", "expires_at");

-- mainstay.ledger_pending (audit)
-- An event whose leaf is not in its organisation's log yet; written with the event and removed when the log has grown by it.
CREATE TABLE "ledger_pending" (
    -- Grows with every event of a server, so that rows are appended; says nothing else.
    "number" INTEGER NOT NULL,
    -- The organisation.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The exact bytes of the leaf.
    "leaf" BLOB NOT NULL,
    -- HMAC-SHA256 of the leaf under a key of the installation: who has the database alone can't bring events into a log.
    "mac" BLOB NOT NULL,
    CONSTRAINT "ledger_pending_pkey" PRIMARY KEY ("number"),
    CONSTRAINT "ledger_pending_organization_id_check" CHECK (length("organization_id") = 16)
) STRICT;

-- mainstay.ledger_heads (audit)
-- The state of an organisation's log.
CREATE TABLE "ledger_heads" (
    -- The organisation's own identifier: one row each.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation, or the nil identifier for the platform.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The log's identity, fixed when it began.
    "origin" TEXT NOT NULL,
    -- The public key that checkpoints are verified with, as a signed note's verifier key.
    "verifier_key" TEXT NOT NULL,
    -- How many leaves the log has.
    "size" INTEGER NOT NULL,
    -- The root of the tree (RFC 6962 §2.1).
    "root" BLOB NOT NULL,
    -- The signed checkpoint.
    "checkpoint" TEXT NOT NULL,
    -- The size of the last checkpoint that the platform's log holds.
    "anchored_size" INTEGER NOT NULL DEFAULT 0,
    -- How many leaves, from the first, have their words in full-text search.
    "searched_size" INTEGER NOT NULL DEFAULT 0,
    -- When the log last grew.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "ledger_heads_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "ledger_heads_checkpoint_check" CHECK (length("checkpoint") <= 100000),
    CONSTRAINT "ledger_heads_id_check" CHECK (length("id") = 16),
    CONSTRAINT "ledger_heads_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "ledger_heads_origin_check" CHECK (length("origin") <= 500),
    CONSTRAINT "ledger_heads_verifier_key_check" CHECK (length("verifier_key") <= 1000)
) STRICT, WITHOUT ROWID;

-- mainstay.ledger_tiles (audit)
-- A tile of a log: hashes of the tree, or leaves.
CREATE TABLE "ledger_tiles" (
    -- The organisation.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The level of hashes from 0 up, as C2SP tlog-tiles count them; -1 for leaves.
    "level" INTEGER NOT NULL,
    -- The place of a tile of hashes in its level; of leaves the index of the first.
    "number" INTEGER NOT NULL,
    -- At most 256 hashes, or leaves as an entry bundle.
    "bytes" BLOB NOT NULL,
    CONSTRAINT "ledger_tiles_pkey" PRIMARY KEY ("organization_id", "level", "number"),
    CONSTRAINT "ledger_tiles_organization_id_check" CHECK (length("organization_id") = 16)
) STRICT, WITHOUT ROWID;

-- mainstay.ledger_entries (audit)
-- A run of consecutive leaves that was written at once, with the identifiers between which those of its events are: the way from an event to its place in the log.
CREATE TABLE "ledger_entries" (
    -- The organisation.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The index of the first leaf.
    "first_index" INTEGER NOT NULL,
    -- How many leaves there are, at most 256; runs never cross a multiple of it.
    "leaves" INTEGER NOT NULL,
    -- The smallest identifier of an event.
    "first_id" BLOB /* uuid */ NOT NULL,
    -- The largest identifier of an event.
    "last_id" BLOB /* uuid */ NOT NULL,
    CONSTRAINT "ledger_entries_pkey" PRIMARY KEY ("organization_id", "first_index"),
    CONSTRAINT "ledger_entries_first_id_check" CHECK (length("first_id") = 16),
    CONSTRAINT "ledger_entries_last_id_check" CHECK (length("last_id") = 16),
    CONSTRAINT "ledger_entries_organization_id_check" CHECK (length("organization_id") = 16)
) STRICT, WITHOUT ROWID;
CREATE INDEX "ledger_entries_last_id_idx" ON "ledger_entries" ("organization_id", "last_id");

-- mainstay.ledger_leases (audit)
-- Which server makes the logs grow. It saves others the work; that a log never forks is kept by its head alone.
CREATE TABLE "ledger_leases" (
    -- The nil identifier: there is one row.
    "id" BLOB /* uuid */ NOT NULL,
    -- The server.
    "leased_by" TEXT NOT NULL,
    -- Until when no other takes over.
    "leased_until" INTEGER /* timestamptz */ NOT NULL,
    CONSTRAINT "ledger_leases_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "ledger_leases_id_check" CHECK (length("id") = 16),
    CONSTRAINT "ledger_leases_leased_by_check" CHECK (length("leased_by") <= 255)
) STRICT;

-- mainstay.ledger_cosignatures (audit)
-- What a witness last said of a log: its newest cosignature, and why it gives no more.
CREATE TABLE "ledger_cosignatures" (
    -- The log: an organisation, or the nil identifier for the platform.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The witness's public key, as a signed note's verifier key.
    "witness" TEXT NOT NULL,
    -- How many leaves the checkpoint has that it cosigned last; 0 for none.
    "size" INTEGER NOT NULL,
    -- That checkpoint with the cosignature, as a signed note.
    "checkpoint" TEXT,
    -- When it cosigned.
    "cosigned_at" INTEGER /* timestamptz */,
    -- Why it refused the log when it was last asked; none when it did not.
    "refusal" TEXT,
    -- How many leaves the checkpoint has that it knows and the log does not continue.
    "refused_size" INTEGER,
    -- Since when it refuses.
    "refused_at" INTEGER /* timestamptz */,
    CONSTRAINT "ledger_cosignatures_pkey" PRIMARY KEY ("organization_id", "witness"),
    CONSTRAINT "ledger_cosignatures_checkpoint_check" CHECK (length("checkpoint") <= 100000),
    CONSTRAINT "ledger_cosignatures_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "ledger_cosignatures_refusal_check" CHECK (length("refusal") <= 1000),
    CONSTRAINT "ledger_cosignatures_witness_check" CHECK (length("witness") <= 500)
) STRICT, WITHOUT ROWID;

-- mainstay.ledger_statements (audit)
-- A signed statement of a log that stands in it as a leaf, so that it is found without reading the log. Nothing relies on the row: the note is verified.
CREATE TABLE "ledger_statements" (
    -- The organisation.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The index of the leaf that holds the statement.
    "leaf_index" INTEGER NOT NULL,
    -- What it says.
    "kind" TEXT NOT NULL,
    -- The index of the first leaf that it is about.
    "first_index" INTEGER NOT NULL,
    -- The index after the last.
    "end_index" INTEGER NOT NULL,
    -- The retention policy, by its name.
    "policy" TEXT,
    -- Why, in words.
    "reason" TEXT NOT NULL,
    -- The signed note.
    "note" TEXT NOT NULL,
    -- When it was stated.
    "stated_at" INTEGER /* timestamptz */ NOT NULL,
    CONSTRAINT "ledger_statements_pkey" PRIMARY KEY ("organization_id", "leaf_index"),
    CONSTRAINT "ledger_statements_kind_check" CHECK ("kind" IN ('tombstone', 'reanchor')),
    CONSTRAINT "ledger_statements_note_check" CHECK (length("note") <= 100000),
    CONSTRAINT "ledger_statements_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "ledger_statements_policy_check" CHECK (length("policy") <= 1000),
    CONSTRAINT "ledger_statements_reason_check" CHECK (length("reason") <= 1000)
) STRICT, WITHOUT ROWID;

-- mainstay.system_settings (governance)
-- A named value that an organisation sets, in a namespace such as `system` or `compliance`.
CREATE TABLE "system_settings" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What the setting belongs to.
    "namespace" TEXT NOT NULL DEFAULT 'system',
    -- The name of the setting, unique in its namespace.
    "key" TEXT NOT NULL,
    -- The value.
    "value" TEXT /* jsonb */ NOT NULL,
    -- What kind of value it is.
    "value_type" TEXT NOT NULL DEFAULT 'string',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "system_settings_namespace_key_key" UNIQUE ("organization_id", "namespace", "key"),
    CONSTRAINT "system_settings_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "system_settings_id_check" CHECK (length("id") = 16),
    CONSTRAINT "system_settings_key_check" CHECK (length("key") <= 255),
    CONSTRAINT "system_settings_key_given_check" CHECK (key <> ''),
    CONSTRAINT "system_settings_namespace_check" CHECK (length("namespace") <= 100),
    CONSTRAINT "system_settings_namespace_given_check" CHECK (namespace <> ''),
    CONSTRAINT "system_settings_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "system_settings_value_type_check" CHECK ("value_type" IN ('string', 'number', 'boolean', 'json')),
    CONSTRAINT "system_settings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;

-- mainstay.feature_flags (governance)
-- A feature that an organisation has switched on or off (S3-B79).
CREATE TABLE "feature_flags" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The name by which programs ask for it.
    "feature" TEXT NOT NULL,
    -- Whether it is on.
    "enabled" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- For whom it is on; none means for everyone.
    "conditions" TEXT /* jsonb */,
    -- What it switches.
    "description" TEXT,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "feature_flags_feature_key" UNIQUE ("organization_id", "feature"),
    CONSTRAINT "feature_flags_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "feature_flags_description_check" CHECK (length("description") <= 2000),
    CONSTRAINT "feature_flags_enabled_check" CHECK ("enabled" IN (0, 1)),
    CONSTRAINT "feature_flags_feature_check" CHECK (length("feature") <= 100),
    CONSTRAINT "feature_flags_feature_given_check" CHECK (feature <> ''),
    CONSTRAINT "feature_flags_id_check" CHECK (length("id") = 16),
    CONSTRAINT "feature_flags_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "feature_flags_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;

-- mainstay.tenant_data (governance)
-- A document of an organisation, of any shape (S1-B64).
CREATE TABLE "tenant_data" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The document.
    "data" TEXT /* jsonb */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "tenant_data_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "tenant_data_id_check" CHECK (length("id") = 16),
    CONSTRAINT "tenant_data_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "tenant_data_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;

-- mainstay.data_classifications (governance)
-- How confidential a column is and how it is treated (S1-B76..B79). What the declarations say holds where an organisation has no row.
CREATE TABLE "data_classifications" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The table.
    "table_name" TEXT NOT NULL,
    -- The column; `*` is every one that has no row of its own.
    "column_name" TEXT NOT NULL DEFAULT '*',
    -- How confidential it is.
    "classification" TEXT NOT NULL,
    -- Whether it tells something of a person.
    "contains_pii" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Whether it tells something of a person's health.
    "contains_phi" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Whether it must be encrypted at rest.
    "encryption_required" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Days that values are kept; none means that the retention policies decide.
    "retention_days" INTEGER,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "data_classifications_table_name_column_name_key" UNIQUE ("organization_id", "table_name", "column_name"),
    CONSTRAINT "data_classifications_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "data_classifications_classification_check" CHECK ("classification" IN ('public', 'internal', 'confidential', 'restricted', 'phi')),
    CONSTRAINT "data_classifications_column_given_check" CHECK (column_name <> ''),
    CONSTRAINT "data_classifications_column_name_check" CHECK (length("column_name") <= 255),
    CONSTRAINT "data_classifications_contains_phi_check" CHECK ("contains_phi" IN (0, 1)),
    CONSTRAINT "data_classifications_contains_pii_check" CHECK ("contains_pii" IN (0, 1)),
    CONSTRAINT "data_classifications_encryption_required_check" CHECK ("encryption_required" IN (0, 1)),
    CONSTRAINT "data_classifications_id_check" CHECK (length("id") = 16),
    CONSTRAINT "data_classifications_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "data_classifications_phi_is_phi_check" CHECK (classification <> 'phi' or contains_phi),
    CONSTRAINT "data_classifications_retention_days_check" CHECK ("retention_days" >= 1),
    CONSTRAINT "data_classifications_table_given_check" CHECK (table_name <> ''),
    CONSTRAINT "data_classifications_table_name_check" CHECK (length("table_name") <= 255),
    CONSTRAINT "data_classifications_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT, WITHOUT ROWID;

-- mainstay.retention_policies (governance)
-- How long data of one classification is kept and when it is archived (S4-B28..B33).
CREATE TABLE "retention_policies" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The name by which audit events refer to it.
    "name" TEXT NOT NULL,
    -- The classification that it applies to.
    "data_classification" TEXT NOT NULL,
    -- The table that it is for; none means audit events.
    "table_name" TEXT,
    -- Days that rows are kept; none means for ever (S3-B55).
    "retention_days" INTEGER,
    -- Days after which rows are moved to an archive; none means never.
    "archive_after_days" INTEGER,
    -- What it is for, and which law asks for it.
    "description" TEXT,
    -- Whether it is applied.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- Who made it.
    "created_by" TEXT NOT NULL,
    -- Who changed it last.
    "updated_by" TEXT,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "retention_policies_name_key" UNIQUE ("organization_id", "name"),
    CONSTRAINT "retention_policies_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "retention_policies_archive_after_days_check" CHECK ("archive_after_days" >= 0),
    CONSTRAINT "retention_policies_archived_before_removal_check" CHECK (archive_after_days <= retention_days),
    CONSTRAINT "retention_policies_created_by_check" CHECK (length("created_by") <= 255),
    CONSTRAINT "retention_policies_data_classification_check" CHECK ("data_classification" IN ('public', 'internal', 'confidential', 'restricted', 'phi')),
    CONSTRAINT "retention_policies_description_check" CHECK (length("description") <= 4000),
    CONSTRAINT "retention_policies_id_check" CHECK (length("id") = 16),
    CONSTRAINT "retention_policies_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "retention_policies_name_check" CHECK (length("name") <= 50),
    CONSTRAINT "retention_policies_name_given_check" CHECK (name <> ''),
    CONSTRAINT "retention_policies_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "retention_policies_retention_days_check" CHECK ("retention_days" >= 1),
    CONSTRAINT "retention_policies_table_name_check" CHECK (length("table_name") <= 255),
    CONSTRAINT "retention_policies_updated_by_check" CHECK (length("updated_by") <= 255),
    CONSTRAINT "retention_policies_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "retention_policies_data_classification_idx" ON "retention_policies" ("organization_id", "data_classification");
CREATE INDEX "retention_policies_is_active_idx" ON "retention_policies" ("organization_id", "is_active");

-- mainstay.privacy_requests (governance)
-- What a person asked for about the data held of them, and what came of it (S1-B54).
CREATE TABLE "privacy_requests" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Whose data it is about.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- What is asked for.
    "request_type" TEXT NOT NULL,
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- When it was made.
    "requested_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Who made it, when it was somebody else for the person.
    "requested_by" BLOB /* uuid */,
    -- When somebody began to work on it.
    "processed_at" INTEGER /* timestamptz */,
    -- Who works on it.
    "processed_by" BLOB /* uuid */,
    -- When it was completed.
    "completed_at" INTEGER /* timestamptz */,
    -- The sorts of data that it is about; none means all.
    "data_categories" TEXT /* text[] */,
    -- The systems that it concerns.
    "systems_affected" TEXT /* text[] */,
    -- What came of it: counts, places, reasons.
    "result" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "privacy_requests_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "privacy_requests_completed_after_request_check" CHECK (completed_at >= requested_at),
    CONSTRAINT "privacy_requests_id_check" CHECK (length("id") = 16),
    CONSTRAINT "privacy_requests_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "privacy_requests_processed_by_check" CHECK (length("processed_by") = 16),
    CONSTRAINT "privacy_requests_request_type_check" CHECK ("request_type" IN ('access', 'deletion', 'portability', 'rectification', 'restriction')),
    CONSTRAINT "privacy_requests_requested_by_check" CHECK (length("requested_by") = 16),
    CONSTRAINT "privacy_requests_status_check" CHECK ("status" IN ('pending', 'in_progress', 'completed', 'rejected')),
    CONSTRAINT "privacy_requests_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "privacy_requests_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "privacy_requests_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id"),
    CONSTRAINT "privacy_requests_requested_by_fkey" FOREIGN KEY ("organization_id", "requested_by") REFERENCES "organization_members" ("organization_id", "user_id"),
    CONSTRAINT "privacy_requests_processed_by_fkey" FOREIGN KEY ("organization_id", "processed_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "privacy_requests_user_id_idx" ON "privacy_requests" ("organization_id", "user_id");
CREATE INDEX "privacy_requests_request_type_idx" ON "privacy_requests" ("organization_id", "request_type");
CREATE INDEX "privacy_requests_status_idx" ON "privacy_requests" ("organization_id", "status");
CREATE INDEX "privacy_requests_requested_at_idx" ON "privacy_requests" ("organization_id", "requested_at" DESC);
CREATE INDEX "privacy_requests_requested_by_idx" ON "privacy_requests" ("organization_id", "requested_by");
CREATE INDEX "privacy_requests_processed_by_idx" ON "privacy_requests" ("organization_id", "processed_by");
CREATE TRIGGER "privacy_requests_status_life_cycle" BEFORE UPDATE OF "status" ON "privacy_requests" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('in_progress') WHEN 'in_progress' THEN NEW."status" IN ('completed', 'rejected') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:privacy_requests:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.pseudonym_mappings (governance)
-- A pseudonym and the identifier that it stands for, which those with the permission can read (S4-B43..B45).
CREATE TABLE "pseudonym_mappings" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- When the pseudonym was given.
    "timestamp" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- The pseudonym.
    "pseudonym_id" TEXT NOT NULL,
    -- The identifier that it stands for.
    "original_id" BLOB NOT NULL,
    -- How the pseudonym was made.
    "strategy" TEXT NOT NULL,
    -- The person, when it is a user: with the person's key goes the way back.
    "user_id" BLOB /* uuid */,
    -- Keyed hash of original_id, by which equal values are found.
    "original_id_blind" BLOB,
    CONSTRAINT "pseudonym_mappings_original_id_blind_key" UNIQUE ("organization_id", "original_id_blind"),
    CONSTRAINT "pseudonym_mappings_pseudonym_id_key" UNIQUE ("organization_id", "pseudonym_id"),
    CONSTRAINT "pseudonym_mappings_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "pseudonym_mappings_id_check" CHECK (length("id") = 16),
    CONSTRAINT "pseudonym_mappings_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "pseudonym_mappings_pseudonym_given_check" CHECK (pseudonym_id <> ''),
    CONSTRAINT "pseudonym_mappings_pseudonym_id_check" CHECK (length("pseudonym_id") <= 255),
    CONSTRAINT "pseudonym_mappings_strategy_check" CHECK ("strategy" IN ('hash', 'token', 'encryption')),
    CONSTRAINT "pseudonym_mappings_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "pseudonym_mappings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "pseudonym_mappings_timestamp_idx" ON "pseudonym_mappings" ("organization_id", "timestamp");
CREATE INDEX "pseudonym_mappings_strategy_idx" ON "pseudonym_mappings" ("organization_id", "strategy");
CREATE INDEX "pseudonym_mappings_original_id_blind_idx" ON "pseudonym_mappings" ("organization_id", "original_id_blind");

-- mainstay.backup_validations (governance)
-- The validation of a backup that an organisation relies on: evidence for its auditors (S1-B83).
CREATE TABLE "backup_validations" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The day of the backup.
    "backup_date" TEXT /* date */ NOT NULL,
    -- What the backup holds.
    "backup_type" TEXT NOT NULL DEFAULT 'full',
    -- How the validation ended.
    "validation_status" TEXT NOT NULL DEFAULT 'pending',
    -- When it ended.
    "validated_at" INTEGER /* timestamptz */,
    -- What was looked at and found.
    "validation_details" TEXT /* jsonb */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "backup_validations_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "backup_validations_backup_type_check" CHECK ("backup_type" IN ('full', 'incremental', 'wal')),
    CONSTRAINT "backup_validations_id_check" CHECK (length("id") = 16),
    CONSTRAINT "backup_validations_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "backup_validations_validation_status_check" CHECK ("validation_status" IN ('pending', 'passed', 'failed')),
    CONSTRAINT "backup_validations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "backup_validations_backup_date_idx" ON "backup_validations" ("organization_id", "backup_date" DESC);
CREATE TRIGGER "backup_validations_validation_status_life_cycle" BEFORE UPDATE OF "validation_status" ON "backup_validations" FOR EACH ROW WHEN OLD."validation_status" IS DISTINCT FROM NEW."validation_status" AND NOT coalesce(CASE OLD."validation_status" WHEN 'pending' THEN NEW."validation_status" IN ('passed', 'failed') ELSE OLD."validation_status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:backup_validations:validation_status:' || OLD."validation_status" || ':' || coalesce(NEW."validation_status", '')); END;

-- mainstay.recovery_tests (governance)
-- A test of recovery: how long it took and how much was lost, beside the targets (S1-B55).
CREATE TABLE "recovery_tests" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The day of the test.
    "test_date" TEXT /* date */ NOT NULL,
    -- What was restored.
    "recovery_type" TEXT NOT NULL DEFAULT 'full',
    -- Most time that recovery may take, in minutes.
    "rto_target" INTEGER,
    -- Time that it took, in minutes.
    "rto_actual" INTEGER,
    -- Most time whose changes may be lost, in minutes.
    "rpo_target" INTEGER,
    -- Time whose changes were lost, in minutes.
    "rpo_actual" INTEGER,
    -- How it ended; none until then.
    "test_result" TEXT,
    -- What was learned.
    "notes" TEXT,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "recovery_tests_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "recovery_tests_id_check" CHECK (length("id") = 16),
    CONSTRAINT "recovery_tests_notes_check" CHECK (length("notes") <= 4000),
    CONSTRAINT "recovery_tests_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "recovery_tests_recovery_type_check" CHECK ("recovery_type" IN ('full', 'pitr')),
    CONSTRAINT "recovery_tests_rpo_actual_check" CHECK ("rpo_actual" >= 0),
    CONSTRAINT "recovery_tests_rpo_target_check" CHECK ("rpo_target" >= 0),
    CONSTRAINT "recovery_tests_rto_actual_check" CHECK ("rto_actual" >= 0),
    CONSTRAINT "recovery_tests_rto_target_check" CHECK ("rto_target" >= 0),
    CONSTRAINT "recovery_tests_test_result_check" CHECK ("test_result" IN ('passed', 'partial', 'failed')),
    CONSTRAINT "recovery_tests_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "recovery_tests_test_date_idx" ON "recovery_tests" ("organization_id", "test_date" DESC);

-- mainstay.job_states (governance)
-- Where a queue or schedule stands, for all servers.
CREATE TABLE "job_states" (
    -- Identifier.
    "id" BLOB /* uuid */ NOT NULL,
    -- The queue's table with its schema, or module and function of a schedule.
    "name" TEXT NOT NULL,
    -- Nothing is started while this holds.
    "paused" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Where the schedule stands; a queue's own rows have theirs.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- Runs since the last one that succeeded.
    "attempts" INTEGER NOT NULL DEFAULT 0,
    -- When the schedule is due.
    "run_at" INTEGER /* timestamptz */ NOT NULL,
    -- When it last succeeded.
    "last_run_at" INTEGER /* timestamptz */,
    -- Who works on it.
    "leased_by" TEXT,
    -- Until when nobody else may.
    "leased_until" INTEGER /* timestamptz */,
    -- Why the last run failed.
    "last_error" TEXT,
    -- When it was first seen.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "job_states_name_key" UNIQUE ("name"),
    CONSTRAINT "job_states_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "job_states_id_check" CHECK (length("id") = 16),
    CONSTRAINT "job_states_last_error_check" CHECK (length("last_error") <= 4000),
    CONSTRAINT "job_states_leased_by_check" CHECK (length("leased_by") <= 255),
    CONSTRAINT "job_states_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "job_states_paused_check" CHECK ("paused" IN (0, 1)),
    CONSTRAINT "job_states_status_check" CHECK ("status" IN ('pending', 'running', 'done', 'retrying', 'dead'))
) STRICT;
CREATE TRIGGER "job_states_status_life_cycle" BEFORE UPDATE OF "status" ON "job_states" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('running', 'dead') WHEN 'running' THEN NEW."status" IN ('pending', 'done', 'retrying', 'dead') WHEN 'retrying' THEN NEW."status" IN ('running', 'dead') WHEN 'dead' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:job_states:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.identity_sequences (governance)
-- How far the numbers of a table's rows are given out: to servers in blocks, so that some may stay unused.
CREATE TABLE "identity_sequences" (
    -- The organisation, or the nil identifier for a table of the installation.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The table, with its schema.
    "table_name" TEXT NOT NULL,
    -- The number that nobody was given yet.
    "next_number" INTEGER NOT NULL,
    -- When numbers were last given out.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "identity_sequences_pkey" PRIMARY KEY ("organization_id", "table_name"),
    CONSTRAINT "identity_sequences_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "identity_sequences_table_name_check" CHECK (length("table_name") <= 200)
) STRICT, WITHOUT ROWID;

-- mainstay.delivery_destinations (delivery)
-- A place that deliveries can be sent to (S4-B51).
CREATE TABLE "delivery_destinations" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What kind of place it is.
    "type" TEXT NOT NULL,
    -- The name that people choose it by.
    "label" TEXT NOT NULL,
    -- What it is for.
    "description" TEXT,
    -- The name of its picture.
    "icon" TEXT,
    -- What people have to do so that it works.
    "instructions" TEXT,
    -- Nothing is sent there while this holds.
    "disabled" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Since when nothing is sent there.
    "disabled_at" INTEGER /* timestamptz */,
    -- Who decided that.
    "disabled_by" BLOB /* uuid */,
    -- How often something was sent there.
    "count_usage" INTEGER NOT NULL DEFAULT 0,
    -- When something was last sent there.
    "last_used_at" INTEGER /* timestamptz */,
    -- What is needed to reach it: addresses, names, credentials, by kind.
    "config" BLOB NOT NULL,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    CONSTRAINT "delivery_destinations_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "delivery_destinations_count_usage_check" CHECK ("count_usage" >= 0),
    CONSTRAINT "delivery_destinations_description_check" CHECK (length("description") <= 4000),
    CONSTRAINT "delivery_destinations_disabled_by_check" CHECK (length("disabled_by") = 16),
    CONSTRAINT "delivery_destinations_disabled_check" CHECK ("disabled" IN (0, 1)),
    CONSTRAINT "delivery_destinations_icon_check" CHECK (length("icon") <= 255),
    CONSTRAINT "delivery_destinations_id_check" CHECK (length("id") = 16),
    CONSTRAINT "delivery_destinations_instructions_check" CHECK (length("instructions") <= 4000),
    CONSTRAINT "delivery_destinations_label_check" CHECK (length("label") <= 255),
    CONSTRAINT "delivery_destinations_label_given_check" CHECK (label <> ''),
    CONSTRAINT "delivery_destinations_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "delivery_destinations_type_check" CHECK ("type" IN ('email', 's3', 'ftp', 'webhook')),
    CONSTRAINT "delivery_destinations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "delivery_destinations_disabled_by_fkey" FOREIGN KEY ("organization_id", "disabled_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX "delivery_destinations_label_key" ON "delivery_destinations" ("organization_id", "label") WHERE deleted_at is null;
CREATE INDEX "delivery_destinations_type_idx" ON "delivery_destinations" ("organization_id", "type");
CREATE INDEX "delivery_destinations_disabled_idx" ON "delivery_destinations" ("organization_id", "disabled");
CREATE INDEX "delivery_destinations_last_used_at_idx" ON "delivery_destinations" ("organization_id", "last_used_at");
CREATE INDEX "delivery_destinations_created_at_idx" ON "delivery_destinations" ("organization_id", "created_at");
CREATE INDEX "delivery_destinations_updated_at_idx" ON "delivery_destinations" ("organization_id", "updated_at");
CREATE INDEX "delivery_destinations_disabled_by_idx" ON "delivery_destinations" ("organization_id", "disabled_by");
CREATE TRIGGER "delivery_destinations_disabled_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "delivery_destinations" SET "disabled_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "disabled_by" = OLD."user_id"; END;

-- mainstay.destination_health (delivery)
-- How a destination is: one row each (S4-B56).
CREATE TABLE "destination_health" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The destination.
    "destination_id" BLOB /* uuid */ NOT NULL,
    -- How well it takes what is sent.
    "status" TEXT NOT NULL DEFAULT 'healthy',
    -- When that was last looked at.
    "last_check_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Failures since the last success.
    "consecutive_failures" INTEGER NOT NULL DEFAULT 0,
    -- All failures.
    "total_failures" INTEGER NOT NULL DEFAULT 0,
    -- All deliveries, those that failed too.
    "total_deliveries" INTEGER NOT NULL DEFAULT 0,
    -- Successes among all deliveries, in percent.
    "success_rate" INTEGER /* numeric(5,2) */ NOT NULL DEFAULT 0,
    -- Mean time until the destination answers, in milliseconds.
    "average_response_time" INTEGER,
    -- When a delivery last failed.
    "last_failure_at" INTEGER /* timestamptz */,
    -- When a delivery last succeeded.
    "last_success_at" INTEGER /* timestamptz */,
    -- Since when it is not asked.
    "disabled_at" INTEGER /* timestamptz */,
    -- Why it is not asked.
    "disabled_reason" TEXT,
    -- Whether something is sent at all.
    "circuit_breaker_state" TEXT NOT NULL DEFAULT 'closed',
    -- When the breaker last opened.
    "circuit_breaker_opened_at" INTEGER /* timestamptz */,
    -- Further measurements, such as percentiles of the response time in milliseconds.
    "metadata" TEXT /* jsonb */,
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "destination_health_destination_id_key" UNIQUE ("organization_id", "destination_id"),
    CONSTRAINT "destination_health_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "destination_health_average_response_time_check" CHECK ("average_response_time" >= 0),
    CONSTRAINT "destination_health_circuit_breaker_state_check" CHECK ("circuit_breaker_state" IN ('closed', 'open', 'half-open')),
    CONSTRAINT "destination_health_consecutive_failures_check" CHECK ("consecutive_failures" >= 0),
    CONSTRAINT "destination_health_destination_id_check" CHECK (length("destination_id") = 16),
    CONSTRAINT "destination_health_disabled_reason_check" CHECK (length("disabled_reason") <= 4000),
    CONSTRAINT "destination_health_id_check" CHECK (length("id") = 16),
    CONSTRAINT "destination_health_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "destination_health_status_check" CHECK ("status" IN ('healthy', 'degraded', 'unhealthy', 'disabled')),
    CONSTRAINT "destination_health_success_rate_check" CHECK ("success_rate" >= 0 AND "success_rate" <= 10000),
    CONSTRAINT "destination_health_total_deliveries_check" CHECK ("total_deliveries" >= 0),
    CONSTRAINT "destination_health_total_failures_check" CHECK ("total_failures" >= 0),
    CONSTRAINT "destination_health_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "destination_health_destination_id_fkey" FOREIGN KEY ("organization_id", "destination_id") REFERENCES "delivery_destinations" ("organization_id", "id") ON DELETE CASCADE
) STRICT;
CREATE INDEX "destination_health_status_idx" ON "destination_health" ("organization_id", "status");
CREATE INDEX "destination_health_last_check_at_idx" ON "destination_health" ("organization_id", "last_check_at");
CREATE INDEX "destination_health_consecutive_failures_idx" ON "destination_health" ("organization_id", "consecutive_failures");
CREATE INDEX "destination_health_success_rate_idx" ON "destination_health" ("organization_id", "success_rate");
CREATE INDEX "destination_health_circuit_breaker_state_idx" ON "destination_health" ("organization_id", "circuit_breaker_state");
CREATE INDEX "destination_health_last_failure_at_idx" ON "destination_health" ("organization_id", "last_failure_at");
CREATE INDEX "destination_health_last_success_at_idx" ON "destination_health" ("organization_id", "last_success_at");
CREATE INDEX "destination_health_disabled_at_idx" ON "destination_health" ("organization_id", "disabled_at");
CREATE INDEX "destination_health_updated_at_idx" ON "destination_health" ("organization_id", "updated_at");
CREATE TRIGGER "destination_health_circuit_breaker_state_life_cycle" BEFORE UPDATE OF "circuit_breaker_state" ON "destination_health" FOR EACH ROW WHEN OLD."circuit_breaker_state" IS DISTINCT FROM NEW."circuit_breaker_state" AND NOT coalesce(CASE OLD."circuit_breaker_state" WHEN 'closed' THEN NEW."circuit_breaker_state" IN ('open') WHEN 'open' THEN NEW."circuit_breaker_state" IN ('half-open') WHEN 'half-open' THEN NEW."circuit_breaker_state" IN ('closed', 'open') ELSE OLD."circuit_breaker_state" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:destination_health:circuit_breaker_state:' || OLD."circuit_breaker_state" || ':' || coalesce(NEW."circuit_breaker_state", '')); END;

-- mainstay.webhook_secrets (delivery)
-- A key that requests to a destination are signed with (S4-B57).
CREATE TABLE "webhook_secrets" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The destination.
    "destination_id" BLOB /* uuid */ NOT NULL,
    -- The key.
    "secret_key" BLOB NOT NULL,
    -- How requests are signed.
    "algorithm" TEXT NOT NULL DEFAULT 'HMAC-SHA256',
    -- Whether it is used.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- Whether it signs first.
    "is_primary" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- It is not used after this time.
    "expires_at" INTEGER /* timestamptz */,
    -- When it took the place of another one.
    "rotated_at" INTEGER /* timestamptz */,
    -- How often it was used.
    "usage_count" INTEGER NOT NULL DEFAULT 0,
    -- When it was last used.
    "last_used_at" INTEGER /* timestamptz */,
    -- Who made it.
    "created_by" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "webhook_secrets_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "webhook_secrets_algorithm_check" CHECK ("algorithm" IN ('HMAC-SHA256', 'HMAC-SHA512')),
    CONSTRAINT "webhook_secrets_created_by_check" CHECK (length("created_by") = 16),
    CONSTRAINT "webhook_secrets_destination_id_check" CHECK (length("destination_id") = 16),
    CONSTRAINT "webhook_secrets_id_check" CHECK (length("id") = 16),
    CONSTRAINT "webhook_secrets_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "webhook_secrets_is_primary_check" CHECK ("is_primary" IN (0, 1)),
    CONSTRAINT "webhook_secrets_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "webhook_secrets_usage_count_check" CHECK ("usage_count" >= 0),
    CONSTRAINT "webhook_secrets_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "webhook_secrets_destination_id_fkey" FOREIGN KEY ("organization_id", "destination_id") REFERENCES "delivery_destinations" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "webhook_secrets_created_by_fkey" FOREIGN KEY ("organization_id", "created_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX "webhook_secrets_destination_id_key" ON "webhook_secrets" ("organization_id", "destination_id") WHERE is_primary and is_active;
CREATE INDEX "webhook_secrets_destination_id_is_active_idx" ON "webhook_secrets" ("organization_id", "destination_id", "is_active");
CREATE INDEX "webhook_secrets_destination_id_is_primary_idx" ON "webhook_secrets" ("organization_id", "destination_id", "is_primary");
CREATE INDEX "webhook_secrets_is_active_idx" ON "webhook_secrets" ("organization_id", "is_active");
CREATE INDEX "webhook_secrets_is_primary_idx" ON "webhook_secrets" ("organization_id", "is_primary");
CREATE INDEX "webhook_secrets_expires_at_idx" ON "webhook_secrets" ("organization_id", "expires_at");
CREATE INDEX "webhook_secrets_created_at_idx" ON "webhook_secrets" ("organization_id", "created_at");
CREATE INDEX "webhook_secrets_last_used_at_idx" ON "webhook_secrets" ("organization_id", "last_used_at");
CREATE INDEX "webhook_secrets_created_by_idx" ON "webhook_secrets" ("organization_id", "created_by");
CREATE TRIGGER "webhook_secrets_created_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "webhook_secrets" SET "created_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "created_by" = OLD."user_id"; END;

-- mainstay.delivery_queue (delivery)
-- Something to be sent to a destination (S4-B52, S4-B53).
CREATE TABLE "delivery_queue" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Where it is sent.
    "destination_id" BLOB /* uuid */ NOT NULL,
    -- What is sent.
    "payload" TEXT /* jsonb */ NOT NULL,
    -- Larger ones are sent first.
    "priority" INTEGER NOT NULL DEFAULT 0,
    -- It is not sent before this time.
    "scheduled_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it was last worked on.
    "processed_at" INTEGER /* timestamptz */,
    -- How far it is.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- What belongs together.
    "correlation_id" TEXT,
    -- By this key a repeated request is recognised.
    "idempotency_key" TEXT,
    -- Attempts that were begun, the first one included.
    "attempts" INTEGER NOT NULL DEFAULT 0,
    -- Attempts after the first one.
    "retry_count" INTEGER NOT NULL DEFAULT 0,
    -- Most attempts after the first one.
    "max_retries" INTEGER NOT NULL DEFAULT 5,
    -- When it is tried again.
    "next_retry_at" INTEGER /* timestamptz */,
    -- Why the last attempt failed.
    "last_error" TEXT,
    -- The server that works on it.
    "leased_by" TEXT,
    -- Until when no other one may.
    "leased_until" INTEGER /* timestamptz */,
    -- What caused it, and further facts.
    "metadata" TEXT /* jsonb */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "delivery_queue_idempotency_key_key" UNIQUE ("organization_id", "idempotency_key"),
    CONSTRAINT "delivery_queue_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "delivery_queue_attempts_check" CHECK ("attempts" >= 0),
    CONSTRAINT "delivery_queue_correlation_id_check" CHECK (length("correlation_id") <= 255),
    CONSTRAINT "delivery_queue_destination_id_check" CHECK (length("destination_id") = 16),
    CONSTRAINT "delivery_queue_id_check" CHECK (length("id") = 16),
    CONSTRAINT "delivery_queue_idempotency_key_check" CHECK (length("idempotency_key") <= 255),
    CONSTRAINT "delivery_queue_last_error_check" CHECK (length("last_error") <= 4000),
    CONSTRAINT "delivery_queue_leased_by_check" CHECK (length("leased_by") <= 255),
    CONSTRAINT "delivery_queue_max_retries_check" CHECK ("max_retries" >= 0 AND "max_retries" <= 100),
    CONSTRAINT "delivery_queue_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "delivery_queue_priority_check" CHECK ("priority" >= 0 AND "priority" <= 10),
    CONSTRAINT "delivery_queue_retry_count_check" CHECK ("retry_count" >= 0),
    CONSTRAINT "delivery_queue_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed')),
    CONSTRAINT "delivery_queue_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "delivery_queue_destination_id_fkey" FOREIGN KEY ("organization_id", "destination_id") REFERENCES "delivery_destinations" ("organization_id", "id")
) STRICT;
CREATE INDEX "delivery_queue_destination_id_idx" ON "delivery_queue" ("organization_id", "destination_id");
CREATE INDEX "delivery_queue_status_priority_idx" ON "delivery_queue" ("organization_id", "status", "priority");
CREATE INDEX "delivery_queue_status_scheduled_at_idx" ON "delivery_queue" ("organization_id", "status", "scheduled_at");
CREATE INDEX "delivery_queue_next_retry_at_status_idx" ON "delivery_queue" ("organization_id", "next_retry_at", "status");
CREATE INDEX "delivery_queue_priority_idx" ON "delivery_queue" ("organization_id", "priority");
CREATE INDEX "delivery_queue_scheduled_at_idx" ON "delivery_queue" ("organization_id", "scheduled_at");
CREATE INDEX "delivery_queue_correlation_id_idx" ON "delivery_queue" ("organization_id", "correlation_id");
CREATE INDEX "delivery_queue_created_at_idx" ON "delivery_queue" ("organization_id", "created_at");
CREATE INDEX "delivery_queue_status_scheduled_at_idx1" ON "delivery_queue" ("status", "scheduled_at");
CREATE TRIGGER "delivery_queue_status_life_cycle" BEFORE UPDATE OF "status" ON "delivery_queue" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing', 'failed') WHEN 'processing' THEN NEW."status" IN ('pending', 'completed', 'failed') WHEN 'failed' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:delivery_queue:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.delivery_logs (delivery)
-- What became of a delivery, with each attempt (S4-B55). It stays when the queue is cleared.
CREATE TABLE "delivery_logs" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The delivery.
    "delivery_id" BLOB /* uuid */ NOT NULL,
    -- Where it was sent.
    "destination_id" BLOB /* uuid */ NOT NULL,
    -- What was sent: its type, identifier, name, size in bytes, format and address.
    "object_details" TEXT /* jsonb */ NOT NULL,
    -- What became of it.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- Each attempt with its time and outcome, the first one first.
    "attempts" TEXT /* jsonb */ NOT NULL DEFAULT '[]',
    -- How many attempts there were.
    "attempt_count" INTEGER NOT NULL DEFAULT 0,
    -- When it was last tried.
    "last_attempt_at" INTEGER /* timestamptz */,
    -- When it arrived.
    "delivered_at" INTEGER /* timestamptz */,
    -- Why it did not.
    "failure_reason" TEXT,
    -- What the receiving system calls it.
    "cross_system_reference" TEXT,
    -- What belongs together.
    "correlation_id" TEXT,
    -- The key of the delivery, by which a repeated request is recognised.
    "idempotency_key" TEXT,
    -- The answer of the destination, and further facts.
    "details" TEXT /* jsonb */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "delivery_logs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "delivery_logs_attempt_count_check" CHECK ("attempt_count" >= 0),
    CONSTRAINT "delivery_logs_correlation_id_check" CHECK (length("correlation_id") <= 255),
    CONSTRAINT "delivery_logs_cross_system_reference_check" CHECK (length("cross_system_reference") <= 255),
    CONSTRAINT "delivery_logs_delivery_id_check" CHECK (length("delivery_id") = 16),
    CONSTRAINT "delivery_logs_destination_id_check" CHECK (length("destination_id") = 16),
    CONSTRAINT "delivery_logs_failure_reason_check" CHECK (length("failure_reason") <= 4000),
    CONSTRAINT "delivery_logs_id_check" CHECK (length("id") = 16),
    CONSTRAINT "delivery_logs_idempotency_key_check" CHECK (length("idempotency_key") <= 255),
    CONSTRAINT "delivery_logs_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "delivery_logs_status_check" CHECK ("status" IN ('pending', 'delivered', 'failed', 'retrying')),
    CONSTRAINT "delivery_logs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "delivery_logs_destination_id_fkey" FOREIGN KEY ("organization_id", "destination_id") REFERENCES "delivery_destinations" ("organization_id", "id")
) STRICT;
CREATE INDEX "delivery_logs_delivery_id_idx" ON "delivery_logs" ("organization_id", "delivery_id");
CREATE INDEX "delivery_logs_destination_id_status_idx" ON "delivery_logs" ("organization_id", "destination_id", "status");
CREATE INDEX "delivery_logs_status_attempt_count_idx" ON "delivery_logs" ("organization_id", "status", "attempt_count");
CREATE INDEX "delivery_logs_attempt_count_idx" ON "delivery_logs" ("organization_id", "attempt_count");
CREATE INDEX "delivery_logs_last_attempt_at_idx" ON "delivery_logs" ("organization_id", "last_attempt_at");
CREATE INDEX "delivery_logs_delivered_at_idx" ON "delivery_logs" ("organization_id", "delivered_at");
CREATE INDEX "delivery_logs_cross_system_reference_idx" ON "delivery_logs" ("organization_id", "cross_system_reference");
CREATE INDEX "delivery_logs_correlation_id_idx" ON "delivery_logs" ("organization_id", "correlation_id");
CREATE INDEX "delivery_logs_idempotency_key_idx" ON "delivery_logs" ("organization_id", "idempotency_key");
CREATE INDEX "delivery_logs_created_at_idx" ON "delivery_logs" ("organization_id", "created_at");
CREATE INDEX "delivery_logs_updated_at_idx" ON "delivery_logs" ("organization_id", "updated_at");
CREATE TRIGGER "delivery_logs_status_life_cycle" BEFORE UPDATE OF "status" ON "delivery_logs" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('delivered', 'failed', 'retrying') WHEN 'retrying' THEN NEW."status" IN ('delivered', 'failed') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:delivery_logs:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.report_templates (reports)
-- What a report holds and how it looks.
CREATE TABLE "report_templates" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The name that people choose it by.
    "name" TEXT NOT NULL,
    -- What it is for.
    "description" TEXT,
    -- What kind of report it makes, such as `WEEKLY_COMPLIANCE` (S4-B13).
    "report_type" TEXT NOT NULL,
    -- Its parts: queries, tables, charts, texts.
    "definition" TEXT /* jsonb */ NOT NULL,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "report_templates_name_key" UNIQUE ("organization_id", "name"),
    CONSTRAINT "report_templates_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "report_templates_description_check" CHECK (length("description") <= 4000),
    CONSTRAINT "report_templates_id_check" CHECK (length("id") = 16),
    CONSTRAINT "report_templates_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "report_templates_name_given_check" CHECK (name <> ''),
    CONSTRAINT "report_templates_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "report_templates_report_type_check" CHECK (length("report_type") <= 50),
    CONSTRAINT "report_templates_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "report_templates_report_type_idx" ON "report_templates" ("organization_id", "report_type");

-- mainstay.scheduled_reports (reports)
-- A report that is made again and again and sent to people (S4-B58).
CREATE TABLE "scheduled_reports" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What kind of report it is, such as `DAILY_SUMMARY` or `WEEKLY_COMPLIANCE` (S4-B13).
    "report_type" TEXT NOT NULL,
    -- What it holds and how it looks.
    "template_id" BLOB /* uuid */ NOT NULL,
    -- The name that people know it by.
    "name" TEXT NOT NULL,
    -- What it is for.
    "description" TEXT,
    -- What is reported: classifications, actions, time range.
    "filters" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Who gets it: e-mail addresses or identifiers of users.
    "recipients" TEXT /* text[] */ NOT NULL,
    -- How often it is made.
    "frequency" TEXT NOT NULL,
    -- What kind of file it becomes.
    "format" TEXT NOT NULL,
    -- Whether it is made.
    "enabled" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- When it was last made.
    "last_run" INTEGER /* timestamptz */,
    -- When it is made next.
    "next_run" INTEGER /* timestamptz */,
    -- Who planned it.
    "created_by" BLOB /* uuid */,
    -- Who changed it last.
    "updated_by" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "scheduled_reports_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "scheduled_reports_created_by_check" CHECK (length("created_by") = 16),
    CONSTRAINT "scheduled_reports_description_check" CHECK (length("description") <= 4000),
    CONSTRAINT "scheduled_reports_enabled_check" CHECK ("enabled" IN (0, 1)),
    CONSTRAINT "scheduled_reports_format_check" CHECK ("format" IN ('PDF', 'CSV', 'JSON')),
    CONSTRAINT "scheduled_reports_frequency_check" CHECK ("frequency" IN ('DAILY', 'WEEKLY', 'MONTHLY')),
    CONSTRAINT "scheduled_reports_id_check" CHECK (length("id") = 16),
    CONSTRAINT "scheduled_reports_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "scheduled_reports_name_given_check" CHECK (name <> ''),
    CONSTRAINT "scheduled_reports_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "scheduled_reports_report_type_check" CHECK (length("report_type") <= 50),
    CONSTRAINT "scheduled_reports_template_id_check" CHECK (length("template_id") = 16),
    CONSTRAINT "scheduled_reports_updated_by_check" CHECK (length("updated_by") = 16),
    CONSTRAINT "scheduled_reports_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "scheduled_reports_template_id_fkey" FOREIGN KEY ("organization_id", "template_id") REFERENCES "report_templates" ("organization_id", "id"),
    CONSTRAINT "scheduled_reports_created_by_fkey" FOREIGN KEY ("organization_id", "created_by") REFERENCES "organization_members" ("organization_id", "user_id"),
    CONSTRAINT "scheduled_reports_updated_by_fkey" FOREIGN KEY ("organization_id", "updated_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "scheduled_reports_template_id_idx" ON "scheduled_reports" ("organization_id", "template_id");
CREATE INDEX "scheduled_reports_enabled_idx" ON "scheduled_reports" ("organization_id", "enabled");
CREATE INDEX "scheduled_reports_next_run_idx" ON "scheduled_reports" ("organization_id", "next_run");
CREATE INDEX "scheduled_reports_created_at_idx" ON "scheduled_reports" ("organization_id", "created_at");
CREATE INDEX "scheduled_reports_created_by_idx" ON "scheduled_reports" ("organization_id", "created_by");
CREATE INDEX "scheduled_reports_updated_by_idx" ON "scheduled_reports" ("organization_id", "updated_by");
CREATE TRIGGER "scheduled_reports_created_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "scheduled_reports" SET "created_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "created_by" = OLD."user_id"; END;
CREATE TRIGGER "scheduled_reports_updated_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "scheduled_reports" SET "updated_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "updated_by" = OLD."user_id"; END;

-- mainstay.reports (reports)
-- A report that was made: of an asset, or for the authorities of a jurisdiction (S3-B57, S3-B154).
CREATE TABLE "reports" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What it was made from.
    "template_id" BLOB /* uuid */,
    -- The schedule that it was made for.
    "scheduled_report_id" BLOB /* uuid */,
    -- What kind of report it is.
    "report_type" TEXT NOT NULL,
    -- The asset that it is about.
    "asset_id" BLOB /* uuid */,
    -- Whose rules it follows.
    "jurisdiction" TEXT,
    -- The time that it covers, such as `2026-Q1`.
    "period" TEXT,
    -- What it says.
    "report_data" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- The file that it became.
    "file_id" BLOB /* uuid */,
    -- When it was made.
    "generated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Who made it; none means the system.
    "generated_by" BLOB /* uuid */,
    -- When it was handed to the authority.
    "submitted_at" INTEGER /* timestamptz */,
    CONSTRAINT "reports_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "reports_asset_id_check" CHECK (length("asset_id") = 16),
    CONSTRAINT "reports_file_id_check" CHECK (length("file_id") = 16),
    CONSTRAINT "reports_generated_by_check" CHECK (length("generated_by") = 16),
    CONSTRAINT "reports_id_check" CHECK (length("id") = 16),
    CONSTRAINT "reports_jurisdiction_check" CHECK (length("jurisdiction") <= 100),
    CONSTRAINT "reports_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "reports_period_check" CHECK (length("period") <= 50),
    CONSTRAINT "reports_report_type_check" CHECK (length("report_type") <= 50),
    CONSTRAINT "reports_scheduled_report_id_check" CHECK (length("scheduled_report_id") = 16),
    CONSTRAINT "reports_submitted_after_generated_check" CHECK (submitted_at >= generated_at),
    CONSTRAINT "reports_template_id_check" CHECK (length("template_id") = 16),
    CONSTRAINT "reports_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "reports_template_id_fkey" FOREIGN KEY ("organization_id", "template_id") REFERENCES "report_templates" ("organization_id", "id"),
    CONSTRAINT "reports_scheduled_report_id_fkey" FOREIGN KEY ("organization_id", "scheduled_report_id") REFERENCES "scheduled_reports" ("organization_id", "id"),
    CONSTRAINT "reports_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "assets" ("organization_id", "id"),
    CONSTRAINT "reports_file_id_fkey" FOREIGN KEY ("organization_id", "file_id") REFERENCES "files" ("organization_id", "id"),
    CONSTRAINT "reports_generated_by_fkey" FOREIGN KEY ("organization_id", "generated_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "reports_report_type_idx" ON "reports" ("organization_id", "report_type");
CREATE INDEX "reports_period_report_type_idx" ON "reports" ("organization_id", "period", "report_type");
CREATE INDEX "reports_generated_at_idx" ON "reports" ("organization_id", "generated_at");
CREATE INDEX "reports_template_id_idx" ON "reports" ("organization_id", "template_id");
CREATE INDEX "reports_scheduled_report_id_idx" ON "reports" ("organization_id", "scheduled_report_id");
CREATE INDEX "reports_asset_id_idx" ON "reports" ("organization_id", "asset_id");
CREATE INDEX "reports_file_id_idx" ON "reports" ("organization_id", "file_id");
CREATE INDEX "reports_generated_by_idx" ON "reports" ("organization_id", "generated_by");
CREATE TRIGGER "reports_template_id_fkey_set_null" AFTER DELETE ON "report_templates" FOR EACH ROW BEGIN UPDATE "reports" SET "template_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "template_id" = OLD."id"; END;
CREATE TRIGGER "reports_scheduled_report_id_fkey_set_null" AFTER DELETE ON "scheduled_reports" FOR EACH ROW BEGIN UPDATE "reports" SET "scheduled_report_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "scheduled_report_id" = OLD."id"; END;
CREATE TRIGGER "reports_asset_id_fkey_set_null" AFTER DELETE ON "assets" FOR EACH ROW BEGIN UPDATE "reports" SET "asset_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "asset_id" = OLD."id"; END;
CREATE TRIGGER "reports_file_id_fkey_set_null" AFTER DELETE ON "files" FOR EACH ROW BEGIN UPDATE "reports" SET "file_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "file_id" = OLD."id"; END;
CREATE TRIGGER "reports_generated_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "reports" SET "generated_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "generated_by" = OLD."user_id"; END;

-- mainstay.data_exports (reports)
-- Data that somebody asked for as a file.
CREATE TABLE "data_exports" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What is exported.
    "export_type" TEXT NOT NULL,
    -- What kind of file it becomes.
    "format" TEXT NOT NULL DEFAULT 'csv',
    -- How far it is.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- Which rows and columns.
    "parameters" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Where the file is kept.
    "file_path" TEXT,
    -- Where it can be fetched until it expires.
    "file_url" TEXT,
    -- Its size in bytes.
    "file_size" INTEGER,
    -- The file is removed after this time (S0-B70).
    "expires_at" INTEGER /* timestamptz */,
    -- Who asked for it.
    "requested_by" BLOB /* uuid */,
    -- Why there is no file.
    "error_message" TEXT,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "data_exports_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "data_exports_error_message_check" CHECK (length("error_message") <= 4000),
    CONSTRAINT "data_exports_export_type_check" CHECK (length("export_type") <= 100),
    CONSTRAINT "data_exports_file_path_check" CHECK (length("file_path") <= 1000),
    CONSTRAINT "data_exports_file_size_check" CHECK ("file_size" >= 0),
    CONSTRAINT "data_exports_file_url_check" CHECK (length("file_url") <= 2000),
    CONSTRAINT "data_exports_format_check" CHECK ("format" IN ('csv', 'xlsx', 'json')),
    CONSTRAINT "data_exports_id_check" CHECK (length("id") = 16),
    CONSTRAINT "data_exports_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "data_exports_requested_by_check" CHECK (length("requested_by") = 16),
    CONSTRAINT "data_exports_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed')),
    CONSTRAINT "data_exports_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "data_exports_requested_by_fkey" FOREIGN KEY ("organization_id", "requested_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "data_exports_status_idx" ON "data_exports" ("organization_id", "status");
CREATE INDEX "data_exports_requested_by_idx" ON "data_exports" ("organization_id", "requested_by");
CREATE INDEX "data_exports_export_type_idx" ON "data_exports" ("organization_id", "export_type");
CREATE INDEX "data_exports_expires_at_idx" ON "data_exports" ("organization_id", "expires_at");
CREATE TRIGGER "data_exports_status_life_cycle" BEFORE UPDATE OF "status" ON "data_exports" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing') WHEN 'processing' THEN NEW."status" IN ('completed', 'failed') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:data_exports:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "data_exports_requested_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "data_exports" SET "requested_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "requested_by" = OLD."user_id"; END;

-- mainstay.notifications (notify)
-- What one recipient is told, over one channel.
CREATE TABLE "notifications" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The member that it is for; the messages of other recipients name an address.
    "user_id" BLOB /* uuid */,
    -- Who it is for.
    "recipient_type" TEXT NOT NULL DEFAULT 'user',
    -- What it is about, such as `order_confirmed` or `tax_form`.
    "category" TEXT NOT NULL DEFAULT 'general',
    -- How it reaches the recipient.
    "channel" TEXT NOT NULL,
    -- The subject of a mail, the title of others.
    "subject" TEXT,
    -- What it says.
    "content" TEXT NOT NULL,
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- Not before this time; none means at once.
    "scheduled_for" INTEGER /* timestamptz */,
    -- When it was sent.
    "sent_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "notifications_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notifications_category_check" CHECK (length("category") <= 100),
    CONSTRAINT "notifications_channel_check" CHECK ("channel" IN ('email', 'sms', 'push', 'in_app')),
    CONSTRAINT "notifications_content_check" CHECK (length("content") <= 65536),
    CONSTRAINT "notifications_id_check" CHECK (length("id") = 16),
    CONSTRAINT "notifications_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "notifications_recipient_named_check" CHECK (recipient_type <> 'user' or user_id is not null),
    CONSTRAINT "notifications_recipient_type_check" CHECK ("recipient_type" IN ('user', 'customer', 'business')),
    CONSTRAINT "notifications_status_check" CHECK ("status" IN ('pending', 'sent', 'failed', 'read')),
    CONSTRAINT "notifications_subject_check" CHECK (length("subject") <= 998),
    CONSTRAINT "notifications_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "notifications_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "notifications_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "notifications_user_id_channel_status_idx" ON "notifications" ("organization_id", "user_id", "channel", "status");
CREATE INDEX "notifications_scheduled_for_sent_at_idx" ON "notifications" ("organization_id", "scheduled_for", "sent_at");
CREATE TRIGGER "notifications_status_life_cycle" BEFORE UPDATE OF "status" ON "notifications" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('sent', 'failed') WHEN 'sent' THEN NEW."status" IN ('read') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:notifications:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.notification_history (notify)
-- A step in the life of a notification.
CREATE TABLE "notification_history" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The notification, which may be gone.
    "notification_id" BLOB /* uuid */ NOT NULL,
    -- Where it stood; none for a new one.
    "status_from" TEXT,
    -- Where it stands since.
    "status_to" TEXT NOT NULL,
    -- When it changed.
    "changed_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Why it failed.
    "error_message" TEXT,
    CONSTRAINT "notification_history_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_history_error_message_check" CHECK (length("error_message") <= 4000),
    CONSTRAINT "notification_history_id_check" CHECK (length("id") = 16),
    CONSTRAINT "notification_history_notification_id_check" CHECK (length("notification_id") = 16),
    CONSTRAINT "notification_history_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "notification_history_status_from_check" CHECK ("status_from" IN ('pending', 'sent', 'failed', 'read')),
    CONSTRAINT "notification_history_status_to_check" CHECK ("status_to" IN ('pending', 'sent', 'failed', 'read')),
    CONSTRAINT "notification_history_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "notification_history_notification_id_changed_at_idx" ON "notification_history" ("organization_id", "notification_id", "changed_at");
CREATE TRIGGER "notification_history_status_from_life_cycle" BEFORE UPDATE OF "status_from" ON "notification_history" FOR EACH ROW WHEN OLD."status_from" IS DISTINCT FROM NEW."status_from" AND NOT coalesce(CASE OLD."status_from" WHEN 'pending' THEN NEW."status_from" IN ('sent', 'failed') WHEN 'sent' THEN NEW."status_from" IN ('read') ELSE OLD."status_from" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:notification_history:status_from:' || OLD."status_from" || ':' || coalesce(NEW."status_from", '')); END;
CREATE TRIGGER "notification_history_status_to_life_cycle" BEFORE UPDATE OF "status_to" ON "notification_history" FOR EACH ROW WHEN OLD."status_to" IS DISTINCT FROM NEW."status_to" AND NOT coalesce(CASE OLD."status_to" WHEN 'pending' THEN NEW."status_to" IN ('sent', 'failed') WHEN 'sent' THEN NEW."status_to" IN ('read') ELSE OLD."status_to" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:notification_history:status_to:' || OLD."status_to" || ':' || coalesce(NEW."status_to", '')); END;
CREATE TRIGGER "notification_history_append_only_update" BEFORE UPDATE ON "notification_history" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:notification_history'); END;
CREATE TRIGGER "notification_history_append_only_delete" BEFORE DELETE ON "notification_history" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:notification_history'); END;
CREATE INDEX "notification_history_append_only_guard" ON "notification_history" ("organization_id") WHERE NOT ms_governed();

-- mainstay.notification_engagements (notify)
-- What its recipient did with a notification, as providers and links report it.
CREATE TABLE "notification_engagements" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The notification.
    "notification_id" BLOB /* uuid */ NOT NULL,
    -- Who opened it, where that is a member.
    "user_id" BLOB /* uuid */,
    -- When it was first opened.
    "opened_at" INTEGER /* timestamptz */,
    -- When a link in it was first followed.
    "clicked_at" INTEGER /* timestamptz */,
    -- Whether the address refused it.
    "bounced" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Whether it was reported as unwanted.
    "complained" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- The program that opened it.
    "user_agent" TEXT,
    -- Where it was opened.
    "ip_address" TEXT /* inet */,
    CONSTRAINT "notification_engagements_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_engagements_bounced_check" CHECK ("bounced" IN (0, 1)),
    CONSTRAINT "notification_engagements_complained_check" CHECK ("complained" IN (0, 1)),
    CONSTRAINT "notification_engagements_id_check" CHECK (length("id") = 16),
    CONSTRAINT "notification_engagements_notification_id_check" CHECK (length("notification_id") = 16),
    CONSTRAINT "notification_engagements_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "notification_engagements_user_agent_check" CHECK (length("user_agent") <= 1000),
    CONSTRAINT "notification_engagements_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "notification_engagements_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "notification_engagements_notification_id_fkey" FOREIGN KEY ("organization_id", "notification_id") REFERENCES "notifications" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "notification_engagements_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "notification_engagements_notification_id_idx" ON "notification_engagements" ("organization_id", "notification_id");
CREATE INDEX "notification_engagements_user_id_idx" ON "notification_engagements" ("organization_id", "user_id");

-- mainstay.notification_attachments (notify)
-- A file that goes with a notification.
CREATE TABLE "notification_attachments" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The notification.
    "notification_id" BLOB /* uuid */ NOT NULL,
    -- Where the content is stored.
    "file_key" TEXT NOT NULL,
    -- The name that the recipient sees.
    "filename" TEXT NOT NULL,
    -- What kind of content it is, such as `application/pdf`.
    "mime_type" TEXT NOT NULL,
    -- The length of the content in bytes.
    "size_bytes" INTEGER NOT NULL,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "notification_attachments_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_attachments_file_key_check" CHECK (length("file_key") <= 1024),
    CONSTRAINT "notification_attachments_filename_check" CHECK (length("filename") <= 255),
    CONSTRAINT "notification_attachments_id_check" CHECK (length("id") = 16),
    CONSTRAINT "notification_attachments_mime_type_check" CHECK (length("mime_type") <= 255),
    CONSTRAINT "notification_attachments_notification_id_check" CHECK (length("notification_id") = 16),
    CONSTRAINT "notification_attachments_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "notification_attachments_size_bytes_check" CHECK ("size_bytes" >= 0),
    CONSTRAINT "notification_attachments_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "notification_attachments_notification_id_fkey" FOREIGN KEY ("organization_id", "notification_id") REFERENCES "notifications" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "notification_attachments_notification_id_idx" ON "notification_attachments" ("organization_id", "notification_id");

-- mainstay.notification_templates (notify)
-- The text of a notification, with places for what differs.
CREATE TABLE "notification_templates" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The name that people choose it by, unique for a channel.
    "name" TEXT NOT NULL,
    -- When it is used.
    "description" TEXT,
    -- The channel that it is written for.
    "type" TEXT NOT NULL,
    -- The subject of a mail, the title of others.
    "subject_template" TEXT,
    -- The text.
    "body_template" TEXT NOT NULL,
    -- What the texts may name, each with its meaning.
    "variables" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "notification_templates_name_type_key" UNIQUE ("organization_id", "name", "type"),
    CONSTRAINT "notification_templates_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_templates_body_template_check" CHECK (length("body_template") <= 65536),
    CONSTRAINT "notification_templates_description_check" CHECK (length("description") <= 2000),
    CONSTRAINT "notification_templates_id_check" CHECK (length("id") = 16),
    CONSTRAINT "notification_templates_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "notification_templates_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "notification_templates_subject_template_check" CHECK (length("subject_template") <= 998),
    CONSTRAINT "notification_templates_type_check" CHECK ("type" IN ('email', 'sms', 'push')),
    CONSTRAINT "notification_templates_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;

-- mainstay.notification_triggers (notify)
-- An occasion on which a notification is sent: one template per kind of event (S0-B9).
CREATE TABLE "notification_triggers" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What happens, such as `order_confirmed` or `ticket_sold`.
    "event_type" TEXT NOT NULL,
    -- What is sent then.
    "template_id" BLOB /* uuid */ NOT NULL,
    -- Nothing is sent while this is false.
    "enabled" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "notification_triggers_event_type_key" UNIQUE ("organization_id", "event_type"),
    CONSTRAINT "notification_triggers_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_triggers_enabled_check" CHECK ("enabled" IN (0, 1)),
    CONSTRAINT "notification_triggers_event_type_check" CHECK (length("event_type") <= 255),
    CONSTRAINT "notification_triggers_id_check" CHECK (length("id") = 16),
    CONSTRAINT "notification_triggers_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "notification_triggers_template_id_check" CHECK (length("template_id") = 16),
    CONSTRAINT "notification_triggers_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "notification_triggers_template_id_fkey" FOREIGN KEY ("organization_id", "template_id") REFERENCES "notification_templates" ("organization_id", "id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "notification_triggers_template_id_idx" ON "notification_triggers" ("organization_id", "template_id");

-- mainstay.notification_preferences (notify)
-- Whether a person wants messages of a kind over a channel; wanted where there is no row.
CREATE TABLE "notification_preferences" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- Whose wish it is.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- The channel.
    "channel" TEXT NOT NULL,
    -- What it is about: `all`, or a kind such as `security` or `marketing` (S2-B52).
    "category" TEXT NOT NULL DEFAULT 'all',
    -- Whether messages are wanted.
    "is_enabled" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- The events that it is about; none means all of the category.
    "event_types" TEXT /* text[] */ NOT NULL DEFAULT '[]',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "notification_preferences_user_id_channel_category_key" UNIQUE ("user_id", "channel", "category"),
    CONSTRAINT "notification_preferences_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "notification_preferences_category_check" CHECK (length("category") <= 100),
    CONSTRAINT "notification_preferences_channel_check" CHECK ("channel" IN ('email', 'sms', 'push')),
    CONSTRAINT "notification_preferences_id_check" CHECK (length("id") = 16),
    CONSTRAINT "notification_preferences_is_enabled_check" CHECK ("is_enabled" IN (0, 1)),
    CONSTRAINT "notification_preferences_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "notification_preferences_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
) STRICT;

-- mainstay.push_tokens (notify)
-- A device that takes messages for a person.
CREATE TABLE "push_tokens" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- Whose device it is.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- The device, as its operating system names it.
    "device_id" TEXT NOT NULL,
    -- What the provider knows the device by.
    "token" BLOB NOT NULL,
    -- What the device runs.
    "platform" TEXT NOT NULL,
    -- Whether the provider still knows it.
    "active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "push_tokens_user_id_device_id_key" UNIQUE ("user_id", "device_id"),
    CONSTRAINT "push_tokens_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "push_tokens_active_check" CHECK ("active" IN (0, 1)),
    CONSTRAINT "push_tokens_device_id_check" CHECK (length("device_id") <= 255),
    CONSTRAINT "push_tokens_id_check" CHECK (length("id") = 16),
    CONSTRAINT "push_tokens_platform_check" CHECK ("platform" IN ('ios', 'android', 'web')),
    CONSTRAINT "push_tokens_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "push_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
) STRICT;

-- mainstay.notification_providers (notify)
-- An account with a carrier (S0-B10).
CREATE TABLE "notification_providers" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The carrier.
    "name" TEXT NOT NULL,
    -- The channel that it serves.
    "type" TEXT NOT NULL,
    -- Keys and settings of the account, as JSON (S0-B45).
    "config" BLOB NOT NULL,
    -- Whether it is used.
    "active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- Smaller is tried first; the others take over when it fails.
    "priority" INTEGER NOT NULL DEFAULT 0,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "notification_providers_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_providers_active_check" CHECK ("active" IN (0, 1)),
    CONSTRAINT "notification_providers_carrier_channel_check" CHECK ((type = 'email' and name in ('sendgrid', 'ses')) or (type = 'sms' and name = 'twilio') or (type = 'push' and name = 'fcm')),
    CONSTRAINT "notification_providers_id_check" CHECK (length("id") = 16),
    CONSTRAINT "notification_providers_name_check" CHECK ("name" IN ('sendgrid', 'ses', 'twilio', 'fcm')),
    CONSTRAINT "notification_providers_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "notification_providers_priority_check" CHECK ("priority" >= 0),
    CONSTRAINT "notification_providers_type_check" CHECK ("type" IN ('email', 'sms', 'push')),
    CONSTRAINT "notification_providers_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "notification_providers_type_active_priority_idx" ON "notification_providers" ("organization_id", "type", "active", "priority");

-- mainstay.outbound_messages (notify)
-- A message that leaves the server: what is sent, where to and over whom.
CREATE TABLE "outbound_messages" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What it tells; none for a message of its own.
    "notification_id" BLOB /* uuid */,
    -- The member that it goes to.
    "user_id" BLOB /* uuid */,
    -- How it goes.
    "channel" TEXT NOT NULL,
    -- The address, the number or the device that it goes to.
    "recipient" TEXT NOT NULL,
    -- The address or number that it comes from; none means the provider's own.
    "sender" TEXT,
    -- The subject of a mail, the title of others.
    "subject" TEXT,
    -- The text of a mail as HTML.
    "html_body" TEXT,
    -- The plain text.
    "text_body" TEXT,
    -- What stands for `{{ link }}` and `{{ code }}` in the texts, until it is sent.
    "secrets" BLOB,
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'queued',
    -- Who carries it; none until that is chosen.
    "provider" TEXT,
    -- Larger goes first.
    "priority" INTEGER NOT NULL DEFAULT 0,
    -- What it cost, in cents.
    "cost_cents" INTEGER,
    -- Attempts begun.
    "attempts" INTEGER NOT NULL DEFAULT 0,
    -- Attempts before it is given up.
    "max_attempts" INTEGER NOT NULL DEFAULT 5,
    -- Not before this time; none means at once.
    "run_at" INTEGER /* timestamptz */,
    -- Which server works on it.
    "leased_by" TEXT,
    -- Until when no other server may.
    "leased_until" INTEGER /* timestamptz */,
    -- Why the last attempt failed.
    "last_error" TEXT,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "outbound_messages_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "outbound_messages_attempts_check" CHECK ("attempts" >= 0),
    CONSTRAINT "outbound_messages_body_given_check" CHECK (html_body is not null or text_body is not null),
    CONSTRAINT "outbound_messages_channel_check" CHECK ("channel" IN ('email', 'sms', 'push')),
    CONSTRAINT "outbound_messages_cost_cents_check" CHECK ("cost_cents" >= 0),
    CONSTRAINT "outbound_messages_html_body_check" CHECK (length("html_body") <= 262144),
    CONSTRAINT "outbound_messages_id_check" CHECK (length("id") = 16),
    CONSTRAINT "outbound_messages_last_error_check" CHECK (length("last_error") <= 4000),
    CONSTRAINT "outbound_messages_leased_by_check" CHECK (length("leased_by") <= 255),
    CONSTRAINT "outbound_messages_max_attempts_check" CHECK ("max_attempts" >= 1 AND "max_attempts" <= 100),
    CONSTRAINT "outbound_messages_notification_id_check" CHECK (length("notification_id") = 16),
    CONSTRAINT "outbound_messages_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "outbound_messages_provider_channel_check" CHECK (provider is null or (channel = 'email' and provider in ('sendgrid', 'ses')) or (channel = 'sms' and provider = 'twilio') or (channel = 'push' and provider = 'fcm')),
    CONSTRAINT "outbound_messages_provider_check" CHECK ("provider" IN ('sendgrid', 'ses', 'twilio', 'fcm')),
    CONSTRAINT "outbound_messages_recipient_check" CHECK (length("recipient") <= 320),
    CONSTRAINT "outbound_messages_sender_check" CHECK (length("sender") <= 320),
    CONSTRAINT "outbound_messages_status_check" CHECK ("status" IN ('queued', 'sending', 'sent', 'failed')),
    CONSTRAINT "outbound_messages_subject_check" CHECK (length("subject") <= 998),
    CONSTRAINT "outbound_messages_text_body_check" CHECK (length("text_body") <= 65536),
    CONSTRAINT "outbound_messages_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "outbound_messages_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "outbound_messages_notification_id_fkey" FOREIGN KEY ("organization_id", "notification_id") REFERENCES "notifications" ("organization_id", "id"),
    CONSTRAINT "outbound_messages_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "outbound_messages_notification_id_idx" ON "outbound_messages" ("organization_id", "notification_id");
CREATE INDEX "outbound_messages_status_run_at_idx" ON "outbound_messages" ("status", "run_at");
CREATE INDEX "outbound_messages_user_id_idx" ON "outbound_messages" ("organization_id", "user_id");
CREATE TRIGGER "outbound_messages_status_life_cycle" BEFORE UPDATE OF "status" ON "outbound_messages" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'queued' THEN NEW."status" IN ('sending', 'failed') WHEN 'sending' THEN NEW."status" IN ('sent', 'failed', 'queued') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:outbound_messages:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "outbound_messages_notification_id_fkey_set_null" AFTER DELETE ON "notifications" FOR EACH ROW BEGIN UPDATE "outbound_messages" SET "notification_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "notification_id" = OLD."id"; END;

-- mainstay.notification_batches (notify)
-- A notification that goes to many.
CREATE TABLE "notification_batches" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The name that people know it by.
    "name" TEXT NOT NULL,
    -- What it is for.
    "description" TEXT,
    -- How many notifications it is.
    "total_count" INTEGER NOT NULL DEFAULT 0,
    -- How many were sent.
    "sent_count" INTEGER NOT NULL DEFAULT 0,
    -- How many could not be sent.
    "failed_count" INTEGER NOT NULL DEFAULT 0,
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- Not before this time; none means at once.
    "scheduled_for" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "notification_batches_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_batches_counts_check" CHECK (sent_count + failed_count <= total_count),
    CONSTRAINT "notification_batches_description_check" CHECK (length("description") <= 2000),
    CONSTRAINT "notification_batches_failed_count_check" CHECK ("failed_count" >= 0),
    CONSTRAINT "notification_batches_id_check" CHECK (length("id") = 16),
    CONSTRAINT "notification_batches_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "notification_batches_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "notification_batches_sent_count_check" CHECK ("sent_count" >= 0),
    CONSTRAINT "notification_batches_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    CONSTRAINT "notification_batches_total_count_check" CHECK ("total_count" >= 0),
    CONSTRAINT "notification_batches_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "notification_batches_status_scheduled_for_idx" ON "notification_batches" ("organization_id", "status", "scheduled_for");
CREATE TRIGGER "notification_batches_status_life_cycle" BEFORE UPDATE OF "status" ON "notification_batches" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing', 'cancelled') WHEN 'processing' THEN NEW."status" IN ('completed', 'failed', 'cancelled') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:notification_batches:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.notification_schedules (notify)
-- When a notification is sent, once or repeatedly.
CREATE TABLE "notification_schedules" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What is sent; repeated times send copies of it.
    "notification_id" BLOB /* uuid */ NOT NULL,
    -- The next time.
    "scheduled_for" INTEGER /* timestamptz */ NOT NULL,
    -- How it repeats, such as `{"every": "1 week"}`; none means once.
    "recurring_rule" TEXT /* jsonb */,
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "notification_schedules_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_schedules_id_check" CHECK (length("id") = 16),
    CONSTRAINT "notification_schedules_notification_id_check" CHECK (length("notification_id") = 16),
    CONSTRAINT "notification_schedules_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "notification_schedules_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    CONSTRAINT "notification_schedules_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "notification_schedules_notification_id_fkey" FOREIGN KEY ("organization_id", "notification_id") REFERENCES "notifications" ("organization_id", "id") ON DELETE CASCADE
) STRICT;
CREATE INDEX "notification_schedules_notification_id_idx" ON "notification_schedules" ("organization_id", "notification_id");
CREATE INDEX "notification_schedules_status_scheduled_for_idx" ON "notification_schedules" ("organization_id", "status", "scheduled_for");
CREATE TRIGGER "notification_schedules_status_life_cycle" BEFORE UPDATE OF "status" ON "notification_schedules" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing', 'cancelled') WHEN 'processing' THEN NEW."status" IN ('pending', 'completed', 'failed') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:notification_schedules:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.notification_segments (notify)
-- A group of people that batches go to, by what they have in common.
CREATE TABLE "notification_segments" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The name that people choose it by.
    "name" TEXT NOT NULL,
    -- Who is in it.
    "description" TEXT,
    -- The conditions that its people meet.
    "filters" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- How many people met them when they were last counted.
    "user_count" INTEGER NOT NULL DEFAULT 0,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "notification_segments_name_key" UNIQUE ("organization_id", "name"),
    CONSTRAINT "notification_segments_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_segments_description_check" CHECK (length("description") <= 2000),
    CONSTRAINT "notification_segments_id_check" CHECK (length("id") = 16),
    CONSTRAINT "notification_segments_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "notification_segments_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "notification_segments_user_count_check" CHECK ("user_count" >= 0),
    CONSTRAINT "notification_segments_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;

-- mainstay.notification_rate_limits (notify)
-- How much a member, or the organisation as a whole, is sent over a channel (S0-B71).
CREATE TABLE "notification_rate_limits" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Whom it limits; none means all of the organisation together.
    "user_id" BLOB /* uuid */,
    -- The channel.
    "channel" TEXT NOT NULL,
    -- Most messages in an hour; none means no limit.
    "max_per_hour" INTEGER,
    -- Most messages in a day; none means no limit.
    "max_per_day" INTEGER,
    -- Messages since the count last began.
    "current_count" INTEGER NOT NULL DEFAULT 0,
    -- When the count begins anew; none before the first message.
    "reset_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "notification_rate_limits_user_id_channel_key" UNIQUE ("organization_id", "user_id", "channel"),
    CONSTRAINT "notification_rate_limits_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_rate_limits_channel_check" CHECK ("channel" IN ('email', 'sms', 'push')),
    CONSTRAINT "notification_rate_limits_current_count_check" CHECK ("current_count" >= 0),
    CONSTRAINT "notification_rate_limits_hour_within_day_check" CHECK (max_per_hour <= max_per_day),
    CONSTRAINT "notification_rate_limits_id_check" CHECK (length("id") = 16),
    CONSTRAINT "notification_rate_limits_max_per_day_check" CHECK ("max_per_day" >= 0),
    CONSTRAINT "notification_rate_limits_max_per_hour_check" CHECK ("max_per_hour" >= 0),
    CONSTRAINT "notification_rate_limits_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "notification_rate_limits_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "notification_rate_limits_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "notification_rate_limits_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX "notification_rate_limits_user_id_channel_key" ON "notification_rate_limits" ("organization_id", coalesce("user_id", 0), "channel") WHERE "user_id" IS NULL;

-- mainstay.notification_suppressions (notify)
-- An address or number that nothing is sent to (S0-B72).
CREATE TABLE "notification_suppressions" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The address, in lower case.
    "email" TEXT,
    -- The number, with its country's code.
    "phone" TEXT,
    -- Why nothing is sent.
    "reason" TEXT NOT NULL,
    -- Since when.
    "suppressed_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "notification_suppressions_phone_key" UNIQUE ("organization_id", "phone"),
    CONSTRAINT "notification_suppressions_email_key" UNIQUE ("organization_id", "email"),
    CONSTRAINT "notification_suppressions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "notification_suppressions_address_given_check" CHECK (email is not null or phone is not null),
    CONSTRAINT "notification_suppressions_email_check" CHECK (length("email") <= 320),
    CONSTRAINT "notification_suppressions_email_form_check" CHECK (email = lower(email)),
    CONSTRAINT "notification_suppressions_id_check" CHECK (length("id") = 16),
    CONSTRAINT "notification_suppressions_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "notification_suppressions_phone_check" CHECK (length("phone") <= 32),
    CONSTRAINT "notification_suppressions_reason_check" CHECK ("reason" IN ('bounced', 'complained', 'unsubscribed')),
    CONSTRAINT "notification_suppressions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT, WITHOUT ROWID;

-- mainstay.files (files)
-- A stored file: what it is, where its content is and what it belongs to.
CREATE TABLE "files" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The venue that it belongs to.
    "venue_id" BLOB /* uuid */,
    -- The name that it is stored under.
    "filename" TEXT NOT NULL,
    -- The name that it came with.
    "original_filename" TEXT NOT NULL,
    -- What kind of content it is, such as `image/png`.
    "mime_type" TEXT NOT NULL,
    -- The end of its name, without the dot.
    "extension" TEXT,
    -- Where the content is kept.
    "storage_provider" TEXT NOT NULL DEFAULT 'local',
    -- The bucket that holds the content; none in the data folder.
    "bucket_name" TEXT,
    -- Where in the folder or bucket the content is.
    "storage_path" TEXT NOT NULL,
    -- The address at which a content delivery network serves it.
    "cdn_url" TEXT,
    -- The length of the content in bytes.
    "size_bytes" INTEGER NOT NULL,
    -- SHA-256 of the content in lower-case hexadecimal; equal content has equal hashes (S0-B53).
    "hash_sha256" TEXT,
    -- Who uploaded it.
    "uploaded_by" BLOB /* uuid */,
    -- What kind of record it belongs to, such as `event`; any kind (S0-B62).
    "entity_type" TEXT,
    -- The record that it belongs to, as its own table names it.
    "entity_id" TEXT,
    -- Whether it is shown to people who have not signed in.
    "is_public" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Who may read it.
    "access_level" TEXT NOT NULL DEFAULT 'internal',
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'uploading',
    -- Whatever else is known of it.
    "metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Words that people find it by.
    "tags" TEXT /* text[] */ NOT NULL DEFAULT '[]',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    CONSTRAINT "files_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "files_access_level_check" CHECK ("access_level" IN ('private', 'internal', 'public')),
    CONSTRAINT "files_bucket_name_check" CHECK (length("bucket_name") <= 255),
    CONSTRAINT "files_cdn_url_check" CHECK (length("cdn_url") <= 2048),
    CONSTRAINT "files_entity_id_check" CHECK (length("entity_id") <= 255),
    CONSTRAINT "files_entity_type_check" CHECK (length("entity_type") <= 100),
    CONSTRAINT "files_entity_whole_check" CHECK ((entity_type is null) = (entity_id is null)),
    CONSTRAINT "files_extension_check" CHECK (length("extension") <= 32),
    CONSTRAINT "files_filename_check" CHECK (length("filename") <= 255),
    CONSTRAINT "files_hash_form_check" CHECK (length(hash_sha256) = 64 and hash_sha256 = lower(hash_sha256)),
    CONSTRAINT "files_hash_sha256_check" CHECK (length("hash_sha256") <= 64),
    CONSTRAINT "files_id_check" CHECK (length("id") = 16),
    CONSTRAINT "files_is_public_check" CHECK ("is_public" IN (0, 1)),
    CONSTRAINT "files_mime_type_check" CHECK (length("mime_type") <= 255),
    CONSTRAINT "files_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "files_original_filename_check" CHECK (length("original_filename") <= 255),
    CONSTRAINT "files_size_bytes_check" CHECK ("size_bytes" >= 0),
    CONSTRAINT "files_status_check" CHECK ("status" IN ('uploading', 'processing', 'completed', 'failed')),
    CONSTRAINT "files_storage_path_check" CHECK (length("storage_path") <= 1024),
    CONSTRAINT "files_storage_provider_check" CHECK ("storage_provider" IN ('local', 's3', 'gcs')),
    CONSTRAINT "files_uploaded_by_check" CHECK (length("uploaded_by") = 16),
    CONSTRAINT "files_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "files_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "files_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id"),
    CONSTRAINT "files_uploaded_by_fkey" FOREIGN KEY ("organization_id", "uploaded_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "files_uploaded_by_idx" ON "files" ("organization_id", "uploaded_by");
CREATE INDEX "files_entity_type_entity_id_idx" ON "files" ("organization_id", "entity_type", "entity_id");
CREATE INDEX "files_status_idx" ON "files" ("organization_id", "status");
CREATE INDEX "files_hash_sha256_idx" ON "files" ("organization_id", "hash_sha256");
CREATE INDEX "files_created_at_idx" ON "files" ("organization_id", "created_at");
CREATE INDEX "files_venue_id_idx" ON "files" ("organization_id", "venue_id");
CREATE TRIGGER "files_status_life_cycle" BEFORE UPDATE OF "status" ON "files" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'uploading' THEN NEW."status" IN ('processing', 'failed') WHEN 'processing' THEN NEW."status" IN ('completed', 'failed') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:files:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "files_venue_id_fkey_set_null" AFTER DELETE ON "venues" FOR EACH ROW BEGIN UPDATE "files" SET "venue_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "venue_id" = OLD."id"; END;
CREATE TRIGGER "files_uploaded_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "files" SET "uploaded_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "uploaded_by" = OLD."user_id"; END;

-- mainstay.file_versions (files)
-- A former or present content of a file.
CREATE TABLE "file_versions" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The file.
    "file_id" BLOB /* uuid */ NOT NULL,
    -- Counts from 1, for each file (S0-B63).
    "version_number" INTEGER NOT NULL,
    -- Where the content is.
    "storage_path" TEXT NOT NULL,
    -- The length of the content in bytes.
    "size_bytes" INTEGER NOT NULL,
    -- SHA-256 of the content in lower-case hexadecimal.
    "hash_sha256" TEXT,
    -- What is new in it.
    "change_description" TEXT,
    -- Who made it.
    "created_by" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "file_versions_file_id_version_number_key" UNIQUE ("organization_id", "file_id", "version_number"),
    CONSTRAINT "file_versions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "file_versions_change_description_check" CHECK (length("change_description") <= 2000),
    CONSTRAINT "file_versions_created_by_check" CHECK (length("created_by") = 16),
    CONSTRAINT "file_versions_file_id_check" CHECK (length("file_id") = 16),
    CONSTRAINT "file_versions_hash_form_check" CHECK (length(hash_sha256) = 64 and hash_sha256 = lower(hash_sha256)),
    CONSTRAINT "file_versions_hash_sha256_check" CHECK (length("hash_sha256") <= 64),
    CONSTRAINT "file_versions_id_check" CHECK (length("id") = 16),
    CONSTRAINT "file_versions_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "file_versions_size_bytes_check" CHECK ("size_bytes" >= 0),
    CONSTRAINT "file_versions_storage_path_check" CHECK (length("storage_path") <= 1024),
    CONSTRAINT "file_versions_version_number_check" CHECK ("version_number" >= 1),
    CONSTRAINT "file_versions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "file_versions_file_id_fkey" FOREIGN KEY ("organization_id", "file_id") REFERENCES "files" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "file_versions_created_by_fkey" FOREIGN KEY ("organization_id", "created_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "file_versions_created_by_idx" ON "file_versions" ("organization_id", "created_by");
CREATE TRIGGER "file_versions_created_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "file_versions" SET "created_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "created_by" = OLD."user_id"; END;

-- mainstay.file_access_logs (files)
-- An access to a file (S0-B59).
CREATE TABLE "file_access_logs" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The file, which may be gone.
    "file_id" BLOB /* uuid */ NOT NULL,
    -- Who reached it; none for somebody who had not signed in.
    "accessed_by" BLOB /* uuid */,
    -- How it was reached.
    "access_type" TEXT NOT NULL,
    -- Where the request came from.
    "ip_address" BLOB,
    -- The client's program.
    "user_agent" TEXT,
    -- The status of the HTTP answer.
    "response_code" INTEGER,
    -- Bytes of content that were sent.
    "bytes_sent" INTEGER,
    -- When it was reached.
    "accessed_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "file_access_logs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "file_access_logs_access_type_check" CHECK ("access_type" IN ('view', 'download', 'share', 'stream')),
    CONSTRAINT "file_access_logs_accessed_by_check" CHECK (length("accessed_by") = 16),
    CONSTRAINT "file_access_logs_bytes_sent_check" CHECK ("bytes_sent" >= 0),
    CONSTRAINT "file_access_logs_file_id_check" CHECK (length("file_id") = 16),
    CONSTRAINT "file_access_logs_id_check" CHECK (length("id") = 16),
    CONSTRAINT "file_access_logs_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "file_access_logs_response_code_check" CHECK ("response_code" >= 100 AND "response_code" <= 599),
    CONSTRAINT "file_access_logs_user_agent_check" CHECK (length("user_agent") <= 1000),
    CONSTRAINT "file_access_logs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "file_access_logs_file_id_idx" ON "file_access_logs" ("organization_id", "file_id");
CREATE INDEX "file_access_logs_accessed_by_idx" ON "file_access_logs" ("organization_id", "accessed_by");
CREATE INDEX "file_access_logs_accessed_at_idx" ON "file_access_logs" ("organization_id", "accessed_at");
CREATE TRIGGER "file_access_logs_append_only_update" BEFORE UPDATE ON "file_access_logs" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:file_access_logs'); END;
CREATE TRIGGER "file_access_logs_append_only_delete" BEFORE DELETE ON "file_access_logs" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:file_access_logs'); END;
CREATE INDEX "file_access_logs_append_only_guard" ON "file_access_logs" ("organization_id") WHERE NOT ms_governed();

-- mainstay.upload_sessions (files)
-- An upload that comes in parts and can be resumed.
CREATE TABLE "upload_sessions" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- SHA-256 of the token by which a client resumes it.
    "session_token_hash" BLOB NOT NULL,
    -- Who uploads.
    "uploaded_by" BLOB /* uuid */,
    -- The name of the file.
    "filename" TEXT NOT NULL,
    -- What kind of content it is, such as `video/mp4`.
    "mime_type" TEXT,
    -- The length of the whole content in bytes.
    "total_size" INTEGER NOT NULL,
    -- How many parts it comes in.
    "total_chunks" INTEGER NOT NULL DEFAULT 1,
    -- How many parts have arrived.
    "uploaded_chunks" INTEGER NOT NULL DEFAULT 0,
    -- How many bytes have arrived.
    "uploaded_bytes" INTEGER NOT NULL DEFAULT 0,
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'active',
    -- It must be complete by then (S0-B70).
    "expires_at" INTEGER /* timestamptz */ NOT NULL,
    -- When the last part arrived.
    "completed_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "upload_sessions_session_token_hash_key" UNIQUE ("organization_id", "session_token_hash"),
    CONSTRAINT "upload_sessions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "upload_sessions_bytes_within_total_check" CHECK (uploaded_bytes <= total_size),
    CONSTRAINT "upload_sessions_chunks_within_total_check" CHECK (uploaded_chunks <= total_chunks),
    CONSTRAINT "upload_sessions_filename_check" CHECK (length("filename") <= 255),
    CONSTRAINT "upload_sessions_id_check" CHECK (length("id") = 16),
    CONSTRAINT "upload_sessions_mime_type_check" CHECK (length("mime_type") <= 255),
    CONSTRAINT "upload_sessions_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "upload_sessions_status_check" CHECK ("status" IN ('active', 'completed', 'cancelled')),
    CONSTRAINT "upload_sessions_total_chunks_check" CHECK ("total_chunks" >= 1),
    CONSTRAINT "upload_sessions_total_size_check" CHECK ("total_size" >= 0),
    CONSTRAINT "upload_sessions_uploaded_by_check" CHECK (length("uploaded_by") = 16),
    CONSTRAINT "upload_sessions_uploaded_bytes_check" CHECK ("uploaded_bytes" >= 0),
    CONSTRAINT "upload_sessions_uploaded_chunks_check" CHECK ("uploaded_chunks" >= 0),
    CONSTRAINT "upload_sessions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "upload_sessions_uploaded_by_fkey" FOREIGN KEY ("organization_id", "uploaded_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "upload_sessions_uploaded_by_idx" ON "upload_sessions" ("organization_id", "uploaded_by");
CREATE INDEX "upload_sessions_status_expires_at_idx" ON "upload_sessions" ("organization_id", "status", "expires_at");
CREATE TRIGGER "upload_sessions_status_life_cycle" BEFORE UPDATE OF "status" ON "upload_sessions" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'active' THEN NEW."status" IN ('completed', 'cancelled') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:upload_sessions:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "upload_sessions_uploaded_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "upload_sessions" SET "uploaded_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "uploaded_by" = OLD."user_id"; END;

-- mainstay.file_uploads (files)
-- An upload that a client makes straight to the storage, before there is a file.
CREATE TABLE "file_uploads" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Who uploads.
    "user_id" BLOB /* uuid */,
    -- Where the content is stored.
    "file_key" TEXT NOT NULL,
    -- The name of the file.
    "file_name" TEXT NOT NULL,
    -- What kind of content it is, such as `image/png`.
    "content_type" TEXT NOT NULL,
    -- The length of the content in bytes; none until it is known.
    "size_bytes" INTEGER,
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- Why there will be no file.
    "processing_error" TEXT,
    -- It must have arrived by then (S0-B70).
    "expires_at" INTEGER /* timestamptz */ NOT NULL,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    CONSTRAINT "file_uploads_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "file_uploads_content_type_check" CHECK (length("content_type") <= 255),
    CONSTRAINT "file_uploads_file_key_check" CHECK (length("file_key") <= 1024),
    CONSTRAINT "file_uploads_file_name_check" CHECK (length("file_name") <= 255),
    CONSTRAINT "file_uploads_id_check" CHECK (length("id") = 16),
    CONSTRAINT "file_uploads_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "file_uploads_processing_error_check" CHECK (length("processing_error") <= 4000),
    CONSTRAINT "file_uploads_size_bytes_check" CHECK ("size_bytes" >= 0),
    CONSTRAINT "file_uploads_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed')),
    CONSTRAINT "file_uploads_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "file_uploads_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "file_uploads_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "file_uploads_user_id_idx" ON "file_uploads" ("organization_id", "user_id");
CREATE INDEX "file_uploads_status_idx" ON "file_uploads" ("organization_id", "status");
CREATE INDEX "file_uploads_expires_at_idx" ON "file_uploads" ("organization_id", "expires_at");
CREATE INDEX "file_uploads_file_key_idx" ON "file_uploads" ("organization_id", "file_key");
CREATE INDEX "file_uploads_created_at_idx" ON "file_uploads" ("organization_id", "created_at");
CREATE TRIGGER "file_uploads_status_life_cycle" BEFORE UPDATE OF "status" ON "file_uploads" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing', 'failed') WHEN 'processing' THEN NEW."status" IN ('completed', 'failed') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:file_uploads:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "file_uploads_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "file_uploads" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.av_scans (files)
-- What a scan found in some content; equal content is scanned once (S0-B53).
CREATE TABLE "av_scans" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- SHA-256 of the content in lower-case hexadecimal.
    "file_hash" TEXT NOT NULL,
    -- Whether nothing was found.
    "clean" INTEGER /* boolean */ NOT NULL,
    -- What was found, by name.
    "threats" TEXT /* jsonb */ NOT NULL DEFAULT '[]',
    -- When the content was looked at.
    "scanned_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- What looked at it.
    "scan_engine" TEXT NOT NULL,
    CONSTRAINT "av_scans_file_hash_key" UNIQUE ("organization_id", "file_hash"),
    CONSTRAINT "av_scans_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "av_scans_clean_check" CHECK ("clean" IN (0, 1)),
    CONSTRAINT "av_scans_file_hash_check" CHECK (length("file_hash") <= 64),
    CONSTRAINT "av_scans_hash_form_check" CHECK (length(file_hash) = 64 and file_hash = lower(file_hash)),
    CONSTRAINT "av_scans_id_check" CHECK (length("id") = 16),
    CONSTRAINT "av_scans_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "av_scans_scan_engine_check" CHECK ("scan_engine" IN ('ClamAV', 'MockScanner')),
    CONSTRAINT "av_scans_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "av_scans_scanned_at_idx" ON "av_scans" ("organization_id", "scanned_at");
CREATE INDEX "av_scans_clean_idx" ON "av_scans" ("organization_id", "clean");

-- mainstay.quarantined_files (files)
-- A file that a scan found something in, moved to where nobody reads it.
CREATE TABLE "quarantined_files" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Where the content was.
    "original_path" TEXT NOT NULL,
    -- Where it is now.
    "quarantine_path" TEXT NOT NULL,
    -- SHA-256 of the content in lower-case hexadecimal.
    "file_hash" TEXT NOT NULL,
    -- What was found, by name.
    "threats" TEXT /* jsonb */ NOT NULL DEFAULT '[]',
    -- When it was moved.
    "quarantined_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it was moved back, as there was nothing in it after all (S0-B69).
    "restored_at" INTEGER /* timestamptz */,
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    CONSTRAINT "quarantined_files_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "quarantined_files_file_hash_check" CHECK (length("file_hash") <= 64),
    CONSTRAINT "quarantined_files_hash_form_check" CHECK (length(file_hash) = 64 and file_hash = lower(file_hash)),
    CONSTRAINT "quarantined_files_id_check" CHECK (length("id") = 16),
    CONSTRAINT "quarantined_files_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "quarantined_files_original_path_check" CHECK (length("original_path") <= 1024),
    CONSTRAINT "quarantined_files_quarantine_path_check" CHECK (length("quarantine_path") <= 1024),
    CONSTRAINT "quarantined_files_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "quarantined_files_file_hash_idx" ON "quarantined_files" ("organization_id", "file_hash");
CREATE INDEX "quarantined_files_quarantined_at_idx" ON "quarantined_files" ("organization_id", "quarantined_at");
CREATE INDEX "quarantined_files_deleted_at_idx" ON "quarantined_files" ("organization_id", "deleted_at");

-- mainstay.storage_quotas (files)
-- How much may be stored: by a member, at a venue, or, where neither is given, by the organisation as a whole.
CREATE TABLE "storage_quotas" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The member that it limits.
    "user_id" BLOB /* uuid */,
    -- The venue that it limits.
    "venue_id" BLOB /* uuid */,
    -- Most bytes of all files together (S0-B65).
    "max_storage_bytes" INTEGER NOT NULL,
    -- Most files; none means no limit.
    "max_files" INTEGER,
    -- Most bytes of one file; none means no limit.
    "max_file_size_bytes" INTEGER,
    -- Most bytes of all files of a type, such as `{"video/mp4": 1073741824}`.
    "limits_by_type" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- The part of the limit, in percent, from which on warnings are sent (S0-B66).
    "soft_limit_percentage" INTEGER NOT NULL DEFAULT 80,
    -- Whether warnings are sent.
    "send_warnings" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- Whether the limit holds.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- Why it is as it is.
    "notes" TEXT,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "storage_quotas_user_id_venue_id_key" UNIQUE ("organization_id", "user_id", "venue_id"),
    CONSTRAINT "storage_quotas_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "storage_quotas_id_check" CHECK (length("id") = 16),
    CONSTRAINT "storage_quotas_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "storage_quotas_max_file_size_bytes_check" CHECK ("max_file_size_bytes" >= 1),
    CONSTRAINT "storage_quotas_max_files_check" CHECK ("max_files" >= 0),
    CONSTRAINT "storage_quotas_max_storage_bytes_check" CHECK ("max_storage_bytes" >= 1),
    CONSTRAINT "storage_quotas_notes_check" CHECK (length("notes") <= 2000),
    CONSTRAINT "storage_quotas_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "storage_quotas_send_warnings_check" CHECK ("send_warnings" IN (0, 1)),
    CONSTRAINT "storage_quotas_soft_limit_percentage_check" CHECK ("soft_limit_percentage" >= 1 AND "soft_limit_percentage" <= 100),
    CONSTRAINT "storage_quotas_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "storage_quotas_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "storage_quotas_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "storage_quotas_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE,
    CONSTRAINT "storage_quotas_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id") ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX "storage_quotas_user_id_venue_id_key" ON "storage_quotas" ("organization_id", coalesce("user_id", 0), coalesce("venue_id", 0)) WHERE "user_id" IS NULL OR "venue_id" IS NULL;
CREATE INDEX "storage_quotas_venue_id_idx" ON "storage_quotas" ("organization_id", "venue_id");

-- mainstay.storage_usage (files)
-- How much is stored: by a member, at a venue, or by the organisation as a whole.
CREATE TABLE "storage_usage" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The member who stores.
    "user_id" BLOB /* uuid */,
    -- The venue that stores.
    "venue_id" BLOB /* uuid */,
    -- Bytes of all files together.
    "total_storage_bytes" INTEGER NOT NULL DEFAULT 0,
    -- How many files there are.
    "total_files" INTEGER NOT NULL DEFAULT 0,
    -- Bytes of the files of each type.
    "usage_by_type" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- The most that was ever stored, in bytes (S0-B68).
    "peak_storage_bytes" INTEGER NOT NULL DEFAULT 0,
    -- When that was.
    "peak_storage_at" INTEGER /* timestamptz */,
    -- When files were last counted.
    "last_calculated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "storage_usage_user_id_venue_id_key" UNIQUE ("organization_id", "user_id", "venue_id"),
    CONSTRAINT "storage_usage_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "storage_usage_id_check" CHECK (length("id") = 16),
    CONSTRAINT "storage_usage_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "storage_usage_peak_reached_check" CHECK (peak_storage_bytes >= total_storage_bytes),
    CONSTRAINT "storage_usage_peak_storage_bytes_check" CHECK ("peak_storage_bytes" >= 0),
    CONSTRAINT "storage_usage_total_files_check" CHECK ("total_files" >= 0),
    CONSTRAINT "storage_usage_total_storage_bytes_check" CHECK ("total_storage_bytes" >= 0),
    CONSTRAINT "storage_usage_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "storage_usage_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "storage_usage_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "storage_usage_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE,
    CONSTRAINT "storage_usage_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id") ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX "storage_usage_user_id_venue_id_key" ON "storage_usage" ("organization_id", coalesce("user_id", 0), coalesce("venue_id", 0)) WHERE "user_id" IS NULL OR "venue_id" IS NULL;
CREATE INDEX "storage_usage_venue_id_idx" ON "storage_usage" ("organization_id", "venue_id");

-- mainstay.quota_alerts (files)
-- The moment at which storage came near its quota or reached it.
CREATE TABLE "quota_alerts" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The quota.
    "quota_id" BLOB /* uuid */ NOT NULL,
    -- The member that the quota limits.
    "user_id" BLOB /* uuid */,
    -- The venue that the quota limits.
    "venue_id" BLOB /* uuid */,
    -- How near the quota is.
    "alert_type" TEXT NOT NULL,
    -- What is stored, in percent of the quota.
    "usage_percentage" INTEGER /* numeric(7,2) */ NOT NULL,
    -- What is stored, in bytes.
    "current_usage_bytes" INTEGER NOT NULL,
    -- The quota, in bytes.
    "quota_limit_bytes" INTEGER NOT NULL,
    -- Whether somebody was told (S0-B84).
    "notification_sent" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- When somebody was told.
    "notification_sent_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "quota_alerts_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "quota_alerts_alert_type_check" CHECK ("alert_type" IN ('warning', 'exceeded', 'critical')),
    CONSTRAINT "quota_alerts_current_usage_bytes_check" CHECK ("current_usage_bytes" >= 0),
    CONSTRAINT "quota_alerts_id_check" CHECK (length("id") = 16),
    CONSTRAINT "quota_alerts_notification_sent_check" CHECK ("notification_sent" IN (0, 1)),
    CONSTRAINT "quota_alerts_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "quota_alerts_quota_id_check" CHECK (length("quota_id") = 16),
    CONSTRAINT "quota_alerts_quota_limit_bytes_check" CHECK ("quota_limit_bytes" >= 0),
    CONSTRAINT "quota_alerts_sent_at_given_check" CHECK (notification_sent = (notification_sent_at is not null)),
    CONSTRAINT "quota_alerts_usage_percentage_check" CHECK ("usage_percentage" >= 0),
    CONSTRAINT "quota_alerts_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "quota_alerts_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "quota_alerts_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "quota_alerts_quota_id_fkey" FOREIGN KEY ("organization_id", "quota_id") REFERENCES "storage_quotas" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "quota_alerts_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE,
    CONSTRAINT "quota_alerts_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "quota_alerts_quota_id_created_at_idx" ON "quota_alerts" ("organization_id", "quota_id", "created_at");
CREATE INDEX "quota_alerts_alert_type_notification_sent_idx" ON "quota_alerts" ("organization_id", "alert_type", "notification_sent");
CREATE INDEX "quota_alerts_user_id_idx" ON "quota_alerts" ("organization_id", "user_id");
CREATE INDEX "quota_alerts_venue_id_idx" ON "quota_alerts" ("organization_id", "venue_id");

-- mainstay.metrics (analytics)
-- One measurement.
CREATE TABLE "metrics" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- When it was measured.
    "time" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- What is measured, such as `http_request_duration_seconds` or `ticket_sales`.
    "metric_name" TEXT NOT NULL,
    -- How its points are to be read.
    "metric_type" TEXT NOT NULL DEFAULT 'gauge',
    -- What it is measured for.
    "origin" TEXT NOT NULL DEFAULT 'telemetry',
    -- What kind of record it is about.
    "entity_type" TEXT,
    -- The record that it is about, as its own table names it.
    "entity_id" TEXT,
    -- The service that it is about.
    "service_id" BLOB /* uuid */,
    -- The plugin that it is about.
    "plugin_id" BLOB /* uuid */,
    -- The member that it is about.
    "user_id" BLOB /* uuid */,
    -- The team that it is about.
    "team_id" BLOB /* uuid */,
    -- Where it was measured, such as `production`.
    "environment" TEXT,
    -- The number: exact, as some are money, to five digits after the point.
    "value" INTEGER /* numeric(18,5) */ NOT NULL,
    -- What the number counts, such as `seconds` or `USD`.
    "unit" TEXT,
    -- What tells it from others of its name, each label a text.
    "labels" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- What it can be grouped by.
    "dimensions" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Whatever else is known of it.
    "metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "metrics_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "metrics_entity_id_check" CHECK (length("entity_id") <= 255),
    CONSTRAINT "metrics_entity_type_check" CHECK (length("entity_type") <= 100),
    CONSTRAINT "metrics_entity_whole_check" CHECK ((entity_type is null) = (entity_id is null)),
    CONSTRAINT "metrics_environment_check" CHECK (length("environment") <= 50),
    CONSTRAINT "metrics_id_check" CHECK (length("id") = 16),
    CONSTRAINT "metrics_metric_name_check" CHECK (length("metric_name") <= 255),
    CONSTRAINT "metrics_metric_type_check" CHECK ("metric_type" IN ('counter', 'gauge', 'histogram')),
    CONSTRAINT "metrics_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "metrics_origin_check" CHECK ("origin" IN ('telemetry', 'business')),
    CONSTRAINT "metrics_plugin_id_check" CHECK (length("plugin_id") = 16),
    CONSTRAINT "metrics_service_id_check" CHECK (length("service_id") = 16),
    CONSTRAINT "metrics_team_id_check" CHECK (length("team_id") = 16),
    CONSTRAINT "metrics_unit_check" CHECK (length("unit") <= 50),
    CONSTRAINT "metrics_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "metrics_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "metrics_metric_name_time_idx" ON "metrics" ("organization_id", "metric_name", "time" DESC);
CREATE INDEX "metrics_service_id_time_idx" ON "metrics" ("organization_id", "service_id", "time" DESC) WHERE service_id is not null;
CREATE INDEX "metrics_plugin_id_time_idx" ON "metrics" ("organization_id", "plugin_id", "time" DESC) WHERE plugin_id is not null;
CREATE INDEX "metrics_entity_type_entity_id_idx" ON "metrics" ("organization_id", "entity_type", "entity_id") WHERE entity_type is not null;
CREATE INDEX "metrics_time_idx" ON "metrics" ("organization_id", "time");

-- mainstay.metric_rollups (analytics)
-- The points of a metric over a period, as one number (S0-B74).
CREATE TABLE "metric_rollups" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- How the points became one number.
    "aggregation_type" TEXT NOT NULL,
    -- What was measured.
    "metric_name" TEXT NOT NULL,
    -- What kind of record it is about; none for all points of the metric.
    "entity_type" TEXT,
    -- The record that it is about, as its own table names it.
    "entity_id" TEXT,
    -- What the points have in common.
    "dimensions" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- How long the period is.
    "time_period" TEXT NOT NULL,
    -- When the period begins.
    "period_start" INTEGER /* timestamptz */ NOT NULL,
    -- When it ends; points of that moment belong to the next one.
    "period_end" INTEGER /* timestamptz */ NOT NULL,
    -- The number.
    "value" INTEGER /* numeric(18,5) */ NOT NULL,
    -- What the number counts, such as `seconds` or `USD`.
    "unit" TEXT,
    -- How many points it was made of.
    "sample_count" INTEGER NOT NULL DEFAULT 0,
    -- Whatever else is known of it.
    "metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "metric_rollups_aggregation_type_metric_name_entity_typ_1db4b42a" UNIQUE ("organization_id", "aggregation_type", "metric_name", "entity_type", "entity_id", "time_period", "period_start"),
    CONSTRAINT "metric_rollups_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "metric_rollups_aggregation_type_check" CHECK ("aggregation_type" IN ('sum', 'avg', 'min', 'max', 'count')),
    CONSTRAINT "metric_rollups_entity_id_check" CHECK (length("entity_id") <= 255),
    CONSTRAINT "metric_rollups_entity_type_check" CHECK (length("entity_type") <= 100),
    CONSTRAINT "metric_rollups_entity_whole_check" CHECK ((entity_type is null) = (entity_id is null)),
    CONSTRAINT "metric_rollups_id_check" CHECK (length("id") = 16),
    CONSTRAINT "metric_rollups_metric_name_check" CHECK (length("metric_name") <= 255),
    CONSTRAINT "metric_rollups_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "metric_rollups_period_order_check" CHECK (period_start < period_end),
    CONSTRAINT "metric_rollups_sample_count_check" CHECK ("sample_count" >= 0),
    CONSTRAINT "metric_rollups_time_period_check" CHECK ("time_period" IN ('hourly', 'daily', 'weekly', 'monthly')),
    CONSTRAINT "metric_rollups_unit_check" CHECK (length("unit") <= 50),
    CONSTRAINT "metric_rollups_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE UNIQUE INDEX "metric_rollups_aggregation_type_metric_name_entity_typ_1db4b42a" ON "metric_rollups" ("organization_id", "aggregation_type", "metric_name", coalesce("entity_type", x''), coalesce("entity_id", x''), "time_period", "period_start") WHERE "entity_type" IS NULL OR "entity_id" IS NULL;
CREATE INDEX "metric_rollups_metric_name_idx" ON "metric_rollups" ("organization_id", "metric_name");
CREATE INDEX "metric_rollups_entity_type_entity_id_idx" ON "metric_rollups" ("organization_id", "entity_type", "entity_id");
CREATE INDEX "metric_rollups_time_period_period_start_idx" ON "metric_rollups" ("organization_id", "time_period", "period_start");
CREATE INDEX "metric_rollups_period_start_idx" ON "metric_rollups" ("organization_id", "period_start");

-- mainstay.analytics_events (analytics)
-- Something that happened in a product.
CREATE TABLE "analytics_events" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What happened, such as `plugin.installed`.
    "event_type" TEXT NOT NULL,
    -- What it belongs to, such as `plugins`.
    "event_category" TEXT,
    -- Who did it.
    "user_id" BLOB /* uuid */,
    -- The team that it concerns.
    "team_id" BLOB /* uuid */,
    -- The service that it concerns.
    "service_id" BLOB /* uuid */,
    -- The plugin that it concerns.
    "plugin_id" BLOB /* uuid */,
    -- What is to be known of it.
    "data" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- What surrounds it, such as the version of the product.
    "metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Where it was noticed.
    "source" TEXT,
    -- Where the request came from.
    "ip_address" TEXT /* inet */,
    -- The client's program.
    "user_agent" TEXT,
    -- When it happened.
    "occurred_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When something was made of it.
    "processed_at" INTEGER /* timestamptz */,
    CONSTRAINT "analytics_events_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "analytics_events_event_category_check" CHECK (length("event_category") <= 100),
    CONSTRAINT "analytics_events_event_type_check" CHECK (length("event_type") <= 255),
    CONSTRAINT "analytics_events_id_check" CHECK (length("id") = 16),
    CONSTRAINT "analytics_events_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "analytics_events_plugin_id_check" CHECK (length("plugin_id") = 16),
    CONSTRAINT "analytics_events_service_id_check" CHECK (length("service_id") = 16),
    CONSTRAINT "analytics_events_source_check" CHECK ("source" IN ('ui', 'api', 'system', 'webhook')),
    CONSTRAINT "analytics_events_team_id_check" CHECK (length("team_id") = 16),
    CONSTRAINT "analytics_events_user_agent_check" CHECK (length("user_agent") <= 1000),
    CONSTRAINT "analytics_events_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "analytics_events_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "analytics_events_event_type_idx" ON "analytics_events" ("organization_id", "event_type");
CREATE INDEX "analytics_events_event_category_idx" ON "analytics_events" ("organization_id", "event_category");
CREATE INDEX "analytics_events_user_id_idx" ON "analytics_events" ("organization_id", "user_id");
CREATE INDEX "analytics_events_occurred_at_idx" ON "analytics_events" ("organization_id", "occurred_at" DESC);

-- mainstay.cost_records (analytics)
-- What a resource cost over a period, in units of its currency (S1-B52).
CREATE TABLE "cost_records" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The first day.
    "period_start" TEXT /* date */ NOT NULL,
    -- The last day.
    "period_end" TEXT /* date */ NOT NULL,
    -- What was paid for.
    "resource_type" TEXT NOT NULL,
    -- The resource, as who bills it names it.
    "resource_id" TEXT,
    -- The connection whose calls it is.
    "connection_id" BLOB /* uuid */,
    -- The service that used it.
    "service_id" BLOB /* uuid */,
    -- The team that bears it.
    "team_id" BLOB /* uuid */,
    -- What it cost; negative for what is given back.
    "cost" INTEGER /* numeric(10,2) */ NOT NULL,
    -- The currency, as ISO 4217 abbreviates it.
    "currency" TEXT NOT NULL DEFAULT 'USD',
    -- How much was used.
    "usage_amount" INTEGER /* numeric(15,4) */,
    -- What that counts, such as `hour` or `api_call`.
    "usage_unit" TEXT,
    -- Who bears it, as the books name it.
    "cost_center" TEXT,
    -- What it was spent on.
    "project" TEXT,
    -- What it can be grouped by.
    "tags" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "cost_records_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "cost_records_connection_id_check" CHECK (length("connection_id") = 16),
    CONSTRAINT "cost_records_cost_center_check" CHECK (length("cost_center") <= 100),
    CONSTRAINT "cost_records_currency_check" CHECK (length("currency") <= 3),
    CONSTRAINT "cost_records_currency_form_check" CHECK (length(currency) = 3 and currency = upper(currency)),
    CONSTRAINT "cost_records_id_check" CHECK (length("id") = 16),
    CONSTRAINT "cost_records_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "cost_records_period_order_check" CHECK (period_start <= period_end),
    CONSTRAINT "cost_records_project_check" CHECK (length("project") <= 100),
    CONSTRAINT "cost_records_resource_id_check" CHECK (length("resource_id") <= 255),
    CONSTRAINT "cost_records_resource_type_check" CHECK ("resource_type" IN ('compute', 'storage', 'network', 'service', 'integration')),
    CONSTRAINT "cost_records_service_id_check" CHECK (length("service_id") = 16),
    CONSTRAINT "cost_records_team_id_check" CHECK (length("team_id") = 16),
    CONSTRAINT "cost_records_usage_unit_check" CHECK (length("usage_unit") <= 50),
    CONSTRAINT "cost_records_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "cost_records_connection_id_fkey" FOREIGN KEY ("organization_id", "connection_id") REFERENCES "connections" ("organization_id", "id"),
    CONSTRAINT "cost_records_service_id_fkey" FOREIGN KEY ("organization_id", "service_id") REFERENCES "services" ("organization_id", "id"),
    CONSTRAINT "cost_records_team_id_fkey" FOREIGN KEY ("organization_id", "team_id") REFERENCES "teams" ("organization_id", "id")
) STRICT;
CREATE INDEX "cost_records_period_start_period_end_idx" ON "cost_records" ("organization_id", "period_start", "period_end");
CREATE INDEX "cost_records_service_id_idx" ON "cost_records" ("organization_id", "service_id");
CREATE INDEX "cost_records_team_id_idx" ON "cost_records" ("organization_id", "team_id");
CREATE INDEX "cost_records_resource_type_idx" ON "cost_records" ("organization_id", "resource_type");
CREATE INDEX "cost_records_connection_id_idx" ON "cost_records" ("organization_id", "connection_id");
CREATE TRIGGER "cost_records_connection_id_fkey_set_null" AFTER DELETE ON "connections" FOR EACH ROW BEGIN UPDATE "cost_records" SET "connection_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "connection_id" = OLD."id"; END;
CREATE TRIGGER "cost_records_service_id_fkey_set_null" AFTER DELETE ON "services" FOR EACH ROW BEGIN UPDATE "cost_records" SET "service_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "service_id" = OLD."id"; END;
CREATE TRIGGER "cost_records_team_id_fkey_set_null" AFTER DELETE ON "teams" FOR EACH ROW BEGIN UPDATE "cost_records" SET "team_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "team_id" = OLD."id"; END;

-- mainstay.dashboards (analytics)
-- A page of widgets.
CREATE TABLE "dashboards" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The name that people choose it by.
    "name" TEXT NOT NULL,
    -- What it shows.
    "description" TEXT,
    -- What it is about, such as `monitoring` or `sales`.
    "type" TEXT NOT NULL DEFAULT 'custom',
    -- How widgets are arranged.
    "layout" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- What all widgets are narrowed to, such as a range of time.
    "filters" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Who it is shown to.
    "visibility" TEXT NOT NULL DEFAULT 'private',
    -- Whether it is shown when nothing else is chosen.
    "is_default" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Its place among others; smaller comes first.
    "display_order" INTEGER NOT NULL DEFAULT 0,
    -- Who made it.
    "created_by" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "dashboards_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "dashboards_created_by_check" CHECK (length("created_by") = 16),
    CONSTRAINT "dashboards_description_check" CHECK (length("description") <= 2000),
    CONSTRAINT "dashboards_id_check" CHECK (length("id") = 16),
    CONSTRAINT "dashboards_is_default_check" CHECK ("is_default" IN (0, 1)),
    CONSTRAINT "dashboards_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "dashboards_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "dashboards_type_check" CHECK (length("type") <= 50),
    CONSTRAINT "dashboards_visibility_check" CHECK ("visibility" IN ('private', 'team', 'public')),
    CONSTRAINT "dashboards_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "dashboards_created_by_fkey" FOREIGN KEY ("organization_id", "created_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "dashboards_type_idx" ON "dashboards" ("organization_id", "type");
CREATE INDEX "dashboards_created_by_idx" ON "dashboards" ("organization_id", "created_by");
CREATE INDEX "dashboards_is_default_idx" ON "dashboards" ("organization_id", "is_default");
CREATE TRIGGER "dashboards_created_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "dashboards" SET "created_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "created_by" = OLD."user_id"; END;

-- mainstay.dashboard_widgets (analytics)
-- A chart, number or list on a dashboard.
CREATE TABLE "dashboard_widgets" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The dashboard that it stands on.
    "dashboard_id" BLOB /* uuid */ NOT NULL,
    -- How it shows what it shows, such as `line_chart` or `number`.
    "widget_type" TEXT NOT NULL,
    -- What stands above it.
    "title" TEXT NOT NULL,
    -- What it shows.
    "description" TEXT,
    -- How it looks and behaves.
    "configuration" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- What it shows, such as `{"metric": "ticket_sales", "aggregation": "sum"}`.
    "data_source" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Where on the dashboard it stands.
    "position" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- How much of the dashboard it takes.
    "size" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Colours and the like.
    "style" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Seconds until it is drawn anew (S0-B75).
    "refresh_interval" INTEGER NOT NULL DEFAULT 60,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "dashboard_widgets_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "dashboard_widgets_dashboard_id_check" CHECK (length("dashboard_id") = 16),
    CONSTRAINT "dashboard_widgets_description_check" CHECK (length("description") <= 2000),
    CONSTRAINT "dashboard_widgets_id_check" CHECK (length("id") = 16),
    CONSTRAINT "dashboard_widgets_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "dashboard_widgets_refresh_interval_check" CHECK ("refresh_interval" >= 1),
    CONSTRAINT "dashboard_widgets_title_check" CHECK (length("title") <= 255),
    CONSTRAINT "dashboard_widgets_widget_type_check" CHECK (length("widget_type") <= 50),
    CONSTRAINT "dashboard_widgets_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "dashboard_widgets_dashboard_id_fkey" FOREIGN KEY ("organization_id", "dashboard_id") REFERENCES "dashboards" ("organization_id", "id") ON DELETE CASCADE
) STRICT;
CREATE INDEX "dashboard_widgets_dashboard_id_idx" ON "dashboard_widgets" ("organization_id", "dashboard_id");
CREATE INDEX "dashboard_widgets_widget_type_idx" ON "dashboard_widgets" ("organization_id", "widget_type");

-- mainstay.alert_rules (monitoring)
-- A condition on a metric under which an alert is raised.
CREATE TABLE "alert_rules" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The name that people know it by.
    "name" TEXT NOT NULL,
    -- What it watches for, and what to do then.
    "description" TEXT,
    -- The name of the metric that it watches.
    "metric_type" TEXT NOT NULL,
    -- How the metric is compared and over which time, such as `{"operator": ">", "window": "5 minutes"}`.
    "condition" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- What the metric is compared with.
    "threshold" INTEGER /* numeric(18,5) */ NOT NULL,
    -- How urgent its alerts are.
    "severity" TEXT NOT NULL DEFAULT 'medium',
    -- Nothing is raised while this is false.
    "is_enabled" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "alert_rules_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "alert_rules_description_check" CHECK (length("description") <= 2000),
    CONSTRAINT "alert_rules_id_check" CHECK (length("id") = 16),
    CONSTRAINT "alert_rules_is_enabled_check" CHECK ("is_enabled" IN (0, 1)),
    CONSTRAINT "alert_rules_metric_type_check" CHECK (length("metric_type") <= 255),
    CONSTRAINT "alert_rules_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "alert_rules_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "alert_rules_severity_check" CHECK ("severity" IN ('low', 'medium', 'high', 'critical')),
    CONSTRAINT "alert_rules_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "alert_rules_metric_type_is_enabled_idx" ON "alert_rules" ("organization_id", "metric_type", "is_enabled");

-- mainstay.alerts (monitoring)
-- Something that somebody should look at.
CREATE TABLE "alerts" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The rule that raised it; none for what is raised otherwise, or by a rule that is gone.
    "rule_id" BLOB /* uuid */,
    -- What it concerns, such as `SECURITY`, `PERFORMANCE` or `COMPLIANCE` (S4-B9).
    "alert_type" TEXT NOT NULL,
    -- How urgent it is.
    "severity" TEXT NOT NULL,
    -- What happens, in a few words.
    "title" TEXT NOT NULL,
    -- What happens.
    "message" TEXT,
    -- Who noticed it.
    "source" TEXT NOT NULL DEFAULT 'monitoring',
    -- The name of the metric that raised it.
    "metric_type" TEXT,
    -- What kind of record it is about.
    "entity_type" TEXT,
    -- The record that it is about, as its own table names it.
    "entity_id" TEXT,
    -- The condition that was met.
    "threshold_config" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- What the metric was.
    "current_value" INTEGER /* numeric(18,5) */,
    -- What the metric was compared with.
    "threshold_value" INTEGER /* numeric(18,5) */,
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'active',
    -- How often it happened.
    "occurrence_count" INTEGER NOT NULL DEFAULT 0,
    -- How many of the tries failed, in percent (S4-B61).
    "error_rate" INTEGER /* numeric(5,2) */ NOT NULL DEFAULT 0,
    -- Whether it becomes more frequent.
    "trend" TEXT NOT NULL DEFAULT 'stable',
    -- When it first happened.
    "first_occurrence_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it last happened.
    "last_occurrence_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- The parts of the system that are concerned.
    "affected_components" TEXT /* text[] */ NOT NULL DEFAULT '[]',
    -- The people who are concerned.
    "affected_users" TEXT /* text[] */ NOT NULL DEFAULT '[]',
    -- Some of the events that it was raised for.
    "samples" TEXT /* text[] */ NOT NULL DEFAULT '[]',
    -- Whatever else is known of it.
    "metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When it was raised.
    "triggered_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When somebody began to look after it.
    "acknowledged_at" INTEGER /* timestamptz */,
    -- Who looks after it.
    "acknowledged_by" BLOB /* uuid */,
    -- When it was over.
    "resolved_at" INTEGER /* timestamptz */,
    -- Who said so; none if it passed by itself.
    "resolved_by" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "alerts_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "alerts_acknowledged_by_check" CHECK (length("acknowledged_by") = 16),
    CONSTRAINT "alerts_alert_type_check" CHECK (length("alert_type") <= 50),
    CONSTRAINT "alerts_entity_id_check" CHECK (length("entity_id") <= 255),
    CONSTRAINT "alerts_entity_type_check" CHECK (length("entity_type") <= 100),
    CONSTRAINT "alerts_error_rate_check" CHECK ("error_rate" >= 0 AND "error_rate" <= 10000),
    CONSTRAINT "alerts_id_check" CHECK (length("id") = 16),
    CONSTRAINT "alerts_message_check" CHECK (length("message") <= 4000),
    CONSTRAINT "alerts_metric_type_check" CHECK (length("metric_type") <= 255),
    CONSTRAINT "alerts_occurrence_count_check" CHECK ("occurrence_count" >= 0),
    CONSTRAINT "alerts_occurrence_order_check" CHECK (first_occurrence_at <= last_occurrence_at),
    CONSTRAINT "alerts_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "alerts_resolved_by_check" CHECK (length("resolved_by") = 16),
    CONSTRAINT "alerts_resolved_when_over_check" CHECK (resolved_at is null or status = 'resolved'),
    CONSTRAINT "alerts_rule_id_check" CHECK (length("rule_id") = 16),
    CONSTRAINT "alerts_severity_check" CHECK ("severity" IN ('low', 'medium', 'high', 'critical')),
    CONSTRAINT "alerts_source_check" CHECK (length("source") <= 255),
    CONSTRAINT "alerts_status_check" CHECK ("status" IN ('active', 'acknowledged', 'resolved')),
    CONSTRAINT "alerts_title_check" CHECK (length("title") <= 255),
    CONSTRAINT "alerts_trend_check" CHECK ("trend" IN ('stable', 'increasing', 'decreasing')),
    CONSTRAINT "alerts_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "alerts_rule_id_fkey" FOREIGN KEY ("organization_id", "rule_id") REFERENCES "alert_rules" ("organization_id", "id"),
    CONSTRAINT "alerts_acknowledged_by_fkey" FOREIGN KEY ("organization_id", "acknowledged_by") REFERENCES "organization_members" ("organization_id", "user_id"),
    CONSTRAINT "alerts_resolved_by_fkey" FOREIGN KEY ("organization_id", "resolved_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "alerts_alert_type_idx" ON "alerts" ("organization_id", "alert_type");
CREATE INDEX "alerts_severity_idx" ON "alerts" ("organization_id", "severity");
CREATE INDEX "alerts_status_idx" ON "alerts" ("organization_id", "status");
CREATE INDEX "alerts_entity_type_entity_id_idx" ON "alerts" ("organization_id", "entity_type", "entity_id");
CREATE INDEX "alerts_first_occurrence_at_idx" ON "alerts" ("organization_id", "first_occurrence_at");
CREATE INDEX "alerts_last_occurrence_at_idx" ON "alerts" ("organization_id", "last_occurrence_at");
CREATE INDEX "alerts_triggered_at_idx" ON "alerts" ("organization_id", "triggered_at");
CREATE INDEX "alerts_resolved_at_idx" ON "alerts" ("organization_id", "resolved_at");
CREATE INDEX "alerts_rule_id_idx" ON "alerts" ("organization_id", "rule_id");
CREATE INDEX "alerts_acknowledged_by_idx" ON "alerts" ("organization_id", "acknowledged_by");
CREATE INDEX "alerts_resolved_by_idx" ON "alerts" ("organization_id", "resolved_by");
CREATE TRIGGER "alerts_status_life_cycle" BEFORE UPDATE OF "status" ON "alerts" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'active' THEN NEW."status" IN ('acknowledged', 'resolved') WHEN 'acknowledged' THEN NEW."status" IN ('resolved') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:alerts:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "alerts_rule_id_fkey_set_null" AFTER DELETE ON "alert_rules" FOR EACH ROW BEGIN UPDATE "alerts" SET "rule_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "rule_id" = OLD."id"; END;
CREATE TRIGGER "alerts_acknowledged_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "alerts" SET "acknowledged_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "acknowledged_by" = OLD."user_id"; END;
CREATE TRIGGER "alerts_resolved_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "alerts" SET "resolved_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "resolved_by" = OLD."user_id"; END;

-- mainstay.system_events (monitoring)
-- Something that a part of the system did, such as a start or a backup (S3-B62).
CREATE TABLE "system_events" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What happened, such as `backup.completed`.
    "event_type" TEXT NOT NULL,
    -- What is to be known of it.
    "event_data" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When it happened.
    "timestamp" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- The part of the system.
    "source" TEXT NOT NULL,
    -- How much it matters.
    "severity" TEXT NOT NULL DEFAULT 'info',
    CONSTRAINT "system_events_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "system_events_event_type_check" CHECK (length("event_type") <= 255),
    CONSTRAINT "system_events_id_check" CHECK (length("id") = 16),
    CONSTRAINT "system_events_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "system_events_severity_check" CHECK ("severity" IN ('info', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT "system_events_source_check" CHECK (length("source") <= 255),
    CONSTRAINT "system_events_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "system_events_timestamp_idx" ON "system_events" ("organization_id", "timestamp");
CREATE TRIGGER "system_events_append_only_update" BEFORE UPDATE ON "system_events" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:system_events'); END;
CREATE TRIGGER "system_events_append_only_delete" BEFORE DELETE ON "system_events" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:system_events'); END;
CREATE INDEX "system_events_append_only_guard" ON "system_events" ("organization_id") WHERE NOT ms_governed();

-- mainstay.system_errors (monitoring)
-- An error of a part of the system.
CREATE TABLE "system_errors" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What kind of error it is, such as `TimeoutError`.
    "error_type" TEXT NOT NULL,
    -- What it says.
    "error_message" TEXT NOT NULL,
    -- Where in the program it arose.
    "stack_trace" TEXT,
    -- What was going on.
    "context" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When it arose.
    "occurred_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it was dealt with.
    "resolved_at" INTEGER /* timestamptz */,
    CONSTRAINT "system_errors_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "system_errors_error_message_check" CHECK (length("error_message") <= 4000),
    CONSTRAINT "system_errors_error_type_check" CHECK (length("error_type") <= 255),
    CONSTRAINT "system_errors_id_check" CHECK (length("id") = 16),
    CONSTRAINT "system_errors_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "system_errors_stack_trace_check" CHECK (length("stack_trace") <= 65536),
    CONSTRAINT "system_errors_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "system_errors_occurred_at_idx" ON "system_errors" ("organization_id", "occurred_at");

-- mainstay.compliance_assessments (compliance)
-- One look at how far an organisation meets a framework.
CREATE TABLE "compliance_assessments" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The framework.
    "framework" TEXT NOT NULL,
    -- Its edition.
    "framework_version" TEXT,
    -- How far it is.
    "status" TEXT NOT NULL DEFAULT 'in_progress',
    -- How much is met, 0 to 100.
    "overall_compliance_score" INTEGER,
    -- When it began.
    "assessment_date" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it was completed.
    "completion_date" INTEGER /* timestamptz */,
    -- Its result counts until then.
    "expiry_date" INTEGER /* timestamptz */,
    -- Who began it.
    "created_by" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether it is looked at.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "compliance_assessments_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_assessments_created_by_check" CHECK (length("created_by") = 16),
    CONSTRAINT "compliance_assessments_framework_check" CHECK ("framework" IN ('SOC2', 'ISO27001', 'GDPR', 'NIS2', 'PIPEDA', 'HIPAA')),
    CONSTRAINT "compliance_assessments_framework_version_check" CHECK (length("framework_version") <= 20),
    CONSTRAINT "compliance_assessments_id_check" CHECK (length("id") = 16),
    CONSTRAINT "compliance_assessments_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "compliance_assessments_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "compliance_assessments_overall_compliance_score_check" CHECK ("overall_compliance_score" >= 0 AND "overall_compliance_score" <= 100),
    CONSTRAINT "compliance_assessments_status_check" CHECK ("status" IN ('in_progress', 'completed', 'cancelled', 'expired')),
    CONSTRAINT "compliance_assessments_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE CASCADE,
    CONSTRAINT "compliance_assessments_created_by_fkey" FOREIGN KEY ("organization_id", "created_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "compliance_assessments_framework_idx" ON "compliance_assessments" ("organization_id", "framework");
CREATE INDEX "compliance_assessments_status_idx" ON "compliance_assessments" ("organization_id", "status");
CREATE INDEX "compliance_assessments_deleted_at_idx" ON "compliance_assessments" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "compliance_assessments_created_by_idx" ON "compliance_assessments" ("organization_id", "created_by");
CREATE TRIGGER "compliance_assessments_status_life_cycle" BEFORE UPDATE OF "status" ON "compliance_assessments" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'in_progress' THEN NEW."status" IN ('completed', 'cancelled') WHEN 'completed' THEN NEW."status" IN ('in_progress', 'expired') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:compliance_assessments:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "compliance_assessments_created_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "compliance_assessments" SET "created_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "created_by" = OLD."user_id"; END;

-- mainstay.compliance_controls (compliance)
-- One demand of a framework, as one assessment finds it.
CREATE TABLE "compliance_controls" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The assessment.
    "assessment_id" BLOB /* uuid */ NOT NULL,
    -- The framework's name for it, such as `SOC2-CC6.1`.
    "control_code" TEXT NOT NULL,
    -- What it is called.
    "control_name" TEXT NOT NULL,
    -- What it demands.
    "control_description" TEXT,
    -- Part of the framework.
    "control_category" TEXT,
    -- Whether it is met.
    "status" TEXT NOT NULL DEFAULT 'not_tested',
    -- How much of it is met, 0 to 100.
    "compliance_score" INTEGER,
    -- What was found.
    "findings" TEXT,
    -- What shows it.
    "evidence_summary" TEXT,
    -- What was done.
    "remediation_notes" TEXT,
    -- What is to be done.
    "remediation_plan" TEXT,
    -- Who looks at it.
    "assessor_id" BLOB /* uuid */,
    -- Who answers for it.
    "owner_id" BLOB /* uuid */,
    -- Who works on it.
    "assigned_to" BLOB /* uuid */,
    -- When it was looked at.
    "assessment_date" TEXT /* date */,
    -- When it is to be met.
    "due_date" TEXT /* date */,
    -- When it was met.
    "completed_date" TEXT /* date */,
    -- When somebody last read it.
    "last_reviewed_at" INTEGER /* timestamptz */,
    -- When somebody is to look again.
    "next_review_date" INTEGER /* timestamptz */,
    -- What flagged it (S2-B54).
    "scan_source" TEXT,
    -- What kind of finding that was.
    "scan_finding_type" TEXT,
    -- The finding, as the scan names it.
    "scan_finding_id" TEXT,
    -- When it was flagged.
    "scan_flagged_at" INTEGER /* timestamptz */,
    -- When a later scan found it met.
    "scan_verified_at" INTEGER /* timestamptz */,
    -- The domain that was scanned.
    "scan_domain" TEXT,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether it counts.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "compliance_controls_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_controls_assessment_id_check" CHECK (length("assessment_id") = 16),
    CONSTRAINT "compliance_controls_assessor_id_check" CHECK (length("assessor_id") = 16),
    CONSTRAINT "compliance_controls_assigned_to_check" CHECK (length("assigned_to") = 16),
    CONSTRAINT "compliance_controls_compliance_score_check" CHECK ("compliance_score" >= 0 AND "compliance_score" <= 100),
    CONSTRAINT "compliance_controls_control_category_check" CHECK (length("control_category") <= 100),
    CONSTRAINT "compliance_controls_control_code_check" CHECK (length("control_code") <= 100),
    CONSTRAINT "compliance_controls_control_description_check" CHECK (length("control_description") <= 8000),
    CONSTRAINT "compliance_controls_control_name_check" CHECK (length("control_name") <= 255),
    CONSTRAINT "compliance_controls_evidence_summary_check" CHECK (length("evidence_summary") <= 16000),
    CONSTRAINT "compliance_controls_findings_check" CHECK (length("findings") <= 16000),
    CONSTRAINT "compliance_controls_id_check" CHECK (length("id") = 16),
    CONSTRAINT "compliance_controls_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "compliance_controls_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "compliance_controls_owner_id_check" CHECK (length("owner_id") = 16),
    CONSTRAINT "compliance_controls_remediation_notes_check" CHECK (length("remediation_notes") <= 16000),
    CONSTRAINT "compliance_controls_remediation_plan_check" CHECK (length("remediation_plan") <= 16000),
    CONSTRAINT "compliance_controls_scan_domain_check" CHECK (length("scan_domain") <= 255),
    CONSTRAINT "compliance_controls_scan_finding_id_check" CHECK (length("scan_finding_id") <= 100),
    CONSTRAINT "compliance_controls_scan_finding_type_check" CHECK (length("scan_finding_type") <= 100),
    CONSTRAINT "compliance_controls_scan_source_check" CHECK ("scan_source" IN ('xasm', 'lightbox', 'manual')),
    CONSTRAINT "compliance_controls_status_check" CHECK ("status" IN ('not_tested', 'pending_assessment', 'compliant', 'partially_compliant', 'non_compliant', 'not_applicable')),
    CONSTRAINT "compliance_controls_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "compliance_controls_assessment_id_fkey" FOREIGN KEY ("organization_id", "assessment_id") REFERENCES "compliance_assessments" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "compliance_controls_assessor_id_fkey" FOREIGN KEY ("organization_id", "assessor_id") REFERENCES "organization_members" ("organization_id", "user_id"),
    CONSTRAINT "compliance_controls_owner_id_fkey" FOREIGN KEY ("organization_id", "owner_id") REFERENCES "organization_members" ("organization_id", "user_id"),
    CONSTRAINT "compliance_controls_assigned_to_fkey" FOREIGN KEY ("organization_id", "assigned_to") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE UNIQUE INDEX "compliance_controls_assessment_id_control_code_key" ON "compliance_controls" ("organization_id", "assessment_id", "control_code") WHERE deleted_at is null;
CREATE INDEX "compliance_controls_status_idx" ON "compliance_controls" ("organization_id", "status");
CREATE INDEX "compliance_controls_due_date_idx" ON "compliance_controls" ("organization_id", "due_date");
CREATE INDEX "compliance_controls_deleted_at_idx" ON "compliance_controls" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "compliance_controls_assessment_id_idx" ON "compliance_controls" ("organization_id", "assessment_id");
CREATE INDEX "compliance_controls_assessor_id_idx" ON "compliance_controls" ("organization_id", "assessor_id");
CREATE INDEX "compliance_controls_owner_id_idx" ON "compliance_controls" ("organization_id", "owner_id");
CREATE INDEX "compliance_controls_assigned_to_idx" ON "compliance_controls" ("organization_id", "assigned_to");
CREATE TABLE "compliance_controls_words" ( /* definition 1 */
    "organization_id" BLOB /* uuid */ NOT NULL,
    "field" INTEGER NOT NULL,
    "word" TEXT NOT NULL,
    "id" BLOB /* uuid */ NOT NULL,
    CONSTRAINT "compliance_controls_words_pkey" PRIMARY KEY ("organization_id", "field", "word", "id")
) STRICT, WITHOUT ROWID;
INSERT INTO "compliance_controls_words" ("organization_id", "field", "word", "id") SELECT t."organization_id", 0, j.value, t."id" FROM "compliance_controls" AS t, json_each(ms_words(t."control_name")) AS j;
INSERT INTO "compliance_controls_words" ("organization_id", "field", "word", "id") SELECT t."organization_id", 1, j.value, t."id" FROM "compliance_controls" AS t, json_each(ms_words(t."control_description")) AS j;
CREATE TRIGGER "compliance_controls_words_forget" AFTER DELETE ON "compliance_controls" FOR EACH ROW BEGIN DELETE FROM "compliance_controls_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."control_name"))); DELETE FROM "compliance_controls_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."control_description"))); END;
CREATE TRIGGER "compliance_controls_words_change_0" AFTER UPDATE OF "control_name", "id" ON "compliance_controls" FOR EACH ROW BEGIN DELETE FROM "compliance_controls_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."control_name"))); INSERT INTO "compliance_controls_words" ("organization_id", "field", "word", "id") SELECT NEW."organization_id", 0, j.value, NEW."id" FROM json_each(ms_words(NEW."control_name")) AS j; END;
CREATE TRIGGER "compliance_controls_words_change_1" AFTER UPDATE OF "control_description", "id" ON "compliance_controls" FOR EACH ROW BEGIN DELETE FROM "compliance_controls_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."control_description"))); INSERT INTO "compliance_controls_words" ("organization_id", "field", "word", "id") SELECT NEW."organization_id", 1, j.value, NEW."id" FROM json_each(ms_words(NEW."control_description")) AS j; END;
CREATE TRIGGER "compliance_controls_status_life_cycle" BEFORE UPDATE OF "status" ON "compliance_controls" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'not_tested' THEN NEW."status" IN ('pending_assessment', 'compliant', 'partially_compliant', 'non_compliant', 'not_applicable') WHEN 'pending_assessment' THEN NEW."status" IN ('compliant', 'partially_compliant', 'non_compliant', 'not_applicable') WHEN 'compliant' THEN NEW."status" IN ('pending_assessment', 'partially_compliant', 'non_compliant', 'not_applicable') WHEN 'partially_compliant' THEN NEW."status" IN ('pending_assessment', 'compliant', 'non_compliant', 'not_applicable') WHEN 'non_compliant' THEN NEW."status" IN ('pending_assessment', 'compliant', 'partially_compliant', 'not_applicable') WHEN 'not_applicable' THEN NEW."status" IN ('pending_assessment', 'compliant', 'partially_compliant', 'non_compliant') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:compliance_controls:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "compliance_controls_assessor_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "compliance_controls" SET "assessor_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "assessor_id" = OLD."user_id"; END;
CREATE TRIGGER "compliance_controls_owner_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "compliance_controls" SET "owner_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "owner_id" = OLD."user_id"; END;
CREATE TRIGGER "compliance_controls_assigned_to_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "compliance_controls" SET "assigned_to" = NULL WHERE "organization_id" = OLD."organization_id" AND "assigned_to" = OLD."user_id"; END;

-- mainstay.compliance_evidence (compliance)
-- Something that shows that a control is met.
CREATE TABLE "compliance_evidence" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The control.
    "control_id" BLOB /* uuid */ NOT NULL,
    -- What kind it is.
    "evidence_type" TEXT NOT NULL,
    -- What it is called.
    "title" TEXT NOT NULL,
    -- What it shows.
    "description" TEXT,
    -- Where its file is.
    "file_path" TEXT,
    -- Bytes of the file.
    "file_size" INTEGER,
    -- Media type of the file.
    "file_type" TEXT,
    -- What was recorded, where it is no file.
    "data" TEXT /* jsonb */ NOT NULL DEFAULT '[]',
    -- Who gave it.
    "uploaded_by" BLOB /* uuid */,
    -- What time it is of.
    "evidence_date" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether it counts.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "compliance_evidence_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_evidence_control_id_check" CHECK (length("control_id") = 16),
    CONSTRAINT "compliance_evidence_description_check" CHECK (length("description") <= 8000),
    CONSTRAINT "compliance_evidence_evidence_type_check" CHECK ("evidence_type" IN ('document', 'scan', 'screenshot', 'policy', 'log')),
    CONSTRAINT "compliance_evidence_file_path_check" CHECK (length("file_path") <= 500),
    CONSTRAINT "compliance_evidence_file_size_check" CHECK ("file_size" >= 0),
    CONSTRAINT "compliance_evidence_file_type_check" CHECK (length("file_type") <= 100),
    CONSTRAINT "compliance_evidence_id_check" CHECK (length("id") = 16),
    CONSTRAINT "compliance_evidence_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "compliance_evidence_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "compliance_evidence_title_check" CHECK (length("title") <= 255),
    CONSTRAINT "compliance_evidence_uploaded_by_check" CHECK (length("uploaded_by") = 16),
    CONSTRAINT "compliance_evidence_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "compliance_evidence_control_id_fkey" FOREIGN KEY ("organization_id", "control_id") REFERENCES "compliance_controls" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "compliance_evidence_uploaded_by_fkey" FOREIGN KEY ("organization_id", "uploaded_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "compliance_evidence_control_id_evidence_date_idx" ON "compliance_evidence" ("organization_id", "control_id", "evidence_date");
CREATE INDEX "compliance_evidence_deleted_at_idx" ON "compliance_evidence" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "compliance_evidence_uploaded_by_idx" ON "compliance_evidence" ("organization_id", "uploaded_by");
CREATE TABLE "compliance_evidence_words" ( /* definition 1 */
    "organization_id" BLOB /* uuid */ NOT NULL,
    "field" INTEGER NOT NULL,
    "word" TEXT NOT NULL,
    "id" BLOB /* uuid */ NOT NULL,
    CONSTRAINT "compliance_evidence_words_pkey" PRIMARY KEY ("organization_id", "field", "word", "id")
) STRICT, WITHOUT ROWID;
INSERT INTO "compliance_evidence_words" ("organization_id", "field", "word", "id") SELECT t."organization_id", 0, j.value, t."id" FROM "compliance_evidence" AS t, json_each(ms_words(t."title")) AS j;
INSERT INTO "compliance_evidence_words" ("organization_id", "field", "word", "id") SELECT t."organization_id", 1, j.value, t."id" FROM "compliance_evidence" AS t, json_each(ms_words(t."description")) AS j;
CREATE TRIGGER "compliance_evidence_words_forget" AFTER DELETE ON "compliance_evidence" FOR EACH ROW BEGIN DELETE FROM "compliance_evidence_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."title"))); DELETE FROM "compliance_evidence_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."description"))); END;
CREATE TRIGGER "compliance_evidence_words_change_0" AFTER UPDATE OF "title", "id" ON "compliance_evidence" FOR EACH ROW BEGIN DELETE FROM "compliance_evidence_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."title"))); INSERT INTO "compliance_evidence_words" ("organization_id", "field", "word", "id") SELECT NEW."organization_id", 0, j.value, NEW."id" FROM json_each(ms_words(NEW."title")) AS j; END;
CREATE TRIGGER "compliance_evidence_words_change_1" AFTER UPDATE OF "description", "id" ON "compliance_evidence" FOR EACH ROW BEGIN DELETE FROM "compliance_evidence_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."description"))); INSERT INTO "compliance_evidence_words" ("organization_id", "field", "word", "id") SELECT NEW."organization_id", 1, j.value, NEW."id" FROM json_each(ms_words(NEW."description")) AS j; END;
CREATE TRIGGER "compliance_evidence_uploaded_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "compliance_evidence" SET "uploaded_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "uploaded_by" = OLD."user_id"; END;

-- mainstay.venue_verifications (compliance)
-- Whether a venue's business and the persons behind it are who they say.
CREATE TABLE "venue_verifications" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The venue.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- What is verified.
    "verification_type" TEXT NOT NULL,
    -- How far it is.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- When it was submitted.
    "submitted_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it was verified.
    "verified_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "venue_verifications_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "venue_verifications_id_check" CHECK (length("id") = 16),
    CONSTRAINT "venue_verifications_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "venue_verifications_status_check" CHECK ("status" IN ('pending', 'in_review', 'verified', 'rejected', 'expired')),
    CONSTRAINT "venue_verifications_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "venue_verifications_verification_type_check" CHECK ("verification_type" IN ('kyc', 'kyb')),
    CONSTRAINT "venue_verifications_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "venue_verifications_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "venue_verifications_venue_id_verification_type_idx" ON "venue_verifications" ("organization_id", "venue_id", "verification_type");
CREATE INDEX "venue_verifications_status_submitted_at_idx" ON "venue_verifications" ("organization_id", "status", "submitted_at");
CREATE TRIGGER "venue_verifications_status_life_cycle" BEFORE UPDATE OF "status" ON "venue_verifications" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('in_review', 'verified', 'rejected') WHEN 'in_review' THEN NEW."status" IN ('verified', 'rejected') WHEN 'verified' THEN NEW."status" IN ('expired') WHEN 'rejected' THEN NEW."status" IN ('pending') WHEN 'expired' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:venue_verifications:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.bank_verifications (compliance)
-- Whether a bank account belongs to a venue.
CREATE TABLE "bank_verifications" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The venue.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- The account (S0-B46); equality finds one that several venues name.
    "account_number" BLOB NOT NULL,
    -- The bank.
    "routing_number" TEXT NOT NULL,
    -- How far it is.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- When it was verified.
    "verified_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Keyed hash of account_number, by which equal values are found.
    "account_number_blind" BLOB,
    CONSTRAINT "bank_verifications_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "bank_verifications_id_check" CHECK (length("id") = 16),
    CONSTRAINT "bank_verifications_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "bank_verifications_routing_number_check" CHECK (length("routing_number") <= 34),
    CONSTRAINT "bank_verifications_status_check" CHECK ("status" IN ('pending', 'verified', 'failed')),
    CONSTRAINT "bank_verifications_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "bank_verifications_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "bank_verifications_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "bank_verifications_venue_id_status_idx" ON "bank_verifications" ("organization_id", "venue_id", "status");
CREATE INDEX "bank_verifications_account_number_blind_idx" ON "bank_verifications" ("organization_id", "account_number_blind");
CREATE TRIGGER "bank_verifications_status_life_cycle" BEFORE UPDATE OF "status" ON "bank_verifications" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('verified', 'failed') WHEN 'verified' THEN NEW."status" IN ('failed') WHEN 'failed' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:bank_verifications:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.payout_methods (compliance)
-- A way in which a venue is paid; one of them is the usual one.
CREATE TABLE "payout_methods" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The venue.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- How money is sent.
    "method_type" TEXT NOT NULL,
    -- Where it is sent, as a document (S0-B47).
    "details" BLOB NOT NULL,
    -- Whether it is the venue's usual one.
    "is_default" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "payout_methods_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "payout_methods_id_check" CHECK (length("id") = 16),
    CONSTRAINT "payout_methods_is_default_check" CHECK ("is_default" IN (0, 1)),
    CONSTRAINT "payout_methods_method_type_check" CHECK ("method_type" IN ('bank_account', 'debit_card', 'paypal', 'stripe', 'check')),
    CONSTRAINT "payout_methods_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "payout_methods_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "payout_methods_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "payout_methods_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id")
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX "payout_methods_venue_id_key" ON "payout_methods" ("organization_id", "venue_id") WHERE is_default = true;
CREATE INDEX "payout_methods_venue_id_idx" ON "payout_methods" ("organization_id", "venue_id");

-- mainstay.tax_records (compliance)
-- What a payee, a venue or a person, took in a year.
CREATE TABLE "tax_records" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The venue that was paid.
    "venue_id" BLOB /* uuid */,
    -- The person who was paid.
    "user_id" BLOB /* uuid */,
    -- The calendar year.
    "tax_year" INTEGER NOT NULL,
    -- The form that reports it.
    "form_type" TEXT NOT NULL DEFAULT '1099-K',
    -- What was paid before fees and refunds, in dollars.
    "gross_amount" INTEGER /* numeric(14,2) */ NOT NULL DEFAULT 0,
    -- Payments that it consists of: forms are due by amount and number.
    "transaction_count" INTEGER NOT NULL DEFAULT 0,
    -- How far it is.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "tax_records_venue_id_user_id_tax_year_form_type_key" UNIQUE ("organization_id", "venue_id", "user_id", "tax_year", "form_type"),
    CONSTRAINT "tax_records_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "tax_records_form_type_check" CHECK ("form_type" IN ('1099-K')),
    CONSTRAINT "tax_records_gross_amount_check" CHECK ("gross_amount" >= 0),
    CONSTRAINT "tax_records_id_check" CHECK (length("id") = 16),
    CONSTRAINT "tax_records_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "tax_records_payee_check" CHECK (venue_id is not null or user_id is not null),
    CONSTRAINT "tax_records_status_check" CHECK ("status" IN ('pending', 'generated', 'filed', 'corrected', 'not_required')),
    CONSTRAINT "tax_records_tax_year_check" CHECK ("tax_year" >= 1900 AND "tax_year" <= 2200),
    CONSTRAINT "tax_records_transaction_count_check" CHECK ("transaction_count" >= 0),
    CONSTRAINT "tax_records_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "tax_records_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "tax_records_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "tax_records_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id"),
    CONSTRAINT "tax_records_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX "tax_records_venue_id_user_id_tax_year_form_type_key" ON "tax_records" ("organization_id", coalesce("venue_id", 0), coalesce("user_id", 0), "tax_year", "form_type") WHERE "venue_id" IS NULL OR "user_id" IS NULL;
CREATE INDEX "tax_records_tax_year_status_idx" ON "tax_records" ("organization_id", "tax_year", "status");
CREATE INDEX "tax_records_user_id_idx" ON "tax_records" ("organization_id", "user_id");
CREATE TRIGGER "tax_records_status_life_cycle" BEFORE UPDATE OF "status" ON "tax_records" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('generated', 'not_required') WHEN 'generated' THEN NEW."status" IN ('pending', 'filed') WHEN 'filed' THEN NEW."status" IN ('corrected') WHEN 'corrected' THEN NEW."status" IN ('filed') WHEN 'not_required' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:tax_records:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.form_1099_records (compliance)
-- A form 1099 as it was made for a venue; a correction is another one.
CREATE TABLE "form_1099_records" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The venue that was paid.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- What it was made of.
    "tax_record_id" BLOB /* uuid */,
    -- The calendar year.
    "tax_year" INTEGER NOT NULL,
    -- What it tells, in dollars.
    "gross_amount" INTEGER /* numeric(14,2) */ NOT NULL,
    -- When it was sent.
    "filed_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "form_1099_records_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "form_1099_records_gross_amount_check" CHECK ("gross_amount" >= 0),
    CONSTRAINT "form_1099_records_id_check" CHECK (length("id") = 16),
    CONSTRAINT "form_1099_records_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "form_1099_records_tax_record_id_check" CHECK (length("tax_record_id") = 16),
    CONSTRAINT "form_1099_records_tax_year_check" CHECK ("tax_year" >= 1900 AND "tax_year" <= 2200),
    CONSTRAINT "form_1099_records_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "form_1099_records_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "form_1099_records_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id"),
    CONSTRAINT "form_1099_records_tax_record_id_fkey" FOREIGN KEY ("organization_id", "tax_record_id") REFERENCES "tax_records" ("organization_id", "id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "form_1099_records_venue_id_tax_year_idx" ON "form_1099_records" ("organization_id", "venue_id", "tax_year");
CREATE INDEX "form_1099_records_filed_at_idx" ON "form_1099_records" ("organization_id", "filed_at");
CREATE INDEX "form_1099_records_tax_record_id_idx" ON "form_1099_records" ("organization_id", "tax_record_id");

-- mainstay.ofac_sdn_entries (compliance)
-- An entry of the list of specially designated nationals, which is public and the same for all organisations.
CREATE TABLE "ofac_sdn_entries" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The list's own number of the entry.
    "entry_number" INTEGER NOT NULL,
    -- Who is listed.
    "name" TEXT NOT NULL,
    -- What is listed.
    "type" TEXT NOT NULL,
    -- Other names.
    "aliases" TEXT /* text[] */ NOT NULL DEFAULT '[]',
    -- Why it is listed: names of sanctions programmes.
    "programs" TEXT /* text[] */ NOT NULL DEFAULT '[]',
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "ofac_sdn_entries_entry_number_key" UNIQUE ("entry_number"),
    CONSTRAINT "ofac_sdn_entries_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "ofac_sdn_entries_entry_number_check" CHECK ("entry_number" >= 1),
    CONSTRAINT "ofac_sdn_entries_id_check" CHECK (length("id") = 16),
    CONSTRAINT "ofac_sdn_entries_name_check" CHECK (length("name") <= 500),
    CONSTRAINT "ofac_sdn_entries_type_check" CHECK ("type" IN ('individual', 'entity', 'vessel', 'aircraft'))
) STRICT;
CREATE INDEX "ofac_sdn_entries_name_idx" ON "ofac_sdn_entries" ("name");
CREATE TABLE "ofac_sdn_entries_words" ( /* definition 1 */
    "field" INTEGER NOT NULL,
    "word" TEXT NOT NULL,
    "id" BLOB /* uuid */ NOT NULL,
    CONSTRAINT "ofac_sdn_entries_words_pkey" PRIMARY KEY ("field", "word", "id")
) STRICT, WITHOUT ROWID;
INSERT INTO "ofac_sdn_entries_words" ("field", "word", "id") SELECT 0, j.value, t."id" FROM "ofac_sdn_entries" AS t, json_each(ms_words(t."name")) AS j;
INSERT INTO "ofac_sdn_entries_words" ("field", "word", "id") SELECT 1, j.value, t."id" FROM "ofac_sdn_entries" AS t, json_each(ms_json_words(t."aliases")) AS j;
CREATE TRIGGER "ofac_sdn_entries_words_forget" AFTER DELETE ON "ofac_sdn_entries" FOR EACH ROW BEGIN DELETE FROM "ofac_sdn_entries_words" WHERE "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."name"))); DELETE FROM "ofac_sdn_entries_words" WHERE "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_json_words(OLD."aliases"))); END;
CREATE TRIGGER "ofac_sdn_entries_words_change_0" AFTER UPDATE OF "name", "id" ON "ofac_sdn_entries" FOR EACH ROW BEGIN DELETE FROM "ofac_sdn_entries_words" WHERE "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."name"))); INSERT INTO "ofac_sdn_entries_words" ("field", "word", "id") SELECT 0, j.value, NEW."id" FROM json_each(ms_words(NEW."name")) AS j; END;
CREATE TRIGGER "ofac_sdn_entries_words_change_1" AFTER UPDATE OF "aliases", "id" ON "ofac_sdn_entries" FOR EACH ROW BEGIN DELETE FROM "ofac_sdn_entries_words" WHERE "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_json_words(OLD."aliases"))); INSERT INTO "ofac_sdn_entries_words" ("field", "word", "id") SELECT 1, j.value, NEW."id" FROM json_each(ms_json_words(NEW."aliases")) AS j; END;

-- mainstay.ofac_checks (compliance)
-- That somebody was looked for on the list, and what was found; kept as it was.
CREATE TABLE "ofac_checks" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What was looked for: `venue`, `customer`, `user`.
    "entity_type" TEXT NOT NULL,
    -- Its identifier.
    "entity_id" TEXT NOT NULL,
    -- Why.
    "check_type" TEXT NOT NULL,
    -- The name that was looked for.
    "screened_name" BLOB,
    -- Whether it is on the list.
    "match_found" INTEGER /* boolean */ NOT NULL,
    -- How alike the names are, 0 to 1.
    "match_score" INTEGER /* numeric(5,4) */,
    -- The entry that is most alike.
    "matched_entry_id" BLOB /* uuid */,
    -- When.
    "checked_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "ofac_checks_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "ofac_checks_check_type_check" CHECK ("check_type" IN ('onboarding', 'payout', 'periodic', 'manual')),
    CONSTRAINT "ofac_checks_entity_id_check" CHECK (length("entity_id") <= 255),
    CONSTRAINT "ofac_checks_entity_type_check" CHECK (length("entity_type") <= 100),
    CONSTRAINT "ofac_checks_id_check" CHECK (length("id") = 16),
    CONSTRAINT "ofac_checks_match_found_check" CHECK ("match_found" IN (0, 1)),
    CONSTRAINT "ofac_checks_match_score_check" CHECK ("match_score" >= 0 AND "match_score" <= 10000),
    CONSTRAINT "ofac_checks_matched_entry_id_check" CHECK (length("matched_entry_id") = 16),
    CONSTRAINT "ofac_checks_organization_id_check" CHECK (length("organization_id") = 16)
) STRICT;
CREATE INDEX "ofac_checks_entity_type_entity_id_checked_at_idx" ON "ofac_checks" ("organization_id", "entity_type", "entity_id", "checked_at");
CREATE INDEX "ofac_checks_checked_at_idx" ON "ofac_checks" ("organization_id", "checked_at") WHERE match_found = true;
CREATE TRIGGER "ofac_checks_append_only_update" BEFORE UPDATE ON "ofac_checks" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:ofac_checks'); END;
CREATE TRIGGER "ofac_checks_append_only_delete" BEFORE DELETE ON "ofac_checks" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:ofac_checks'); END;
CREATE INDEX "ofac_checks_append_only_guard" ON "ofac_checks" ("organization_id") WHERE NOT ms_governed();

-- mainstay.risk_assessments (compliance)
-- How risky it was to deal with somebody at a time.
CREATE TABLE "risk_assessments" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What it is about: `venue`, `customer`, `user`.
    "entity_type" TEXT NOT NULL,
    -- Its identifier.
    "entity_id" TEXT NOT NULL,
    -- 0, no risk, to 100.
    "risk_score" INTEGER /* numeric(5,2) */ NOT NULL,
    -- The score in words.
    "risk_level" TEXT NOT NULL,
    -- What the score consists of.
    "factors" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When it was made.
    "assessed_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "risk_assessments_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "risk_assessments_entity_id_check" CHECK (length("entity_id") <= 255),
    CONSTRAINT "risk_assessments_entity_type_check" CHECK (length("entity_type") <= 100),
    CONSTRAINT "risk_assessments_id_check" CHECK (length("id") = 16),
    CONSTRAINT "risk_assessments_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "risk_assessments_risk_level_check" CHECK ("risk_level" IN ('low', 'medium', 'high', 'critical')),
    CONSTRAINT "risk_assessments_risk_score_check" CHECK ("risk_score" >= 0 AND "risk_score" <= 10000),
    CONSTRAINT "risk_assessments_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "risk_assessments_entity_type_entity_id_assessed_at_idx" ON "risk_assessments" ("organization_id", "entity_type", "entity_id", "assessed_at");
CREATE INDEX "risk_assessments_risk_level_idx" ON "risk_assessments" ("organization_id", "risk_level");

-- mainstay.risk_flags (compliance)
-- Something that speaks for a risk, until somebody has dealt with it.
CREATE TABLE "risk_flags" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What it is about: `venue`, `customer`, `user`.
    "entity_type" TEXT NOT NULL,
    -- Its identifier.
    "entity_id" TEXT NOT NULL,
    -- What was seen: `velocity`, `sanctions_match`, `chargebacks`; the list is open.
    "flag_type" TEXT NOT NULL,
    -- How much it matters.
    "severity" TEXT NOT NULL,
    -- When it was seen.
    "flagged_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When somebody had dealt with it.
    "resolved_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "risk_flags_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "risk_flags_entity_id_check" CHECK (length("entity_id") <= 255),
    CONSTRAINT "risk_flags_entity_type_check" CHECK (length("entity_type") <= 100),
    CONSTRAINT "risk_flags_flag_type_check" CHECK (length("flag_type") <= 100),
    CONSTRAINT "risk_flags_id_check" CHECK (length("id") = 16),
    CONSTRAINT "risk_flags_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "risk_flags_severity_check" CHECK ("severity" IN ('low', 'medium', 'high', 'critical')),
    CONSTRAINT "risk_flags_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "risk_flags_entity_type_entity_id_idx" ON "risk_flags" ("organization_id", "entity_type", "entity_id");
CREATE INDEX "risk_flags_severity_flagged_at_idx" ON "risk_flags" ("organization_id", "severity", "flagged_at") WHERE resolved_at is null;

-- mainstay.compliance_documents (compliance)
-- A document that was handed in for a venue, customer or user.
CREATE TABLE "compliance_documents" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What it was handed in for: `venue`, `customer`, `user`.
    "entity_type" TEXT NOT NULL,
    -- Its identifier.
    "entity_id" TEXT NOT NULL,
    -- What it is: `business_license`, `bank_statement`, `passport`; the list is open.
    "document_type" TEXT NOT NULL,
    -- The key of its file in the storage.
    "file_key" TEXT NOT NULL,
    -- How far its review is.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- When it was handed in.
    "uploaded_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "compliance_documents_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_documents_document_type_check" CHECK (length("document_type") <= 100),
    CONSTRAINT "compliance_documents_entity_id_check" CHECK (length("entity_id") <= 255),
    CONSTRAINT "compliance_documents_entity_type_check" CHECK (length("entity_type") <= 100),
    CONSTRAINT "compliance_documents_file_key_check" CHECK (length("file_key") <= 1024),
    CONSTRAINT "compliance_documents_id_check" CHECK (length("id") = 16),
    CONSTRAINT "compliance_documents_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "compliance_documents_status_check" CHECK ("status" IN ('pending', 'approved', 'rejected', 'expired')),
    CONSTRAINT "compliance_documents_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "compliance_documents_entity_type_entity_id_idx" ON "compliance_documents" ("organization_id", "entity_type", "entity_id");
CREATE INDEX "compliance_documents_status_uploaded_at_idx" ON "compliance_documents" ("organization_id", "status", "uploaded_at");
CREATE TRIGGER "compliance_documents_status_life_cycle" BEFORE UPDATE OF "status" ON "compliance_documents" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('approved', 'rejected') WHEN 'approved' THEN NEW."status" IN ('expired') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:compliance_documents:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.compliance_batch_jobs (compliance)
-- Work for many records at once.
CREATE TABLE "compliance_batch_jobs" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What it does.
    "job_type" TEXT NOT NULL,
    -- How far it is.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- When it was begun.
    "started_at" INTEGER /* timestamptz */,
    -- When it ended.
    "completed_at" INTEGER /* timestamptz */,
    -- What came of it.
    "results" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "compliance_batch_jobs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_batch_jobs_id_check" CHECK (length("id") = 16),
    CONSTRAINT "compliance_batch_jobs_job_type_check" CHECK ("job_type" IN ('ofac_screening', 'risk_assessment', 'tax_forms')),
    CONSTRAINT "compliance_batch_jobs_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "compliance_batch_jobs_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed')),
    CONSTRAINT "compliance_batch_jobs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "compliance_batch_jobs_job_type_created_at_idx" ON "compliance_batch_jobs" ("organization_id", "job_type", "created_at");
CREATE INDEX "compliance_batch_jobs_status_created_at_idx" ON "compliance_batch_jobs" ("organization_id", "status", "created_at");
CREATE TRIGGER "compliance_batch_jobs_status_life_cycle" BEFORE UPDATE OF "status" ON "compliance_batch_jobs" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing', 'failed') WHEN 'processing' THEN NEW."status" IN ('completed', 'failed') WHEN 'failed' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:compliance_batch_jobs:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.integrations (integrations)
-- A system that can be connected to: Stripe, Square, Mailchimp. The catalogue is the installation's, the same for all organisations.
CREATE TABLE "integrations" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- What it is called.
    "name" TEXT NOT NULL,
    -- What it is for.
    "type" TEXT NOT NULL,
    -- What it does.
    "description" TEXT,
    -- Its picture.
    "logo_url" TEXT,
    -- Where it is explained.
    "documentation_url" TEXT,
    -- Whether it can be connected to.
    "active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- What its configuration looks like (JSON Schema).
    "config_schema" TEXT /* jsonb */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "integrations_name_key" UNIQUE ("name"),
    CONSTRAINT "integrations_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "integrations_active_check" CHECK ("active" IN (0, 1)),
    CONSTRAINT "integrations_description_check" CHECK (length("description") <= 4000),
    CONSTRAINT "integrations_documentation_url_check" CHECK (length("documentation_url") <= 2000),
    CONSTRAINT "integrations_id_check" CHECK (length("id") = 16),
    CONSTRAINT "integrations_logo_url_check" CHECK (length("logo_url") <= 2000),
    CONSTRAINT "integrations_name_check" CHECK (length("name") <= 100),
    CONSTRAINT "integrations_type_check" CHECK ("type" IN ('payment', 'crm', 'email', 'accounting'))
) STRICT;
CREATE INDEX "integrations_type_idx" ON "integrations" ("type");
CREATE TABLE "integrations_words" ( /* definition 1 */
    "field" INTEGER NOT NULL,
    "word" TEXT NOT NULL,
    "id" BLOB /* uuid */ NOT NULL,
    CONSTRAINT "integrations_words_pkey" PRIMARY KEY ("field", "word", "id")
) STRICT, WITHOUT ROWID;
INSERT INTO "integrations_words" ("field", "word", "id") SELECT 0, j.value, t."id" FROM "integrations" AS t, json_each(ms_words(t."name")) AS j;
INSERT INTO "integrations_words" ("field", "word", "id") SELECT 1, j.value, t."id" FROM "integrations" AS t, json_each(ms_words(t."description")) AS j;
CREATE TRIGGER "integrations_words_forget" AFTER DELETE ON "integrations" FOR EACH ROW BEGIN DELETE FROM "integrations_words" WHERE "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."name"))); DELETE FROM "integrations_words" WHERE "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."description"))); END;
CREATE TRIGGER "integrations_words_change_0" AFTER UPDATE OF "name", "id" ON "integrations" FOR EACH ROW BEGIN DELETE FROM "integrations_words" WHERE "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."name"))); INSERT INTO "integrations_words" ("field", "word", "id") SELECT 0, j.value, NEW."id" FROM json_each(ms_words(NEW."name")) AS j; END;
CREATE TRIGGER "integrations_words_change_1" AFTER UPDATE OF "description", "id" ON "integrations" FOR EACH ROW BEGIN DELETE FROM "integrations_words" WHERE "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."description"))); INSERT INTO "integrations_words" ("field", "word", "id") SELECT 1, j.value, NEW."id" FROM json_each(ms_words(NEW."description")) AS j; END;

-- mainstay.connections (integrations)
-- An account of a member or a venue at another system (S0-B82).
CREATE TABLE "connections" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The other system.
    "integration_id" BLOB /* uuid */ NOT NULL,
    -- The member whose account it is.
    "user_id" BLOB /* uuid */,
    -- The venue whose account it is.
    "venue_id" BLOB /* uuid */,
    -- Whether it works.
    "status" TEXT NOT NULL DEFAULT 'inactive',
    -- What opens the account (S0-B48).
    "credentials" BLOB,
    -- When data were last exchanged.
    "last_synced_at" INTEGER /* timestamptz */,
    -- Why the other system refuses.
    "error_message" TEXT,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "connections_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "connections_error_message_check" CHECK (length("error_message") <= 4000),
    CONSTRAINT "connections_id_check" CHECK (length("id") = 16),
    CONSTRAINT "connections_integration_id_check" CHECK (length("integration_id") = 16),
    CONSTRAINT "connections_one_owner_check" CHECK ((user_id is null) <> (venue_id is null)),
    CONSTRAINT "connections_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "connections_status_check" CHECK ("status" IN ('inactive', 'active', 'error')),
    CONSTRAINT "connections_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "connections_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "connections_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "connections_integration_id_fkey" FOREIGN KEY ("integration_id") REFERENCES "integrations" ("id"),
    CONSTRAINT "connections_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE,
    CONSTRAINT "connections_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "connections_status_idx" ON "connections" ("organization_id", "status");
CREATE INDEX "connections_integration_id_idx" ON "connections" ("integration_id");
CREATE INDEX "connections_user_id_idx" ON "connections" ("organization_id", "user_id");
CREATE INDEX "connections_venue_id_idx" ON "connections" ("organization_id", "venue_id");
CREATE TRIGGER "connections_status_life_cycle" BEFORE UPDATE OF "status" ON "connections" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'inactive' THEN NEW."status" IN ('active', 'error') WHEN 'active' THEN NEW."status" IN ('inactive', 'error') WHEN 'error' THEN NEW."status" IN ('active', 'inactive') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:connections:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.field_mappings (integrations)
-- A field of the other system and the one that it becomes here.
CREATE TABLE "field_mappings" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The connection.
    "connection_id" BLOB /* uuid */ NOT NULL,
    -- The field there.
    "source_field" TEXT NOT NULL,
    -- The field here.
    "target_field" TEXT NOT NULL,
    -- How a value is changed on its way.
    "transformation_rule" TEXT /* jsonb */,
    -- Whether it is used.
    "enabled" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "field_mappings_connection_id_source_field_target_field_key" UNIQUE ("organization_id", "connection_id", "source_field", "target_field"),
    CONSTRAINT "field_mappings_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "field_mappings_connection_id_check" CHECK (length("connection_id") = 16),
    CONSTRAINT "field_mappings_enabled_check" CHECK ("enabled" IN (0, 1)),
    CONSTRAINT "field_mappings_id_check" CHECK (length("id") = 16),
    CONSTRAINT "field_mappings_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "field_mappings_source_field_check" CHECK (length("source_field") <= 255),
    CONSTRAINT "field_mappings_target_field_check" CHECK (length("target_field") <= 255),
    CONSTRAINT "field_mappings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "field_mappings_connection_id_fkey" FOREIGN KEY ("organization_id", "connection_id") REFERENCES "connections" ("organization_id", "id") ON DELETE CASCADE
) STRICT;

-- mainstay.integration_configs (integrations)
-- How an integration, or another external service, is set: for the organisation or one venue. Credentials don't belong here but into connections.
CREATE TABLE "integration_configs" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The venue that it is for; none means all.
    "venue_id" BLOB /* uuid */,
    -- The integration.
    "integration_id" BLOB /* uuid */,
    -- The service, where it is none of the integrations.
    "service" TEXT,
    -- The settings.
    "config" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Whether they hold.
    "is_enabled" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "integration_configs_venue_id_integration_id_service_key" UNIQUE ("organization_id", "venue_id", "integration_id", "service"),
    CONSTRAINT "integration_configs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "integration_configs_id_check" CHECK (length("id") = 16),
    CONSTRAINT "integration_configs_integration_id_check" CHECK (length("integration_id") = 16),
    CONSTRAINT "integration_configs_is_enabled_check" CHECK ("is_enabled" IN (0, 1)),
    CONSTRAINT "integration_configs_of_something_check" CHECK (integration_id is not null or service is not null),
    CONSTRAINT "integration_configs_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "integration_configs_service_check" CHECK (length("service") <= 100),
    CONSTRAINT "integration_configs_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "integration_configs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "integration_configs_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "integration_configs_integration_id_fkey" FOREIGN KEY ("integration_id") REFERENCES "integrations" ("id")
) STRICT;
CREATE UNIQUE INDEX "integration_configs_venue_id_integration_id_service_key" ON "integration_configs" ("organization_id", coalesce("venue_id", 0), coalesce("integration_id", 0), coalesce("service", x'')) WHERE "venue_id" IS NULL OR "integration_id" IS NULL OR "service" IS NULL;
CREATE INDEX "integration_configs_integration_id_idx" ON "integration_configs" ("integration_id");

-- mainstay.integration_health (integrations)
-- How a connection did when it was last looked at.
CREATE TABLE "integration_health" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The connection.
    "connection_id" BLOB /* uuid */ NOT NULL,
    -- How it does.
    "health_status" TEXT NOT NULL DEFAULT 'unknown',
    -- Calls that succeeded, in percent.
    "success_rate" INTEGER /* numeric(5,2) */,
    -- How long a call takes on average, in milliseconds.
    "avg_response_time" INTEGER /* numeric(10,2) */,
    -- When it was looked at.
    "last_check_at" INTEGER /* timestamptz */,
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "integration_health_connection_id_key" UNIQUE ("organization_id", "connection_id"),
    CONSTRAINT "integration_health_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "integration_health_avg_response_time_check" CHECK ("avg_response_time" >= 0),
    CONSTRAINT "integration_health_connection_id_check" CHECK (length("connection_id") = 16),
    CONSTRAINT "integration_health_health_status_check" CHECK ("health_status" IN ('healthy', 'degraded', 'down', 'unknown')),
    CONSTRAINT "integration_health_id_check" CHECK (length("id") = 16),
    CONSTRAINT "integration_health_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "integration_health_success_rate_check" CHECK ("success_rate" >= 0 AND "success_rate" <= 10000),
    CONSTRAINT "integration_health_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "integration_health_connection_id_fkey" FOREIGN KEY ("organization_id", "connection_id") REFERENCES "connections" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "integration_health_health_status_idx" ON "integration_health" ("organization_id", "health_status");

-- mainstay.webhook_events (integrations)
-- A call by another system, as it came.
CREATE TABLE "webhook_events" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Which part of the product was called.
    "source" TEXT NOT NULL,
    -- Who called.
    "provider" TEXT,
    -- The integration that it concerns.
    "integration_id" BLOB /* uuid */,
    -- The connection that it concerns.
    "connection_id" BLOB /* uuid */,
    -- What happened there.
    "event_type" TEXT NOT NULL,
    -- What was sent.
    "payload" TEXT /* jsonb */ NOT NULL,
    -- The signature that came with it.
    "signature" TEXT,
    -- How far the work on it is.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- How often it was tried.
    "attempts" INTEGER NOT NULL DEFAULT 0,
    -- When it was last tried.
    "last_attempt_at" INTEGER /* timestamptz */,
    -- Why it failed.
    "error_message" TEXT,
    -- Whether its work is done.
    "is_processed" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- When it came.
    "received_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "webhook_events_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "webhook_events_attempts_check" CHECK ("attempts" >= 0),
    CONSTRAINT "webhook_events_connection_id_check" CHECK (length("connection_id") = 16),
    CONSTRAINT "webhook_events_error_message_check" CHECK (length("error_message") <= 4000),
    CONSTRAINT "webhook_events_event_type_check" CHECK (length("event_type") <= 255),
    CONSTRAINT "webhook_events_id_check" CHECK (length("id") = 16),
    CONSTRAINT "webhook_events_integration_id_check" CHECK (length("integration_id") = 16),
    CONSTRAINT "webhook_events_is_processed_check" CHECK ("is_processed" IN (0, 1)),
    CONSTRAINT "webhook_events_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "webhook_events_provider_check" CHECK (length("provider") <= 100),
    CONSTRAINT "webhook_events_signature_check" CHECK (length("signature") <= 1000),
    CONSTRAINT "webhook_events_source_check" CHECK ("source" IN ('integration', 'notification', 'compliance')),
    CONSTRAINT "webhook_events_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed')),
    CONSTRAINT "webhook_events_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "webhook_events_integration_id_fkey" FOREIGN KEY ("integration_id") REFERENCES "integrations" ("id") ON DELETE SET NULL,
    CONSTRAINT "webhook_events_connection_id_fkey" FOREIGN KEY ("organization_id", "connection_id") REFERENCES "connections" ("organization_id", "id")
) STRICT;
CREATE INDEX "webhook_events_status_received_at_idx" ON "webhook_events" ("organization_id", "status", "received_at");
CREATE INDEX "webhook_events_provider_event_type_idx" ON "webhook_events" ("organization_id", "provider", "event_type");
CREATE INDEX "webhook_events_received_at_idx" ON "webhook_events" ("organization_id", "received_at");
CREATE INDEX "webhook_events_integration_id_idx" ON "webhook_events" ("integration_id");
CREATE INDEX "webhook_events_connection_id_idx" ON "webhook_events" ("organization_id", "connection_id");
CREATE TRIGGER "webhook_events_status_life_cycle" BEFORE UPDATE OF "status" ON "webhook_events" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing') WHEN 'processing' THEN NEW."status" IN ('completed', 'failed') WHEN 'failed' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:webhook_events:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "webhook_events_connection_id_fkey_set_null" AFTER DELETE ON "connections" FOR EACH ROW BEGIN UPDATE "webhook_events" SET "connection_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "connection_id" = OLD."id"; END;

-- mainstay.sync_jobs (integrations)
-- Data to be fetched over a connection.
CREATE TABLE "sync_jobs" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The connection.
    "connection_id" BLOB /* uuid */ NOT NULL,
    -- How much is fetched.
    "sync_type" TEXT NOT NULL,
    -- How far it is.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- 1 is first, 10 is last.
    "priority" INTEGER NOT NULL DEFAULT 5,
    -- Not before.
    "scheduled_for" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it was begun.
    "started_at" INTEGER /* timestamptz */,
    -- When it ended.
    "completed_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "sync_jobs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "sync_jobs_connection_id_check" CHECK (length("connection_id") = 16),
    CONSTRAINT "sync_jobs_id_check" CHECK (length("id") = 16),
    CONSTRAINT "sync_jobs_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "sync_jobs_priority_check" CHECK ("priority" >= 1 AND "priority" <= 10),
    CONSTRAINT "sync_jobs_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    CONSTRAINT "sync_jobs_sync_type_check" CHECK ("sync_type" IN ('full', 'incremental')),
    CONSTRAINT "sync_jobs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "sync_jobs_connection_id_fkey" FOREIGN KEY ("organization_id", "connection_id") REFERENCES "connections" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "sync_jobs_status_scheduled_for_idx" ON "sync_jobs" ("organization_id", "status", "scheduled_for");
CREATE INDEX "sync_jobs_connection_id_scheduled_for_idx" ON "sync_jobs" ("organization_id", "connection_id", "scheduled_for");
CREATE TRIGGER "sync_jobs_status_life_cycle" BEFORE UPDATE OF "status" ON "sync_jobs" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing', 'cancelled') WHEN 'processing' THEN NEW."status" IN ('completed', 'failed') WHEN 'failed' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:sync_jobs:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.sync_logs (integrations)
-- One synchronisation, as it went.
CREATE TABLE "sync_logs" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The connection.
    "connection_id" BLOB /* uuid */ NOT NULL,
    -- How much was fetched.
    "sync_type" TEXT NOT NULL,
    -- Records that were taken.
    "records_synced" INTEGER NOT NULL DEFAULT 0,
    -- Records that could not be taken.
    "records_failed" INTEGER NOT NULL DEFAULT 0,
    -- How long it took, in milliseconds.
    "duration_ms" INTEGER,
    -- How it went.
    "status" TEXT NOT NULL,
    -- Why it failed.
    "error_message" TEXT,
    -- When it ended.
    "synced_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "sync_logs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "sync_logs_connection_id_check" CHECK (length("connection_id") = 16),
    CONSTRAINT "sync_logs_duration_ms_check" CHECK ("duration_ms" >= 0),
    CONSTRAINT "sync_logs_error_message_check" CHECK (length("error_message") <= 4000),
    CONSTRAINT "sync_logs_id_check" CHECK (length("id") = 16),
    CONSTRAINT "sync_logs_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "sync_logs_records_failed_check" CHECK ("records_failed" >= 0),
    CONSTRAINT "sync_logs_records_synced_check" CHECK ("records_synced" >= 0),
    CONSTRAINT "sync_logs_status_check" CHECK ("status" IN ('completed', 'partial', 'failed')),
    CONSTRAINT "sync_logs_sync_type_check" CHECK ("sync_type" IN ('full', 'incremental'))
) STRICT;
CREATE INDEX "sync_logs_connection_id_synced_at_idx" ON "sync_logs" ("organization_id", "connection_id", "synced_at" DESC);
CREATE INDEX "sync_logs_status_synced_at_idx" ON "sync_logs" ("organization_id", "status", "synced_at");
CREATE TRIGGER "sync_logs_append_only_update" BEFORE UPDATE ON "sync_logs" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:sync_logs'); END;
CREATE TRIGGER "sync_logs_append_only_delete" BEFORE DELETE ON "sync_logs" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:sync_logs'); END;
CREATE INDEX "sync_logs_append_only_guard" ON "sync_logs" ("organization_id") WHERE NOT ms_governed();

-- mainstay.oauth_tokens (integrations)
-- What an OAuth provider gave for a connection.
CREATE TABLE "oauth_tokens" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The connection.
    "connection_id" BLOB /* uuid */ NOT NULL,
    -- Who gave it.
    "provider" TEXT NOT NULL,
    -- What opens the account (S0-B49).
    "access_token" BLOB NOT NULL,
    -- What gets another access token (S0-B49).
    "refresh_token" BLOB,
    -- The access token works until then.
    "expires_at" INTEGER /* timestamptz */,
    -- What it allows, separated by spaces (RFC 6749 §3.3).
    "scope" TEXT,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "oauth_tokens_connection_id_provider_key" UNIQUE ("organization_id", "connection_id", "provider"),
    CONSTRAINT "oauth_tokens_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "oauth_tokens_connection_id_check" CHECK (length("connection_id") = 16),
    CONSTRAINT "oauth_tokens_id_check" CHECK (length("id") = 16),
    CONSTRAINT "oauth_tokens_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "oauth_tokens_provider_check" CHECK (length("provider") <= 100),
    CONSTRAINT "oauth_tokens_scope_check" CHECK (length("scope") <= 2000),
    CONSTRAINT "oauth_tokens_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "oauth_tokens_connection_id_fkey" FOREIGN KEY ("organization_id", "connection_id") REFERENCES "connections" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "oauth_tokens_expires_at_idx" ON "oauth_tokens" ("organization_id", "expires_at");

-- mainstay.venue_api_keys (integrations)
-- A venue's key at a system that knows no OAuth.
CREATE TABLE "venue_api_keys" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The venue.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- The system.
    "integration_id" BLOB /* uuid */ NOT NULL,
    -- The key (S0-B50).
    "api_key" BLOB NOT NULL,
    -- What belongs to the key (S0-B50).
    "api_secret" BLOB,
    -- Which world it opens.
    "environment" TEXT NOT NULL,
    -- Whether it is used.
    "active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "venue_api_keys_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "venue_api_keys_active_check" CHECK ("active" IN (0, 1)),
    CONSTRAINT "venue_api_keys_environment_check" CHECK ("environment" IN ('production', 'sandbox')),
    CONSTRAINT "venue_api_keys_id_check" CHECK (length("id") = 16),
    CONSTRAINT "venue_api_keys_integration_id_check" CHECK (length("integration_id") = 16),
    CONSTRAINT "venue_api_keys_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "venue_api_keys_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "venue_api_keys_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "venue_api_keys_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "venue_api_keys_integration_id_fkey" FOREIGN KEY ("integration_id") REFERENCES "integrations" ("id")
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX "venue_api_keys_venue_id_integration_id_environment_key" ON "venue_api_keys" ("organization_id", "venue_id", "integration_id", "environment") WHERE active = true;
CREATE INDEX "venue_api_keys_venue_id_idx" ON "venue_api_keys" ("organization_id", "venue_id");
CREATE INDEX "venue_api_keys_integration_id_idx" ON "venue_api_keys" ("integration_id");

-- mainstay.venues (ticketing)
-- A place with doors: a hall, club, stadium or field, run as a business of an organisation.
CREATE TABLE "venues" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The name that guests know.
    "name" TEXT NOT NULL,
    -- What guests should know.
    "description" TEXT,
    -- The name of the business that is paid.
    "legal_name" TEXT,
    -- The number under which the business is taxed.
    "tax_identifier" BLOB,
    -- Street and number.
    "address" TEXT,
    -- Town.
    "city" TEXT,
    -- State, province or county.
    "region" TEXT,
    -- Postal code.
    "postal_code" TEXT,
    -- Country, two letters (ISO 3166-1).
    "country" TEXT,
    -- Time zone of its doors and days (IANA).
    "timezone" TEXT NOT NULL DEFAULT 'UTC',
    -- Currency that it sells in (ISO 4217).
    "currency" TEXT NOT NULL DEFAULT 'USD',
    -- Guests that it holds.
    "capacity" INTEGER,
    -- Its site.
    "website_url" TEXT,
    -- When it opened.
    "opened_on" TEXT /* date */,
    -- Whatever the product keeps beside it.
    "metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Whether events can be held.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    CONSTRAINT "venues_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "venues_address_check" CHECK (length("address") <= 500),
    CONSTRAINT "venues_capacity_check" CHECK ("capacity" >= 0),
    CONSTRAINT "venues_city_check" CHECK (length("city") <= 100),
    CONSTRAINT "venues_country_check" CHECK (length("country") <= 2),
    CONSTRAINT "venues_currency_check" CHECK (length("currency") <= 3),
    CONSTRAINT "venues_description_check" CHECK (length("description") <= 4000),
    CONSTRAINT "venues_id_check" CHECK (length("id") = 16),
    CONSTRAINT "venues_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "venues_legal_name_check" CHECK (length("legal_name") <= 255),
    CONSTRAINT "venues_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "venues_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "venues_postal_code_check" CHECK (length("postal_code") <= 20),
    CONSTRAINT "venues_region_check" CHECK (length("region") <= 100),
    CONSTRAINT "venues_timezone_check" CHECK (length("timezone") <= 64),
    CONSTRAINT "venues_website_url_check" CHECK (length("website_url") <= 2000),
    CONSTRAINT "venues_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE UNIQUE INDEX "venues_name_key" ON "venues" ("organization_id", "name") WHERE deleted_at is null;
CREATE INDEX "venues_country_city_idx" ON "venues" ("organization_id", "country", "city");
CREATE TABLE "venues_words" ( /* definition 1 */
    "organization_id" BLOB /* uuid */ NOT NULL,
    "field" INTEGER NOT NULL,
    "word" TEXT NOT NULL,
    "id" BLOB /* uuid */ NOT NULL,
    CONSTRAINT "venues_words_pkey" PRIMARY KEY ("organization_id", "field", "word", "id")
) STRICT, WITHOUT ROWID;
INSERT INTO "venues_words" ("organization_id", "field", "word", "id") SELECT t."organization_id", 0, j.value, t."id" FROM "venues" AS t, json_each(ms_words(t."name")) AS j;
INSERT INTO "venues_words" ("organization_id", "field", "word", "id") SELECT t."organization_id", 1, j.value, t."id" FROM "venues" AS t, json_each(ms_words(t."description")) AS j;
CREATE TRIGGER "venues_words_forget" AFTER DELETE ON "venues" FOR EACH ROW BEGIN DELETE FROM "venues_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."name"))); DELETE FROM "venues_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."description"))); END;
CREATE TRIGGER "venues_words_change_0" AFTER UPDATE OF "name", "id" ON "venues" FOR EACH ROW BEGIN DELETE FROM "venues_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."name"))); INSERT INTO "venues_words" ("organization_id", "field", "word", "id") SELECT NEW."organization_id", 0, j.value, NEW."id" FROM json_each(ms_words(NEW."name")) AS j; END;
CREATE TRIGGER "venues_words_change_1" AFTER UPDATE OF "description", "id" ON "venues" FOR EACH ROW BEGIN DELETE FROM "venues_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."description"))); INSERT INTO "venues_words" ("organization_id", "field", "word", "id") SELECT NEW."organization_id", 1, j.value, NEW."id" FROM json_each(ms_words(NEW."description")) AS j; END;

-- mainstay.venue_members (ticketing)
-- A member who works at a venue: whoever is not an administrator reaches the rows of these venues alone.
CREATE TABLE "venue_members" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The member, by user.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- Where the member works.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- What the member does there.
    "role" TEXT NOT NULL DEFAULT 'staff',
    -- When the member began.
    "joined_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "venue_members_user_id_venue_id_key" UNIQUE ("organization_id", "user_id", "venue_id"),
    CONSTRAINT "venue_members_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "venue_members_id_check" CHECK (length("id") = 16),
    CONSTRAINT "venue_members_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "venue_members_role_check" CHECK ("role" IN ('owner', 'manager', 'staff', 'scanner')),
    CONSTRAINT "venue_members_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "venue_members_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "venue_members_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "venue_members_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE,
    CONSTRAINT "venue_members_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "venue_members_venue_id_idx" ON "venue_members" ("organization_id", "venue_id");

-- mainstay.customers (ticketing)
-- Somebody who buys tickets, with or without an account.
CREATE TABLE "customers" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The account of a customer who has one here.
    "user_id" BLOB /* uuid */,
    -- Its number in the system that it was imported from.
    "external_id" TEXT,
    -- The name on tickets.
    "name" TEXT,
    -- Where tickets are sent.
    "email" TEXT,
    -- Where changes are told.
    "phone" TEXT,
    -- Country, two letters (ISO 3166-1).
    "country" TEXT,
    -- Whether offers may be sent.
    "accepts_marketing" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Whatever the product keeps beside the customer.
    "metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    CONSTRAINT "customers_external_id_key" UNIQUE ("organization_id", "external_id"),
    CONSTRAINT "customers_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "customers_accepts_marketing_check" CHECK ("accepts_marketing" IN (0, 1)),
    CONSTRAINT "customers_country_check" CHECK (length("country") <= 2),
    CONSTRAINT "customers_email_check" CHECK (length("email") <= 320),
    CONSTRAINT "customers_external_id_check" CHECK (length("external_id") <= 100),
    CONSTRAINT "customers_id_check" CHECK (length("id") = 16),
    CONSTRAINT "customers_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "customers_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "customers_phone_check" CHECK (length("phone") <= 32),
    CONSTRAINT "customers_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "customers_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "customers_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "customers_email_idx" ON "customers" ("organization_id", "email");
CREATE INDEX "customers_created_at_idx" ON "customers" ("organization_id", "created_at");
CREATE INDEX "customers_user_id_idx" ON "customers" ("organization_id", "user_id");
CREATE TRIGGER "customers_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "customers" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.venue_events (ticketing)
-- A concert, match or show at a venue. The table is not called `events`, the word for what analytics records.
CREATE TABLE "venue_events" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Where it happens.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- The name that guests know.
    "name" TEXT NOT NULL,
    -- What guests should know.
    "description" TEXT,
    -- What kind it is: concert, match, theatre.
    "category" TEXT,
    -- How far it is.
    "status" TEXT NOT NULL DEFAULT 'draft',
    -- When guests are let in.
    "doors_open_at" INTEGER /* timestamptz */,
    -- When it starts.
    "starts_at" INTEGER /* timestamptz */ NOT NULL,
    -- When it ends.
    "ends_at" INTEGER /* timestamptz */,
    -- Tickets that can be sold.
    "capacity" INTEGER,
    -- Price from which dynamic prices start, in cents.
    "base_price_cents" INTEGER,
    -- Price of a ticket now, in cents.
    "price_cents" INTEGER,
    -- Currency of its prices (ISO 4217).
    "currency" TEXT NOT NULL DEFAULT 'USD',
    -- Whatever the product keeps beside it.
    "metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Who planned it.
    "created_by" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    CONSTRAINT "venue_events_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "venue_events_base_price_cents_check" CHECK ("base_price_cents" >= 0),
    CONSTRAINT "venue_events_capacity_check" CHECK ("capacity" >= 0),
    CONSTRAINT "venue_events_category_check" CHECK (length("category") <= 100),
    CONSTRAINT "venue_events_created_by_check" CHECK (length("created_by") = 16),
    CONSTRAINT "venue_events_currency_check" CHECK (length("currency") <= 3),
    CONSTRAINT "venue_events_description_check" CHECK (length("description") <= 8000),
    CONSTRAINT "venue_events_doors_before_start_check" CHECK (doors_open_at is null or doors_open_at <= starts_at),
    CONSTRAINT "venue_events_ends_after_start_check" CHECK (ends_at is null or ends_at > starts_at),
    CONSTRAINT "venue_events_id_check" CHECK (length("id") = 16),
    CONSTRAINT "venue_events_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "venue_events_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "venue_events_price_cents_check" CHECK ("price_cents" >= 0),
    CONSTRAINT "venue_events_status_check" CHECK ("status" IN ('draft', 'published', 'on_sale', 'sold_out', 'postponed', 'cancelled', 'completed')),
    CONSTRAINT "venue_events_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "venue_events_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "venue_events_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id"),
    CONSTRAINT "venue_events_created_by_fkey" FOREIGN KEY ("organization_id", "created_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "venue_events_venue_id_starts_at_idx" ON "venue_events" ("organization_id", "venue_id", "starts_at");
CREATE INDEX "venue_events_status_starts_at_idx" ON "venue_events" ("organization_id", "status", "starts_at");
CREATE INDEX "venue_events_starts_at_idx" ON "venue_events" ("organization_id", "starts_at");
CREATE INDEX "venue_events_created_by_idx" ON "venue_events" ("organization_id", "created_by");
CREATE TABLE "venue_events_words" ( /* definition 1 */
    "organization_id" BLOB /* uuid */ NOT NULL,
    "field" INTEGER NOT NULL,
    "word" TEXT NOT NULL,
    "id" BLOB /* uuid */ NOT NULL,
    CONSTRAINT "venue_events_words_pkey" PRIMARY KEY ("organization_id", "field", "word", "id")
) STRICT, WITHOUT ROWID;
INSERT INTO "venue_events_words" ("organization_id", "field", "word", "id") SELECT t."organization_id", 0, j.value, t."id" FROM "venue_events" AS t, json_each(ms_words(t."name")) AS j;
INSERT INTO "venue_events_words" ("organization_id", "field", "word", "id") SELECT t."organization_id", 1, j.value, t."id" FROM "venue_events" AS t, json_each(ms_words(t."description")) AS j;
CREATE TRIGGER "venue_events_words_forget" AFTER DELETE ON "venue_events" FOR EACH ROW BEGIN DELETE FROM "venue_events_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."name"))); DELETE FROM "venue_events_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."description"))); END;
CREATE TRIGGER "venue_events_words_change_0" AFTER UPDATE OF "name", "id" ON "venue_events" FOR EACH ROW BEGIN DELETE FROM "venue_events_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."name"))); INSERT INTO "venue_events_words" ("organization_id", "field", "word", "id") SELECT NEW."organization_id", 0, j.value, NEW."id" FROM json_each(ms_words(NEW."name")) AS j; END;
CREATE TRIGGER "venue_events_words_change_1" AFTER UPDATE OF "description", "id" ON "venue_events" FOR EACH ROW BEGIN DELETE FROM "venue_events_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."description"))); INSERT INTO "venue_events_words" ("organization_id", "field", "word", "id") SELECT NEW."organization_id", 1, j.value, NEW."id" FROM json_each(ms_words(NEW."description")) AS j; END;
CREATE TRIGGER "venue_events_status_life_cycle" BEFORE UPDATE OF "status" ON "venue_events" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'draft' THEN NEW."status" IN ('published', 'cancelled') WHEN 'published' THEN NEW."status" IN ('on_sale', 'postponed', 'cancelled') WHEN 'on_sale' THEN NEW."status" IN ('sold_out', 'postponed', 'cancelled', 'completed') WHEN 'sold_out' THEN NEW."status" IN ('on_sale', 'postponed', 'cancelled', 'completed') WHEN 'postponed' THEN NEW."status" IN ('published', 'on_sale', 'cancelled') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:venue_events:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "venue_events_created_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "venue_events" SET "created_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "created_by" = OLD."user_id"; END;

-- mainstay.tickets (ticketing)
-- The right of one guest to enter one event.
CREATE TABLE "tickets" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Where it lets in.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- What it is for.
    "event_id" BLOB /* uuid */ NOT NULL,
    -- Who bought it.
    "customer_id" BLOB /* uuid */,
    -- The number printed on it.
    "ticket_number" TEXT NOT NULL,
    -- What kind it is.
    "ticket_type" TEXT NOT NULL DEFAULT 'general',
    -- Who is let in.
    "holder_name" TEXT,
    -- Where changes are told.
    "holder_email" TEXT,
    -- The part of the venue that it lets into; none means all.
    "zone" TEXT,
    -- Block.
    "section" TEXT,
    -- Row.
    "seat_row" TEXT,
    -- Seat, sold to one guest at a time.
    "seat" TEXT,
    -- What was paid, in cents.
    "price_cents" INTEGER NOT NULL DEFAULT 0,
    -- Currency of the price (ISO 4217).
    "currency" TEXT NOT NULL DEFAULT 'USD',
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'issued',
    -- When it was bought.
    "purchased_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Not valid before.
    "valid_from" INTEGER /* timestamptz */,
    -- Not valid from then on.
    "valid_until" INTEGER /* timestamptz */,
    -- When its holder was first let in.
    "used_at" INTEGER /* timestamptz */,
    -- How often its holder was let in.
    "entry_count" INTEGER NOT NULL DEFAULT 0,
    -- The key of the codes that the holder shows: `ticket:time:nonce:hmac`.
    "code_key" BLOB,
    -- Whatever the product keeps beside it.
    "metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "tickets_ticket_number_key" UNIQUE ("organization_id", "ticket_number"),
    CONSTRAINT "tickets_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "tickets_currency_check" CHECK (length("currency") <= 3),
    CONSTRAINT "tickets_customer_id_check" CHECK (length("customer_id") = 16),
    CONSTRAINT "tickets_entry_count_check" CHECK ("entry_count" >= 0),
    CONSTRAINT "tickets_event_id_check" CHECK (length("event_id") = 16),
    CONSTRAINT "tickets_holder_email_check" CHECK (length("holder_email") <= 320),
    CONSTRAINT "tickets_holder_name_check" CHECK (length("holder_name") <= 255),
    CONSTRAINT "tickets_id_check" CHECK (length("id") = 16),
    CONSTRAINT "tickets_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "tickets_price_cents_check" CHECK ("price_cents" >= 0),
    CONSTRAINT "tickets_seat_check" CHECK (length("seat") <= 20),
    CONSTRAINT "tickets_seat_row_check" CHECK (length("seat_row") <= 20),
    CONSTRAINT "tickets_section_check" CHECK (length("section") <= 50),
    CONSTRAINT "tickets_status_check" CHECK ("status" IN ('reserved', 'issued', 'used', 'transferred', 'refunded', 'cancelled', 'expired')),
    CONSTRAINT "tickets_ticket_number_check" CHECK (length("ticket_number") <= 50),
    CONSTRAINT "tickets_ticket_type_check" CHECK (length("ticket_type") <= 100),
    CONSTRAINT "tickets_valid_for_some_time_check" CHECK (valid_from is null or valid_until is null or valid_until > valid_from),
    CONSTRAINT "tickets_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "tickets_zone_check" CHECK (length("zone") <= 100),
    CONSTRAINT "tickets_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "tickets_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id"),
    CONSTRAINT "tickets_event_id_fkey" FOREIGN KEY ("organization_id", "event_id") REFERENCES "venue_events" ("organization_id", "id"),
    CONSTRAINT "tickets_customer_id_fkey" FOREIGN KEY ("organization_id", "customer_id") REFERENCES "customers" ("organization_id", "id")
) STRICT;
CREATE UNIQUE INDEX "tickets_event_id_section_seat_row_seat_key" ON "tickets" ("organization_id", "event_id", coalesce("section", x''), coalesce("seat_row", x''), coalesce("seat", x'')) WHERE seat is not null and status in ('reserved', 'issued', 'used');
CREATE INDEX "tickets_event_id_status_idx" ON "tickets" ("organization_id", "event_id", "status");
CREATE INDEX "tickets_customer_id_purchased_at_idx" ON "tickets" ("organization_id", "customer_id", "purchased_at");
CREATE INDEX "tickets_venue_id_purchased_at_idx" ON "tickets" ("organization_id", "venue_id", "purchased_at");
CREATE TRIGGER "tickets_status_life_cycle" BEFORE UPDATE OF "status" ON "tickets" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'reserved' THEN NEW."status" IN ('issued', 'cancelled') WHEN 'issued' THEN NEW."status" IN ('used', 'transferred', 'refunded', 'cancelled', 'expired') WHEN 'used' THEN NEW."status" IN ('refunded') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:tickets:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "tickets_customer_id_fkey_set_null" AFTER DELETE ON "customers" FOR EACH ROW BEGIN UPDATE "tickets" SET "customer_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "customer_id" = OLD."id"; END;

-- mainstay.scanner_devices (ticketing)
-- A device that scans tickets at a venue (S0-B91).
CREATE TABLE "scanner_devices" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Where it scans.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- The name that staff know.
    "name" TEXT NOT NULL,
    -- What the device calls itself: serial number or installation.
    "device_identifier" TEXT NOT NULL,
    -- Maker, model and operating system.
    "model" TEXT,
    -- Version of the program on it.
    "app_version" TEXT,
    -- The part of the venue whose doors it guards; none means any.
    "zone" TEXT,
    -- Whether it may scan.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- Whether it may let guests in while it reaches no server.
    "can_scan_offline" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- SHA-256 of the token that it shows.
    "token_hash" BLOB,
    -- Who registered it.
    "registered_by" BLOB /* uuid */,
    -- When it last spoke to a server.
    "last_seen_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "scanner_devices_token_hash_key" UNIQUE ("organization_id", "token_hash"),
    CONSTRAINT "scanner_devices_device_identifier_key" UNIQUE ("organization_id", "device_identifier"),
    CONSTRAINT "scanner_devices_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "scanner_devices_app_version_check" CHECK (length("app_version") <= 50),
    CONSTRAINT "scanner_devices_can_scan_offline_check" CHECK ("can_scan_offline" IN (0, 1)),
    CONSTRAINT "scanner_devices_device_identifier_check" CHECK (length("device_identifier") <= 255),
    CONSTRAINT "scanner_devices_id_check" CHECK (length("id") = 16),
    CONSTRAINT "scanner_devices_model_check" CHECK (length("model") <= 255),
    CONSTRAINT "scanner_devices_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "scanner_devices_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "scanner_devices_registered_by_check" CHECK (length("registered_by") = 16),
    CONSTRAINT "scanner_devices_status_check" CHECK ("status" IN ('pending', 'active', 'suspended', 'revoked')),
    CONSTRAINT "scanner_devices_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "scanner_devices_zone_check" CHECK (length("zone") <= 100),
    CONSTRAINT "scanner_devices_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "scanner_devices_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id"),
    CONSTRAINT "scanner_devices_registered_by_fkey" FOREIGN KEY ("organization_id", "registered_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "scanner_devices_venue_id_status_idx" ON "scanner_devices" ("organization_id", "venue_id", "status");
CREATE INDEX "scanner_devices_registered_by_idx" ON "scanner_devices" ("organization_id", "registered_by");
CREATE TRIGGER "scanner_devices_status_life_cycle" BEFORE UPDATE OF "status" ON "scanner_devices" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('active', 'revoked') WHEN 'active' THEN NEW."status" IN ('suspended', 'revoked') WHEN 'suspended' THEN NEW."status" IN ('active', 'revoked') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:scanner_devices:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "scanner_devices_registered_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "scanner_devices" SET "registered_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "registered_by" = OLD."user_id"; END;

-- mainstay.scan_policies (ticketing)
-- What the doors let in: of a venue, or of one event or zone, which go before the venue's (S0-B91).
CREATE TABLE "scan_policies" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The venue whose doors follow it.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- The event that it is for; none means all.
    "event_id" BLOB /* uuid */,
    -- The zone that it is for; none means all.
    "zone" TEXT,
    -- The name that staff know.
    "name" TEXT NOT NULL,
    -- Seconds that a shown code is good for; older ones are `QR_EXPIRED`.
    "code_seconds" INTEGER NOT NULL DEFAULT 30,
    -- Seconds that a code is remembered, so that it is used once.
    "nonce_seconds" INTEGER NOT NULL DEFAULT 60,
    -- Seconds that a code may be ahead of the server's clock; further ones are `INVALID_QR`.
    "clock_tolerance_seconds" INTEGER NOT NULL DEFAULT 5,
    -- Minutes before its start that an event lets in; `EVENT_NOT_STARTED` before.
    "opens_minutes_before" INTEGER NOT NULL DEFAULT 120,
    -- Minutes after its end that an event lets in; `EVENT_ENDED` afterwards.
    "closes_minutes_after" INTEGER NOT NULL DEFAULT 0,
    -- Whether tickets let into their zone alone.
    "enforces_zones" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- How often a guest who left is let in again; beyond it `MAX_REENTRIES_REACHED`.
    "max_reentries" INTEGER NOT NULL DEFAULT 0,
    -- Seconds between two entries of a guest; `COOLDOWN_ACTIVE` within them.
    "reentry_cooldown_seconds" INTEGER NOT NULL DEFAULT 0,
    -- Minutes that a device may scan without a server.
    "offline_minutes" INTEGER NOT NULL DEFAULT 30,
    -- Whether it holds.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "scan_policies_venue_id_event_id_zone_key" UNIQUE ("organization_id", "venue_id", "event_id", "zone"),
    CONSTRAINT "scan_policies_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "scan_policies_clock_tolerance_seconds_check" CHECK ("clock_tolerance_seconds" >= 0 AND "clock_tolerance_seconds" <= 60),
    CONSTRAINT "scan_policies_closes_minutes_after_check" CHECK ("closes_minutes_after" >= 0),
    CONSTRAINT "scan_policies_code_seconds_check" CHECK ("code_seconds" >= 1 AND "code_seconds" <= 600),
    CONSTRAINT "scan_policies_codes_used_once_check" CHECK (nonce_seconds >= code_seconds),
    CONSTRAINT "scan_policies_enforces_zones_check" CHECK ("enforces_zones" IN (0, 1)),
    CONSTRAINT "scan_policies_event_id_check" CHECK (length("event_id") = 16),
    CONSTRAINT "scan_policies_id_check" CHECK (length("id") = 16),
    CONSTRAINT "scan_policies_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "scan_policies_max_reentries_check" CHECK ("max_reentries" >= 0),
    CONSTRAINT "scan_policies_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "scan_policies_nonce_seconds_check" CHECK ("nonce_seconds" >= 1 AND "nonce_seconds" <= 3600),
    CONSTRAINT "scan_policies_offline_minutes_check" CHECK ("offline_minutes" >= 0 AND "offline_minutes" <= 1440),
    CONSTRAINT "scan_policies_opens_minutes_before_check" CHECK ("opens_minutes_before" >= 0),
    CONSTRAINT "scan_policies_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "scan_policies_reentry_cooldown_seconds_check" CHECK ("reentry_cooldown_seconds" >= 0),
    CONSTRAINT "scan_policies_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "scan_policies_zone_check" CHECK (length("zone") <= 100),
    CONSTRAINT "scan_policies_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "scan_policies_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "scan_policies_event_id_fkey" FOREIGN KEY ("organization_id", "event_id") REFERENCES "venue_events" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX "scan_policies_venue_id_event_id_zone_key" ON "scan_policies" ("organization_id", "venue_id", coalesce("event_id", 0), coalesce("zone", x'')) WHERE "event_id" IS NULL OR "zone" IS NULL;
CREATE INDEX "scan_policies_event_id_idx" ON "scan_policies" ("organization_id", "event_id");

-- mainstay.offline_scan_cache (ticketing)
-- A ticket that a device may let in without asking, for a while (S0-B91).
CREATE TABLE "offline_scan_cache" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Where the device scans.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- What it scans for.
    "event_id" BLOB /* uuid */ NOT NULL,
    -- The device that took it.
    "device_id" BLOB /* uuid */ NOT NULL,
    -- The ticket.
    "ticket_id" BLOB /* uuid */ NOT NULL,
    -- The part of the venue that the ticket lets into; none means all.
    "zone" TEXT,
    -- SHA-256 of the key that the ticket's codes are made with.
    "code_key_hash" BLOB NOT NULL,
    -- The device may use it from then on.
    "valid_from" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Until then: the policy's offline minutes later.
    "valid_until" INTEGER /* timestamptz */ NOT NULL,
    -- When the device let it in.
    "used_at" INTEGER /* timestamptz */,
    -- When the device told so.
    "reported_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "offline_scan_cache_device_id_ticket_id_key" UNIQUE ("organization_id", "device_id", "ticket_id"),
    CONSTRAINT "offline_scan_cache_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "offline_scan_cache_device_id_check" CHECK (length("device_id") = 16),
    CONSTRAINT "offline_scan_cache_event_id_check" CHECK (length("event_id") = 16),
    CONSTRAINT "offline_scan_cache_id_check" CHECK (length("id") = 16),
    CONSTRAINT "offline_scan_cache_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "offline_scan_cache_ticket_id_check" CHECK (length("ticket_id") = 16),
    CONSTRAINT "offline_scan_cache_valid_for_some_time_check" CHECK (valid_until > valid_from),
    CONSTRAINT "offline_scan_cache_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "offline_scan_cache_zone_check" CHECK (length("zone") <= 100),
    CONSTRAINT "offline_scan_cache_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "offline_scan_cache_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "offline_scan_cache_event_id_fkey" FOREIGN KEY ("organization_id", "event_id") REFERENCES "venue_events" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "offline_scan_cache_device_id_fkey" FOREIGN KEY ("organization_id", "device_id") REFERENCES "scanner_devices" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "offline_scan_cache_ticket_id_fkey" FOREIGN KEY ("organization_id", "ticket_id") REFERENCES "tickets" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "offline_scan_cache_valid_until_idx" ON "offline_scan_cache" ("organization_id", "valid_until");
CREATE INDEX "offline_scan_cache_event_id_idx" ON "offline_scan_cache" ("organization_id", "event_id");
CREATE INDEX "offline_scan_cache_ticket_id_idx" ON "offline_scan_cache" ("organization_id", "ticket_id");
CREATE INDEX "offline_scan_cache_venue_id_idx" ON "offline_scan_cache" ("organization_id", "venue_id");

-- mainstay.ticket_scans (ticketing)
-- A code shown at a door, and what was decided (S0-B91).
CREATE TABLE "ticket_scans" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Where it was shown.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- The event that was on.
    "event_id" BLOB /* uuid */,
    -- The ticket, if it is known.
    "ticket_id" BLOB /* uuid */,
    -- The device that read it.
    "device_id" BLOB /* uuid */,
    -- The member at the device.
    "scanned_by" BLOB /* uuid */,
    -- The zone behind the door.
    "zone" TEXT,
    -- Which way the guest went.
    "direction" TEXT NOT NULL DEFAULT 'entry',
    -- What was decided.
    "result" TEXT NOT NULL,
    -- Why nobody was let in.
    "reason" TEXT,
    -- Which entry of the ticket it is, from 1: of any number of scans at the same moment, one gets it. An offline entry that turns out to be one too many has none.
    "entry_number" INTEGER,
    -- When the code was made, as it says.
    "code_issued_at" INTEGER /* timestamptz */,
    -- What makes the code unlike all others of the ticket.
    "nonce" TEXT,
    -- Whether the device decided by itself.
    "is_offline" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- The device's own number of the scan, so that one sent twice counts once.
    "device_scan_id" TEXT,
    -- The entry of the same ticket that another device allowed.
    "conflicts_with_id" BLOB /* uuid */,
    -- When the code was read.
    "scanned_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "ticket_scans_device_id_device_scan_id_key" UNIQUE ("organization_id", "device_id", "device_scan_id"),
    CONSTRAINT "ticket_scans_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "ticket_scans_conflicts_with_id_check" CHECK (length("conflicts_with_id") = 16),
    CONSTRAINT "ticket_scans_device_id_check" CHECK (length("device_id") = 16),
    CONSTRAINT "ticket_scans_device_scan_id_check" CHECK (length("device_scan_id") <= 100),
    CONSTRAINT "ticket_scans_direction_check" CHECK ("direction" IN ('entry', 'exit')),
    CONSTRAINT "ticket_scans_entry_number_check" CHECK ("entry_number" >= 1),
    CONSTRAINT "ticket_scans_event_id_check" CHECK (length("event_id") = 16),
    CONSTRAINT "ticket_scans_id_check" CHECK (length("id") = 16),
    CONSTRAINT "ticket_scans_is_offline_check" CHECK ("is_offline" IN (0, 1)),
    CONSTRAINT "ticket_scans_nonce_check" CHECK (length("nonce") <= 64),
    CONSTRAINT "ticket_scans_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "ticket_scans_reason_check" CHECK ("reason" IN ('QR_EXPIRED', 'QR_ALREADY_USED', 'INVALID_QR', 'UNAUTHORIZED_DEVICE', 'VENUE_MISMATCH', 'WRONG_VENUE', 'EVENT_NOT_STARTED', 'EVENT_ENDED', 'TICKET_NOT_YET_VALID', 'TICKET_EXPIRED', 'TICKET_REFUNDED', 'TICKET_CANCELLED', 'TICKET_TRANSFERRED', 'INVALID_STATUS', 'WRONG_ZONE', 'DUPLICATE', 'COOLDOWN_ACTIVE', 'MAX_REENTRIES_REACHED')),
    CONSTRAINT "ticket_scans_reason_of_denial_check" CHECK ((result = 'denied') = (reason is not null)),
    CONSTRAINT "ticket_scans_result_check" CHECK ("result" IN ('allowed', 'denied')),
    CONSTRAINT "ticket_scans_scanned_by_check" CHECK (length("scanned_by") = 16),
    CONSTRAINT "ticket_scans_ticket_id_check" CHECK (length("ticket_id") = 16),
    CONSTRAINT "ticket_scans_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "ticket_scans_zone_check" CHECK (length("zone") <= 100)
) STRICT;
CREATE UNIQUE INDEX "ticket_scans_ticket_id_entry_number_key" ON "ticket_scans" ("organization_id", "ticket_id", "entry_number") WHERE result = 'allowed';
CREATE UNIQUE INDEX "ticket_scans_ticket_id_nonce_key" ON "ticket_scans" ("organization_id", "ticket_id", "nonce") WHERE result = 'allowed';
CREATE INDEX "ticket_scans_ticket_id_scanned_at_idx" ON "ticket_scans" ("organization_id", "ticket_id", "scanned_at" DESC);
CREATE INDEX "ticket_scans_event_id_scanned_at_idx" ON "ticket_scans" ("organization_id", "event_id", "scanned_at" DESC);
CREATE INDEX "ticket_scans_venue_id_scanned_at_idx" ON "ticket_scans" ("organization_id", "venue_id", "scanned_at" DESC);
CREATE TRIGGER "ticket_scans_append_only_update" BEFORE UPDATE ON "ticket_scans" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:ticket_scans'); END;
CREATE TRIGGER "ticket_scans_append_only_delete" BEFORE DELETE ON "ticket_scans" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:ticket_scans'); END;
CREATE INDEX "ticket_scans_append_only_guard" ON "ticket_scans" ("organization_id") WHERE NOT ms_governed();

-- mainstay.ticket_scan_logs (ticketing)
-- What happened around the doors, line by line (S0-B91).
CREATE TABLE "ticket_scan_logs" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Where.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- The scan that it is about.
    "scan_id" BLOB /* uuid */,
    -- The device that it is about.
    "device_id" BLOB /* uuid */,
    -- The member who did it.
    "user_id" BLOB /* uuid */,
    -- What happened.
    "event_type" TEXT NOT NULL,
    -- In words.
    "message" TEXT,
    -- Further facts.
    "details" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "ticket_scan_logs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "ticket_scan_logs_device_id_check" CHECK (length("device_id") = 16),
    CONSTRAINT "ticket_scan_logs_event_type_check" CHECK ("event_type" IN ('scan_allowed', 'scan_denied', 'entry_forced', 'device_registered', 'device_revoked', 'offline_cache_issued', 'offline_scans_received', 'conflict_found')),
    CONSTRAINT "ticket_scan_logs_id_check" CHECK (length("id") = 16),
    CONSTRAINT "ticket_scan_logs_message_check" CHECK (length("message") <= 4000),
    CONSTRAINT "ticket_scan_logs_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "ticket_scan_logs_scan_id_check" CHECK (length("scan_id") = 16),
    CONSTRAINT "ticket_scan_logs_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "ticket_scan_logs_venue_id_check" CHECK (length("venue_id") = 16)
) STRICT;
CREATE INDEX "ticket_scan_logs_scan_id_idx" ON "ticket_scan_logs" ("organization_id", "scan_id");
CREATE INDEX "ticket_scan_logs_device_id_created_at_idx" ON "ticket_scan_logs" ("organization_id", "device_id", "created_at" DESC);
CREATE INDEX "ticket_scan_logs_venue_id_created_at_idx" ON "ticket_scan_logs" ("organization_id", "venue_id", "created_at" DESC);
CREATE TRIGGER "ticket_scan_logs_append_only_update" BEFORE UPDATE ON "ticket_scan_logs" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:ticket_scan_logs'); END;
CREATE TRIGGER "ticket_scan_logs_append_only_delete" BEFORE DELETE ON "ticket_scan_logs" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:ticket_scan_logs'); END;
CREATE INDEX "ticket_scan_logs_append_only_guard" ON "ticket_scan_logs" ("organization_id") WHERE NOT ms_governed();

-- mainstay.nft_mints (ticketing)
-- A ticket as a token on the chain.
CREATE TABLE "nft_mints" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The ticket.
    "ticket_id" BLOB /* uuid */ NOT NULL,
    -- The token's Solana address, 32 to 44 characters of base58 (S0-B81).
    "mint_address" TEXT,
    -- The signature of the minting transaction, base58.
    "transaction_signature" TEXT,
    -- How far it is.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- When it was final.
    "minted_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "nft_mints_transaction_signature_key" UNIQUE ("organization_id", "transaction_signature"),
    CONSTRAINT "nft_mints_mint_address_key" UNIQUE ("organization_id", "mint_address"),
    CONSTRAINT "nft_mints_ticket_id_key" UNIQUE ("organization_id", "ticket_id"),
    CONSTRAINT "nft_mints_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "nft_mints_id_check" CHECK (length("id") = 16),
    CONSTRAINT "nft_mints_mint_address_check" CHECK (length("mint_address") <= 44),
    CONSTRAINT "nft_mints_mint_address_form_check" CHECK (length(mint_address) >= 32),
    CONSTRAINT "nft_mints_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "nft_mints_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed')),
    CONSTRAINT "nft_mints_ticket_id_check" CHECK (length("ticket_id") = 16),
    CONSTRAINT "nft_mints_transaction_signature_check" CHECK (length("transaction_signature") <= 88),
    CONSTRAINT "nft_mints_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "nft_mints_ticket_id_fkey" FOREIGN KEY ("organization_id", "ticket_id") REFERENCES "tickets" ("organization_id", "id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "nft_mints_status_created_at_idx" ON "nft_mints" ("organization_id", "status", "created_at");
CREATE TRIGGER "nft_mints_status_life_cycle" BEFORE UPDATE OF "status" ON "nft_mints" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('processing', 'failed') WHEN 'processing' THEN NEW."status" IN ('completed', 'failed') WHEN 'failed' THEN NEW."status" IN ('pending') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:nft_mints:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.nft_transfers (ticketing)
-- A token that changed hands, as the chain tells.
CREATE TABLE "nft_transfers" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The token's Solana address.
    "mint_address" TEXT NOT NULL,
    -- Who gave it; public on the chain.
    "from_address" TEXT NOT NULL,
    -- Who got it; public on the chain.
    "to_address" TEXT NOT NULL,
    -- The signature of the transaction, base58; one transaction may move several tokens.
    "transaction_signature" TEXT NOT NULL,
    -- When the chain took it.
    "transferred_at" INTEGER /* timestamptz */ NOT NULL,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "nft_transfers_transaction_signature_mint_address_key" UNIQUE ("organization_id", "transaction_signature", "mint_address"),
    CONSTRAINT "nft_transfers_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "nft_transfers_from_address_check" CHECK (length("from_address") <= 44),
    CONSTRAINT "nft_transfers_id_check" CHECK (length("id") = 16),
    CONSTRAINT "nft_transfers_mint_address_check" CHECK (length("mint_address") <= 44),
    CONSTRAINT "nft_transfers_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "nft_transfers_to_address_check" CHECK (length("to_address") <= 44),
    CONSTRAINT "nft_transfers_transaction_signature_check" CHECK (length("transaction_signature") <= 88)
) STRICT;
CREATE INDEX "nft_transfers_mint_address_transferred_at_idx" ON "nft_transfers" ("organization_id", "mint_address", "transferred_at");
CREATE INDEX "nft_transfers_from_address_idx" ON "nft_transfers" ("organization_id", "from_address");
CREATE INDEX "nft_transfers_to_address_idx" ON "nft_transfers" ("organization_id", "to_address");
CREATE TRIGGER "nft_transfers_append_only_update" BEFORE UPDATE ON "nft_transfers" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:nft_transfers'); END;
CREATE TRIGGER "nft_transfers_append_only_delete" BEFORE DELETE ON "nft_transfers" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:nft_transfers'); END;
CREATE INDEX "nft_transfers_append_only_guard" ON "nft_transfers" ("organization_id") WHERE NOT ms_governed();

-- mainstay.fraud_events (ticketing)
-- A sign of fraud that somebody should look at.
CREATE TABLE "fraud_events" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What was seen: `bulk_purchase`, `card_testing`, `duplicate_scan`; the list is open.
    "event_type" TEXT NOT NULL,
    -- How sure and how bad it is, 0 to 100.
    "risk_score" INTEGER /* numeric(5,2) */ NOT NULL,
    -- What was seen, in full.
    "details" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When it was seen.
    "detected_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Whether somebody has dealt with it.
    "resolved" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "fraud_events_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "fraud_events_event_type_check" CHECK (length("event_type") <= 100),
    CONSTRAINT "fraud_events_id_check" CHECK (length("id") = 16),
    CONSTRAINT "fraud_events_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "fraud_events_resolved_check" CHECK ("resolved" IN (0, 1)),
    CONSTRAINT "fraud_events_risk_score_check" CHECK ("risk_score" >= 0 AND "risk_score" <= 10000),
    CONSTRAINT "fraud_events_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "fraud_events_event_type_detected_at_idx" ON "fraud_events" ("organization_id", "event_type", "detected_at");
CREATE INDEX "fraud_events_detected_at_idx" ON "fraud_events" ("organization_id", "detected_at");
CREATE INDEX "fraud_events_risk_score_idx" ON "fraud_events" ("organization_id", "risk_score") WHERE resolved = false;

-- mainstay.customer_rfm_scores (ticketing)
-- How recently, often and much a customer buys at a venue (S0-B76).
CREATE TABLE "customer_rfm_scores" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The customer.
    "customer_id" BLOB /* uuid */ NOT NULL,
    -- Where the customer bought.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- How recently, 1 to 5: bought within 30, 60, 90 or 180 days, or longer ago.
    "recency_score" INTEGER NOT NULL,
    -- How often, 1 to 5: at least 10, 7, 4 or 2 purchases, or fewer.
    "frequency_score" INTEGER NOT NULL,
    -- How much, 1 to 5: the fifth of the customers that this one is in.
    "monetary_score" INTEGER NOT NULL,
    -- The three scores together.
    "total_score" INTEGER NOT NULL,
    -- Days since the last purchase.
    "days_since_last_purchase" INTEGER,
    -- Purchases so far.
    "total_purchases" INTEGER NOT NULL DEFAULT 0,
    -- What they cost together.
    "total_spent" INTEGER /* numeric(12,2) */ NOT NULL DEFAULT 0,
    -- What one costs on average.
    "average_order_value" INTEGER /* numeric(12,2) */ NOT NULL DEFAULT 0,
    -- What customers with such scores are called: Champions, Loyal, At Risk; the list is open (S0-B33).
    "segment" TEXT NOT NULL,
    -- How likely the customer is lost.
    "churn_risk" TEXT,
    -- When it was computed.
    "calculated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "customer_rfm_scores_customer_id_venue_id_key" UNIQUE ("organization_id", "customer_id", "venue_id"),
    CONSTRAINT "customer_rfm_scores_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "customer_rfm_scores_average_order_value_check" CHECK ("average_order_value" >= 0),
    CONSTRAINT "customer_rfm_scores_churn_risk_check" CHECK ("churn_risk" IN ('low', 'medium', 'high')),
    CONSTRAINT "customer_rfm_scores_customer_id_check" CHECK (length("customer_id") = 16),
    CONSTRAINT "customer_rfm_scores_days_since_last_purchase_check" CHECK ("days_since_last_purchase" >= 0),
    CONSTRAINT "customer_rfm_scores_frequency_score_check" CHECK ("frequency_score" >= 1 AND "frequency_score" <= 5),
    CONSTRAINT "customer_rfm_scores_id_check" CHECK (length("id") = 16),
    CONSTRAINT "customer_rfm_scores_monetary_score_check" CHECK ("monetary_score" >= 1 AND "monetary_score" <= 5),
    CONSTRAINT "customer_rfm_scores_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "customer_rfm_scores_recency_score_check" CHECK ("recency_score" >= 1 AND "recency_score" <= 5),
    CONSTRAINT "customer_rfm_scores_segment_check" CHECK (length("segment") <= 50),
    CONSTRAINT "customer_rfm_scores_total_purchases_check" CHECK ("total_purchases" >= 0),
    CONSTRAINT "customer_rfm_scores_total_score_check" CHECK ("total_score" >= 3 AND "total_score" <= 15),
    CONSTRAINT "customer_rfm_scores_total_spent_check" CHECK ("total_spent" >= 0),
    CONSTRAINT "customer_rfm_scores_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "customer_rfm_scores_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "customer_rfm_scores_customer_id_fkey" FOREIGN KEY ("organization_id", "customer_id") REFERENCES "customers" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "customer_rfm_scores_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "customer_rfm_scores_segment_idx" ON "customer_rfm_scores" ("organization_id", "segment");
CREATE INDEX "customer_rfm_scores_total_score_idx" ON "customer_rfm_scores" ("organization_id", "total_score");
CREATE INDEX "customer_rfm_scores_calculated_at_idx" ON "customer_rfm_scores" ("organization_id", "calculated_at");
CREATE INDEX "customer_rfm_scores_venue_id_segment_idx" ON "customer_rfm_scores" ("organization_id", "venue_id", "segment");
CREATE INDEX "customer_rfm_scores_venue_id_churn_risk_idx" ON "customer_rfm_scores" ("organization_id", "venue_id", "churn_risk");

-- mainstay.customer_segments (ticketing)
-- The customers of one segment at a venue, together (S0-B77).
CREATE TABLE "customer_segments" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Where they bought.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- What they are called.
    "segment_name" TEXT NOT NULL,
    -- How many they are.
    "customer_count" INTEGER NOT NULL DEFAULT 0,
    -- What they paid together.
    "total_revenue" INTEGER /* numeric(14,2) */ NOT NULL DEFAULT 0,
    -- What one purchase costs on average.
    "avg_order_value" INTEGER /* numeric(12,2) */ NOT NULL DEFAULT 0,
    -- What one of them is worth on average.
    "avg_lifetime_value" INTEGER /* numeric(12,2) */ NOT NULL DEFAULT 0,
    -- Purchases a year of one of them, on average.
    "avg_purchase_frequency" INTEGER /* numeric(10,4) */ NOT NULL DEFAULT 0,
    -- When it was computed.
    "last_calculated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "customer_segments_venue_id_segment_name_key" UNIQUE ("organization_id", "venue_id", "segment_name"),
    CONSTRAINT "customer_segments_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "customer_segments_avg_lifetime_value_check" CHECK ("avg_lifetime_value" >= 0),
    CONSTRAINT "customer_segments_avg_order_value_check" CHECK ("avg_order_value" >= 0),
    CONSTRAINT "customer_segments_avg_purchase_frequency_check" CHECK ("avg_purchase_frequency" >= 0),
    CONSTRAINT "customer_segments_customer_count_check" CHECK ("customer_count" >= 0),
    CONSTRAINT "customer_segments_id_check" CHECK (length("id") = 16),
    CONSTRAINT "customer_segments_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "customer_segments_segment_name_check" CHECK (length("segment_name") <= 100),
    CONSTRAINT "customer_segments_total_revenue_check" CHECK ("total_revenue" >= 0),
    CONSTRAINT "customer_segments_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "customer_segments_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "customer_segments_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "customer_segments_last_calculated_at_idx" ON "customer_segments" ("organization_id", "last_calculated_at");

-- mainstay.customer_lifetime_values (ticketing)
-- What a customer is worth, over all venues (S0-B78): one row a customer.
CREATE TABLE "customer_lifetime_values" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The customer.
    "customer_id" BLOB /* uuid */ NOT NULL,
    -- Where the customer spent most.
    "venue_id" BLOB /* uuid */,
    -- What the customer is worth, paid and expected.
    "clv" INTEGER /* numeric(12,2) */ NOT NULL,
    -- What one purchase costs on average.
    "avg_order_value" INTEGER /* numeric(12,2) */,
    -- Purchases a year.
    "purchase_frequency" INTEGER /* numeric(10,4) */,
    -- Days from the first to the last purchase.
    "customer_lifespan_days" INTEGER,
    -- Purchases so far.
    "total_purchases" INTEGER NOT NULL DEFAULT 0,
    -- What they cost together.
    "total_revenue" INTEGER /* numeric(12,2) */ NOT NULL DEFAULT 0,
    -- What is expected within 12 months.
    "predicted_clv_12_months" INTEGER /* numeric(12,2) */,
    -- What is expected within 24 months.
    "predicted_clv_24_months" INTEGER /* numeric(12,2) */,
    -- How likely the customer is lost, 0 to 1.
    "churn_probability" INTEGER /* numeric(5,4) */,
    -- When it was computed.
    "calculated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "customer_lifetime_values_customer_id_key" UNIQUE ("organization_id", "customer_id"),
    CONSTRAINT "customer_lifetime_values_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "customer_lifetime_values_avg_order_value_check" CHECK ("avg_order_value" >= 0),
    CONSTRAINT "customer_lifetime_values_churn_probability_check" CHECK ("churn_probability" >= 0 AND "churn_probability" <= 10000),
    CONSTRAINT "customer_lifetime_values_clv_check" CHECK ("clv" >= 0),
    CONSTRAINT "customer_lifetime_values_customer_id_check" CHECK (length("customer_id") = 16),
    CONSTRAINT "customer_lifetime_values_customer_lifespan_days_check" CHECK ("customer_lifespan_days" >= 0),
    CONSTRAINT "customer_lifetime_values_id_check" CHECK (length("id") = 16),
    CONSTRAINT "customer_lifetime_values_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "customer_lifetime_values_predicted_clv_12_months_check" CHECK ("predicted_clv_12_months" >= 0),
    CONSTRAINT "customer_lifetime_values_predicted_clv_24_months_check" CHECK ("predicted_clv_24_months" >= 0),
    CONSTRAINT "customer_lifetime_values_purchase_frequency_check" CHECK ("purchase_frequency" >= 0),
    CONSTRAINT "customer_lifetime_values_total_purchases_check" CHECK ("total_purchases" >= 0),
    CONSTRAINT "customer_lifetime_values_total_revenue_check" CHECK ("total_revenue" >= 0),
    CONSTRAINT "customer_lifetime_values_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "customer_lifetime_values_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "customer_lifetime_values_customer_id_fkey" FOREIGN KEY ("organization_id", "customer_id") REFERENCES "customers" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "customer_lifetime_values_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "customer_lifetime_values_clv_idx" ON "customer_lifetime_values" ("organization_id", "clv");
CREATE INDEX "customer_lifetime_values_calculated_at_idx" ON "customer_lifetime_values" ("organization_id", "calculated_at");
CREATE INDEX "customer_lifetime_values_venue_id_clv_idx" ON "customer_lifetime_values" ("organization_id", "venue_id", "clv");
CREATE TRIGGER "customer_lifetime_values_venue_id_fkey_set_null" AFTER DELETE ON "venues" FOR EACH ROW BEGIN UPDATE "customer_lifetime_values" SET "venue_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "venue_id" = OLD."id"; END;

-- mainstay.price_history (ticketing)
-- A price that was asked for an event from a moment on.
CREATE TABLE "price_history" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Where the event is.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- The event.
    "event_id" BLOB /* uuid */ NOT NULL,
    -- The price, in cents.
    "price_cents" INTEGER NOT NULL,
    -- Why it changed.
    "reason" TEXT,
    -- Since when it was asked.
    "changed_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Who changed it; none means the system.
    "changed_by" BLOB /* uuid */,
    CONSTRAINT "price_history_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "price_history_changed_by_check" CHECK (length("changed_by") = 16),
    CONSTRAINT "price_history_event_id_check" CHECK (length("event_id") = 16),
    CONSTRAINT "price_history_id_check" CHECK (length("id") = 16),
    CONSTRAINT "price_history_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "price_history_price_cents_check" CHECK ("price_cents" >= 0),
    CONSTRAINT "price_history_reason_check" CHECK (length("reason") <= 1000),
    CONSTRAINT "price_history_venue_id_check" CHECK (length("venue_id") = 16)
) STRICT;
CREATE INDEX "price_history_event_id_changed_at_idx" ON "price_history" ("organization_id", "event_id", "changed_at");
CREATE INDEX "price_history_venue_id_changed_at_idx" ON "price_history" ("organization_id", "venue_id", "changed_at");
CREATE TRIGGER "price_history_append_only_update" BEFORE UPDATE ON "price_history" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:price_history'); END;
CREATE TRIGGER "price_history_append_only_delete" BEFORE DELETE ON "price_history" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:price_history'); END;
CREATE INDEX "price_history_append_only_guard" ON "price_history" ("organization_id") WHERE NOT ms_governed();

-- mainstay.pending_price_changes (ticketing)
-- A price that the system proposes until somebody decides. What it is follows from the times: an event has one undecided proposal at most, and any number of decided ones (S0-B34, S0-B79).
CREATE TABLE "pending_price_changes" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Where the event is.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- The event.
    "event_id" BLOB /* uuid */ NOT NULL,
    -- The price now, in cents.
    "current_price" INTEGER NOT NULL,
    -- The proposed price, in cents.
    "recommended_price" INTEGER NOT NULL,
    -- How sure the system is, 0 to 1.
    "confidence" INTEGER /* numeric(3,2) */ NOT NULL,
    -- What the proposal rests on.
    "reasoning" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- How much the event is wanted, 0 to 100.
    "demand_score" INTEGER /* numeric(5,2) */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When somebody agreed.
    "approved_at" INTEGER /* timestamptz */,
    -- Who agreed.
    "approved_by" BLOB /* uuid */,
    -- Why.
    "approval_reason" TEXT,
    -- When somebody declined.
    "rejected_at" INTEGER /* timestamptz */,
    -- Who declined.
    "rejected_by" BLOB /* uuid */,
    -- Why.
    "rejection_reason" TEXT,
    CONSTRAINT "pending_price_changes_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "pending_price_changes_approval_reason_check" CHECK (length("approval_reason") <= 1000),
    CONSTRAINT "pending_price_changes_approved_by_check" CHECK (length("approved_by") = 16),
    CONSTRAINT "pending_price_changes_confidence_check" CHECK ("confidence" >= 0 AND "confidence" <= 100),
    CONSTRAINT "pending_price_changes_current_price_check" CHECK ("current_price" >= 0),
    CONSTRAINT "pending_price_changes_demand_score_check" CHECK ("demand_score" >= 0 AND "demand_score" <= 10000),
    CONSTRAINT "pending_price_changes_event_id_check" CHECK (length("event_id") = 16),
    CONSTRAINT "pending_price_changes_id_check" CHECK (length("id") = 16),
    CONSTRAINT "pending_price_changes_one_decision_check" CHECK (approved_at is null or rejected_at is null),
    CONSTRAINT "pending_price_changes_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "pending_price_changes_recommended_price_check" CHECK ("recommended_price" >= 0),
    CONSTRAINT "pending_price_changes_rejected_by_check" CHECK (length("rejected_by") = 16),
    CONSTRAINT "pending_price_changes_rejection_reason_check" CHECK (length("rejection_reason") <= 1000),
    CONSTRAINT "pending_price_changes_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "pending_price_changes_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "pending_price_changes_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "pending_price_changes_event_id_fkey" FOREIGN KEY ("organization_id", "event_id") REFERENCES "venue_events" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "pending_price_changes_approved_by_fkey" FOREIGN KEY ("organization_id", "approved_by") REFERENCES "organization_members" ("organization_id", "user_id"),
    CONSTRAINT "pending_price_changes_rejected_by_fkey" FOREIGN KEY ("organization_id", "rejected_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE UNIQUE INDEX "pending_price_changes_event_id_key" ON "pending_price_changes" ("organization_id", "event_id") WHERE approved_at is null and rejected_at is null;
CREATE INDEX "pending_price_changes_event_id_idx" ON "pending_price_changes" ("organization_id", "event_id");
CREATE INDEX "pending_price_changes_approved_at_idx" ON "pending_price_changes" ("organization_id", "approved_at");
CREATE INDEX "pending_price_changes_venue_id_idx" ON "pending_price_changes" ("organization_id", "venue_id");
CREATE INDEX "pending_price_changes_approved_by_idx" ON "pending_price_changes" ("organization_id", "approved_by");
CREATE INDEX "pending_price_changes_rejected_by_idx" ON "pending_price_changes" ("organization_id", "rejected_by");
CREATE TRIGGER "pending_price_changes_approved_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "pending_price_changes" SET "approved_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "approved_by" = OLD."user_id"; END;
CREATE TRIGGER "pending_price_changes_rejected_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "pending_price_changes" SET "rejected_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "rejected_by" = OLD."user_id"; END;

-- mainstay.venue_daily_stats (ticketing)
-- What a venue sold on a day (S0-B80); reached by those who work there (S0-B41).
CREATE TABLE "venue_daily_stats" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The venue.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- The day, in the venue's time zone.
    "date" TEXT /* date */ NOT NULL,
    -- What was paid, in the venue's currency.
    "revenue" INTEGER /* numeric(12,2) */ NOT NULL DEFAULT 0,
    -- Tickets sold.
    "ticket_sales" INTEGER NOT NULL DEFAULT 0,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "venue_daily_stats_venue_id_date_key" UNIQUE ("organization_id", "venue_id", "date"),
    CONSTRAINT "venue_daily_stats_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "venue_daily_stats_id_check" CHECK (length("id") = 16),
    CONSTRAINT "venue_daily_stats_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "venue_daily_stats_ticket_sales_check" CHECK ("ticket_sales" >= 0),
    CONSTRAINT "venue_daily_stats_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "venue_daily_stats_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "venue_daily_stats_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "venue_daily_stats_date_idx" ON "venue_daily_stats" ("organization_id", "date");

-- mainstay.event_daily_stats (ticketing)
-- What an event sold on a day (S0-B80); reached by those who work at its venue (S0-B42).
CREATE TABLE "event_daily_stats" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Where the event is.
    "venue_id" BLOB /* uuid */ NOT NULL,
    -- The event.
    "event_id" BLOB /* uuid */ NOT NULL,
    -- The day, in the venue's time zone.
    "date" TEXT /* date */ NOT NULL,
    -- What was paid, in the event's currency.
    "revenue" INTEGER /* numeric(12,2) */ NOT NULL DEFAULT 0,
    -- Tickets sold.
    "tickets_sold" INTEGER NOT NULL DEFAULT 0,
    -- Tickets that could be sold.
    "capacity" INTEGER,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "event_daily_stats_event_id_date_key" UNIQUE ("organization_id", "event_id", "date"),
    CONSTRAINT "event_daily_stats_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "event_daily_stats_capacity_check" CHECK ("capacity" >= 0),
    CONSTRAINT "event_daily_stats_event_id_check" CHECK (length("event_id") = 16),
    CONSTRAINT "event_daily_stats_id_check" CHECK (length("id") = 16),
    CONSTRAINT "event_daily_stats_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "event_daily_stats_tickets_sold_check" CHECK ("tickets_sold" >= 0),
    CONSTRAINT "event_daily_stats_venue_id_check" CHECK (length("venue_id") = 16),
    CONSTRAINT "event_daily_stats_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "event_daily_stats_venue_id_fkey" FOREIGN KEY ("organization_id", "venue_id") REFERENCES "venues" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "event_daily_stats_event_id_fkey" FOREIGN KEY ("organization_id", "event_id") REFERENCES "venue_events" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "event_daily_stats_date_idx" ON "event_daily_stats" ("organization_id", "date");
CREATE INDEX "event_daily_stats_venue_id_idx" ON "event_daily_stats" ("organization_id", "venue_id");

-- mainstay.plugins (catalog)
-- A plugin of the portal's market.
CREATE TABLE "plugins" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The name that identifies it.
    "name" TEXT NOT NULL,
    -- The name that people see.
    "display_name" TEXT NOT NULL,
    -- What it does.
    "description" TEXT,
    -- What it does, in full.
    "long_description" TEXT,
    -- The version that the portal offers.
    "current_version" TEXT NOT NULL,
    -- The newest version there is.
    "latest_version" TEXT,
    -- What it is for.
    "category" TEXT,
    -- Words to find it by.
    "tags" TEXT /* text[] */,
    -- Who wrote it.
    "author" TEXT /* jsonb */,
    -- Its licence (SPDX).
    "license" TEXT,
    -- Its site.
    "homepage" TEXT,
    -- Where its source is.
    "repository" TEXT,
    -- Where it is explained.
    "documentation" TEXT,
    -- How often it was installed.
    "install_count" INTEGER NOT NULL DEFAULT 0,
    -- How good people find it, 0 to 5.
    "rating" INTEGER /* numeric(2,1) */,
    -- How many people said so.
    "rating_count" INTEGER NOT NULL DEFAULT 0,
    -- What it needs of the platform.
    "requirements" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Plugins that come with it.
    "dependencies" TEXT /* jsonb */ NOT NULL DEFAULT '[]',
    -- Plugins that must be there.
    "peer_dependencies" TEXT /* jsonb */ NOT NULL DEFAULT '[]',
    -- What its configuration looks like (JSON Schema).
    "config_schema" TEXT /* jsonb */,
    -- Its configuration where nothing else is said.
    "default_config" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'available',
    -- Whether the market shows it first.
    "is_featured" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Whether somebody has reviewed it.
    "is_verified" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Whether it should not be used any more.
    "is_deprecated" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Who sells it, as the market names them; no table lists vendors.
    "vendor_id" TEXT,
    -- What it costs: `model` (free, paid, subscription), `amount`, `currency` (S1-B17).
    "price" TEXT /* jsonb */ NOT NULL DEFAULT '{"model": "free", "amount": 0, "currency": "USD"}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the market began to offer it.
    "published_at" INTEGER /* timestamptz */,
    -- Since when it should not be used any more.
    "deprecated_at" INTEGER /* timestamptz */,
    CONSTRAINT "plugins_name_key" UNIQUE ("organization_id", "name"),
    CONSTRAINT "plugins_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "plugins_category_check" CHECK (length("category") <= 100),
    CONSTRAINT "plugins_current_version_check" CHECK (length("current_version") <= 50),
    CONSTRAINT "plugins_description_check" CHECK (length("description") <= 4000),
    CONSTRAINT "plugins_display_name_check" CHECK (length("display_name") <= 255),
    CONSTRAINT "plugins_documentation_check" CHECK (length("documentation") <= 500),
    CONSTRAINT "plugins_homepage_check" CHECK (length("homepage") <= 500),
    CONSTRAINT "plugins_id_check" CHECK (length("id") = 16),
    CONSTRAINT "plugins_install_count_check" CHECK ("install_count" >= 0),
    CONSTRAINT "plugins_is_deprecated_check" CHECK ("is_deprecated" IN (0, 1)),
    CONSTRAINT "plugins_is_featured_check" CHECK ("is_featured" IN (0, 1)),
    CONSTRAINT "plugins_is_verified_check" CHECK ("is_verified" IN (0, 1)),
    CONSTRAINT "plugins_latest_version_check" CHECK (length("latest_version") <= 50),
    CONSTRAINT "plugins_license_check" CHECK (length("license") <= 50),
    CONSTRAINT "plugins_long_description_check" CHECK (length("long_description") <= 65536),
    CONSTRAINT "plugins_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "plugins_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "plugins_rating_check" CHECK ("rating" >= 0 AND "rating" <= 50),
    CONSTRAINT "plugins_rating_count_check" CHECK ("rating_count" >= 0),
    CONSTRAINT "plugins_repository_check" CHECK (length("repository") <= 500),
    CONSTRAINT "plugins_status_check" CHECK ("status" IN ('available', 'installed', 'installing', 'updating', 'disabled', 'failed', 'uninstalling')),
    CONSTRAINT "plugins_vendor_id_check" CHECK (length("vendor_id") <= 100),
    CONSTRAINT "plugins_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "plugins_category_idx" ON "plugins" ("organization_id", "category");
CREATE INDEX "plugins_status_idx" ON "plugins" ("organization_id", "status");
CREATE INDEX "plugins_is_featured_idx" ON "plugins" ("organization_id", "is_featured");
CREATE INDEX "plugins_category_status_idx" ON "plugins" ("organization_id", "category", "status") WHERE is_deprecated = false;
CREATE TABLE "plugins_words" ( /* definition 1 */
    "organization_id" BLOB /* uuid */ NOT NULL,
    "field" INTEGER NOT NULL,
    "word" TEXT NOT NULL,
    "id" BLOB /* uuid */ NOT NULL,
    CONSTRAINT "plugins_words_pkey" PRIMARY KEY ("organization_id", "field", "word", "id")
) STRICT, WITHOUT ROWID;
INSERT INTO "plugins_words" ("organization_id", "field", "word", "id") SELECT t."organization_id", 0, j.value, t."id" FROM "plugins" AS t, json_each(ms_words(t."name")) AS j;
INSERT INTO "plugins_words" ("organization_id", "field", "word", "id") SELECT t."organization_id", 1, j.value, t."id" FROM "plugins" AS t, json_each(ms_words(t."description")) AS j;
CREATE TRIGGER "plugins_words_forget" AFTER DELETE ON "plugins" FOR EACH ROW BEGIN DELETE FROM "plugins_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."name"))); DELETE FROM "plugins_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."description"))); END;
CREATE TRIGGER "plugins_words_change_0" AFTER UPDATE OF "name", "id" ON "plugins" FOR EACH ROW BEGIN DELETE FROM "plugins_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."name"))); INSERT INTO "plugins_words" ("organization_id", "field", "word", "id") SELECT NEW."organization_id", 0, j.value, NEW."id" FROM json_each(ms_words(NEW."name")) AS j; END;
CREATE TRIGGER "plugins_words_change_1" AFTER UPDATE OF "description", "id" ON "plugins" FOR EACH ROW BEGIN DELETE FROM "plugins_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."description"))); INSERT INTO "plugins_words" ("organization_id", "field", "word", "id") SELECT NEW."organization_id", 1, j.value, NEW."id" FROM json_each(ms_words(NEW."description")) AS j; END;
CREATE TRIGGER "plugins_status_life_cycle" BEFORE UPDATE OF "status" ON "plugins" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'available' THEN NEW."status" IN ('installing') WHEN 'installed' THEN NEW."status" IN ('updating', 'disabled', 'uninstalling') WHEN 'installing' THEN NEW."status" IN ('installed', 'failed') WHEN 'updating' THEN NEW."status" IN ('installed', 'failed') WHEN 'disabled' THEN NEW."status" IN ('installed', 'uninstalling') WHEN 'failed' THEN NEW."status" IN ('installing', 'updating', 'uninstalling') WHEN 'uninstalling' THEN NEW."status" IN ('available', 'failed') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:plugins:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.plugin_versions (catalog)
-- A released version of a plugin (S1-B46).
CREATE TABLE "plugin_versions" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The plugin.
    "plugin_id" BLOB /* uuid */ NOT NULL,
    -- The version.
    "version" TEXT NOT NULL,
    -- What changed, for those who build on it.
    "changelog" TEXT,
    -- What changed, for those who use it.
    "release_notes" TEXT,
    -- Whether something that worked no longer does.
    "breaking_changes" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Oldest platform that it runs on.
    "min_platform_version" TEXT,
    -- Newest platform that it runs on.
    "max_platform_version" TEXT,
    -- Oldest Backstage that it runs on.
    "min_backstage_version" TEXT,
    -- Newest Backstage that it runs on.
    "max_backstage_version" TEXT,
    -- What a look for vulnerabilities found.
    "security_scan_status" TEXT,
    -- The vulnerabilities.
    "vulnerabilities" TEXT /* jsonb */ NOT NULL DEFAULT '[]',
    -- Where its package is.
    "package_url" TEXT,
    -- Bytes of the package.
    "package_size" INTEGER,
    -- Checksum of the package.
    "checksum" TEXT,
    -- Whether it is meant for everybody.
    "is_stable" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- Whether it is meant for trying out.
    "is_beta" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Whether it should not be used any more.
    "is_deprecated" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- When it was released.
    "released_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Since when it should not be used any more.
    "deprecated_at" INTEGER /* timestamptz */,
    CONSTRAINT "plugin_versions_plugin_id_version_key" UNIQUE ("organization_id", "plugin_id", "version"),
    CONSTRAINT "plugin_versions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "plugin_versions_breaking_changes_check" CHECK ("breaking_changes" IN (0, 1)),
    CONSTRAINT "plugin_versions_changelog_check" CHECK (length("changelog") <= 65536),
    CONSTRAINT "plugin_versions_checksum_check" CHECK (length("checksum") <= 255),
    CONSTRAINT "plugin_versions_id_check" CHECK (length("id") = 16),
    CONSTRAINT "plugin_versions_is_beta_check" CHECK ("is_beta" IN (0, 1)),
    CONSTRAINT "plugin_versions_is_deprecated_check" CHECK ("is_deprecated" IN (0, 1)),
    CONSTRAINT "plugin_versions_is_stable_check" CHECK ("is_stable" IN (0, 1)),
    CONSTRAINT "plugin_versions_max_backstage_version_check" CHECK (length("max_backstage_version") <= 50),
    CONSTRAINT "plugin_versions_max_platform_version_check" CHECK (length("max_platform_version") <= 50),
    CONSTRAINT "plugin_versions_min_backstage_version_check" CHECK (length("min_backstage_version") <= 50),
    CONSTRAINT "plugin_versions_min_platform_version_check" CHECK (length("min_platform_version") <= 50),
    CONSTRAINT "plugin_versions_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "plugin_versions_package_size_check" CHECK ("package_size" >= 0),
    CONSTRAINT "plugin_versions_package_url_check" CHECK (length("package_url") <= 500),
    CONSTRAINT "plugin_versions_plugin_id_check" CHECK (length("plugin_id") = 16),
    CONSTRAINT "plugin_versions_release_notes_check" CHECK (length("release_notes") <= 65536),
    CONSTRAINT "plugin_versions_security_scan_status_check" CHECK ("security_scan_status" IN ('pending', 'passed', 'failed')),
    CONSTRAINT "plugin_versions_version_check" CHECK (length("version") <= 50),
    CONSTRAINT "plugin_versions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "plugin_versions_plugin_id_fkey" FOREIGN KEY ("organization_id", "plugin_id") REFERENCES "plugins" ("organization_id", "id")
) STRICT;
CREATE INDEX "plugin_versions_version_idx" ON "plugin_versions" ("organization_id", "version");
CREATE INDEX "plugin_versions_released_at_idx" ON "plugin_versions" ("organization_id", "released_at" DESC);
CREATE TRIGGER "plugin_versions_security_scan_status_life_cycle" BEFORE UPDATE OF "security_scan_status" ON "plugin_versions" FOR EACH ROW WHEN OLD."security_scan_status" IS DISTINCT FROM NEW."security_scan_status" AND NOT coalesce(CASE OLD."security_scan_status" WHEN 'pending' THEN NEW."security_scan_status" IN ('passed', 'failed') WHEN 'passed' THEN NEW."security_scan_status" IN ('pending', 'failed') WHEN 'failed' THEN NEW."security_scan_status" IN ('pending', 'passed') ELSE OLD."security_scan_status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:plugin_versions:security_scan_status:' || OLD."security_scan_status" || ':' || coalesce(NEW."security_scan_status", '')); END;

-- mainstay.plugin_installations (catalog)
-- A plugin in an environment, with its configuration, health and needs (S1-B44, S1-B45).
CREATE TABLE "plugin_installations" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The plugin.
    "plugin_id" BLOB /* uuid */ NOT NULL,
    -- Where it is installed.
    "environment" TEXT NOT NULL,
    -- The version that is installed.
    "installed_version" TEXT NOT NULL,
    -- The version before, to go back to.
    "previous_version" TEXT,
    -- Who installed it.
    "installed_by" BLOB /* uuid */,
    -- How.
    "installation_method" TEXT,
    -- Its configuration.
    "config" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- The part of its configuration that nobody reads back (S1-B74).
    "secrets" BLOB,
    -- How it does.
    "health_status" TEXT NOT NULL DEFAULT 'unknown',
    -- Where its health is asked for.
    "health_check_url" TEXT,
    -- When it was asked for.
    "last_health_check" INTEGER /* timestamptz */,
    -- What was measured.
    "health_metrics" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Processor that it uses, in percent of one.
    "cpu_usage" INTEGER /* numeric(5,2) */,
    -- Memory that it uses, in MB.
    "memory_usage" INTEGER,
    -- Disk that it uses, in MB.
    "disk_usage" INTEGER,
    -- Whether it works.
    "is_enabled" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- When it was installed.
    "installed_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it was switched off.
    "disabled_at" INTEGER /* timestamptz */,
    -- When it was taken away.
    "uninstalled_at" INTEGER /* timestamptz */,
    CONSTRAINT "plugin_installations_plugin_id_environment_key" UNIQUE ("organization_id", "plugin_id", "environment"),
    CONSTRAINT "plugin_installations_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "plugin_installations_cpu_usage_check" CHECK ("cpu_usage" >= 0),
    CONSTRAINT "plugin_installations_disk_usage_check" CHECK ("disk_usage" >= 0),
    CONSTRAINT "plugin_installations_environment_check" CHECK ("environment" IN ('development', 'staging', 'production')),
    CONSTRAINT "plugin_installations_health_check_url_check" CHECK (length("health_check_url") <= 500),
    CONSTRAINT "plugin_installations_health_status_check" CHECK ("health_status" IN ('healthy', 'degraded', 'unhealthy', 'unknown')),
    CONSTRAINT "plugin_installations_id_check" CHECK (length("id") = 16),
    CONSTRAINT "plugin_installations_installation_method_check" CHECK ("installation_method" IN ('ui', 'api', 'cli', 'auto')),
    CONSTRAINT "plugin_installations_installed_by_check" CHECK (length("installed_by") = 16),
    CONSTRAINT "plugin_installations_installed_version_check" CHECK (length("installed_version") <= 50),
    CONSTRAINT "plugin_installations_is_enabled_check" CHECK ("is_enabled" IN (0, 1)),
    CONSTRAINT "plugin_installations_memory_usage_check" CHECK ("memory_usage" >= 0),
    CONSTRAINT "plugin_installations_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "plugin_installations_plugin_id_check" CHECK (length("plugin_id") = 16),
    CONSTRAINT "plugin_installations_previous_version_check" CHECK (length("previous_version") <= 50),
    CONSTRAINT "plugin_installations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "plugin_installations_plugin_id_fkey" FOREIGN KEY ("organization_id", "plugin_id") REFERENCES "plugins" ("organization_id", "id"),
    CONSTRAINT "plugin_installations_installed_by_fkey" FOREIGN KEY ("organization_id", "installed_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "plugin_installations_environment_idx" ON "plugin_installations" ("organization_id", "environment");
CREATE INDEX "plugin_installations_health_status_idx" ON "plugin_installations" ("organization_id", "health_status");
CREATE INDEX "plugin_installations_installed_by_idx" ON "plugin_installations" ("organization_id", "installed_by");
CREATE TRIGGER "plugin_installations_installed_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "plugin_installations" SET "installed_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "installed_by" = OLD."user_id"; END;

-- mainstay.services (catalog)
-- Something that an organisation runs. Members reach the services of their teams (S1-B68).
CREATE TABLE "services" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The name that identifies it.
    "name" TEXT NOT NULL,
    -- The name that people see.
    "display_name" TEXT NOT NULL,
    -- What it does.
    "description" TEXT,
    -- What it is.
    "type" TEXT NOT NULL,
    -- How far its life is.
    "lifecycle" TEXT NOT NULL DEFAULT 'production',
    -- Which layer it belongs to.
    "tier" TEXT,
    -- Who answers for it.
    "owner_id" BLOB /* uuid */,
    -- The team that runs it and reaches it.
    "team_id" BLOB /* uuid */ NOT NULL,
    -- Where its source is.
    "repository_url" TEXT,
    -- Where it is explained.
    "documentation_url" TEXT,
    -- Where its interface is described.
    "api_spec_url" TEXT,
    -- Words to find it by.
    "tags" TEXT /* text[] */,
    -- Names and values to find it by.
    "labels" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Names and values for programs.
    "annotations" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Whatever the product keeps beside it.
    "metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- How it does.
    "health_status" TEXT NOT NULL DEFAULT 'unknown',
    -- Where its health is asked for.
    "health_check_url" TEXT,
    -- When it was asked for.
    "last_health_check" INTEGER /* timestamptz */,
    -- What is promised, such as `{"availability": 99.9, "latency_p99": 500}` (S1-B49).
    "sla" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- What was measured.
    "metrics" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Services that it names as needed, by identifier, as its own description has them. What the catalog goes by are the relationships (S1-B51).
    "depends_on" TEXT /* text[] */,
    -- Frameworks that it meets, such as `{"soc2": true, "gdpr": true}` (S1-B50).
    "compliance_status" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    CONSTRAINT "services_name_key" UNIQUE ("organization_id", "name"),
    CONSTRAINT "services_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "services_api_spec_url_check" CHECK (length("api_spec_url") <= 500),
    CONSTRAINT "services_description_check" CHECK (length("description") <= 8000),
    CONSTRAINT "services_display_name_check" CHECK (length("display_name") <= 255),
    CONSTRAINT "services_documentation_url_check" CHECK (length("documentation_url") <= 500),
    CONSTRAINT "services_health_check_url_check" CHECK (length("health_check_url") <= 500),
    CONSTRAINT "services_health_status_check" CHECK ("health_status" IN ('healthy', 'degraded', 'unhealthy', 'unknown')),
    CONSTRAINT "services_id_check" CHECK (length("id") = 16),
    CONSTRAINT "services_lifecycle_check" CHECK ("lifecycle" IN ('experimental', 'development', 'staging', 'production', 'deprecated')),
    CONSTRAINT "services_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "services_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "services_owner_id_check" CHECK (length("owner_id") = 16),
    CONSTRAINT "services_repository_url_check" CHECK (length("repository_url") <= 500),
    CONSTRAINT "services_team_id_check" CHECK (length("team_id") = 16),
    CONSTRAINT "services_tier_check" CHECK ("tier" IN ('frontend', 'backend', 'data', 'infrastructure')),
    CONSTRAINT "services_type_check" CHECK ("type" IN ('service', 'website', 'library', 'application', 'tool', 'infrastructure')),
    CONSTRAINT "services_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "services_owner_id_fkey" FOREIGN KEY ("organization_id", "owner_id") REFERENCES "organization_members" ("organization_id", "user_id"),
    CONSTRAINT "services_team_id_fkey" FOREIGN KEY ("organization_id", "team_id") REFERENCES "teams" ("organization_id", "id")
) STRICT;
CREATE INDEX "services_type_idx" ON "services" ("organization_id", "type");
CREATE INDEX "services_lifecycle_idx" ON "services" ("organization_id", "lifecycle");
CREATE INDEX "services_team_id_idx" ON "services" ("organization_id", "team_id");
CREATE INDEX "services_owner_id_idx" ON "services" ("organization_id", "owner_id");
CREATE INDEX "services_health_status_idx" ON "services" ("organization_id", "health_status");
CREATE INDEX "services_team_id_lifecycle_idx" ON "services" ("organization_id", "team_id", "lifecycle") WHERE deleted_at is null;
CREATE TABLE "services_words" ( /* definition 1 */
    "organization_id" BLOB /* uuid */ NOT NULL,
    "field" INTEGER NOT NULL,
    "word" TEXT NOT NULL,
    "id" BLOB /* uuid */ NOT NULL,
    CONSTRAINT "services_words_pkey" PRIMARY KEY ("organization_id", "field", "word", "id")
) STRICT, WITHOUT ROWID;
INSERT INTO "services_words" ("organization_id", "field", "word", "id") SELECT t."organization_id", 0, j.value, t."id" FROM "services" AS t, json_each(ms_words(t."name")) AS j;
INSERT INTO "services_words" ("organization_id", "field", "word", "id") SELECT t."organization_id", 1, j.value, t."id" FROM "services" AS t, json_each(ms_words(t."description")) AS j;
CREATE TRIGGER "services_words_forget" AFTER DELETE ON "services" FOR EACH ROW BEGIN DELETE FROM "services_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."name"))); DELETE FROM "services_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."description"))); END;
CREATE TRIGGER "services_words_change_0" AFTER UPDATE OF "name", "id" ON "services" FOR EACH ROW BEGIN DELETE FROM "services_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 0 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."name"))); INSERT INTO "services_words" ("organization_id", "field", "word", "id") SELECT NEW."organization_id", 0, j.value, NEW."id" FROM json_each(ms_words(NEW."name")) AS j; END;
CREATE TRIGGER "services_words_change_1" AFTER UPDATE OF "description", "id" ON "services" FOR EACH ROW BEGIN DELETE FROM "services_words" WHERE "organization_id" = OLD."organization_id" AND "id" = OLD."id" AND "field" = 1 AND "word" IN (SELECT value FROM json_each(ms_words(OLD."description"))); INSERT INTO "services_words" ("organization_id", "field", "word", "id") SELECT NEW."organization_id", 1, j.value, NEW."id" FROM json_each(ms_words(NEW."description")) AS j; END;
CREATE TRIGGER "services_lifecycle_life_cycle" BEFORE UPDATE OF "lifecycle" ON "services" FOR EACH ROW WHEN OLD."lifecycle" IS DISTINCT FROM NEW."lifecycle" AND NOT coalesce(CASE OLD."lifecycle" WHEN 'experimental' THEN NEW."lifecycle" IN ('development', 'staging', 'production', 'deprecated') WHEN 'development' THEN NEW."lifecycle" IN ('experimental', 'staging', 'production', 'deprecated') WHEN 'staging' THEN NEW."lifecycle" IN ('development', 'production', 'deprecated') WHEN 'production' THEN NEW."lifecycle" IN ('deprecated') WHEN 'deprecated' THEN NEW."lifecycle" IN ('production') ELSE OLD."lifecycle" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:services:lifecycle:' || OLD."lifecycle" || ':' || coalesce(NEW."lifecycle", '')); END;
CREATE TRIGGER "services_owner_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "services" SET "owner_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "owner_id" = OLD."user_id"; END;

-- mainstay.service_relationships (catalog)
-- That one service belongs to another in some way, from source to target (S1-B47).
CREATE TABLE "service_relationships" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The service that is spoken of.
    "source_id" BLOB /* uuid */ NOT NULL,
    -- The service that it belongs to.
    "target_id" BLOB /* uuid */ NOT NULL,
    -- How.
    "relationship_type" TEXT NOT NULL,
    -- Whatever the product keeps beside it.
    "metadata" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- How much, 0 to 1.
    "strength" INTEGER /* numeric(3,2) */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it was last seen to be so.
    "validated_at" INTEGER /* timestamptz */,
    CONSTRAINT "service_relationships_source_id_target_id_relationship_type_key" UNIQUE ("organization_id", "source_id", "target_id", "relationship_type"),
    CONSTRAINT "service_relationships_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "service_relationships_id_check" CHECK (length("id") = 16),
    CONSTRAINT "service_relationships_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "service_relationships_relationship_type_check" CHECK ("relationship_type" IN ('depends_on', 'consumed_by', 'provides_api', 'consumes_api', 'deployed_with', 'owned_by', 'part_of')),
    CONSTRAINT "service_relationships_source_id_check" CHECK (length("source_id") = 16),
    CONSTRAINT "service_relationships_strength_check" CHECK ("strength" >= 0 AND "strength" <= 100),
    CONSTRAINT "service_relationships_target_id_check" CHECK (length("target_id") = 16),
    CONSTRAINT "service_relationships_two_services_check" CHECK (source_id <> target_id),
    CONSTRAINT "service_relationships_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "service_relationships_source_id_fkey" FOREIGN KEY ("organization_id", "source_id") REFERENCES "services" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "service_relationships_target_id_fkey" FOREIGN KEY ("organization_id", "target_id") REFERENCES "services" ("organization_id", "id") ON DELETE CASCADE
) STRICT;
CREATE INDEX "service_relationships_target_id_idx" ON "service_relationships" ("organization_id", "target_id");
CREATE INDEX "service_relationships_relationship_type_idx" ON "service_relationships" ("organization_id", "relationship_type");

-- mainstay.service_deployments (catalog)
-- A version of a service that was brought into an environment (S1-B48).
CREATE TABLE "service_deployments" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The service.
    "service_id" BLOB /* uuid */ NOT NULL,
    -- Where.
    "environment" TEXT NOT NULL,
    -- The version.
    "version" TEXT NOT NULL,
    -- The commit that it was built from.
    "commit_sha" TEXT,
    -- The build that made it.
    "build_number" TEXT,
    -- Who brought it.
    "deployed_by" BLOB /* uuid */,
    -- How.
    "deployment_method" TEXT,
    -- How far it is.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- How the service does since.
    "health_status" TEXT,
    -- The version before, to go back to.
    "previous_version" TEXT,
    -- Whether it can be taken back.
    "can_rollback" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- Seconds until the service answered.
    "startup_time" INTEGER,
    -- Seconds that the deployment took.
    "deployment_duration" INTEGER,
    -- When it began.
    "deployed_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it was completed.
    "completed_at" INTEGER /* timestamptz */,
    -- When it was taken back.
    "rolled_back_at" INTEGER /* timestamptz */,
    CONSTRAINT "service_deployments_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "service_deployments_build_number_check" CHECK (length("build_number") <= 50),
    CONSTRAINT "service_deployments_can_rollback_check" CHECK ("can_rollback" IN (0, 1)),
    CONSTRAINT "service_deployments_commit_sha_check" CHECK (length("commit_sha") <= 40),
    CONSTRAINT "service_deployments_deployed_by_check" CHECK (length("deployed_by") = 16),
    CONSTRAINT "service_deployments_deployment_duration_check" CHECK ("deployment_duration" >= 0),
    CONSTRAINT "service_deployments_deployment_method_check" CHECK ("deployment_method" IN ('manual', 'ci/cd', 'gitops')),
    CONSTRAINT "service_deployments_environment_check" CHECK (length("environment") <= 50),
    CONSTRAINT "service_deployments_health_status_check" CHECK ("health_status" IN ('healthy', 'degraded', 'unhealthy', 'unknown')),
    CONSTRAINT "service_deployments_id_check" CHECK (length("id") = 16),
    CONSTRAINT "service_deployments_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "service_deployments_previous_version_check" CHECK (length("previous_version") <= 50),
    CONSTRAINT "service_deployments_service_id_check" CHECK (length("service_id") = 16),
    CONSTRAINT "service_deployments_startup_time_check" CHECK ("startup_time" >= 0),
    CONSTRAINT "service_deployments_status_check" CHECK ("status" IN ('pending', 'in_progress', 'completed', 'failed', 'rolled_back')),
    CONSTRAINT "service_deployments_version_check" CHECK (length("version") <= 50),
    CONSTRAINT "service_deployments_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "service_deployments_service_id_fkey" FOREIGN KEY ("organization_id", "service_id") REFERENCES "services" ("organization_id", "id"),
    CONSTRAINT "service_deployments_deployed_by_fkey" FOREIGN KEY ("organization_id", "deployed_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "service_deployments_service_id_environment_deployed_at_idx" ON "service_deployments" ("organization_id", "service_id", "environment", "deployed_at" DESC);
CREATE INDEX "service_deployments_environment_idx" ON "service_deployments" ("organization_id", "environment");
CREATE INDEX "service_deployments_status_idx" ON "service_deployments" ("organization_id", "status");
CREATE INDEX "service_deployments_deployed_at_idx" ON "service_deployments" ("organization_id", "deployed_at" DESC);
CREATE INDEX "service_deployments_deployed_by_idx" ON "service_deployments" ("organization_id", "deployed_by");
CREATE TRIGGER "service_deployments_status_life_cycle" BEFORE UPDATE OF "status" ON "service_deployments" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('in_progress', 'failed') WHEN 'in_progress' THEN NEW."status" IN ('completed', 'failed', 'rolled_back') WHEN 'completed' THEN NEW."status" IN ('rolled_back') WHEN 'failed' THEN NEW."status" IN ('rolled_back') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:service_deployments:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "service_deployments_deployed_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "service_deployments" SET "deployed_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "deployed_by" = OLD."user_id"; END;

-- mainstay.ghost_search_queries (exposure)
-- One search of breach, paste and dark-web sources, as a member made it.
CREATE TABLE "ghost_search_queries" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The member who searched; the search goes with the member (S2-B66).
    "user_id" BLOB /* uuid */ NOT NULL,
    -- What the search is for.
    "query_type" TEXT NOT NULL,
    -- The address, domain or number that was searched for.
    "query_value" TEXT NOT NULL,
    -- How many results came back.
    "results_count" INTEGER NOT NULL DEFAULT 0,
    -- The sources that were asked.
    "search_sources" TEXT /* text[] */ NOT NULL DEFAULT '[]',
    -- How long the search took, in milliseconds.
    "response_time_ms" INTEGER,
    -- When the search was made.
    "searched_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "ghost_search_queries_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "ghost_search_queries_id_check" CHECK (length("id") = 16),
    CONSTRAINT "ghost_search_queries_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "ghost_search_queries_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "ghost_search_queries_query_type_check" CHECK ("query_type" IN ('email', 'domain', 'phone', 'ip')),
    CONSTRAINT "ghost_search_queries_query_value_check" CHECK (length("query_value") <= 255),
    CONSTRAINT "ghost_search_queries_response_time_ms_check" CHECK ("response_time_ms" >= 0),
    CONSTRAINT "ghost_search_queries_results_count_check" CHECK ("results_count" >= 0),
    CONSTRAINT "ghost_search_queries_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "ghost_search_queries_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "ghost_search_queries_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "ghost_search_queries_searched_at_idx" ON "ghost_search_queries" ("organization_id", "searched_at");
CREATE INDEX "ghost_search_queries_deleted_at_idx" ON "ghost_search_queries" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "ghost_search_queries_user_id_idx" ON "ghost_search_queries" ("organization_id", "user_id");

-- mainstay.monitored_emails (exposure)
-- An e-mail address that is watched for exposure, for the organisation or for one member (S2-B53).
CREATE TABLE "monitored_emails" (
    -- The address's own identifier names the person whom it belongs to: the person need not have an account.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that watches; the watch goes with it (S2-B68).
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The member for whom it is watched, unless it is for the organisation (S2-B66).
    "user_id" BLOB /* uuid */,
    -- Who began the watch (S2-B67).
    "created_by_user_id" BLOB /* uuid */,
    -- The address.
    "email_address" TEXT NOT NULL,
    -- For whom it is watched.
    "monitor_scope" TEXT NOT NULL,
    -- When it was last looked for.
    "last_checked" INTEGER /* timestamptz */,
    -- How many findings there are.
    "findings_count" INTEGER NOT NULL DEFAULT 0,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether it is watched at present.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "monitored_emails_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "monitored_emails_created_by_user_id_check" CHECK (length("created_by_user_id") = 16),
    CONSTRAINT "monitored_emails_email_address_check" CHECK (length("email_address") <= 255),
    CONSTRAINT "monitored_emails_findings_count_check" CHECK ("findings_count" >= 0),
    CONSTRAINT "monitored_emails_id_check" CHECK (length("id") = 16),
    CONSTRAINT "monitored_emails_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "monitored_emails_monitor_scope_check" CHECK ("monitor_scope" IN ('company', 'analyst', 'admin')),
    CONSTRAINT "monitored_emails_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "monitored_emails_owner_check" CHECK (monitor_scope = 'company' or user_id is not null),
    CONSTRAINT "monitored_emails_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "monitored_emails_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE CASCADE,
    CONSTRAINT "monitored_emails_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE,
    CONSTRAINT "monitored_emails_created_by_user_id_fkey" FOREIGN KEY ("organization_id", "created_by_user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "monitored_emails_email_address_idx" ON "monitored_emails" ("organization_id", "email_address");
CREATE INDEX "monitored_emails_deleted_at_idx" ON "monitored_emails" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "monitored_emails_user_id_idx" ON "monitored_emails" ("organization_id", "user_id");
CREATE INDEX "monitored_emails_created_by_user_id_idx" ON "monitored_emails" ("organization_id", "created_by_user_id");
CREATE TRIGGER "monitored_emails_created_by_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "monitored_emails" SET "created_by_user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "created_by_user_id" = OLD."user_id"; END;

-- mainstay.monitored_email_findings (exposure)
-- Something that was found about a watched address.
CREATE TABLE "monitored_email_findings" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The address that it is about.
    "monitored_email_id" BLOB /* uuid */ NOT NULL,
    -- Where it was found.
    "finding_type" TEXT NOT NULL,
    -- The source that reported it, such as a breach catalogue.
    "source" TEXT NOT NULL,
    -- What the breach is called.
    "breach_name" TEXT,
    -- When the breach happened.
    "breach_date" INTEGER /* timestamptz */,
    -- What the source says.
    "details" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- How bad it is.
    "severity" TEXT NOT NULL,
    -- Whether those concerned were told.
    "notified" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- When they were told.
    "notified_at" INTEGER /* timestamptz */,
    -- When it was found.
    "found_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "monitored_email_findings_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "monitored_email_findings_breach_name_check" CHECK (length("breach_name") <= 255),
    CONSTRAINT "monitored_email_findings_finding_type_check" CHECK ("finding_type" IN ('breach', 'paste', 'darkweb', 'credential_leak')),
    CONSTRAINT "monitored_email_findings_id_check" CHECK (length("id") = 16),
    CONSTRAINT "monitored_email_findings_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "monitored_email_findings_monitored_email_id_check" CHECK (length("monitored_email_id") = 16),
    CONSTRAINT "monitored_email_findings_notified_check" CHECK ("notified" IN (0, 1)),
    CONSTRAINT "monitored_email_findings_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "monitored_email_findings_severity_check" CHECK ("severity" IN ('info', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT "monitored_email_findings_source_check" CHECK (length("source") <= 100),
    CONSTRAINT "monitored_email_findings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "monitored_email_findings_monitored_email_id_fkey" FOREIGN KEY ("organization_id", "monitored_email_id") REFERENCES "monitored_emails" ("organization_id", "id") ON DELETE CASCADE
) STRICT;
CREATE INDEX "monitored_email_findings_deleted_at_idx" ON "monitored_email_findings" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "monitored_email_findings_monitored_email_id_idx" ON "monitored_email_findings" ("organization_id", "monitored_email_id");

-- mainstay.breach_files (exposure)
-- A file of leaked credentials that a member uploaded for analysis.
CREATE TABLE "breach_files" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The member who uploaded it; leaked credentials don't outlive their owner (S2-B66).
    "user_id" BLOB /* uuid */,
    -- The name of the upload, given by whoever uploads.
    "upload_id" TEXT,
    -- The file's name.
    "filename" TEXT NOT NULL,
    -- Where it is in its storage.
    "file_path" TEXT NOT NULL,
    -- Which storage it is in.
    "storage_location" TEXT NOT NULL DEFAULT 'local',
    -- Its size in bytes.
    "file_size_bytes" INTEGER NOT NULL DEFAULT 0,
    -- Its media type.
    "mime_type" TEXT,
    -- SHA-256 of its content, 64 lower-case hexadecimal digits (S2-B61).
    "content_hash" TEXT,
    -- How many lines it has.
    "line_count" INTEGER NOT NULL DEFAULT 0,
    -- How many records were found in it.
    "records_count" INTEGER,
    -- How many of them are credentials.
    "parsed_credential_count" INTEGER NOT NULL DEFAULT 0,
    -- Whether its records can be searched.
    "is_indexed" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- How far the reading is.
    "processing_status" TEXT NOT NULL DEFAULT 'pending',
    -- Why it could not be read.
    "processing_error" TEXT,
    -- Whether it was scanned for viruses.
    "virus_scanned" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- What the scan found.
    "virus_scan_result" TEXT,
    -- What else was noticed about it.
    "security_flags" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When it was uploaded.
    "uploaded_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it is removed: 24 hours after the upload where it is for analysis alone (S2-B41).
    "expires_at" INTEGER /* timestamptz */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "breach_files_upload_id_key" UNIQUE ("organization_id", "upload_id"),
    CONSTRAINT "breach_files_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "breach_files_content_hash_check" CHECK (length("content_hash") <= 64),
    CONSTRAINT "breach_files_content_hash_form_check" CHECK (length(content_hash) = 64 and ltrim(content_hash, '0123456789abcdef') = ''),
    CONSTRAINT "breach_files_file_path_check" CHECK (length("file_path") <= 500),
    CONSTRAINT "breach_files_file_size_bytes_check" CHECK ("file_size_bytes" >= 0),
    CONSTRAINT "breach_files_filename_check" CHECK (length("filename") <= 255),
    CONSTRAINT "breach_files_id_check" CHECK (length("id") = 16),
    CONSTRAINT "breach_files_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "breach_files_is_indexed_check" CHECK ("is_indexed" IN (0, 1)),
    CONSTRAINT "breach_files_line_count_check" CHECK ("line_count" >= 0),
    CONSTRAINT "breach_files_mime_type_check" CHECK (length("mime_type") <= 100),
    CONSTRAINT "breach_files_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "breach_files_parsed_credential_count_check" CHECK ("parsed_credential_count" >= 0),
    CONSTRAINT "breach_files_processing_error_check" CHECK (length("processing_error") <= 4000),
    CONSTRAINT "breach_files_processing_status_check" CHECK ("processing_status" IN ('pending', 'processing', 'completed', 'failed')),
    CONSTRAINT "breach_files_records_count_check" CHECK ("records_count" >= 0),
    CONSTRAINT "breach_files_storage_location_check" CHECK ("storage_location" IN ('local', 's3')),
    CONSTRAINT "breach_files_upload_id_check" CHECK (length("upload_id") <= 255),
    CONSTRAINT "breach_files_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "breach_files_virus_scan_result_check" CHECK (length("virus_scan_result") <= 100),
    CONSTRAINT "breach_files_virus_scanned_check" CHECK ("virus_scanned" IN (0, 1)),
    CONSTRAINT "breach_files_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "breach_files_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE
) STRICT;
CREATE INDEX "breach_files_expires_at_idx" ON "breach_files" ("expires_at") WHERE expires_at is not null;
CREATE INDEX "breach_files_deleted_at_idx" ON "breach_files" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "breach_files_user_id_idx" ON "breach_files" ("organization_id", "user_id");
CREATE TRIGGER "breach_files_processing_status_life_cycle" BEFORE UPDATE OF "processing_status" ON "breach_files" FOR EACH ROW WHEN OLD."processing_status" IS DISTINCT FROM NEW."processing_status" AND NOT coalesce(CASE OLD."processing_status" WHEN 'pending' THEN NEW."processing_status" IN ('processing') WHEN 'processing' THEN NEW."processing_status" IN ('completed', 'failed') ELSE OLD."processing_status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:breach_files:processing_status:' || OLD."processing_status" || ':' || coalesce(NEW."processing_status", '')); END;

-- mainstay.breach_file_records (exposure)
-- A credential that was found in a breach file.
CREATE TABLE "breach_file_records" (
    -- The record's own identifier names the person whose credential leaked: the person need not have an account.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The file that it was found in; it goes with the file (S2-B69, S2-B71).
    "breach_file_id" BLOB /* uuid */ NOT NULL,
    -- The member who uploaded it.
    "user_id" BLOB /* uuid */,
    -- The address that the credential belongs to.
    "email" TEXT NOT NULL,
    -- The leaked hash of the password.
    "password_hash" TEXT,
    -- The leaked password.
    "password_encrypted" BLOB,
    -- What else the line says.
    "additional_data" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- The line of the file, from 1.
    "line_number" INTEGER,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "breach_file_records_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "breach_file_records_breach_file_id_check" CHECK (length("breach_file_id") = 16),
    CONSTRAINT "breach_file_records_email_check" CHECK (length("email") <= 255),
    CONSTRAINT "breach_file_records_id_check" CHECK (length("id") = 16),
    CONSTRAINT "breach_file_records_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "breach_file_records_line_number_check" CHECK ("line_number" >= 1),
    CONSTRAINT "breach_file_records_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "breach_file_records_password_hash_check" CHECK (length("password_hash") <= 255),
    CONSTRAINT "breach_file_records_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "breach_file_records_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "breach_file_records_breach_file_id_fkey" FOREIGN KEY ("organization_id", "breach_file_id") REFERENCES "breach_files" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "breach_file_records_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "breach_file_records_email_idx" ON "breach_file_records" ("organization_id", "email");
CREATE INDEX "breach_file_records_deleted_at_idx" ON "breach_file_records" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "breach_file_records_breach_file_id_idx" ON "breach_file_records" ("organization_id", "breach_file_id");
CREATE INDEX "breach_file_records_user_id_idx" ON "breach_file_records" ("organization_id", "user_id");
CREATE TRIGGER "breach_file_records_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "breach_file_records" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.osint_profiles (exposure)
-- A person under investigation.
CREATE TABLE "osint_profiles" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The person's name.
    "name" TEXT NOT NULL,
    -- The person's address.
    "email" TEXT,
    -- The name that the person uses in most places.
    "username" TEXT,
    -- The person's telephone number.
    "phone" TEXT,
    -- What the investigator notes.
    "notes" TEXT,
    -- How exposed the person is; 0 means not at all (S2-B39).
    "risk_score" REAL NOT NULL DEFAULT 0,
    -- In how many breaches the person was found.
    "breach_count" INTEGER NOT NULL DEFAULT 0,
    -- What social networks tell.
    "social_media_json" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Passwords of the person that leaked; never read back.
    "exposed_passwords" BLOB,
    -- What leaked of the person.
    "data_leaks" TEXT /* jsonb */ NOT NULL DEFAULT '[]',
    -- The member who investigates (S2-B67).
    "user_id" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "osint_profiles_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "osint_profiles_breach_count_check" CHECK ("breach_count" >= 0),
    CONSTRAINT "osint_profiles_email_check" CHECK (length("email") <= 255),
    CONSTRAINT "osint_profiles_id_check" CHECK (length("id") = 16),
    CONSTRAINT "osint_profiles_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "osint_profiles_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "osint_profiles_notes_check" CHECK (length("notes") <= 65536),
    CONSTRAINT "osint_profiles_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "osint_profiles_phone_check" CHECK (length("phone") <= 50),
    CONSTRAINT "osint_profiles_risk_score_check" CHECK ("risk_score" >= 0),
    CONSTRAINT "osint_profiles_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "osint_profiles_username_check" CHECK (length("username") <= 255),
    CONSTRAINT "osint_profiles_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "osint_profiles_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "osint_profiles_deleted_at_idx" ON "osint_profiles" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "osint_profiles_user_id_idx" ON "osint_profiles" ("organization_id", "user_id");
CREATE TRIGGER "osint_profiles_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "osint_profiles" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.osint_social_accounts (exposure)
-- An account of the person in a social network.
CREATE TABLE "osint_social_accounts" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The person.
    "profile_id" BLOB /* uuid */ NOT NULL,
    -- The network.
    "platform" TEXT,
    -- The person's name there.
    "username" TEXT,
    -- Address of the account.
    "url" TEXT,
    -- How many follow it.
    "followers" INTEGER,
    -- How much it has published.
    "posts_count" INTEGER,
    -- When it was found.
    "discovered_at" INTEGER /* timestamptz */ DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- The member who investigates.
    "user_id" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "osint_social_accounts_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "osint_social_accounts_followers_check" CHECK ("followers" >= 0),
    CONSTRAINT "osint_social_accounts_id_check" CHECK (length("id") = 16),
    CONSTRAINT "osint_social_accounts_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "osint_social_accounts_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "osint_social_accounts_platform_check" CHECK (length("platform") <= 100),
    CONSTRAINT "osint_social_accounts_posts_count_check" CHECK ("posts_count" >= 0),
    CONSTRAINT "osint_social_accounts_profile_id_check" CHECK (length("profile_id") = 16),
    CONSTRAINT "osint_social_accounts_url_check" CHECK (length("url") <= 2000),
    CONSTRAINT "osint_social_accounts_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "osint_social_accounts_username_check" CHECK (length("username") <= 255),
    CONSTRAINT "osint_social_accounts_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "osint_social_accounts_profile_id_fkey" FOREIGN KEY ("organization_id", "profile_id") REFERENCES "osint_profiles" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "osint_social_accounts_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "osint_social_accounts_deleted_at_idx" ON "osint_social_accounts" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "osint_social_accounts_profile_id_idx" ON "osint_social_accounts" ("organization_id", "profile_id");
CREATE INDEX "osint_social_accounts_user_id_idx" ON "osint_social_accounts" ("organization_id", "user_id");
CREATE TRIGGER "osint_social_accounts_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "osint_social_accounts" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.osint_breaches (exposure)
-- A breach in which the person was found.
CREATE TABLE "osint_breaches" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The person.
    "profile_id" BLOB /* uuid */ NOT NULL,
    -- What the breach is called.
    "breach_name" TEXT,
    -- When it happened, as exactly as the source knows: a date, month or year.
    "breach_date" TEXT,
    -- What kinds of data leaked, such as passwords or addresses.
    "data_classes" TEXT /* text[] */ NOT NULL DEFAULT '[]',
    -- When the person was found in it.
    "discovered_at" INTEGER /* timestamptz */ DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- The member who investigates.
    "user_id" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "osint_breaches_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "osint_breaches_breach_date_check" CHECK (length("breach_date") <= 50),
    CONSTRAINT "osint_breaches_breach_name_check" CHECK (length("breach_name") <= 255),
    CONSTRAINT "osint_breaches_id_check" CHECK (length("id") = 16),
    CONSTRAINT "osint_breaches_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "osint_breaches_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "osint_breaches_profile_id_check" CHECK (length("profile_id") = 16),
    CONSTRAINT "osint_breaches_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "osint_breaches_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "osint_breaches_profile_id_fkey" FOREIGN KEY ("organization_id", "profile_id") REFERENCES "osint_profiles" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "osint_breaches_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "osint_breaches_deleted_at_idx" ON "osint_breaches" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "osint_breaches_profile_id_idx" ON "osint_breaches" ("organization_id", "profile_id");
CREATE INDEX "osint_breaches_user_id_idx" ON "osint_breaches" ("organization_id", "user_id");
CREATE TRIGGER "osint_breaches_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "osint_breaches" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.osint_devices (exposure)
-- A machine that open sources know of, of a person where one is known.
CREATE TABLE "osint_devices" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The person.
    "profile_id" BLOB /* uuid */,
    -- Its address.
    "ip_address" TEXT /* inet */,
    -- Its name.
    "hostname" TEXT,
    -- What it is, such as a camera or a web server.
    "device_type" TEXT,
    -- The ports that answer.
    "ports_open" TEXT /* integer[] */ NOT NULL DEFAULT '[]',
    -- Known weaknesses, such as CVE numbers.
    "vulnerabilities" TEXT /* jsonb */ NOT NULL DEFAULT '[]',
    -- Roughly where it is.
    "location" TEXT,
    -- When it was found.
    "discovered_at" INTEGER /* timestamptz */ DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- The member who investigates.
    "user_id" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "osint_devices_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "osint_devices_device_type_check" CHECK (length("device_type") <= 100),
    CONSTRAINT "osint_devices_hostname_check" CHECK (length("hostname") <= 255),
    CONSTRAINT "osint_devices_id_check" CHECK (length("id") = 16),
    CONSTRAINT "osint_devices_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "osint_devices_location_check" CHECK (length("location") <= 255),
    CONSTRAINT "osint_devices_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "osint_devices_profile_id_check" CHECK (length("profile_id") = 16),
    CONSTRAINT "osint_devices_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "osint_devices_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "osint_devices_profile_id_fkey" FOREIGN KEY ("organization_id", "profile_id") REFERENCES "osint_profiles" ("organization_id", "id"),
    CONSTRAINT "osint_devices_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "osint_devices_deleted_at_idx" ON "osint_devices" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "osint_devices_profile_id_idx" ON "osint_devices" ("organization_id", "profile_id");
CREATE INDEX "osint_devices_user_id_idx" ON "osint_devices" ("organization_id", "user_id");
CREATE TRIGGER "osint_devices_profile_id_fkey_set_null" AFTER DELETE ON "osint_profiles" FOR EACH ROW BEGIN UPDATE "osint_devices" SET "profile_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "profile_id" = OLD."id"; END;
CREATE TRIGGER "osint_devices_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "osint_devices" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.github_findings (exposure)
-- A gist that holds a credential.
CREATE TABLE "github_findings" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The gist's identifier; a gist is reported once, and a deleted report stays known (S2-B62).
    "gist_id" TEXT NOT NULL,
    -- Its address.
    "gist_url" TEXT NOT NULL,
    -- The file in it.
    "filename" TEXT,
    -- When the gist was made.
    "gist_created_at" INTEGER /* timestamptz */,
    -- The words that found it.
    "query_term" TEXT,
    -- What the search is for.
    "query_type" TEXT,
    -- What kind of credential it holds.
    "credential_type" TEXT,
    -- The credential; never read back.
    "credential_value" BLOB,
    -- The lines around it, without the credential.
    "context" TEXT,
    -- When it was found.
    "discovered_at" INTEGER /* timestamptz */ DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- The member who searched (S2-B67).
    "user_id" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "github_findings_gist_id_key" UNIQUE ("organization_id", "gist_id"),
    CONSTRAINT "github_findings_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "github_findings_context_check" CHECK (length("context") <= 65536),
    CONSTRAINT "github_findings_credential_type_check" CHECK (length("credential_type") <= 100),
    CONSTRAINT "github_findings_filename_check" CHECK (length("filename") <= 255),
    CONSTRAINT "github_findings_gist_id_check" CHECK (length("gist_id") <= 255),
    CONSTRAINT "github_findings_gist_url_check" CHECK (length("gist_url") <= 2000),
    CONSTRAINT "github_findings_id_check" CHECK (length("id") = 16),
    CONSTRAINT "github_findings_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "github_findings_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "github_findings_query_term_check" CHECK (length("query_term") <= 255),
    CONSTRAINT "github_findings_query_type_check" CHECK ("query_type" IN ('email', 'api_key', 'database', 'password')),
    CONSTRAINT "github_findings_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "github_findings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "github_findings_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "github_findings_query_term_idx" ON "github_findings" ("organization_id", "query_term");
CREATE INDEX "github_findings_query_type_idx" ON "github_findings" ("organization_id", "query_type");
CREATE INDEX "github_findings_deleted_at_idx" ON "github_findings" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "github_findings_user_id_idx" ON "github_findings" ("organization_id", "user_id");
CREATE TRIGGER "github_findings_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "github_findings" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.pastebin_findings (exposure)
-- A paste that holds a credential.
CREATE TABLE "pastebin_findings" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The paste's identifier; a paste is reported once, and a deleted report stays known (S2-B62).
    "paste_id" TEXT NOT NULL,
    -- Its title.
    "paste_title" TEXT,
    -- Its address.
    "paste_url" TEXT NOT NULL,
    -- When it was published, as the site says it.
    "posted_date" TEXT,
    -- The words that found it.
    "query_term" TEXT,
    -- What the search is for.
    "query_type" TEXT,
    -- The password in it; never read back.
    "credential_password" BLOB,
    -- The lines around it, without the password.
    "context" TEXT,
    -- When it was found.
    "discovered_at" INTEGER /* timestamptz */ DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- The member who searched (S2-B67).
    "user_id" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "pastebin_findings_paste_id_key" UNIQUE ("organization_id", "paste_id"),
    CONSTRAINT "pastebin_findings_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "pastebin_findings_context_check" CHECK (length("context") <= 65536),
    CONSTRAINT "pastebin_findings_id_check" CHECK (length("id") = 16),
    CONSTRAINT "pastebin_findings_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "pastebin_findings_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "pastebin_findings_paste_id_check" CHECK (length("paste_id") <= 255),
    CONSTRAINT "pastebin_findings_paste_title_check" CHECK (length("paste_title") <= 500),
    CONSTRAINT "pastebin_findings_paste_url_check" CHECK (length("paste_url") <= 2000),
    CONSTRAINT "pastebin_findings_posted_date_check" CHECK (length("posted_date") <= 50),
    CONSTRAINT "pastebin_findings_query_term_check" CHECK (length("query_term") <= 255),
    CONSTRAINT "pastebin_findings_query_type_check" CHECK ("query_type" IN ('email', 'domain', 'username', 'password')),
    CONSTRAINT "pastebin_findings_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "pastebin_findings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "pastebin_findings_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "pastebin_findings_query_term_idx" ON "pastebin_findings" ("organization_id", "query_term");
CREATE INDEX "pastebin_findings_query_type_idx" ON "pastebin_findings" ("organization_id", "query_type");
CREATE INDEX "pastebin_findings_deleted_at_idx" ON "pastebin_findings" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "pastebin_findings_user_id_idx" ON "pastebin_findings" ("organization_id", "user_id");
CREATE TRIGGER "pastebin_findings_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "pastebin_findings" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.opsych_search_results (exposure)
-- An account that a search for a name or address found.
CREATE TABLE "opsych_search_results" (
    -- The result's own identifier names the person: the person need not have an account here.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The search; its results share it.
    "search_id" TEXT NOT NULL,
    -- What was searched for.
    "query_input" TEXT NOT NULL,
    -- What kind of thing that is, such as a name or an address.
    "query_type" TEXT,
    -- The network that has the account.
    "platform" TEXT,
    -- The account's name.
    "username" TEXT,
    -- The account's address.
    "url" TEXT,
    -- What the account says of its owner.
    "bio" TEXT,
    -- The tool that found it, such as Sherlock or Holehe (S2-B33).
    "source" TEXT,
    -- When it was found.
    "discovered_at" INTEGER /* timestamptz */ DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- The member who searched (S2-B67).
    "user_id" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "opsych_search_results_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "opsych_search_results_bio_check" CHECK (length("bio") <= 4000),
    CONSTRAINT "opsych_search_results_id_check" CHECK (length("id") = 16),
    CONSTRAINT "opsych_search_results_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "opsych_search_results_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "opsych_search_results_platform_check" CHECK (length("platform") <= 100),
    CONSTRAINT "opsych_search_results_query_input_check" CHECK (length("query_input") <= 255),
    CONSTRAINT "opsych_search_results_query_type_check" CHECK (length("query_type") <= 50),
    CONSTRAINT "opsych_search_results_search_id_check" CHECK (length("search_id") <= 100),
    CONSTRAINT "opsych_search_results_source_check" CHECK (length("source") <= 100),
    CONSTRAINT "opsych_search_results_url_check" CHECK (length("url") <= 2000),
    CONSTRAINT "opsych_search_results_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "opsych_search_results_username_check" CHECK (length("username") <= 255),
    CONSTRAINT "opsych_search_results_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "opsych_search_results_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "opsych_search_results_search_id_idx" ON "opsych_search_results" ("organization_id", "search_id");
CREATE INDEX "opsych_search_results_query_input_idx" ON "opsych_search_results" ("organization_id", "query_input");
CREATE INDEX "opsych_search_results_platform_idx" ON "opsych_search_results" ("organization_id", "platform");
CREATE INDEX "opsych_search_results_username_idx" ON "opsych_search_results" ("organization_id", "username");
CREATE INDEX "opsych_search_results_deleted_at_idx" ON "opsych_search_results" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "opsych_search_results_user_id_idx" ON "opsych_search_results" ("organization_id", "user_id");
CREATE TRIGGER "opsych_search_results_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "opsych_search_results" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.surface_scans (exposure)
-- A scan of a domain or host: what ran, when, and what it found in sum.
CREATE TABLE "surface_scans" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What scanned.
    "scanner" TEXT NOT NULL,
    -- What the row is.
    "record_kind" TEXT NOT NULL DEFAULT 'history',
    -- The name of the run, used once (S2-B62).
    "scan_id" TEXT,
    -- The domain or host that was scanned; one legacy row for each that is not deleted.
    "target" TEXT NOT NULL,
    -- How far the scan is.
    "status" TEXT NOT NULL DEFAULT 'completed',
    -- When it was scanned.
    "scanned_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- How exposed the target is, 0 to 100.
    "risk_score" INTEGER DEFAULT 0,
    -- The same as a word.
    "risk_level" TEXT,
    -- How many weaknesses were found.
    "vulnerabilities_found" INTEGER DEFAULT 0,
    -- How many of them have a CVE number.
    "total_cves" INTEGER DEFAULT 0,
    -- How many of those are critical.
    "critical_cves" INTEGER DEFAULT 0,
    -- How many ports answer.
    "open_ports_count" INTEGER DEFAULT 0,
    -- How many findings there are.
    "total_findings" INTEGER DEFAULT 0,
    -- How many of them are critical.
    "critical_count" INTEGER DEFAULT 0,
    -- How many are high.
    "high_count" INTEGER DEFAULT 0,
    -- How many are medium.
    "medium_count" INTEGER DEFAULT 0,
    -- How many are low.
    "low_count" INTEGER DEFAULT 0,
    -- How many tests were run.
    "total_tests" INTEGER DEFAULT 0,
    -- How many of them passed.
    "passed_tests" INTEGER DEFAULT 0,
    -- How many failed.
    "failed_tests" INTEGER DEFAULT 0,
    -- The results in full.
    "results" TEXT /* jsonb */,
    -- The findings in full.
    "findings" TEXT /* jsonb */,
    -- Sums that the scanner made.
    "summary_stats" TEXT /* jsonb */,
    -- How the scan was run.
    "scan_metadata" TEXT /* jsonb */,
    -- The member who asked for it (S2-B67).
    "user_id" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "surface_scans_scan_id_key" UNIQUE ("organization_id", "scan_id"),
    CONSTRAINT "surface_scans_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "surface_scans_critical_count_check" CHECK ("critical_count" >= 0),
    CONSTRAINT "surface_scans_critical_cves_check" CHECK ("critical_cves" >= 0),
    CONSTRAINT "surface_scans_failed_tests_check" CHECK ("failed_tests" >= 0),
    CONSTRAINT "surface_scans_high_count_check" CHECK ("high_count" >= 0),
    CONSTRAINT "surface_scans_id_check" CHECK (length("id") = 16),
    CONSTRAINT "surface_scans_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "surface_scans_low_count_check" CHECK ("low_count" >= 0),
    CONSTRAINT "surface_scans_medium_count_check" CHECK ("medium_count" >= 0),
    CONSTRAINT "surface_scans_open_ports_count_check" CHECK ("open_ports_count" >= 0),
    CONSTRAINT "surface_scans_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "surface_scans_passed_tests_check" CHECK ("passed_tests" >= 0),
    CONSTRAINT "surface_scans_record_kind_check" CHECK ("record_kind" IN ('legacy', 'cache', 'summary', 'history')),
    CONSTRAINT "surface_scans_risk_level_check" CHECK ("risk_level" IN ('info', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT "surface_scans_risk_score_check" CHECK ("risk_score" >= 0 AND "risk_score" <= 100),
    CONSTRAINT "surface_scans_scan_id_check" CHECK (length("scan_id") <= 100),
    CONSTRAINT "surface_scans_scanner_check" CHECK ("scanner" IN ('asm', 'xasm', 'lightbox')),
    CONSTRAINT "surface_scans_status_check" CHECK ("status" IN ('pending', 'running', 'completed', 'failed')),
    CONSTRAINT "surface_scans_target_check" CHECK (length("target") <= 255),
    CONSTRAINT "surface_scans_total_cves_check" CHECK ("total_cves" >= 0),
    CONSTRAINT "surface_scans_total_findings_check" CHECK ("total_findings" >= 0),
    CONSTRAINT "surface_scans_total_tests_check" CHECK ("total_tests" >= 0),
    CONSTRAINT "surface_scans_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "surface_scans_vulnerabilities_found_check" CHECK ("vulnerabilities_found" >= 0),
    CONSTRAINT "surface_scans_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "surface_scans_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE UNIQUE INDEX "surface_scans_scanner_target_key" ON "surface_scans" ("organization_id", "scanner", "target") WHERE record_kind = 'legacy' and deleted_at is null;
CREATE INDEX "surface_scans_target_scanned_at_idx" ON "surface_scans" ("organization_id", "target", "scanned_at" DESC);
CREATE INDEX "surface_scans_deleted_at_idx" ON "surface_scans" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "surface_scans_user_id_idx" ON "surface_scans" ("organization_id", "user_id");
CREATE TRIGGER "surface_scans_status_life_cycle" BEFORE UPDATE OF "status" ON "surface_scans" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('running', 'failed') WHEN 'running' THEN NEW."status" IN ('completed', 'failed') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:surface_scans:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "surface_scans_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "surface_scans" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.surface_findings (exposure)
-- One thing that a scan found.
CREATE TABLE "surface_findings" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The host or application that was tested.
    "asset" TEXT NOT NULL,
    -- What was found.
    "finding_type" TEXT NOT NULL,
    -- Where it was found.
    "url" TEXT NOT NULL,
    -- What it means, in words.
    "description" TEXT,
    -- How bad it is.
    "severity" TEXT,
    -- What the server answered.
    "status_code" INTEGER,
    -- When it was found.
    "discovered_at" INTEGER /* timestamptz */ DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- The run that found it, by its name.
    "scan_id" TEXT,
    -- The member who asked for the scan (S2-B67).
    "user_id" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "surface_findings_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "surface_findings_asset_check" CHECK (length("asset") <= 255),
    CONSTRAINT "surface_findings_description_check" CHECK (length("description") <= 65536),
    CONSTRAINT "surface_findings_finding_type_check" CHECK (length("finding_type") <= 100),
    CONSTRAINT "surface_findings_id_check" CHECK (length("id") = 16),
    CONSTRAINT "surface_findings_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "surface_findings_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "surface_findings_scan_id_check" CHECK (length("scan_id") <= 100),
    CONSTRAINT "surface_findings_severity_check" CHECK ("severity" IN ('info', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT "surface_findings_status_code_check" CHECK ("status_code" >= 100 AND "status_code" <= 599),
    CONSTRAINT "surface_findings_url_check" CHECK (length("url") <= 2000),
    CONSTRAINT "surface_findings_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "surface_findings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "surface_findings_scan_id_fkey" FOREIGN KEY ("organization_id", "scan_id") REFERENCES "surface_scans" ("organization_id", "scan_id"),
    CONSTRAINT "surface_findings_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "surface_findings_asset_idx" ON "surface_findings" ("organization_id", "asset");
CREATE INDEX "surface_findings_finding_type_idx" ON "surface_findings" ("organization_id", "finding_type");
CREATE INDEX "surface_findings_severity_idx" ON "surface_findings" ("organization_id", "severity");
CREATE INDEX "surface_findings_deleted_at_idx" ON "surface_findings" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "surface_findings_scan_id_idx" ON "surface_findings" ("organization_id", "scan_id");
CREATE INDEX "surface_findings_user_id_idx" ON "surface_findings" ("organization_id", "user_id");
CREATE TRIGGER "surface_findings_scan_id_fkey_set_null" AFTER DELETE ON "surface_scans" FOR EACH ROW BEGIN UPDATE "surface_findings" SET "scan_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "scan_id" = OLD."scan_id"; END;
CREATE TRIGGER "surface_findings_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "surface_findings" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.scan_report_inputs (exposure)
-- The newest result of a scanner for a company, kept for 48 hours to write reports from (S2-B42, S2-B43).
CREATE TABLE "scan_report_inputs" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What scanned: `xasm` or `lightbox`.
    "scanner" TEXT NOT NULL,
    -- The company or domain that was scanned; free text, not an organisation of this installation.
    "company" TEXT NOT NULL,
    -- The results in full.
    "results" TEXT /* jsonb */ NOT NULL,
    -- When it was scanned.
    "scan_date" INTEGER /* timestamptz */ DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the result is removed.
    "expires_at" INTEGER /* timestamptz */ NOT NULL,
    -- The member who asked for it (S2-B67).
    "user_id" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "scan_report_inputs_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "scan_report_inputs_company_check" CHECK (length("company") <= 255),
    CONSTRAINT "scan_report_inputs_id_check" CHECK (length("id") = 16),
    CONSTRAINT "scan_report_inputs_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "scan_report_inputs_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "scan_report_inputs_scanner_check" CHECK ("scanner" IN ('asm', 'xasm', 'lightbox')),
    CONSTRAINT "scan_report_inputs_scanner_check1" CHECK (scanner <> 'asm'),
    CONSTRAINT "scan_report_inputs_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "scan_report_inputs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "scan_report_inputs_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE UNIQUE INDEX "scan_report_inputs_scanner_company_key" ON "scan_report_inputs" ("organization_id", "scanner", "company") WHERE deleted_at is null;
CREATE INDEX "scan_report_inputs_expires_at_idx" ON "scan_report_inputs" ("expires_at");
CREATE INDEX "scan_report_inputs_deleted_at_idx" ON "scan_report_inputs" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "scan_report_inputs_user_id_idx" ON "scan_report_inputs" ("organization_id", "user_id");
CREATE TRIGGER "scan_report_inputs_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "scan_report_inputs" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.vulnerability_reports (exposure)
-- A report on an organisation's weaknesses, written by a language model from scan results (S2-B55).
CREATE TABLE "vulnerability_reports" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that it is about; the report goes with it (S2-B68).
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The member who asked for it; the report goes with the member (S2-B66).
    "user_id" BLOB /* uuid */ NOT NULL,
    -- The attack surface result; empty once that has expired (S2-B73).
    "xasm_scan_id" BLOB /* uuid */,
    -- The web test's result; empty once that has expired (S2-B73).
    "lightbox_scan_id" BLOB /* uuid */,
    -- How great the risk is, 0 to 100 (S2-B36).
    "risk_score" INTEGER NOT NULL,
    -- The same as a word.
    "risk_level" TEXT NOT NULL,
    -- The report in short.
    "executive_summary" TEXT NOT NULL,
    -- The report in full.
    "report_json" TEXT /* jsonb */ NOT NULL,
    -- The model that wrote it.
    "ai_model" TEXT NOT NULL,
    -- How long that took, in milliseconds.
    "generation_time_ms" INTEGER,
    -- When it was written.
    "generated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "vulnerability_reports_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "vulnerability_reports_ai_model_check" CHECK (length("ai_model") <= 50),
    CONSTRAINT "vulnerability_reports_executive_summary_check" CHECK (length("executive_summary") <= 65536),
    CONSTRAINT "vulnerability_reports_generation_time_ms_check" CHECK ("generation_time_ms" >= 0),
    CONSTRAINT "vulnerability_reports_id_check" CHECK (length("id") = 16),
    CONSTRAINT "vulnerability_reports_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "vulnerability_reports_lightbox_scan_id_check" CHECK (length("lightbox_scan_id") = 16),
    CONSTRAINT "vulnerability_reports_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "vulnerability_reports_risk_level_check" CHECK ("risk_level" IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW')),
    CONSTRAINT "vulnerability_reports_risk_score_check" CHECK ("risk_score" >= 0 AND "risk_score" <= 100),
    CONSTRAINT "vulnerability_reports_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "vulnerability_reports_xasm_scan_id_check" CHECK (length("xasm_scan_id") = 16),
    CONSTRAINT "vulnerability_reports_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE CASCADE,
    CONSTRAINT "vulnerability_reports_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE,
    CONSTRAINT "vulnerability_reports_xasm_scan_id_fkey" FOREIGN KEY ("organization_id", "xasm_scan_id") REFERENCES "scan_report_inputs" ("organization_id", "id"),
    CONSTRAINT "vulnerability_reports_lightbox_scan_id_fkey" FOREIGN KEY ("organization_id", "lightbox_scan_id") REFERENCES "scan_report_inputs" ("organization_id", "id")
) STRICT;
CREATE INDEX "vulnerability_reports_generated_at_idx" ON "vulnerability_reports" ("organization_id", "generated_at");
CREATE INDEX "vulnerability_reports_deleted_at_idx" ON "vulnerability_reports" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "vulnerability_reports_user_id_idx" ON "vulnerability_reports" ("organization_id", "user_id");
CREATE INDEX "vulnerability_reports_xasm_scan_id_idx" ON "vulnerability_reports" ("organization_id", "xasm_scan_id");
CREATE INDEX "vulnerability_reports_lightbox_scan_id_idx" ON "vulnerability_reports" ("organization_id", "lightbox_scan_id");
CREATE TRIGGER "vulnerability_reports_xasm_scan_id_fkey_set_null" AFTER DELETE ON "scan_report_inputs" FOR EACH ROW BEGIN UPDATE "vulnerability_reports" SET "xasm_scan_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "xasm_scan_id" = OLD."id"; END;
CREATE TRIGGER "vulnerability_reports_lightbox_scan_id_fkey_set_null" AFTER DELETE ON "scan_report_inputs" FOR EACH ROW BEGIN UPDATE "vulnerability_reports" SET "lightbox_scan_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "lightbox_scan_id" = OLD."id"; END;

-- mainstay.roadmap_profiles (exposure)
-- What a company said of itself, and where its security stands and should stand.
CREATE TABLE "roadmap_profiles" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The member who answers for it (S2-B67).
    "user_id" BLOB /* uuid */,
    -- The company's name.
    "company_name" TEXT NOT NULL,
    -- How large it is.
    "company_size" TEXT,
    -- What it does.
    "industry" TEXT,
    -- How many people work there.
    "employee_count" INTEGER,
    -- Where its security stands, 0 to 100 (S2-B37).
    "current_security_score" INTEGER NOT NULL DEFAULT 0,
    -- Where it should stand, 0 to 100.
    "target_security_score" INTEGER NOT NULL DEFAULT 75,
    -- Whether it handles personal data.
    "handles_pii" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Whether it handles payment data.
    "handles_payment_data" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Whether it handles health data.
    "handles_health_data" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Whether it handles financial data.
    "handles_financial_data" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- What it does for security already.
    "current_measures" TEXT /* jsonb */ NOT NULL DEFAULT '[]',
    -- The frameworks that it must comply with.
    "compliance_requirements" TEXT /* jsonb */ NOT NULL DEFAULT '[]',
    -- What it answered when it was asked.
    "assessment_responses" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When its score was last worked out.
    "last_recalculated" INTEGER /* timestamptz */,
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "roadmap_profiles_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "roadmap_profiles_company_name_check" CHECK (length("company_name") <= 255),
    CONSTRAINT "roadmap_profiles_company_size_check" CHECK ("company_size" IN ('small', 'medium', 'large', 'enterprise')),
    CONSTRAINT "roadmap_profiles_current_security_score_check" CHECK ("current_security_score" >= 0 AND "current_security_score" <= 100),
    CONSTRAINT "roadmap_profiles_employee_count_check" CHECK ("employee_count" >= 0),
    CONSTRAINT "roadmap_profiles_handles_financial_data_check" CHECK ("handles_financial_data" IN (0, 1)),
    CONSTRAINT "roadmap_profiles_handles_health_data_check" CHECK ("handles_health_data" IN (0, 1)),
    CONSTRAINT "roadmap_profiles_handles_payment_data_check" CHECK ("handles_payment_data" IN (0, 1)),
    CONSTRAINT "roadmap_profiles_handles_pii_check" CHECK ("handles_pii" IN (0, 1)),
    CONSTRAINT "roadmap_profiles_id_check" CHECK (length("id") = 16),
    CONSTRAINT "roadmap_profiles_industry_check" CHECK (length("industry") <= 100),
    CONSTRAINT "roadmap_profiles_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "roadmap_profiles_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "roadmap_profiles_target_security_score_check" CHECK ("target_security_score" >= 0 AND "target_security_score" <= 100),
    CONSTRAINT "roadmap_profiles_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "roadmap_profiles_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "roadmap_profiles_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "roadmap_profiles_industry_idx" ON "roadmap_profiles" ("organization_id", "industry");
CREATE INDEX "roadmap_profiles_deleted_at_idx" ON "roadmap_profiles" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "roadmap_profiles_user_id_idx" ON "roadmap_profiles" ("organization_id", "user_id");
CREATE TRIGGER "roadmap_profiles_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "roadmap_profiles" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.roadmap_achievements (exposure)
-- Something that a company reached on its way, with what it earns (S2-B56).
CREATE TABLE "roadmap_achievements" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The roadmap; each achievement is reached once on it.
    "profile_id" BLOB /* uuid */ NOT NULL,
    -- The member who reached it (S2-B67).
    "user_id" BLOB /* uuid */,
    -- The code of the achievement.
    "achievement_id" TEXT NOT NULL,
    -- Its name.
    "achievement_name" TEXT NOT NULL,
    -- What it is for.
    "achievement_description" TEXT,
    -- Its picture.
    "achievement_icon" TEXT,
    -- What it takes, such as tasks completed.
    "requirement_type" TEXT,
    -- How much of it.
    "requirement_value" INTEGER,
    -- When it was reached.
    "unlocked_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Whether what it earns was taken.
    "is_claimed" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- When it was taken.
    "claimed_at" INTEGER /* timestamptz */,
    -- What it earns.
    "rewards" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "roadmap_achievements_profile_id_achievement_id_key" UNIQUE ("organization_id", "profile_id", "achievement_id"),
    CONSTRAINT "roadmap_achievements_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "roadmap_achievements_achievement_description_check" CHECK (length("achievement_description") <= 4000),
    CONSTRAINT "roadmap_achievements_achievement_icon_check" CHECK (length("achievement_icon") <= 50),
    CONSTRAINT "roadmap_achievements_achievement_id_check" CHECK (length("achievement_id") <= 100),
    CONSTRAINT "roadmap_achievements_achievement_name_check" CHECK (length("achievement_name") <= 255),
    CONSTRAINT "roadmap_achievements_id_check" CHECK (length("id") = 16),
    CONSTRAINT "roadmap_achievements_is_claimed_check" CHECK ("is_claimed" IN (0, 1)),
    CONSTRAINT "roadmap_achievements_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "roadmap_achievements_profile_id_check" CHECK (length("profile_id") = 16),
    CONSTRAINT "roadmap_achievements_requirement_type_check" CHECK (length("requirement_type") <= 50),
    CONSTRAINT "roadmap_achievements_requirement_value_check" CHECK ("requirement_value" >= 0),
    CONSTRAINT "roadmap_achievements_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "roadmap_achievements_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "roadmap_achievements_profile_id_fkey" FOREIGN KEY ("organization_id", "profile_id") REFERENCES "roadmap_profiles" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "roadmap_achievements_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "roadmap_achievements_achievement_id_idx" ON "roadmap_achievements" ("organization_id", "achievement_id");
CREATE INDEX "roadmap_achievements_user_id_idx" ON "roadmap_achievements" ("organization_id", "user_id");
CREATE TRIGGER "roadmap_achievements_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "roadmap_achievements" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.roadmap_progress_history (exposure)
-- The state of a roadmap at a moment.
CREATE TABLE "roadmap_progress_history" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The roadmap.
    "profile_id" BLOB /* uuid */ NOT NULL,
    -- Where security stood, 0 to 100.
    "security_score" INTEGER,
    -- How many tasks were completed.
    "tasks_completed" INTEGER,
    -- How many tasks there were.
    "tasks_total" INTEGER,
    -- How many of phase 1 were completed (S2-B40).
    "phase1_completed" INTEGER NOT NULL DEFAULT 0,
    -- How many of phase 2 were completed.
    "phase2_completed" INTEGER NOT NULL DEFAULT 0,
    -- How many of phase 3 were completed.
    "phase3_completed" INTEGER NOT NULL DEFAULT 0,
    -- How many of phase 4 were completed.
    "phase4_completed" INTEGER NOT NULL DEFAULT 0,
    -- The moment.
    "snapshot_date" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Why it was noted down.
    "snapshot_reason" TEXT,
    CONSTRAINT "roadmap_progress_history_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "roadmap_progress_history_id_check" CHECK (length("id") = 16),
    CONSTRAINT "roadmap_progress_history_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "roadmap_progress_history_phase1_completed_check" CHECK ("phase1_completed" >= 0),
    CONSTRAINT "roadmap_progress_history_phase2_completed_check" CHECK ("phase2_completed" >= 0),
    CONSTRAINT "roadmap_progress_history_phase3_completed_check" CHECK ("phase3_completed" >= 0),
    CONSTRAINT "roadmap_progress_history_phase4_completed_check" CHECK ("phase4_completed" >= 0),
    CONSTRAINT "roadmap_progress_history_profile_id_check" CHECK (length("profile_id") = 16),
    CONSTRAINT "roadmap_progress_history_security_score_check" CHECK ("security_score" >= 0 AND "security_score" <= 100),
    CONSTRAINT "roadmap_progress_history_snapshot_reason_check" CHECK ("snapshot_reason" IN ('daily', 'task_completed', 'scan_run', 'manual')),
    CONSTRAINT "roadmap_progress_history_tasks_completed_check" CHECK ("tasks_completed" >= 0),
    CONSTRAINT "roadmap_progress_history_tasks_total_check" CHECK ("tasks_total" >= 0),
    CONSTRAINT "roadmap_progress_history_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "roadmap_progress_history_profile_id_fkey" FOREIGN KEY ("organization_id", "profile_id") REFERENCES "roadmap_profiles" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "roadmap_progress_history_profile_id_snapshot_date_idx" ON "roadmap_progress_history" ("organization_id", "profile_id", "snapshot_date");
CREATE INDEX "roadmap_progress_history_snapshot_date_idx" ON "roadmap_progress_history" ("organization_id", "snapshot_date");

-- mainstay.roadmap_tasks (exposure)
-- A task of the library, the same for all organisations.
CREATE TABLE "roadmap_tasks" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The code that roadmaps refer to.
    "task_id" TEXT NOT NULL,
    -- The task in a line.
    "task_name" TEXT NOT NULL,
    -- What it belongs to.
    "task_category" TEXT,
    -- What is to be done.
    "description" TEXT,
    -- Why it matters.
    "why_it_matters" TEXT,
    -- How it is done.
    "how_to_fix" TEXT,
    -- How long it takes, in minutes (S2-B38).
    "estimated_time_minutes" INTEGER,
    -- What it costs at least, in US dollars.
    "estimated_cost_min" INTEGER /* numeric(12,2) */,
    -- What it costs at most, in US dollars.
    "estimated_cost_max" INTEGER /* numeric(12,2) */,
    -- How hard it is.
    "difficulty_level" TEXT,
    -- By how many points it lifts the security score.
    "security_score_impact" INTEGER,
    -- How great the risk is that it removes.
    "risk_level" TEXT,
    -- The industries that it is for; none means all.
    "applies_to_industries" TEXT /* text[] */ NOT NULL DEFAULT '[]',
    -- The sizes of company that it is for; none means all.
    "applies_to_sizes" TEXT /* text[] */ NOT NULL DEFAULT '[]',
    -- The frameworks that ask for it.
    "requires_compliance" TEXT /* text[] */ NOT NULL DEFAULT '[]',
    -- Where more can be read.
    "documentation_url" TEXT,
    -- Where it can be watched.
    "video_tutorial_url" TEXT,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Whether new roadmaps use it.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "roadmap_tasks_task_id_key" UNIQUE ("task_id"),
    CONSTRAINT "roadmap_tasks_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "roadmap_tasks_cost_range_check" CHECK (estimated_cost_min <= estimated_cost_max),
    CONSTRAINT "roadmap_tasks_description_check" CHECK (length("description") <= 65536),
    CONSTRAINT "roadmap_tasks_difficulty_level_check" CHECK ("difficulty_level" IN ('easy', 'medium', 'hard')),
    CONSTRAINT "roadmap_tasks_documentation_url_check" CHECK (length("documentation_url") <= 2000),
    CONSTRAINT "roadmap_tasks_estimated_cost_max_check" CHECK ("estimated_cost_max" >= 0),
    CONSTRAINT "roadmap_tasks_estimated_cost_min_check" CHECK ("estimated_cost_min" >= 0),
    CONSTRAINT "roadmap_tasks_estimated_time_minutes_check" CHECK ("estimated_time_minutes" >= 0),
    CONSTRAINT "roadmap_tasks_how_to_fix_check" CHECK (length("how_to_fix") <= 65536),
    CONSTRAINT "roadmap_tasks_id_check" CHECK (length("id") = 16),
    CONSTRAINT "roadmap_tasks_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "roadmap_tasks_risk_level_check" CHECK ("risk_level" IN ('info', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT "roadmap_tasks_task_category_check" CHECK (length("task_category") <= 50),
    CONSTRAINT "roadmap_tasks_task_id_check" CHECK (length("task_id") <= 100),
    CONSTRAINT "roadmap_tasks_task_name_check" CHECK (length("task_name") <= 255),
    CONSTRAINT "roadmap_tasks_video_tutorial_url_check" CHECK (length("video_tutorial_url") <= 2000),
    CONSTRAINT "roadmap_tasks_why_it_matters_check" CHECK (length("why_it_matters") <= 65536)
) STRICT;
CREATE INDEX "roadmap_tasks_task_category_idx" ON "roadmap_tasks" ("task_category");
CREATE INDEX "roadmap_tasks_risk_level_idx" ON "roadmap_tasks" ("risk_level");

-- mainstay.roadmap_library_versions (exposure)
-- A version of the task library, with what changed (S2-B57).
CREATE TABLE "roadmap_library_versions" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The version, such as `1.0.0`.
    "library_version" TEXT NOT NULL,
    -- How many tasks it has.
    "total_tasks" INTEGER,
    -- What changed.
    "changelog" TEXT,
    -- When the library last changed.
    "last_updated" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "roadmap_library_versions_library_version_key" UNIQUE ("library_version"),
    CONSTRAINT "roadmap_library_versions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "roadmap_library_versions_changelog_check" CHECK (length("changelog") <= 65536),
    CONSTRAINT "roadmap_library_versions_id_check" CHECK (length("id") = 16),
    CONSTRAINT "roadmap_library_versions_library_version_check" CHECK (length("library_version") <= 20),
    CONSTRAINT "roadmap_library_versions_total_tasks_check" CHECK ("total_tasks" >= 0)
) STRICT;

-- mainstay.roadmap_user_tasks (exposure)
-- A task on a company's roadmap.
CREATE TABLE "roadmap_user_tasks" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The roadmap.
    "profile_id" BLOB /* uuid */ NOT NULL,
    -- The task of the library, by its code.
    "task_id" TEXT NOT NULL,
    -- Where the company stands with it.
    "status" TEXT NOT NULL DEFAULT 'not_started',
    -- The phase of the roadmap, 1 to 4 (S2-B24).
    "phase" INTEGER NOT NULL DEFAULT 1,
    -- Its place in the phase.
    "priority_order" INTEGER,
    -- What put it on the roadmap.
    "source" TEXT,
    -- The record that did.
    "source_reference_id" BLOB /* uuid */,
    -- What that record says.
    "source_details" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- What was found.
    "finding_type" TEXT,
    -- How bad that is.
    "finding_severity" TEXT,
    -- The domain in which it was found.
    "scan_domain" TEXT,
    -- When it was found.
    "scan_date" INTEGER /* timestamptz */,
    -- A threat actor who uses such weaknesses (S2-B58).
    "matched_threat_actor" TEXT,
    -- That actor's tactics, techniques and procedures.
    "threat_actor_ttp" TEXT /* jsonb */,
    -- The member who works on it (S2-B67).
    "assigned_to_user_id" BLOB /* uuid */,
    -- When work began.
    "started_at" INTEGER /* timestamptz */,
    -- When it was completed.
    "completed_at" INTEGER /* timestamptz */,
    -- When someone saw that it holds.
    "verified_at" INTEGER /* timestamptz */,
    -- When the member was last reminded.
    "last_reminded" INTEGER /* timestamptz */,
    -- What the member notes.
    "user_notes" TEXT,
    -- What an administrator notes.
    "admin_notes" TEXT,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "roadmap_user_tasks_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "roadmap_user_tasks_admin_notes_check" CHECK (length("admin_notes") <= 65536),
    CONSTRAINT "roadmap_user_tasks_assigned_to_user_id_check" CHECK (length("assigned_to_user_id") = 16),
    CONSTRAINT "roadmap_user_tasks_finding_severity_check" CHECK ("finding_severity" IN ('info', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT "roadmap_user_tasks_finding_type_check" CHECK (length("finding_type") <= 100),
    CONSTRAINT "roadmap_user_tasks_id_check" CHECK (length("id") = 16),
    CONSTRAINT "roadmap_user_tasks_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "roadmap_user_tasks_matched_threat_actor_check" CHECK (length("matched_threat_actor") <= 255),
    CONSTRAINT "roadmap_user_tasks_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "roadmap_user_tasks_phase_check" CHECK ("phase" >= 1 AND "phase" <= 4),
    CONSTRAINT "roadmap_user_tasks_profile_id_check" CHECK (length("profile_id") = 16),
    CONSTRAINT "roadmap_user_tasks_scan_domain_check" CHECK (length("scan_domain") <= 255),
    CONSTRAINT "roadmap_user_tasks_source_check" CHECK ("source" IN ('profile', 'xasm_scan', 'lightbox_scan', 'compliance', 'ghost_search', 'adversary')),
    CONSTRAINT "roadmap_user_tasks_source_reference_id_check" CHECK (length("source_reference_id") = 16),
    CONSTRAINT "roadmap_user_tasks_status_check" CHECK ("status" IN ('not_started', 'in_progress', 'completed', 'skipped', 'not_applicable')),
    CONSTRAINT "roadmap_user_tasks_task_id_check" CHECK (length("task_id") <= 100),
    CONSTRAINT "roadmap_user_tasks_user_notes_check" CHECK (length("user_notes") <= 65536),
    CONSTRAINT "roadmap_user_tasks_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "roadmap_user_tasks_profile_id_fkey" FOREIGN KEY ("organization_id", "profile_id") REFERENCES "roadmap_profiles" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "roadmap_user_tasks_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "roadmap_tasks" ("task_id"),
    CONSTRAINT "roadmap_user_tasks_assigned_to_user_id_fkey" FOREIGN KEY ("organization_id", "assigned_to_user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "roadmap_user_tasks_profile_id_phase_priority_order_idx" ON "roadmap_user_tasks" ("organization_id", "profile_id", "phase", "priority_order");
CREATE INDEX "roadmap_user_tasks_status_idx" ON "roadmap_user_tasks" ("organization_id", "status");
CREATE INDEX "roadmap_user_tasks_phase_idx" ON "roadmap_user_tasks" ("organization_id", "phase");
CREATE INDEX "roadmap_user_tasks_source_idx" ON "roadmap_user_tasks" ("organization_id", "source");
CREATE INDEX "roadmap_user_tasks_deleted_at_idx" ON "roadmap_user_tasks" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "roadmap_user_tasks_task_id_idx" ON "roadmap_user_tasks" ("task_id");
CREATE INDEX "roadmap_user_tasks_assigned_to_user_id_idx" ON "roadmap_user_tasks" ("organization_id", "assigned_to_user_id");
CREATE TRIGGER "roadmap_user_tasks_status_life_cycle" BEFORE UPDATE OF "status" ON "roadmap_user_tasks" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'not_started' THEN NEW."status" IN ('in_progress', 'skipped', 'not_applicable') WHEN 'in_progress' THEN NEW."status" IN ('completed', 'skipped', 'not_applicable') WHEN 'skipped' THEN NEW."status" IN ('not_started') WHEN 'not_applicable' THEN NEW."status" IN ('not_started') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:roadmap_user_tasks:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "roadmap_user_tasks_assigned_to_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "roadmap_user_tasks" SET "assigned_to_user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "assigned_to_user_id" = OLD."user_id"; END;

-- mainstay.bait_tokens (exposure)
-- A false credential that was left where only an intruder would find it (S2-B59).
CREATE TABLE "bait_tokens" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What an access is recognised by, such as `bait_abc123`; never used again (S2-B62).
    "identifier" TEXT NOT NULL,
    -- What it looks like.
    "bait_type" TEXT,
    -- The false credential; it opens nothing.
    "token_value" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When it was left.
    "seeded_at" INTEGER /* timestamptz */ DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Where it was left.
    "seeded_location" TEXT,
    -- When it was first tried.
    "first_access" INTEGER /* timestamptz */,
    -- How often it was tried.
    "access_count" INTEGER NOT NULL DEFAULT 0,
    -- When it was last tried.
    "last_access" INTEGER /* timestamptz */,
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'active',
    -- The member who left it (S2-B67).
    "user_id" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "bait_tokens_identifier_key" UNIQUE ("organization_id", "identifier"),
    CONSTRAINT "bait_tokens_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "bait_tokens_access_count_check" CHECK ("access_count" >= 0),
    CONSTRAINT "bait_tokens_bait_type_check" CHECK ("bait_type" IN ('aws_key', 'stripe_token', 'database', 'ssh_key', 'github_token', 'slack_token')),
    CONSTRAINT "bait_tokens_id_check" CHECK (length("id") = 16),
    CONSTRAINT "bait_tokens_identifier_check" CHECK (length("identifier") <= 255),
    CONSTRAINT "bait_tokens_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "bait_tokens_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "bait_tokens_seeded_location_check" CHECK (length("seeded_location") <= 500),
    CONSTRAINT "bait_tokens_status_check" CHECK ("status" IN ('active', 'triggered', 'expired', 'revoked')),
    CONSTRAINT "bait_tokens_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "bait_tokens_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "bait_tokens_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "bait_tokens_identifier_idx" ON "bait_tokens" ("identifier");
CREATE INDEX "bait_tokens_deleted_at_idx" ON "bait_tokens" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "bait_tokens_user_id_idx" ON "bait_tokens" ("organization_id", "user_id");
CREATE TRIGGER "bait_tokens_status_life_cycle" BEFORE UPDATE OF "status" ON "bait_tokens" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'active' THEN NEW."status" IN ('triggered', 'expired', 'revoked') WHEN 'triggered' THEN NEW."status" IN ('expired', 'revoked') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:bait_tokens:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "bait_tokens_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "bait_tokens" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.bait_accesses (exposure)
-- One try of a bait, with what is known of who tried.
CREATE TABLE "bait_accesses" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The bait; the access goes with it (S2-B70).
    "bait_id" BLOB /* uuid */ NOT NULL,
    -- When it was tried.
    "accessed_at" INTEGER /* timestamptz */ DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- From where.
    "source_ip" TEXT /* inet */,
    -- With which program, as it says.
    "user_agent" TEXT,
    -- How it was tried.
    "request_type" TEXT,
    -- The request's headers.
    "request_headers" TEXT /* jsonb */,
    -- The request's body.
    "request_body" TEXT /* jsonb */,
    -- What the client is recognised by.
    "fingerprint" TEXT,
    -- Roughly where the address is.
    "geolocation" TEXT,
    -- How dangerous it is (S2-B32).
    "threat_level" TEXT NOT NULL DEFAULT 'medium',
    -- What an analyst notes.
    "notes" TEXT,
    -- The languages that the client asks for.
    "accept_language" TEXT,
    -- The page that the client says it comes from.
    "referer" TEXT,
    -- The headers that browsers add about a request's cause.
    "sec_fetch_headers" TEXT /* jsonb */,
    -- Who seems to be behind it.
    "attribution_type" TEXT,
    -- How much it proves.
    "evidence_strength" TEXT,
    -- The member who left the bait (S2-B67).
    "user_id" BLOB /* uuid */,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was deleted; null while it is there.
    "deleted_at" INTEGER /* timestamptz */,
    -- Whether the record is in use.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    CONSTRAINT "bait_accesses_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "bait_accesses_accept_language_check" CHECK (length("accept_language") <= 255),
    CONSTRAINT "bait_accesses_attribution_type_check" CHECK ("attribution_type" IN ('human', 'bot', 'tool', 'spoofed')),
    CONSTRAINT "bait_accesses_bait_id_check" CHECK (length("bait_id") = 16),
    CONSTRAINT "bait_accesses_evidence_strength_check" CHECK ("evidence_strength" IN ('court_ready', 'moderate', 'weak')),
    CONSTRAINT "bait_accesses_fingerprint_check" CHECK (length("fingerprint") <= 4000),
    CONSTRAINT "bait_accesses_geolocation_check" CHECK (length("geolocation") <= 255),
    CONSTRAINT "bait_accesses_id_check" CHECK (length("id") = 16),
    CONSTRAINT "bait_accesses_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "bait_accesses_notes_check" CHECK (length("notes") <= 65536),
    CONSTRAINT "bait_accesses_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "bait_accesses_referer_check" CHECK (length("referer") <= 2000),
    CONSTRAINT "bait_accesses_request_type_check" CHECK ("request_type" IN ('http', 'api', 'ssh', 'database')),
    CONSTRAINT "bait_accesses_threat_level_check" CHECK ("threat_level" IN ('info', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT "bait_accesses_user_agent_check" CHECK (length("user_agent") <= 1000),
    CONSTRAINT "bait_accesses_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "bait_accesses_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "bait_accesses_bait_id_fkey" FOREIGN KEY ("organization_id", "bait_id") REFERENCES "bait_tokens" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "bait_accesses_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "bait_accesses_bait_id_accessed_at_idx" ON "bait_accesses" ("organization_id", "bait_id", "accessed_at");
CREATE INDEX "bait_accesses_deleted_at_idx" ON "bait_accesses" ("organization_id", "deleted_at") WHERE deleted_at is not null;
CREATE INDEX "bait_accesses_user_id_idx" ON "bait_accesses" ("organization_id", "user_id");
CREATE TRIGGER "bait_accesses_user_id_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "bait_accesses" SET "user_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "user_id" = OLD."user_id"; END;

-- mainstay.assets (assets)
-- A token that stands for something of value, with its contract on a chain.
CREATE TABLE "assets" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Address of the contract: `0x` and 40 lower-case hexadecimal digits. Empty until the contract is deployed.
    "contract_address" TEXT,
    -- What it stands for.
    "asset_type" TEXT NOT NULL,
    -- Its name.
    "name" TEXT NOT NULL,
    -- Its short name, as exchanges show it.
    "symbol" TEXT NOT NULL,
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'draft',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "assets_contract_address_key" UNIQUE ("organization_id", "contract_address"),
    CONSTRAINT "assets_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "assets_asset_type_check" CHECK ("asset_type" IN ('bond', 'equity', 'fund', 'stablecoin', 'deposit', 'real_estate', 'commodity', 'other')),
    CONSTRAINT "assets_contract_address_check" CHECK (length("contract_address") <= 42),
    CONSTRAINT "assets_contract_address_form_check" CHECK (length(contract_address) = 42 and substr(contract_address, 1, 2) = '0x' and ltrim(substr(contract_address, 3), '0123456789abcdef') = ''),
    CONSTRAINT "assets_id_check" CHECK (length("id") = 16),
    CONSTRAINT "assets_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "assets_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "assets_status_check" CHECK ("status" IN ('draft', 'active', 'paused', 'matured', 'retired')),
    CONSTRAINT "assets_symbol_check" CHECK (length("symbol") <= 32),
    CONSTRAINT "assets_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "assets_asset_type_status_idx" ON "assets" ("organization_id", "asset_type", "status");
CREATE TRIGGER "assets_status_life_cycle" BEFORE UPDATE OF "status" ON "assets" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'draft' THEN NEW."status" IN ('active', 'retired') WHEN 'active' THEN NEW."status" IN ('paused', 'matured', 'retired') WHEN 'paused' THEN NEW."status" IN ('active', 'matured', 'retired') WHEN 'matured' THEN NEW."status" IN ('retired') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:assets:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.asset_metadata (assets)
-- What is told of an asset; one row for each (S3-B41).
CREATE TABLE "asset_metadata" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The asset.
    "asset_id" BLOB /* uuid */ NOT NULL,
    -- What it is, in words.
    "description" TEXT,
    -- Documents such as prospectus and terms, by name with their addresses.
    "documentation" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Issuer, governing law and the like.
    "legal_info" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Licences, exemptions, identifiers such as an ISIN.
    "regulatory_info" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "asset_metadata_asset_id_key" UNIQUE ("organization_id", "asset_id"),
    CONSTRAINT "asset_metadata_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_metadata_asset_id_check" CHECK (length("asset_id") = 16),
    CONSTRAINT "asset_metadata_description_check" CHECK (length("description") <= 65536),
    CONSTRAINT "asset_metadata_id_check" CHECK (length("id") = 16),
    CONSTRAINT "asset_metadata_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "asset_metadata_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "asset_metadata_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "assets" ("organization_id", "id") ON DELETE CASCADE
) STRICT;

-- mainstay.asset_configurations (assets)
-- How an asset is set up; one row for each.
CREATE TABLE "asset_configurations" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The asset.
    "asset_id" BLOB /* uuid */ NOT NULL,
    -- What the contract was made with, such as its decimals.
    "configuration_data" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Settings of the contract's extensions.
    "extension_settings" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- The rules as the contract was made with them; those in force are in `asset_compliance`.
    "compliance_rules" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Limits and fees of its operation.
    "operational_params" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "asset_configurations_asset_id_key" UNIQUE ("organization_id", "asset_id"),
    CONSTRAINT "asset_configurations_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_configurations_asset_id_check" CHECK (length("asset_id") = 16),
    CONSTRAINT "asset_configurations_id_check" CHECK (length("id") = 16),
    CONSTRAINT "asset_configurations_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "asset_configurations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "asset_configurations_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "assets" ("organization_id", "id") ON DELETE CASCADE
) STRICT;

-- mainstay.asset_operations (assets)
-- Something that was done with an asset, such as minting (S3-B42).
CREATE TABLE "asset_operations" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The asset.
    "asset_id" BLOB /* uuid */ NOT NULL,
    -- What was done, such as `mint`, `burn`, `transfer` or `freeze`; contracts name their own.
    "operation_type" TEXT NOT NULL,
    -- With which arguments.
    "parameters" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When it was done.
    "executed_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- The member who did it.
    "executed_by" BLOB /* uuid */,
    CONSTRAINT "asset_operations_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_operations_asset_id_check" CHECK (length("asset_id") = 16),
    CONSTRAINT "asset_operations_executed_by_check" CHECK (length("executed_by") = 16),
    CONSTRAINT "asset_operations_id_check" CHECK (length("id") = 16),
    CONSTRAINT "asset_operations_operation_type_check" CHECK (length("operation_type") <= 100),
    CONSTRAINT "asset_operations_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "asset_operations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "asset_operations_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "assets" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "asset_operations_executed_by_fkey" FOREIGN KEY ("organization_id", "executed_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "asset_operations_asset_id_executed_at_idx" ON "asset_operations" ("organization_id", "asset_id", "executed_at");
CREATE INDEX "asset_operations_operation_type_idx" ON "asset_operations" ("organization_id", "operation_type");
CREATE INDEX "asset_operations_executed_at_idx" ON "asset_operations" ("organization_id", "executed_at");
CREATE INDEX "asset_operations_executed_by_idx" ON "asset_operations" ("organization_id", "executed_by");
CREATE TRIGGER "asset_operations_executed_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "asset_operations" SET "executed_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "executed_by" = OLD."user_id"; END;

-- mainstay.asset_transactions (assets)
-- A transaction on the chain that concerns an asset.
CREATE TABLE "asset_transactions" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The asset.
    "asset_id" BLOB /* uuid */ NOT NULL,
    -- The operation that it carries out; at most one transaction each (S3-B45).
    "operation_id" BLOB /* uuid */,
    -- Its hash: `0x` and 64 lower-case hexadecimal digits.
    "transaction_hash" TEXT NOT NULL,
    -- What it does, such as `mint` or `transfer`.
    "operation_type" TEXT NOT NULL,
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- The block that it is in, once confirmed.
    "block_number" INTEGER,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "asset_transactions_operation_id_key" UNIQUE ("organization_id", "operation_id"),
    CONSTRAINT "asset_transactions_transaction_hash_asset_id_key" UNIQUE ("organization_id", "transaction_hash", "asset_id"),
    CONSTRAINT "asset_transactions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_transactions_asset_id_check" CHECK (length("asset_id") = 16),
    CONSTRAINT "asset_transactions_block_number_check" CHECK ("block_number" >= 0),
    CONSTRAINT "asset_transactions_block_number_check1" CHECK (status not in ('confirmed', 'finalized') or block_number is not null),
    CONSTRAINT "asset_transactions_id_check" CHECK (length("id") = 16),
    CONSTRAINT "asset_transactions_operation_id_check" CHECK (length("operation_id") = 16),
    CONSTRAINT "asset_transactions_operation_type_check" CHECK (length("operation_type") <= 100),
    CONSTRAINT "asset_transactions_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "asset_transactions_status_check" CHECK ("status" IN ('pending', 'confirmed', 'finalized', 'failed', 'dropped')),
    CONSTRAINT "asset_transactions_transaction_hash_check" CHECK (length("transaction_hash") <= 66),
    CONSTRAINT "asset_transactions_transaction_hash_form_check" CHECK (length(transaction_hash) = 66 and substr(transaction_hash, 1, 2) = '0x' and ltrim(substr(transaction_hash, 3), '0123456789abcdef') = ''),
    CONSTRAINT "asset_transactions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "asset_transactions_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "assets" ("organization_id", "id"),
    CONSTRAINT "asset_transactions_operation_id_fkey" FOREIGN KEY ("organization_id", "operation_id") REFERENCES "asset_operations" ("organization_id", "id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "asset_transactions_asset_id_block_number_idx" ON "asset_transactions" ("organization_id", "asset_id", "block_number");
CREATE INDEX "asset_transactions_status_idx" ON "asset_transactions" ("organization_id", "status");
CREATE TRIGGER "asset_transactions_status_life_cycle" BEFORE UPDATE OF "status" ON "asset_transactions" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'pending' THEN NEW."status" IN ('confirmed', 'failed', 'dropped') WHEN 'confirmed' THEN NEW."status" IN ('finalized', 'pending') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:asset_transactions:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;
CREATE TRIGGER "asset_transactions_operation_id_fkey_set_null" AFTER DELETE ON "asset_operations" FOR EACH ROW BEGIN UPDATE "asset_transactions" SET "operation_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "operation_id" = OLD."id"; END;

-- mainstay.asset_events (assets)
-- An event that an asset's contract emitted. A replaced block takes nothing back: what it undoes is a further event.
CREATE TABLE "asset_events" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The asset.
    "asset_id" BLOB /* uuid */ NOT NULL,
    -- The event's name in the contract, such as `Transfer`.
    "event_type" TEXT NOT NULL,
    -- Its arguments; amounts as decimal text, for they exceed a JSON number.
    "event_data" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- The block that it is in.
    "block_number" INTEGER NOT NULL,
    -- The transaction that it is in: `0x` and 64 lower-case hexadecimal digits.
    "transaction_hash" TEXT NOT NULL,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "asset_events_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_events_asset_id_check" CHECK (length("asset_id") = 16),
    CONSTRAINT "asset_events_block_number_check" CHECK ("block_number" >= 0),
    CONSTRAINT "asset_events_event_type_check" CHECK (length("event_type") <= 100),
    CONSTRAINT "asset_events_id_check" CHECK (length("id") = 16),
    CONSTRAINT "asset_events_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "asset_events_transaction_hash_check" CHECK (length("transaction_hash") <= 66),
    CONSTRAINT "asset_events_transaction_hash_form_check" CHECK (length(transaction_hash) = 66 and substr(transaction_hash, 1, 2) = '0x' and ltrim(substr(transaction_hash, 3), '0123456789abcdef') = ''),
    CONSTRAINT "asset_events_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "asset_events_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "assets" ("organization_id", "id")
) STRICT;
CREATE INDEX "asset_events_asset_id_block_number_idx" ON "asset_events" ("organization_id", "asset_id", "block_number");
CREATE INDEX "asset_events_event_type_idx" ON "asset_events" ("organization_id", "event_type");
CREATE INDEX "asset_events_transaction_hash_idx" ON "asset_events" ("organization_id", "transaction_hash");
CREATE TRIGGER "asset_events_append_only_update" BEFORE UPDATE ON "asset_events" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:asset_events'); END;
CREATE TRIGGER "asset_events_append_only_delete" BEFORE DELETE ON "asset_events" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:asset_events'); END;
CREATE INDEX "asset_events_append_only_guard" ON "asset_events" ("organization_id") WHERE NOT ms_governed();

-- mainstay.asset_holders (assets)
-- What an address holds of an asset now (S3-B43).
CREATE TABLE "asset_holders" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The asset.
    "asset_id" BLOB /* uuid */ NOT NULL,
    -- The holder: `0x` and 40 lower-case hexadecimal digits.
    "holder_address" TEXT NOT NULL,
    -- How much it holds, in the asset's smallest unit.
    "balance" TEXT /* numeric(78,0) */ NOT NULL,
    -- The part of the supply that this is, in percent.
    "percentage" INTEGER /* numeric(7,4) */,
    -- Whether the holder's identity is verified.
    "verified" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "asset_holders_asset_id_holder_address_key" UNIQUE ("organization_id", "asset_id", "holder_address"),
    CONSTRAINT "asset_holders_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_holders_asset_id_check" CHECK (length("asset_id") = 16),
    CONSTRAINT "asset_holders_balance_check" CHECK (length("balance") = 78),
    CONSTRAINT "asset_holders_holder_address_check" CHECK (length("holder_address") <= 42),
    CONSTRAINT "asset_holders_holder_address_form_check" CHECK (length(holder_address) = 42 and substr(holder_address, 1, 2) = '0x' and ltrim(substr(holder_address, 3), '0123456789abcdef') = ''),
    CONSTRAINT "asset_holders_id_check" CHECK (length("id") = 16),
    CONSTRAINT "asset_holders_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "asset_holders_percentage_check" CHECK ("percentage" >= 0 AND "percentage" <= 1000000),
    CONSTRAINT "asset_holders_verified_check" CHECK ("verified" IN (0, 1)),
    CONSTRAINT "asset_holders_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "asset_holders_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "assets" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "asset_holders_holder_address_asset_id_idx" ON "asset_holders" ("organization_id", "holder_address", "asset_id");
CREATE INDEX "asset_holders_balance_idx" ON "asset_holders" ("organization_id", "balance");

-- mainstay.ownership_history (assets)
-- What an address held of an asset from a moment on.
CREATE TABLE "ownership_history" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The asset.
    "asset_id" BLOB /* uuid */ NOT NULL,
    -- The holder: `0x` and 40 lower-case hexadecimal digits.
    "holder_address" TEXT NOT NULL,
    -- How much it held from then on, in the asset's smallest unit.
    "balance" TEXT /* numeric(78,0) */ NOT NULL,
    -- The moment: the time of the transaction's block.
    "timestamp" INTEGER /* timestamptz */ NOT NULL,
    -- The transaction that changed the balance: `0x` and 64 lower-case hexadecimal digits.
    "transaction_hash" TEXT,
    CONSTRAINT "ownership_history_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "ownership_history_asset_id_check" CHECK (length("asset_id") = 16),
    CONSTRAINT "ownership_history_balance_check" CHECK (length("balance") = 78),
    CONSTRAINT "ownership_history_holder_address_check" CHECK (length("holder_address") <= 42),
    CONSTRAINT "ownership_history_holder_address_form_check" CHECK (length(holder_address) = 42 and substr(holder_address, 1, 2) = '0x' and ltrim(substr(holder_address, 3), '0123456789abcdef') = ''),
    CONSTRAINT "ownership_history_id_check" CHECK (length("id") = 16),
    CONSTRAINT "ownership_history_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "ownership_history_transaction_hash_check" CHECK (length("transaction_hash") <= 66),
    CONSTRAINT "ownership_history_transaction_hash_form_check" CHECK (length(transaction_hash) = 66 and substr(transaction_hash, 1, 2) = '0x' and ltrim(substr(transaction_hash, 3), '0123456789abcdef') = ''),
    CONSTRAINT "ownership_history_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "ownership_history_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "assets" ("organization_id", "id")
) STRICT;
CREATE INDEX "ownership_history_asset_id_timestamp_idx" ON "ownership_history" ("organization_id", "asset_id", "timestamp");
CREATE INDEX "ownership_history_holder_address_timestamp_idx" ON "ownership_history" ("organization_id", "holder_address", "timestamp");
CREATE TRIGGER "ownership_history_append_only_update" BEFORE UPDATE ON "ownership_history" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:ownership_history'); END;
CREATE TRIGGER "ownership_history_append_only_delete" BEFORE DELETE ON "ownership_history" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:ownership_history'); END;
CREATE INDEX "ownership_history_append_only_guard" ON "ownership_history" ("organization_id") WHERE NOT ms_governed();

-- mainstay.asset_permissions (assets)
-- Something that a member may do with one asset.
CREATE TABLE "asset_permissions" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The asset.
    "asset_id" BLOB /* uuid */ NOT NULL,
    -- The member.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- What the member may do.
    "permission_type" TEXT NOT NULL,
    -- When it was granted.
    "granted_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Who granted it.
    "granted_by" BLOB /* uuid */,
    -- It ends then; none means never.
    "expires_at" INTEGER /* timestamptz */,
    CONSTRAINT "asset_permissions_asset_id_user_id_permission_type_key" UNIQUE ("organization_id", "asset_id", "user_id", "permission_type"),
    CONSTRAINT "asset_permissions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_permissions_asset_id_check" CHECK (length("asset_id") = 16),
    CONSTRAINT "asset_permissions_expiry_check" CHECK (expires_at > granted_at),
    CONSTRAINT "asset_permissions_granted_by_check" CHECK (length("granted_by") = 16),
    CONSTRAINT "asset_permissions_id_check" CHECK (length("id") = 16),
    CONSTRAINT "asset_permissions_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "asset_permissions_permission_type_check" CHECK ("permission_type" IN ('view', 'manage', 'supply', 'custody', 'compliance', 'emergency', 'admin')),
    CONSTRAINT "asset_permissions_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "asset_permissions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "asset_permissions_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "assets" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "asset_permissions_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id") ON DELETE CASCADE,
    CONSTRAINT "asset_permissions_granted_by_fkey" FOREIGN KEY ("organization_id", "granted_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "asset_permissions_user_id_asset_id_idx" ON "asset_permissions" ("organization_id", "user_id", "asset_id");
CREATE INDEX "asset_permissions_granted_by_idx" ON "asset_permissions" ("organization_id", "granted_by");
CREATE TRIGGER "asset_permissions_granted_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "asset_permissions" SET "granted_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "granted_by" = OLD."user_id"; END;

-- mainstay.asset_metrics (assets)
-- A number that tells how an asset does, such as its yield, beside what it is measured against (S3-B44).
CREATE TABLE "asset_metrics" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The asset.
    "asset_id" BLOB /* uuid */ NOT NULL,
    -- What is measured, such as `total_value_locked` or `yield`.
    "metric_type" TEXT NOT NULL,
    -- The number.
    "value" INTEGER /* numeric(18,6) */ NOT NULL,
    -- When it was worked out.
    "calculated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- The span that it is about.
    "period" TEXT NOT NULL,
    -- What it is measured against.
    "benchmark" INTEGER /* numeric(18,6) */,
    CONSTRAINT "asset_metrics_asset_id_metric_type_period_calculated_at_key" UNIQUE ("organization_id", "asset_id", "metric_type", "period", "calculated_at"),
    CONSTRAINT "asset_metrics_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_metrics_asset_id_check" CHECK (length("asset_id") = 16),
    CONSTRAINT "asset_metrics_id_check" CHECK (length("id") = 16),
    CONSTRAINT "asset_metrics_metric_type_check" CHECK (length("metric_type") <= 100),
    CONSTRAINT "asset_metrics_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "asset_metrics_period_check" CHECK ("period" IN ('hourly', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly')),
    CONSTRAINT "asset_metrics_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "asset_metrics_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "assets" ("organization_id", "id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "asset_metrics_metric_type_idx" ON "asset_metrics" ("organization_id", "metric_type");
CREATE INDEX "asset_metrics_calculated_at_asset_id_idx" ON "asset_metrics" ("organization_id", "calculated_at", "asset_id");

-- mainstay.asset_analytics (assets)
-- Sums over an asset's events, as the system works them out.
CREATE TABLE "asset_analytics" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The asset.
    "asset_id" BLOB /* uuid */ NOT NULL,
    -- What is summed up, such as `transfer_volume`.
    "analytics_type" TEXT NOT NULL,
    -- The sums.
    "data" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When the span begins.
    "timestamp" INTEGER /* timestamptz */ NOT NULL,
    -- The span that is summed up.
    "aggregation_period" TEXT NOT NULL,
    CONSTRAINT "asset_analytics_asset_id_analytics_type_aggregation_pe_3da7ab1a" UNIQUE ("organization_id", "asset_id", "analytics_type", "aggregation_period", "timestamp"),
    CONSTRAINT "asset_analytics_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_analytics_aggregation_period_check" CHECK ("aggregation_period" IN ('hourly', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly')),
    CONSTRAINT "asset_analytics_analytics_type_check" CHECK (length("analytics_type") <= 100),
    CONSTRAINT "asset_analytics_asset_id_check" CHECK (length("asset_id") = 16),
    CONSTRAINT "asset_analytics_id_check" CHECK (length("id") = 16),
    CONSTRAINT "asset_analytics_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "asset_analytics_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "asset_analytics_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "assets" ("organization_id", "id") ON DELETE CASCADE
) STRICT;

-- mainstay.identities (assets)
-- A member's identity on the chain (ERC-734, ERC-735), by which token contracts know the member.
CREATE TABLE "identities" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The member; the record outlasts the membership.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- Address of the identity contract: `0x` and 40 lower-case hexadecimal digits.
    "onchain_id" TEXT NOT NULL,
    -- Where its verification stands.
    "verification_status" TEXT NOT NULL DEFAULT 'pending',
    -- When it was verified.
    "verified_at" INTEGER /* timestamptz */,
    -- Who verified it: a name or an address.
    "issuer" TEXT,
    -- Hash of the claims: `0x` and 64 lower-case hexadecimal digits.
    "claims_hash" TEXT,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "identities_id_user_id_key" UNIQUE ("organization_id", "id", "user_id"),
    CONSTRAINT "identities_onchain_id_key" UNIQUE ("organization_id", "onchain_id"),
    CONSTRAINT "identities_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "identities_claims_hash_check" CHECK (length("claims_hash") <= 66),
    CONSTRAINT "identities_claims_hash_form_check" CHECK (length(claims_hash) = 66 and substr(claims_hash, 1, 2) = '0x' and ltrim(substr(claims_hash, 3), '0123456789abcdef') = ''),
    CONSTRAINT "identities_id_check" CHECK (length("id") = 16),
    CONSTRAINT "identities_issuer_check" CHECK (length("issuer") <= 255),
    CONSTRAINT "identities_onchain_id_check" CHECK (length("onchain_id") <= 42),
    CONSTRAINT "identities_onchain_id_form_check" CHECK (length(onchain_id) = 42 and substr(onchain_id, 1, 2) = '0x' and ltrim(substr(onchain_id, 3), '0123456789abcdef') = ''),
    CONSTRAINT "identities_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "identities_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "identities_verification_status_check" CHECK ("verification_status" IN ('pending', 'verified', 'rejected', 'expired', 'revoked')),
    CONSTRAINT "identities_verified_check" CHECK (verification_status <> 'verified' or verified_at is not null),
    CONSTRAINT "identities_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "identities_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "identities_user_id_onchain_id_idx" ON "identities" ("organization_id", "user_id", "onchain_id");
CREATE TRIGGER "identities_verification_status_life_cycle" BEFORE UPDATE OF "verification_status" ON "identities" FOR EACH ROW WHEN OLD."verification_status" IS DISTINCT FROM NEW."verification_status" AND NOT coalesce(CASE OLD."verification_status" WHEN 'pending' THEN NEW."verification_status" IN ('verified', 'rejected') WHEN 'verified' THEN NEW."verification_status" IN ('expired', 'revoked') WHEN 'rejected' THEN NEW."verification_status" IN ('pending') WHEN 'expired' THEN NEW."verification_status" IN ('pending', 'revoked') ELSE OLD."verification_status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:identities:verification_status:' || OLD."verification_status" || ':' || coalesce(NEW."verification_status", '')); END;

-- mainstay.identity_claims (assets)
-- Something that a provider states of an identity, such as its country (S3-B152).
CREATE TABLE "identity_claims" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The identity.
    "identity_id" BLOB /* uuid */ NOT NULL,
    -- The identity's member, whose key seals the claim.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- Who states it.
    "provider_id" BLOB /* uuid */,
    -- What it is about, such as `kyc` or `country`.
    "claim_type" TEXT NOT NULL,
    -- What it says.
    "claim_data" BLOB,
    -- When it was stated.
    "issued_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- It holds until then; none means for ever.
    "expires_at" INTEGER /* timestamptz */,
    -- When it was taken back.
    "revoked_at" INTEGER /* timestamptz */,
    CONSTRAINT "identity_claims_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "identity_claims_claim_type_check" CHECK (length("claim_type") <= 100),
    CONSTRAINT "identity_claims_expiry_check" CHECK (expires_at > issued_at),
    CONSTRAINT "identity_claims_id_check" CHECK (length("id") = 16),
    CONSTRAINT "identity_claims_identity_id_check" CHECK (length("identity_id") = 16),
    CONSTRAINT "identity_claims_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "identity_claims_provider_id_check" CHECK (length("provider_id") = 16),
    CONSTRAINT "identity_claims_revocation_check" CHECK (revoked_at >= issued_at),
    CONSTRAINT "identity_claims_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "identity_claims_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "identity_claims_provider_id_fkey" FOREIGN KEY ("organization_id", "provider_id") REFERENCES "verification_providers" ("organization_id", "id"),
    CONSTRAINT "identity_claims_identity_id_user_id_fkey" FOREIGN KEY ("organization_id", "identity_id", "user_id") REFERENCES "identities" ("organization_id", "id", "user_id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX "identity_claims_identity_id_claim_type_idx" ON "identity_claims" ("organization_id", "identity_id", "claim_type");
CREATE INDEX "identity_claims_claim_type_idx" ON "identity_claims" ("organization_id", "claim_type");
CREATE INDEX "identity_claims_expires_at_idx" ON "identity_claims" ("organization_id", "expires_at");
CREATE INDEX "identity_claims_provider_id_idx" ON "identity_claims" ("organization_id", "provider_id");
CREATE INDEX "identity_claims_identity_id_user_id_idx" ON "identity_claims" ("organization_id", "identity_id", "user_id");
CREATE TRIGGER "identity_claims_provider_id_fkey_set_null" AFTER DELETE ON "verification_providers" FOR EACH ROW BEGIN UPDATE "identity_claims" SET "provider_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "provider_id" = OLD."id"; END;

-- mainstay.verification_providers (assets)
-- One who verifies people, businesses or money (S3-B155).
CREATE TABLE "verification_providers" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The provider's name.
    "name" TEXT NOT NULL,
    -- What it verifies.
    "provider_type" TEXT NOT NULL,
    -- Address, keys and options of its interface; never read back.
    "api_config" BLOB,
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'active',
    -- How far it is trusted, 0 to 100.
    "trust_level" INTEGER NOT NULL DEFAULT 50,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "verification_providers_name_provider_type_key" UNIQUE ("organization_id", "name", "provider_type"),
    CONSTRAINT "verification_providers_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "verification_providers_id_check" CHECK (length("id") = 16),
    CONSTRAINT "verification_providers_name_check" CHECK (length("name") <= 255),
    CONSTRAINT "verification_providers_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "verification_providers_provider_type_check" CHECK ("provider_type" IN ('kyc', 'kyb', 'aml')),
    CONSTRAINT "verification_providers_status_check" CHECK ("status" IN ('active', 'suspended', 'retired')),
    CONSTRAINT "verification_providers_trust_level_check" CHECK ("trust_level" >= 0 AND "trust_level" <= 100),
    CONSTRAINT "verification_providers_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT, WITHOUT ROWID;
CREATE TRIGGER "verification_providers_status_life_cycle" BEFORE UPDATE OF "status" ON "verification_providers" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'active' THEN NEW."status" IN ('suspended', 'retired') WHEN 'suspended' THEN NEW."status" IN ('active', 'retired') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:verification_providers:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.compliance_rules (assets)
-- A rule of a jurisdiction; kept for ever (S3-B51).
CREATE TABLE "compliance_rules" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- What it looks at.
    "rule_type" TEXT NOT NULL,
    -- Where it holds: a country or union, such as `CH` or `EU`.
    "jurisdiction" TEXT NOT NULL,
    -- What it demands.
    "parameters" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Whether it holds at present.
    "active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "compliance_rules_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_rules_active_check" CHECK ("active" IN (0, 1)),
    CONSTRAINT "compliance_rules_id_check" CHECK (length("id") = 16),
    CONSTRAINT "compliance_rules_jurisdiction_check" CHECK (length("jurisdiction") <= 100),
    CONSTRAINT "compliance_rules_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "compliance_rules_rule_type_check" CHECK ("rule_type" IN ('country_allow_list', 'country_block_list', 'identity_allow_list', 'identity_block_list', 'address_block_list', 'identity_verification', 'investor_count', 'supply_limit', 'time_lock', 'transfer_approval')),
    CONSTRAINT "compliance_rules_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT;
CREATE INDEX "compliance_rules_rule_type_jurisdiction_idx" ON "compliance_rules" ("organization_id", "rule_type", "jurisdiction");
CREATE INDEX "compliance_rules_jurisdiction_idx" ON "compliance_rules" ("organization_id", "jurisdiction");

-- mainstay.compliance_modules (assets)
-- A contract that checks rules.
CREATE TABLE "compliance_modules" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- Its name.
    "module_name" TEXT NOT NULL,
    -- Its version.
    "version" TEXT NOT NULL,
    -- Address of the contract: `0x` and 40 lower-case hexadecimal digits.
    "contract_address" TEXT,
    -- The types of rule that it can check.
    "capabilities" TEXT /* text[] */ NOT NULL DEFAULT '[]',
    -- Where it stands.
    "status" TEXT NOT NULL DEFAULT 'active',
    -- When the record was created.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When the record was last changed.
    "updated_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CONSTRAINT "compliance_modules_module_name_version_key" UNIQUE ("organization_id", "module_name", "version"),
    CONSTRAINT "compliance_modules_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_modules_contract_address_check" CHECK (length("contract_address") <= 42),
    CONSTRAINT "compliance_modules_contract_address_form_check" CHECK (length(contract_address) = 42 and substr(contract_address, 1, 2) = '0x' and ltrim(substr(contract_address, 3), '0123456789abcdef') = ''),
    CONSTRAINT "compliance_modules_id_check" CHECK (length("id") = 16),
    CONSTRAINT "compliance_modules_module_name_check" CHECK (length("module_name") <= 255),
    CONSTRAINT "compliance_modules_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "compliance_modules_status_check" CHECK ("status" IN ('active', 'disabled', 'deprecated')),
    CONSTRAINT "compliance_modules_version_check" CHECK (length("version") <= 50),
    CONSTRAINT "compliance_modules_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
) STRICT, WITHOUT ROWID;
CREATE TRIGGER "compliance_modules_status_life_cycle" BEFORE UPDATE OF "status" ON "compliance_modules" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'active' THEN NEW."status" IN ('disabled', 'deprecated') WHEN 'disabled' THEN NEW."status" IN ('active', 'deprecated') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:compliance_modules:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.asset_compliance (assets)
-- A rule that an asset keeps; each rule once.
CREATE TABLE "asset_compliance" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The asset.
    "asset_id" BLOB /* uuid */ NOT NULL,
    -- The rule.
    "rule_id" BLOB /* uuid */ NOT NULL,
    -- The contract that checks it.
    "module_id" BLOB /* uuid */,
    -- What it demands of this asset, over what the rule says.
    "parameters" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Whether the asset keeps it at present.
    "active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- When it was set.
    "configured_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- Who set it.
    "configured_by" BLOB /* uuid */,
    CONSTRAINT "asset_compliance_asset_id_rule_id_key" UNIQUE ("organization_id", "asset_id", "rule_id"),
    CONSTRAINT "asset_compliance_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "asset_compliance_active_check" CHECK ("active" IN (0, 1)),
    CONSTRAINT "asset_compliance_asset_id_check" CHECK (length("asset_id") = 16),
    CONSTRAINT "asset_compliance_configured_by_check" CHECK (length("configured_by") = 16),
    CONSTRAINT "asset_compliance_id_check" CHECK (length("id") = 16),
    CONSTRAINT "asset_compliance_module_id_check" CHECK (length("module_id") = 16),
    CONSTRAINT "asset_compliance_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "asset_compliance_rule_id_check" CHECK (length("rule_id") = 16),
    CONSTRAINT "asset_compliance_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "asset_compliance_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "assets" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "asset_compliance_rule_id_fkey" FOREIGN KEY ("organization_id", "rule_id") REFERENCES "compliance_rules" ("organization_id", "id"),
    CONSTRAINT "asset_compliance_module_id_fkey" FOREIGN KEY ("organization_id", "module_id") REFERENCES "compliance_modules" ("organization_id", "id"),
    CONSTRAINT "asset_compliance_configured_by_fkey" FOREIGN KEY ("organization_id", "configured_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "asset_compliance_rule_id_idx" ON "asset_compliance" ("organization_id", "rule_id");
CREATE INDEX "asset_compliance_module_id_idx" ON "asset_compliance" ("organization_id", "module_id");
CREATE INDEX "asset_compliance_configured_by_idx" ON "asset_compliance" ("organization_id", "configured_by");
CREATE TRIGGER "asset_compliance_module_id_fkey_set_null" AFTER DELETE ON "compliance_modules" FOR EACH ROW BEGIN UPDATE "asset_compliance" SET "module_id" = NULL WHERE "organization_id" = OLD."organization_id" AND "module_id" = OLD."id"; END;
CREATE TRIGGER "asset_compliance_configured_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "asset_compliance" SET "configured_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "configured_by" = OLD."user_id"; END;

-- mainstay.compliance_violations (assets)
-- A rule that was broken, kept for ten years (S3-B56, S3-B153).
CREATE TABLE "compliance_violations" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The asset; it stays as long as the record does.
    "asset_id" BLOB /* uuid */ NOT NULL,
    -- The member who broke it, where known; the record outlasts the membership.
    "user_id" BLOB /* uuid */,
    -- Which kind of rule was broken, such as `country_block_list`.
    "violation_type" TEXT NOT NULL,
    -- What happened.
    "details" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- When it was noticed.
    "detected_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it was settled.
    "resolved_at" INTEGER /* timestamptz */,
    CONSTRAINT "compliance_violations_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "compliance_violations_asset_id_check" CHECK (length("asset_id") = 16),
    CONSTRAINT "compliance_violations_id_check" CHECK (length("id") = 16),
    CONSTRAINT "compliance_violations_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "compliance_violations_resolution_check" CHECK (resolved_at >= detected_at),
    CONSTRAINT "compliance_violations_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "compliance_violations_violation_type_check" CHECK (length("violation_type") <= 100),
    CONSTRAINT "compliance_violations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "compliance_violations_asset_id_fkey" FOREIGN KEY ("organization_id", "asset_id") REFERENCES "assets" ("organization_id", "id"),
    CONSTRAINT "compliance_violations_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "compliance_violations_asset_id_detected_at_idx" ON "compliance_violations" ("organization_id", "asset_id", "detected_at");
CREATE INDEX "compliance_violations_user_id_detected_at_idx" ON "compliance_violations" ("organization_id", "user_id", "detected_at");
CREATE INDEX "compliance_violations_detected_at_asset_id_user_id_idx" ON "compliance_violations" ("organization_id", "detected_at", "asset_id", "user_id");

-- mainstay.violation_resolutions (assets)
-- What was done about a violation, kept as long as it.
CREATE TABLE "violation_resolutions" (
    -- The identifier of the record.
    "id" BLOB /* uuid */ NOT NULL,
    -- The organisation that the record belongs to.
    "organization_id" BLOB /* uuid */ NOT NULL,
    -- The violation; the resolution goes with it.
    "violation_id" BLOB /* uuid */ NOT NULL,
    -- What was done.
    "resolution_type" TEXT NOT NULL,
    -- What shows it.
    "resolution_data" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Who did it.
    "resolved_by" BLOB /* uuid */,
    -- When it was done.
    "resolved_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- What is to be said of it.
    "notes" TEXT,
    CONSTRAINT "violation_resolutions_pkey" PRIMARY KEY ("organization_id", "id"),
    CONSTRAINT "violation_resolutions_id_check" CHECK (length("id") = 16),
    CONSTRAINT "violation_resolutions_notes_check" CHECK (length("notes") <= 65536),
    CONSTRAINT "violation_resolutions_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "violation_resolutions_resolution_type_check" CHECK ("resolution_type" IN ('corrected', 'reversed', 'waived', 'false_positive', 'reported')),
    CONSTRAINT "violation_resolutions_resolved_by_check" CHECK (length("resolved_by") = 16),
    CONSTRAINT "violation_resolutions_violation_id_check" CHECK (length("violation_id") = 16),
    CONSTRAINT "violation_resolutions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "violation_resolutions_violation_id_fkey" FOREIGN KEY ("organization_id", "violation_id") REFERENCES "compliance_violations" ("organization_id", "id") ON DELETE CASCADE,
    CONSTRAINT "violation_resolutions_resolved_by_fkey" FOREIGN KEY ("organization_id", "resolved_by") REFERENCES "organization_members" ("organization_id", "user_id")
) STRICT;
CREATE INDEX "violation_resolutions_violation_id_idx" ON "violation_resolutions" ("organization_id", "violation_id");
CREATE INDEX "violation_resolutions_resolved_by_idx" ON "violation_resolutions" ("organization_id", "resolved_by");
CREATE TRIGGER "violation_resolutions_resolved_by_fkey_set_null" AFTER DELETE ON "organization_members" FOR EACH ROW BEGIN UPDATE "violation_resolutions" SET "resolved_by" = NULL WHERE "organization_id" = OLD."organization_id" AND "resolved_by" = OLD."user_id"; END;

-- mainstay.metrics_hourly (analytics), a view
-- The points of each metric, hour by hour (S1-B57).
CREATE VIEW "metrics_hourly" AS SELECT "point"."organization_id" AS "organization_id", ("point"."time" - (("point"."time" % 3600000000) + 3600000000) % 3600000000) AS "hour", "point"."metric_name" AS "metric_name", "point"."service_id" AS "service_id", "point"."plugin_id" AS "plugin_id", "point"."environment" AS "environment", (ms_total("point"."value", 5) / count("point"."value")) AS "avg_value", max("point"."value") AS "max_value", min("point"."value") AS "min_value", count(*) AS "sample_count" FROM "metrics" AS "point" WHERE TRUE GROUP BY "point"."organization_id", ("point"."time" - (("point"."time" % 3600000000) + 3600000000) % 3600000000), "point"."metric_name", "point"."service_id", "point"."plugin_id", "point"."environment";

-- mainstay.service_health_summary (catalog), a view
-- How each service does: its team, what it depends on, and its last hour (S1-B65). It is computed when it is read, so it needs no refreshing.
CREATE VIEW "service_health_summary" AS SELECT "service"."id" AS "id", "service"."organization_id" AS "organization_id", "service"."name" AS "name", "service"."health_status" AS "health_status", "service"."lifecycle" AS "lifecycle", "service"."team_id" AS "team_id", "team"."name" AS "team_name", (SELECT count(DISTINCT "relationship"."target_id") FROM "service_relationships" AS "relationship" WHERE TRUE AND "relationship"."organization_id" = "service"."organization_id" AND "relationship"."source_id" = "service"."id") AS "dependency_count", (SELECT (ms_total("latency"."value", 5) / count("latency"."value")) FROM "metrics" AS "latency" WHERE TRUE AND "latency"."organization_id" = "service"."organization_id" AND "latency"."service_id" = "service"."id" AND "latency"."metric_name" = 'latency_p99' AND "latency"."time" > CAST((unixepoch('subsec') - 3600) * 1000000 AS INTEGER)) AS "avg_latency", (SELECT (ms_total("errors"."value", 5) / count("errors"."value")) FROM "metrics" AS "errors" WHERE TRUE AND "errors"."organization_id" = "service"."organization_id" AND "errors"."service_id" = "service"."id" AND "errors"."metric_name" = 'error_rate' AND "errors"."time" > CAST((unixepoch('subsec') - 3600) * 1000000 AS INTEGER)) AS "avg_error_rate" FROM "services" AS "service" LEFT JOIN "teams" AS "team" ON "team"."deleted_at" IS NULL AND "team"."organization_id" = "service"."organization_id" AND "team"."id" = "service"."team_id" WHERE "service"."deleted_at" IS NULL;
