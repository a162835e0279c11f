import { actingIdentity } from "../../../lib/environments/acting-identity";
import { synthesize } from "../../support/synth";
import { inFolder, terraform, testWithTerraform } from "../../support/terraform";

const identities = {
  deployer: "tf-staging-alice@p.iam.gserviceaccount.com",
  planner: "plan@p.iam.gserviceaccount.com",
};

const { json } = synthesize((stack) => {
  stack.output("whom", { value: actingIdentity(stack, identities) });
});

/** What Terraform says when the stack is to act as somebody. */
function plan(...options: string[]) {
  const { variable, output } = json;
  return inFolder({ "main.tf.json": JSON.stringify({ variable, output }) }, (folder) =>
    terraform(folder, "plan", "-input=false", ...options),
  );
}

test("a stack acts as its deployer unless something else is said", () => {
  expect(json["variable"].acting_as).toMatchObject({ default: identities.deployer, nullable: false });
});

testWithTerraform("a stack acts as its deployer, and to plan as who may only read", () => {
  expect(plan().stdout).toContain(`+ whom = "${identities.deployer}"`);
  expect(plan(`-var=acting_as=${identities.planner}`).stdout).toContain(`+ whom = "${identities.planner}"`);
});

testWithTerraform.each([
  "terraform-apply@p.iam.gserviceaccount.com",
  "tf-staging-bob@p.iam.gserviceaccount.com",
  "",
  "null",
])("a stack that is to act as %j is refused with one sentence", (account) => {
  const { status, stderr } = plan(`-var=acting_as=${account}`);
  expect(status).toBe(1);
  expect(stderr.replace(/[\s│]+/g, " ")).toContain(
    "This stack is deployed and destroyed by tf-staging-alice@p.iam.gserviceaccount.com and planned by plan@p.iam.gserviceaccount.com, and acts as nobody else",
  );
});
