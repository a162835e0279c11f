-- Hands the database over to its owner, as the last thing done in it by anybody else. Variables: owner.
-- What is in a database may be a trap for an administrator; in this one nothing is anybody's but Cloud SQL's and hers.

-- PostgreSQL has schema public belong to whoever owns the database; where it does not, by name.
SELECT format('ALTER SCHEMA public OWNER TO %I', :'owner') FROM pg_namespace
WHERE nspname = 'public' AND nspowner NOT IN ('pg_database_owner'::regrole, :'owner'::regrole) \gexec
-- Settings are whoever's owned it until now. What the login makes belongs to the owner.
SELECT format('ALTER DATABASE %I RESET ALL', current_database()) \gexec
SELECT format('ALTER DATABASE %I SET role TO %L', current_database(), :'owner') \gexec
SELECT format('ALTER DATABASE %I OWNER TO %I', current_database(), :'owner') \gexec
