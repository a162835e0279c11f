import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CompanyNetwork } from "../../support/company-network";
import { FakeGoogle } from "../../support/fake-google";
import { FakeSecretManager } from "../../support/fake-secret-manager";
import { describeWith } from "../../support/needs";
import { PlueFolder } from "../../support/plue";

describeWith("fake-gcs-server", "openssl")("behind a proxy that alone leads out", () => {
  let folder: PlueFolder;
  let google: FakeGoogle;
  let secrets: FakeSecretManager;
  let network: CompanyNetwork;

  beforeAll(async () => {
    folder = new PlueFolder();
    folder.fill();
    google = await FakeGoogle.start();
    secrets = await FakeSecretManager.start();
    secrets.declare("plue-staging/anthropic-api-key", 3);
    const apis = google.environment["GOOGLE_APIS_EMULATOR_HOST"] ?? "";
    const hosts = ["serviceusage", "cloudkms", "storage", "monitoring", "artifactregistry"].map((api) => [
      `${api}.googleapis.com`,
      apis,
    ]);
    network = await CompanyNetwork.start(folder.folder, {
      ...Object.fromEntries(hosts),
      "secretmanager.googleapis.com": secrets.host,
    });
    const credentials = { type: "authorized_user", client_id: "a", client_secret: "b", refresh_token: "c" };
    writeFileSync(join(folder.folder, "credentials.json"), JSON.stringify(credentials));
  });
  beforeEach(() => {
    network.asked.length = 0;
  });
  afterAll(async () => {
    folder.remove();
    await Promise.all([network.stop(), google.stop(), secrets.stop()]);
  });

  /** A process of its own, as Node reads certificates once. */
  const plue = (args: string[], environment: Record<string, string> = {}) =>
    folder.launch(args, {
      GOOGLE_APPLICATION_CREDENTIALS: join(folder.folder, "credentials.json"),
      ...network.environment,
      ...environment,
    });
  const hosts = () => [...new Set(network.asked)].sort();
  const host = (...names: string[]) => names.map((name) => `${name}.googleapis.com:443`);

  test("bootstrap makes everything, and status reads it", async () => {
    const { status, stderr } = await plue(["bootstrap", "production", "--yes"]);
    expect([status, stderr]).toEqual([0, expect.stringContaining("plue-prod is ready for Terraform.")]);
    expect(hosts()).toEqual(host("cloudkms", "oauth2", "serviceusage", "storage"));
    network.asked.length = 0;
    const states = await plue(["status", "--json"]);
    expect(states.status).toBe(0);
    expect(JSON.parse(states.stdout).environments).toEqual(
      expect.arrayContaining([expect.objectContaining({ stack: "production", condition: "empty" })]),
    );
    expect(hosts()).toEqual(host("oauth2", "storage"));
  });

  test("secrets are listed", async () => {
    const { stdout } = await plue(["secrets", "list", "staging", "--json"]);
    expect(JSON.parse(stdout)).toEqual(
      expect.arrayContaining([expect.objectContaining({ secret: "anthropic-api-key", enabled: [1] })]),
    );
    expect(hosts()).toEqual(host("oauth2", "secretmanager"));
  });

  test("an engineer's status asks who she is, and reads as her deployer", async () => {
    google.refuse = ({ path }) =>
      /\/b\/[^/]+\/o\?(?!.*prefix=\w)/.test(path) ? { code: 403, message: "may not list" } : undefined;
    const { stdout } = await plue(["status", "--json"]);
    google.refuse = () => undefined;
    expect(JSON.parse(stdout)).toMatchObject({ partial: true });
    expect(hosts()).toEqual(host("iamcredentials", "oauth2", "storage"));
  });

  test("doctor and a plan of an engineer's stack act as her deployer", async () => {
    await plue(["doctor", "staging-alice"]);
    expect(hosts()).toEqual(
      expect.arrayContaining(host("iamcredentials", "oauth2", "secretmanager", "storage")),
    );
    network.asked.length = 0;
    const { stdout } = await plue(["ci", "plan", "staging-alice"]);
    expect(stdout).toBe("outcome=new\n");
    expect(hosts()).toEqual(host("iamcredentials", "oauth2", "storage"));
  });

  test.each([[["secrets", "list", "staging"]], [["status"]]])(
    "%j does not go to it for what NO_PROXY names, and says that nobody answers there",
    async (args) => {
      const { status, stdout, stderr } = await plue(args, { NO_PROXY: ".googleapis.com" });
      expect(status).toBe(4);
      expect(stdout + stderr).toContain("Google Cloud cannot be reached");
      expect(stdout + stderr).toContain("(behind a proxy, HTTPS_PROXY and NODE_EXTRA_CA_CERTS)");
      expect(network.asked).toEqual([]);
    },
  );

  test.each([[["secrets", "list", "staging"]], [["status"]]])(
    "%j says so where it wants another log-in",
    async (args) => {
      const HTTPS_PROXY = (network.environment["HTTPS_PROXY"] ?? "").replace("secret", "another");
      const { status, stdout, stderr } = await plue(args, { HTTPS_PROXY });
      expect(status).toBe(4);
      expect(stdout + stderr).toContain("Google Cloud cannot be reached");
      expect(network.asked).not.toEqual([]);
    },
  );

  test("without the company's certificate its answer is refused", async () => {
    const { status, stderr } = await plue(["status"], { NODE_EXTRA_CA_CERTS: "" });
    expect(status).toBe(4);
    expect(stderr).toContain("NODE_EXTRA_CA_CERTS");
  });
});
