/** What the README says of an environment. */
export interface EjectedEnvironment {
  readonly name: string;
  /** Names of the modules that it uses. */
  readonly modules: readonly string[];
  /** How many resources its moved blocks name. */
  readonly moves: number;
}

/** The README of an ejected repository. */
export function readme(environments: readonly EjectedEnvironment[]): string {
  const rows = environments.map(
    ({ name, modules, moves }) =>
      `| [${name}](environments/${name}) | ${modules.map((module) => `[${module}](modules/${module})`).join(", ") || "none"} | ${moves} |`,
  );
  const example = environments.find(({ moves }) => moves > 0) ?? environments[0];
  return `# Infrastructure

Terraform for what a CDK for Terraform program deployed until now. Each environment has the backend, and so the state, that
the stack of its name had. Nothing has to be imported, and nothing is destroyed or created.

| where | what |
|---|---|
| \`environments/<name>/\` | a root module: \`main.tf\`, \`variables.tf\`, \`terraform.tfvars\`, \`backend.tf\`, \`providers.tf\`, \`versions.tf\`, \`outputs.tf\` |
| \`modules/<name>/\` | what environments share, with a README each |
| \`charts/<name>/\`, \`functions/<name>.zip\` | Helm charts, and sources of functions where there are any: environments refer to them by a relative path |

| environment | modules | resources moved into them |
|---|---|---|
${rows.join("\n")}

## The first time

Terraform 1.11 or later, and the credentials that \`cdktf deploy\` had. In each environment, in the order of the table: those
further up are read by those further down.

\`\`\`sh
cd environments/${example?.name}
terraform init
terraform plan    # lines "has moved to", and: 0 to add, 0 to change, 0 to destroy
terraform apply   # writes the new addresses into the state
\`\`\`

Any other number in that plan is a difference between what is deployed and the program that this was made from: look at it
before you apply. Commit \`.terraform.lock.hcl\`, which \`init\` writes. From here on the program must not be deployed any more.

## moved.tf

It says which address in the old state is which address now. Terraform needs it once for each state; after the apply it does
nothing. Delete \`environments/<name>/moved.tf\` as soon as that environment has been applied.

## From then on

- What belongs to the installation (project, region, accounts) is in \`terraform.tfvars\`; sizes and names are arguments in
  \`main.tf\`.
- The state's bucket stands in \`backend.tf\`, which takes no variables.
- A module's \`depends_on\` covers all that is in it. Where a plan changes what the call depends on, data sources inside the
  module are read during the apply, and the plan says "known after apply" for what comes of them.
- Terraform does not see into charts: change \`hash\` or \`chartHash\` of a release along with its chart, or no plan shows it.
- Modules guard what holds data with \`prevent_destroy\`, which takes no variable: their READMEs say how to destroy it.
- A new environment is a copy of a folder: change the prefix in \`backend.tf\`, the names in \`main.tf\` and remove \`moved.tf\`.
- \`.plue-files.json\` lets the program that wrote this folder recognize its files. Delete it.
`;
}
