-- How the instance should be, as views over how it is. psql variables, both JSON:
--   rules           which login has which database, by name: {"login": "staging-*@project.iam", "database": "plue_*"} gives
--                   staging-alice@project.iam the database plue_alice, and staging-a-b@project.iam the database plue_a_b
--   administrators  names of roles that may make roles and databases, besides the one that runs this

CREATE TEMP TABLE rule AS
SELECT login, database,
       '^' || replace(regexp_replace(login, '[^a-z0-9*@_-]', '\\\&', 'g'), '*', '([a-z][a-z0-9-]*)') || '$' AS logins,
       '^' || replace(database, '*', '[a-z][a-z0-9_]*') || '_owner$' AS owners
FROM jsonb_to_recordset(:'rules'::jsonb) AS each(login text, database text);

CREATE TEMP TABLE administrator AS
SELECT jsonb_array_elements_text(:'administrators'::jsonb) AS name UNION SELECT session_user;

-- A login and the database that is its by name, where both are there. Only logins of IAM, which Cloud SQL has in a group:
-- one with a password may bear any name.
CREATE TEMP VIEW claim AS
SELECT l.rolname AS login, d.datname AS database, d.datdba AS owned_by, d.datname || '_owner' AS owner
FROM rule
JOIN pg_roles l ON l.rolname ~ logins
JOIN pg_database d
  ON d.datname = replace(rule.database, '*', replace(coalesce(substring(l.rolname FROM logins), ''), '-', '_'))
WHERE l.rolcanlogin
  AND EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
              WHERE m.member = l.oid AND g.rolname = 'cloudsqliamserviceaccount');

-- Roles that own a database of a rule, or did, and who may act as one.
CREATE TEMP VIEW owner AS
SELECT DISTINCT r.oid, r.rolname AS owner, r.rolcanlogin, left(r.rolname, -length('_owner')) AS database
FROM rule JOIN pg_roles r ON r.rolname ~ owners;

CREATE TEMP VIEW membership AS
SELECT o.owner, r.rolname AS member, bool_or(m.admin_option) AS admin, bool_or(m.set_option) AS set,
       bool_or(m.inherit_option) AS inherit
FROM owner o JOIN pg_auth_members m ON m.roleid = o.oid JOIN pg_roles r ON r.oid = m.member
GROUP BY o.owner, r.rolname;

CREATE TEMP VIEW stranger AS
SELECT owner, member FROM membership
WHERE member <> session_user
  AND NOT EXISTS (SELECT FROM claim WHERE claim.owner = membership.owner AND login = member);

-- Who could make roles, databases or replicas and should not: Cloud SQL gives these rights to every user with a password.
-- No deployer can make one; who administers the project can. Cloud SQL's own users begin with cloudsql.
CREATE TEMP VIEW armed AS
SELECT rolname AS name, rolcanlogin, rolcreaterole, rolcreatedb, rolreplication,
       EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
               WHERE m.member = r.oid AND g.rolname = 'cloudsqlsuperuser') AS cloudsqlsuperuser
FROM pg_roles r
WHERE NOT rolsuper AND rolname !~ '^(cloudsql|pg_)' AND rolname NOT IN (SELECT name FROM administrator);

-- The statements that lead from how it is to how it should be, in order; none when it is so. No secret is in them.
CREATE TEMP VIEW plan AS
-- Nobody enters a database but its owner: a new one lets everybody in. The system's own too, where a session can hold up
-- every CREATE DATABASE.
SELECT 1 AS step,
       format(CASE WHEN o.oid IS NULL THEN 'REVOKE ALL ON DATABASE %2$I FROM PUBLIC'
              ELSE 'SET ROLE %1$I; REVOKE ALL ON DATABASE %2$I FROM PUBLIC; RESET ROLE' END, o.owner, datname) AS statement
FROM pg_database d LEFT JOIN owner o ON o.oid = datdba
WHERE datallowconn AND pg_has_role(datdba, 'MEMBER')
  AND EXISTS (SELECT FROM aclexplode(coalesce(datacl, acldefault('d', datdba))) WHERE grantee = 0)
UNION ALL
SELECT 2, format('REVOKE cloudsqlsuperuser FROM %I', name) FROM armed WHERE cloudsqlsuperuser
UNION ALL
SELECT 3, format('ALTER ROLE %I NOCREATEROLE NOCREATEDB', name) FROM armed WHERE rolcreaterole OR rolcreatedb
UNION ALL
-- By itself: only who has this right may take it.
SELECT 3, format('ALTER ROLE %I NOREPLICATION', name) FROM armed WHERE rolreplication
UNION ALL
SELECT 4, format('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %L', name)
FROM armed WHERE rolcanlogin AND (cloudsqlsuperuser OR rolcreaterole OR rolcreatedb OR rolreplication)
UNION ALL
-- A role for each database, to own it and all that is in it. The login is its member and owns nothing, so that it can be
-- dropped at any time. The administrator may become the owner, and has no right in the database without doing so.
SELECT 5, format('CREATE ROLE %I', owner) FROM claim
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = claim.owner)
UNION ALL
SELECT 6, format('REVOKE %I FROM %I CASCADE', owner, member) FROM stranger
UNION ALL
SELECT 7, format('GRANT %I TO %I WITH INHERIT FALSE, SET TRUE', owner, session_user) FROM claim
WHERE NOT EXISTS (SELECT FROM membership m WHERE m.owner = claim.owner AND member = session_user AND set)
UNION ALL
SELECT 8, format('GRANT %I TO %I WITH INHERIT TRUE, SET TRUE', owner, login) FROM claim
WHERE NOT EXISTS (SELECT FROM membership m WHERE m.owner = claim.owner AND member = login AND set AND inherit)
UNION ALL
-- Its database is gone; or it is a user that somebody made under that name.
SELECT 9, format('DROP ROLE %I', owner) FROM owner
WHERE rolcanlogin OR NOT EXISTS (SELECT FROM pg_database WHERE datname = owner.database);

-- Databases to hand over, to owners that nobody else can act as.
CREATE TEMP VIEW handover AS
SELECT claim.database FROM claim LEFT JOIN owner o USING (owner)
WHERE o.oid IS DISTINCT FROM owned_by AND o.rolcanlogin IS NOT TRUE
  AND NOT EXISTS (SELECT FROM stranger s WHERE s.owner = claim.owner);
