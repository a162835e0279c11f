import type { BadStacks } from "../../../support/bad-stacks";

const spoiled = (argument: string, value: unknown): BadStacks[string] => ({
  in: "production",
  build: (bad) => {
    bad.database();
    bad.override("sql/Resource", `settings.${argument}`, value);
  },
});

export default {
  "no backups": spoiled("backup_configuration.enabled", false),
  "no way back to the minute before": spoiled("backup_configuration.point_in_time_recovery_enabled", false),
  "backups of three days": spoiled("backup_configuration.backup_retention_settings.retained_backups", 3),
  "backups that go with the instance": spoiled("retain_backups_on_delete", false),
  "a database that is down with its zone": spoiled("availability_type", "ZONAL"),
} satisfies BadStacks;
