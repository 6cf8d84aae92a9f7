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
    CONSTRAINT "organizations_primary_domain_key" UNIQUE ("primary_domain"),
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

-- mainstay.users (identity)
-- A person's account, one per person on the whole platform.
CREATE TABLE "users" (
    -- Identifier.
    "id" BLOB /* uuid */ NOT NULL,
    -- The address that names the account; lower case, unique over the platform.
    "email" TEXT NOT NULL,
    -- Another name to sign in with.
    "username" TEXT,
    -- Where the account stands.
    "status" TEXT NOT NULL DEFAULT 'active',
    -- Whether the account may be used at all.
    "is_active" INTEGER /* boolean */ NOT NULL DEFAULT 1,
    -- Administers the installation itself, not one organisation.
    "is_platform_admin" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- Whether the address is the person's own.
    "email_verified" INTEGER /* boolean */ NOT NULL DEFAULT 0,
    -- When that was shown.
    "email_verified_at" INTEGER /* timestamptz */,
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
    CONSTRAINT "users_username_key" UNIQUE ("username"),
    CONSTRAINT "users_email_key" UNIQUE ("email"),
    CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "users_email_check" CHECK (length("email") <= 320),
    CONSTRAINT "users_email_form_check" CHECK (email = lower(email)),
    CONSTRAINT "users_email_verified_check" CHECK ("email_verified" IN (0, 1)),
    CONSTRAINT "users_failed_login_attempts_check" CHECK ("failed_login_attempts" >= 0),
    CONSTRAINT "users_id_check" CHECK (length("id") = 16),
    CONSTRAINT "users_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "users_is_platform_admin_check" CHECK ("is_platform_admin" IN (0, 1)),
    CONSTRAINT "users_must_change_password_check" CHECK ("must_change_password" IN (0, 1)),
    CONSTRAINT "users_status_check" CHECK ("status" IN ('pending_verification', 'active', 'locked', 'suspended')),
    CONSTRAINT "users_username_check" CHECK (length("username") <= 100)
) STRICT;
CREATE INDEX "users_status_idx" ON "users" ("status");
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
) STRICT, WITHOUT ROWID;
CREATE INDEX "organization_members_status_idx" ON "organization_members" ("organization_id", "status");
CREATE INDEX "organization_members_user_id_idx" ON "organization_members" ("organization_id", "user_id");
CREATE INDEX "organization_members_user_id_idx1" ON "organization_members" ("user_id");
CREATE TRIGGER "organization_members_status_life_cycle" BEFORE UPDATE OF "status" ON "organization_members" FOR EACH ROW WHEN OLD."status" IS DISTINCT FROM NEW."status" AND NOT coalesce(CASE OLD."status" WHEN 'invited' THEN NEW."status" IN ('active', 'left') WHEN 'active' THEN NEW."status" IN ('suspended', 'left') WHEN 'suspended' THEN NEW."status" IN ('active', 'left') WHEN 'left' THEN NEW."status" IN ('invited', 'active') ELSE OLD."status" IS NULL END, FALSE) BEGIN SELECT RAISE(ABORT, 'mainstay:transition:organization_members:status:' || OLD."status" || ':' || coalesce(NEW."status", '')); END;

-- mainstay.user_accounts (identity)
-- One way to sign in: a password, or an account at another provider.
CREATE TABLE "user_accounts" (
    -- Identifies the row.
    "id" BLOB /* uuid */ NOT NULL,
    -- The person.
    "user_id" BLOB /* uuid */ NOT NULL,
    -- `password`, or the provider's name.
    "provider" TEXT NOT NULL,
    -- The person's identifier there.
    "provider_account_id" TEXT,
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
    CONSTRAINT "user_accounts_id_check" CHECK (length("id") = 16),
    CONSTRAINT "user_accounts_password_hash_check" CHECK (length("password_hash") <= 255),
    CONSTRAINT "user_accounts_provider_account_id_check" CHECK (length("provider_account_id") <= 255),
    CONSTRAINT "user_accounts_provider_check" CHECK (length("provider") <= 50),
    CONSTRAINT "user_accounts_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "user_accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
) STRICT;

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
    -- The organisation that it belongs to.
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
    CONSTRAINT "roles_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id")
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
    -- Where the person signed in from.
    "ip_address" TEXT /* inet */,
    -- The client's program.
    "user_agent" TEXT,
    -- The device, as the client names it.
    "device_id" TEXT,
    -- What the person calls the device.
    "device_name" TEXT,
    -- What kind of device.
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
    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "sessions_device_id_check" CHECK (length("device_id") <= 255),
    CONSTRAINT "sessions_device_name_check" CHECK (length("device_name") <= 255),
    CONSTRAINT "sessions_device_type_check" CHECK (length("device_type") <= 50),
    CONSTRAINT "sessions_id_check" CHECK (length("id") = 16),
    CONSTRAINT "sessions_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "sessions_location_check" CHECK (length("location") <= 255),
    CONSTRAINT "sessions_organization_id_check" CHECK (length("organization_id") = 16),
    CONSTRAINT "sessions_revoked_reason_check" CHECK (length("revoked_reason") <= 255),
    CONSTRAINT "sessions_user_agent_check" CHECK (length("user_agent") <= 1000),
    CONSTRAINT "sessions_user_id_check" CHECK (length("user_id") = 16),
    CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "sessions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE SET NULL
) STRICT;
CREATE INDEX "sessions_user_id_is_active_idx" ON "sessions" ("user_id", "is_active");
CREATE INDEX "sessions_expires_at_idx" ON "sessions" ("expires_at");
CREATE INDEX "sessions_organization_id_idx" ON "sessions" ("organization_id");

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
    -- Most requests an hour; none means no limit.
    "rate_limit_per_hour" INTEGER,
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
    CONSTRAINT "api_keys_is_active_check" CHECK ("is_active" IN (0, 1)),
    CONSTRAINT "api_keys_key_prefix_check" CHECK (length("key_prefix") <= 40),
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
    -- The wrapped key.
    "wrapped" BLOB NOT NULL,
    -- When it was made.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
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
    -- What happened, in words; no personal data.
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
    -- How confidential the event is.
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
    "event_version" TEXT NOT NULL DEFAULT '1',
    -- How long the work took, in milliseconds.
    "processing_latency_ms" INTEGER,
    -- Further facts; no personal data.
    "details" TEXT /* jsonb */ NOT NULL DEFAULT '{}',
    -- Whatever the sender keeps beside it.
    "metadata" TEXT /* jsonb */,
    -- Personal data, sealed with the subject's key.
    "personal" BLOB,
    -- When it happened.
    "occurred_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    -- When it was recorded.
    "created_at" INTEGER /* timestamptz */ NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
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
    CONSTRAINT "audit_events_processing_latency_ms_check" CHECK ("processing_latency_ms" >= 0),
    CONSTRAINT "audit_events_request_id_check" CHECK (length("request_id") <= 255),
    CONSTRAINT "audit_events_resource_id_check" CHECK (length("resource_id") <= 255),
    CONSTRAINT "audit_events_resource_name_check" CHECK (length("resource_name") <= 255),
    CONSTRAINT "audit_events_resource_type_check" CHECK (length("resource_type") <= 255),
    CONSTRAINT "audit_events_retention_policy_check" CHECK (length("retention_policy") <= 100),
    CONSTRAINT "audit_events_session_id_check" CHECK (length("session_id") <= 255),
    CONSTRAINT "audit_events_status_check" CHECK ("status" IN ('success', 'failure', 'error')),
    CONSTRAINT "audit_events_user_agent_check" CHECK (length("user_agent") <= 1000)
) STRICT;
CREATE UNIQUE INDEX "audit_events_idempotency_key_key" ON "audit_events" ("organization_id", "idempotency_key") WHERE idempotency_key is not null;
CREATE INDEX "audit_events_occurred_at_idx" ON "audit_events" ("organization_id", "occurred_at");
CREATE INDEX "audit_events_actor_id_occurred_at_idx" ON "audit_events" ("organization_id", "actor_id", "occurred_at");
CREATE INDEX "audit_events_action_occurred_at_idx" ON "audit_events" ("organization_id", "action", "occurred_at");
CREATE INDEX "audit_events_resource_type_resource_id_idx" ON "audit_events" ("organization_id", "resource_type", "resource_id");
CREATE INDEX "audit_events_correlation_id_idx" ON "audit_events" ("organization_id", "correlation_id") WHERE correlation_id is not null;
CREATE TRIGGER "audit_events_append_only_update" BEFORE UPDATE ON "audit_events" FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:audit_events'); END;
CREATE TRIGGER "audit_events_append_only_delete" BEFORE DELETE ON "audit_events" FOR EACH ROW WHEN NOT ms_write_guard() BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:audit_events'); END;
CREATE INDEX "audit_events_append_only_guard" ON "audit_events" ("organization_id") WHERE NOT ms_governed();

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
