import { type Block, blocksOf } from "../../../lib/core/terraform-json";
import { API_SECRETS, API_SERVICE_ACCOUNT, PRODUCTION_NAMESPACE } from "../../../stacks/plue/names";
import { engineerNames } from "../../../stacks/plue/registry/engineer-names";
import { type RegistryEntry, synthesizeProgram } from "../../support/program";
import fc from "../../support/properties";
import { awkwardNames, entries, names } from "../../support/registries";

/** A grant on one secret, with what its references stand for. */
interface SecretGrant {
  readonly stack: string;
  readonly project: string;
  readonly secretId: string;
  readonly role: string;
  readonly member: string;
}

interface Program {
  readonly engineers: readonly RegistryEntry[];
  readonly blocks: readonly { readonly stack: string; readonly block: Block }[];
  readonly grants: readonly SecretGrant[];
}

/** Every block of every stack, and the grants on secrets among them. */
function program(engineers: readonly RegistryEntry[]): Program {
  const stacks = [...synthesizeProgram({ engineers })];
  const blocks = stacks.flatMap(([stack, { json }]) => blocksOf(json).map((block) => ({ stack, block })));
  const grants = blocks
    .filter(({ block }) => block.type === "google_secret_manager_secret_iam_member")
    .map(({ stack, block: { args } }) => ({
      stack,
      project: String(args["project"]),
      secretId: resolve(blocks, stack, String(args["secret_id"])),
      role: String(args["role"]),
      member: resolve(blocks, stack, String(args["member"])),
    }));
  return { engineers, blocks, grants };
}

/** `${google_service_account.x.member}` and `${google_secret_manager_secret.x.secret_id}` as what they come to. */
function resolve(blocks: Program["blocks"], stack: string, value: string): string {
  const [, address, attribute = ""] =
    /^\$\{([a-z_]+\.\w+)\.(member|email|name|secret_id)\}$/.exec(value) ?? [];
  const found = blocks.find((other) => other.stack === stack && other.block.address === address)?.block.args;
  if (!found) return value;
  const email = `${found["account_id"]}@${found["project"]}.iam.gserviceaccount.com`;
  return { member: `serviceAccount:${email}`, email, name: email }[attribute] ?? String(found[attribute]);
}

const family = ["bob", "bo", "bob-b", "alice"].map((name) => ({ name, email: `${name}@plue.dev` }));
const everybody = (check: (program: Program) => void) =>
  fc.assert(
    fc.property(entries(1, fc.oneof(names, awkwardNames), 4), fc.nat(), (engineers, _at) =>
      check(program(engineers)),
    ),
    { numRuns: 8, examples: [[family, 0]] },
  );

test("an engineer's pods read the API's secrets of staging, and no other secret of anybody's", () => {
  everybody(({ engineers, grants }) => {
    for (const { name } of engineers) {
      const { runtimeEmail } = engineerNames(name, "plue-staging");
      const hers = grants.filter(({ member }) => member === `serviceAccount:${runtimeEmail}`);
      expect(hers.sort((a, b) => a.secretId.localeCompare(b.secretId))).toEqual(
        Object.values(API_SECRETS)
          .toSorted()
          .map((secretId) => ({
            stack: "staging-access",
            project: "plue-staging",
            secretId,
            role: "roles/secretmanager.secretAccessor",
            member: `serviceAccount:${runtimeEmail}`,
          })),
      );
    }
  });
});

test("her identity is that of her namespace's API pods, and of no other pods", () => {
  everybody(({ engineers, blocks }) => {
    for (const { name } of engineers) {
      const { runtimeEmail, runtimeAccountId, namespace } = engineerNames(name, "plue-staging");
      const bindings = blocks.filter(
        ({ stack, block: { type, args } }) =>
          type === "google_service_account_iam_member" &&
          resolve(blocks, stack, String(args["service_account_id"])) === runtimeEmail,
      );
      expect(runtimeEmail.startsWith(`${runtimeAccountId}@`)).toBe(true);
      expect(bindings.map(({ block }) => [block.args["role"], block.args["member"]])).toEqual([
        [
          "roles/iam.workloadIdentityUser",
          `serviceAccount:plue-staging.svc.id.goog[${namespace}/${API_SERVICE_ACCOUNT}]`,
        ],
      ]);
    }
  });
});

test("production's secrets are granted to production's own identities, by the stack production", () => {
  everybody(({ grants }) => {
    const production = grants.filter(({ project }) => project !== "plue-staging");
    expect(production.length).toBeGreaterThan(0);
    for (const { stack, project, member } of production) {
      expect([stack, project]).toEqual(["production", "plue-prod"]);
      expect(member).toMatch(/^serviceAccount:[a-z-]+@plue-prod\.iam\.gserviceaccount\.com$/);
    }
    const pods = production.filter(({ member }) =>
      member.startsWith(`serviceAccount:plue-${PRODUCTION_NAMESPACE}@`),
    );
    expect(pods.map(({ secretId }) => secretId).sort()).toEqual(Object.values(API_SECRETS).toSorted());
  });
});

test("nobody becomes the administrator of a database instance by the API but who applies, and a project's owners", () => {
  everybody(({ blocks }) => {
    const holders = blocks.filter(
      ({ block: { type, args } }) =>
        /^google_project_iam_(member|binding)$/.test(type) &&
        /^roles\/(cloudsql\.(?!client$|instanceUser$|viewer$)|owner|editor)/.test(String(args["role"])),
    );
    const members = holders.map(({ stack, block }) => resolve(blocks, stack, String(block.args["member"])));
    expect([...new Set(members)].sort()).toEqual(
      ["plue-prod", "plue-staging"].map(
        (project) => `serviceAccount:terraform-apply@${project}.iam.gserviceaccount.com`,
      ),
    );
    for (const { block } of blocks.filter(({ block }) => block.type === "google_project_iam_custom_role"))
      expect(JSON.stringify(block.args["permissions"])).not.toMatch(
        /cloudsql\.(users\.(create|update|delete)|instances\.(import|executeSql|restoreBackup|update))/,
      );
  });
});

test("no deployer and no plan reads the value of a secret, and nobody reads those of a whole project", () => {
  everybody(({ blocks, grants }) => {
    for (const { member } of grants) expect(member).not.toMatch(/^serviceAccount:(tf-|terraform-plan)/);
    const wide = blocks.filter(
      ({ block: { type, args } }) =>
        /^google_project_iam_(member|binding)$/.test(type) &&
        /^roles\/(secretmanager\.(secretAccessor|admin)|owner|editor)$/.test(String(args["role"])),
    );
    const holders = wide.map(({ stack, block }) => resolve(blocks, stack, String(block.args["member"])));
    // Whoever deploys production may make, and so grant, any of its secrets.
    expect(holders.filter((member) => !member.startsWith("serviceAccount:terraform-apply@"))).toEqual([]);
    for (const { block } of blocks.filter(({ block }) => block.type === "google_project_iam_custom_role"))
      expect(block.args["permissions"]).not.toContain("secretmanager.versions.access");
  });
});
