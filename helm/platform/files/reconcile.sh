#!/bin/sh
# Gives each database of the instance to the one login that it is for, and nobody else anything: see desired.sql.
# Says each statement that it runs, and fails when something is left that it could not do; the rest is done all the same.
# Environment: PGHOST, PGUSER and the like, RULES, ADMINISTRATORS, PASSWORD_URL (of the secret's version, in Secret Manager).
set -u
scripts=$(dirname "$0")

fail() {
  printf 'database grants: %s\n' "$1" >&2
  exit 1
}

# Exported after the call: no argument, no file, no Secret of Kubernetes holds it.
metadata=http://${GCE_METADATA_HOST:-metadata.google.internal}/computeMetadata/v1
token=$(wget -q -T 10 -O - --header 'Metadata-Flavor: Google' "$metadata/instance/service-accounts/default/token" |
  sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p')
[ -n "$token" ] || fail "the metadata server gives no token; is the service account bound to its Google one?"
PGPASSWORD=$(wget -q -T 10 -O - --header "Authorization: Bearer $token" "$PASSWORD_URL" |
  sed -n 's/.*"data" *: *"\([^"]*\)".*/\1/p' | base64 -d)
[ -n "$PGPASSWORD" ] || fail "cannot read the administrator's password at $PASSWORD_URL"
export PGPASSWORD
unset token

# Nothing that lies about in a database is found by name, no setting of its applies, and nothing waits long for a lock.
PGOPTIONS='-c search_path=pg_catalog,pg_temp -c role=none -c standard_conforming_strings=on'
PGOPTIONS="$PGOPTIONS -c default_transaction_read_only=off -c lock_timeout=10s -c statement_timeout=30s"
export PGOPTIONS

# What the server remarks goes to the log, and not among the answers: it may have a warning for every connection.
exec 3>&1
connect() { psql -X -q -A -t -v rules="$RULES" -v administrators="$ADMINISTRATORS" "$@" 2>&3; }

ask() {
  connect -v ON_ERROR_STOP=1 <<SQL
\i $scripts/desired.sql
EXECUTE desired('$1');
SQL
}

connect <<SQL || fail "cannot connect as $PGUSER; was the password changed elsewhere?"
\i $scripts/desired.sql
\set ECHO queries
EXECUTE desired('plan') \gexec
EXECUTE desired('ending') \gexec
SQL

due=$(ask handover) || fail "cannot see what is to be handed over, for the reason above"
for database in $due; do
  printf 'hands over %s\n' "$database"
  connect -v ON_ERROR_STOP=1 --single-transaction -d "$database" -v owner="${database}_owner" -f "$scripts/handover.sql"
done

left=$(ask undone) || fail "cannot see what is left to do, for the reason above"
[ -z "$left" ] || fail "not done, for the reason above: $left"
