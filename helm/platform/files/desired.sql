-- How the instance should be, beside how it is, and the statements between the two: one query, prepared under the name
-- desired. EXECUTE desired('plan'), ('ending'), ('handover') or ('undone') says what is to be done. It defines nothing in the
-- database that it is asked in: Cloud SQL lets users with a password make event triggers, which would run as whoever does.
-- psql variables, both JSON:
--   rules           which login has which database, by name: {"login": "staging-*@project.iam", "database": "plue_*"} gives
--                   staging-alice@project.iam the database plue_alice, and staging-a-b@project.iam the database plue_a_b
--   administrators  names of roles that may make roles and databases, besides the one that runs this

PREPARE desired(text) AS
WITH rule AS (
  SELECT login, database,
         '^' || replace(regexp_replace(login, '[^a-z0-9*@_-]', '\\\&', 'g'), '*', '([a-z][a-z0-9-]*)') || '$' AS logins,
         '^' || replace(database, '*', '[a-z][a-z0-9_]*') || '_owner$' AS owners
  FROM jsonb_to_recordset(:'rules'::jsonb) AS each(login text, database text)
),

administrator AS (
  SELECT jsonb_array_elements_text(:'administrators'::jsonb) AS name UNION SELECT session_user
),

-- A login and the database that is its by name, where both are there. Only logins of IAM, which Cloud SQL has in a group:
-- one with a password may bear any name.
claim AS (
  SELECT l.rolname AS login, d.datname AS database, d.datdba AS owned_by, d.datname || '_owner' AS owner
  FROM rule
  JOIN pg_roles l ON l.rolname ~ logins
  JOIN pg_database d
    ON d.datname = replace(rule.database, '*', replace(coalesce(substring(l.rolname FROM logins), ''), '-', '_'))
  WHERE l.rolcanlogin
    AND EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
                WHERE m.member = l.oid AND g.rolname = 'cloudsqliamserviceaccount')
),

-- Roles that own a database of a rule, or did, and who may act as one.
owner AS (
  SELECT DISTINCT r.oid, r.rolname AS owner, r.rolcanlogin, left(r.rolname, -length('_owner')) AS database
  FROM rule JOIN pg_roles r ON r.rolname ~ owners
),

membership AS (
  SELECT o.owner, r.rolname AS member, bool_or(m.admin_option) AS admin, bool_or(m.set_option) AS set,
         bool_or(m.inherit_option) AS inherit
  FROM owner o JOIN pg_auth_members m ON m.roleid = o.oid JOIN pg_roles r ON r.oid = m.member
  GROUP BY o.owner, r.rolname
),

stranger AS (
  SELECT owner, member FROM membership
  WHERE member <> session_user
    AND NOT EXISTS (SELECT FROM claim WHERE claim.owner = membership.owner AND login = member)
),

-- Everybody who is neither the server's, nor Google's, nor an administrator. Cloud SQL's own users begin with cloudsql.
person AS (
  SELECT oid, rolname AS name, rolcanlogin, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles
  WHERE NOT rolsuper AND rolname !~ '^(cloudsql|pg_)' AND rolname NOT IN (SELECT name FROM administrator)
),

-- Rights over the whole instance that somebody has and should not, and what takes them: Cloud SQL makes every user with a
-- password an administrator, and PostgreSQL's own roles read, watch and end what is everybody's. No deployer can make such a
-- user; who administers the project can.
armed AS (
  SELECT name, person.rolcanlogin, 2 AS step, format('REVOKE %I FROM %I', g.rolname, name) AS statement
  FROM person JOIN pg_auth_members m ON m.member = person.oid JOIN pg_roles g ON g.oid = m.roleid
  WHERE g.rolname = 'cloudsqlsuperuser' OR g.rolname ~ '^pg_' OR g.rolname IN (SELECT administrator.name FROM administrator)
  UNION
  SELECT name, rolcanlogin, 3, format('ALTER ROLE %I NOCREATEROLE NOCREATEDB', name) FROM person WHERE rolcreaterole OR rolcreatedb
  UNION
  -- By itself: only who has this right may take it.
  SELECT name, rolcanlogin, 3, format('ALTER ROLE %I NOREPLICATION', name) FROM person WHERE rolreplication
),

-- Who may do what with a database as such, in rows, and how its owner says something of it.
granted AS (
  SELECT DISTINCT datname, datdba, grantee, grantor,
         CASE WHEN o.oid IS NULL THEN '%s' ELSE format('SET ROLE %I; %%s; RESET ROLE', o.owner) END AS acting
  FROM pg_database d LEFT JOIN owner o ON o.oid = datdba, aclexplode(coalesce(datacl, acldefault('d', datdba)))
  WHERE datallowconn AND pg_has_role(datdba, 'MEMBER')
),

-- The statements that lead from how it is to how it should be, in order; none when it is so. No secret is in them.
plan AS (
  -- Nobody enters a database but its owner: a new one lets everybody in. The system's own too, where a session can hold up
  -- every CREATE DATABASE.
  SELECT 1 AS step, format(acting, format('REVOKE ALL ON DATABASE %I FROM PUBLIC', datname)) AS statement
  FROM granted WHERE grantee = 0
  UNION ALL
  SELECT step, statement FROM armed
  UNION ALL
  -- What a session became it stays, whoever may become it now. So after each loss of a right, and not by what is seen.
  SELECT DISTINCT 4, format('SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = %L', name)
  FROM armed WHERE rolcanlogin
  UNION ALL
  -- Nor is anybody let in by name, by who owns it or did until it was handed over. What somebody granted on goes with his own
  -- grant, and so only while he has one: both statements are one transaction.
  SELECT DISTINCT 5, format(acting, format(
    'GRANT ALL ON DATABASE %1$I TO %2$I WITH GRANT OPTION; REVOKE ALL ON DATABASE %1$I FROM %2$I CASCADE', datname, name))
  FROM granted JOIN person ON person.oid IN (grantee, grantor) AND person.oid <> datdba
  UNION ALL
  -- A role for each database, to own it and all that is in it. The login is its member and owns nothing, so that it can be
  -- dropped at any time. The administrator may become the owner, and has no right in the database without doing so.
  SELECT 6, format('CREATE ROLE %I', owner) FROM claim
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = claim.owner)
  UNION ALL
  SELECT 7, format('REVOKE %I FROM %I CASCADE', owner, member) FROM stranger
  UNION ALL
  SELECT 8, format('SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = %L', member) FROM stranger
  UNION ALL
  SELECT 9, format('GRANT %I TO %I WITH INHERIT FALSE, SET TRUE', owner, session_user) FROM claim
  WHERE NOT EXISTS (SELECT FROM membership m WHERE m.owner = claim.owner AND member = session_user AND set)
  UNION ALL
  SELECT 10, format('GRANT %I TO %I WITH INHERIT TRUE, SET TRUE', owner, login) FROM claim
  WHERE NOT EXISTS (SELECT FROM membership m WHERE m.owner = claim.owner AND member = login AND set AND inherit)
  UNION ALL
  -- Its database is gone; or it is a user that somebody made under that name.
  SELECT 11, format('DROP ROLE %I', owner) FROM owner
  WHERE rolcanlogin OR NOT EXISTS (SELECT FROM pg_database WHERE datname = owner.database)
),

-- Sessions that nobody could begin any more, but for administrators and Google's users: a right that is taken ends none, and
-- while a database was open anybody may have come. A login that is gone may still act as what it had become.
ending AS (
  SELECT DISTINCT format('SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = %L AND ', datname)
    || CASE WHEN usename IS NULL THEN 'usesysid IS NOT NULL AND usename IS NULL' ELSE format('usename = %L', usename) END AS statement
  FROM pg_stat_activity LEFT JOIN person ON person.oid = usesysid
  WHERE datid <> 0 AND usesysid IS NOT NULL
    AND (usename IS NULL OR person.oid IS NOT NULL AND NOT (rolcanlogin AND has_database_privilege(usesysid, datid, 'CONNECT')))
),

-- Who owns something in a database that is to be another's. Large objects need no right but to connect; users with a
-- password may make event triggers and subscriptions; and what one put into template1 is in every database since. PostgreSQL
-- keeps owners for all databases in one place.
left_behind AS (
  SELECT DISTINCT claim.database, person.name
  FROM claim
  JOIN pg_database d ON d.datname = claim.database
  JOIN (SELECT dbid, refobjid AS owner FROM pg_shdepend
        WHERE refclassid = 'pg_authid'::regclass AND deptype = 'o'
        UNION ALL SELECT subdbid, subowner FROM pg_subscription) owned ON dbid = d.oid
  JOIN person ON person.oid = owned.owner
  WHERE person.name NOT IN (claim.login, claim.owner)
),

-- Databases to hand over, to owners that nobody else can act as.
due AS (
  SELECT claim.database FROM claim LEFT JOIN owner o USING (owner)
  WHERE o.oid IS DISTINCT FROM owned_by AND o.rolcanlogin IS NOT TRUE
    AND NOT EXISTS (SELECT FROM stranger s WHERE s.owner = claim.owner)
),

handover AS (
  SELECT database FROM due WHERE database NOT IN (SELECT database FROM left_behind)
),

-- What a run that did all it could left undone.
undone AS (
  SELECT step, statement FROM plan
  UNION ALL
  SELECT 12, statement FROM ending
  UNION ALL
  SELECT 13, 'hand over ' || database FROM handover
  UNION ALL
  SELECT 14, format('hand over %s, in which something belongs to %I: drop it and deploy again', database, name)
  FROM left_behind JOIN due USING (database)
)

SELECT statement
FROM (
  SELECT 'plan' AS part, step, statement FROM plan
  UNION ALL
  SELECT 'ending', 0, statement FROM ending
  UNION ALL
  SELECT 'handover', 0, database FROM handover
  UNION ALL
  SELECT 'undone', step, statement FROM undone
) parts
WHERE part = $1 ORDER BY step, statement;
