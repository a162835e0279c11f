import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { SharedAccess, type SharedAccessProps } from "../../../lib/environments/shared-access";
import { type Synthesized, synthesize } from "../../support/synth";

const props: SharedAccessProps = {
  projectId: "p",
  deployerRole: "projects/p/roles/stagingDeployer",
  clusterUserRole: "projects/p/roles/stagingClusterUser",
  clusterUsers: ["carol@plue.dev", "alice@plue.dev", "carol@plue.dev"],
  sharedStacks: ["staging-base"],
};

function shared(overrides: Partial<SharedAccessProps> = {}): Synthesized {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    const { deployerRole, stateFolders } = new SharedAccess(stack, "shared", { ...props, ...overrides });
    stack.outputs({
      role: { value: deployerRole, description: "" },
      folders: { value: stateFolders, description: "" },
    });
  });
}

describe("SharedAccess", () => {
  const access = shared();

  test("binds each person once to the role that reaches the cluster, and makes no role", () => {
    expect(access.json["resource"]).toEqual({
      google_project_iam_binding: {
        shared_cluster_users: expect.objectContaining({
          project: "p",
          role: "projects/p/roles/stagingClusterUser",
          members: ["user:alice@plue.dev", "user:carol@plue.dev"],
        }),
      },
    });
  });

  test("without people there is nobody to bind", () => {
    expect(shared({ clusterUsers: [] }).resources("google_project_iam_binding")).toEqual({});
  });

  test("says the deployers' role, and the folder of each shared state, which it does not make", () => {
    expect(access.outputs["folders"]?.["value"]).toEqual({ "staging-base": "staging-base/" });
    expect(access.outputs["role"]?.["value"]).toBe("projects/p/roles/stagingDeployer");
  });
});
