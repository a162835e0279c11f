import { checkRules } from "../../../../tools/policy/rules";
import { badStacks, programOf } from "../../../support/bad-stacks";

const examples = badStacks().get("secrets-stay-out-of-state") ?? {};

test.each([
  [
    "a password that is kept",
    "google_sql_user.user",
    /^password: a secret in an argument that is kept\. Write it /,
  ],
  [
    "the value of a secret, read",
    "data.google_secret_manager_secret_version",
    /^not known to be without secrets/,
  ],
  [
    "a password from a variable, which lands in the plan",
    "variable.db_password",
    /^its value lands in the plan/,
  ],
  ["an output that hands a password on", "output.url", /^value: looks like a secret/],
])("%s: says in which block, at which argument and why", (name, address, message) => {
  const [found] = checkRules(programOf(examples[name] as never)).filter((found) => found.address === address);
  expect(found?.message).toMatch(message);
});
